#include "page/kept_scores.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "run/checkpoint.hpp"
#include "run/snapshot.hpp"

namespace ganymede::page {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::string ending(std::uint64_t epoch, bool of_an_epoch) {
  return of_an_epoch ? fmt::format(".epoch-{:05}.json", epoch) : ".json";
}

bool is_of_an_epoch(const std::string& file) {
  return file.find(".epoch-") != std::string::npos;
}

bool is_curve(const std::string& file) {
  return file.find(".curve.") != std::string::npos;
}

/// Files of measures/ that belong to the newest weights (or older ones that were the newest), or to an epoch.
std::vector<fs::path> files_of(const run::RunDirectory& run, std::optional<std::uint64_t> epoch) {
  std::vector<fs::path> files;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(run.path() / "measures", none)) {
    const std::string file = entry.path().filename().string();
    if (file.ends_with(".json") && (epoch ? file.ends_with(ending(*epoch, true)) : !is_of_an_epoch(file)))
      files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

/// Which weights a file is of.
struct Of {
  std::uint64_t epoch = 0, step = 0;
};
Of weights_of(const Json& json, const std::string& where) {
  if (!json.contains("epoch") || !json.contains("step") || !json["epoch"].is_number_unsigned() ||
      !json["step"].is_number_unsigned())
    fail<DataError>("{}: wanted \"epoch\" and \"step\" as whole numbers", where);
  return {.epoch = json["epoch"], .step = json["step"]};
}

/// None of a file that holds no score. @throws DataError for a damaged one
std::optional<KeptScore> score_in(const fs::path& file) {
  if (is_curve(file.filename().string())) return {};
  const std::string where = file.string();
  const Json json = read_json<Json>(file, kLargestSmallJson);
  if (!json.is_object() || !json.contains("schema") || json["schema"] != measure::kScoreSchema) return {};
  const Of of = weights_of(json, where);
  return KeptScore{.score = measure::score_from_json(json, where), .epoch = of.epoch, .step = of.step};
}

void write(const fs::path& file, Json json, std::uint64_t epoch, std::uint64_t step) {
  json["epoch"] = epoch;
  json["step"] = step;
  write_file_atomically(file, json_text(json, 1) + "\n");
}

}  // namespace

fs::path keep_scores(const run::RunDirectory& run, const std::vector<measure::Score>& scores, std::uint64_t epoch,
                     std::uint64_t step, bool of_an_epoch) {
  fs::path folder = run.path() / "measures";
  make_own_folder(folder);
  for (const measure::Score& score : scores)
    write(folder / (score.name + ending(epoch, of_an_epoch)), measure::to_json(score), epoch, step);
  return folder;
}

std::vector<KeptScore> kept_scores(const run::RunDirectory& run, std::optional<std::uint64_t> epoch) {
  std::vector<KeptScore> kept;
  const std::uint64_t step = run.info().step;
  for (const fs::path& file : files_of(run, epoch)) {
    auto one = score_in(file);
    if (one && (epoch || one->step == step)) kept.push_back(std::move(*one));  // else the run went on since
  }
  std::ranges::sort(kept, {}, [](const KeptScore& k) { return k.score.name; });
  return kept;
}

std::vector<KeptScore> all_kept_scores(const run::RunDirectory& run) {
  std::vector<KeptScore> kept;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(run.path() / "measures", none)) {
    if (entry.path().extension() != ".json") continue;
    if (auto one = score_in(entry.path())) kept.push_back(std::move(*one));
  }
  std::ranges::sort(kept, {}, [](const KeptScore& k) { return std::pair(k.step, k.score.name); });
  const auto same = std::ranges::unique(  // the newest weights' are an epoch's as well
      kept, {}, [](const KeptScore& k) { return std::pair(k.step, k.score.name); });
  kept.erase(same.begin(), same.end());
  return kept;
}

void keep_curves(const run::RunDirectory& run, const std::vector<measure::JudgeCurve>& curves, std::uint64_t epoch,
                 std::uint64_t step, bool of_an_epoch) {
  const fs::path folder = run.path() / "measures";
  make_own_folder(folder);
  for (const measure::JudgeCurve& curve : curves)
    write(folder / (curve.name + ".curve" + ending(epoch, of_an_epoch)), to_json(curve), epoch, step);
}

KeptCurves kept_curves(const run::RunDirectory& run, std::optional<std::uint64_t> epoch) {
  KeptCurves kept;
  const std::uint64_t step = run.info().step;
  for (const fs::path& file : files_of(run, epoch)) {
    if (!is_curve(file.filename().string())) continue;
    try {
      const std::string text = read_file(file, kLargestJson);
      measure::JudgeCurve curve = measure::parse_curve(text, file.string());
      if (weights_of(parse_json<Json>(text, file.string()), file.string()).step == step || epoch)
        kept.curves.push_back(std::move(curve));
    } catch (const DataError& error) {
      kept.damaged.emplace_back(error.what());
    }
  }
  return kept;
}

}  // namespace ganymede::page
