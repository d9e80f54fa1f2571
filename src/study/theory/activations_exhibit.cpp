#include <fmt/format.h>

#include "study/theory/exhibit.hpp"
#include "theory/curves.hpp"

namespace ganymede::study {
namespace {

constexpr double kNoSlope = 0.01, kReachOfCurves = 3;

std::vector<picture::Series> bent_or_bounded(bool bounded, bool slopes) {
  std::vector<picture::Series> all;
  int colour = 0;
  for (const theory::Curve& one : theory::activation_curves()) {
    if (one.bounded != bounded) continue;
    const double reach = one.name.starts_with("relu with") ? 8 : kReachOfCurves;
    picture::Series series =
        series_of(one.name, bounded ? -6 : -reach, bounded ? 8 : reach, 281, slopes ? one.slope : one.value);
    series.colour = picture::series_colour(colour++);
    all.push_back(std::move(series));
  }
  return all;
}

}  // namespace

// S-LATENT L8: the figure of all activation functions' curves, with their derivatives.
Exhibit activations_exhibit(const TheoryContext&) {
  Exhibit exhibit;
  exhibit.add(page::Paragraph{
      "What a unit does with its sum. Those that are bent at 0 differ in what they let through below it; those that "
      "are bounded saturate: far out their slope is 0, and with it the gradient of everything before them. A ReLU "
      "whose sum is below 0 for every sample is dead: its slope is 0 for all of them, so it never changes again."});
  for (const bool bounded : {false, true}) {
    const std::string kind = bounded ? "Bounded" : "Bent at zero";
    exhibit.add(curves_plot(kind + ": values", "x", "f(x)", bent_or_bounded(bounded, false), ""));
    exhibit.add(curves_plot(kind + ": slopes", "x", "f'(x)", bent_or_bounded(bounded, true),
                            bounded ? "The sigmoid's slope is at most 1/4, tanh's at most 1: of two equal networks the "
                                      "sigmoid's gradients fall four times as fast, layer by layer."
                                    : ""));
  }
  page::Table table{.head = {"function", "f(x)", "lets no gradient pass"},
                    .rows = {},
                    .caption = fmt::format("At the right the share of values drawn from N(0, 1) at which the slope is "
                                           "below {}.",
                                           kNoSlope)};
  exhibit.numbers = nlohmann::ordered_json::array();
  for (const theory::Curve& one : theory::activation_curves()) {
    const double share = theory::share_without_slope(one, kNoSlope);
    table.rows.push_back({one.name, one.formula, fmt::format("{:.1f} %", 100 * share)});
    exhibit.numbers.push_back({{"name", one.name}, {"formula", one.formula}, {"share_without_slope", share}});
  }
  exhibit.add(std::move(table));
  return exhibit;
}

}  // namespace ganymede::study
