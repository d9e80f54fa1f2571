#pragma once

#include <string>

#include "net/network.hpp"

namespace ganymede::net {

/// The network as JSON text (an object with "schema": "ganymede.network/1"), every attribute written out.
std::string to_json(const Network& network);
/// The inverse; throws DataError with the place on anything that is not such an object or has an
/// unknown key. An attribute left out takes the default of its struct; kernel and stride also take one number for both,
/// padding also "valid". from_json(to_json(n)) == n. Whether the layers fit together is for infer_shapes to say.
Network from_json(const std::string& text);

/// "leaky_relu": the `function` of an activation there.
const char* name_of(ActivationKind kind);

/// The table of `ganymede describe`: layer, kind, output shape, parameters; then totals (total, trainable,
/// non-trainable).
std::string describe(const Network& network);

}  // namespace ganymede::net
