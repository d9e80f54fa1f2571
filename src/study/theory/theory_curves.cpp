#include <map>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "run/events.hpp"
#include "run/run_directory.hpp"
#include "study/theory/theory_study.hpp"

namespace ganymede::study {
namespace {

double number_in(const nlohmann::json& event, const char* name) {
  const auto found = event.find(name);
  return found != event.end() && found->is_number() ? found->get<double>() : 0;
}

}  // namespace

RunCurve read_curve(const std::filesystem::path& run_folder) {
  const run::RunDirectory run = run::RunDirectory::open(run_folder);
  RunCurve curve{.run = run.name(), .failed = run.info().state != run::RunState::finished, .epochs = {}};
  std::map<std::int64_t, CurveEpoch> epochs;
  std::int64_t batches = 0;
  for (const nlohmann::json& event : run::read_events(run.events_path())) {
    const std::string kind = event.value("event", "");
    if (kind == "start") batches = static_cast<std::int64_t>(number_in(event, "batches_per_epoch"));
    if (kind != "epoch" && kind != "mixture") continue;
    CurveEpoch& epoch = epochs[static_cast<std::int64_t>(number_in(event, "epoch"))];
    if (kind == "mixture") {
      epoch.modes = number_in(event, "modes");
      epoch.high_quality = number_in(event, "high_quality");
      continue;
    }
    epoch.epoch = static_cast<std::int64_t>(number_in(event, "epoch"));
    epoch.step = static_cast<std::int64_t>(number_in(event, "step"));
    epoch.d_updates = epoch.epoch * batches;
    epoch.generator_loss = number_in(event, "generator_loss");
    epoch.discriminator_loss = number_in(event, "discriminator_loss");
    epoch.real_accuracy = number_in(event, "real_accuracy");
    epoch.fake_accuracy = number_in(event, "fake_accuracy");
    epoch.generator_gradient = number_in(event, "generator_gradient_norm");
  }
  for (const auto& [number, epoch] : epochs) curve.epochs.push_back(epoch);
  if (curve.epochs.empty() && !curve.failed)
    fail<DataError>("{}: a finished run without an epoch in its events", run.events_path().string());
  return curve;
}

std::vector<RunCurve> read_curves(const std::filesystem::path& root, const TheoryArm& arm) {
  std::vector<RunCurve> curves;
  for (const train::PlannedRun& planned : arm.runs) curves.push_back(read_curve(root / planned.name));
  return curves;
}

}  // namespace ganymede::study
