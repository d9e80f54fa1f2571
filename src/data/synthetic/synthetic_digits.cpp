#include "data/synthetic/synthetic_digits.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "base/error.hpp"
#include "base/philox.hpp"
#include "base/portable_math.hpp"
#include "data/synthetic/bend.hpp"
#include "data/synthetic/digit_templates.hpp"
#include "ink/stroke.hpp"
#include "picture/pen.hpp"

namespace ganymede::data {
namespace {

using ink::Affine;
using ink::Ink;
using ink::Point;
using ink::Stroke;

constexpr int kBoxSide = 20;                                // MNIST: the digit is scaled into a 20 x 20 box ...
constexpr int kLargestShift = (kDigitSide - kBoxSide) / 2;  // ... which is moved within the picture to centre its mass
constexpr double kCentre = 14;                              // row and column of the centre of mass in MNIST
constexpr double kSoftness = 1.25;  // gives the share of grey pixels that MNIST's scanned strokes have
constexpr int kPieces = 5;          // chords between two control points

// How people hold each digit: slant to the right and width over height (logarithm), mean and spread. Means and spreads
// were set so that slant and aspect of the pictures agree with those of MNIST's training set.
struct Posture {
  double slant, slant_spread, stretch, stretch_spread;
};

constexpr Posture kPostures[kDigitClasses] = {
    {0.26, 0.22, 0.16, 0.2},  {0.24, 0.28, 0.0, 0.15}, {0.12, 0.27, 0.16, 0.2}, {0.11, 0.25, 0.08, 0.19},
    {0.22, 0.27, 0.12, 0.19}, {0.2, 0.28, 0.1, 0.22},  {0.08, 0.22, 0.17, 0.2}, {-0.04, 0.24, 0.17, 0.21},
    {0.14, 0.25, 0.08, 0.2},  {0.18, 0.25, 0.08, 0.18}};

Affine draw_posture(int label, RandomSequence& random) {
  const Posture& posture = kPostures[label];
  const double slant = posture.slant + posture.slant_spread * limited_normal(random);
  const double stretch = portable_exp(posture.stretch + posture.stretch_spread * limited_normal(random));
  const double turn = 0.014 * limited_normal(random);
  return then(then(Affine::scaling(stretch, 1), Affine::slant(-slant)), Affine::rotation(turn));
}

// The width of the pen in pixels along a stroke: slow changes of pressure, a rough edge, sometimes a lighter end.
class Pen {
 public:
  Pen(double widest, RandomSequence& random)
      : width_(std::clamp(2.55 * portable_exp(0.29 * limited_normal(random)), 1.35, widest)),
        swell_(0.1 * limited_normal(random)),
        phase_(random.uniform()),
        roughness_(random.uniform(0, 0.1)),
        rough_phase_(random.uniform()),
        taper_(random.uniform() < 0.5 ? random.uniform(0, 0.4) : 0) {}
  double width() const { return width_; }
  // at: 0 at the start of the stroke, 1 at its end.
  double width_at(double at) const {
    const double ending = at > 0.8 ? 1 - taper_ * (at - 0.8) / 0.2 : 1;
    return width_ * ending *
           (1 + swell_ * sine_of_turns(1.3 * at + phase_) + roughness_ * sine_of_turns(7 * at + rough_phase_));
  }

