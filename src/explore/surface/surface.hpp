#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "explore/surface/parameter_plane.hpp"
#include "picture/image.hpp"
#include "play/step.hpp"

namespace ganymede::explore {

inline constexpr const char* kSurfaceSchema = "ganymede.surface/1";

/// Both losses at one place.
struct SurfaceLosses {
  double generator = 0, discriminator = 0;
};

/// A loss surface as it lies in RUN/surfaces/NAME.json.
struct Surface {
  std::string name, run, data, loss;
  SurfaceOf of = SurfaceOf::generator;
  ParameterPlane::Kind kind = ParameterPlane::Kind::random;
  std::uint64_t epoch = 0, step = 0;  ///< of the weights in the origin, and of what does not move
  std::uint64_t seed = 0;             ///< of random directions
  std::int64_t batch = 0;
  std::string sentence;  ///< what the directions are
  int points = 0;        ///< along each direction
  PlaneRange x{}, y{};
  double cosine = 0;
  std::vector<double> explained{};
  std::vector<double> generator{}, discriminator{};  ///< [points, points], row 0 at y.low; NaN: no number
  SurfaceLosses at_origin{};
  std::vector<PlaneMark> marks{};
  std::vector<SurfaceLosses> at_marks{};  ///< of the weights themselves, wherever beside the plane they lie

  double x_at(int column) const { return x.low + (x.high - x.low) * column / (points - 1); }
  double y_at(int row) const { return y.low + (y.high - y.low) * row / (points - 1); }
  const std::vector<double>& losses_of(SurfaceOf player) const {
    return player == SurfaceOf::generator ? generator : discriminator;
  }
};

/// How BatchNorm is treated, as it stands in every file.
inline constexpr const char* kSurfaceStatistics =
    "BatchNorm takes the statistics of the batch at each place anew, as in a training step";

/// Losses of a game by its weights (LossField::at).
using LossAt = std::function<play::StepResult(const NamedTensors& weights)>;
/// Called after every place with how many of all are done; false: stop.
using OnPlace = std::function<bool(std::int64_t done, std::int64_t all)>;

/// The losses at points x points places of a plane, in its origin, and of its marks: `marked`, the weights [of each]
/// that move, in their order. What is not said by the plane (run, epoch, batch) is the caller's to fill in.
/// @throws ConfigError for fewer than 2 points, ShapeError for another number of marks; UserError when it was stopped
Surface make_surface(const ParameterPlane& plane, const std::vector<NamedTensors>& marked, int points,
                     const LossAt& losses, const OnPlace& on_place = {});
/// Places that make_surface asks at.
std::int64_t places_of(int points, std::size_t marks);

/// The text of the file (docs/surfaces.md).
std::string to_json(const Surface& surface);
/// Makes the folder and writes NAME.json, NAME.png and NAME.npy ([2, points, points] f64, G's losses, then D's), each
/// in one step; returns the path of the first.
std::filesystem::path write_surface(const std::filesystem::path& folder, const Surface& surface);

/// Colours of several surfaces on one scale.
struct SurfaceScale {
  double low = 0, knee = 1, high = 1;
  /// 0 at low, 1 at high: log(1 + (v - low) / knee) / log(1 + (high - low) / knee), so that a few places of huge loss
  /// do not take all colours.
  double place(double v) const;
  double value(double place) const;
};
/// Of all finite losses of a player; the knee is their median above the least.
SurfaceScale scale_of(const std::vector<const Surface*>& surfaces, SurfaceOf player);

/// Both losses side by side, that of the moving player first: colours, contours at tenths of the scale, the point, the
/// marks and the path between them, both scales. `scales`: of G and D, where several surfaces share them. `until`: of a
/// path only the marks up to this one.
picture::Image draw_surface(const Surface& surface);
picture::Image draw_surface(const Surface& surface, const SurfaceScale& generator, const SurfaceScale& discriminator,
                            std::size_t until);

}  // namespace ganymede::explore
