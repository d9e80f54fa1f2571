#include "theory/three_weights.hpp"

#include "base/portable_math.hpp"

namespace ganymede::theory {
namespace {

constexpr int kPlaces = 41;
constexpr double kEnd = 2;

double place_of(int i) {
  return -kEnd + 2 * kEnd * i / (kPlaces - 1);
}

double tangens(double x) {
  return 2 * portable_sigmoid(2 * x) - 1;
}

double output(const ThreeWeights& w, double x) {
  return w[2] * tangens(w[0] * x + w[1]);
}

}  // namespace

double loss_of(const ThreeWeights& w) {
  double sum = 0;
  for (int i = 0; i < kPlaces; ++i) {
    const double off = output(w, place_of(i)) - output(kTaught, place_of(i));
    sum += off * off / 2;
  }
  return sum / kPlaces;
}

ThreeWeights slope_of(const ThreeWeights& w) {
  ThreeWeights slope{};
  for (int i = 0; i < kPlaces; ++i) {
    const double x = place_of(i), bend = tangens(w[0] * x + w[1]);
    const double off = (w[2] * bend - output(kTaught, x)) / kPlaces;
    const double inner = off * w[2] * (1 - bend * bend);
    slope[0] += inner * x;
    slope[1] += inner;
    slope[2] += off * bend;
  }
  return slope;
}

std::vector<ThreeWeights> descend(ThreeWeights from, double rate, int steps) {
  std::vector<ThreeWeights> places = {from};
  for (int t = 0; t < steps; ++t) {
    const ThreeWeights slope = slope_of(places.back());
    ThreeWeights next = places.back();
    for (std::size_t k = 0; k < next.size(); ++k) next[k] -= rate * slope[k];
    places.push_back(next);
  }
  return places;
}

}  // namespace ganymede::theory
