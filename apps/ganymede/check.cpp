#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "backend.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "base/wording.hpp"
#include "command.hpp"
#include "shared.hpp"
#include "train/check.hpp"

namespace ganymede::app {
namespace {

struct CheckArguments {
  RunArguments run;
  MachineArguments machine{.minutes = 5};
  Output output;
  train::CheckOptions options{.make_reference = make_reference};
};

constexpr std::size_t kShown = 3;  // tensors of each kind and update

const char* phase_words(play::Phase phase) {
  return phase == play::Phase::both ? "both" : phase == play::Phase::discriminator ? "discriminator" : "generator";
}

std::string as_table(const train::Check& check) {
  TextTable table("lllr");
  table.add({"update", "what", "name", "difference"});
  table.add_rule();
  std::size_t number = 0;
  for (const play::StepCheck& step : check.steps) {
    std::string first = fmt::format("{} ({})", ++number, phase_words(step.phase));
    const auto add = [&](const char* what, const std::vector<play::Deviation>& list) {
      for (std::size_t i = 0; i < std::min(kShown, list.size()); ++i) {
        table.add({first, i == 0 ? what : "", list[i].name, fmt::format("{:.1e}", list[i].difference)});
        first.clear();
      }
    };
    add("losses", step.losses);
    add("gradients", step.gradients);
    add("parameters", step.parameters);
  }
  return table.str();
}

nlohmann::json check_json(const std::vector<play::Deviation>& list) {
  nlohmann::json object = nlohmann::json::object();
  // JSON has no infinity: null is what is not finite.
  for (const play::Deviation& d : list) object[d.name] = d.difference;
  return object;
}

nlohmann::json check_json(const train::Check& check) {
  nlohmann::json updates = nlohmann::json::array();
  for (const play::StepCheck& step : check.steps) {
    updates.push_back({{"phase", phase_words(step.phase)},
                       {"tick", step.tick},
                       {"losses", check_json(step.losses)},
                       {"gradients", check_json(step.gradients)},
                       {"parameters", check_json(step.parameters)}});
  }
  return {{"schema", "ganymede.check/1"},       {"batch", check.batch},         {"plan", check.plan},
          {"reference", check.reference},       {"tolerance", check.tolerance}, {"largest", check.worst()},
          {"within_tolerance", check.within()}, {"updates", std::move(updates)}};
}

int check_run(CheckArguments& arguments) {
  train::SessionOptions session = session_options(arguments.machine, {.quiet = true});
  const run::RunDirectory directory = arguments.run.find();
  session.run_folder = directory.path();
  const auto from = train::starting_point(directory, session);
  if (!from) fail<DataError>("{}: there is no checkpoint yet to begin from", directory.path().string());
  train::Setup setup = train::prepare(directory.recipe(), session);
  arguments.options.most_seconds = 60 * arguments.machine.minutes;
  const train::Check check = train::check(setup, *from, arguments.options);
  if (arguments.output.json) {
    nlohmann::json object = check_json(check);
    object["run"] = directory.path().string();
    object["step"] = from->checkpoint.step;
    print(object);
  } else {
    print(fmt::format(
        "{}: {} after step {}, batches of {}\n{} against {}\n\n{}\nlargest difference {:.1e}, {} {:.0e}: "
        "the engine computes {}\n",
        directory.path().string(), counted(arguments.options.steps, "step"), from->checkpoint.step, check.batch,
        check.plan, check.reference, as_table(check), check.worst(), check.within() ? "within" : "more than",
        check.tolerance, check.within() ? "what it should" : "something else"));
  }
  return check.within() ? 0 : 1;
}

}  // namespace

Action set_up_check(CLI::App& command) {
  const auto a = std::make_shared<CheckArguments>();
  add_run(command, a->run);
  command.add_option("--steps", a->options.steps, "Steps to take from the newest checkpoint")
      ->transform(range(1, 1000))
      ->capture_default_str();
  command.add_option("--batch", a->options.batch, "The first so many samples of every batch, 0 for all")
      ->transform(range(0, 65536))
      ->capture_default_str();
  command.add_option("--minutes", a->machine.minutes, "What the reference may take")
      ->transform(positive(kMostMinutes))
      ->capture_default_str();
  add_threads(command, a->machine.threads);
  add_data(command, a->machine.data);
  command.add_flag("--json", a->output.json, "Print every tensor's difference as JSON");
  command.footer(
      "Nothing is written. The reference is the plain interpreter in double, with the same batches, noise and "
      "dropout.\n"
      "A difference is |a - b| / |b| of a whole tensor. Exit code 0: within the tolerance, 1: not.\n"
      "Example: ganymede check dcgan-001 --batch 8");
  return [a] { return check_run(*a); };
}

}  // namespace ganymede::app
