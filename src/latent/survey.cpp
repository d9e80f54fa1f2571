#include "latent/survey.hpp"

#include <algorithm>
#include <cmath>

namespace ganymede::latent {
namespace {

double dot(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return sum;
}

}  // namespace

Survey survey(ClassSampler& sampler, const Partition& partition, std::int64_t count, std::uint64_t seed) {
  std::vector<std::int32_t> classes;
  for (std::int64_t i = 0; i < count; ++i) classes.push_back(static_cast<std::int32_t>(i % partition.classes()));
  const auto dim = static_cast<std::size_t>(partition.dim());
  std::vector<float> z(classes.size() * dim);
  Survey out;
  out.draws = sampler.fill_samples(seed, classes, z);
  out.components.assign(z.begin(), z.end());
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const auto row = std::span<const float>(z).subspan(i * dim, dim);
    const auto centroid = partition.centroid(classes[i]);
    out.norms.push_back(std::sqrt(dot(row, row)));
    out.along.push_back(dot(row, centroid) / std::sqrt(dot(centroid, centroid)));
  }
  return out;
}

std::vector<double> cell_masses(const Partition& partition, std::int64_t count, std::uint64_t seed) {
  std::vector<double> masses(static_cast<std::size_t>(partition.classes()), 0);
  std::vector<float> z(static_cast<std::size_t>(partition.dim()));
  for (std::int64_t i = 0; i < count; ++i) {
    sample_z({.dim = partition.dim()}, seed + static_cast<std::uint64_t>(i), z);
    masses[static_cast<std::size_t>(nearest_class(partition, z))] += 1 / static_cast<double>(count);
  }
  return masses;
}

std::vector<double> centroid_norms(const Partition& partition) {
  std::vector<double> norms;
  norms.reserve(static_cast<std::size_t>(partition.classes()));
  for (int k = 0; k < partition.classes(); ++k) {
    norms.push_back(std::sqrt(dot(partition.centroid(k), partition.centroid(k))));
  }
  return norms;
}

std::vector<double> centroid_distances(const Partition& partition) {
  std::vector<double> distances;
  for (int a = 0; a < partition.classes(); ++a) {
    for (int b = 0; b < a; ++b) {
      const auto x = partition.centroid(a), y = partition.centroid(b);
      double sum = 0;
      for (std::size_t i = 0; i < x.size(); ++i) {
        const double d = static_cast<double>(x[i]) - static_cast<double>(y[i]);
        sum += d * d;
      }
      distances.push_back(std::sqrt(sum));
    }
  }
  std::sort(distances.begin(), distances.end());
  return distances;
}

}  // namespace ganymede::latent
