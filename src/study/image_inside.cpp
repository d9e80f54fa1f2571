#include "study/image_inside.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "explore/map_file.hpp"

namespace ganymede::study {
namespace {

constexpr int kCubeSide = 16;

// The activation whose values the last layer turns into the picture.
const explore::LayerView& last_but_one(const explore::Dissection& dissection) {
  const auto& layers = dissection.layers;
  for (std::size_t i = layers.size(); i-- > 1;) {
    if (layers[i].layer.kind == "conv_transpose" || layers[i].layer.kind == "dense") return layers[i - 1];
  }
  fail<Error>("internal: a generator without a layer before its last");
}

std::int64_t strongest_channel(const explore::LayerView& view) {
  const Shape& s = view.values.shape();
  const auto values = view.values.values<float>();
  const auto area = static_cast<std::size_t>(s.size() == 4 ? s[2] * s[3] : 1);
  const auto channels = static_cast<std::size_t>(s[1]);
  std::vector<double> sums(channels);
  for (std::size_t i = 0; i < values.size(); ++i) sums[i / area % channels] += std::abs(double{values[i]});
  return std::ranges::max_element(sums) - sums.begin();
}

}  // namespace

explore::Dissection dissect_fixed(explore::TrainedGenerator& generator, std::int64_t count) {
  return generator.inspect(generator.samples(train::kFixedSeed, count));
}

std::vector<LayerActivity> layer_activities(explore::TrainedGenerator& generator) {
  std::vector<LayerActivity> list;
  for (const explore::LayerView& view : dissect_fixed(generator, kDissected).layers)
    list.push_back({view.layer, view.activity});
  return list;
}

std::optional<std::int32_t> class_at_centre(explore::TrainedGenerator& generator, fit::Classifier& classifier) {
  if (generator.classes() > 0) return {};
  const std::vector<float> z(static_cast<std::size_t>(generator.latent_dim()), 0.0F);
  return generator.classify(classifier, generator.draw(z, {})).front();
}

void keep_map(explore::TrainedGenerator& generator, const std::filesystem::path& run_folder,
              fit::Classifier& classifier) {
  const explore::MapOptions options{.side = generator.latent_dim() > 2 ? kCubeSide : 0, .fourth = {-1, 0, 1}};
  explore::KeptMap kept =
      explore::kept_map(generator.map(classifier, options), generator.about().epoch, classifier.record());
  explore::compare_with_last(run_folder / "maps", kept);
  explore::write_map(run_folder / "maps", kept, explore::title_of(run_folder.filename().string(), kept));
}

picture::Image draw_ablations(explore::TrainedGenerator& generator, std::int64_t count) {
  const train::NamedSamples samples = generator.samples(train::kFixedSeed, count);
  const explore::Dissection before = generator.inspect(samples);
  const explore::LayerView& view = last_but_one(before);
  std::vector<explore::Ablated> all;
  const auto add = [&](const std::string& name, const std::vector<std::string>& ablations) {
    all.push_back(
        {name, before.pictures, generator.draw(samples, explore::parse_ablations(ablations, generator.network()))});
  };
  const std::string& node = view.layer.node;
  if (view.layer.shape.size() == 3) {
    const std::int64_t rows = view.layer.shape[1];
    std::vector<std::string> middle;
    for (std::int64_t r = 3 * rows / 7; r < 4 * rows / 7; ++r) middle.push_back(fmt::format("{}:row={}", node, r));
    add(fmt::format("{}, rows {} to {} of {} set to 0", node, 3 * rows / 7, 4 * rows / 7 - 1, rows), middle);
  }
  const std::int64_t channel = strongest_channel(view);
  add(fmt::format("{}, feature map {} of {} set to 0", node, channel, view.layer.shape[0]),
      {fmt::format("{}:channel={}", node, channel)});
  return explore::draw_ablation(all);
}

}  // namespace ganymede::study
