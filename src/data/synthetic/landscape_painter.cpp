#include "data/synthetic/landscape_painter.hpp"

#include <algorithm>
#include <cmath>

#include "base/portable_math.hpp"
#include "data/synthetic/bend.hpp"
#include "data/synthetic/value_noise.hpp"

namespace ganymede::data {
namespace {

constexpr int kColumns = 4;  // lines of land are sampled so often in a pixel's width

// exp(-d2), 0 where no pixel would show it.
double bell(double d2) {
  return d2 > 9 ? 0 : portable_exp(-d2);
}

// The mountain that stands out at x, and which of its sides: -1 left of the summit, 1 right of it.
struct Peak {
  double height = 0;
  double side = 0;
};

Peak peak_at(const Ridge& r, double x) {
  const ValueNoise noise(r.noise ^ 0x3C6EF372U);
  const double at = x * r.frequency, first = std::floor(at);
  Peak best;
  for (const double i : {first - 1, first, first + 1}) {
    const double across = at - (i + 0.5 + 0.4 * noise.at(i, 0));
    const double height = (0.72 + 0.28 * noise.at(i, 3)) * (1 - std::fabs(across) / (0.85 + 0.25 * noise.at(i, 6)));
    if (height > best.height) best = {height, across < 0 ? -1.0 : 1.0};
  }
  return best;
}

// The line of a range above its foot, as a share of its height.
double profile(const Ridge& r, double x) {
  const ValueNoise noise(r.noise);
  const double at = x * r.frequency;
  switch (r.relief) {
    case Relief::mountains:
      return 0.12 + 0.88 * peak_at(r, x).height + 0.22 * noise.fractal(at * 3, 0.5, 4);
    case Relief::hills:
      return 0.5 + 0.6 * noise.fractal(at, 0.5, 3);
    case Relief::mesas: {
      const double raw = noise.fractal(at * 1.2, 0.5, 3);
      const double top = 0.8 * smooth_step(-0.02, 0.10, raw) + 0.25 * smooth_step(0.30, 0.36, raw);
      return top + 0.1 * noise.fractal(at * 3, 3.5, 3) * (top > 0.1 ? 0.3 : 1) + 0.08;
    }
    default:
      return 0.5 + 0.55 * noise.fractal(at, 0.5, 2);
  }
}

// How far trees rise above the line at x: a tree in each cell, spruces or round crowns.
double tree_height(const Ridge& r, double x) {
  if (r.trees <= 0) return 0;
  const ValueNoise noise(r.noise ^ 0x5bd1e995U);
  const double cell = 0.5 * r.trees;
  double highest = 0;
  const double first = std::floor(x / cell);
  for (const double i : {first - 1, first, first + 1}) {
    if (ValueNoise(r.noise).at(0.37 * i * cell / 0.03 + 0.5, 9.5) < -0.05) continue;  // woods have gaps
    const double centre = (i + 0.5 + 0.45 * noise.at(i, 0)) * cell;
    const double height = r.trees * (0.7 + 0.3 * noise.at(i, 4));
    const double across = std::fabs(x - centre) / (0.42 * cell + 0.2 * cell * noise.at(i, 8));
    if (across >= 1) continue;
    highest = std::max(highest, height * (r.noise % 2 == 0 ? 1 - across : 0.75 * std::sqrt(1 - across * across)));
  }
  return highest;
}

class Painter {
 public:
  Painter(const Scene& scene, int side)
      : s_(scene), side_(side), pixel_(1.0 / side), picture_(static_cast<std::size_t>(side) * side) {}

  std::vector<Rgb> paint() {
    for (int row = 0; row < side_ && row <= s_.shore_y * side_; ++row) {
      for (int column = 0; column < side_; ++column) at(row, column) = sky(middle(column), middle(row));
    }
    for (const Ridge& r : s_.ridges) {
      if (!in_front(r)) draw(r);
    }
    s_.water ? draw_water() : draw_plain();
    for (const Ridge& r : s_.ridges) {
      if (in_front(r)) draw(r);
    }
    return std::move(picture_);
  }

 private:
  bool in_front(const Ridge& r) const { return r.base > s_.shore_y + 0.01; }
  Rgb& at(int row, int column) { return picture_[static_cast<std::size_t>(row) * side_ + column]; }
  double middle(int i) const { return (i + 0.5) * pixel_; }

