#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "engine/cpu_executor.hpp"
#include "kernels/update.hpp"
#include "net/traits.hpp"

namespace ganymede::engine {

// How a step goes. G makes fakes; D sees them, and behind them the reals where it is to learn: the gradients of the
// fakes are then always those of the first samples. Both losses are taken from D's one forward pass. D goes backward,
// then G's loss goes back through D (or takes D's pass over, scaled, where that is the same) and G. A penalty on
// D's slopes adds to D's gradients by passes of its own; an unrolled game has its own way from G's loss to the fakes.
// Only when all losses and gradients are known to be finite do both players move.

namespace {

// The factor of each fake; none where D's gradients are too small to be divided by.
std::vector<float> shared_factors(const std::vector<float>& of_d, const std::vector<float>& of_g) {
  constexpr float kSmallest = 1e-20F;
  std::vector<float> factors(of_d.size());
  for (std::size_t i = 0; i < of_d.size(); ++i) {
    if (std::abs(of_d[i]) < kSmallest) return {};
    factors[i] = of_g[i] / of_d[i];
  }
  return factors;
}

void scale_samples(const Field& field, float* values, std::int64_t total, const std::vector<float>& factors) {
  const int stride = field.sample_stride();
  for (int p = 0; p < field.positions(); ++p) {
    float* at = values + p * field.position_stride(total);
    for (const float factor : factors) {
      for (int c = 0; c < stride; ++c) *at++ *= factor;
    }
  }
}

void need_finite(const char* what, double loss) {
  if (!std::isfinite(loss)) throw NonFiniteError(what, loss);
}

}  // namespace

void CpuExecutor::check(const Batch& batch, Phase phase) const {
  if (batch.count < 1 || batch.count > config_.batch)
    fail<ShapeError>("a batch of {} samples does not fit a plan for 1 .. {}", batch.count, config_.batch);
  if (batch.count % config_.game.pack != 0)
    fail<ShapeError>("a batch of {} samples makes no packs of {}", batch.count, config_.game.pack);
  const auto expect = [&](const char* what, std::size_t found, std::int64_t features) {
    if (static_cast<std::int64_t>(found) != batch.count * features) {
      fail<ShapeError>("batch.{}: wanted {} samples of {} values, found {} values", what, batch.count, features, found);
    }
  };
  expect("z", batch.z.size(), element_count(std::get<net::Input>(net::value_input(g_.network).layer).shape));
  if (phase != Phase::generator) expect("real", batch.real.size(), element_count(picture()));
  check_classes(g_.network, batch.fake_classes, batch.count);
  check_classes(d_.network, batch.fake_classes, batch.count);
  if (phase != Phase::generator) check_classes(d_.network, batch.real_classes, batch.count);
  check_conditions(g_.network, batch.fake_conditions, batch.count);
  check_conditions(d_.network, batch.fake_conditions, batch.count);
  if (phase != Phase::generator) check_conditions(d_.network, batch.real_conditions, batch.count);
  if (config_.game.unroll == 0 || phase == Phase::discriminator) return;
  if (phase == Phase::generator) {
    fail<ConfigError>("game.unroll = {}: both players are updated at once (game.update = \"simultaneous\")",
                      config_.game.unroll);
  }
  if (!batch.unrolled.empty() && std::ssize(batch.unrolled) != config_.game.unroll - 1) {
    fail<ShapeError>("batch.unrolled: wanted none or {} more batches, found {}", config_.game.unroll - 1,
                     batch.unrolled.size());
  }
  for (const Batch& more : batch.unrolled) {
    if (more.count != batch.count)
      fail<ShapeError>("batch.unrolled: wanted {} samples each, found {}", batch.count, more.count);
    check(more, Phase::discriminator);
  }
}

StepResult CpuExecutor::step(const Batch& batch, Phase phase) {
  ++weights_;
  const auto g_statistics = g_.statistics();
  const auto d_statistics = d_.statistics();
  try {
    return advance(batch, phase);
  } catch (const NonFiniteError&) {
    g_.restore_statistics(g_statistics);
    d_.restore_statistics(d_statistics);
    throw;
  }
}

StepResult CpuExecutor::losses(const Batch& batch) {
  check(batch, Phase::both);
  ++weights_;  // of spectral norms: what a training pass makes of them
  const auto g_statistics = g_.statistics();
  const auto d_statistics = d_.statistics();
  if (has_shards()) return losses_in_shards(batch);
  Turn turn = begin_turn(batch, Phase::both, config_.seed);
  forward_generator(turn);
  forward_discriminator(turn);
  judge_fakes(turn);
  judge_both(turn);
  g_.restore_statistics(g_statistics);
  d_.restore_statistics(d_statistics);
  turn.result.generator_rate = g_.rule.rate();
  turn.result.discriminator_rate = d_.rule.rate();
  return std::move(turn.result);
}

CpuExecutor::Turn CpuExecutor::begin_turn(const Batch& batch, Phase phase, std::uint64_t seed) {
  PassClock* const clock = config_.profile ? &clock_ : nullptr;
  if (clock != nullptr) clock->begin_step();
  const bool with_real = phase != Phase::generator;
  // The fakes lie before the reals.
  std::vector<std::int32_t> classes(batch.fake_classes.begin(), batch.fake_classes.end());
  if (with_real) classes.insert(classes.end(), batch.real_classes.begin(), batch.real_classes.end());
  std::vector<float> conditions(batch.fake_conditions.begin(), batch.fake_conditions.end());
  if (with_real) conditions.insert(conditions.end(), batch.real_conditions.begin(), batch.real_conditions.end());
  Turn turn{.batch = batch,
            .phase = phase,
            .total = seen(with_real ? 2 * batch.count : batch.count),
            .classes = std::move(classes),
            .conditions = std::move(conditions),
            .g_step = {.pool = pool_,
                       .samples = batch.count,
                       .training = true,
                       .seed = seed,
                       .number = batch.step,
                       .classes = batch.fake_classes,
                       .conditions = batch.fake_conditions,
                       .clock = clock},
            .d_step = {.pool = pool_,
                       .groups = with_real ? 2 : 1,
                       .training = true,
                       .seed = seed,
                       .number = batch.step,
                       .clock = clock}};
  turn.d_step.samples = turn.total;
  turn.d_step.classes = turn.classes;
  turn.d_step.conditions = turn.conditions;
  return turn;
}

StepResult CpuExecutor::advance(const Batch& batch, Phase phase) {
  check(batch, phase);
  const bool with_real = phase != Phase::generator;
  last_ = {batch.count, batch.step, with_real, with_real && has_penalty(config_.game, d_.rule.updates())};
  if (has_shards()) return advance_in_shards(batch, phase);
  Turn turn = begin_turn(batch, phase, config_.seed);
  differentiate(turn);
  update(turn);
  return std::move(turn.result);
}

void CpuExecutor::differentiate(Turn& turn) {
  forward_generator(turn);
  forward_discriminator(turn);
  judge_fakes(turn);
  if (turn.trains_discriminator()) {
    judge_both(turn);
    if (!turn.is_shard) need_finite("loss of discriminator", turn.result.discriminator_loss);
    backward_discriminator(turn);
    if (turn.discriminator_done) turn.discriminator_done();
  }
  if (!turn.is_shard) need_finite("loss of generator", turn.result.generator_loss);
  if (turn.trains_generator()) backward_generator(turn);
}

void CpuExecutor::update(Turn& turn) {
  if (turn.trains_discriminator()) update_discriminator(turn);
  if (turn.trains_generator()) update_generator(turn);
  turn.result.generator_rate = g_.rule.rate();
  turn.result.discriminator_rate = d_.rule.rate();
}

void CpuExecutor::forward_generator(Turn& turn) {
  const Field& z = g_.program.field(net::value_input(g_.network).name);
  scatter_samples(z, z.value, turn.batch.count, 0, turn.batch.count, turn.batch.z.data());
  mark(turn, this, PassPart::copy);
  g_.forward(turn.g_step);
}

std::vector<float> CpuExecutor::made(std::int64_t n) const {
  std::vector<float> pictures(static_cast<std::size_t>(n * fakes().features()));
  gather_samples(fakes(), fakes().value, n, 0, n, pictures.data());
  return pictures;
}

void CpuExecutor::forward_discriminator(Turn& turn) {
  const std::int64_t n = turn.batch.count, packs = seen(n);
  if (packs == n) {
    copy_samples(fakes(), fakes().value, n, images(), images().value, turn.total, n);
  } else {  // n pictures in a row are packs in a row
    scatter_samples(images(), images().value, turn.total, 0, packs, made(n).data());
  }
  if (turn.trains_discriminator())
    scatter_samples(images(), images().value, turn.total, packs, packs, turn.batch.real.data());
  if (!config_.game.augment.empty()) {
    turn.fake_draws = draw_augmentations(turn.g_step.seed, turn.batch.step, Side::fake, n, picture());
    augment_some(turn.total, 0, turn.fake_draws, false);
    if (turn.trains_discriminator()) {
      augment_some(turn.total, packs, draw_augmentations(turn.g_step.seed, turn.batch.step, Side::real, n, picture()),
                   false);
    }
  }
  mark(turn, this, PassPart::copy);
  d_.forward(turn.d_step);
}

void CpuExecutor::judge_fakes(Turn& turn) {
  const std::int64_t n = seen(turn.batch.count);
  const std::vector<float> values = read_samples(logits(), turn.total, 0, n);
  turn.g_head = generator_head<float>(config_.game, values);
  turn.result.generator_loss = turn.g_head.loss;
  turn.result.fake_accuracy = turn.g_head.fake_accuracy;
  if (tells_codes()) {
    turn.fake_code = code_head<float>(config_.game, read_samples(code_values(), turn.total, 0, n), turn.batch.z);
    turn.result.generator_loss += turn.fake_code.loss;
    turn.result.information = turn.fake_code.information;
  }
  if (!auxiliary()) return;
  const std::vector<float> classes = read_samples(class_logits(), turn.total, 0, n);
  turn.fake_class = class_head<float>(config_.game, classes, turn.batch.fake_classes);
  turn.result.generator_loss += turn.fake_class.loss;
}

void CpuExecutor::augment_some(std::int64_t total, std::int64_t first, const std::vector<AugmentDraw>& draws,
                               bool backward) {
  float* const base = backward ? images().gradient : images().value;
  const auto size = static_cast<std::size_t>(element_count(picture()));
  const auto pack = static_cast<std::size_t>(config_.game.pack);
  pool_.run(seen(std::ssize(draws)), [&](std::int64_t i, int) {
    std::vector<float> pictures(pack * size);
    gather_samples(images(), base, total, first + i, 1, pictures.data());
    for (std::size_t k = 0; k < pack; ++k) {
      const AugmentDraw& draw = draws[static_cast<std::size_t>(i) * pack + k];
      const std::span<float> one = std::span(pictures).subspan(k * size, size);
      backward ? augment_backward<float>(config_.game.augment, draw, picture(), one)
               : augment<float>(config_.game.augment, draw, picture(), one);
    }
    scatter_samples(images(), base, total, first + i, 1, pictures.data());
  });
}

void CpuExecutor::judge_both(Turn& turn) {
  const std::int64_t n = seen(turn.batch.count);
  StepResult& result = turn.result;
  const auto head = discriminator_head<float>(config_.game, read_samples(logits(), turn.total, n, n),
                                              read_samples(logits(), turn.total, 0, n));
  result.discriminator_real_loss = head.real_loss;
  result.discriminator_fake_loss = head.fake_loss;
  result.discriminator_loss = head.loss();
  result.real_accuracy = head.real_accuracy;
  result.fake_accuracy = head.fake_accuracy;
  if (turn.phase == Phase::both && shares_backward_ && !unroll_)
    turn.share = shared_factors(head.fake_gradient, turn.g_head.gradient);
  write_gradient(logits(), turn.total, 0, head.fake_gradient);
  write_gradient(logits(), turn.total, n, head.real_gradient);
  if (auxiliary()) {
    const std::vector<float> values = read_samples(class_logits(), turn.total, n, n);
    const auto real_class = class_head<float>(config_.game, values, turn.batch.real_classes);
    result.discriminator_loss += real_class.loss + turn.fake_class.loss;
    write_gradient(class_logits(), turn.total, 0, turn.fake_class.gradient);
    write_gradient(class_logits(), turn.total, n, real_class.gradient);
  }
  if (tells_codes()) {
    result.discriminator_loss += turn.fake_code.loss;
    write_gradient(code_values(), turn.total, 0, turn.fake_code.gradient);
    write_gradient(code_values(), turn.total, n, std::vector<float>(turn.fake_code.gradient.size(), 0.0F));
  }
  mark(turn, this, PassPart::loss);
}

void CpuExecutor::backward_discriminator(Turn& turn) {
  turn.d_step.backward_samples = turn.total;
  turn.d_step.input_samples = static_cast<std::int64_t>(turn.share.size());
  d_.backward(turn.d_step);
  if (last_.with_penalty) penalise(turn);
  if (!turn.is_shard) turn.d_norms = d_.gradient_norms(pool_, turn.result.gradient_norms);
  mark(turn, &d_, PassPart::update);
}

void CpuExecutor::penalise(Turn& turn) {
  const std::int64_t n = turn.batch.count;
  const std::vector<float> fake = made(n);
  turn.result.penalty = penalty_->add(pool_, {.count = n,
                                              .real = turn.batch.real,
                                              .fake = fake,
                                              .real_classes = turn.batch.real_classes,
                                              .fake_classes = turn.batch.fake_classes,
                                              .real_conditions = turn.batch.real_conditions,
                                              .fake_conditions = turn.batch.fake_conditions,
                                              .seed = turn.g_step.seed,
                                              .number = turn.batch.step});
  if (!turn.is_shard) need_finite("penalty of discriminator", *turn.result.penalty);
  mark(turn, penalty_.get(), PassPart::loss);
}

void CpuExecutor::backward_unrolled(Turn& turn) {
  const std::int64_t n = turn.batch.count;
  const auto forward = [&](const Batch& batch) {
    const Field& z = g_.program.field(net::value_input(g_.network).name);
    scatter_samples(z, z.value, n, 0, n, batch.z.data());
    turn.g_step.classes = batch.fake_classes;
    turn.g_step.conditions = batch.fake_conditions;
    g_.program.forward(turn.g_step);
  };
  std::vector<std::vector<float>> fake{made(n)};
  const auto statistics = g_.statistics();
  for (const Batch& more : turn.batch.unrolled) {
    forward(more);
    fake.push_back(made(n));
  }
  Unroll::Course course{.count = n, .images = {}, .seed = config_.seed, .number = turn.batch.step};
  for (std::size_t i = 0; i < fake.size(); ++i) {
    const Batch& of = i == 0 ? turn.batch : turn.batch.unrolled[i - 1];
    course.images.push_back(
        {of.real, fake[i], of.real_classes, of.fake_classes, of.real_conditions, of.fake_conditions});
  }
  const Unroll::Result unrolled = unroll_->run(pool_, d_, course);
  turn.result.generator_loss = unrolled.loss;
  mark(turn, unroll_.get(), PassPart::loss);

  // The fakes of each batch go back through G by themselves, those of the step's own last.
  std::vector<Buffer> sums;
  for (std::size_t i = fake.size(); i-- > 0;) {
    if (fake.size() > 1) forward(i == 0 ? turn.batch : turn.batch.unrolled[i - 1]);
    write_gradient(fakes(), n, 0, unrolled.gradients[i]);
    turn.g_step.backward_samples = n;
    g_.program.backward(turn.g_step);
    if (fake.size() == 1) continue;
    std::size_t at = 0;
    for (Parameter& p : g_.parameters.all()) {
      if (!p.trainable) continue;
      if (sums.size() == at) sums.emplace_back(p.size);
      kernels::add(sums[at].data(), p.gradient.data(), p.size);
      if (i == 0) std::copy_n(sums[at].data(), p.size, p.gradient.data());
      ++at;
    }
  }
  g_.restore_statistics(statistics);
}

void CpuExecutor::backward_generator(Turn& turn) {
  const std::int64_t n = turn.batch.count, packs = seen(n);
  if (unroll_) {
    backward_unrolled(turn);
    turn.g_norms = g_.gradient_norms(pool_, turn.result.gradient_norms);
    mark(turn, &g_, PassPart::update);
    return;
  }
  if (turn.share.empty()) {
    write_gradient(logits(), turn.total, 0, turn.g_head.gradient);
    if (auxiliary()) write_gradient(class_logits(), turn.total, 0, turn.fake_class.gradient);
    if (tells_codes()) write_gradient(code_values(), turn.total, 0, turn.fake_code.gradient);
    turn.d_step.backward_samples = packs;
    turn.d_step.parameter_gradients = false;
    turn.d_step.input_samples = packs;
    mark(turn, this, PassPart::loss);
    d_.backward(turn.d_step);
  }
  augment_some(turn.total, 0, turn.fake_draws, true);
  if (packs == n) {
    copy_samples(images(), images().gradient, turn.total, fakes(), fakes().gradient, n, n);
    if (!turn.share.empty()) scale_samples(fakes(), fakes().gradient, n, turn.share);
  } else {
    if (!turn.share.empty()) scale_samples(images(), images().gradient, turn.total, turn.share);
    std::vector<float> gradient(static_cast<std::size_t>(n * fakes().features()));
    gather_samples(images(), images().gradient, turn.total, 0, packs, gradient.data());
    scatter_samples(fakes(), fakes().gradient, n, 0, n, gradient.data());
  }
  mark(turn, this, PassPart::copy);
  turn.g_step.backward_samples = n;
  g_.backward(turn.g_step);
  if (!turn.is_shard) turn.g_norms = g_.gradient_norms(pool_, turn.result.gradient_norms);
  mark(turn, &g_, PassPart::update);
}

void CpuExecutor::update_discriminator(Turn& turn) {
  d_.rule.update(pool_, turn.d_norms);
  if (config_.game.weight_clip > 0) {
    for_pieces(pool_, d_.parameters.all(), true, [&](Parameter& p, std::int64_t first, std::int64_t count) {
      kernels::clamp(p.value.data() + first, count, static_cast<float>(config_.game.weight_clip));
    });
  }
  d_.changed();
  mark(turn, &d_, PassPart::update);
}

void CpuExecutor::update_generator(Turn& turn) {
  g_.rule.update(pool_, turn.g_norms);
  if (config_.game.ema_decay > 0) {
    for_pieces(pool_, g_.parameters.all(), false, [&](Parameter& p, std::int64_t first, std::int64_t count) {
      const float decay = p.trainable ? static_cast<float>(config_.game.ema_decay) : 0.0F;
      kernels::update_average(p.average.data() + first, p.value.data() + first, count, decay);
    });
  }
  g_.changed();
  mark(turn, &g_, PassPart::update);
}

}  // namespace ganymede::engine
