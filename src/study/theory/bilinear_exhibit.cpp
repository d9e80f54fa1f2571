#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "picture/scatter.hpp"
#include "study/theory/exhibit.hpp"
#include "theory/bilinear_game.hpp"

namespace ganymede::study {
namespace {

using theory::Players;
using theory::Turns;

constexpr double kStepLength = 0.1;
constexpr int kTurnSteps = 126;  // two turns of 2 pi / eta steps
constexpr picture::Colour kSpiralColour{213, 94, 0}, kOrbitColour{0, 114, 178}, kFlowColour{150, 150, 150};

std::vector<float> xy_of(const std::vector<Players>& places) {
  std::vector<float> xy;
  for (const Players& at : places) {
    xy.push_back(static_cast<float>(at.x));
    xy.push_back(static_cast<float>(at.y));
  }
  return xy;
}

picture::Image paths(double eta, int steps, double end) {
  const Players from{.x = 1, .y = 0};
  std::vector<Players> circle;
  for (int i = 0; i <= 200; ++i) circle.push_back(theory::flow(from, 2 * std::numbers::pi * i / 200));
  const auto spiral = xy_of(theory::walk(Turns::simultaneous, from, eta, steps)),
             orbit = xy_of(theory::walk(Turns::alternating, from, eta, steps));
  // The field of the flow: x descends xy, y ascends it.
  picture::Arrows field{.name = "gradients", .xy = {}, .along = {}, .scale = 0.11, .colour = {205, 205, 205}};
  for (int row = -4; row <= 4; ++row) {
    for (int column = -4; column <= 4; ++column) {
      const double x = end * column / 4.5, y = end * row / 4.5;
      field.xy.insert(field.xy.end(), {static_cast<float>(x), static_cast<float>(y)});
      field.along.insert(field.along.end(), {static_cast<float>(-y), static_cast<float>(x)});
    }
  }
  return picture::draw(picture::ScatterPlot{
      .title = fmt::format("min over x, max over y of x y, steps of {:g}", eta),
      .x = {-end, end},
      .y = {-end, end},
      .threads = {{.name = "flow", .lines = {xy_of(circle)}, .colour = kFlowColour, .width = 1.5},
                  {.name = "simultaneous", .lines = {spiral}, .colour = kSpiralColour, .width = 1.4},
                  {.name = "alternating", .lines = {orbit}, .colour = kOrbitColour, .width = 1.4}},
      .clouds = {{.name = "a simultaneous step", .xy = spiral, .colour = kSpiralColour, .radius = 1.9},
                 {.name = "an alternating one", .xy = orbit, .colour = kOrbitColour, .radius = 1.9},
                 {.name = "equilibrium", .xy = {0, 0}, .colour = {0, 0, 0}, .radius = 4}},
      .arrows = {field},
      .side = 460});
}

void add_radii(Exhibit& exhibit) {
  const Players from{.x = 1, .y = 0};
  std::vector<picture::Series> series;
  const auto radius = [&](const std::string& name, Turns turns, picture::Colour colour) {
    picture::Series one{.name = name, .x = {}, .y = {}, .colour = colour};
    const auto places = theory::walk(turns, from, kStepLength, 4 * kTurnSteps);
    for (std::size_t t = 0; t < places.size(); ++t) {
      one.x.push_back(static_cast<double>(t));
      one.y.push_back(places[t].radius());
    }
    return one;
  };
  series.push_back(radius("simultaneous: (1 + eta^2)^(t/2)", Turns::simultaneous, kSpiralColour));
  series.push_back(radius("alternating: between the half axes of its ellipse", Turns::alternating, kOrbitColour));
  auto flow = series_of("flow: 1", 0, 4 * kTurnSteps, 2, [](double) { return 1.0; });
  flow.colour = kFlowColour;
  series.push_back(flow);
  exhibit.add(curves_plot("How far from the equilibrium", "steps t", "radius", std::move(series),
                          fmt::format("Steps of {:g}. Neither way comes nearer to the equilibrium.", kStepLength)));
}

}  // namespace

Exhibit bilinear_exhibit(const TheoryContext& context) {
  Exhibit exhibit;
  exhibit.add(page::Paragraph{
      "The smallest game of two players: x descends x y, y ascends it. The one equilibrium is (0, 0). If both step at "
      "once, x' = x - eta y and y' = y + eta x, each step makes the radius sqrt(1 + eta^2) times as long: a spiral "
      "out. If y answers the x that has moved, y' = y + eta x', the steps stay on the ellipse x^2 - eta x y + y^2 = "
      "const, for ever. Only steps of length 0, the flow, keep the circle."});
  const Players from{.x = 1, .y = 0};
  exhibit.add(context.figures.png("min-max-xy", in_a_row({paths(kStepLength, kTurnSteps, 2.2), paths(0.5, 26, 4.4)}),
                                  "From (1, 0): simultaneous steps spiral out, alternating ones orbit, the flow is a "
                                  "circle. At the right steps five times as long; what lies outside is not shown."));
  add_radii(exhibit);
  double worst_spiral = 0, worst_orbit = 0, least = 2, largest = 0;
  page::Table table{.head = {"steps t", "simultaneous", "(1 + eta^2)^(t/2)", "alternating", "x^2 - eta x y + y^2"},
                    .rows = {},
                    .caption = fmt::format("Radii after t steps of {:g} from (1, 0).", kStepLength)};
  const auto spiral = theory::walk(Turns::simultaneous, from, kStepLength, 10 * kTurnSteps),
             orbit = theory::walk(Turns::alternating, from, kStepLength, 10 * kTurnSteps);
  for (std::size_t t = 0; t < spiral.size(); ++t) {
    const double exact = theory::spiral_radius(1, kStepLength, static_cast<int>(t));
    worst_spiral = std::max(worst_spiral, std::abs(spiral[t].radius() / exact - 1));
    worst_orbit = std::max(worst_orbit, std::abs(theory::orbit_invariant(orbit[t], kStepLength) - 1));
    least = std::min(least, orbit[t].radius());
    largest = std::max(largest, orbit[t].radius());
    if (t == 1 || t == 10 || t == 63 || t == 126 || t == 1260) {
      table.rows.push_back({fmt::format("{}", t), fmt::format("{:.10f}", spiral[t].radius()),
                            fmt::format("{:.10f}", exact), fmt::format("{:.10f}", orbit[t].radius()),
                            fmt::format("{:.12f}", theory::orbit_invariant(orbit[t], kStepLength))});
    }
  }
  exhibit.add(std::move(table));
  const theory::Radii radii = theory::orbit_radii(from, kStepLength);
  exhibit.findings.push_back(
      {.claim = "Simultaneous steps spiral out with the radius (1 + eta^2)^(t/2).",
       .verdict = worst_spiral < 1e-12 ? kConfirmed : kRefuted,
       .evidence = fmt::format("{} steps: the relative difference is at most {:.0e}", 10 * kTurnSteps, worst_spiral)});
  exhibit.findings.push_back(
      {.claim = "Alternating steps orbit on an ellipse.",
       .verdict = worst_orbit < 1e-12 && least >= radii.least - 1e-9 && largest <= radii.largest + 1e-9 ? kConfirmed
                                                                                                        : kRefuted,
       .evidence = fmt::format("{} steps: x^2 - eta x y + y^2 moved by at most {:.0e}; radii from {:.6f} to {:.6f}, "
                               "half axes {:.6f} and {:.6f}",
                               10 * kTurnSteps, worst_orbit, least, largest, radii.least, radii.largest)});
  exhibit.numbers = {{"eta", kStepLength},
                     {"steps", 10 * kTurnSteps},
                     {"spiral_difference", worst_spiral},
                     {"invariant_difference", worst_orbit},
                     {"least_radius", least},
                     {"largest_radius", largest}};
  return exhibit;
}

}  // namespace ganymede::study
