#pragma once

#include <cstdint>
#include <vector>

#include "base/philox.hpp"

namespace ganymede::data {

/// Red, green, blue as display values, 0 to 1 (sRGB's curve); mixtures are made in them.
struct Rgb {
  double r = 0, g = 0, b = 0;
};
Rgb operator+(Rgb a, Rgb b);
Rgb operator*(Rgb a, double f);
Rgb operator*(Rgb a, Rgb b);
/// a at t = 0, b at t = 1; t is clamped.
Rgb mix(Rgb a, Rgb b, double t);

enum class Relief {
  mountains,  ///< sharp crests, rock and snow above forest
  hills,      ///< rounded, meadows and woods
  mesas,      ///< flat tops of red rock in a dry land
  dunes       ///< soft crests of sand or low coast
};

/// A range of land from side to side; ranges lie behind each other.
struct Ridge {
  Relief relief = Relief::hills;
  double distance = 0;      ///< 1 at the horizon, 0 in front: how much air lies before it
  double base = 0.5;        ///< y of its foot, in picture heights from the top
  double height = 0.1;      ///< of its crests above the foot
  double frequency = 2;     ///< crests in a picture's width
  double trees = 0;         ///< height of single trees on its line, 0 for none
  std::uint32_t noise = 0;  ///< seed of its line and ground
};

/// A landscape as numbers, of any resolution: x from 0 at the left to 1, y from 0 at the top to 1.
struct Scene {
  Relief relief = Relief::hills;  ///< what most of the land is

  // Light.
  double sun = 0.5;  ///< elevation: 1 high noon, 0 on the horizon, -0.25 night
  double sun_x = 0.5, sun_y = 0.2;
  Rgb zenith, horizon;  ///< of the sky
  Rgb light, shadow;    ///< factors of a ground that faces the sun and of one that does not
  double haze = 0.3;    ///< share of the horizon's colour in the farthest range
  double exposure = 1;

  // Clouds.
  double clouds = 0.4;  ///< share of the sky, about
  double cloud_size = 1;
  double cloud_stretch = 4;  ///< 2: heaps, 5: bands
  double cloud_softness = 0.3;
  std::uint32_t cloud_noise = 0;

  // Land.
  double horizon_y = 0.55;
  std::vector<Ridge> ridges;  ///< from the farthest to the nearest
  Rgb grass, woods, rock;
  double snow_line = 2;  ///< in crest heights above a foot; 0 or less: all is white
  double texture = 0.1;  ///< contrast of the ground's grain
  std::uint32_t ground_noise = 0;
  double flowers = 0;  ///< share of a meadow in front
  Rgb flower;

  // Water.
  bool water = false;
  double shore_y = 0.6;  ///< the water begins here
  double ripples = 0.3;  ///< 0: a mirror
  Rgb depth;             ///< its own colour
  std::uint32_t water_noise = 0;
};

/// Draws place, season, weather and time of day.
Scene draw_scene(RandomSequence& random);

}  // namespace ganymede::data
