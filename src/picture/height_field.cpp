#include "picture/height_field.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/portable_math.hpp"
#include "picture/canvas.hpp"
#include "picture/plot_style.hpp"

namespace ganymede::picture {
namespace {

// How it works: the field becomes triangles in a unit cube, which is turned and tilted and looked at along parallel
// rays. Each pixel keeps the nearest triangle (a depth buffer), coloured by its height and shaded by how it faces the
// light, at twice the size, which is then halved. Lines are drawn over it, a piece at a time, faint where the buffer
// says that the landscape is nearer.

constexpr int kFiner = 2;
constexpr double kFloor = 0.75;      // height of the cube, its base being 1
constexpr double kMeshEvery = 0.1;   // of the base
constexpr double kFieldRoom = 0.06;  // free at the sides
constexpr int kTitleRoom = 34;

struct Place {
  double u = 0, v = 0, w = 0;  // in the cube: right, back, up; the middle is 0
};
struct Seen {
  double x = 0, y = 0, depth = 0;  // pixels; the larger depth is the nearer
};

class View {
 public:
  explicit View(const HeightField& field) : field_(field) {
    portable_sincos_turn(field.turn, sine_, cosine_);
    portable_sincos_turn(field.tilt, down_, flat_);
    const double across = std::abs(sine_) + std::abs(cosine_);
    const double upright = across * down_ + kFloor * flat_;
    const double room = 1 - 2 * kFieldRoom;
    scale_ = std::min(room * field.width / across, room * (field.height - kTitleRoom) / upright);
  }
  Place place(double x, double y, double z) const {
    const auto share = [](const Range& r, double v) { return (v - r.low) / (r.high - r.low); };
    return {share(field_.x, x) - 0.5, share(field_.y, y) - 0.5,
            kFloor * (std::clamp(share(field_.z, z), 0.0, 1.0) - 0.5)};
  }
  Seen see(const Place& p) const {
    const double right = cosine_ * p.u - sine_ * p.v, back = sine_ * p.u + cosine_ * p.v;
    return {field_.width / 2.0 + scale_ * right,
            kTitleRoom + (field_.height - kTitleRoom) / 2.0 - scale_ * (back * down_ + p.w * flat_),
            -back * flat_ + p.w * down_};
  }

 private:
  const HeightField& field_;
  double sine_ = 0, cosine_ = 1, down_ = 0, flat_ = 1, scale_ = 1;
};

struct Corner {
  Seen seen;
  double u = 0, v = 0;  // in the base, from 0 to 1
  double share = 0;     // of the height
};

double light_of(const Place& a, const Place& b, const Place& c) {
  const double p[] = {b.u - a.u, b.v - a.v, b.w - a.w}, q[] = {c.u - a.u, c.v - a.v, c.w - a.w};
  double n[] = {p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]};
  const double length = std::sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]);
  if (!(length > 0)) return 1;
  if (n[2] < 0) {
    for (double& one : n) one = -one;
  }
  constexpr double kSun[] = {-0.45, -0.35, 0.82};
  return 0.62 + 0.38 * std::max(0.0, (n[0] * kSun[0] + n[1] * kSun[1] + n[2] * kSun[2]) / length);
}

class Painter {
 public:
  Painter(int width, int height)
      : image_(kFiner * height, kFiner * width, 3, kWhite),
        depth_(static_cast<std::size_t>(kFiner * height) * static_cast<std::size_t>(kFiner * width),
               -std::numeric_limits<double>::infinity()) {}

