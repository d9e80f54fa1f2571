#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "backend.hpp"
#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "base/thread_pool.hpp"
#include "command.hpp"
#include "data/catalogue.hpp"
#include "kernels/level.hpp"
#include "kernels/unit.hpp"
#include "net/families.hpp"
#include "picture/film.hpp"
#include "shared.hpp"
#include "tuned_plan.hpp"

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
  return findings;
}

int doctor(const DoctorArguments& arguments) {
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
  add_runs(command, a->run);
  add_output(command, a->output);
  command.footer("Lines that begin with -- say what is missing and what to do.\nExample: ganymede doctor");
  return [a] { return doctor(*a); };
}

}  // namespace ganymede::app
