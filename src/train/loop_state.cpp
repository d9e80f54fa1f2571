#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/json.hpp"
#include "train/loop.hpp"

namespace ganymede::train {
namespace {

using nlohmann::json;

constexpr const char* kSchema = "ganymede.loop/1";

json to_json(const Meter::Sums& sums) {
  const Means& w = sums.weighted;
  return {{"generator_images", sums.generator_images},
          {"discriminator_images", sums.discriminator_images},
          {"generator_loss", w.generator_loss},
          {"generator_gradient_norm", w.generator_gradient_norm},
          {"discriminator_loss", w.discriminator_loss},
          {"discriminator_real_loss", w.discriminator_real_loss},
          {"discriminator_fake_loss", w.discriminator_fake_loss},
          {"discriminator_gradient_norm", w.discriminator_gradient_norm},
          {"real_accuracy", w.real_accuracy},
          {"fake_accuracy", w.fake_accuracy}};
}

Meter::Sums sums_from(const json& j) {
  Meter::Sums sums;
  Means& w = sums.weighted;
  j.at("generator_images").get_to(sums.generator_images);
  j.at("discriminator_images").get_to(sums.discriminator_images);
  j.at("generator_loss").get_to(w.generator_loss);
  j.at("generator_gradient_norm").get_to(w.generator_gradient_norm);
  j.at("discriminator_loss").get_to(w.discriminator_loss);
  j.at("discriminator_real_loss").get_to(w.discriminator_real_loss);
  j.at("discriminator_fake_loss").get_to(w.discriminator_fake_loss);
  j.at("discriminator_gradient_norm").get_to(w.discriminator_gradient_norm);
  j.at("real_accuracy").get_to(w.real_accuracy);
  j.at("fake_accuracy").get_to(w.fake_accuracy);
  return sums;
}

}  // namespace

std::string to_json(const StoredState& state) {
  const Schedule::State& s = state.schedule;
  const json j = {{"schema", kSchema},
                  {"schedule",
                   {{"d_updates", s.d_updates},
                    {"window_sum", s.window_sum},
                    {"mean_before", s.mean_before},
                    {"converged", s.converged}}},
                  {"epoch", to_json(state.epoch)},
                  {"window", to_json(state.window)},
                  {"data_crc32", state.data_crc},
                  {"settled", state.settled}};
  return j.dump();
}

StoredState stored_state_from_json(const std::string& text, const std::string& origin) {
  try {
    const json j = parse_json(text, origin);
    if (j.at("schema") != kSchema) {
      fail<DataError>("{}: the loop's state has schema {}, wanted \"{}\"", origin, json_text(j.at("schema")), kSchema);
    }
    StoredState state;
    const json& s = j.at("schedule");
    state.schedule = {s.at("d_updates"), s.at("window_sum"), s.at("mean_before"), s.at("converged")};
    state.epoch = sums_from(j.at("epoch"));
    state.window = sums_from(j.at("window"));
    j.at("data_crc32").get_to(state.data_crc);
    if (j.contains("settled")) j.at("settled").get_to(state.settled);  // not in files of version 0.1
    return state;
  } catch (const json::exception& error) {
    fail<DataError>("{}: the loop's state cannot be read: {}", origin, error.what());
  }
}

}  // namespace ganymede::train