  double overcast() const { return smooth_step(0.7, 0.9, s_.clouds); }
  Rgb air() const { return mix(s_.horizon, s_.zenith, 0.22); }

  Rgb sky(double x, double y) const {
    const double up = std::clamp((s_.horizon_y - y) / s_.horizon_y, 0.0, 1.0);
    Rgb colour = mix(s_.horizon, s_.zenith, 0.55 * up + 0.45 * up * (2 - up));
    const double dx = x - s_.sun_x, dy = y - s_.sun_y, d2 = dx * dx + dy * dy;
    const double clear = 1 - overcast();
    const bool night = s_.sun < -0.1;
    if (!night) {
      const double low = 1 - smooth_step(0.05, 0.5, s_.sun);
      const double glow = bell(d2 / (0.008 + 0.06 * low)) * (0.3 + 0.4 * low) * clear;
      colour = mix(colour, mix(s_.light, {1.05, 1.0, 0.9}, 0.4), glow);
      if (s_.sun > -0.06)
        colour = mix(colour, mix(s_.light * 1.1, {1.2, 1.15, 1.0}, 0.5), clear * disc(d2, 0.020 + 0.016 * low));
    } else {
      const double star = ValueNoise(s_.cloud_noise ^ 0xA5A5U).at(std::floor(x * 64) * 7.0, std::floor(y * 64) * 5.0);
      if (star > 0.975) colour = colour + Rgb{0.6, 0.6, 0.55} * (clear * up);
      colour = mix(colour, {0.93, 0.93, 0.86},
                   clear * disc((x - s_.sun_x) * (x - s_.sun_x) + (y - 0.15) * (y - 0.15), 0.028));
    }
    return with_clouds(colour, x, y);
  }

  double disc(double d2, double radius) const { return std::clamp((radius - std::sqrt(d2)) / pixel_ + 0.5, 0.0, 1.0); }

  double cloud(double x, double y) const {
    const double up = s_.horizon_y - y + 0.10;
    const double scale = 0.42 / s_.cloud_size;
    return ValueNoise(s_.cloud_noise).fractal((x - 0.5) * scale / up * 2, scale / up * s_.cloud_stretch + 3, 4);
  }

  Rgb with_clouds(Rgb colour, double x, double y) const {
    if (s_.clouds < 0.02 || y > s_.horizon_y) return colour;
    const double least = 0.42 - 0.85 * s_.clouds;
    const double here = cloud(x, y), cover = smooth_step(least, least + s_.cloud_softness, here);
    if (cover <= 0) return colour;
    // Thin towards the sun: lit. Many mass between: in its own shadow.
    const double side = s_.sun_x > x ? 0.03 : -0.03;
    const double towards = cloud(x + side, y - 0.03);
    const double lit = std::clamp(0.62 + 1.3 * (here - towards) - 0.5 * std::max(here - least - 0.25, 0.0), 0.0, 1.0);
    const Rgb white = mix(s_.light, {1.02, 1.02, 1.02}, 0.45 * smooth_step(0, 0.5, s_.sun));
    const Rgb dark = mix(s_.shadow, s_.horizon, 0.45);
    const double far = smooth_step(0, 0.18, s_.horizon_y - y);
    return mix(colour, mix(dark, white, lit), cover * (0.35 + 0.6 * far));
  }

  // How much of the sun a ground with this rise to the right takes, 0.5 on level ground.
  double facing(double rise) const {
    const double direction = std::clamp((0.5 - s_.sun_x) * 2.5, -1.0, 1.0);
    return std::clamp(0.55 + rise * direction, 0.0, 1.0);
  }

  Rgb lit(Rgb ground, double lightness) const { return ground * mix(s_.shadow, s_.light, lightness); }

