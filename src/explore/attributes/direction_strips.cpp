#include "explore/attributes/direction_strips.hpp"

#include <algorithm>
#include <cmath>

#include "explore/attributes/edit.hpp"
#include "explore/attributes/find_directions.hpp"
#include "explore/point_pictures.hpp"
#include "picture/font.hpp"

namespace ganymede::explore {
namespace {

constexpr int kStripSteps = 7, kStripCell = 64, kStripLine = 20, kStripEdge = 10;
constexpr float kStripReach = 3;  // deviations of z
constexpr double kStripText = 9;
constexpr picture::Colour kStripGround{40, 40, 40}, kStripInk{220, 220, 220};

}  // namespace

std::optional<picture::Image> draw_strips(TrainedGenerator& generator, const KeptDirections& kept,
                                          const train::NamedSamples& start) {
  if (draws_points(generator.network())) return {};
  const train::NamedSamples first = part_of(start, 0, 1);
  const auto reach = kStripReach * static_cast<float>(std::sqrt(kept.found.variance));
  train::NamedSamples all;
  std::vector<std::string> names;
  int left = 0;
  const auto add = [](const auto& from, auto& into) { into.insert(into.end(), from.begin(), from.end()); };
  for (const AttributeDirection& one : kept.found.attributes) {
    if (!one.told) continue;
    Direction direction{.name = one.name, .vector = {one.normal.begin(), one.normal.end()}};
    if (one.slope < 0) {
      for (float& v : direction.vector) v = -v;
    }
    const train::NamedSamples strip = edit_of(first, std::span(&direction, 1), -reach, reach, kStripSteps).samples;
    add(strip.z, all.z);
    add(strip.classes, all.classes);
    add(strip.conditions, all.conditions);
    all.count += strip.count;
    names.push_back(one.name);
    left = std::max(left, picture::text_width(one.name, kStripText));
  }
  if (names.empty()) return {};
  left += 2 * kStripEdge;
  const picture::Image table = train::sheet(generator.draw(all), kStripSteps, kStripCell);
  picture::Image image(table.height() + 2 * kStripLine + 4, table.width() + left, 3, kStripGround);
  image.blit(table.with_channels(3), 0, left);
  const double high = static_cast<double>(table.height()) / static_cast<double>(names.size());
  const double wide = static_cast<double>(table.width()) / kStripSteps;
  for (std::size_t row = 0; row < names.size(); ++row) {
    picture::draw_text(image, left - kStripEdge, (static_cast<double>(row) + 0.5) * high + 4, names[row], kStripText,
                       kStripInk, picture::Align::right);
  }
  for (int i = 0; i < kStripSteps; ++i) {
    const float at = kStripReach * static_cast<float>(2 * i - kStripSteps + 1) / static_cast<float>(kStripSteps - 1);
    picture::draw_text(image, left + (i + 0.5) * wide, table.height() + kStripLine - 5, step_text(at), kStripText,
                       kStripInk, picture::Align::centre);
  }
  picture::draw_text(image, left + table.width() / 2.0, table.height() + 2 * kStripLine - 4,
                     "deviations of z along the normal", kStripText, kStripInk, picture::Align::centre);
  return image;
}

}  // namespace ganymede::explore
