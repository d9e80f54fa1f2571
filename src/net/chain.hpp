#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "net/families.hpp"
#include "net/traits.hpp"

namespace ganymede::net {

/// What the families are built with: appends nodes, each fed by the one before unless told otherwise.
struct Chain {
  Network network;
  std::string last;

  void add(const std::string& name, Layer layer) { add(name, {last}, std::move(layer)); }
  void add(const std::string& name, std::vector<std::string> inputs, Layer layer) {
    network.nodes.push_back({name, std::move(inputs), std::move(layer)});
    last = name;
  }
  void add_input(const std::string& name, Input input) { add(name, {}, std::move(input)); }
  /// The condition that is a vector, behind what the chain ends in.
  void join_vector(int length) {
    const std::string values = last;
    add_input("vector", {.role = Role::condition, .shape = {length}});
    add("condition", {values, "vector"}, Concat{});
  }
  /// The discriminator's logit, "dense".
  void add_logit(Condition condition, bool spectral) {
    condition == Condition::projection ? add("dense", {last, "class"}, Projection{.spectral = spectral})
                                       : add("dense", Dense{.out = 1, .spectral = spectral});
  }
  /// A head that tells the codes, on node `features`.
  void add_code_head(const std::string& features, int width, bool spectral) {
    if (width == 0) return;
    add(kCodeHead, {features}, Dense{.out = width, .spectral = spectral});
    network.outputs.emplace_back(kCodeHead);
  }
  void add_norm(const std::string& name, Norm norm) {
    if (norm == Norm::batch) add(name, BatchNorm{});
    if (norm == Norm::layer) add(name, LayerNorm{});
  }
};

/// z, and the class where it is wanted: the chain then ends in what the dense layer takes.
void begin_generator(Chain& chain, const GeneratorConfig& config);
/// The image, and the class where it is wanted.
void begin_discriminator(Chain& chain, const DiscriminatorConfig& config);
/// Flattens, ends in the logit "dense" and, if wanted, the class head.
void end_discriminator(Chain& chain, const DiscriminatorConfig& config);

inline void check_range(const char* network, const char* what, int value, int low, int high) {
  if (value < low || value > high) {
    fail<ConfigError>("{}: {} must be between {} and {} (got {})", network, what, low, high, value);
  }
}

inline void check_condition_length(const char* network, int length) {
  if (length < 1) fail<ConfigError>("{}: a condition that is a vector wants its length (got {})", network, length);
}

inline void check_classes(const char* network, int classes) {
  if (classes < 1) {
    fail<ConfigError>("{}: a condition or class head wants the number of classes (got {})", network, classes);
  }
}

}  // namespace ganymede::net
