#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "run/warnings.hpp"
#include "shared.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;

struct RunsArguments {
  std::string runs;
  bool json = false;
  std::vector<std::string> names;
};

std::string no_runs(const fs::path& root) {
  return fmt::format("no runs in {}; `{} train quick` makes the first\n", root.string(), program_name());
}

int list(const RunsArguments& arguments) {
  const fs::path root = run::runs_root(arguments.runs);
  const std::vector<run::RunSummary> runs = run::list_runs(root);
  if (arguments.json) {
    nlohmann::json entries = nlohmann::json::array();
    for (const run::RunSummary& run : runs) {
      nlohmann::json entry = {
          {"name", run.path.filename().string()}, {"path", run.path.string()}, {"state", run.state}};
      if (run.info) entry["info"] = nlohmann::json::parse(run::to_json(*run.info));
      if (!run.fault.empty()) entry["fault"] = run.fault;
      entry["warnings"] = run::open_warnings(run.path / "events.jsonl");
      entries.push_back(std::move(entry));
    }
    print(nlohmann::json{{"schema", "ganymede.runs/1"}, {"root", root.string()}, {"runs", entries}});
    return 0;
  }
  if (runs.empty()) {
    print(no_runs(root));
    return 0;
  }
  TextTable table("lllrrrll");
  table.add({"run", "recipe", "state", "epoch", "step", "time", "updated", "warnings"});
  table.add_rule();
  for (const run::RunSummary& run : runs) {
    if (run.info) {
      const run::RunInfo& info = *run.info;
      table.add({run.path.filename().string(), info.recipe, run.state, std::to_string(info.epoch),
                 with_thousands(static_cast<std::int64_t>(info.step)), human_duration(info.seconds), info.updated,
                 fmt::format("{}", fmt::join(run::open_warnings(run.path / "events.jsonl"), ", "))});
    } else {
      table.add({run.path.filename().string(), "", run.state + ": " + run.fault});
    }
  }
  print(table.str());
  return 0;
}

int disk(const RunsArguments& arguments) {
  const fs::path root = run::runs_root(arguments.runs);
  TextTable table("lrrrrr");
  table.add({"run", "checkpoints", "snapshots", "samples", "other", "total"});
  table.add_rule();
  nlohmann::json entries = nlohmann::json::array();
  run::DiskUse all;
  const auto text = [](std::int64_t bytes) { return human_bytes(static_cast<double>(bytes)); };
  const auto share = [](const run::DiskUse& use) {
    return use.total() > 0 ? static_cast<double>(use.snapshots) / static_cast<double>(use.total()) : 0;
  };
  const auto add = [&](const std::string& name, const run::DiskUse& use) {
    table.add({name, text(use.checkpoints), fmt::format("{} ({:.0f} %)", text(use.snapshots), 100 * share(use)),
               text(use.samples), text(use.other), text(use.total())});
  };
  const std::vector<run::RunSummary> runs = run::list_runs(root);
  for (const run::RunSummary& run : runs) {
    const std::string name = run.path.filename().string();
    const run::DiskUse use = run::disk_use(run.path);
    all.checkpoints += use.checkpoints;
    all.snapshots += use.snapshots;
    all.samples += use.samples;
    all.other += use.other;
    add(name, use);
    entries.push_back({{"name", name},
                       {"checkpoints", use.checkpoints},
                       {"snapshots", use.snapshots},
                       {"snapshots_share", share(use)},
                       {"samples", use.samples},
                       {"other", use.other},
                       {"total", use.total()}});
  }
  if (arguments.json) {
    print(nlohmann::json{
        {"schema", "ganymede.runs_du/1"}, {"root", root.string()}, {"runs", entries}, {"total", all.total()}});
    return 0;
  }
  if (runs.empty()) {
    print(no_runs(root));
    return 0;
  }
  table.add_rule();
  add("all", all);
  print(table.str() +
        "snapshots: the weights after epochs, for films, maps and later scores; snapshot.every thins them\n");
  return 0;
}

int remove(const RunsArguments& arguments) {
  const fs::path root = run::runs_root(arguments.runs);
  std::vector<fs::path> paths;  // all found before the first is deleted
  paths.reserve(arguments.names.size());
  for (const std::string& name : arguments.names) paths.push_back(run::find_run(root, name).path());
  nlohmann::json removed = nlohmann::json::array();
  for (const fs::path& path : paths) {
    const std::int64_t bytes = run::disk_use(path).total();
    run::remove_run(path);
    removed.push_back({{"path", path.string()}, {"bytes", bytes}});
    if (!arguments.json) {
      print(fmt::format("removed {} ({})\n", path.string(), human_bytes(static_cast<double>(bytes))));
    }
  }
  if (arguments.json) print(nlohmann::json{{"schema", "ganymede.runs_rm/1"}, {"removed", removed}});
  return 0;
}

void add_common(CLI::App& command, RunsArguments& arguments) {
  command.add_option("--runs", arguments.runs, "Folder of the runs (else $GANYMEDE_RUNS, else ./runs)")
      ->type_name("DIR");
  command.add_flag("--json", arguments.json, "Print the result as JSON on stdout");
}

}  // namespace

Action set_up_runs(CLI::App& command) {
  const auto a = std::make_shared<RunsArguments>();
  add_common(command, *a);
  CLI::App* listing = command.add_subcommand("list", "List the runs with their state (the default)");
  CLI::App* du = command.add_subcommand("du", "Show the disk space that each run takes");
  CLI::App* rm = command.add_subcommand("rm", "Delete runs");
  for (CLI::App* sub : {listing, du, rm}) add_common(*sub, *a);
  rm->add_option("RUN", a->names, "Names or paths of the runs to delete")->required();
  command.require_subcommand(0, 1);
  command.footer("Example: ganymede runs du");
  rm->footer("Example: ganymede runs rm dcgan-001 dcgan-002");
  return [a, du, rm] {
    if (du->parsed()) return disk(*a);
    if (rm->parsed()) return remove(*a);
    return list(*a);
  };
}

}  // namespace ganymede::app
