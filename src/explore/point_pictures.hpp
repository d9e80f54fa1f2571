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

/// What such a picture shows beside points and D's surface.
struct PointExtras {
  enum class Arrows {
    none,
    samples,  ///< at the first 150 of the generated points
    grid      ///< at a lattice over the plane
  };
  std::vector<std::vector<float>> manifold{};  ///< as manifold_of gives it
  Arrows arrows = Arrows::none;                ///< where D pushes samples (play::Model::push)
};

/// Pictures of points as training draws them: generated ones among the first reals of the run's data, over what its
/// discriminator says.
class PointPictures {
 public:
  /// @throws as train::open_training_data, where the run's data are a file that is gone.
  PointPictures(const play::Backend& backend, const run::Recipe& recipe, int threads);
  ~PointPictures();

  /// `weights`: whole, with the discriminator's; points: [N, D, 1, 1]. @throws ConfigError for a manifold of a line;
  /// for arrows where points are of no plane, or D sees packs of them or takes conditions, or as play::Model::push.
  picture::Image draw(const run::Snapshot& weights, const Tensor& points, const PointExtras& extras = {});

  /// What such a picture has behind the generated points.
  struct Ground {
    data::PointFrame frame;
    std::vector<float> reals;  ///< [N, D]
    std::vector<float>
        shares;  ///< of real, at data::places_to_ask; empty of more than two dimensions, of packs, of conditions
    std::int64_t columns, rows;  ///< of those places
  };
  Ground ground(const run::Snapshot& weights);
  std::int64_t bytes() const;

 private:
  /// With those weights.
  play::Model& discriminator(const run::Snapshot& weights);

  const play::Backend& backend_;
  int threads_;
  train::PointPainter painter_;
  std::unique_ptr<play::Model> discriminator_;  ///< made for the first picture
};

}  // namespace ganymede::explore
