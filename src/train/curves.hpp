#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "picture/image.hpp"
#include "train/meter.hpp"

namespace ganymede::train {

/// Both losses over epochs: the means of each epoch, and behind them those of the "step" events, smoothed.
class Curves {
 public:
  struct Point {
    double epoch = 0;  ///< where it lies: images seen / images an epoch
    double generator_loss = 0;
    double discriminator_loss = 0;
    friend bool operator==(const Point&, const Point&) = default;
  };

  /// What the "step" and "epoch" events of a run tell. @throws DataError if they are damaged.
  static Curves from_events(const std::filesystem::path& path);

  void add_step(double epoch, const Means& means);
  /// Stands in the middle of its epoch, counted from 1.
  void add_epoch(std::int64_t epoch, const Means& means);

  const std::vector<Point>& steps() const { return steps_; }
  const std::vector<Point>& epochs() const { return epochs_; }

  /// Needs at least one point.
  picture::Image draw() const;

 private:
  std::vector<Point> steps_;
  std::vector<Point> epochs_;
};

/// At most about `most` points: means of equal groups of neighbours.
std::vector<Curves::Point> thinned(const std::vector<Curves::Point>& points, std::size_t most);
/// The mean of each point and `radius` neighbours on both sides, fewer at the ends.
std::vector<Curves::Point> smoothed(const std::vector<Curves::Point>& points, std::size_t radius);

}  // namespace ganymede::train
