#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "picture/height_field.hpp"
#include "picture/scatter.hpp"
#include "study/theory/exhibit.hpp"
#include "theory/three_weights.hpp"

namespace ganymede::study {
namespace {

using theory::ThreeWeights;

constexpr ThreeWeights kBegin = {-2, 2, 0.3};
constexpr double kRate = 0.25;
constexpr int kDescentSteps = 1200, kFrames = 60;
constexpr double kMostLoss = 1.6;  // heights are cut there
const picture::Range kWide{-4, 4};
constexpr int kMesh = 81;

// Steps that are shown: often at first, when the point moves fast.
std::vector<int> steps_shown() {
  std::vector<int> steps;
  for (int i = 0; i < kFrames; ++i) {
    const double share = static_cast<double>(i) / (kFrames - 1);
    const int t = static_cast<int>(std::lround(kDescentSteps * share * share));
    if (steps.empty() || t > steps.back()) steps.push_back(t);
  }
  return steps;
}

// The loss over w1 and w2, row 0 at the least w2.
std::vector<double> loss_over(double w3) {
  std::vector<double> heights;
  for (int row = 0; row < kMesh; ++row) {
    for (int column = 0; column < kMesh; ++column) {
      const auto at = [](int i) { return kWide.low + (kWide.high - kWide.low) * i / (kMesh - 1); };
      heights.push_back(std::min(kMostLoss, theory::loss_of({at(column), at(row), w3})));
    }
  }
  return heights;
}

picture::Image frame_of(const std::vector<ThreeWeights>& places, int t) {
  const ThreeWeights& now = places[static_cast<std::size_t>(t)];
  const std::vector<double> heights = loss_over(now[2]);
  picture::Track track{.xyz = {}, .colour = {213, 30, 30}, .width = 2.2, .ball = 5.5};
  std::vector<float> path;
  for (int i = 0; i <= t; ++i) {
    const ThreeWeights& w = places[static_cast<std::size_t>(i)];
    // As it lies on the surface of now.
    track.xyz.insert(track.xyz.end(), {w[0], w[1], std::min(kMostLoss, theory::loss_of({w[0], w[1], now[2]}))});
    path.insert(path.end(), {static_cast<float>(w[0]), static_cast<float>(w[1])});
  }
  const picture::Image slant = picture::draw(
      picture::HeightField{.title = fmt::format("step {}: w3 = {:.2f}, loss {:.4f}", t, now[2], theory::loss_of(now)),
                           .columns = kMesh,
                           .rows = kMesh,
                           .heights = heights,
                           .x = kWide,
                           .y = kWide,
                           .z = {0, kMostLoss},
                           .x_label = "w1",
                           .y_label = "w2",
                           .z_label = "loss",
                           .tracks = {track},
                           .turn = 0.15,
                           .tilt = 0.11,
                           .width = 500,
                           .height = 430});
  picture::Surface above{.columns = kMesh,
                         .rows = kMesh,
                         .values = {},
                         .low_name = "loss 0",
                         .high_name = fmt::format("{:g}", kMostLoss),
                         .low = {},
                         .high = {},
                         .has_middle = false};
  for (int row = kMesh - 1; row >= 0; --row) {
    for (int column = 0; column < kMesh; ++column)
      above.values.push_back(static_cast<float>(heights[static_cast<std::size_t>(row) * kMesh + column] / kMostLoss));
  }
  const picture::Image map = picture::draw(picture::ScatterPlot{
      .x = kWide,
      .y = kWide,
      .surface = std::move(above),
      .threads = {{.name = "the way so far", .lines = {path}, .colour = {213, 30, 30}, .width = 2}},
      .clouds = {{.name = "w1, w2", .xy = {path[path.size() - 2], path.back()}, .colour = {213, 30, 30}, .radius = 5}},
      .side = 330});
  return in_a_row({slant, map});
}

}  // namespace

// S-LATENT L7, figure 3.15.
Exhibit descent_exhibit(const TheoryContext& context) {
  Exhibit exhibit;
  exhibit.add(page::Paragraph{
      "The network f(x) = w3 tanh(w1 x + w2) has three weights. Over two of them its loss is a surface that can be "
      "drawn; the third makes it another surface at every step. Seen over w1 and w2 alone the point does not only walk "
      "on the landscape, the landscape moves under it: that is what one more coordinate means, and a real network has "
      "millions. The loss is the mean square distance from the same network with weights 2, -1, 1.5, halved; as tanh "
      "is odd, the weights -2, 1, -1.5 are as good."});
  const std::vector<ThreeWeights> places = theory::descend(kBegin, kRate, kDescentSteps);
  std::vector<picture::Image> frames;
  std::vector<int> steps = steps_shown();
  if (context.plan.quick) {  // every third is enough for a glance
    std::vector<int> some;
    for (std::size_t i = 0; i < steps.size(); i += 3) some.push_back(steps[i]);
    if (some.back() != steps.back()) some.push_back(steps.back());
    steps = some;
  }
  for (const int t : steps) frames.push_back(frame_of(places, t));
  exhibit.add(context.figures.gif(
      "descent", frames, 120,
      "The loss over w1 (to the right) and w2 (upwards) at the w3 of each step, from a corner and from above, with the "
      "point descending."));
  for (const std::size_t i : {std::size_t{0}, frames.size() / 3, frames.size() - 1}) {
    exhibit.add(context.figures.png(fmt::format("descent-step-{}", steps[i]), frames[i],
                                    fmt::format("The film at step {}.", steps[i])));
  }
  std::vector<picture::Series> weights;
  for (std::size_t k = 0; k < 3; ++k) {
    picture::Series series{.name = fmt::format("w{}", k + 1), .x = {}, .y = {}};
    for (std::size_t t = 0; t < places.size(); t += 4) {
      series.x.push_back(static_cast<double>(t));
      series.y.push_back(places[t][k]);
    }
    weights.push_back(std::move(series));
  }
  exhibit.add(curves_plot("The weights on their way", "step", "weight", std::move(weights),
                          fmt::format("Gradient descent by steps of {:g} times the gradient.", kRate)));
  std::size_t climbs = 0;
  for (std::size_t t = 1; t < places.size(); ++t)
    climbs += theory::loss_of(places[t]) > theory::loss_of(places[t - 1]) ? 1 : 0;
  const double end = theory::loss_of(places.back());
  exhibit.findings.push_back(
      {.claim = "Descent in all three weights never climbs, though the surface over two of them moves.",
       .verdict = climbs == 0 && end < 1e-3 ? kConfirmed : kRefuted,
       .evidence = fmt::format("{} steps, {} of them up; loss from {:.3f} to {:.1e}; w3 from {:.2f} to {:.2f}",
                               kDescentSteps, climbs, theory::loss_of(kBegin), end, kBegin[2], places.back()[2])});
  exhibit.numbers = {{"steps", kDescentSteps},
                     {"rate", kRate},
                     {"begin", kBegin},
                     {"end", places.back()},
                     {"loss_at_begin", theory::loss_of(kBegin)},
                     {"loss_at_end", end}};
  return exhibit;
}

}  // namespace ganymede::study
