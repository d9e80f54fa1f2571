#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "evaluate/reference.hpp"
#include "measure/neighbours.hpp"
#include "picture/image.hpp"

namespace ganymede::evaluate {

/// Fakes beside the training samples nearest to them: has the generator learnt or memorised?
struct TrainingNeighbours {
  measure::Neighbours by_values;    ///< pixels or moves in [-1, 1]
  measure::Neighbours by_features;  ///< of the classifier
  picture::Image picture;           ///< a row for each fake: itself, the nearest by values, the nearest by features
};

/// What is drawn of them: three groups of columns side by side, a row for each fake, and above each group what it
/// holds. Samples as explore::as_samples gives them, those of a row one after another.
picture::Image draw_neighbours(const Tensor& fakes, const Tensor& by_values, const Tensor& by_features);

/// The k nearest of all training samples, full scan in pieces of 4,096; `between` is called before each and may throw.
/// fakes: as explore::as_samples gives them.
TrainingNeighbours training_neighbours(const Tensor& fakes, Reference& reference, std::int64_t k, int threads,
                                       const std::function<void()>& between = {});

}  // namespace ganymede::evaluate
