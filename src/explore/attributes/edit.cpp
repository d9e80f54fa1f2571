#include "explore/attributes/edit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "picture/font.hpp"
#include "train/point_painter.hpp"

namespace ganymede::explore {

Edit edit_of(const train::NamedSamples& start, std::span<const Direction> along, float from, float to, int steps) {
  if (along.empty() || along.size() > 2 || steps < 2 || start.count < 1 || (along.size() == 2 && start.count != 1)) {
    fail<ConfigError>(
        "an edit goes along one direction, or of one sample along two, in 2 steps or more; found {}, {} and {}",
        along.size(), start.count, steps);
  }
  const std::size_t dim = start.z.size() / static_cast<std::size_t>(start.count);
  for (const Direction& one : along) {
    if (one.vector.size() != dim)
      fail<ConfigError>("{}: wanted a direction of {} coordinates, found {}", one.name, dim, one.vector.size());
  }
  Edit edit{.at = {}, .grid = along.size() == 2, .samples = {.seed = start.seed, .count = 0, .z = {}, .classes = {}}};
  for (int i = 0; i < steps; ++i)
    edit.at.push_back(from + (to - from) * static_cast<float>(i) / static_cast<float>(steps - 1));
  const auto each = [&](const auto& all, auto& into, std::int64_t row) {
    const auto size = std::ssize(all) / start.count;
    into.insert(into.end(), all.begin() + row * size, all.begin() + (row + 1) * size);
  };
  const std::int64_t rows = edit.grid ? steps : start.count;
  for (std::int64_t row = 0; row < rows; ++row) {
    const std::int64_t sample = edit.grid ? 0 : row;
    for (const float t : edit.at) {
      each(start.z, edit.samples.z, sample);
      each(start.classes, edit.samples.classes, sample);
      each(start.conditions, edit.samples.conditions, sample);
      float* const z = &edit.samples.z[edit.samples.z.size() - dim];
      const float up = edit.grid ? edit.at[static_cast<std::size_t>(steps - 1 - row)] : 0;
      for (std::size_t k = 0; k < dim; ++k) z[k] += t * along[0].vector[k] + (edit.grid ? up * along[1].vector[k] : 0);
      ++edit.samples.count;
    }
  }
  return edit;
}

std::string step_text(float at) {
  const std::string text = fmt::format("{:.2f}", std::fabs(at) < 0.005F ? 0.0F : at);
  const std::size_t last = text.find_last_not_of('0');
  return text.substr(0, text[last] == '.' ? last : last + 1);
}

picture::Image draw_edit(const Edit& edit, std::span<const Direction> along, const Tensor& pictures) {
  const Shape& s = pictures.shape();
  if (train::is_points({s[1], s[2], s[3]})) return train::sheet(pictures);
  constexpr int kLine = 18;
  constexpr double kSize = 9;
  constexpr picture::Colour kGround{40, 40, 40}, kInk{220, 220, 220};
  const auto columns = static_cast<int>(edit.columns());
  const picture::Image table = train::sheet(pictures, columns, edit.grid ? 56 : 84);
  const int rows = static_cast<int>(edit.samples.count) / columns, left = edit.grid ? 3 * kLine : 0;
  picture::Image image(table.height() + 2 * kLine + 4, table.width() + left, 3, kGround);
  image.blit(table.with_channels(3), 0, left);
  const double wide = static_cast<double>(table.width()) / columns, high = static_cast<double>(table.height()) / rows;
  for (int i = 0; i < columns; ++i) {
    picture::draw_text(image, left + (i + 0.5) * wide, table.height() + kLine - 5,
                       step_text(edit.at[static_cast<std::size_t>(i)]), kSize, kInk, picture::Align::centre);
    if (edit.grid) {
      picture::draw_text(image, left - 6, table.height() - (i + 0.5) * high + 4,
                         step_text(edit.at[static_cast<std::size_t>(i)]), kSize, kInk, picture::Align::right);
    }
  }
  picture::draw_text(image, left + table.width() / 2.0, table.height() + 2 * kLine - 4, along[0].name, kSize, kInk,
                     picture::Align::centre, true);
  if (edit.grid)
    picture::draw_text_upwards(image, 14, table.height() / 2.0, along[1].name, kSize, kInk, picture::Align::centre);
  return image;
}

}  // namespace ganymede::explore
