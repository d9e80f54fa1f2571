#include "data/builtin.hpp"

#include <utility>

#include "base/error.hpp"
#include "data/synthetic_digits.hpp"

namespace ganymede::data {

Dataset builtin_digits(std::int64_t count, std::uint64_t seed) {
  if (count < 1) fail<ConfigError>("data.builtin_count: wanted at least 1 image, found {}", count);
  Dataset d;
  d.provenance = {
      "builtin-digits", {}, "synthetic handwriting drawn from stroke templates, 28 x 28, nothing to download"};
  d.images = Tensor(DType::u8, {count, 1, kDigitSide, kDigitSide});
  d.labels.resize(static_cast<std::size_t>(count));
  for (int k = 0; k < kDigitClasses; ++k) d.class_names.push_back(std::to_string(k));
  const auto pixels = d.images.values<std::uint8_t>();
  for (std::int64_t i = 0; i < count; ++i) {
    const auto index = static_cast<std::uint64_t>(i);
    d.labels[index] = synthetic_label(seed, index);
    draw_digit(seed, index, d.labels[index], pixels.subspan(index * kDigitPixels, kDigitPixels));
  }
  return checked(std::move(d));
}

}  // namespace ganymede::data
