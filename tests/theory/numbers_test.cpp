// The explorer's Theory page computes the same formulas in the browser. web/tests/theory_numbers.txt, lines of a number
// and its name, is what both are held to: src/theory by this test, the page by web/tests/theory_math.test.mjs.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <map>
#include <sstream>

#include "base/file.hpp"
#include "theory/bilinear_game.hpp"
#include "theory/curves.hpp"
#include "theory/divergence.hpp"
#include "theory/families.hpp"
#include "theory/losses.hpp"
#include "theory/shift_game.hpp"
#include "theory/three_weights.hpp"

namespace ganymede::theory {
namespace {

using Numbers = std::vector<std::pair<std::string, double>>;

void add_densities(Numbers& numbers) {
  const Density two{
      .parts = {{.mean = {-2}, .deviation = {0.6}, .weight = 1}, {.mean = {2}, .deviation = {0.8}, .weight = 0.5}}};
  const std::array<std::pair<Density, Density>, 4> pairs = {
      {{normal(0), normal(1)}, {normal(0), normal(0, 3)}, {normal(0), normal(6)}, {two, normal(0, 1.8)}}};
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto& [p, q] = pairs[i];
    const std::array both = {p, q};
    const Lattice lattice = lattice_around(both, 1201);
    const std::string name = fmt::format("pair{}.", i);
    numbers.emplace_back(name + "kl", kl(p, q, lattice));
    numbers.emplace_back(name + "kl_back", kl(q, p, lattice));
    numbers.emplace_back(name + "js_bits", bits(js(p, q, lattice)));
    numbers.emplace_back(name + "optimal_value", optimal_value(p, q, lattice));
    for (const double x : {-2.5, 0.5, 3.0}) {
      const std::span<const double> at(&x, 1);
      numbers.emplace_back(fmt::format("{}log_at({})", name, x), p.log_at(at));
      numbers.emplace_back(fmt::format("{}best({})", name, x), optimal_discriminator(p, q, at));
      numbers.emplace_back(fmt::format("{}kl_integrand({})", name, x), kl_integrand(p, q, at));
      numbers.emplace_back(fmt::format("{}js_integrand({})", name, x), js_integrand(p, q, at));
    }
    numbers.emplace_back(name + "half_sure", game_value(
                                                 p, q, [&](auto x) { return 0.5 * optimal_logit(p, q, x); }, lattice));
  }
  numbers.emplace_back("kl_of_normals(0,1,2,0.5)", kl_of_normals(0, 1, 2, 0.5));
}

void add_losses(Numbers& numbers) {
  for (const double s : {-6.0, -0.5, 0.0, 2.0}) {
    for (const GeneratorLoss loss : {GeneratorLoss::saturating, GeneratorLoss::non_saturating}) {
      const std::string name =
          fmt::format("{}({})", loss == GeneratorLoss::saturating ? "saturating" : "non_saturating", s);
      numbers.emplace_back("loss." + name, generator_loss(loss, s));
      numbers.emplace_back("slope." + name, generator_slope(loss, s));
    }
    numbers.emplace_back(fmt::format("bce({},0.3)", s), binary_cross_entropy(s, 0.3));
    numbers.emplace_back(fmt::format("d_loss(1,{})", s), discriminator_loss(1, s));
  }
  for (const double d : {1.0, 4.0}) {
    for (const GeneratorLoss loss : {GeneratorLoss::saturating, GeneratorLoss::non_saturating}) {
      const std::string name =
          fmt::format("{}({})", loss == GeneratorLoss::saturating ? "saturating" : "non_saturating", d);
      numbers.emplace_back("gradient." + name, gradient_of_shifted(loss, d, d + 0.5));
      numbers.emplace_back("mean_gradient." + name, mean_gradient_of_shifted(loss, d).mean);
    }
  }
}

void add_games(Numbers& numbers) {
  const Players from{.x = 0.8, .y = -0.6};
  for (const Turns turns : {Turns::simultaneous, Turns::alternating}) {
    const Players end = walk(turns, from, 0.25, 40).back();
    const std::string name = turns == Turns::simultaneous ? "simultaneous." : "alternating.";
    numbers.emplace_back(name + "x", end.x);
    numbers.emplace_back(name + "y", end.y);
  }
  numbers.emplace_back("spiral_radius", spiral_radius(1, 0.25, 40));
  numbers.emplace_back("orbit_invariant", orbit_invariant(from, 0.25));
  numbers.emplace_back("orbit_least", orbit_radii(from, 0.25).least);
  numbers.emplace_back("orbit_largest", orbit_radii(from, 0.25).largest);
  numbers.emplace_back("flow.x", flow(from, 2.5).x);
  for (const int k : {0, 1, 2, 5}) {
    for (const GeneratorLoss loss : {GeneratorLoss::saturating, GeneratorLoss::non_saturating}) {
      const auto places = play({.theta = -1}, loss, k, {.generator = 0.3, .discriminator = 0.5}, 400);
      const std::string name =
          fmt::format("shift.{}({})", loss == GeneratorLoss::saturating ? "saturating" : "non_saturating", k);
      numbers.emplace_back(name, places.back().theta);
      numbers.emplace_back(name + ".work", places.back().work);
    }
  }
}

void add_networks(Numbers& numbers) {
  for (const Curve& curve : activation_curves()) {
    for (const double x : {-2.0, -0.5, 0.5, 7.0}) {
      numbers.emplace_back(fmt::format("{}({})", curve.name, x), curve.value(x));
      numbers.emplace_back(fmt::format("{}'({})", curve.name, x), curve.slope(x));
    }
    numbers.emplace_back(curve.name + ".flat", share_without_slope(curve, 0.05));
  }
  const ThreeWeights begin = {-2, 2, 0.3}, slope = slope_of(begin);
  const auto places = descend(begin, 0.25, 300);
  numbers.emplace_back("three.loss", loss_of(begin));
  for (std::size_t i = 0; i < 3; ++i) {
    numbers.emplace_back(fmt::format("three.slope{}", i), slope[i]);
    numbers.emplace_back(fmt::format("three.end{}", i), places.back()[i]);
  }
  for (const Family& family : families()) {
    // Of its words the number of letters: the table is the same word by word, or a word has changed.
    numbers.emplace_back("family." + family.name,
                         static_cast<double>((family.example + family.density + family.training + family.likelihood +
                                              family.sampling + family.compression)
                                                 .size()) +
                             (family.representation ? 0.5 : 0));
  }
}

TEST(TheoryNumbers, AreThoseOfTheFileThatTheExplorersPageIsHeldTo) {
  Numbers numbers;
  add_densities(numbers);
  add_losses(numbers);
  add_games(numbers);
  add_networks(numbers);
  std::string wanted;
  for (const auto& [name, value] : numbers) wanted += fmt::format("{:.15g} {}\n", value, name);

  std::map<std::string, double> kept;
  std::istringstream lines(read_file(std::string(GANYMEDE_SOURCE_DIR) + "/web/tests/theory_numbers.txt"));
  double value = 0;
  for (std::string name; lines >> value && std::getline(lines >> std::ws, name);) kept[name] = value;
  EXPECT_EQ(kept.size(), numbers.size());
  for (const auto& [name, found] : numbers) {
    ASSERT_TRUE(kept.contains(name)) << name << " is not in web/tests/theory_numbers.txt, which should be:\n" << wanted;
    EXPECT_NEAR(kept[name], found, 1e-12 * std::max(1.0, std::abs(found))) << name;
  }
}

}  // namespace
}  // namespace ganymede::theory
