#include "measure/ms_ssim.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"

namespace ganymede::measure {
namespace {

constexpr double kWeights[] = {.0448, .2856, .3001, .2363, .1333};
constexpr std::int64_t kWindow = 11;
constexpr double kDeviation = 1.5;
constexpr double kC1 = (.01 * 255) * (.01 * 255), kC2 = (.03 * 255) * (.03 * 255);

/// One channel of a picture.
struct Plane {
  std::int64_t height = 0, width = 0;
  std::vector<double> values{};

  double at(std::int64_t y, std::int64_t x) const { return values[static_cast<std::size_t>(y * width + x)]; }
};

Plane plane(std::int64_t height, std::int64_t width) {
  return {height, width, std::vector<double>(static_cast<std::size_t>(height * width))};
}

std::vector<double> gaussian(const SsimScales& scales) {
  std::vector<double> taps;
  const double middle = static_cast<double>(scales.window - 1) / 2;
  for (std::int64_t i = 0; i < scales.window; ++i) {
    const double away = (static_cast<double>(i) - middle) / scales.deviation;
    taps.push_back(std::exp(-away * away / 2));
  }
  const double sum = std::accumulate(taps.begin(), taps.end(), 0.0);
  for (double& tap : taps) tap /= sum;
  return taps;
}

/// Means by the Gaussian around every place whose window is whole: along rows, then along columns.
Plane blurred(const Plane& from, const std::vector<double>& taps) {
  const auto reach = static_cast<std::int64_t>(taps.size()) - 1;
  Plane rows = plane(from.height, from.width - reach), out = plane(from.height - reach, from.width - reach);
  const auto add = [&](const Plane& source, std::int64_t down, Plane& to) {
    for (std::int64_t y = 0; y < to.height; ++y) {
      double* sums = to.values.data() + y * to.width;
      for (std::size_t t = 0; t < taps.size(); ++t) {
        const auto step = static_cast<std::int64_t>(t);
        const double* values = source.values.data() + (y + step * down) * source.width + step * (1 - down);
        for (std::int64_t x = 0; x < to.width; ++x) sums[x] += taps[t] * values[x];
      }
    }
  };
  add(from, 0, rows);
  add(rows, 1, out);
  return out;
}

Plane product(const Plane& a, const Plane& b) {
  Plane out = a;
  std::ranges::transform(a.values, b.values, out.values.begin(), std::multiplies<>());
  return out;
}

Plane halved(const Plane& from) {
  Plane out = plane(from.height / 2, from.width / 2);
  for (std::int64_t y = 0; y < out.height; ++y) {
    for (std::int64_t x = 0; x < out.width; ++x) {
      out.values[static_cast<std::size_t>(y * out.width + x)] =
          (from.at(2 * y, 2 * x) + from.at(2 * y, 2 * x + 1) + from.at(2 * y + 1, 2 * x) +
           from.at(2 * y + 1, 2 * x + 1)) /
          4;
    }
  }
  return out;
}

/// Mean over the places of contrast and structure, and with the luminance.
struct Similarity {
  double structure = 0, whole = 0;
};
Similarity similarity(const Plane& a, const Plane& b, const std::vector<double>& taps) {
  const Plane mean_a = blurred(a, taps), mean_b = blurred(b, taps), square_a = blurred(product(a, a), taps),
              square_b = blurred(product(b, b), taps), across = blurred(product(a, b), taps);
  Similarity sum;
  for (std::size_t i = 0; i < mean_a.values.size(); ++i) {
    const double ma = mean_a.values[i], mb = mean_b.values[i];
    const double varied = square_a.values[i] - ma * ma + square_b.values[i] - mb * mb;
    const double structure = (2 * (across.values[i] - ma * mb) + kC2) / (varied + kC2);
    sum.structure += structure;
    sum.whole += structure * (2 * ma * mb + kC1) / (ma * ma + mb * mb + kC1);
  }
  const auto places = static_cast<double>(mean_a.values.size());
  return {sum.structure / places, sum.whole / places};
}

std::vector<Plane> planes_of(std::span<const float> picture, const PictureSize& size) {
  std::vector<Plane> planes;
  for (std::int64_t c = 0; c < size.channels; ++c) {
    const auto values = picture.subspan(static_cast<std::size_t>(c * size.height * size.width),
                                        static_cast<std::size_t>(size.height * size.width));
    planes.push_back({size.height, size.width, {values.begin(), values.end()}});
  }
  return planes;
}

}  // namespace

SsimScales ssim_scales(std::int64_t height, std::int64_t width) {
  std::int64_t side = std::min(height, width);
  if (side < 3) fail<ShapeError>("ms_ssim: wanted pictures of 3 x 3 pixels or more, found {} x {}", height, width);
  SsimScales scales;
  if (side < kWindow) {
    scales.window = side - 1 + side % 2;
    scales.deviation = kDeviation * static_cast<double>(scales.window) / static_cast<double>(kWindow);
    scales.weights = {1};
    return scales;
  }
  for (const double weight : kWeights) {
    if (side < kWindow) break;
    scales.weights.push_back(weight);
    side /= 2;
  }
  const double sum = std::accumulate(scales.weights.begin(), scales.weights.end(), 0.0);
  for (double& weight : scales.weights) weight /= sum;
  return scales;
}

double ms_ssim(std::span<const float> first, std::span<const float> second, const PictureSize& size,
               const SsimScales& scales) {
  if (std::ssize(first) != size.values() || std::ssize(second) != size.values()) {
    fail<ShapeError>("ms_ssim: wanted two pictures of {} values, found {} and {}", size.values(), first.size(),
                     second.size());
  }
  const std::vector<double> taps = gaussian(scales);
  std::vector<Plane> a = planes_of(first, size), b = planes_of(second, size);
  double all = 1;
  for (std::size_t s = 0; s < scales.weights.size(); ++s) {
    double sum = 0;
    for (std::size_t c = 0; c < a.size(); ++c) {
      const Similarity found = similarity(a[c], b[c], taps);
      const bool coarsest = s + 1 == scales.weights.size();
      sum += coarsest ? found.whole : found.structure;
      if (!coarsest) a[c] = halved(a[c]), b[c] = halved(b[c]);
    }
    all *= std::pow(std::max(0.0, sum / static_cast<double>(size.channels)), scales.weights[s]);
  }
  return all;
}

}  // namespace ganymede::measure
