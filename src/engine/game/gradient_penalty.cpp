#include "engine/game/gradient_penalty.hpp"

#include <algorithm>

#include "kernels/update.hpp"
#include "net/traits.hpp"

namespace ganymede::engine {

// How it works. With g = dD/dx, the gradient of a function of |g| with respect to D's parameters t is a mixed second
// derivative, and equals the tangent of dD/dt while the images move along a direction made of g (penalty_rule.hpp). So:
// forward, backward to the images, forward and backward tangents along that direction. No graph is kept.

GradientPenalty::GradientPenalty(Player& d, const Game& game, std::int64_t batch)
    : d_(d),
      game_(game),
      program_(d.network, d.layout, d.parameters,
               {.max_samples = batch,
                .training = true,
                .input_gradients = true,
                .tangents_for = std::string("game.penalty = \"") + name_of(game.penalty) + "\"",
                .blocks = Program::Options::Blocks::kept}) {
  d_.parameters.reserve_tangents(false);
}

double GradientPenalty::add(ThreadPool& pool, const Images& images) {
  const std::int64_t n = images.count;
  const Field& in = program_.field(net::value_input(d_.network).name);
  const std::int64_t features = in.features();
  Step step{.pool = pool,
            .samples = n,
            .training = true,
            .seed = images.seed,
            .number = images.number,
            .classes = game_.penalty == Penalty::r2 ? images.fake_classes : images.real_classes,
            .conditions = game_.penalty == Penalty::r2 ? images.fake_conditions : images.real_conditions};
  const auto scatter = [&](float* base, const std::vector<float>& values) {
    pool.run(n, [&](std::int64_t i, int) { scatter_samples(in, base, n, i, 1, values.data() + i * features); });
  };
  const PenaltyDraws draws = draw_penalty(game_.penalty, images.seed, images.number, n, features);
  slopes_ = penalty_points<float>(game_.penalty, images.real, images.fake, draws);
  scatter(in.value, slopes_);
  program_.parameters_changed();
  program_.forward(step);

  // From 1 at each logit to the images: each sample's own slope.
  for (const std::string& output : d_.network.outputs) {
    const Field& field = program_.field(output);
    std::fill_n(field.gradient_tangent, field.size(n), 0.0F);
    write_gradient(field, n, 0,
                   std::vector<float>(static_cast<std::size_t>(n * field.features()),
                                      output == d_.network.outputs[0] ? 1.0F : 0.0F));
  }
  step.backward_samples = step.input_samples = n;
  step.parameter_gradients = false;
  program_.backward(step);
  pool.run(n, [&](std::int64_t i, int) { gather_samples(in, in.gradient, n, i, 1, slopes_.data() + i * features); });
  const double value = penalty_direction<float>(game_, game_.penalty_interval, n, slopes_);

  scatter(in.value_tangent, slopes_);
  step.input_direction = true;
  program_.forward_tangent(step);
  step.parameter_gradients = true;
  step.input_samples = 0;
  program_.backward_tangent(step);
  for_pieces(pool, d_.parameters.all(), true, [&](Parameter& p, std::int64_t first, std::int64_t count) {
    kernels::add(p.gradient.data() + first, p.gradient_tangent.data() + first, count);
  });
  return value;
}

}  // namespace ganymede::engine
