#pragma once

#include <cstdint>
#include <vector>

#include "data/dataset.hpp"

namespace ganymede::study {

/// How near a class of real pictures lies to the others: the study explains what lies in the centre of a latent space
/// by it (S-LATENT L6). Distances are root mean square differences of a pixel, values in [-1, 1].
struct ClassNearness {
  double pictures = 0;                   ///< of a picture of this class and one of another, mean over the other classes
  double means = 0;                      ///< of the mean pictures of both classes, mean over the other classes
  std::vector<std::int32_t> nearest_of;  ///< classes that lie nearer to this one than to any other, by `pictures`
};
/// [K]. @throws DataError for a set without labels or with an empty class.
std::vector<ClassNearness> class_nearness(const data::Dataset& set);

}  // namespace ganymede::study
