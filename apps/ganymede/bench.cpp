#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "backend.hpp"
#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "base/thread_pool.hpp"
#include "bench/machine.hpp"
#include "bench_messages.hpp"
#include "bench_report.hpp"
#include "command.hpp"
#include "kernels/level.hpp"
#include "kernels/unit.hpp"
#include "run/recipe_file.hpp"
#include "shared.hpp"
#include "team.hpp"
#include "tuned_plan.hpp"

namespace ganymede::app {
namespace {

struct BenchArguments {
  RecipeArguments recipe{.recipe = "dcgan"};
  std::string data;
  int batch = 0;
  int threads = 0;
  std::string precision = "all";
  double seconds = 3;
  bool quick = false;
  bool passes = false;
  bool tune = false;
  bool messages = false;
  Output output;
};

/// A budget whose repetitions show on stderr.
class Watched {
 public:
  Watched(const BenchArguments& arguments, double seconds, const std::string& what, double images = 0)
      : progress_(what, 0, {.style = arguments.output.style(), .unit = images > 0 ? "images" : "rounds"}) {
    budget_.seconds = seconds;
    budget_.on_repetition = [this, each = images > 0 ? images : 1](int number) { progress_.update(each * number); };
  }
  const bench::Budget& budget() const { return budget_; }

 private:
  Progress progress_;
  bench::Budget budget_;
};

bench::Spread peak_of(const BenchArguments& arguments, kernels::PeakKind kind, const char* what) {
  const Watched watched(arguments, arguments.seconds / 3, fmt::format("peak {}", what));
  return bench::measure_peak(kind, arguments.threads, watched.budget());
}

bench::Spread start(const BenchArguments& arguments) {
  const Watched watched(arguments, arguments.seconds / 3, "program start");
  bench::Budget budget = watched.budget();
  budget.most = 20;
  return bench::measure_start(bench::this_program(), budget);
}

PrecisionBench measure(const BenchArguments& arguments, const run::Recipe& recipe, const run::Networks& networks,
                       const std::string& name) {
  const auto precision = play::named<play::Precision>("--precision", name);
  if (const play::Precision found = backend().resolved(precision); found != precision)
    return {.missing = std::string("no unit of this CPU makes it faster; it runs as ") + play::name_of(found)};
  PrecisionBench result;
  {
    const Watched watched(arguments, arguments.seconds, name + " training", recipe.train.batch);
    result.training =
        bench::measure_training(backend(), recipe, networks, precision, arguments.threads, watched.budget());
  }
  const Watched watched(arguments, arguments.seconds, name + " pictures", 1);
  result.inference =
      bench::measure_inference(backend(), recipe, networks, precision, arguments.threads, watched.budget());
  return result;
}

/// The kind of peak that bounds the products of a precision.
std::string peak_kind(const std::string& precision) {
  if (precision == "f32") return "f32";
  return kernels::unit() == kernels::Unit::amx ? "tiles" : "dot";
}

// Measures f32 and every unit of this machine, and keeps the fastest for later runs.
int tune(const BenchArguments& arguments, const run::Recipe& recipe, const run::Networks& networks) {
  TunedPlan plan{.cpu = cpu_model()};
  const auto rate = [&](const std::string& precision, const std::string& name) {
    const Watched watched(arguments, arguments.seconds, name + " training", recipe.train.batch);
    const auto training =
        bench::measure_training(backend(), recipe, networks, play::named<play::Precision>("--precision", precision),
                                arguments.threads, watched.budget());
    return plan.images_per_second[name] = training.images_per_second.median;
  };
  double best = rate("f32", "f32");
  for (const kernels::Unit unit : kernels::hardware_units()) {
    kernels::set_unit(unit);
    const double images = rate("mixed", kernels::name_of(unit));
    if (images > best) {
      best = images;
      plan.unit = unit;
    }
  }
  write_tuned_plan(tuned_plan_file(), plan);
  if (arguments.output.json) {
    print(nlohmann::json{{"schema", "ganymede.tune/1"},
                         {"file", tuned_plan_file().string()},
                         {"unit", kernels::name_of(plan.unit)},
                         {"images_per_second", plan.images_per_second}});
    return 0;
  }
  TextTable table("lr");
  table.add({"training step", "images/s"});
  for (const auto& [name, images] : plan.images_per_second) table.add({name, fmt::format("{:.0f}", images)});
  print(table.str() +
        fmt::format("\nmixed precision: {}, kept in {}\n", kernels::name_of(plan.unit), tuned_plan_file().string()));
  return 0;
}

int run_bench(BenchArguments arguments) {
  if (arguments.quick) arguments.seconds = 0.3;
  if (arguments.batch > 0) arguments.recipe.sets.push_back(fmt::format("train.batch={}", arguments.batch));
  const run::Recipe recipe = resolve(arguments.recipe);
  const run::Networks networks = run::build_networks(recipe, image_facts(recipe, arguments.data));
  if (arguments.messages)
    return in_team([&](cluster::Joined* group) { return bench_messages(networks, arguments.output, group); });
  if (arguments.tune) return tune(arguments, recipe, networks);

  BenchReport report{.cpu = cpu_model(), .level = kernels::level(), .recipe = recipe.name, .batch = recipe.train.batch};
  report.threads = arguments.threads > 0 ? arguments.threads : physical_cores();
  report.peaks = {{"f32", peak_of(arguments, kernels::PeakKind::f32, "f32")},
                  {"dot", peak_of(arguments, kernels::PeakKind::dot, "bf16 dot product")},
                  {"tiles", peak_of(arguments, kernels::PeakKind::tiles, "bf16 tiles")}};
  report.start = start(arguments);
  for (const std::string precision : {"f32", "mixed"}) {
    if (arguments.precision != "all" && arguments.precision != precision) continue;
    PrecisionBench& result = report.by_precision[precision] = measure(arguments, recipe, networks, precision);
    result.peak = report.peaks.at(peak_kind(precision)).median;
  }
  if (arguments.output.json) {
    print(as_json(report));
  } else {
    print(as_text(report, arguments.passes));
  }
  return 0;
}

}  // namespace

Action set_up_bench(CLI::App& command) {
  const auto a = std::make_shared<BenchArguments>();
  command.add_option("--recipe", a->recipe.recipe, "Name of a shipped recipe, or path of a recipe file")
      ->capture_default_str();
  add_changes(command, a->recipe);
  command.add_option("--batch", a->batch, "Images of a step, else the recipe's")->transform(range(1, 65536));
  add_threads(command, a->threads);
  command.add_option("--precision", a->precision, "f32, mixed or all")
      ->transform(one_of({"f32", "mixed", "all"}))
      ->capture_default_str();
  auto* seconds = command.add_option("--seconds", a->seconds, "Time of each measurement, after its warm-up")
                      ->transform(positive(86400))
                      ->capture_default_str();
  command.add_flag("--quick", a->quick, "A first look: 0.3 s each")->excludes(seconds);
  command.add_flag("--passes", a->passes, "Show every pass of a step, not just the longest");
  command.add_flag("--tune", a->tune,
                   "Measure what multiplies fastest in mixed precision here, and keep the choice for `auto` in later "
                   "runs");
  command.add_flag("--messages", a->messages,
                   "Under mpirun: what messages between the processes cost, and the sum of a step's gradients");
  add_data(command, a->data);
  add_output(command, a->output);
  command.footer(
      "Trains on made-up images and leaves nothing behind. Leave the machine alone meanwhile.\n"
      "Example: ganymede bench --recipe digits-2d --threads 1 --passes");
  return [a] { return run_bench(*a); };
}

}  // namespace ganymede::app
