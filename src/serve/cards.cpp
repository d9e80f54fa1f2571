#include "serve/cards.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "base/text.hpp"
#include "serve/confined.hpp"
#include "serve/message.hpp"
#include "serve/target.hpp"

namespace ganymede::serve {
namespace {

using Json = nlohmann::ordered_json;

// The newest picture's address, null without one. Its time in it lets a browser keep what has not changed.
Json picture_of(const std::string& name, const std::filesystem::path& folder) {
  const auto file = open_confined(folder, {"samples", "latest.png"});
  if (!file) return nullptr;
  return fmt::format("/api/v1/runs/{}/files/samples/latest.png?v={}", encoded_part(name), file->facts.modified_ns);
}

// Seconds until the run's length is reached, at the pace of its last event; null where that cannot be said.
Json seconds_left(std::uint64_t step, std::uint64_t images, std::uint64_t total_steps, double images_per_second) {
  if (images_per_second <= 0 || step == 0 || total_steps < step) return nullptr;
  const double images_a_step = static_cast<double>(images) / static_cast<double>(step);
  return static_cast<double>(total_steps - step) * images_a_step / images_per_second;
}

}  // namespace

std::string Cards::all() {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (!kept_.empty() && now - kept_at_ < std::chrono::milliseconds(250)) return kept_;
  Json runs = Json::array();
  std::map<std::string, Digest> before = std::move(digests_);
  digests_.clear();
  for (const std::string& name : catalogue_.names()) {
    if (const auto known = before.find(name); known != before.end()) digests_.insert(before.extract(known));
    try {
      runs.push_back(make(name, catalogue_.folder_of(name)));
    } catch (const HttpError&) {
      continue;  // removed since its name was read
    }
  }
  kept_ = json_response("runs", {{"root", catalogue_.root().string()}, {"runs", std::move(runs)}}).body;
  kept_at_ = std::chrono::steady_clock::now();
  return kept_;
}

Json Cards::of(const std::string& name) {
  const std::filesystem::path folder = catalogue_.folder_of(name);
  const std::lock_guard lock(mutex_);
  return make(name, folder);
}

Json Cards::make(const std::string& name, const std::filesystem::path& folder) {
  const RunView view = look_at(folder);
  Digest& digest = digests_[name];
  digest.read(folder);
  Json card = {{"name", name}, {"state", view.state}, {"alive", view.alive}};
  if (view.info) {
    const run::RunInfo& info = *view.info;
    // Between two checkpoints the events are ahead of run.json.
    const std::uint64_t step =
        std::max(info.step, static_cast<std::uint64_t>(std::max<std::int64_t>(0, digest.step())));
    const std::uint64_t images =
        std::max(info.images, static_cast<std::uint64_t>(std::max<std::int64_t>(0, digest.images())));
    card["reason"] = info.reason;
    card["recipe"] = info.recipe;
    card["seed"] = info.seed;
    card["epoch"] = info.epoch;
    card["step"] = view.alive ? step : info.step;
    card["total_steps"] = info.total_steps;
    card["images"] = view.alive ? images : info.images;
    card["seconds"] = info.seconds;
    card["seconds_left"] =
        view.alive ? seconds_left(step, images, info.total_steps, digest.images_per_second()) : Json(nullptr);
    card["created"] = info.created;
    card["updated"] = info.updated;
    card["parent"] = info.parent.empty() ? Json(nullptr) : Json{{"run", info.parent}, {"step", info.parent_step}};
  } else {
    card["reason"] = view.fault;
  }
  if (const std::string fault = faults_.of(name); !fault.empty()) card["reason"] = printable(fault);
  card["picture"] = picture_of(name, folder);
  Json losses = {{"images", Json::array()}, {"generator", Json::array()}, {"discriminator", Json::array()}};
  for (const Digest::Losses& loss : digest.losses()) {
    losses["images"].push_back(loss.images);
    losses["generator"].push_back(loss.generator);
    losses["discriminator"].push_back(loss.discriminator);
  }
  card["losses"] = std::move(losses);
  card["warnings"] = Json::array();
  for (const run::Warning& warning : digest.warnings()) card["warnings"].push_back(Json(run::json_of(warning)));
  return card;
}

}  // namespace ganymede::serve
