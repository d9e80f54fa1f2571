#include "study/theory/learned_discriminator.hpp"

#include <cmath>

#include "base/philox.hpp"
#include "base/portable_math.hpp"
#include "net/families.hpp"

namespace ganymede::study {
namespace {

constexpr int kHalfBatch = 128;
constexpr double kFirstRate = 3e-3, kLastShare = 0.01;

double rate_at(std::int64_t step, std::int64_t steps) {
  double sine = 0, cosine = 0;
  portable_sincos_turn(0.5 * static_cast<double>(step) / static_cast<double>(steps), sine, cosine);
  return kFirstRate * (kLastShare + (1 - kLastShare) * (1 + cosine) / 2);
}

}  // namespace

LearnedDiscriminator::LearnedDiscriminator(const play::Backend& backend, const theory::Density& p,
                                           const theory::Density& q, int threads, std::uint64_t seed,
                                           std::int64_t steps)
    : backend_(backend),
      p_(p),
      q_(q),
      threads_(threads),
      seed_(seed),
      steps_(steps),
      network_(net::mlp_discriminator(
          {.coordinates = p.dim(), .widths = {64, 64}, .activation = {.kind = net::ActivationKind::elu}})),
      trainer_(backend.make_classifier_trainer(
          network_, {.optimizer = {.learning_rate = kFirstRate}, .batch = 2 * kHalfBatch, .threads = threads})) {
  trainer_->set_state(net::initialise(network_, seed));
}

void LearnedDiscriminator::train_to(std::int64_t step) {
  const auto dim = static_cast<std::size_t>(p_.dim());
  std::vector<float> values(2 * kHalfBatch * dim);
  std::vector<std::int32_t> labels(2 * kHalfBatch);
  std::vector<double> x(dim);
  for (; step_ < step; ++step_) {
    const auto number = static_cast<std::uint32_t>(step_);
    const Random reals(seed_, "theory.learned.real", number), fakes(seed_, "theory.learned.fake", number);
    for (int i = 0; i < 2 * kHalfBatch; ++i) {
      const bool real = i < kHalfBatch;
      RandomSequence next(real ? reals : fakes, static_cast<std::uint32_t>(i));
      (real ? p_ : q_).draw(next, x);
      for (std::size_t f = 0; f < dim; ++f) values[static_cast<std::size_t>(i) * dim + f] = static_cast<float>(x[f]);
      labels[static_cast<std::size_t>(i)] = real ? 1 : 0;
    }
    trainer_->set_learning_rate(rate_at(step_, steps_));
    trainer_->step({.count = 2 * kHalfBatch, .values = values, .labels = labels, .step = number});
  }
}

std::vector<float> LearnedDiscriminator::logits(const std::vector<float>& places) {
  const Tensor output = trainer_->infer({.count = std::ssize(places) / p_.dim(), .values = places}).output;
  const auto values = output.values<float>();
  return {values.begin(), values.end()};
}

std::vector<float> LearnedDiscriminator::push(const std::vector<float>& places, play::Loss loss) const {
  const std::unique_ptr<play::Model> model =
      backend_.make_model(network_, {.batch = 2 * kHalfBatch, .threads = threads_});
  model->load(trainer_->parameters());
  const Tensor pushes = model->push({.count = std::ssize(places) / p_.dim(), .values = places}, loss);
  const auto values = pushes.values<float>();
  return {values.begin(), values.end()};
}

}  // namespace ganymede::study
