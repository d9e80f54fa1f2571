#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "backend.hpp"
#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "base/thread_pool.hpp"
#include "cluster/join.hpp"
#include "command.hpp"
#include "data/catalogue.hpp"
#include "evaluate/doctor/diagnosis.hpp"
#include "kernels/level.hpp"
#include "kernels/unit.hpp"
#include "net/families.hpp"
#include "picture/film.hpp"
#include "run/warnings.hpp"
#include "shared.hpp"
#include "tuned_plan.hpp"
#include "version.hpp"

namespace ganymede::app {
namespace {

struct DoctorArguments {
  std::string data;
  RunArguments run;
  Output output;
};

/// One line of the report; `ok` false: something is missing, and `detail` says what to do about it.
struct Finding {
  std::string name;
  bool ok = true;
  std::string detail;
};

std::string join(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

Finding plan() {
  try {
    const net::Network g = net::digits_generator({.latent_dim = 2});
    const net::Network d = net::digits_discriminator({});
    return {"plan", true, backend().make_executor(g, d, {.batch = 1, .threads = 1})->plan_name()};
  } catch (const Error& error) {
    return {"plan", false, error.what()};
  }
}

Finding level() {
  try {
    return {"level", true,
            fmt::format("{} (this machine has: {})", kernels::level(), join(kernels::available_levels()))};
  } catch (const Error& error) {
    return {"level", false, error.what()};
  }
}

Finding unit() {
  try {
    const auto tuned = read_tuned_plan(tuned_plan_file());
    const std::string source = environment("GANYMEDE_CPU") ? "GANYMEDE_CPU says so"
                               : tuned                     ? "measured by `bench --tune`: " + tuned_plan_file().string()
                                                           : "built-in table";
    return {"mixed precision", true, fmt::format("{} ({})", kernels::name_of(kernels::unit()), source)};
  } catch (const Error& error) {
    return {"mixed precision", false, error.what()};
  }
}

Finding messages() {
  if (cluster::plugin_file().empty()) {
    return {"mpi", false,
            "not built: training is on this machine alone (Debian: apt install libopenmpi-dev openmpi-bin, then build "
            "again)"};
  }
  try {
    return {"mpi", true, fmt::format("{}, loaded under mpirun alone", cluster::plugin_library())};
  } catch (const Error& error) {
    return {"mpi", false, error.what()};
  }
}

std::vector<Finding> examine(const DoctorArguments& arguments) {
  std::vector<Finding> findings;
  findings.push_back({"program", true, version() + (commit().empty() ? "" : ", commit " + commit())});
  findings.push_back({"cpu", true, cpu_model()});
  findings.push_back(level());
  findings.push_back(unit());
  findings.push_back(plan());
  findings.push_back({"threads", true, fmt::format("{} (physical cores)", physical_cores())});
  for (const data::CatalogueEntry& entry : data::list_datasets(data::search_places(arguments.data))) {
    const std::string missing =
        entry.fetchable ? fmt::format("not found; `{} data fetch {}` downloads it", program_name(), entry.name)
                        : std::string("not found");
    const std::string found = entry.found.empty() ? "built in" : entry.found.string();
    findings.push_back({"data " + entry.name, entry.available, entry.available ? found : missing});
  }
  const auto runs = run::runs_root(arguments.run.runs);
  findings.push_back(
      {"disk", true,
       fmt::format("{} free for runs in {}", human_bytes(static_cast<double>(free_disk_bytes(runs))), runs.string())});
  const bool ffmpeg = picture::ffmpeg_available();
  findings.push_back({"ffmpeg", ffmpeg,
                      ffmpeg ? "found: films as .gif, .mp4 and .webm"
                             : "not found: films as .gif alone (Debian: apt install ffmpeg)"});
  findings.push_back(messages());
  return findings;
}

// What the doctor of runs told of one: its warnings, and the newest check-up (evaluate/doctor).
int examine_run(const DoctorArguments& arguments) {
  const run::RunDirectory directory = arguments.run.find();
  const auto events = run::read_events(directory.events_path());
  const auto checkups = evaluate::checkups_in(events);
  nlohmann::json warnings = nlohmann::json::array();
  for (const run::Warning& warning : run::warnings_in(events)) warnings.push_back(run::json_of(warning));
  if (arguments.output.json) {
    nlohmann::json result = {{"schema", "ganymede.doctor_run/1"}, {"run", directory.name()}, {"warnings", warnings}};
    if (!checkups.empty()) result["checkup"] = nlohmann::json::parse(evaluate::event_of(checkups.back()).line());
    print(result);
    return 0;
  }
  for (const nlohmann::json& warning : warnings) {
    const auto epoch = [&](const char* key) { return warning.at(key).get<std::int64_t>(); };
    print(fmt::format("{}: {}\n", warning.value("reason", ""),
                      warning.value("sentence", std::string("a loss is far above what a game that learns has"))));
    print(fmt::format("  {} {}{}\n", warning.contains("until_epoch") ? "epochs" : "since epoch",
                      epoch(warning.contains("since_epoch") ? "since_epoch" : "epoch"),
                      warning.contains("until_epoch") ? fmt::format(" to {}", epoch("until_epoch")) : ""));
    if (warning.contains("evidence")) print(fmt::format("  {}\n", warning.value("evidence", "")));
    if (warning.contains("remedy")) print(fmt::format("  try {}\n", warning.value("remedy", "")));
  }
  if (checkups.empty()) {
    print(
        std::string("no check-up yet: they are taken after each epoch (evaluate.doctor_every), of 100 training "
                    "samples or more\n"));
    return 0;
  }
  const evaluate::Checkup& last = checkups.back();
  if (warnings.empty()) print(std::string("no failure was found\n"));
  print(
      fmt::format("newest of {}, epoch {}: fakes lie {:.0f} % as far from one another as reals do; a neighbour tells "
                  "{:.0f} % of fakes from reals (chance 50); energy distance {:.3f}{}\n",
                  counted(static_cast<std::int64_t>(checkups.size()), "check-up"), last.epoch, 100 * last.diversity,
                  100 * last.told_apart, last.energy,
                  last.groups_of > 0 ? fmt::format("; {} of {} classes or modes", last.groups, last.groups_of) : ""));
  return 0;
}

int doctor(const DoctorArguments& arguments) {
  if (!arguments.run.run.empty()) return examine_run(arguments);
  const std::vector<Finding> findings = examine(arguments);
  if (arguments.output.json) {
    nlohmann::json entries = nlohmann::json::array();
    for (const Finding& finding : findings) {
      entries.push_back({{"name", finding.name}, {"ok", finding.ok}, {"detail", finding.detail}});
    }
    print(nlohmann::json{{"schema", "ganymede.doctor/1"}, {"findings", entries}});
    return 0;
  }
  TextTable table("lll");
  for (const Finding& finding : findings) table.add({finding.ok ? "ok" : "--", finding.name, finding.detail});
  print(table.str());
  return 0;
}

}  // namespace

Action set_up_doctor(CLI::App& command) {
  const auto a = std::make_shared<DoctorArguments>();
  add_data(command, a->data);
  command.add_option("RUN", a->run.run, "Name of a run, or its path: what the doctor found in it");
  add_runs(command, a->run);
  add_output(command, a->output);
  command.footer(
      "Lines that begin with -- say what is missing and what to do.\nExample: ganymede doctor\n"
      "         ganymede doctor quick-001");
  return [a] { return doctor(*a); };
}

}  // namespace ganymede::app
