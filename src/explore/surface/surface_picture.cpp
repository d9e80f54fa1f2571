#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "explore/surface/surface.hpp"
#include "measure/resample.hpp"
#include "picture/axis.hpp"
#include "picture/canvas.hpp"
#include "picture/plot_style.hpp"

namespace ganymede::explore {

// How it works. The losses are placed on their scale first; between grid points the places are interpolated by straight
// lines, for the colours pixel by pixel, for the contours triangle by triangle: each cell is four triangles around its
// middle, and a contour crosses a triangle in one straight piece at most.

namespace {

using picture::Canvas;
using picture::CanvasPoint;
using picture::Colour;

constexpr int kSurfaceSide = 372, kSurfaceLeft = 58, kSurfaceTop = 74, kSurfaceGap = 92, kSurfaceBelow = 86,
              kBarWide = 14;
constexpr Colour kNoNumber{205, 205, 205}, kContour{255, 255, 255};
constexpr int kContours = 9;

/// One panel's frame and the places of values in it.
struct SurfacePanel {
  const Surface& surface;
  double left, top;
  std::vector<double> places;  // of the losses on their scale

  CanvasPoint at(double x, double y) const {
    return {left + (x - surface.x.low) / (surface.x.high - surface.x.low) * kSurfaceSide,
            top + (1 - (y - surface.y.low) / (surface.y.high - surface.y.low)) * kSurfaceSide};
  }
  CanvasPoint at_grid(double column, double row) const {
    return {left + column / (surface.points - 1) * kSurfaceSide, top + (1 - row / (surface.points - 1)) * kSurfaceSide};
  }
  double place(int column, int row) const {
    return places[static_cast<std::size_t>(row) * static_cast<std::size_t>(surface.points) +
                  static_cast<std::size_t>(column)];
  }
  double between(double column, double row) const {
    const int c = std::clamp(static_cast<int>(column), 0, surface.points - 2);
    const int r = std::clamp(static_cast<int>(row), 0, surface.points - 2);
    const double a = column - c, b = row - r;
    return (1 - b) * ((1 - a) * place(c, r) + a * place(c + 1, r)) +
           b * ((1 - a) * place(c, r + 1) + a * place(c + 1, r + 1));
  }
};

Colour surface_tone(double place) {
  return std::isfinite(place) ? picture::sequential_colour(place) : kNoNumber;
}

void paint_heights(picture::Image& image, const SurfacePanel& panel) {
  for (int y = 0; y < kSurfaceSide; ++y) {
    for (int x = 0; x < kSurfaceSide; ++x) {
      const double column = (x + 0.5) / kSurfaceSide * (panel.surface.points - 1);
      const double row = (1 - (y + 0.5) / kSurfaceSide) * (panel.surface.points - 1);
      image.set(static_cast<int>(panel.top) + y, static_cast<int>(panel.left) + x,
                surface_tone(panel.between(column, row)));
    }
  }
}

struct Corner {
  double column, row, place;
};

void contour_of_triangle(picture::Image& image, const SurfacePanel& panel, const Corner& a, const Corner& b,
                         const Corner& c, double level) {
  std::vector<CanvasPoint> ends;
  const auto cross = [&](const Corner& p, const Corner& q) {
    if ((p.place < level) == (q.place < level)) return;
    const double t = (level - p.place) / (q.place - p.place);
    ends.push_back(panel.at_grid(p.column + t * (q.column - p.column), p.row + t * (q.row - p.row)));
  };
  cross(a, b);
  cross(b, c);
  cross(c, a);
  if (ends.size() != 2) return;
  // Faint: a few points along it, blended.
  const double length = std::hypot(ends[1].x - ends[0].x, ends[1].y - ends[0].y);
  const int steps = std::max(1, static_cast<int>(std::ceil(length)));
  for (int i = 0; i < steps; ++i) {
    const double t = (i + 0.5) / steps, x = ends[0].x + t * (ends[1].x - ends[0].x),
                 y = ends[0].y + t * (ends[1].y - ends[0].y);
    const int px = static_cast<int>(std::floor(x)), py = static_cast<int>(std::floor(y));
    for (int dy = 0; dy <= 1; ++dy) {
      for (int dx = 0; dx <= 1; ++dx) {
        const double share = (1 - std::abs(x - px - dx)) * (1 - std::abs(y - py - dy));
        image.blend(py + dy, px + dx, kContour, 0.45 * share);
      }
    }
  }
}

void paint_contours(picture::Image& image, const SurfacePanel& panel) {
  for (int row = 0; row + 1 < panel.surface.points; ++row) {
    for (int column = 0; column + 1 < panel.surface.points; ++column) {
      const Corner corners[] = {{1.0 * column, 1.0 * row, panel.place(column, row)},
                                {column + 1.0, 1.0 * row, panel.place(column + 1, row)},
                                {column + 1.0, row + 1.0, panel.place(column + 1, row + 1)},
                                {1.0 * column, row + 1.0, panel.place(column, row + 1)}};
      double sum = 0;
      for (const Corner& corner : corners) sum += corner.place;
      if (!std::isfinite(sum)) continue;
      const Corner middle{column + 0.5, row + 0.5, sum / 4};
      for (int k = 1; k <= kContours; ++k) {
        for (int i = 0; i < 4; ++i)
          contour_of_triangle(image, panel, corners[i], corners[(i + 1) % 4], middle, k / (kContours + 1.0));
      }
    }
  }
}

void paint_ring(Canvas& canvas, CanvasPoint at, double radius, Colour inside) {
  canvas.dot(at, radius + 2.2, picture::kWhite);
  canvas.dot(at, radius + 1, picture::kBlack);
  canvas.dot(at, radius, inside);
}

void paint_marks(Canvas& canvas, const SurfacePanel& panel, std::size_t until) {
  const Surface& s = panel.surface;
  const std::size_t count = std::min(until, s.marks.size());
  std::vector<CanvasPoint> line;
  for (std::size_t i = 0; i < count; ++i) line.push_back(panel.at(s.marks[i].x, s.marks[i].y));
  if (s.kind == ParameterPlane::Kind::path && line.size() > 1) {
    canvas.line(line, 4, picture::kBlack);
    canvas.line(line, 2, picture::kWhite);
  }
  for (std::size_t i = 0; i < count; ++i) {
    const bool newest = i + 1 == count;
    if (s.kind == ParameterPlane::Kind::path && !newest) {
      canvas.dot(line[i], 2.6, picture::kBlack);
      canvas.dot(line[i], 1.6, picture::kWhite);
    } else {
      paint_ring(canvas, line[i], 4, {230, 60, 50});
    }
    if (s.kind == ParameterPlane::Kind::three || i == 0 || newest) {
      const std::string text = fmt::format("{}", s.marks[i].epoch);
      const bool high = line[i].y < panel.top + 24;
      const CanvasPoint at{std::clamp(line[i].x, panel.left + 12, panel.left + kSurfaceSide - 12),
                           line[i].y + (high ? 20 : -10)};
      for (const auto& [dx, dy] : {std::pair{-1, 0}, {1, 0}, {0, -1}, {0, 1}}) {
        canvas.text({at.x + dx, at.y + dy}, text, picture::kPlotLabelSize, picture::kBlack, picture::Align::centre,
                    true);
      }
      canvas.text(at, text, picture::kPlotLabelSize, picture::kWhite, picture::Align::centre, true);
    }
  }
  if (s.marks.empty()) paint_ring(canvas, panel.at(0, 0), 4, {230, 60, 50});
}

void paint_ticks(Canvas& canvas, const SurfacePanel& panel) {
  const double bottom = panel.top + kSurfaceSide;
  const picture::Axis x =
      picture::Axis::linear({panel.surface.x.low, panel.surface.x.high}, 5, 0, picture::Axis::Zero::no);
  const picture::Axis y =
      picture::Axis::linear({panel.surface.y.low, panel.surface.y.high}, 5, 0, picture::Axis::Zero::no);
  for (const picture::Tick& tick : x.ticks()) {
    const CanvasPoint at = panel.at(tick.value, panel.surface.y.low);
    canvas.line(std::vector<CanvasPoint>{{at.x, bottom}, {at.x, bottom + 4}}, 1, picture::kPlotAxisLine);
    canvas.text({at.x, bottom + 17}, tick.label, picture::kPlotTickSize, picture::kPlotText, picture::Align::centre,
                false);
  }
  for (const picture::Tick& tick : y.ticks()) {
    const CanvasPoint at = panel.at(panel.surface.x.low, tick.value);
    canvas.line(std::vector<CanvasPoint>{{panel.left - 4, at.y}, {panel.left, at.y}}, 1, picture::kPlotAxisLine);
    canvas.text({panel.left - 7, at.y + 4}, tick.label, picture::kPlotTickSize, picture::kPlotText,
                picture::Align::right, false);
  }
}

std::string loss_label(double value) {
  return std::fabs(value) >= 1e5 || (std::fabs(value) < 1e-3 && value != 0) ? fmt::format("{:.1e}", value)
                                                                            : fmt::format("{:.3g}", value);
}

void paint_bar(picture::Image& image, const SurfacePanel& panel, const SurfaceScale& scale) {
  const int left = static_cast<int>(panel.left) + kSurfaceSide + 12, top = static_cast<int>(panel.top);
  for (int y = 0; y < kSurfaceSide; ++y)
    image.fill_rectangle(top + y, left, 1, kBarWide, surface_tone(1 - (y + 0.5) / kSurfaceSide));
  for (int k = 0; k <= 5; ++k) {
    const double place = k / 5.0;
    picture::draw_text(image, left + kBarWide + 6,
                       top + (1 - place) * kSurfaceSide + 4 -
                           (k == 5   ? -4
                            : k == 0 ? 4
                                     : 0),
                       loss_label(scale.value(place)), picture::kPlotTickSize, picture::kPlotText);
  }
}

SurfacePanel panel_of(const Surface& surface, SurfaceOf player, const SurfaceScale& scale, double left) {
  SurfacePanel panel{.surface = surface, .left = left, .top = kSurfaceTop, .places = {}};
  for (const double loss : surface.losses_of(player)) panel.places.push_back(scale.place(loss));
  return panel;
}

}  // namespace

double SurfaceScale::place(double v) const {
  return std::log1p((v - low) / knee) / std::log1p((high - low) / knee);
}

double SurfaceScale::value(double place) const {
  return low + knee * std::expm1(place * std::log1p((high - low) / knee));
}

SurfaceScale scale_of(const std::vector<const Surface*>& surfaces, SurfaceOf player) {
  std::vector<double> values;
  for (const Surface* surface : surfaces) {
    for (const double v : surface->losses_of(player)) {
      if (std::isfinite(v)) values.push_back(v);
    }
  }
  if (values.empty()) return {};
  std::ranges::sort(values);
  SurfaceScale scale{.low = values.front(), .knee = 1, .high = values.back()};
  if (!(scale.high > scale.low)) scale.high = scale.low + std::max(1e-6, 1e-3 * std::fabs(scale.low));
  scale.knee = std::max(measure::quantile(values, 0.5) - scale.low, 1e-3 * (scale.high - scale.low));
  return scale;
}

picture::Image draw_surface(const Surface& surface) {
  return draw_surface(surface, scale_of({&surface}, SurfaceOf::generator),
                      scale_of({&surface}, SurfaceOf::discriminator), surface.marks.size());
}

picture::Image draw_surface(const Surface& surface, const SurfaceScale& generator, const SurfaceScale& discriminator,
                            std::size_t until) {
  const int width = kSurfaceLeft + 2 * kSurfaceSide + 2 * kSurfaceGap + 20;
  picture::Image image(kSurfaceTop + kSurfaceSide + kSurfaceBelow, width, 3, picture::kWhite);
  const SurfaceOf players[] = {surface.of,
                               surface.of == SurfaceOf::generator ? SurfaceOf::discriminator : SurfaceOf::generator};
  std::vector<SurfacePanel> panels;
  for (std::size_t i = 0; i < 2; ++i) {
    const SurfaceScale& scale = players[i] == SurfaceOf::generator ? generator : discriminator;
    panels.push_back(panel_of(surface, players[i], scale,
                              kSurfaceLeft + static_cast<double>(i) * (kSurfaceSide + kSurfaceGap + 20)));
    paint_heights(image, panels.back());
    paint_contours(image, panels.back());
    paint_bar(image, panels.back(), scale);
  }
  picture::ImageCanvas canvas(std::move(image));
  for (std::size_t i = 0; i < 2; ++i) {
    const SurfaceLosses& at = surface.at_origin;
    const bool of_g = players[i] == SurfaceOf::generator;
    canvas.text({panels[i].left, kSurfaceTop - 12.0},
                fmt::format("loss of {}: {} at epoch {}", of_g ? "G" : "D",
                            loss_label(of_g ? at.generator : at.discriminator), surface.epoch),
                picture::kPlotLabelSize, picture::kPlotText, picture::Align::left, true);
    paint_ticks(canvas, panels[i]);
    paint_marks(canvas, panels[i], until);
  }
  canvas.text({kSurfaceLeft, 24}, fmt::format("{}: weights of the {} move", surface.run, name_of(surface.of)),
              picture::kPlotTitleSize, picture::kPlotText, picture::Align::left, true);
  double y = kSurfaceTop + kSurfaceSide + 44;
  for (const std::string& text : {surface.sentence, fmt::format("{} samples of {}, loss {}; {}", surface.batch,
                                                                surface.data, surface.loss, kSurfaceStatistics)}) {
    canvas.text({kSurfaceLeft, y}, text, picture::kPlotTickSize, picture::kPlotFaint, picture::Align::left, false);
    y += 17;
  }
  return std::move(canvas).image();
}

}  // namespace ganymede::explore
