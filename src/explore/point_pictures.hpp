#pragma once

#include <memory>

#include "picture/image.hpp"
#include "play/backend.hpp"
#include "run/recipe.hpp"
#include "run/snapshot.hpp"
#include "tensor/tensor.hpp"
#include "train/point_painter.hpp"

namespace ganymede::explore {

/// Whether a network puts out points.
bool draws_points(const net::Network& generator);

/// Pictures of points as training draws them: generated ones among the first reals of the run's data, over what its
/// discriminator says.
class PointPictures {
 public:
  /// @throws as train::open_training_data, where the run's data are a file that is gone.
  PointPictures(const play::Backend& backend, const run::Recipe& recipe, int threads);
  ~PointPictures();

  /// `weights`: whole, with the discriminator's; points: [N, D, 1, 1].
  picture::Image draw(const run::Snapshot& weights, const Tensor& points);

 private:
  const play::Backend& backend_;
  int threads_;
  train::PointPainter painter_;
  std::unique_ptr<play::Model> discriminator_;  ///< made for the first picture
};

}  // namespace ganymede::explore
