#include "study/class_nearness.hpp"

#include <cmath>

#include "base/error.hpp"

namespace ganymede::study {
namespace {

// Mean and variance of every pixel of a class.
struct Moments {
  std::vector<double> mean, variance;
  double count = 0;
};

double value_of(const Tensor& images, std::size_t i) {
  return images.dtype() == DType::u8 ? images.values<std::uint8_t>()[i] / 127.5 - 1 : double{images.values<float>()[i]};
}

std::vector<Moments> moments_of(const data::Dataset& set) {
  const auto classes = static_cast<std::size_t>(set.class_count());
  const auto pixels = static_cast<std::size_t>(element_count(set.images.shape())) / set.labels.size();
  std::vector<Moments> all(classes, {std::vector<double>(pixels), std::vector<double>(pixels)});
  for (std::size_t i = 0; i < set.labels.size(); ++i) {
    Moments& m = all[static_cast<std::size_t>(set.labels[i])];
    m.count += 1;
    for (std::size_t f = 0; f < pixels; ++f) {
      const double v = value_of(set.images, i * pixels + f);
      m.mean[f] += v;
      m.variance[f] += v * v;
    }
  }
  for (Moments& m : all) {
    if (m.count == 0) fail<DataError>("{}: a class without samples", set.provenance.name);
    for (std::size_t f = 0; f < pixels; ++f) {
      m.mean[f] /= m.count;
      m.variance[f] = std::max(0.0, m.variance[f] / m.count - m.mean[f] * m.mean[f]);
    }
  }
  return all;
}

}  // namespace

std::vector<ClassNearness> class_nearness(const data::Dataset& set) {
  if (!set.has_labels() || set.class_count() < 2) fail<DataError>("{}: no classes", set.provenance.name);
  const std::vector<Moments> moments = moments_of(set);
  const std::size_t classes = moments.size();
  std::vector<ClassNearness> result(classes);
  for (std::size_t a = 0; a < classes; ++a) {
    std::size_t nearest = a;
    double least = 0;
    for (std::size_t b = 0; b < classes; ++b) {
      if (b == a) continue;
      double means = 0, spread = 0;
      const std::size_t pixels = moments[a].mean.size();
      for (std::size_t f = 0; f < pixels; ++f) {
        means += std::pow(moments[a].mean[f] - moments[b].mean[f], 2);
        spread += moments[a].variance[f] + moments[b].variance[f];
      }
      // E (x - y)^2 = (mean x - mean y)^2 + var x + var y for independent x and y.
      const double pictures = std::sqrt((means + spread) / static_cast<double>(pixels));
      result[a].pictures += pictures / static_cast<double>(classes - 1);
      result[a].means += std::sqrt(means / static_cast<double>(pixels)) / static_cast<double>(classes - 1);
      if (nearest == a || pictures < least) nearest = b, least = pictures;
    }
    result[nearest].nearest_of.push_back(static_cast<std::int32_t>(a));
  }
  return result;
}

}  // namespace ganymede::study
