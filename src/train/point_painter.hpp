#pragma once

#include <functional>
#include <vector>

#include "data/dataset.hpp"
#include "data/points/point_picture.hpp"
#include "picture/image.hpp"
#include "play/game.hpp"
#include "play/model.hpp"
#include "tensor/tensor.hpp"

namespace ganymede::train {

/// How many points of each side a picture shows.
inline constexpr std::int64_t kPointsShown = 1000;

/// Whether samples of this shape [C, H, W] are points, [D, 1, 1].
bool is_points(const Shape& sample);

/// What D's logits say as shares of real in [0, 1]: sigmoid(logit - t), t = play::threshold(loss), or the mean of the
/// logits where a logit means something only beside others.
std::vector<float> shares_of_real(std::span<const float> logits, play::Loss loss);

/// What a picture of points shows besides (data::PointScene).
struct PointLines {
  std::vector<std::vector<float>> manifold{};
  std::vector<float> pushed{}, pushes{};
};

/// Draws generated points among reals, over what D says, always in the frame of the reals.
class PointPainter {
 public:
  /// Shows the first kPointsShown of a set of points.
  PointPainter(const data::Dataset& reals, play::Loss loss);

  /// `fakes`: [N, D, 1, 1]. `ask`: D's logits [M] of points [M, D]; empty for a D that sees packs of them. Of more than
  /// two dimensions D is not asked.
  picture::Image draw(const Tensor& fakes, const std::function<Tensor(const play::Inputs&)>& ask,
                      const PointLines& lines = {}) const;
  const data::PointFrame& frame() const { return frame_; }
  const std::vector<float>& reals() const { return reals_; }  ///< [N, D]
  /// What D says at data::places_to_ask, shares of real; empty as in draw.
  std::vector<float> shares(const std::function<Tensor(const play::Inputs&)>& ask) const;

 private:
  int dim_;
  play::Loss loss_;
  std::vector<float> reals_;
  data::PointFrame frame_;
  std::vector<float> places_;
};

/// Points [N, D, 1, 1] by themselves, in their own frame.
picture::Image sheet_of_points(const Tensor& points);

}  // namespace ganymede::train
