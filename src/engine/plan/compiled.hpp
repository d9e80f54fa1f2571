#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/passes/dense_pass.hpp"
#include "engine/plan/layout.hpp"
#include "engine/plan/memory.hpp"
#include "engine/plan/pass.hpp"

namespace ganymede::engine {

/// What a network is compiled for.
struct CompileOptions {
  std::int64_t max_samples = 1;
  bool training = false;         ///< false: no gradients, values share memory
  bool input_gradients = false;  ///< gradients down to float inputs may be asked for
  bool mixed = false;            ///< products in bf16 on the dot-product unit in use
  bool one_backward = false;     ///< at most one backward pass follows a forward pass: values die on the way back
  /// Of the flat layers of all programs of the same weights, by the weight's name; must outlive them. Null: each has
  /// its own.
  std::map<std::string, WeightPanels>* backward_panels = nullptr;
  Workspace* workspace = nullptr;  ///< must outlive the program; none: the program has its own
  /// The key of a recipe that asks for tangents ("game.penalty"): fields have them, and nothing shares memory. Empty:
  /// nobody does.
  std::string tangents_for{};
  std::set<std::string> kept;  ///< nodes that must have their own values: taps and overrides
  /// Whether a network that suits is trained in blocks of samples (sample_blocks.hpp), and whether by sweeps alone.
  enum class Blocks { none, kept, swept } blocks = Blocks::none;
};

/// A network as passes in order and the fields that they read and write, in one arena.
struct Compiled {
  struct Entry {
    std::unique_ptr<Pass> pass;
    int node = -1;      ///< the last node it computes
    GradientNeed need;  ///< of its output
    GradientNeed input_need = {};
  };
  std::vector<Entry> entries;
  std::deque<Field> fields;           ///< a deque: passes point into it
  std::vector<Field*> field_of_node;  ///< null: fused away, or a class index
  Buffer arena;
  Buffer tangents;  ///< of all fields, in a program for tangents
};

/// Fuses bias, BatchNorm, activation and dropout, chooses passes, places fields. Network and parameters must outlive
/// what comes out. @throws ConfigError for what the engine lacks
Compiled compile(const net::Network& network, const Layout& layout, ParameterSet& parameters,
                 const CompileOptions& options);

}  // namespace ganymede::engine