 private:
  double width_, swell_, phase_, roughness_, rough_phase_, taper_;
};

Ink draw_ink(int label, RandomSequence& random) {
  Ink ink = draw_digit_template(label, random);
  const Affine posture = draw_posture(label, random);
  const Bend bend(random);
  for (Stroke& stroke : ink) {
    stroke = ink::smooth_curve(stroke, kPieces);
    for (Point& p : stroke) p = posture(bend(p));
  }
  return ink;
}

// The standard deviation of the ink's points across its narrowest direction.
double narrowest_spread(const Ink& ink) {
  double n = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0;
  for (const Stroke& stroke : ink) {
    for (const Point& p : stroke) n += 1, x += p.x, y += p.y, xx += p.x * p.x, xy += p.x * p.y, yy += p.y * p.y;
  }
  const double a = xx / n - x / n * (x / n), b = xy / n - x / n * (y / n), c = yy / n - y / n * (y / n);
  const double smaller = (a + c - std::sqrt((a - c) * (a - c) + 4 * b * b)) / 2;  // eigenvalue of the covariance
  return std::sqrt(std::max(smaller, 0.0));
}

// The widest pen that leaves a digit's holes and gaps open.
double widest_pen(int label, const Ink& ink, const ink::Box& box) {
  static constexpr double kShare[kDigitClasses] = {1.45, 0, 1.9, 1.9, 1.6, 1.9, 1.35, 1.9, 1.4, 1.45};
  constexpr double kNarrowest = 1.6, kWidest = 4.6;
  if (label == 1) return kWidest;
  const double spread = 17 * narrowest_spread(ink) / std::max(box.width(), box.height());  // in pixels, with a pen of 3
  return std::clamp(kShare[label] * spread, kNarrowest, kWidest);
}

// The ink in the 20 x 20 box, its longer side filling it to the outer edge of the pen.
picture::Coverage rasterise(Ink ink, const ink::Box& box, const Pen& pen) {
  const double scale = (kBoxSide - (kSoftness - 1) - pen.width()) / std::max(box.width(), box.height());
  const Affine fit =
      then(then(Affine::translation(-(box.x0 + box.x1) / 2, -(box.y0 + box.y1) / 2), Affine::scaling(scale, scale)),
           Affine::translation((kBoxSide - 1) / 2.0, (kBoxSide - 1) / 2.0));
  apply(fit, ink);
  picture::Coverage coverage(kBoxSide, kBoxSide);
  std::vector<picture::PenPoint> points;
  for (const Stroke& stroke : ink) {
    points.clear();
    const double last = std::max<double>(static_cast<double>(stroke.size()) - 1, 1);
    for (const Point& p : stroke) points.push_back({p.x, p.y, pen.width_at(static_cast<double>(points.size()) / last)});
    picture::draw_polyline(coverage, points, kSoftness);
  }
  return coverage;
}

// Where the box's first row (column) goes so that the centre of mass is nearest to kCentre.
int offset_of(double moment, double mass) {
  const int offset = static_cast<int>(std::floor(kCentre - moment / mass + 0.5));
  return std::clamp(offset, 0, 2 * kLargestShift);
}

}  // namespace

int synthetic_label(std::uint64_t seed, std::uint64_t index) {
  const std::uint64_t block = index / kDigitClasses;
  RandomSequence random(Random(seed, "data.digits.label", static_cast<std::uint32_t>(block >> 32)),
                        static_cast<std::uint32_t>(block));
  std::array<int, kDigitClasses> order{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  for (std::uint32_t left = kDigitClasses; left > 1; --left) std::swap(order[left - 1], order[random.below(left)]);
  return order[index % kDigitClasses];
}

void draw_digit(std::uint64_t seed, std::uint64_t index, int label, std::span<std::uint8_t> pixels) {
  if (label < 0 || label >= kDigitClasses) fail<ShapeError>("digits: a class must be between 0 and 9 (got {})", label);
  if (pixels.size() != kDigitPixels) {
    fail<ShapeError>("digits: wanted room for {} pixels, found {}", kDigitPixels, pixels.size());
  }
  RandomSequence random(Random(seed, "data.digits.sample", static_cast<std::uint32_t>(index >> 32)),
                        static_cast<std::uint32_t>(index));
  const Ink ink = draw_ink(label, random);
  const ink::Box extent = ink::bounding_box(ink);
  const picture::Coverage box = rasterise(ink, extent, Pen(widest_pen(label, ink, extent), random));
  double mass = 0, moment_x = 0, moment_y = 0;
  for (int y = 0; y < kBoxSide; ++y) {
    for (int x = 0; x < kBoxSide; ++x) {
      const double v = box.values[y * kBoxSide + x];
      mass += v, moment_x += v * x, moment_y += v * y;
    }
  }
  const int top = offset_of(moment_y, mass), left = offset_of(moment_x, mass);
  std::fill(pixels.begin(), pixels.end(), std::uint8_t{0});
  for (int y = 0; y < kBoxSide; ++y) {
    for (int x = 0; x < kBoxSide; ++x) {
      pixels[(top + y) * kDigitSide + left + x] =
          static_cast<std::uint8_t>(std::lround(255 * static_cast<double>(box.values[y * kBoxSide + x])));
    }
  }
}

}  // namespace ganymede::data
