#pragma once

#include <vector>

#include "data/points/point_picture.hpp"
#include "picture/image.hpp"
#include "run/recipe.hpp"
#include "tensor/tensor.hpp"
#include "train/session.hpp"

namespace ganymede::study {

/// Small pictures of samples of points, all in the frame of a recipe's data: a density of the plane, or of a line the
/// histogram over that of the data.
class PointCells {
 public:
  PointCells(const run::Recipe& recipe, const train::SessionOptions& session);
  picture::Image draw(const Tensor& points) const;
  picture::Image reals() const { return draw(reals_); }

 private:
  picture::Image draw_line(const std::vector<double>& shares) const;
  std::vector<double> histogram(const Tensor& points) const;

  Tensor reals_;
  data::PointFrame frame_;
  double full_ = 1;  // spots on one place that make the deepest colour
};

}  // namespace ganymede::study
