#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/augment.hpp"
#include "engine/executor.hpp"
#include "engine/reference/interpreter.hpp"
#include "engine/reference/reference_optimizer.hpp"
#include "engine/reference/reference_second.hpp"

namespace ganymede::engine {

/// The game by two plain interpreters: the oracle of every other executor. T is float or double; tensors that come out
/// are of that type. D sees [real; fake] as one batch whose BatchNorm statistics are per half, in Phase::generator the
/// fakes alone. Every forward pass in training mode moves the running statistics of its network, D's once a half, as in
/// Keras. Dropout passes everything unless `set_noise` says otherwise.
template <class T>
class ReferenceGame : public Reference {
 public:
  /// All parameters are zero until `set_state`. @throws ConfigError if the networks do not fit each other
  ReferenceGame(const net::Network& generator, const net::Network& discriminator, const ExecutorConfig& config);

  /// Factors of Dropout nodes and slopes of rrelu nodes for the steps from now on, by node name (engine::Mode).
  /// `network` is "generator" ([N, shape]) or "discriminator" ([2 N, shape], real first; [N, shape] in
  /// Phase::generator).
  void set_noise(const std::string& network, std::map<std::string, std::vector<T>> noise);
  void set_noise(const Noise& noise) override;

  StepResult step(const Batch& batch, Phase phase) override;
  NamedTensors gradients() const override { return gradients_; }
  std::map<std::string, double> sums_of_magnitudes() const override { return magnitudes_; }
  Inference infer(const std::string& network, const Inputs& inputs, bool ema, const std::vector<std::string>& taps,
                  const std::vector<Override>& overrides) override;
  NamedTensors state() const override;
  void set_state(const NamedTensors& state) override;
  std::vector<PassInfo> plan() const override { return {}; }
  std::string plan_name() const override;
  std::int64_t memory_bytes() const override;

  /// The networks as the last step left them: activations and gradients of every node.
  const Interpreter<T>& generator() const { return generator_; }
  const Interpreter<T>& discriminator() const { return discriminator_; }

 private:
  /// The draws of the fakes and the reals; without draws everything passes as it is.
  std::vector<AugmentDraw> fake_draws_, real_draws_;
  void augment_all(const std::vector<AugmentDraw>& draws, std::vector<T>& images, bool backward) const;
  void forward_generator(const Batch& batch);
  void forward_discriminator(const Batch& batch, bool with_real);
  void backward_generator(const Batch& batch, bool with_real, StepResult& result);
  void backward_unrolled(const Batch& batch, StepResult& result);
  void backward_discriminator(const Batch& batch, StepResult& result);
  void penalise(const Batch& batch, StepResult& result);
  /// A batch with fakes [N, features] of G.
  ReferenceImages images_of(const Batch& batch, const std::vector<T>& fake) const;
  ReferenceNoise discriminator_noise(bool fakes_alone) const;
  /// D's interpreter on dual numbers, with its parameters as they are.
  Interpreter<Dual> moving_discriminator() const;
  void check_finite(const StepResult& result) const;
  void take_gradients(const Interpreter<T>& player, StepResult& result);
  void update_ema();

  Game game_;
  Interpreter<T> generator_;
  Interpreter<T> discriminator_;
  ReferenceOptimizer<T> generator_optimizer_;
  ReferenceOptimizer<T> discriminator_optimizer_;
  std::map<std::string, std::vector<T>> generator_noise_;
  std::map<std::string, std::vector<T>> discriminator_noise_;
  PenaltyDraws draws_;
  NamedTensors ema_;  ///< keyed like G's parameters; empty without a moving average
  NamedTensors gradients_;
  std::map<std::string, double> magnitudes_;
};

/// In double.
std::unique_ptr<Reference> make_reference(const net::Network& generator, const net::Network& discriminator,
                                          const Game& game);

}  // namespace ganymede::engine
