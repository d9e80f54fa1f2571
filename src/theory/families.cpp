#include "theory/families.hpp"

namespace ganymede::theory {

const std::vector<Family>& families() {
  static const std::vector<Family> all = {{.name = "autoregressive",
                                           .example = "PixelCNN, transformers",
                                           .density = "explicit, exact: a product of conditionals",
                                           .training = "stable",
                                           .likelihood = "exact",
                                           .sampling = "slow",
                                           .compression = "lossless",
                                           .representation = false},
                                          {.name = "flows",
                                           .example = "RealNVP, Glow",
                                           .density = "explicit, exact: a change of variables",
                                           .training = "stable",
                                           .likelihood = "exact",
                                           .sampling = "slow or fast",
                                           .compression = "lossless",
                                           .representation = true},
                                          {.name = "implicit",
                                           .example = "GANs",
                                           .density = "implicit: samples alone",
                                           .training = "unstable",
                                           .likelihood = "none",
                                           .sampling = "fast",
                                           .compression = "none",
                                           .representation = false},
                                          {.name = "prescribed",
                                           .example = "variational autoencoders, diffusion",
                                           .density = "explicit, a lower bound",
                                           .training = "stable",
                                           .likelihood = "approximate",
                                           .sampling = "fast",
                                           .compression = "lossy",
                                           .representation = true},
                                          {.name = "energy-based",
                                           .example = "Boltzmann machines",
                                           .density = "explicit up to its constant",
                                           .training = "stable",
                                           .likelihood = "unnormalised",
                                           .sampling = "slow",
                                           .compression = "rather none",
                                           .representation = true}};
  return all;
}

}  // namespace ganymede::theory
