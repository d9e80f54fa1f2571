#include "data/synthetic/builtin.hpp"

#include <utility>

#include "base/error.hpp"
#include "base/signal.hpp"
#include "base/thread_pool.hpp"
#include "data/synthetic/synthetic_digits.hpp"

namespace ganymede::data {
namespace {

// Drawing may take a minute: who is asked to stop does not go on with it.
void check_not_stopped(const char* name) {
  if (stop_requested()) fail<Error>("{}: stopped before all of it was drawn", name);
}

}  // namespace

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
    check_not_stopped("builtin-digits");
    const auto index = static_cast<std::uint64_t>(i);
    d.labels[index] = synthetic_label(seed, index);
    draw_digit(seed, index, d.labels[index], pixels.subspan(index * kDigitPixels, kDigitPixels));
  }
  return checked(std::move(d));
}

Dataset builtin_landscapes(std::int64_t count, std::uint64_t seed, int side, int threads) {
  if (count < 1) fail<ConfigError>("data.builtin_count: wanted at least 1 image, found {}", count);
  if (side < 8 || side > 1024) fail<ConfigError>("data.image_size: wanted 8 to 1024, found {}", side);
  Dataset d;
  d.provenance = {
      "builtin-landscapes", {}, fmt::format("synthetic landscapes in colour, {0} x {0}, nothing to download", side)};
  d.images = Tensor(DType::u8, {count, 3, side, side});
  d.labels.resize(static_cast<std::size_t>(count));
  for (int k = 0; k < kLandscapeClasses; ++k) d.class_names.push_back(landscape_class_name(k));
  const auto pixels = d.images.values<std::uint8_t>();
  const std::size_t size = std::size_t{3} * side * side;
  ThreadPool pool(threads);
  pool.run(count, [&](std::int64_t i, int) {
    if (stop_requested()) return;
    const auto index = static_cast<std::uint64_t>(i);
    d.labels[index] = landscape_label(seed, index);
    draw_landscape(seed, index, side, pixels.subspan(index * size, size));
  });
  check_not_stopped("builtin-landscapes");
  return checked(std::move(d));
}

}  // namespace ganymede::data
