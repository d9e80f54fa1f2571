#pragma once

#include "net/network.hpp"

namespace ganymede::net {

// What can be said of a layer or a network without executing it; each question is answered here alone.

/// In training a sample's output depends on the other samples of its batch.
bool couples_samples(const Layer& layer);
bool couples_samples(const Network& network);

/// The output has the axes of the input(s), element by element: norms, activations, dropout, products.
bool keeps_axes(const Layer& layer);

/// Draws random numbers in training: dropout, rrelu.
bool draws(const Layer& layer);

bool is_class_index(const Node& node);
/// The node fed with values (not the class index). @throws ConfigError unless there is exactly one.
const Node& value_input(const Network& network);
/// Classes of its class input; 0 without one.
int class_count(const Network& network);

}  // namespace ganymede::net
