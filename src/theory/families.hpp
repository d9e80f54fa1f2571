#pragma once

#include <string>
#include <vector>

namespace ganymede::theory {

/// A family of generative models and what tells it from the others (S-THEORY, after Tomczak 2022, "Deep generative
/// modeling", table 1.1).
struct Family {
  std::string name;      ///< "autoregressive"
  std::string example;   ///< well-known ones
  std::string density;   ///< what it says of p(x): "explicit, exact" ... "implicit"
  std::string training;  ///< "stable", "unstable"
  std::string likelihood, sampling, compression;
  bool representation = false;  ///< whether it has a latent code of a sample
};

/// Five: autoregressive, flows, implicit (GANs), prescribed (variational autoencoders), energy-based.
const std::vector<Family>& families();

}  // namespace ganymede::theory