  // `slope`: how the line above rises to the right, `below`: how far up it is.
  Rgb ground(const Ridge& r, double x, double y, double slope, double below) const {
    const ValueNoise noise(r.noise + 77);
    const double altitude = (r.base - y) / r.height;
    const double fx = x * r.frequency, fy = (y - r.base) / std::max(r.height, 0.05);
    slope *= 0.35 * bell(3 * below / r.height);
    const double patches = noise.fractal(fx * 2.2 + 5, fy * 1.6, 3);
    const double grain = 1 + s_.texture * noise.at(x * 55, y * 90);
    switch (r.relief) {
      case Relief::mountains: {
        const double rise = noise.ridged(fx * 3 + 0.06, fy * 1.1, 3) - noise.ridged(fx * 3 - 0.06, fy * 1.1, 3);
        const double side = peak_at(r, x + 0.10 / r.frequency * noise.fractal(fx * 2, fy * 3.5, 2)).side;
        const double face = 0.8 * rise - 0.34 * side * smooth_step(0.05, 0.4, altitude);
        Rgb base = mix(mix(s_.woods, s_.grass, 0.2 + 0.6 * patches), s_.rock,
                       smooth_step(0.15, 0.5, altitude + 0.25 * patches));
        const double snow =
            smooth_step(s_.snow_line - 0.06, s_.snow_line + 0.10, altitude + 0.22 * patches + 0.35 * rise);
        base = mix(base, {0.95, 0.96, 0.99}, snow);
        return lit(base, facing(face + 0.4 * slope)) * mix({grain, grain, grain}, {1, 1, 1}, 0.7 * snow);
      }
      case Relief::hills: {
        Rgb base = mix(s_.grass, s_.woods, smooth_step(-0.05, 0.25, patches));
        if (s_.snow_line < 0.5) base = mix(base, {0.93, 0.95, 0.98}, 0.9 - 0.75 * smooth_step(0.05, 0.3, patches));
        return lit(base, facing(slope + 0.35 * patches)) * grain;
      }
      case Relief::mesas: {
        const double strata = noise.at(0.3 * x, y * 42 + 0.6 * noise.at(3 * x, 1));
        const double rise = noise.at(fx * 9 + 0.2, fy * 0.4) - noise.at(fx * 9 - 0.2, fy * 0.4);
        Rgb base = s_.rock * (1 + 0.16 * strata);
        base = mix(s_.grass, base, smooth_step(0.05, 0.3, altitude));
        return lit(base, facing(rise + slope)) * grain;
      }
      default: {
        const double rise =
            noise.at(fx * 2.5 + fy * 1.3 + 0.15, fy * 1.5) - noise.at(fx * 2.5 + fy * 1.3 - 0.15, fy * 1.5);
        return lit(mix(s_.grass, s_.woods, 0.5 * smooth_step(0.3, 0.6, patches)), facing(1.2 * rise + slope)) * grain;
      }
    }
  }

  Rgb in_air(Rgb colour, double distance) const { return mix(colour, air(), s_.haze * distance); }

  void draw(const Ridge& r) {
    const Rgb crowns = in_air(lit(mix(s_.woods, s_.woods * 0.6, 0.7), 0.35), r.distance);
    const int last = in_front(r) ? side_ : std::min(side_, static_cast<int>(s_.shore_y * side_) + 1);
    for (int column = 0; column < side_; ++column) {
      double line[kColumns], tops[kColumns], mean = 0, highest = 1;
      for (int k = 0; k < kColumns; ++k) {
        const double x = (column + (k + 0.5) / kColumns) * pixel_;
        line[k] = r.base - r.height * std::max(profile(r, x), 0.0);
        tops[k] = line[k] - tree_height(r, x);
        mean += line[k] / kColumns;
        highest = std::min(highest, tops[k]);
      }
      const double slope = (line[0] - line[kColumns - 1]) / r.height * 0.027 / (0.75 * pixel_);
      for (int row = std::max(0, static_cast<int>(highest * side_)); row < last; ++row) {
        double land = 0, trees = 0;
        for (int k = 0; k < kColumns; ++k) {
          land += std::clamp((row + 1) - line[k] * side_, 0.0, 1.0) / kColumns;
          trees += std::clamp((row + 1) - tops[k] * side_, 0.0, 1.0) / kColumns;
        }
        if (trees <= 0) continue;
        const double x = middle(column), y = middle(row);
        Rgb& colour = at(row, column);
        if (trees > land) colour = mix(colour, crowns, trees);
        if (land <= 0) continue;
        Rgb here = in_front(r) ? meadow(x, y, r.base - r.height) * (0.9 + 0.2 * smooth_step(0, 0.1, y - mean))
                               : in_air(ground(r, x, y, slope, std::max(y - mean, 0.0)), r.distance);
        // Air lies thickest in the valleys.
        here = mix(here, air(), s_.haze * r.distance * 0.6 * smooth_step(0.5, 0, (r.base - y) / r.height));
        colour = mix(colour, here, land);
      }
    }
  }

