#pragma once

#include "engine/passes/geometry.hpp"
#include "engine/plan/memory.hpp"
#include "engine/plan/pass.hpp"

namespace ganymede::engine {

/// One convolution or transposed convolution without its bias (that is added by the activation behind it).
struct ConvSpec {
  std::string network, nodes;
  Geometry geometry;
  bool transposed = false;
  Field* in = nullptr;
  Field* out = nullptr;
  Parameter* weight = nullptr;
  GradientNeed input_need;
  bool training = true;  ///< false: there will be no backward pass
  Workspace* workspace = nullptr;
  bool backward_again = false;  ///< what a backward pass reads of the forward pass outlives it
  bool exact = true;            ///< a thin forward pass sums in double: what a leaky unit's side of zero may hang on
};

/// Where element (out, in, tap) of a convolution weight lies in the engine's order [tap][in][out to 16], for both wide
/// sides.
std::vector<std::int32_t> wide_weight_places(int in, int out, int taps, bool transposed, std::int64_t& size);
/// The same for a thin side: [tap][thin][wide to 16]. (The canonical weight is [wide, thin, taps] for both kinds of
/// convolution.)
std::vector<std::int32_t> thin_weight_places(int thin, int wide, int taps, std::int64_t& size);

/// Both sides wide: a list of (output position, input position, tap) matrix products with samples as rows.
std::unique_ptr<Pass> make_wide_conv(ConvSpec spec);
/// The same in bf16 on the dot-product unit in use (kernels/pair_product.hpp).
std::unique_ptr<Pass> make_mixed_conv(ConvSpec spec);
/// The same bits for inference with few samples: rows of the products are positions.
std::unique_ptr<Pass> make_mixed_grid_conv(ConvSpec spec);
/// The larger side is thin (an image): products with the taps gathered into the depth or the width.
std::unique_ptr<Pass> make_thin_conv(ConvSpec spec);

/// Both sides wide, small images and many samples: by a Fourier transform of this length (8 or 9); 0: the geometry does
/// not allow it.
int spectral_length(const Geometry& geometry);
std::unique_ptr<Pass> make_spectral_conv(ConvSpec spec);
/// The same in bf16 on a unit of dot products (kernels/complex_product.hpp).
std::unique_ptr<Pass> make_mixed_spectral_conv(ConvSpec spec);

}  // namespace ganymede::engine
