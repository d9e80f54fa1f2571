#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/plan/compiled.hpp"

namespace ganymede::engine {

class SampleBlocks;

/// A way through a network and back, and what is to be done on it: where samples are independent, some of them after
/// the others, and by several threads.
struct Sweep {
  using Turn = std::function<void(SampleRange)>;
  Step step;                           ///< of forward and backward
  Turn gradients;                      ///< fills those of the outputs, from the values of these samples
  std::optional<Step> tangent_step{};  ///< of their tangents, where they are wanted
  Turn gradient_tangents{};            ///< likewise, from the outputs' value_tangent
};

/// A network compiled for a largest number of samples: passes in order, their fields in one arena.
class Program {
 public:
  using Options = CompileOptions;

  /// `parameters` must outlive the program. Throws ConfigError for what the engine lacks.
  Program(const net::Network& network, const Layout& layout, ParameterSet& parameters, const Options& options);
  ~Program();

  /// The field of a node that is an input, an output, or kept.
  const Field& field(const std::string& node) const;
  void forward(const Step& step, const std::vector<Override>& overrides = {});
  /// Needs the gradients of the outputs in their fields.
  void backward(const Step& step);
  /// Tangents along a direction, in a program compiled for them, after forward and backward of the same samples.
  /// Forward: along Parameter::direction and the input field's value_tangent, as the step says. Backward: needs those
  /// of the outputs' gradients in their fields, fills Parameter::gradient_tangent and the input's gradient_tangent.
  void forward_tangent(const Step& step);
  void backward_tangent(const Step& step);
  /// Forward, the turn, backward, and the same of tangents. Nothing is left but the fields of inputs and outputs and
  /// the gradients.
  void sweep(const Sweep& sweep);
  /// From now on the values of an input or output, a flat vector, lie in another field, from its sample `first` on.
  void look_into(int node, const Field& other, std::int64_t first);
  void parameters_changed();
  void describe(std::vector<PassInfo>& out) const;
  /// What its layers draw in a training step (play::Noise).
  void noise(const Step& step, NamedTensors& into) const;
  /// The same lines with their times.
  void profile(const PassClock& clock, std::vector<PassTime>& out) const;
  std::int64_t bytes() const;
  const net::Network& network() const { return network_; }

 private:
  net::Network network_;
  std::unique_ptr<Workspace> workspace_;  ///< before what uses it
  std::unique_ptr<SampleBlocks> blocks_;  ///< does it all, where there is one
  Compiled compiled_;
};

}  // namespace ganymede::engine
