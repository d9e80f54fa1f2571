#include "theory/shift_game.hpp"

#include <array>
#include <cmath>
#include <numbers>

#include "base/portable_math.hpp"

namespace ganymede::theory {
namespace {

constexpr int kShiftPoints = 81;
constexpr double kShiftReach = 6;
constexpr double kShiftStep = 2 * kShiftReach / (kShiftPoints - 1);

// The mean of f over N(mean, 1).
template <class F>
double mean_over(double mean, F&& f) {
  static const double kTop = 1 / std::sqrt(2 * std::numbers::pi);
  double sum = 0;
  for (int i = 0; i < kShiftPoints; ++i) {
    const double away = -kShiftReach + kShiftStep * i;
    sum += portable_exp(-away * away / 2) * kTop * kShiftStep * f(mean + away);
  }
  return sum;
}

}  // namespace

ShiftGame with_best_discriminator(ShiftGame game) {
  return {.theta = game.theta,
          .a = kShiftedMean - game.theta,
          .b = (game.theta * game.theta - kShiftedMean * kShiftedMean) / 2};
}

ShiftGame discriminator_step(ShiftGame game, double rate) {
  const auto share = [&](double x) { return portable_sigmoid(game.a * x + game.b); };
  const double by_a = mean_over(kShiftedMean, [&](double x) { return (share(x) - 1) * x; }) +
                      mean_over(game.theta, [&](double x) { return share(x) * x; }),
               by_b = mean_over(kShiftedMean, [&](double x) { return share(x) - 1; }) + mean_over(game.theta, share);
  return {.theta = game.theta, .a = game.a - rate * by_a, .b = game.b - rate * by_b};
}

ShiftGame generator_step(ShiftGame game, GeneratorLoss loss, double rate) {
  const double slope =
      mean_over(game.theta, [&](double x) { return generator_slope(loss, game.a * x + game.b) * game.a; });
  return {.theta = game.theta - rate * slope, .a = game.a, .b = game.b};
}

std::vector<ShiftPlace> play(ShiftGame from, GeneratorLoss loss, int k, ShiftRates rates, int most_work, int converge) {
  std::vector<ShiftPlace> places = {{.work = 0, .theta = from.theta}};
  const int each = (k == 0 ? converge : k) + 1;
  while (places.back().work + each <= most_work) {
    if (k == 0) from = with_best_discriminator(from);
    for (int i = 0; i < k; ++i) from = discriminator_step(from, rates.discriminator);
    from = generator_step(from, loss, rates.generator);
    places.push_back({.work = places.back().work + each, .theta = from.theta});
  }
  return places;
}

}  // namespace ganymede::theory
