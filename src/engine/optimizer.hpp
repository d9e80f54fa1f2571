#pragma once

#include <algorithm>

#include "base/thread_pool.hpp"
#include "engine/executor.hpp"
#include "engine/plan/layout.hpp"
#include "kernels/update.hpp"

namespace ganymede::engine {

/// One player's rule: its moments lie with the parameters.
class OptimizerRule {
 public:
  OptimizerRule(const Optimizer& config, ParameterSet& parameters);

  /// L2 norm of each trainable parameter's gradient, in the set's order.
  std::vector<double> gradient_norms(ThreadPool& pool) const;
  /// One update; `norms` are those above (for clipping).
  void update(ThreadPool& pool, const std::vector<double>& norms);

  bool uses_first() const { return has_first_moment(config_.kind); }
  bool uses_second() const { return has_second_moment(config_.kind); }
  std::int64_t updates() const { return updates_; }
  void set_updates(std::int64_t updates);
  /// Of the last update, or of the first one to come.
  double rate() const { return play::learning_rate(config_, std::max<std::int64_t>(updates_ - 1, 0)); }
  /// Of the updates from now on.
  void set_learning_rate(double rate) { config_.learning_rate = rate; }
  /// Goes on from where another rule of the same kind is, with its learning rate or, above 0, another.
  void follow(const OptimizerRule& other, double rate);
  const Optimizer& config() const { return config_; }
  /// Of adam and nadam in the last update.
  const kernels::Moments& last_rates() const { return rates_; }

 private:
  double schedule(std::int64_t t) const;

  Optimizer config_;
  ParameterSet& parameters_;
  std::int64_t updates_ = 0;
  double schedule_product_ = 1;  ///< nadam: u_1 ... u_t
  kernels::Moments rates_;
};

/// The optimiser's work on one parameter is cut in pieces of this many floats.
constexpr std::int64_t kPiece = 65536;

/// Runs f(parameter, first float, floats) over all pieces of the given parameters: on this thread alone where they are
/// no more than one piece together.
template <class F>
void for_pieces(ThreadPool& pool, std::vector<Parameter>& parameters, bool trainable_only, F&& f) {
  struct Piece {
    Parameter* parameter;
    std::int64_t first, count;
  };
  std::vector<Piece> pieces;
  std::int64_t total = 0;
  for (Parameter& p : parameters) {
    if (trainable_only && !p.trainable) continue;
    for (std::int64_t first = 0; first < p.size; first += kPiece)
      pieces.push_back({&p, first, std::min(kPiece, p.size - first)});
    total += p.size;
  }
  const auto work = [&](std::int64_t i, int) { f(*pieces[i].parameter, pieces[i].first, pieces[i].count); };
  if (total > kPiece) return pool.run(std::ssize(pieces), work);
  for (std::int64_t i = 0; i < std::ssize(pieces); ++i) work(i, 0);
}

}  // namespace ganymede::engine