  // `flat`: one colour in the place of those of the heights, without a mesh.
  void triangle(const std::array<const Corner*, 3>& corners, double light, const Colour* flat = nullptr) {
    std::array<Seen, 3> at;
    for (std::size_t i = 0; i < 3; ++i)
      at[i] = {kFiner * corners[i]->seen.x, kFiner * corners[i]->seen.y, corners[i]->seen.depth};
    const double area = (at[1].x - at[0].x) * (at[2].y - at[0].y) - (at[2].x - at[0].x) * (at[1].y - at[0].y);
    if (area == 0) return;
    const auto low = [&](auto part) { return std::min({part(at[0]), part(at[1]), part(at[2])}); };
    const auto high = [&](auto part) { return std::max({part(at[0]), part(at[1]), part(at[2])}); };
    const auto x_of = [](const Seen& s) { return s.x; };
    const auto y_of = [](const Seen& s) { return s.y; };
    const int top = std::max(0, static_cast<int>(std::floor(low(y_of)))),
              bottom = std::min(image_.height() - 1, static_cast<int>(std::ceil(high(y_of)))),
              left = std::max(0, static_cast<int>(std::floor(low(x_of)))),
              right = std::min(image_.width() - 1, static_cast<int>(std::ceil(high(x_of))));
    for (int y = top; y <= bottom; ++y) {
      for (int x = left; x <= right; ++x) {
        std::array<double, 3> share{};
        for (std::size_t i = 0; i < 3; ++i) {
          const Seen &b = at[(i + 1) % 3], &c = at[(i + 2) % 3];
          share[i] = ((b.x - x) * (c.y - y) - (c.x - x) * (b.y - y)) / area;
        }
        if (share[0] < 0 || share[1] < 0 || share[2] < 0) continue;
        const auto mixed = [&](auto part) {
          return share[0] * part(*corners[0]) + share[1] * part(*corners[1]) + share[2] * part(*corners[2]);
        };
        const double depth = mixed([](const Corner& c) { return c.seen.depth; });
        double& nearest = depth_[index(y, x)];
        if (depth <= nearest) continue;
        nearest = depth;
        if (flat != nullptr) {
          image_.set(y, x, mix(kBlack, *flat, light));
          continue;
        }
        const Colour colour = sequential_colour(1 - mixed([](const Corner& c) { return c.share; }));
        const auto on_mesh = [](double t) { return std::abs(t / kMeshEvery - std::round(t / kMeshEvery)) < 0.035; };
        double bright = light;
        if (on_mesh(mixed([](const Corner& c) { return c.u; })) || on_mesh(mixed([](const Corner& c) { return c.v; })))
          bright *= 0.82;
        image_.set(y, x, mix(kBlack, colour, bright));
      }
    }
  }

  // Whether something nearer lies before a place.
  bool hides(const Seen& seen) const {
    const int x = static_cast<int>(std::lround(kFiner * seen.x)), y = static_cast<int>(std::lround(kFiner * seen.y));
    if (x < 0 || y < 0 || x >= image_.width() || y >= image_.height()) return false;
    return depth_[index(y, x)] > seen.depth + 0.02;
  }

  Image halved() const {
    Image small(image_.height() / kFiner, image_.width() / kFiner, 3, kWhite);
    for (int y = 0; y < small.height(); ++y) {
      for (int x = 0; x < small.width(); ++x) {
        const Colour a = image_.colour_at(2 * y, 2 * x), b = image_.colour_at(2 * y, 2 * x + 1),
                     c = image_.colour_at(2 * y + 1, 2 * x), d = image_.colour_at(2 * y + 1, 2 * x + 1);
        const auto mean = [](int p, int q, int r, int s) { return static_cast<std::uint8_t>((p + q + r + s + 2) / 4); };
        small.set(y, x, {mean(a.r, b.r, c.r, d.r), mean(a.g, b.g, c.g, d.g), mean(a.b, b.b, c.b, d.b)});
      }
    }
    return small;
  }

 private:
  std::size_t index(int y, int x) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(image_.width()) + static_cast<std::size_t>(x);
  }
  Image image_;
  std::vector<double> depth_;
};

void paint_field(Painter& painter, const View& view, const HeightField& field) {
  const auto place_of = [&](int row, int column) {
    const double x = field.x.low + (field.x.high - field.x.low) * column / (field.columns - 1);
    const double y = field.y.low + (field.y.high - field.y.low) * row / (field.rows - 1);
    return view.place(x, y,
                      field.heights[static_cast<std::size_t>(row) * static_cast<std::size_t>(field.columns) +
                                    static_cast<std::size_t>(column)]);
  };
  const auto corner_of = [&](const Place& p) {
    return Corner{.seen = view.see(p), .u = p.u + 0.5, .v = p.v + 0.5, .share = p.w / kFloor + 0.5};
  };
  for (int row = 0; row + 1 < field.rows; ++row) {
    for (int column = 0; column + 1 < field.columns; ++column) {
      const Place a = place_of(row, column), b = place_of(row, column + 1), c = place_of(row + 1, column),
                  d = place_of(row + 1, column + 1);
      const Corner at_a = corner_of(a), at_b = corner_of(b), at_c = corner_of(c), at_d = corner_of(d);
      painter.triangle({&at_a, &at_b, &at_c}, light_of(a, b, c));
      painter.triangle({&at_b, &at_d, &at_c}, light_of(b, d, c));
    }
  }
}

