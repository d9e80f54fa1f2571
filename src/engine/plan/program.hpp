#pragma once

#include <deque>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/plan/layout.hpp"
#include "engine/plan/pass.hpp"

namespace ganymede::engine {

/// A network compiled for a largest number of samples: passes in order, their fields in one arena.
class Program {
 public:
  struct Options {
    std::int64_t max_samples = 1;
    bool training = false;           ///< false: no gradients, values share memory
    bool input_gradients = false;    ///< gradients down to float inputs may be asked for
    bool mixed = false;              ///< products in bf16 on the dot-product unit in use
    bool one_backward = false;       ///< at most one backward pass follows a forward pass: values die on the way back
    Workspace* workspace = nullptr;  ///< must outlive the program; none: the program has its own
    std::set<std::string> kept;      ///< nodes that must have their own values: taps and overrides
  };

  /// `parameters` must outlive the program. Throws ConfigError for what the engine lacks.
  Program(const net::Network& network, const Layout& layout, ParameterSet& parameters, const Options& options);

  /// The field of a node that is an input, an output, or kept.
  const Field& field(const std::string& node) const;
  void forward(const Step& step, const std::vector<Override>& overrides = {});
  /// Needs the gradients of the outputs in their fields.
  void backward(const Step& step);
  void parameters_changed();
  void describe(std::vector<PassInfo>& out) const;
  /// The same lines with their times.
  void profile(const PassClock& clock, std::vector<PassTime>& out) const;
  std::int64_t bytes() const;
  const net::Network& network() const { return network_; }

 private:
  struct Entry {
    std::unique_ptr<Pass> pass;
    int node = -1;      ///< the last node it computes
    GradientNeed need;  ///< of its output
    GradientNeed input_need = {};
  };
  friend class Compiler;

  net::Network network_;
  std::vector<Entry> entries_;
  std::deque<Field> fields_;
  std::vector<Field*> field_of_node_;
  Buffer arena_;
  std::unique_ptr<Workspace> workspace_;
};

}  // namespace ganymede::engine
