#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/points/mixture.hpp"
#include "data/points/point_picture.hpp"
#include "playground/live_game.hpp"

namespace ganymede::playground {

/// What is to be drawn of a game.
struct SceneWish {
  std::int64_t fakes = 1000;  ///< of the samples that seeds from 0 name: the same z in every scene; 1 to kMostFakes
  bool surface = true;        ///< D over the frame
  bool manifold = true;       ///< G's image of a lattice of noise, where z has one or two numbers
  bool arrows = true;         ///< where D pushes the first kArrows of the fakes
  bool ahead = false;         ///< the same of the D that the next updates make (game.unroll, else kAhead of them)
};
inline constexpr std::int64_t kMostFakes = 4000, kArrows = 150;
inline constexpr int kAhead = 5;

/// What D says and where it pushes.
struct Judged {
  std::vector<float> shares{};  ///< of real, at data::places_to_ask of the frame
  std::vector<float> pushes{};  ///< [M, D], -dL_G/dx of the first fakes
};

/// A game as it stands, in numbers to draw. All spans of points are in the data's units.
struct Scene {
  std::int64_t rows = 0, columns = 0;  ///< of Judged::shares
  std::vector<float> fakes{};          ///< [N, D]
  std::vector<float> manifold{};       ///< [side, side, D], of one number of noise [side, D]
  std::vector<float> manifold_z{};     ///< the same lattice of noise
  std::int64_t side = 0;
  Judged now;
  std::optional<Judged> ahead{};
  std::string no_arrows{};  ///< why there are none
  // How near the fakes are.
  double js = 0;                        ///< Jensen-Shannon divergence, nats, of histograms over the reals' box
  std::optional<std::int64_t> modes{};  ///< met, of data that are a mixture
  std::int64_t of_modes = 0;
  double near_mode = 0;  ///< share of the fakes within 3 deviations of one
};

/// Draws scenes of one game; what is the same for all of them (frame, noise, histograms of the reals, models) is kept
/// until the game begins anew.
class Stage {
 public:
  Stage(const play::Backend& backend, LiveGame& game);
  ~Stage();

  Scene scene(const SceneWish& wish);
  /// The part of the line or plane that is drawn: about the reals and the first fakes, from the beginning on.
  const data::PointFrame& frame();
  /// The first kPointsShown of the data, [N, D].
  const std::vector<float>& reals();
  /// What the divergence of so many samples is where the generator is perfect: of held-out points of the law, of drawn
  /// ones between their halves.
  double js_floor(std::int64_t count);
  std::int64_t bytes() const;

 private:
  struct Kept;
  Kept& kept();
  Judged judge(play::Executor& executor, std::span<const float> fakes, const SceneWish& wish, std::string* no_arrows);
  Judged look_ahead(std::span<const float> fakes, const SceneWish& wish);

  const play::Backend& backend_;
  LiveGame& game_;
  std::unique_ptr<Kept> kept_;
};

}  // namespace ganymede::playground