  // Level ground seen from above, finer towards `far`, where it begins.
  Rgb meadow(double x, double y, double far) const {
    const ValueNoise noise(s_.ground_noise);
    const double near = 1 / (std::max(y - far, 0.0) + 0.06);
    const double px = (x - 0.5) * near, pz = near * 2.2;
    const double patches = noise.fractal(px * 0.9 + 3, pz, 3);
    const double grain = noise.fractal(px * 9, pz * 5, 2) * (s_.snow_line < 0.5 ? 0.35 : 0.9);
    Rgb base = mix(s_.grass, mix(s_.woods, s_.grass, 0.4), smooth_step(-0.2, 0.5, patches));
    if (s_.snow_line < 0.5) base = mix(base, {0.93, 0.95, 0.98}, 0.97 - 0.25 * smooth_step(0.2, 0.6, patches));
    if (s_.flowers > 0 && noise.at(px * 14 + 50, pz * 9) > 1 - 2 * s_.flowers * smooth_step(-0.3, 0.3, patches))
      base = mix(base, s_.flower, 0.75);
    return lit(base, facing(0.5 * patches)) * (1 + 1.5 * s_.texture * grain);
  }

  void draw_plain() {
    const double far = s_.shore_y;
    each_pixel_below(far, [&](double x, double y, const Rgb&) {
      const double depth = (1 - y) / (1 - far);
      return in_air(meadow(x, y, far), 0.45 * depth * depth);
    });
  }

  void draw_water() {
    const std::vector<Rgb> above = picture_;
    const ValueNoise noise(s_.water_noise);
    const auto reflected = [&](double x, double y) {
      const double c = std::clamp(x * side_ - 0.5, 0.0, side_ - 1.0), r = std::clamp(y * side_ - 0.5, 0.0, side_ - 1.0);
      const int c0 = static_cast<int>(c), r0 = static_cast<int>(r);
      const int c1 = std::min(c0 + 1, side_ - 1), r1 = std::min(r0 + 1, side_ - 1);
      const auto get = [&](int row, int column) { return above[static_cast<std::size_t>(row) * side_ + column]; };
      return mix(mix(get(r0, c0), get(r0, c1), c - c0), mix(get(r1, c0), get(r1, c1), c - c0), r - r0);
    };
    const double clear = 1 - overcast();
    const double low_sun = s_.sun > -0.08 ? 1 - smooth_step(0.2, 0.55, s_.sun) : 0;
    each_pixel_below(s_.shore_y, [&](double x, double y, const Rgb&) {
      const double d = y - s_.shore_y;
      const double near = 1 / (d + 0.05);
      const double waves = noise.fractal((x - 0.5) * near * 0.8, near * 5, 3);
      const double bend = waves * s_.ripples;
      Rgb colour = reflected(x + 0.012 * bend, s_.shore_y - d - 0.5 * pixel_ + bend * (0.015 + 0.12 * d));
      const double steep = smooth_step(0, 0.5, d) * (0.35 + 0.45 * s_.ripples);
      colour = mix(colour * 0.95, s_.depth, steep);
      colour = mix(colour, s_.horizon, std::max(bend, 0.0) * 0.3);
      const double across = (x - s_.sun_x) / (0.03 + 0.22 * d);
      const double glitter = bell(across * across) * smooth_step(-0.1, 0.45, waves + 0.2 * (1 - s_.ripples));
      colour = mix(colour, s_.light * 1.15, 0.75 * glitter * low_sun * clear);
      return d < pixel_ ? colour * 0.88 : colour;
    });
  }

  // Replaces the pixels below a line of y; the one that it crosses by its share.
  template <class F>
  void each_pixel_below(double line, F&& colour) {
    for (int row = static_cast<int>(line * side_); row < side_; ++row) {
      const double share = std::clamp((row + 1) - line * side_, 0.0, 1.0);
      for (int column = 0; column < side_; ++column) {
        Rgb& here = at(row, column);
        here = mix(here, colour(middle(column), middle(row), here), share);
      }
    }
  }

  const Scene& s_;
  int side_;
  double pixel_;
  std::vector<Rgb> picture_;
};

}  // namespace

std::vector<Rgb> paint(const Scene& scene, int side) {
  return Painter(scene, side).paint();
}

}  // namespace ganymede::data
