#include "evaluate/kept_scores.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "run/checkpoint.hpp"
#include "run/snapshot.hpp"

namespace ganymede::evaluate {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::string ending(std::uint64_t epoch, bool of_an_epoch) {
  return of_an_epoch ? fmt::format(".epoch-{:05}.json", epoch) : ".json";
}

bool is_of_an_epoch(const std::string& file) {
  return file.find(".epoch-") != std::string::npos;
}

}  // namespace

fs::path keep_scores(const run::RunDirectory& run, const std::vector<measure::Score>& scores, std::uint64_t epoch,
                     std::uint64_t step, bool of_an_epoch) {
  const fs::path folder = run.path() / "measures";
  fs::create_directories(folder);
  for (const measure::Score& score : scores) {
    Json json = measure::to_json(score);
    json["epoch"] = epoch;
    json["step"] = step;
    write_file_atomically(folder / (score.name + ending(epoch, of_an_epoch)), json.dump(1) + "\n");
  }
  return folder;
}

std::vector<KeptScore> kept_scores(const run::RunDirectory& run, std::optional<std::uint64_t> epoch) {
  std::vector<KeptScore> kept;
  const std::uint64_t step = run.info().step;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(run.path() / "measures", none)) {
    const std::string file = entry.path().filename().string();
    if (!file.ends_with(".json")) continue;
    if (epoch ? !file.ends_with(ending(*epoch, true)) : is_of_an_epoch(file)) continue;
    const std::string where = entry.path().string();
    const Json json = Json::parse(read_file(entry.path()), nullptr, false);
    if (json.is_discarded()) fail<DataError>("{}: not JSON; `ganymede evaluate` makes it anew", where);
    if (!json.is_object() || json.value("schema", "") != measure::kScoreSchema) continue;
    KeptScore one{.score = measure::score_from_json(json, where)};
    if (!json.contains("epoch") || !json.contains("step") || !json["epoch"].is_number_unsigned() ||
        !json["step"].is_number_unsigned())
      fail<DataError>("{}: wanted \"epoch\" and \"step\" as whole numbers", where);
    one.epoch = json["epoch"];
    one.step = json["step"];
    if (!epoch && one.step != step) continue;  // the run went on since
    kept.push_back(std::move(one));
  }
  std::ranges::sort(kept, {}, [](const KeptScore& k) { return k.score.name; });
  return kept;
}

}  // namespace ganymede::evaluate
