#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/json.hpp"
#include "train/loop.hpp"

namespace ganymede::train {
namespace {

using nlohmann::json;

constexpr const char* kSchema = "ganymede.loop/1";

}  // namespace

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Means, generator_loss, generator_gradient_norm, discriminator_loss,
                                   discriminator_real_loss, discriminator_fake_loss, discriminator_gradient_norm,
                                   real_accuracy, fake_accuracy)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(UpdateSchedule::State, d_updates, window_sum, mean_before, converged)

// The means stand beside what they are weighted with.
void to_json(json& object, const Meter::Sums& sums) {
  object = sums.weighted;
  object["generator_images"] = sums.generator_images;
  object["discriminator_images"] = sums.discriminator_images;
  object["penalty"] = sums.weighted.penalty;
  object["penalty_images"] = sums.penalty_images;
  object["information"] = sums.weighted.information;
  object["information_images"] = sums.information_images;
}
void from_json(const json& object, Meter::Sums& sums) {
  object.get_to(sums.weighted);
  object.at("generator_images").get_to(sums.generator_images);
  object.at("discriminator_images").get_to(sums.discriminator_images);
  sums.weighted.penalty = object.value("penalty", 0.0);  // not in files of earlier builds
  sums.penalty_images = object.value("penalty_images", 0.0);
  sums.weighted.information = object.value("information", 0.0);
  sums.information_images = object.value("information_images", 0.0);
}

std::string to_json(const StoredState& state) {
  const json j = {{"schema", kSchema},      {"schedule", state.schedule},   {"epoch", state.epoch},
                  {"window", state.window}, {"data_crc32", state.data_crc}, {"settled", state.settled}};
  return j.dump();
}

StoredState stored_state_from_json(const std::string& text, const std::string& origin) {
  try {
    const json j = parse_json(text, origin);
    if (j.at("schema") != kSchema) {
      fail<DataError>("{}: the loop's state has schema {}, wanted \"{}\"", origin, json_text(j.at("schema")), kSchema);
    }
    StoredState state;
    j.at("schedule").get_to(state.schedule);
    j.at("epoch").get_to(state.epoch);
    j.at("window").get_to(state.window);
    j.at("data_crc32").get_to(state.data_crc);
    if (j.contains("settled")) j.at("settled").get_to(state.settled);  // not in files of version 0.1
    return state;
  } catch (const json::exception& error) {
    fail<DataError>("{}: the loop's state cannot be read: {}", origin, error.what());
  }
}

}  // namespace ganymede::train
