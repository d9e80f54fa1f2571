#include <fmt/format.h>

#include <array>
#include <cmath>
#include <numbers>

#include "base/wording.hpp"
#include "picture/scatter.hpp"
#include "study/theory/exhibit.hpp"
#include "theory/divergence.hpp"

namespace ganymede::study {
namespace {

using theory::Density;
using theory::Lattice;

constexpr int kIdentitySamples = 100'000;
constexpr picture::Colour kBestReals{0, 158, 115}, kBestFakes{0, 114, 178}, kBestJudge{213, 94, 0};

// Two densities, and what the identity says of them.
struct DensityPair {
  std::string name;
  Density p, q;
  int points;  // of the lattice, along an axis
};

std::vector<DensityPair> pairs() {
  const Density round{.parts = {{.mean = {0, 0}, .deviation = {1.2, 1.2}}}};
  const Density three{.parts = {{.mean = {-1.5, 0.5}, .deviation = {0.5, 0.9}, .weight = 2},
                                {.mean = {1, -1}, .deviation = {0.8, 0.4}, .weight = 1},
                                {.mean = {1.2, 1.4}, .deviation = {0.4, 0.4}, .weight = 1}}};
  return {{"N(0, 1) and N(1, 1)", theory::normal(0), theory::normal(1), 1201},
          {"N(0, 1) and N(1, 3^2)", theory::normal(0), theory::normal(1, 3), 2401},
          {"N(0, 1) and N(6, 1)", theory::normal(0), theory::normal(6), 1801},
          {"plane: ring of 8 and one round Gaussian", theory::ring(8, 2, 0.35), round, 221},
          {"plane: three oval Gaussians and a ring of 5", three, theory::ring(5, 1.5, 0.5), 221}};
}

struct Checked {
  double js = 0, value = 0, wanted = 0;
  theory::Sampled sampled;
};

Checked check_pair(const DensityPair& pair) {
  const std::array both = {pair.p, pair.q};
  const Lattice lattice = theory::lattice_around(both, pair.points);
  Checked checked;
  checked.js = theory::js(pair.p, pair.q, lattice);
  checked.value = theory::optimal_value(pair.p, pair.q, lattice);
  checked.wanted = -2 * std::numbers::ln2 + 2 * checked.js;
  checked.sampled = theory::sampled_optimal_value(pair.p, pair.q, kIdentitySamples, 1);
  return checked;
}

void add_identity(Exhibit& exhibit) {
  page::Table table{.head = {"densities", "JS, bit", "L(D*, G) integrated", "-2 log 2 + 2 JS", "apart",
                             "L(D*, G) of " + counted(kIdentitySamples, "sample")},
                    .rows = {},
                    .caption =
                        "The identity in nats, both sides integrated by themselves; at the right the mean over "
                        "samples, as training sees it, ± its standard error."};
  double worst = 0, furthest = 0;
  exhibit.numbers["identity"] = nlohmann::ordered_json::array();
  for (const DensityPair& pair : pairs()) {
    const Checked c = check_pair(pair);
    const double apart = std::abs(c.value - c.wanted);
    worst = std::max(worst, apart);
    furthest = std::max(furthest, std::abs(c.sampled.mean - c.value) / c.sampled.error);
    table.rows.push_back({pair.name, fmt::format("{:.4f}", theory::bits(c.js)), fmt::format("{:.10f}", c.value),
                          fmt::format("{:.10f}", c.wanted), fmt::format("{:.0e}", apart),
                          fmt::format("{:.4f} ± {:.4f}", c.sampled.mean, c.sampled.error)});
    exhibit.numbers["identity"].push_back({{"densities", pair.name},
                                           {"js_bits", theory::bits(c.js)},
                                           {"value", c.value},
                                           {"minus_two_log_two_and_two_js", c.wanted},
                                           {"sampled", c.sampled.mean},
                                           {"sampled_error", c.sampled.error}});
  }
  exhibit.add(std::move(table));
  exhibit.findings.push_back(
      {.claim = "L(D*, G) = -2 log 2 + 2 JS(p || q), in one dimension and in two.",
       .verdict = worst < 1e-10 && furthest < 5 ? kConfirmed : kRefuted,
       .evidence = fmt::format("both sides of five pairs of densities at most {:.0e} apart; means over samples within "
                               "{:.1f} standard errors",
                               worst, furthest)});
}

void add_curves(Exhibit& exhibit) {
  const Density p = theory::normal(0), q = theory::normal(1);
  const auto at = [](const auto& f) { return [f](double x) { return f(std::span<const double>(&x, 1)); }; };
  auto reals = series_of("p, reals N(0, 1)", -4, 5, 181, at([&](auto x) { return p.at(x); }));
  auto fakes = series_of("q, fakes N(1, 1)", -4, 5, 181, at([&](auto x) { return q.at(x); }));
  auto best =
      series_of("D* = p / (p + q)", -4, 5, 181, at([&](auto x) { return theory::optimal_discriminator(p, q, x); }));
  reals.colour = kBestReals, fakes.colour = kBestFakes, best.colour = kBestJudge;
  exhibit.add(curves_plot("The best discriminator", "x", "density; share of real", {reals, fakes, best},
                          "D* is 1/2 where both densities are equal, at x = 1/2, and sure of itself only far out."));

  const std::array both = {p, q};
  const Lattice lattice = theory::lattice_around(both, 601);
  auto value = series_of("L(D, G), logit of D = t times that of D*", -1, 3, 81, [&](double t) {
    return theory::game_value(
        p, q, [&](auto x) { return t * theory::optimal_logit(p, q, x); }, lattice);
  });
  const double top = theory::optimal_value(p, q, lattice);
  auto bound = series_of("-2 log 2 + 2 JS", -1, 3, 2, [&](double) { return top; });
  auto blind = series_of("-2 log 2, D = 1/2", -1, 3, 2, [&](double) { return -2 * std::numbers::ln2; });
  value.colour = kBestJudge, bound.colour = kBestReals, blind.colour = picture::Colour{150, 150, 150};
  exhibit.add(curves_plot("No discriminator does better than D*", "t: how sure D is, 1 = D*", "L(D, G), nats",
                          {value, bound, blind},
                          "t = 0 is the D that says 1/2 of everything; t > 1 is surer of itself than it may be, t < 0 "
                          "takes reals for fakes. D ascends L to the top, G then pulls the top down."));

  auto distance = series_of("-2 log 2 + 2 JS", 0, 7, 71, [&](double d) {
    const Density shifted = theory::normal(d);
    const std::array two = {p, shifted};
    return theory::optimal_value(p, shifted, theory::lattice_around(two, 801));
  });
  distance.colour = kBestJudge;
  auto zero = series_of("0: D* tells all", 0, 7, 2, [](double) { return 0.0; });
  zero.colour = picture::Colour{150, 150, 150};
  exhibit.add(curves_plot("What is left for G to descend", "d: reals N(0, 1), fakes N(d, 1)", "L(D*, G), nats",
                          {distance, zero},
                          "At the optimum p = q the value is -2 log 2 = -1.386. Far away it is flat: there is nothing "
                          "to descend."));
}

// D* over a plane.
void add_best_of_planes(Exhibit& exhibit, const TheoryContext& context) {
  std::vector<picture::Image> panels;
  for (const DensityPair& pair : {pairs()[3], pairs()[4]}) {
    constexpr int kCells = 120;
    constexpr double kEnd = 3.6;
    picture::Surface surface = surface_of_shares(
        kCells, kEnd, [&](std::span<const double> x) { return theory::optimal_discriminator(pair.p, pair.q, x); });
    const auto cloud = [](const Density& density, const char* name, const char* stream, picture::Colour colour) {
      picture::Cloud points{.name = name, .xy = {}, .colour = colour, .radius = 1.4};
      const Random random(5, stream);
      for (std::uint32_t i = 0; i < 400; ++i) {
        RandomSequence next(random, i);
        std::array<double, 2> x{};
        density.draw(next, x);
        points.xy.push_back(static_cast<float>(x[0]));
        points.xy.push_back(static_cast<float>(x[1]));
      }
      return points;
    };
    panels.push_back(
        picture::draw(picture::ScatterPlot{.title = "D*: " + pair.name.substr(7),
                                           .x = {-kEnd, kEnd},
                                           .y = {-kEnd, kEnd},
                                           .surface = std::move(surface),
                                           .clouds = {cloud(pair.q, "fakes", "theory.fake", {190, 90, 0}),
                                                      cloud(pair.p, "reals", "theory.real", {0, 70, 150})}}));
  }
  exhibit.add(
      context.figures.png("best-discriminator-plane", in_a_row(panels),
                          "The best discriminator of two pairs of densities of the plane, with samples of each: "
                          "white where both are as likely."));
}

}  // namespace

Exhibit optimal_exhibit(const TheoryContext& context) {
  Exhibit exhibit;
  exhibit.add(page::Paragraph{
      "For a fixed G, whose fakes have the density q, the game's value is L(D, G) = E_p log D(x) + E_q log(1 - D(x)). "
      "At every x the integrand p log D + q log(1 - D) is largest at D*(x) = p(x) / (p(x) + q(x)); there L(D*, G) = "
      "-2 log 2 + 2 JS(p || q). G descends the Jensen-Shannon divergence, if D is always the best one."});
  exhibit.numbers = nlohmann::ordered_json::object();
  add_curves(exhibit);
  add_identity(exhibit);
  add_best_of_planes(exhibit, context);
  return exhibit;
}

}  // namespace ganymede::study
