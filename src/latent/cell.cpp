#include "latent/cell.hpp"

#include <algorithm>
#include <cmath>

namespace ganymede::latent {
namespace {

template <class A, class B>
double dot(const A& a, const B& b) {
  double sum = 0;
  for (std::size_t i = 0; i < std::size(a); ++i) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return sum;
}

}  // namespace

Cell::Cell(const Partition& partition, int c) {
  const auto own = partition.centroid(c);
  for (int j = 0; j < partition.classes(); ++j) {
    if (j == c) continue;
    const auto other = partition.centroid(j);
    Side side;
    for (std::size_t i = 0; i < own.size(); ++i) {
      side.normal.push_back(static_cast<double>(own[i]) - static_cast<double>(other[i]));
    }
    side.threshold = (dot(own, own) - dot(other, other)) / 2;
    side.at_centroid = dot(side.normal, side.normal) / 2;
    sides_.push_back(std::move(side));
  }
  std::stable_sort(sides_.begin(), sides_.end(), [](const Side& a, const Side& b) {
    return a.threshold / std::sqrt(a.at_centroid) > b.threshold / std::sqrt(b.at_centroid);
  });
  for (Side& side : sides_) {
    std::vector<double> rest = side.normal;
    side.coefficients.assign(basis_.size(), 0);
    for (int pass = 0; pass < 2; ++pass) {  // once more takes out what rounding left
      for (std::size_t b = 0; b < basis_.size(); ++b) {
        const double along = dot(basis_[b], rest);
        side.coefficients[b] += along;
        for (std::size_t i = 0; i < rest.size(); ++i) rest[i] -= along * basis_[b][i];
      }
    }
    const double length = std::sqrt(dot(rest, rest));
    if (length <= 1e-9 * std::sqrt(2 * side.at_centroid)) continue;  // the earlier ones span it
    for (double& v : rest) v /= length;
    basis_.push_back(std::move(rest));
    side.coefficients.push_back(length);
  }
}

bool Cell::draw(RandomSequence& random) {
  coordinates_.clear();
  return std::all_of(sides_.begin(), sides_.end(), [&](const Side& side) {
    while (coordinates_.size() < side.coefficients.size()) coordinates_.push_back(random.normal());
    return dot(side.coefficients, coordinates_) > side.threshold;
  });
}

void Cell::place(std::span<float> z) const {
  std::vector<double> moved(z.begin(), z.end());
  for (std::size_t b = 0; b < basis_.size(); ++b) {
    const double change = coordinates_[b] - dot(basis_[b], z);
    for (std::size_t i = 0; i < moved.size(); ++i) moved[i] += change * basis_[b][i];
  }
  std::transform(moved.begin(), moved.end(), z.begin(), [](double v) { return static_cast<float>(v); });
}

double Cell::entry(std::span<const float> z0) const {
  double entry = 0;
  for (const Side& side : sides_) {
    const double at_start = dot(side.normal, z0) - side.threshold;
    if (at_start < 0) entry = std::max(entry, at_start / (at_start - side.at_centroid));
  }
  return entry;
}

}  // namespace ganymede::latent
