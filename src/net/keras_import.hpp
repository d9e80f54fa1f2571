#pragma once

#include "net/network.hpp"

namespace ganymede::net {

/// Tensors of one Keras network in Keras' layouts -> canonical names and layouts.
/// dense kernel [in, out] -> weight [out, in]; conv kernel [kh, kw, in, out] -> [out, in, kh, kw]; transposed conv
/// kernel [kh, kw, out, in] -> [in, out, kh, kw]; gamma, beta, moving_mean, moving_variance -> weight, bias,
/// running_mean, running_var; embeddings as they are, PReLU alpha -> weight. Keras flattens and reshapes in H, W, C
/// order, here it is C, H, W: flat axes that stand before a Reshape to [C, H, W] or after a flatten of one are permuted
/// (dense out and in axes, the BatchNorm of a flat axis, embeddings that are reshaped to an image).
/// @param tensors  keyed "<layer>.kernel", "<layer>.bias", "<layer>.gamma" ... (f32 or f64), without the network's name
/// @return         keyed "<layer>.weight" ... without the network's name, same dtype; only what `tensors` holds.
/// @throws DataError naming a tensor that fits nothing.
NamedTensors from_keras(const Network& network, const NamedTensors& tensors);

}  // namespace ganymede::net
