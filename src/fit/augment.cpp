#include "fit/augment.hpp"

#include <algorithm>
#include <vector>

#include "base/philox.hpp"

namespace ganymede::fit {

Shift shift_of(int most, std::uint64_t seed, std::int64_t epoch, std::uint32_t sample) {
  RandomSequence random(Random(seed, "fit.shift", static_cast<std::uint32_t>(epoch)), sample);
  const auto draw = [&] { return static_cast<int>(random.below(static_cast<std::uint32_t>(2 * most + 1))) - most; };
  const int rows = draw();
  return {rows, draw()};
}

void shift_picture(std::span<float> picture, const Shape& shape, Shift shift) {
  if (shape.size() != 3 || shift == Shift{}) return;
  const int height = static_cast<int>(shape[1]);
  const int width = static_cast<int>(shape[2]);
  const auto plane = static_cast<std::size_t>(height * width);
  std::vector<float> old(plane);
  for (std::size_t c = 0; c < static_cast<std::size_t>(shape[0]); ++c) {
    const auto now = picture.subspan(c * plane, plane);
    std::copy(now.begin(), now.end(), old.begin());
    for (int y = 0; y < height; ++y) {
      const float* row = old.data() + std::clamp(y - shift.rows, 0, height - 1) * width;
      for (int x = 0; x < width; ++x) {
        now[static_cast<std::size_t>(y * width + x)] = row[std::clamp(x - shift.columns, 0, width - 1)];
      }
    }
  }
}

void add_noise(std::span<float> values, double sigma, std::uint64_t seed, std::int64_t epoch, std::uint32_t sample) {
  std::vector<float> noise(values.size());
  Random(seed, "fit.noise", static_cast<std::uint32_t>(epoch)).normal(sample, noise);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] += static_cast<float>(sigma) * noise[i];
}

}  // namespace ganymede::fit
