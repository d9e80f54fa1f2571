#include "theory/density.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "base/error.hpp"
#include "base/portable_math.hpp"

namespace ganymede::theory {
namespace {

double total_weight(const Density& density) {
  double sum = 0;
  for (const Gaussian& part : density.parts) sum += part.weight;
  return sum;
}

double log_of_part(const Gaussian& part, std::span<const double> x) {
  double log = 0;
  for (std::size_t f = 0; f < x.size(); ++f) {
    const double away = (x[f] - part.mean[f]) / part.deviation[f];
    log -= away * away / 2 + portable_log(part.deviation[f] * std::sqrt(2 * std::numbers::pi));
  }
  return log;
}

}  // namespace

double Density::log_at(std::span<const double> x) const {
  if (parts.empty() || x.size() != parts.front().mean.size())
    fail<ShapeError>("density: wanted a place of {} coordinates, found {}", parts.empty() ? 0 : dim(), x.size());
  // log sum exp about the largest term.
  std::vector<double> logs;
  double largest = -std::numeric_limits<double>::infinity();
  const double weights = total_weight(*this);
  for (const Gaussian& part : parts) {
    logs.push_back(log_of_part(part, x) + portable_log(part.weight / weights));
    largest = std::max(largest, logs.back());
  }
  if (logs.size() == 1) return largest;
  double sum = 0;
  for (const double log : logs) sum += portable_exp(log - largest);
  return largest + portable_log(sum);
}

double Density::at(std::span<const double> x) const {
  return portable_exp(log_at(x));
}

void Density::draw(RandomSequence& random, std::span<double> out) const {
  double left = random.uniform() * total_weight(*this);
  std::size_t chosen = 0;
  while (chosen + 1 < parts.size() && left >= parts[chosen].weight) left -= parts[chosen++].weight;
  for (std::size_t f = 0; f < out.size(); ++f)
    out[f] = parts[chosen].mean[f] + parts[chosen].deviation[f] * random.normal();
}

Density normal(double mean, double deviation) {
  return {.parts = {{.mean = {mean}, .deviation = {deviation}}}};
}

Density ring(int modes, double radius, double deviation) {
  Density density;
  for (int i = 0; i < modes; ++i) {
    double sine = 0, cosine = 0;
    portable_sincos_turn(static_cast<double>(i) / modes, sine, cosine);
    density.parts.push_back({.mean = {radius * cosine, radius * sine}, .deviation = {deviation, deviation}});
  }
  return density;
}

long long Lattice::count() const {
  long long all = 1;
  for (int f = 0; f < dim(); ++f) all *= points;
  return all;
}

void Lattice::place(long long i, std::span<double> x) const {
  for (std::size_t f = x.size(); f-- > 0; i /= points)
    x[f] = low[f] + (high[f] - low[f]) * static_cast<double>(i % points) / (points - 1);
}

double Lattice::cell() const {
  double size = 1;
  for (std::size_t f = 0; f < low.size(); ++f) size *= (high[f] - low[f]) / (points - 1);
  return size;
}

Lattice lattice_around(std::span<const Density> densities, int points, double reach) {
  if (densities.empty() || points < 2) fail<ShapeError>("lattice: wanted a density and two points or more");
  const auto dim = static_cast<std::size_t>(densities.front().dim());
  Lattice lattice{.low = std::vector(dim, std::numeric_limits<double>::infinity()),
                  .high = std::vector(dim, -std::numeric_limits<double>::infinity()),
                  .points = points};
  for (const Density& density : densities) {
    for (const Gaussian& part : density.parts) {
      for (std::size_t f = 0; f < dim; ++f) {
        lattice.low[f] = std::min(lattice.low[f], part.mean[f] - reach * part.deviation[f]);
        lattice.high[f] = std::max(lattice.high[f], part.mean[f] + reach * part.deviation[f]);
      }
    }
  }
  return lattice;
}

}  // namespace ganymede::theory
