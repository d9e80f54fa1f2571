#include "playground/presets.hpp"

#include <algorithm>

namespace ganymede::playground {
namespace {

const std::string kRateOfG = "generator.optimizer.learning_rate", kRateOfD = "discriminator.optimizer.learning_rate";

std::vector<Preset> all() {
  return {
      {.name = "normal-1d",
       .title = "A normal law",
       .fails = false,
       .look_at = "The generated density slides over the real one, and D's curve flattens to a half everywhere: it can "
                  "no longer tell. G then circles about the law a little.",
       .why = "One number of noise becomes one number of data: the smallest game in which everything can be drawn.",
       .cure = "A smaller rate of G lets it settle.",
       .turns = {{kRateOfG, "1e-4"}},
       .cure_name = "Rate of G 0.0001"},
      {.name = "grid",
       .title = "Grid of 25",
       .fails = false,
       .look_at = "The square of noise unfolds like a cloth until its folds lie on the 25 clumps; about 20 of them are "
                  "covered. The cloth cannot tear: between two clumps some points always lie.",
       .why = "G is continuous, so it can only stretch the noise; where it stretches most it leaves the fewest points.",
       .cure =
           "One number of noise instead of two: a thread instead of a cloth, which has to wind from clump to clump.",
       .turns = {{"latent.dim", "1"}},
       .cure_anew = true,
       .cure_name = "Noise of one number"},
      {.name = "ring-unrolled",
       .title = "Ring, unrolled",
       .fails = false,
       .look_at = "The clump opens to a loop and reaches all 8 Gaussians within some 1,000 steps. Show D ten updates "
                  "ahead: where G gathers, that D already says no, and its arrows point elsewhere.",
       .why = "G descends its loss against the D that will have answered, not the one of now (Metz et al. 2017).",
       .cure =
           "Begin without looking ahead, at the same rates: a single clump. (Turned off later, G keeps what it has.)",
       .turns = {{"game.unroll", "0"}},
       .cure_anew = true,
       .cure_name = "Stop looking ahead"},
      {.name = "ring",
       .title = "Ring of 8",
       .fails = true,
       .look_at = "All fakes run to one clump, which circles about the ring and settles nowhere: 1 mode of 8.",
       .why = "A plain GAN with small rates: G seeks the one place that D likes best just now, and D follows.",
       .cure = "Look ten updates of D ahead, at ten times the rates.",
       .turns = {{"game.unroll", "10"}, {kRateOfG, "1e-3"}, {kRateOfD, "1e-3"}},
       .cure_name = "Unroll 10 updates of D"},
      {.name = "fail-collapse",
       .title = "Collapse",
       .fails = true,
       .look_at = "Every z leads to one clump, which hops from mode to mode. The losses look healthy, about 0.7 and "
                  "1.39; the modes do not: 1 or 2 of 8.",
       .why = "One place that D takes for real is enough for G; D learns that place, and G moves on.",
       .cure = "With game.unroll = 5, G sees the D that will have learnt the clump, and spreads: 8 modes within some "
               "hundred steps. (Turned late, it takes some thousand.)",
       .turns = {{"game.unroll", "5"}},
       .cure_anew = true,
       .cure_name = "Unroll 5 updates of D"},
      {.name = "fail-oscillation",
       .title = "Oscillation",
       .fails = true,
       .look_at = "The fakes swing past the mode and back, for ever, with a period of about 126 steps, and so do both "
                  "losses. D's curve tilts one way and then the other.",
       .why =
           "G is one place and D one slope: min-max of x y, where each player is pushed at a right angle to where it "
           "should go.",
       .cure = "R1 pulls D's slope to 0: the orbit becomes a spiral inward, and the fakes come to rest on the mode.",
       .turns = {{"game.penalty", "r1"}},
       .cure_name = "Penalty r1",
       .steps_a_frame = 5},
      {.name = "fail-vanishing",
       .title = "Vanishing gradient",
       .fails = true,
       .look_at = "D is sure of every fake: its curve is flat at 0 where the fakes are, the arrows have no length, the "
                  "norm of G's gradient falls to 0.000001. Nothing moves.",
       .why = "log(1 - D) has the slope D, and D = 0 there: 20 updates of D for each of G.",
       .cure = "-log D (non_saturating) is steepest where D is sure: G starts to move at once.",
       .turns = {{"game.loss", "non_saturating"}},
       .cure_name = "Loss non_saturating"},
      {.name = "fail-entangled",
       .title = "Entanglement",
       .fails = true,
       .look_at = "The points are learnt well, and nothing in the curves is wrong: but along each of the 8 axes of z "
                  "both coordinates change.",
       .why = "N(0, I) looks the same from every direction, so nothing tells G which axes to take.",
       .cure = "A cube of noise has axes: two of the eight become the two coordinates.",
       .turns = {{"latent.prior", "uniform"}},
       .cure_anew = true,
       .cure_name = "Uniform noise"},
      {.name = "fail-sensitive",
       .title = "Sensitive to rates",
       .fails = true,
       .look_at =
           "Try several seeds: each ends otherwise, with 0, 1, 3 or 5 modes, and G alive or dead (its gradient 0).",
       .why = "A step so long leaves the place where its gradient meant something; units of G stop for good.",
       .cure = "Smaller rates of both players: 8 modes with every seed. It starts anew, since dead units stay dead.",
       .turns = {{kRateOfG, "1e-3"}, {kRateOfD, "1e-3"}},
       .cure_anew = true,
       .cure_name = "Both rates 0.001"},
  };
}

}  // namespace

const std::vector<Preset>& presets() {
  static const std::vector<Preset> kPresets = all();
  return kPresets;
}

const Preset* find_preset(const std::string& name) {
  const auto found = std::ranges::find(presets(), name, &Preset::name);
  return found == presets().end() ? nullptr : &*found;
}

}  // namespace ganymede::playground
