#include "engine/optimizer.hpp"

#include <cmath>

#include "base/portable_math.hpp"

namespace ganymede::engine {

OptimizerRule::OptimizerRule(const Optimizer& config, ParameterSet& parameters)
    : config_(config), parameters_(parameters) {
  for (Parameter& p : parameters_.all()) {
    if (!p.trainable) continue;
    p.gradient = Buffer(p.size);
    if (uses_first()) p.first = Buffer(p.size);
    if (uses_second()) p.second = Buffer(p.size);
  }
}

std::vector<double> OptimizerRule::gradient_norms(ThreadPool& pool) const {
  std::vector<const Parameter*> trainable;
  std::vector<std::int64_t> first_piece;
  std::int64_t pieces = 0;
  for (const Parameter& p : parameters_.all()) {
    if (!p.trainable) continue;
    trainable.push_back(&p);
    first_piece.push_back(pieces);
    pieces += (p.size + kPiece - 1) / kPiece;
  }
  std::vector<double> squares(static_cast<std::size_t>(pieces));
  pool.run(pieces, [&](std::int64_t i, int) {
    std::size_t which = trainable.size() - 1;
    while (first_piece[which] > i) --which;
    const std::int64_t first = (i - first_piece[which]) * kPiece;
    squares[i] = kernels::sum_of_squares(trainable[which]->gradient.data() + first,
                                         std::min(kPiece, trainable[which]->size - first));
  });
  std::vector<double> norms;
  for (std::size_t k = 0; k < trainable.size(); ++k) {
    double sum = 0;
    const std::int64_t end = k + 1 < trainable.size() ? first_piece[k + 1] : pieces;
    for (std::int64_t i = first_piece[k]; i < end; ++i) sum += squares[i];
    norms.push_back(std::sqrt(sum));
  }
  return norms;
}

double OptimizerRule::schedule(std::int64_t t) const {
  return config_.beta1 * (1 - 0.5 * portable_exp(portable_log(0.96) * static_cast<double>(t)));
}

void OptimizerRule::set_updates(std::int64_t updates) {
  updates_ = updates;
  schedule_product_ = 1;
  if (config_.kind != OptimizerKind::nadam) return;
  for (std::int64_t t = 1; t <= updates && schedule_product_ > 0; ++t) schedule_product_ *= schedule(t);
}

void OptimizerRule::follow(const OptimizerRule& other, double rate) {
  updates_ = other.updates_;
  schedule_product_ = other.schedule_product_;
  config_.learning_rate = rate > 0 ? rate : other.config_.learning_rate;
}

void OptimizerRule::update(ThreadPool& pool, const std::vector<double>& norms) {
  double scale = 1;
  if (config_.clip_norm > 0) {
    double sum = 0;
    for (const double norm : norms) sum += norm * norm;
    if (std::sqrt(sum) > config_.clip_norm) scale = config_.clip_norm / std::sqrt(sum);
  }
  ++updates_;
  const double rate = this->rate();
  const auto power = [&](double beta) {
    return beta > 0 ? portable_exp(portable_log(beta) * static_cast<double>(updates_)) : 0.0;
  };
  const double rest1 = 1 - power(config_.beta1);
  const double rest2 = 1 - power(config_.beta2);
  kernels::Moments rule{.beta1 = static_cast<float>(config_.beta1),
                        .beta2 = static_cast<float>(config_.beta2),
                        .epsilon = static_cast<float>(config_.epsilon)};
  if (config_.kind == OptimizerKind::nadam) {
    const double now = schedule(updates_);
    const double next = schedule(updates_ + 1);
    schedule_product_ *= now;
    rule.rate_m = static_cast<float>(rate * next / (1 - schedule_product_ * next));
    rule.rate_g = static_cast<float>(rate * (1 - now) / (1 - schedule_product_));
    rule.v_scale = static_cast<float>(1 / std::sqrt(rest2));
  } else {
    rule.rate_m = static_cast<float>(rate * std::sqrt(rest2) / rest1);
    rule.v_scale = 1;
  }
  rates_ = rule;
  for_pieces(pool, parameters_.all(), true, [&](Parameter& p, std::int64_t first, std::int64_t count) {
    const kernels::Update u{.parameter = p.value.data() + first,
                            .gradient = p.gradient.data() + first,
                            .first = uses_first() ? p.first.data() + first : nullptr,
                            .second = uses_second() ? p.second.data() + first : nullptr,
                            .count = count,
                            .gradient_scale = static_cast<float>(scale)};
    switch (config_.kind) {
      case OptimizerKind::rmsprop:
        kernels::update_rmsprop(u, static_cast<float>(rate), static_cast<float>(config_.rho),
                                static_cast<float>(config_.epsilon));
        break;
      case OptimizerKind::sgd:
        kernels::update_sgd(u, static_cast<float>(rate), static_cast<float>(config_.momentum));
        break;
      case OptimizerKind::adam:
      case OptimizerKind::nadam:
        kernels::update_moments(u, rule);
        break;
    }
  });
}

}  // namespace ganymede::engine