// The two sides of the block that face the viewer, from the landscape's edge down to the base.
void paint_sides(Painter& painter, const View& view, const HeightField& field) {
  const Colour colour{214, 218, 222};
  const auto wall = [&](int count, double light, const auto& place_of) {
    for (int i = 0; i + 1 < count; ++i) {
      const Place a = place_of(i), b = place_of(i + 1);
      const auto corner_of = [&](const Place& p) { return Corner{.seen = view.see(p)}; };
      const Corner top_a = corner_of(a), top_b = corner_of(b), low_a = corner_of({a.u, a.v, -kFloor / 2}),
                   low_b = corner_of({b.u, b.v, -kFloor / 2});
      painter.triangle({&top_a, &top_b, &low_a}, light, &colour);
      painter.triangle({&top_b, &low_b, &low_a}, light, &colour);
    }
  };
  const auto height = [&](int row, int column) {
    return field.heights[static_cast<std::size_t>(row) * static_cast<std::size_t>(field.columns) +
                         static_cast<std::size_t>(column)];
  };
  wall(field.columns, 1, [&](int i) {
    return view.place(field.x.low + (field.x.high - field.x.low) * i / (field.columns - 1), field.y.low, height(0, i));
  });
  wall(field.rows, 0.9, [&](int i) {
    return view.place(field.x.low, field.y.low + (field.y.high - field.y.low) * i / (field.rows - 1), height(i, 0));
  });
}

// The edges of the base and one upright, with what lies along them.
void paint_axes(Canvas& canvas, const View& view, const HeightField& field) {
  const auto line = [&](const Place& a, const Place& b) {
    const Seen from = view.see(a), to = view.see(b);
    canvas.line(std::vector<CanvasPoint>{{from.x, from.y}, {to.x, to.y}}, 1, kPlotAxisLine);
  };
  const double low = -kFloor / 2;
  const Place front_left{-0.5, -0.5, low}, front_right{0.5, -0.5, low}, back_left{-0.5, 0.5, low};
  line(front_left, front_right);
  line(front_left, back_left);
  line(back_left, {-0.5, 0.5, -low});
  const auto word = [&](const Place& at, const std::string& text, double down, Align align) {
    const Seen seen = view.see(at);
    canvas.text({seen.x, seen.y + down}, text, kPlotLabelSize, kPlotText, align, false);
  };
  word({0, -0.55, low}, field.x_label, 16, Align::left);
  word({-0.55, 0, low}, field.y_label, 16, Align::right);
  word({-0.5, 0.5, -low}, field.z_label, -8, Align::centre);
}

void paint_track(ImageCanvas& canvas, const Painter& painter, const View& view, const HeightField& field,
                 const Track& track) {
  const double lift = 0.006 * (field.z.high - field.z.low);  // so that it lies on the landscape, not within
  std::vector<Seen> seen;
  for (std::size_t i = 0; i + 2 < track.xyz.size(); i += 3)
    seen.push_back(view.see(view.place(track.xyz[i], track.xyz[i + 1], track.xyz[i + 2] + lift)));
  const Colour faint = mix(kWhite, track.colour, 0.45);
  for (std::size_t i = 1; i < seen.size(); ++i) {
    const bool hidden = painter.hides(seen[i - 1]) || painter.hides(seen[i]);
    canvas.line(std::vector<CanvasPoint>{{seen[i - 1].x, seen[i - 1].y}, {seen[i].x, seen[i].y}}, track.width,
                hidden ? faint : track.colour);
  }
  if (seen.empty() || track.ball <= 0) return;
  canvas.dot({seen.back().x, seen.back().y}, track.ball + 1.5, kWhite);
  canvas.dot({seen.back().x, seen.back().y}, track.ball, painter.hides(seen.back()) ? faint : track.colour);
}

void check_field(const HeightField& field) {
  if (field.columns < 2 || field.rows < 2 ||
      field.heights.size() != static_cast<std::size_t>(field.columns) * static_cast<std::size_t>(field.rows)) {
    fail<ShapeError>("plot: a height field of {} x {} with {} heights", field.rows, field.columns,
                     field.heights.size());
  }
  for (const double height : field.heights) {
    if (!std::isfinite(height)) fail<ShapeError>("plot: a height field with a height of {}", height);
  }
  for (const Range& range : {field.x, field.y, field.z}) {
    if (!(range.low < range.high))
      fail<ShapeError>("plot: wanted a range with low < high, found {} to {}", range.low, range.high);
  }
  if (field.width < 200 || field.height < 150 || field.width > 4096 || field.height > 4096)
    fail<ShapeError>("plot: wanted 200 x 150 to 4096 x 4096 pixels, found {} x {}", field.width, field.height);
  for (const Track& track : field.tracks) {
    if (track.xyz.size() % 3 != 0) fail<ShapeError>("plot: a track of {} coordinates", track.xyz.size());
  }
}

}  // namespace

Image draw(const HeightField& field) {
  check_field(field);
  const View view(field);
  Painter painter(field.width, field.height);
  paint_field(painter, view, field);
  paint_sides(painter, view, field);
  ImageCanvas canvas(painter.halved());
  paint_axes(canvas, view, field);
  for (const Track& track : field.tracks) paint_track(canvas, painter, view, field, track);
  if (!field.title.empty()) canvas.text({16, 24}, field.title, kPlotTitleSize, kPlotText, Align::left, true);
  return std::move(canvas).image();
}

}  // namespace ganymede::picture
