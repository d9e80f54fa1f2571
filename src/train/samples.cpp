#include "train/samples.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/error.hpp"
#include "ink/moves.hpp"
#include "picture/grid.hpp"
#include "train/point_painter.hpp"

namespace ganymede::train {
namespace {

constexpr int kClassesListed = 40;
constexpr int kInkColumns = 13;  // the 39 classes of S-INK in three rows

}  // namespace

void NamedSamples::append(const NamedSamples& more) {
  const auto add = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
  add(z, more.z);
  add(classes, more.classes);
  add(toward, more.toward);
  add(shares, more.shares);
  add(conditions, more.conditions);
  count += more.count;
}

std::string class_words(int number, std::span<const std::string> names) {
  const std::string digits = std::to_string(number);
  const auto at = static_cast<std::size_t>(number);
  return at >= names.size() || names[at] == digits ? digits : fmt::format("{} ({})", digits, names[at]);
}

int class_named(const std::string& text, int classes, std::span<const std::string> names) {
  if (classes == 0) fail<ConfigError>("class {}: this generator takes no class", text);
  if (const auto found = std::ranges::find(names, text); found != names.end())
    return static_cast<int>(found - names.begin());
  int number = -1;
  const char* const end = text.data() + text.size();
  const auto [at, fault] = std::from_chars(text.data(), end, number);
  if (fault == std::errc() && at == end && number >= 0 && number < classes) return number;
  std::string known;
  bool plain = true;  // no name but the number
  for (int k = 0; k < classes; ++k) plain &= class_words(k, names) == std::to_string(k);
  if (plain) fail<ConfigError>("class {}: this generator knows the classes 0 to {}", text, classes - 1);
  for (int k = 0; k < std::min(classes, kClassesListed); ++k)
    known += (known.empty() ? "" : ", ") + class_words(k, names);
  if (classes > kClassesListed) known += fmt::format(" and {} more", classes - kClassesListed);
  fail<ConfigError>("class {}: there is no such name or number; this generator knows {}", text, known);
}

NamedSamples named_samples(Noise& noise, const net::Network& generator, std::uint64_t seed, std::int64_t count,
                           std::optional<int> only) {
  const int classes = class_count(generator);
  if (only && classes == 0) fail<ConfigError>("class {}: this generator takes no class", *only);
  if (only && (*only < 0 || *only >= classes)) {
    fail<ConfigError>("class {}: this generator knows the classes 0 to {}", *only, classes - 1);
  }
  NamedSamples samples{.seed = seed, .count = count, .z = {}, .classes = {}};
  samples.z.resize(static_cast<std::size_t>(count * noise.dim()));
  if (only) {
    samples.classes.assign(static_cast<std::size_t>(count), *only);
  } else if (classes > 0) {
    samples.classes = latent::sample_classes(seed, count, classes, latent::ClassChoice::cycle);
  }
  if (condition_length(generator) > 0) samples.conditions = noise.conditions().of(seed, count);
  noise.fill_samples(seed, samples.classes, samples.z);
  return samples;
}

bool is_ink(const Shape& sample) {
  return sample.size() == 3 && sample[0] == 1 && sample[1] == ink::kMoves && sample[2] == ink::kMoveValues;
}

data::InkSheet ink_sheet(const Tensor& moves, std::vector<ink::Ink>& inks, int columns, int cell) {
  const std::int64_t count = moves.shape()[0];
  const auto values = moves.values<float>();
  constexpr std::size_t kSize = ink::kMoves * ink::kMoveValues;
  inks.clear();
  for (std::int64_t i = 0; i < count; ++i)
    inks.push_back(ink::decode(ink::moves_of(values.subspan(static_cast<std::size_t>(i) * kSize, kSize))));
  const auto square = static_cast<int>(std::ceil(std::sqrt(static_cast<double>(count))));
  const int width = columns > 0 ? columns : count >= 3 * kInkColumns ? kInkColumns : square;
  data::InkSheet sheet{.rows = {}, .side = cell};
  for (std::size_t i = 0; i < inks.size(); ++i) {
    if (i % static_cast<std::size_t>(width) == 0) sheet.rows.emplace_back();
    sheet.rows.back().cells.push_back(&inks[i]);
  }
  return sheet;
}

picture::Image sheet(const Tensor& images, int columns, int cell) {
  const Shape& shape = images.shape();
  if (is_points({shape[1], shape[2], shape[3]})) return sheet_of_points(images);
  if (is_ink({shape[1], shape[2], shape[3]})) {
    std::vector<ink::Ink> inks;
    return data::draw_sheet(ink_sheet(images, inks, columns));
  }
  const auto [c, h, w] = std::array{static_cast<int>(shape[1]), static_cast<int>(shape[2]), static_cast<int>(shape[3])};
  picture::GridStyle style;
  style.columns = columns;
  style.upscale = std::max(1, cell / std::max(h, w));
  return picture::make_grid(images.values<float>(), c, h, w, style);
}

}  // namespace ganymede::train
