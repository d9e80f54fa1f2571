#pragma once

#include <memory>

#include "net/network.hpp"
#include "play/classifier_trainer.hpp"
#include "play/executor.hpp"
#include "play/model.hpp"

namespace ganymede::play {

/// Whoever computes: makes executors of games, models of networks and trainers of classifiers. The program chooses one
/// and hands it down; no room names it.
class Backend {
 public:
  virtual ~Backend() = default;

  /// All parameters are zero until Executor::set_state. @throws ConfigError for a layer or setting that it lacks
  virtual std::unique_ptr<Executor> make_executor(const net::Network& generator, const net::Network& discriminator,
                                                  const ExecutorConfig& config) const = 0;
  virtual std::unique_ptr<Model> make_model(const net::Network& network, const ModelConfig& config) const = 0;
  /// @throws ConfigError also for a class input or a second output; ShapeError if the output is no vector
  virtual std::unique_ptr<ClassifierTrainer> make_classifier_trainer(const net::Network& network,
                                                                     const ClassifierTrainerConfig& config) const = 0;

  /// What it makes of a wished precision on this machine; never `automatic`.
  virtual Precision resolved(Precision wanted) const = 0;
};

}  // namespace ganymede::play
