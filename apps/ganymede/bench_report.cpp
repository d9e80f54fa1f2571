#include "bench_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "shared.hpp"
#include "version.hpp"

namespace ganymede::app {
namespace {

constexpr std::size_t kLongestPasses = 12;

const std::map<std::string, std::string> kPeakNames = {
    {"f32", "f32"}, {"dot", "bf16 dot product"}, {"tiles", "bf16 tiles"}};

// "1435 (1420 .. 1440)": median and quartiles.
std::string with_quartiles(const bench::Spread& s, int digits) {
  return fmt::format("{:.{}f} ({:.{}f} .. {:.{}f})", s.median, digits, s.lower_quartile, digits, s.upper_quartile,
                     digits);
}

std::string peaks_table(const BenchReport& report) {
  TextTable table("lr");
  table.add({"peak of all threads", "Gflop/s"});
  table.add_rule();
  for (const auto& [kind, name] : kPeakNames) {
    const bench::Spread& peak = report.peaks.at(kind);
    table.add({name, peak.count == 0 ? "none" : with_quartiles(peak.times(1e-9), 1)});
  }
  return table.str();
}

std::string training_table(const BenchReport& report) {
  TextTable table("lrrrrl");
  table.add({"training step", "images/s", "direct limit", "reached", "memory", "plan"});
  table.add_rule();
  for (const auto& [precision, b] : report.by_precision) {
    if (!b.measured()) {
      table.add({precision, "-", "-", "-", "-", b.missing});
      continue;
    }
    const double limit = b.direct_limit();
    table.add({precision, with_quartiles(b.training.images_per_second, 0),
               limit > 0 ? fmt::format("{:.0f}", limit) : "-",
               limit > 0 ? fmt::format("{:.0f} %", 100 * b.training.images_per_second.median / limit) : "-",
               human_bytes(static_cast<double>(b.training.peak_memory_bytes)), b.training.plan});
  }
  return table.str();
}

std::string inference_table(const BenchReport& report) {
  TextTable table("lrr");
  table.add({"pictures", "one, ms", "10,000, s"});
  table.add_rule();
  for (const auto& [precision, b] : report.by_precision) {
    if (!b.measured()) continue;
    table.add({precision, with_quartiles(b.inference.one_image.times(1e3), 3), with_quartiles(b.inference.many, 2)});
  }
  return table.str();
}

std::string passes_table(const std::string& precision, const bench::Training& training, bool all) {
  const std::size_t shown = all ? training.passes.size() : std::min(kLongestPasses, training.passes.size());
  TextTable table("lllrrrl");
  table.add({precision, "node", "pass", "ms", "share", "Gflop/s", "kernel"});
  table.add_rule();
  const auto row = [&](const bench::PassShare& p) {
    table.add({p.pass.network, p.pass.node, p.pass.pass, fmt::format("{:.2f}", 1e3 * p.seconds),
               fmt::format("{:.1f} %", 100 * p.share),
               p.flops_per_second > 0 ? fmt::format("{:.0f}", p.flops_per_second / 1e9) : "-", p.pass.kernel});
  };
  bench::PassShare rest{.seconds = training.outside_passes, .share = 1};
  for (std::size_t i = 0; i < training.passes.size(); ++i) {
    if (i < shown) {
      row(training.passes[i]);
      rest.share -= training.passes[i].share;
    } else {
      rest.seconds += training.passes[i].seconds;
    }
  }
  const std::size_t others = training.passes.size() - shown;
  rest.pass.node = others > 0 ? fmt::format("{} other passes", others) : "outside the passes";
  rest.pass.kernel = others > 0 ? "shown by --passes" : "";
  row(rest);
  return table.str();
}

void put(nlohmann::json& object, const std::string& name, const bench::Spread& s) {
  object[name] = s.median;
  object[name + "_spread"] = {{"least", s.least},
                              {"lower_quartile", s.lower_quartile},
                              {"upper_quartile", s.upper_quartile},
                              {"most", s.most},
                              {"count", s.count}};
}

nlohmann::json precision_json(const PrecisionBench& b) {
  const bench::Training& t = b.training;
  nlohmann::json passes = nlohmann::json::array();
  for (const bench::PassShare& p : t.passes) {
    passes.push_back({{"network", p.pass.network},
                      {"node", p.pass.node},
                      {"pass", p.pass.pass},
                      {"kernel", p.pass.kernel},
                      {"ms", 1e3 * p.seconds},
                      {"share", p.share},
                      {"gflops", p.flops_per_second / 1e9}});
  }
  nlohmann::json result = {{"plan", t.plan},
                           {"mflop_per_image", t.flops_per_image / 1e6},
                           {"peak_gflops", b.peak / 1e9},
                           {"direct_limit_images_per_second", b.direct_limit()},
                           {"buffer_bytes", t.buffer_bytes},
                           {"peak_memory_bytes", t.peak_memory_bytes},
                           {"passes", passes},
                           {"outside_passes_ms", 1e3 * t.outside_passes}};
  if (b.direct_limit() > 0) result["percent_of_limit"] = 100 * t.images_per_second.median / b.direct_limit();
  put(result, "images_per_second", t.images_per_second);
  put(result, "step_ms", t.step_seconds.times(1e3));
  return result;
}

}  // namespace

double PrecisionBench::direct_limit() const {
  return training.flops_per_image > 0 ? peak / training.flops_per_image : 0;
}

std::string as_text(const BenchReport& report, bool all_passes) {
  std::string text =
      fmt::format("{}, {}, {} thread{}; recipe {}, batch {}\nmedians, quartiles in brackets\n\n", report.cpu,
                  report.level, report.threads, report.threads == 1 ? "" : "s", report.recipe, report.batch);
  text += peaks_table(report) + "\n" + training_table(report) + "\n" + inference_table(report);
  text += fmt::format("\nstart of the program: {} ms\n", with_quartiles(report.start.times(1e3), 1));
  for (const auto& [precision, b] : report.by_precision) {
    if (b.measured()) text += "\n" + passes_table(precision, b.training, all_passes);
  }
  return text;
}

nlohmann::json as_json(const BenchReport& report) {
  nlohmann::json result = {
      {"schema", "ganymede.bench/1"}, {"version", version()},      {"commit", commit()},      {"cpu", report.cpu},
      {"level", report.level},        {"threads", report.threads}, {"recipe", report.recipe}, {"batch", report.batch}};
  for (const auto& [kind, peak] : report.peaks) {
    if (peak.count > 0) put(result["peak"], kind + "_gflops", peak.times(1e-9));
  }
  put(result, "start_ms", report.start.times(1e3));
  for (const auto& [precision, b] : report.by_precision) {
    nlohmann::json& infer = result["infer"];
    if (!b.measured()) {
      result["train"][precision] = infer[precision] = {{"not_available", b.missing}};
      continue;
    }
    result["train"][precision] = precision_json(b);
    put(infer[precision], "one_image_ms", b.inference.one_image.times(1e3));
    put(infer[precision], "ten_thousand_s", b.inference.many);
    // The best that there is, whatever the precision.
    for (const char* name : {"one_image_ms", "ten_thousand_s"}) {
      const double value = infer[precision][name];
      if (!infer.contains(name) || value < infer[name].get<double>()) infer[name] = value;
    }
  }
  return result;
}

}  // namespace ganymede::app
