#include "explore/dissection_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "picture/font.hpp"
#include "picture/grid.hpp"
#include "train/samples.hpp"

namespace ganymede::explore {
namespace {

using picture::Align;
using picture::Colour;
using picture::Image;

constexpr int kCell = 96;       // of a layer in the overview
constexpr int kSmallCell = 48;  // of a feature map
constexpr int kGap = 8;
constexpr double kText = 8, kTitle = 10;
constexpr Colour kInk{40, 40, 40}, kFaint{110, 110, 110};

Tensor sample(const Tensor& images, std::int64_t i) {
  Shape shape = images.shape();
  shape[0] = 1;
  const auto size = static_cast<std::size_t>(element_count(shape));
  return Tensor::of<float>(shape, images.values<float>().subspan(static_cast<std::size_t>(i) * size, size));
}

// Without the grid's frame.
Image one_picture(const Tensor& images, std::int64_t i, int cell) {
  return train::sheet(sample(images, i), 1, cell).with_channels(3);
}

std::pair<double, double> range_of(const Tensor& values) {
  double least = INFINITY, most = -INFINITY;
  for (const float v : values.values<float>()) {
    if (std::isnan(v)) continue;
    least = std::min<double>(least, v), most = std::max<double>(most, v);
  }
  return {least, most};
}

std::string shape_words(const Shape& shape) {
  if (shape.size() == 3) return fmt::format("{} of {} x {}", shape[0], shape[1], shape[2]);
  return fmt::format("{} values", shape[0]);
}

Image column_of(const std::vector<Image>& rows) {
  int width = 0, height = 0;
  for (const Image& row : rows) width = std::max(width, row.width()), height += row.height();
  Image image(height, width, 3, picture::kWhite);
  int y = 0;
  for (const Image& row : rows) {
    image.blit(row, y, 0);
    y += row.height();
  }
  return image;
}

Image titled(const Image& body, const std::string& title) {
  constexpr int kHead = 22;
  Image image(body.height() + kHead + kGap, std::max(body.width(), picture::text_width(title, kTitle)) + 2 * kGap, 3,
              picture::kWhite);
  picture::draw_text(image, kGap, 15, title, kTitle, kInk);
  image.blit(body, kHead, kGap);
  return image;
}

}  // namespace

Image draw_values(const Tensor& values, double least, double most, int side) {
  const auto h = static_cast<int>(values.shape()[0]), w = static_cast<int>(values.shape()[1]);
  const double width = most > least ? most - least : 1;
  Image image(h, w, 3);
  const auto from = values.values<float>();
  for (int y = 0; y < h; ++y) {
    for (int x = 0; x < w; ++x) {
      const double v = from[static_cast<std::size_t>(y) * w + x];
      image.set(y, x, picture::sequential_colour((v - least) / width));
    }
  }
  return image.upscaled(std::max(1, side / std::max(h, w)));
}

Image draw_overview(const std::vector<DissectedRun>& runs, std::int64_t i) {
  std::vector<Image> rows;
  for (const DissectedRun& run : runs) {
    const auto columns = static_cast<int>(run.dissection.layers.size()) + 1;
    constexpr int step = 148;
    Image row(kCell + 60, columns * step, 3, picture::kWhite);
    row.blit(one_picture(run.dissection.pictures, i, kCell), 4, 0);
    for (int k = 0; k + 1 < columns; ++k) {
      const LayerView& view = run.dissection.layers[static_cast<std::size_t>(k)];
      const Tensor mean = mean_map(view, i);
      const auto [least, most] = range_of(mean);
      const int x = (k + 1) * step;
      row.blit(draw_values(mean, least, most, kCell), 4, x);
      picture::draw_text(row, x, kCell + 18, fmt::format("{} ({})", view.layer.node, view.layer.kind), kText, kInk);
      picture::draw_text(row, x, kCell + 32, shape_words(view.layer.shape), kText, kFaint);
      picture::draw_text(row, x, kCell + 46, fmt::format("{:.1f} % near zero", 100 * view.activity.near_zero), kText,
                         kFaint);
    }
    rows.push_back(titled(row, run.name));
  }
  return column_of(rows);
}

Image draw_layer(const std::vector<DissectedRun>& runs, std::size_t layer, std::int64_t i, int most_maps) {
  std::vector<Image> rows;
  for (const DissectedRun& run : runs) {
    if (layer >= run.dissection.layers.size()) continue;
    const LayerView& view = run.dissection.layers[layer];
    const Tensor mean = mean_map(view, i);
    const auto [least, most] = range_of(mean);
    const std::string title =
        fmt::format("{}: {} ({}), {}, values {:.3g} to {:.3g}, {:.1f} % near zero, {:.1f} % zero", run.name,
                    view.layer.node, view.layer.kind, shape_words(view.layer.shape), view.activity.least,
                    view.activity.most, 100 * view.activity.near_zero, 100 * view.activity.zero);
    std::vector<Image> parts{draw_values(mean, least, most, 2 * kCell)};
    if (view.layer.shape.size() == 3) {
      std::vector<Image> maps;
      const std::int64_t count = std::min<std::int64_t>(view.layer.shape[0], most_maps);
      for (std::int64_t c = 0; c < count; ++c)
        maps.push_back(draw_values(feature_map(view, i, c), view.activity.least, view.activity.most, kSmallCell));
      picture::GridStyle style;
      style.columns = std::min<int>(static_cast<int>(count), count > 128 ? 32 : 16);
      style.background = picture::kWhite;
      style.text = kInk;
      for (std::int64_t c = 0; c < count; ++c) style.labels.push_back(std::to_string(c));
      const std::string of = count < view.layer.shape[0] ? fmt::format(" (the first {})", count) : "";
      parts.push_back(
          titled(picture::make_grid(maps, style),
                 fmt::format("feature maps{}, numbered as --ablate {}:channel=K wants them", of, view.layer.node)));
    }
    rows.push_back(titled(column_of(parts), title));
  }
  return column_of(rows);
}

Image draw_ablation(const std::vector<Ablated>& runs) {
  std::vector<Image> rows;
  for (const Ablated& run : runs) {
    const auto count = static_cast<int>(run.before.shape()[0]);
    const Image before = train::sheet(run.before, count, 64).with_channels(3);
    const Image after = train::sheet(run.after, count, 64).with_channels(3);
    std::vector<Image> changes;
    double most = 1e-6;
    std::vector<Tensor> maps;
    for (int i = 0; i < count; ++i) {
      maps.push_back(change_of(sample(run.before, i), sample(run.after, i)).pixels);
      most = std::max(most, range_of(maps.back()).second);
    }
    const int cell = (before.width() - 2) / count - 2;
    for (const Tensor& map : maps) changes.push_back(draw_values(map, 0, most, cell));
    picture::GridStyle style;
    style.columns = count;
    std::vector<Image> parts;
    parts.push_back(titled(before, run.name + ": before"));
    parts.push_back(titled(after, "after"));
    parts.push_back(titled(picture::make_grid(changes, style), fmt::format("change of a pixel, 0 to {:.2f}", most)));
    rows.push_back(column_of(parts));
  }
  return column_of(rows);
}

}  // namespace ganymede::explore
