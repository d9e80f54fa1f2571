#pragma once

#include <cstdint>

#include "explore/trained_generator.hpp"
#include "fit/classifier.hpp"

namespace ganymede::study {

/// How far two models mean the same by the same z (S-INK I9). Each model gets the class of z from its own partition:
/// c(z) is the nearest centroid's.
struct Agreement {
  double cells = 0;      ///< share of z ~ N(0, I) that both partitions put into one class
  double symbols = 0;    ///< share of these z whose two symbols the classifier takes for one class
  double drawn = 0;      ///< the same for z as the first model's sampler draws them, classes in turn
  double walks = 0;      ///< the same on straight walks from z to z', mean over their points
  double crossings = 0;  ///< mean distance between the nearest changes of class on the two walks, in walk lengths
};

struct AgreementOptions {
  std::int64_t points = 2000;
  std::int64_t walks = 60;
  std::int64_t steps = 33;  ///< points of a walk
  std::uint64_t seed = 77;
};

/// @throws ConfigError if a model has no partition.
Agreement agreement_of(explore::TrainedGenerator& first, explore::TrainedGenerator& second, fit::Classifier& classifier,
                       const AgreementOptions& options = {});

}  // namespace ganymede::study
