#include "data/synthetic/landscape_scene.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "data/synthetic/value_noise.hpp"

namespace ganymede::data {
namespace {

// The sky and its light by the sun's elevation.
struct Hour {
  double sun;
  Rgb zenith, horizon, light, shadow;
};
constexpr std::array<Hour, 6> kHours{{
    {-0.25, {0.03, 0.05, 0.15}, {0.11, 0.15, 0.29}, {0.22, 0.26, 0.40}, {0.12, 0.15, 0.27}},
    {-0.08, {0.15, 0.18, 0.38}, {0.72, 0.42, 0.40}, {0.46, 0.38, 0.44}, {0.22, 0.23, 0.36}},
    {0.05, {0.27, 0.36, 0.62}, {0.98, 0.66, 0.40}, {1.00, 0.68, 0.46}, {0.36, 0.34, 0.44}},
    {0.20, {0.30, 0.48, 0.76}, {0.97, 0.86, 0.66}, {1.08, 0.90, 0.68}, {0.48, 0.47, 0.53}},
    {0.50, {0.24, 0.49, 0.84}, {0.80, 0.89, 0.95}, {1.08, 1.02, 0.92}, {0.58, 0.60, 0.66}},
    {1.00, {0.18, 0.43, 0.82}, {0.72, 0.86, 0.96}, {1.10, 1.07, 1.00}, {0.62, 0.65, 0.70}},
}};

// The ground by the time of year, from spring over summer, autumn and winter to spring.
struct Season {
  Rgb grass, woods;
};
constexpr std::array<Season, 5> kSeasons{{
    {{0.50, 0.66, 0.26}, {0.29, 0.45, 0.20}},
    {{0.38, 0.54, 0.22}, {0.14, 0.32, 0.15}},
    {{0.66, 0.55, 0.24}, {0.62, 0.34, 0.12}},
    {{0.55, 0.52, 0.42}, {0.27, 0.28, 0.26}},
    {{0.50, 0.66, 0.26}, {0.29, 0.45, 0.20}},
}};

Rgb varied(Rgb colour, double spread, RandomSequence& random) {
  return colour * Rgb{random.uniform(1 - spread, 1 + spread), random.uniform(1 - spread, 1 + spread),
                      random.uniform(1 - spread, 1 + spread)};
}

double drawn_sun(RandomSequence& random) {
  const double kind = random.uniform();
  if (kind < 0.06) return random.uniform(-0.25, -0.12);
  if (kind < 0.34) return random.uniform(-0.10, 0.14);
  return random.uniform(0.14, 1);
}

void draw_light(Scene& s, RandomSequence& random) {
  s.sun = drawn_sun(random);
  std::size_t hour = 1;
  while (hour + 1 < kHours.size() && s.sun > kHours[hour].sun) ++hour;
  const Hour &a = kHours[hour - 1], &b = kHours[hour];
  const double t = (s.sun - a.sun) / (b.sun - a.sun);
  s.zenith = varied(mix(a.zenith, b.zenith, t), 0.10, random);
  s.horizon = varied(mix(a.horizon, b.horizon, t), 0.05, random);
  s.light = mix(a.light, b.light, t);
  s.shadow = mix(a.shadow, b.shadow, t);
  if (s.sun > -0.1 && s.sun < 0.15 && random.uniform() < 0.3) {  // a sunset in pink rather than orange
    s.horizon = mix(s.horizon, {0.94, 0.60, 0.66}, random.uniform(0.4, 1));
    s.zenith = mix(s.zenith, {0.42, 0.36, 0.62}, random.uniform(0.2, 0.8));
  }
  s.sun_x = random.uniform(-0.15, 1.15);
  s.haze = random.uniform(0.25, 0.85);
  s.exposure = random.uniform(0.92, 1.08);
}

void draw_clouds(Scene& s, RandomSequence& random) {
  s.cloud_noise = random.word();
  s.cloud_size = random.uniform(0.6, 1.6);
  s.cloud_stretch = random.uniform(1.8, 5);
  s.cloud_softness = random.uniform(0.15, 0.5);
  const double kind = random.uniform();
  s.clouds = kind < 0.22 ? random.uniform(0, 0.1) : kind < 0.88 ? random.uniform(0.2, 0.7) : random.uniform(0.85, 1);
  if (s.clouds > 0.8) {  // overcast: grey light without shadows
    const double bright = smooth_step(-0.2, 0.5, s.sun);
    const Rgb grey = Rgb{0.60, 0.64, 0.70} * (0.2 + 0.8 * bright);
    s.zenith = mix(s.zenith, grey * 0.85, 0.8);
    s.horizon = mix(s.horizon, grey * 1.15, 0.7);
    const Rgb even = mix(s.shadow, s.light, 0.45);
    s.light = mix(even, {0.80, 0.82, 0.85}, 0.4 * bright);
    s.shadow = mix(s.shadow, even, 0.6);
    s.haze = std::min(0.95, s.haze + 0.2);
  }
}

void draw_ground(Scene& s, Relief relief, RandomSequence& random) {
  const double year = 4 * random.uniform();
  const auto season = static_cast<std::size_t>(std::min(year, 3.999));
  const Season &a = kSeasons[season], &b = kSeasons[season + 1];
  // Seasons last: the change from one to the next takes the middle third.
  const double t = smooth_step(0.35, 0.65, year - static_cast<double>(season));
  s.grass = varied(mix(a.grass, b.grass, t), 0.12, random);
  s.woods = varied(mix(a.woods, b.woods, t), 0.12, random);
  s.rock = varied(mix({0.44, 0.44, 0.46}, {0.54, 0.45, 0.38}, random.uniform()), 0.06, random);
  s.texture = random.uniform(0.06, 0.16);
  s.ground_noise = random.word();
  const double winter = 1 - smooth_step(0.25, 0.7, std::min(std::abs(year - 3), 1.0));
  s.snow_line = random.uniform(0.45, 1.0);
  if (relief == Relief::hills) s.snow_line = 9;
  if (winter > 0.5) s.snow_line = random.uniform() < 0.7 ? -1 : random.uniform(0, 0.4);
  if (relief == Relief::mesas || relief == Relief::dunes) {
    s.snow_line = 9;
    s.rock = varied({0.74, 0.44, 0.28}, 0.10, random);
    s.grass =
        relief == Relief::dunes ? varied({0.86, 0.72, 0.48}, 0.06, random) : varied({0.72, 0.54, 0.34}, 0.08, random);
    s.woods = varied({0.38, 0.38, 0.22}, 0.1, random);
  }
  if (year < 2 && s.snow_line > 0 && relief != Relief::mesas && relief != Relief::dunes && random.uniform() < 0.35) {
    constexpr std::array<Rgb, 4> kFlowers{
        {{0.95, 0.85, 0.25}, {0.85, 0.30, 0.30}, {0.65, 0.50, 0.88}, {0.97, 0.95, 0.93}}};
    s.flowers = random.uniform(0.15, 0.4);
    s.flower = kFlowers[random.below(4)];
  }
}

Ridge far_ridge(Relief relief, double distance, double base, double height, RandomSequence& random) {
  const bool sharp = relief == Relief::mountains;
  return {.relief = relief,
          .distance = distance,
          .base = base,
          .height = height,
          .frequency = sharp ? random.uniform(1.3, 2.4) + 1.2 * distance : random.uniform(1, 2.6),
          .noise = random.word()};
}

void draw_land(Scene& s, Relief relief, RandomSequence& random) {
  s.horizon_y = random.uniform(0.44, 0.70);
  s.water = random.uniform() < (relief == Relief::mesas ? 0.15 : relief == Relief::dunes ? 0.6 : 0.55);
  const double foot = s.horizon_y + random.uniform(0.01, 0.05);
  s.shore_y = foot;
  const bool open_sea = s.water && random.uniform() < 0.2;
  const int count = open_sea ? static_cast<int>(random.below(2)) : 2 + static_cast<int>(random.below(3));
  const double tallest = relief == Relief::mountains ? random.uniform(0.24, 0.48)
                         : relief == Relief::mesas   ? random.uniform(0.12, 0.26)
                         : relief == Relief::dunes   ? random.uniform(0.04, 0.10)
                                                     : random.uniform(0.10, 0.24);
  for (int k = 0; k < count; ++k) {
    const double near = count == 1 ? 0.3 : static_cast<double>(k) / (count - 1);
    const double shrink = 1 - 0.62 * near;  // nearer ranges leave the view open
    // What lies before mountains and mesas is hills or plain, now and then.
    const Relief kind = relief == Relief::mountains && near > 0.6 && random.uniform() < 0.6 ? Relief::hills : relief;
    s.ridges.push_back(far_ridge(kind, 1 - 0.75 * near, foot,
                                 std::min(tallest * shrink * random.uniform(0.85, 1.15), s.horizon_y - 0.1), random));
    if (kind == Relief::hills && near > 0.5 && random.uniform() < 0.5)
      s.ridges.back().trees = random.uniform(0.02, 0.06);
  }
  const bool front = !s.water || random.uniform() < 0.45;
  if (!front) return;
  const bool sandy = relief == Relief::mesas || relief == Relief::dunes;
  const int steps = s.water ? 1 : 1 + static_cast<int>(random.below(2));
  for (int k = 0; k < steps; ++k) {
    const double low = s.water ? random.uniform(0.86, 0.96) : foot + (0.98 - foot) * (0.12 + 0.5 * k);
    Ridge ridge{.relief = sandy ? Relief::dunes : Relief::hills,
                .distance = 0.16 - 0.12 * k,
                .base = low,
                .height = s.water ? random.uniform(0.03, 0.1) : random.uniform(0.03, 0.09),
                .frequency = random.uniform(0.6, 1.6),
                .noise = random.word()};
    if (!sandy && random.uniform() < 0.4) ridge.trees = random.uniform(0.06, 0.2);
    s.ridges.push_back(ridge);
  }
}

void draw_water(Scene& s, RandomSequence& random) {
  s.ripples = random.uniform() < 0.4 ? random.uniform(0, 0.15) : random.uniform(0.2, 1);
  s.water_noise = random.word();
  const Rgb own = mix({0.05, 0.22, 0.34}, {0.10, 0.40, 0.42}, random.uniform());
  s.depth = own * mix(s.shadow, s.light, 0.6);
}

}  // namespace

Rgb operator+(Rgb a, Rgb b) {
  return {a.r + b.r, a.g + b.g, a.b + b.b};
}
Rgb operator*(Rgb a, double f) {
  return {a.r * f, a.g * f, a.b * f};
}
Rgb operator*(Rgb a, Rgb b) {
  return {a.r * b.r, a.g * b.g, a.b * b.b};
}
Rgb mix(Rgb a, Rgb b, double t) {
  t = std::clamp(t, 0.0, 1.0);
  return {a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t, a.b + (b.b - a.b) * t};
}

Scene draw_scene(RandomSequence& random) {
  Scene s;
  const double place = random.uniform();
  const Relief relief = place < 0.45   ? Relief::mountains
                        : place < 0.75 ? Relief::hills
                        : place < 0.87 ? Relief::mesas
                                       : Relief::dunes;
  s.relief = relief;
  draw_light(s, random);
  draw_clouds(s, random);
  draw_ground(s, relief, random);
  draw_land(s, relief, random);
  draw_water(s, random);
  s.sun_y = s.horizon_y - 0.02 - std::max(s.sun, -0.05) * s.horizon_y * random.uniform(0.75, 1);
  return s;
}

}  // namespace ganymede::data
