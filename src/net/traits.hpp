#pragma once

#include <string>
#include <vector>

#include "net/network.hpp"

namespace ganymede::net {

// What can be said of a layer or a network without executing it; each question is answered here alone.

/// In training a sample's output depends on the other samples of its batch.
bool couples_samples(const Layer& layer);
bool couples_samples(const Network& network);

/// The output has the axes of the input(s), element by element: norms, activations, dropout, products.
bool keeps_axes(const Layer& layer);

/// It keeps the axes, and each element of the output depends on those of its own place alone, in training too:
/// activations, dropout, products.
bool is_pointwise(const Layer& layer);

/// Puts out the values of its input, each once, in another place or under another shape: reshape, permute.
bool moves_values(const Layer& layer);

/// In inference it puts out the values of its input as they stand, at most under another shape: reshape, dropout.
bool renames_values(const Layer& layer);

/// An input of it is a class index: embedding, one_hot, projection.
bool reads_class(const Layer& layer);

/// Its parameters alone decide how large its values become: products and norms. (A network that ends in one has
/// forgotten the activation behind it.)
bool is_unbounded(const Layer& layer);

/// Draws random numbers in training: dropout, rrelu.
bool draws(const Layer& layer);

/// Its weights are under spectral normalisation.
bool is_spectral(const Layer& layer);
/// Made for discriminators alone: minibatch_std, projection, whatever is spectral.
bool is_of_discriminators(const Layer& layer);

bool is_class_index(const Node& node);
/// The input of role condition.
bool is_condition(const Node& node);
/// Numbers of its condition (role condition); 0 without one.
int condition_length(const Network& network);
/// The node fed with values (neither the class index nor a condition). @throws ConfigError unless there is exactly one.
const Node& value_input(const Network& network);
/// Classes of its class input; 0 without one.
int class_count(const Network& network);

/// The name of a head that tells the codes of a picture (InfoGAN).
inline constexpr const char* kCodeHead = "code_dense";
/// A discriminator's heads behind its logit: of class logits, of codes; "" without.
std::string class_head(const Network& network);
std::string code_head(const Network& network);

/// The shape of every node's output for one sample, as people look at it: a vector that is reshaped to an image later,
/// with nothing between that mixes its axes, has the image's shape [C, H, W].
std::vector<Shape> shapes_as_images(const Network& network);

}  // namespace ganymede::net
