#include "measure/frechet.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace ganymede::measure {
namespace {

using Solver = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>;

Eigen::Map<const Eigen::VectorXd> mean(const Moments& moments) {
  return {moments.mean.data(), moments.dim()};
}

Eigen::Map<const Eigen::MatrixXd> covariance(const Moments& moments) {
  return {moments.covariance.data(), moments.dim(), moments.dim()};
}

void check(const Moments& moments, const char* what) {
  if (!mean(moments).allFinite() || !covariance(moments).allFinite()) {
    fail<DataError>("frechet_distance: {}: a mean or covariance is not finite", what);
  }
}

Eigen::MatrixXd root(const Eigen::MatrixXd& symmetric) {
  const Solver solver(symmetric);
  const Eigen::VectorXd roots = solver.eigenvalues().cwiseMax(0).cwiseSqrt();
  return solver.eigenvectors() * roots.asDiagonal() * solver.eigenvectors().transpose();
}

/// One accumulator a group. Serial within: groups are the tasks.
std::vector<MomentAccumulator> accumulate(const Features& rows, const FrechetOptions& options, ThreadPool& pool) {
  std::vector<MomentAccumulator> groups(static_cast<std::size_t>(options.groups), MomentAccumulator(rows.dim));
  const std::int64_t samples = rows.count() / options.rows_a_sample;
  for (std::int64_t g = 0; g < options.groups; ++g) {
    for (std::int64_t i = g; i < samples; i += options.groups) {
      groups[static_cast<std::size_t>(g)].add(rows.slice(i * options.rows_a_sample, options.rows_a_sample), pool);
    }
  }
  return groups;
}

Moments without(const std::vector<MomentAccumulator>& groups, std::int64_t left_out) {
  const auto first = static_cast<std::size_t>(left_out == 0 ? 1 : 0);
  MomentAccumulator all = groups[first];
  for (std::size_t g = first + 1; g < groups.size(); ++g) {
    if (static_cast<std::int64_t>(g) != left_out) all.merge(groups[g]);
  }
  return all.moments();
}

void check(const RealAndFake& sets, const FrechetOptions& options) {
  check(sets, 2, "frechet_distance");
  if (options.groups < 2 || options.rows_a_sample < 1) {
    fail<ConfigError>("frechet_distance: wanted 2 groups or more of samples with 1 row or more, found {} and {}",
                      options.groups, options.rows_a_sample);
  }
  for (const Features& set : {sets.real, sets.fake}) {
    const std::int64_t samples = set.count() / options.rows_a_sample;
    if (set.count() % options.rows_a_sample != 0 || samples < 2 * options.groups) {
      fail<ConfigError>("frechet_distance: wanted 2 samples or more of {} rows for each of {} groups, found {} rows",
                        options.rows_a_sample, options.groups, set.count());
    }
  }
}

}  // namespace

double frechet_distance(const RealAndFakeMoments& moments) {
  const auto& [real, fake] = moments;
  if (real.dim() != fake.dim()) {
    fail<ShapeError>("frechet_distance: wanted features of one length, found {} for real and {} for fake", real.dim(),
                     fake.dim());
  }
  check(real, "real");
  check(fake, "fake");
  const Eigen::MatrixXd a = root(covariance(real));
  Eigen::MatrixXd inner = a * covariance(fake) * a;
  inner = (inner + inner.transpose().eval()) / 2;
  const Solver solver(inner, Eigen::EigenvaluesOnly);
  const double cross = solver.eigenvalues().cwiseMax(0).cwiseSqrt().sum();
  return (mean(real) - mean(fake)).squaredNorm() + covariance(real).trace() + covariance(fake).trace() - 2 * cross;
}

double frechet_distance(const RealAndFake& sets, ThreadPool& pool) {
  check(sets, 2, "frechet_distance");
  return frechet_distance({.real = moments_of(sets.real, pool), .fake = moments_of(sets.fake, pool)});
}

FrechetEstimate estimate_frechet(const RealAndFake& sets, ThreadPool& pool, const FrechetOptions& options) {
  check(sets, options);
  const auto real = accumulate(sets.real, options, pool), fake = accumulate(sets.fake, options, pool);
  std::vector<double> values(static_cast<std::size_t>(options.groups));
  pool.run(options.groups, [&](std::int64_t g, int) {
    values[static_cast<std::size_t>(g)] = frechet_distance({.real = without(real, g), .fake = without(fake, g)});
  });
  const double value = frechet_distance(sets, pool);
  return {value, jackknife(value, values, options.level)};
}

FeatureMatrix rows_of_positions(std::span<const float> maps, std::int64_t channels, std::int64_t positions) {
  if (channels < 1 || positions < 1 || maps.size() % static_cast<std::size_t>(channels * positions) != 0) {
    fail<ShapeError>("feature maps: wanted whole maps of {} channels and {} positions, found {} values", channels,
                     positions, maps.size());
  }
  FeatureMatrix out{.values = std::vector<float>(maps.size()), .dim = channels};
  const auto c = static_cast<std::size_t>(channels), p = static_cast<std::size_t>(positions);
  for (std::size_t i = 0; i < maps.size(); ++i) {
    const std::size_t sample = i / (c * p), channel = i / p % c, position = i % p;
    out.values[(sample * p + position) * c + channel] = maps[i];
  }
  return out;
}

}  // namespace ganymede::measure
