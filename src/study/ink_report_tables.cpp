#include "study/ink_report_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/text.hpp"
#include "measure/p_values.hpp"
#include "measure/resample.hpp"
#include "study/finding.hpp"

namespace ganymede::study {
namespace {

// Table 2 of the study, as printed.
constexpr double kPublishedMsd[] = {0.016761, 0.038333};    // without, with partition
constexpr double kPublishedNrmsd[] = {0.067375, 0.105576};  // without, with partition

using What = std::function<double(const InkMeasures&)>;

std::string with_interval(const std::vector<double>& values) {
  if (values.size() < 2) return mean_and_spread(values, "{:.5f}");
  const measure::Interval i = measure::mean_interval(values);
  return fmt::format("{:.5f} [{:.5f}, {:.5f}]", measure::mean_of(values), std::max(i.low, 0.0), i.high);
}

std::int64_t failed(const InkArmResult& arm) {
  return std::count_if(arm.runs.begin(), arm.runs.end(), [](const InkRunResult& r) { return r.failed; });
}

std::string steps_text(const InkArmResult& arm) {
  std::string text;
  for (const InkRunResult& run : arm.runs) {
    const std::string one = run.failed                             ? "failed"
                            : run.measures.steps_until_quality < 0 ? "not reached"
                                                                   : with_thousands(run.measures.steps_until_quality);
    text += (text.empty() ? "" : ", ") + one;
  }
  return text;
}

std::string interval_text(const measure::Interval& i) {
  return fmt::format(" [{:.5f}, {:.5f}]", i.low, i.high);
}

double mean_of_numbers(const std::vector<double>& values) {
  double sum = 0, count = 0;
  for (const double v : values) {
    if (!std::isnan(v)) sum += v, ++count;
  }
  return count > 0 ? sum / count : std::nan("");
}

// "0.031", "< 1e-300": for a column that is called p.
std::string p_alone(double p) {
  const std::string text = measure::p_text(p);
  return text.starts_with("p = ") ? text.substr(4) : text.substr(text.find_first_not_of("p "));
}

}  // namespace

page::Table diversity_table(const InkResults& results) {
  page::Table t{
      .head = {"sampler", "MSD", "NRMSD (range)", "MSD, two draws", "NRMSD / deviation", "NRMSD / quartile range"},
      .rows = {},
      .caption =
          "Mean over classes of all pairs of one class, then over seeds, with the 95 % interval over seeds (Student, "
          "cut at 0); "
          "of the real symbols over pairs. NRMSD divides the root of each pair's MSD by the range of the real vectors' "
          "values; the published pairs imply divisors of 1.92 and 1.85. Two draws: pairs of one symbol of each draw." +
          results.failed_text()};
  const auto published = [&](const char* name, int i) {
    t.rows.push_back(
        {name, fmt::format("{:.6f}", kPublishedMsd[i]), fmt::format("{:.6f}", kPublishedNrmsd[i]), "", "", ""});
  };
  published("published: without partition", 0);
  published("published: with partition", 1);
  const measure::PairDifference& real = results.real_pairs.average;
  t.rows.push_back({"real symbols", fmt::format("{:.5f}", real.msd) + interval_text(real.msd_interval),
                    fmt::format("{:.5f}", real.nrmsd) + interval_text(real.nrmsd_interval), "", "", ""});
  for (const InkArmResult& arm : results.arms) {
    t.rows.push_back({arm.title, with_interval(arm.values([](auto& m) { return m.msd.mean; })),
                      with_interval(arm.values([](auto& m) { return m.nrmsd.mean; })),
                      mean_and_spread(arm.values([](auto& m) { return m.msd_between; }), "{:.5f}"),
                      mean_and_spread(arm.values([](auto& m) { return m.nrmsd_deviation; })),
                      mean_and_spread(arm.values([](auto& m) { return m.nrmsd_quartiles; }))});
  }
  return t;
}

page::Table diversity_by_run_table(const InkResults& results) {
  page::Table t{.head = {"run", "MSD", "NRMSD (range)", "recognised"},
                .rows = {},
                .caption = "Each run with the 95 % interval over its pairs (symbols of the draw resampled)." +
                           results.failed_text()};
  for (const InkArmResult& arm : results.arms) {
    for (const InkRunResult& one : arm.runs) {
      if (one.failed) continue;
      const InkMeasures& m = one.measures;
      t.rows.push_back({one.run, fmt::format("{:.5f}", m.msd.mean) + interval_text(m.msd_interval),
                        fmt::format("{:.5f}", m.nrmsd.mean) + interval_text(m.nrmsd_interval),
                        fmt::format("{:.1f} %", 100 * m.accuracy.mean)});
    }
  }
  return t;
}

page::Table realism_table(const InkResults& results) {
  page::Table t{
      .head = {"sampler", "recognised", "classes learnt", "classes collapsed", "Fréchet distance", "told from real",
               "class distance"},
      .rows = {},
      .caption =
          fmt::format("Recognised: share of generated symbols that a classifier of real ones takes for their class; it "
                      "reads {:.1f} % of {} symbols of {}. Learnt: at least half of the class recognised. Collapsed: "
                      "MSD below a quarter of the real one. Fréchet distance: of the classifier's features, as many "
                      "symbols of each class on both sides. Told from real: accuracy of a classifier two-sample test "
                      "(300 steps, judged on symbols that it never saw; chance 50 %). Class distance: energy distance "
                      "of the moves to real symbols of the class, mean over classes; {:.3f} between real ones of two "
                      "groups of writers. Mean ± standard deviation over seeds.",
                      100 * results.classifier_accuracy, with_thousands(results.held_out),
                      results.one_split ? "the one split that there is" : "writers that it never saw",
                      mean_of_numbers(results.real_distances)) +
          results.failed_text()};
  for (const InkArmResult& arm : results.arms) {
    const auto cell = [&](const What& what, const char* form) { return mean_and_spread(arm.values(what), form); };
    const auto percent = [&](const What& what) {
      const std::string text = cell([&](auto& m) { return 100 * what(m); }, "{:.1f}");
      return text == "-" ? text : text + " %";
    };
    t.rows.push_back({arm.title, percent([](auto& m) { return m.accuracy.mean; }),
                      cell([](auto& m) { return static_cast<double>(m.learnt); }, "{:.1f}"),
                      cell([](auto& m) { return static_cast<double>(m.collapsed); }, "{:.1f}"),
                      cell([](auto& m) { return m.frechet; }, "{:.2f}"),
                      percent([](auto& m) { return m.two_sample.accuracy; }),
                      cell([](auto& m) { return m.distance.mean; }, "{:.3f}")});
  }
  return t;
}

page::Table two_sample_table(const InkResults& results) {
  page::Table t{.head = {"run", "told from real", "p"},
                .rows = {},
                .caption =
                    "Classifier two-sample test of each run, 95 % interval (exact); p of chance, one-sided, of the "
                    "symbols of this run: what it says does not extend to other seeds, so it is no verdict." +
                    results.failed_text()};
  for (const InkArmResult& arm : results.arms) {
    for (const InkRunResult& one : arm.runs) {
      if (one.failed) continue;
      const measure::TwoSampleTest& test = one.measures.two_sample;
      t.rows.push_back({one.run,
                        fmt::format("{:.1f} % [{:.1f}, {:.1f}] of {}", 100 * test.accuracy, 100 * test.interval.low,
                                    100 * test.interval.high, with_thousands(test.count)),
                        p_alone(test.p_value)});
    }
  }
  return t;
}

page::Table plain_table(const InkResults& results) {
  page::Table t{.head = {"sampler", "recognised", "classes learnt", "classes collapsed", "MSD", "NRMSD (range)",
                         "Fréchet distance"},
                .rows = {},
                .caption = "Moving average of G's weights / the weights as training left them; means over seeds." +
                           results.failed_text()};
  for (const InkArmResult& arm : results.arms) {
    const auto both = [&](const What& averaged, const What& plain, const char* form) {
      const auto mean = [&](const What& what) {
        const auto values = arm.values(what);
        return values.empty() ? "-" : fmt::format(fmt::runtime(form), measure::mean_of(values));
      };
      return mean(averaged) + " / " + mean(plain);
    };
    t.rows.push_back({arm.title,
                      both([](auto& m) { return 100 * m.accuracy.mean; },
                           [](auto& m) { return 100 * m.plain_accuracy; }, "{:.1f} %"),
                      both([](auto& m) { return static_cast<double>(m.learnt); },
                           [](auto& m) { return static_cast<double>(m.plain_learnt); }, "{:.1f}"),
                      both([](auto& m) { return static_cast<double>(m.collapsed); },
                           [](auto& m) { return static_cast<double>(m.plain_collapsed); }, "{:.1f}"),
                      both([](auto& m) { return m.msd.mean; }, [](auto& m) { return m.plain_msd; }, "{:.5f}"),
                      both([](auto& m) { return m.nrmsd.mean; }, [](auto& m) { return m.plain_nrmsd; }, "{:.5f}"),
                      both([](auto& m) { return m.frechet; }, [](auto& m) { return m.plain_frechet; }, "{:.2f}")});
  }
  return t;
}

page::Table stability_table(const InkResults& results) {
  page::Table t{.head = {"sampler", "spread of D's loss", "of G's loss", "gradient norm of D", "its relative spread",
                         "gradient norm of G", "its relative spread", "steps until 70 %", "failed", "draws per z"},
                .rows = {},
                .caption =
                    "Over the second half of each run; mean ± standard deviation over seeds. Steps until 70 % of the "
                    "symbols of a snapshot are recognised, for each seed. Failed: stopped by a guard (NaN)." +
                    results.failed_text()};
  for (const InkArmResult& arm : results.arms) {
    const auto cell = [&](const What& what) { return mean_and_spread(arm.values(what), "{:.3f}"); };
    t.rows.push_back({arm.title, cell([](auto& m) { return m.discriminator_loss_deviation; }),
                      cell([](auto& m) { return m.generator_loss_deviation; }),
                      cell([](auto& m) { return m.discriminator_gradient_norm; }),
                      cell([](auto& m) { return m.discriminator_gradient_deviation; }),
                      cell([](auto& m) { return m.generator_gradient_norm; }),
                      cell([](auto& m) { return m.generator_gradient_deviation; }), steps_text(arm),
                      fmt::format("{} of {}", failed(arm), arm.runs.size()),
                      mean_and_spread(arm.values([](auto& m) { return m.draws_per_sample; }), "{:.1f}")});
  }
  return t;
}

page::Table agreement_table(const InkResults& results) {
  page::Table t{
      .head = {"models", "pairs", "z in one cell", "same symbol", "z as drawn in training", "same along walks",
               "distance of changes"},
      .rows = {},
      .caption =
          "Every two seeds: share of z ~ N(0, I) that both partitions give one class; share of z whose two symbols "
          "the classifier takes for one; the same for z as the first model's sampler draws them; on straight "
          "walks; mean distance between the nearest changes of class on both walks, in walk lengths." +
          results.failed_text()};
  const auto row = [&](const char* name, const std::vector<Agreement>& all) {
    const auto cell = [&](double Agreement::*what) {
      std::vector<double> values;
      for (const Agreement& one : all) values.push_back(one.*what);
      return mean_and_spread(values, "{:.3f}");
    };
    t.rows.push_back({name, std::to_string(all.size()), cell(&Agreement::cells), cell(&Agreement::symbols),
                      cell(&Agreement::drawn), cell(&Agreement::walks), cell(&Agreement::crossings)});
  };
  row("one partition for all", results.shared);
  row("a partition each", results.own);
  return t;
}

page::Table class_table(const InkResults& results) {
  page::Table t{
      .head = {"class", "real MSD", "real distance"},
      .rows = {},
      .caption =
          "Recognised (%), MSD and distance to the real symbols (energy distance of the moves) of each class, mean "
          "over seeds. Real distance: between held-out writers and others." +
          results.failed_text()};
  for (const InkArmResult& arm : results.arms) {
    t.head.push_back(arm.name + ", %");
    t.head.emplace_back("MSD");
    t.head.emplace_back("distance");
  }
  for (std::size_t c = 0; c < results.class_names.size(); ++c) {
    std::vector<std::string> row = {results.class_names[c], "-", fmt::format("{:.3f}", results.real_distances.at(c))};
    for (const measure::PairDifference& one : results.real_pairs.classes) {
      if (one.label == static_cast<std::int32_t>(c)) row[1] = fmt::format("{:.4f}", one.msd);
    }
    for (const InkArmResult& arm : results.arms) {
      const auto mean = [&](const What& what) {
        const auto values = arm.values(what);
        return values.empty() ? std::nan("") : measure::mean_of(values);
      };
      row.push_back(fmt::format("{:.0f}", 100 * mean([c](auto& m) { return m.accuracy.by_class[c]; })));
      row.push_back(fmt::format("{:.4f}", mean([c](auto& m) { return m.msd.by_class[c]; })));
      row.push_back(fmt::format("{:.3f}", mean([c](auto& m) { return m.distance.by_class[c]; })));
    }
    t.rows.push_back(std::move(row));
  }
  return t;
}

}  // namespace ganymede::study
