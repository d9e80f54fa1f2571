#include "engine/game/penalty_rule.hpp"

#include <cmath>

#include "base/philox.hpp"

namespace ganymede::engine {

using play::Penalty;

PenaltyDraws draw_penalty(Penalty kind, std::uint64_t seed, std::uint32_t step, std::int64_t count,
                          std::int64_t features) {
  PenaltyDraws draws;
  if (kind != Penalty::wgan_gp && kind != Penalty::dragan) return draws;
  draws.shares.resize(static_cast<std::size_t>(count));
  const Random shares(seed, "penalty.shares", step);
  for (std::size_t n = 0; n < draws.shares.size(); ++n)
    shares.uniform(static_cast<std::uint32_t>(n), std::span(draws.shares).subspan(n, 1));
  if (kind != Penalty::dragan) return draws;
  const auto size = static_cast<std::size_t>(features);
  draws.offsets.resize(draws.shares.size() * size);
  const Random offsets(seed, "penalty.offsets", step);
  for (std::size_t n = 0; n < draws.shares.size(); ++n)
    offsets.uniform(static_cast<std::uint32_t>(n), std::span(draws.offsets).subspan(n * size, size));
  return draws;
}

namespace {

template <class T>
double deviation_of(std::span<const T> values) {
  const auto count = static_cast<double>(values.size());
  double mean = 0, squares = 0;
  for (const T v : values) mean += v;
  mean /= count;
  for (const T v : values) squares += (v - mean) * (v - mean);
  return std::sqrt(squares / count);
}

}  // namespace

template <class T>
std::vector<T> penalty_points(Penalty kind, std::span<const T> real, std::span<const T> fake,
                              const PenaltyDraws& draws) {
  if (kind == Penalty::r2) return {fake.begin(), fake.end()};
  std::vector<T> points(real.begin(), real.end());
  if (draws.shares.empty()) return points;
  const std::size_t features = points.size() / draws.shares.size();
  const double half = kind == Penalty::dragan ? deviation_of(real) / 2 : 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double share = draws.shares[i / features];
    points[i] = static_cast<T>(kind == Penalty::dragan ? real[i] + share * half * draws.offsets[i]
                                                       : share * real[i] + (1 - share) * fake[i]);
  }
  return points;
}

template <class T>
double penalty_direction(const play::Game& game, double factor, std::int64_t count, std::span<T> slopes) {
  const std::size_t features = slopes.size() / static_cast<std::size_t>(count);
  const double weight = game.penalty_weight / static_cast<double>(count);
  const bool of_squares = game.penalty == Penalty::r1 || game.penalty == Penalty::r2;
  double value = 0;
  for (std::size_t n = 0; n < static_cast<std::size_t>(count); ++n) {
    const std::span<T> g = slopes.subspan(n * features, features);
    double squares = 0;
    for (const T v : g) squares += static_cast<double>(v) * static_cast<double>(v);
    const double norm = std::sqrt(squares);
    value += of_squares ? weight / 2 * squares : weight * (norm - 1) * (norm - 1);
    const double along = of_squares ? weight : norm > 0 ? 2 * weight * (norm - 1) / norm : 0;
    for (T& v : g) v = static_cast<T>(factor * along * v);
  }
  return value;
}

bool has_penalty(const play::Game& game, std::int64_t updates) {
  return game.penalty != Penalty::none && updates % game.penalty_interval == 0;
}

template std::vector<float> penalty_points(Penalty, std::span<const float>, std::span<const float>,
                                           const PenaltyDraws&);
template std::vector<double> penalty_points(Penalty, std::span<const double>, std::span<const double>,
                                            const PenaltyDraws&);
template double penalty_direction(const play::Game&, double, std::int64_t, std::span<float>);
template double penalty_direction(const play::Game&, double, std::int64_t, std::span<double>);

}  // namespace ganymede::engine
