#include "explore/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "picture/font.hpp"
#include "picture/grid.hpp"
#include "train/point_painter.hpp"

namespace ganymede::explore {

namespace {

// Points [N, D, 1, 1] of one column.
Tensor column_of(const Sweep& sweep, const Tensor& points, std::size_t column) {
  const std::int64_t dim = points.shape()[1];
  const std::size_t columns = sweep.values.size(), size = static_cast<std::size_t>(dim);
  const auto all = points.values<float>();
  std::vector<float> own;
  for (std::size_t i = column; i < static_cast<std::size_t>(sweep.samples.count); i += columns) {
    const auto one = all.subspan(i * size, size);
    own.insert(own.end(), one.begin(), one.end());
  }
  return Tensor::of<float>({std::ssize(own) / dim, dim, 1, 1}, own);
}

picture::Image with_heading(const picture::Image& table, const std::vector<std::string>& values) {
  constexpr int kHeight = 18;
  constexpr double kSize = 9;
  const picture::GridStyle style;
  picture::Image image(table.height() + kHeight, table.width(), table.channels(), style.background);
  image.blit(table, kHeight, 0);
  const double step = static_cast<double>(table.width() - style.gap) / static_cast<double>(values.size());
  for (std::size_t k = 0; k < values.size(); ++k) {
    picture::draw_text(image, style.gap / 2.0 + (static_cast<double>(k) + 0.5) * step, kHeight - 5, values[k], kSize,
                       style.text, picture::Align::centre);
  }
  return image;
}

}  // namespace

picture::Image draw_sweep(const Sweep& sweep, const Tensor& pictures,
                          const std::function<picture::Image(const Tensor&)>& plot) {
  const Shape& s = pictures.shape();
  if (!train::is_points({s[1], s[2], s[3]}))
    return with_heading(train::sheet(pictures, static_cast<int>(sweep.values.size()), 56), sweep.values);
  constexpr int kPlotsInARow = 4;
  std::vector<picture::Image> plots;
  for (std::size_t k = 0; k < sweep.values.size(); ++k) plots.push_back(plot(column_of(sweep, pictures, k)));
  picture::GridStyle style;
  style.columns = std::min<int>(kPlotsInARow, static_cast<int>(plots.size()));
  style.labels = sweep.values;
  return picture::make_grid(plots, style);
}

Sweep sweep_of(TrainedGenerator& generator, int code, std::uint64_t seed, std::int64_t rows, std::optional<int> only) {
  const std::vector<int> codes = generator.codes();
  if (codes.empty()) fail<ConfigError>("a sweep is of a code, and this generator has none (latent.codes = \"none\")");
  if (code < 1 || code > std::ssize(codes)) {
    fail<ConfigError>("code {}: this generator has the codes 1 to {} (latent.codes = \"{}\")", code, codes.size(),
                      generator.about().recipe.latent.codes);
  }
  const auto which = static_cast<std::size_t>(code - 1);
  const int n = codes[which], columns = n == play::kUniformCode ? kSweptValues : n;
  const train::NamedSamples named = generator.samples(seed, rows, only);
  const auto dim = static_cast<std::size_t>(generator.latent_dim());
  const std::size_t at = dim - static_cast<std::size_t>(play::width_of(codes) - play::place_of(codes, which));
  Sweep sweep{.samples = {.seed = seed, .count = rows * columns, .z = {}, .classes = {}}, .values = {}};
  const auto each = [&](const auto& all, auto& into, std::int64_t row) {
    const auto size = std::ssize(all) / rows;
    into.insert(into.end(), all.begin() + row * size, all.begin() + (row + 1) * size);
  };
  for (std::int64_t row = 0; row < rows; ++row) {
    for (int k = 0; k < columns; ++k) {
      each(named.z, sweep.samples.z, row);
      each(named.classes, sweep.samples.classes, row);
      each(named.conditions, sweep.samples.conditions, row);
      float* const own = &sweep.samples.z[sweep.samples.z.size() - dim + at];
      const double value = n == play::kUniformCode ? -1 + 2.0 * k / (columns - 1) : k;
      if (n == play::kUniformCode) {
        *own = static_cast<float>(value);
      } else {
        std::fill_n(own, n, 0.0F);
        own[k] = 1;
      }
      if (row == 0) sweep.values.push_back(n == play::kUniformCode ? fmt::format("{:.2f}", value) : std::to_string(k));
    }
  }
  return sweep;
}

}  // namespace ganymede::explore
