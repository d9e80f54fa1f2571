#include "picture/scatter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "picture/axis.hpp"
#include "picture/canvas.hpp"
#include "picture/font.hpp"
#include "picture/plot_style.hpp"

namespace ganymede::picture {
namespace {

constexpr int kScatterLeft = 48, kScatterTop = 34, kScatterRight = 20, kScatterBelow = 30;
constexpr int kRoomForTitle = 24, kRoomForRow = 18;
constexpr double kLegendBase = 22;  // of its text, from the top or from below the title

struct Area {
  double left, top, width, height;
  double x(const Axis& axis, double v) const { return left + axis.place(v) * width; }
  double y(const Axis& axis, double v) const { return top + (1 - axis.place(v)) * height; }
  double right() const { return left + width; }
  double bottom() const { return top + height; }
};

Axis axis_of(const Range& range, double pixels) {
  return Axis::linear({range.low, range.high}, std::max(3, static_cast<int>(pixels / 80)), 0, Axis::Zero::no);
}

void check_range_of(const Range& range) {
  if (!(range.low < range.high) || !std::isfinite(range.high - range.low))
    fail<ShapeError>("plot: wanted a range with low < high, found {} to {}", range.low, range.high);
}

// Colour of a share: through white, so that a half is neither side's.
Colour surface_colour(const Surface& surface, double share) {
  if (!surface.has_middle) return sequential_colour(1 - share);
  if (!(share >= 0)) return kWhite;
  const double away = std::min(std::abs(2 * share - 1), 1.0);
  return mix(kWhite, share < 0.5 ? surface.low : surface.high, away);
}

// Between the middles of cells by straight lines, beyond the outer ones as they are.
double share_at(const Surface& s, double column, double row) {
  const double u = std::clamp(column, 0.0, s.columns - 1.0), v = std::clamp(row, 0.0, s.rows - 1.0);
  const int i = std::min(static_cast<int>(u), std::max(0, s.columns - 2));
  const int j = std::min(static_cast<int>(v), std::max(0, s.rows - 2));
  const int i1 = std::min(i + 1, s.columns - 1), j1 = std::min(j + 1, s.rows - 1);
  const auto at = [&](int r, int c) {
    return static_cast<double>(s.values[static_cast<std::size_t>(r) * s.columns + c]);
  };
  const double a = u - i, b = v - j;
  return (1 - b) * ((1 - a) * at(j, i) + a * at(j, i1)) + b * ((1 - a) * at(j1, i) + a * at(j1, i1));
}

void paint_surface(Image& image, const Area& area, const Surface& surface) {
  if (surface.columns <= 0 || surface.rows <= 0) return;
  const int width = static_cast<int>(area.width), height = static_cast<int>(area.height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double share =
          share_at(surface, (x + 0.5) / width * surface.columns - 0.5, (y + 0.5) / height * surface.rows - 0.5);
      image.set(static_cast<int>(area.top) + y, static_cast<int>(area.left) + x, surface_colour(surface, share));
    }
  }
}

void paint_frame(Canvas& canvas, const Area& area) {
  canvas.rectangle(area.left - 1, area.top - 1, area.right() + 1, area.top, kPlotAxisLine);
  canvas.rectangle(area.left - 1, area.bottom(), area.right() + 1, area.bottom() + 1, kPlotAxisLine);
  canvas.rectangle(area.left - 1, area.top - 1, area.left, area.bottom() + 1, kPlotAxisLine);
  canvas.rectangle(area.right(), area.top - 1, area.right() + 1, area.bottom() + 1, kPlotAxisLine);
}

void paint_x_ticks(Canvas& canvas, const Area& area, const Axis& axis) {
  for (const Tick& tick : axis.ticks()) {
    const double at = std::round(area.x(axis, tick.value));
    canvas.rectangle(at, area.bottom() + 1, at + 1, area.bottom() + 5, kPlotAxisLine);
    canvas.text({at, area.bottom() + 18}, tick.label, kPlotTickSize, kPlotFaint, Align::centre, false);
  }
}

void paint_y_ticks(Canvas& canvas, const Area& area, const Axis& axis, bool right) {
  const double edge = right ? area.right() : area.left;
  for (const Tick& tick : axis.ticks()) {
    const double at = std::round(area.y(axis, tick.value));
    canvas.rectangle(right ? edge + 1 : edge - 5, at, right ? edge + 5 : edge - 1, at + 1, kPlotAxisLine);
    canvas.text({right ? edge + 9 : edge - 9, at + kPlotTickSize / 2}, tick.label, kPlotTickSize, kPlotFaint,
                right ? Align::left : Align::right, false);
  }
}

// Writes a name behind its mark, which ends at x; returns where the next one may begin.
double paint_name(Canvas& canvas, double x, double base, const std::string& name) {
  canvas.text({x + 6, base}, name, kPlotLabelSize, kPlotText, Align::left, false);
  return x + 6 + text_width(name, kPlotLabelSize) + 20;
}

constexpr double kArrowWidth = 1.3, kArrowHead = 5;

void paint_arrow(Canvas& canvas, CanvasPoint from, CanvasPoint to, Colour colour, bool head) {
  const double length = std::hypot(to.x - from.x, to.y - from.y);
  if (!(length > 0.5)) return;
  canvas.line(std::vector{from, to}, kArrowWidth, colour);
  if (!head) return;
  const double u = (to.x - from.x) / length, v = (to.y - from.y) / length;
  const double back = std::min(kArrowHead, 0.6 * length), wide = 0.5 * back;
  canvas.line(std::vector<CanvasPoint>{{to.x - back * u - wide * v, to.y - back * v + wide * u},
                                       to,
                                       {to.x - back * u + wide * v, to.y - back * v - wide * u}},
              kArrowWidth, colour);
}

// Lines and arrows have a row of their own.
bool has_second_row(const ScatterPlot& plot) {
  return !plot.threads.empty() || !plot.arrows.empty();
}

void paint_second_row(Canvas& canvas, const ScatterPlot& plot, double x, double base) {
  for (const Threads& threads : plot.threads) {
    canvas.rectangle(x, base - 5, x + 18, base - 3, threads.colour);
    x = paint_name(canvas, x + 18, base, threads.name);
  }
  for (const Arrows& arrows : plot.arrows) {
    paint_arrow(canvas, {x, base - 4}, {x + 18, base - 4}, arrows.colour, true);
    x = paint_name(canvas, x + 18, base, arrows.name);
  }
}

void paint_cloud_legend(Canvas& canvas, const ScatterPlot& plot, double x, double base) {
  for (const Cloud& cloud : plot.clouds) {
    canvas.dot({x + 4, base - 4}, 4, cloud.colour);
    x = paint_name(canvas, x + 8, base, cloud.name);
  }
  const Surface& surface = plot.surface;
  if (surface.columns <= 0 || surface.low_name.empty()) return;
  x = paint_name(canvas, x - 6, base, surface.low_name) - 12;
  constexpr int kSteps = 48;
  for (int i = 0; i < kSteps; ++i) {
    canvas.rectangle(x + i, base - 9, x + i + 1, base + 1, surface_colour(surface, (i + 0.5) / kSteps));
  }
  paint_name(canvas, x + kSteps, base, surface.high_name);
}

bool lies_in(const Range& range, double v) {
  return v >= range.low && v <= range.high;
}

std::int64_t paint_clouds(Canvas& canvas, const Area& area, const Axis& x, const Axis& y, const ScatterPlot& plot) {
  std::int64_t outside = 0;
  for (const Cloud& cloud : plot.clouds) {
    for (std::size_t i = 0; i + 1 < cloud.xy.size(); i += 2) {
      const double u = cloud.xy[i], v = cloud.xy[i + 1];
      if (lies_in(plot.x, u) && lies_in(plot.y, v)) {
        canvas.dot({area.x(x, u), area.y(y, v)}, cloud.radius, cloud.colour);
      } else {
        ++outside;
      }
    }
  }
  return outside;
}

// The part of a piece of line that lies in the area (Liang, Barsky 1984); false where none does.
bool cut_to(const Area& area, CanvasPoint& a, CanvasPoint& b) {
  double from = 0, to = 1;
  const double dx = b.x - a.x, dy = b.y - a.y;
  const auto side = [&](double towards, double room) {  // towards the edge; room between a and it
    if (towards == 0) return room >= 0;
    const double t = room / towards;
    if (towards < 0) {
      from = std::max(from, t);
    } else {
      to = std::min(to, t);
    }
    return from <= to;
  };
  if (!side(-dx, a.x - area.left) || !side(dx, area.right() - a.x) || !side(-dy, a.y - area.top) ||
      !side(dy, area.bottom() - a.y))
    return false;
  const CanvasPoint start = a;  // ends that lie within stay as they are, to the bit
  if (from > 0) a = {start.x + from * dx, start.y + from * dy};
  if (to < 1) b = {start.x + to * dx, start.y + to * dy};
  return true;
}

void paint_threads(Canvas& canvas, const Area& area, const Axis& x, const Axis& y, const Threads& threads) {
  for (const std::vector<float>& line : threads.lines) {
    std::vector<CanvasPoint> run;  // of pieces that hang together
    const auto finish = [&] {
      if (run.size() > 1) canvas.line(run, threads.width, threads.colour);
      run.clear();
    };
    for (std::size_t i = 2; i + 1 < line.size(); i += 2) {
      CanvasPoint a{area.x(x, line[i - 2]), area.y(y, line[i - 1])}, b{area.x(x, line[i]), area.y(y, line[i + 1])};
      if (!std::isfinite(a.x + a.y + b.x + b.y)) {
        finish();
        continue;
      }
      const CanvasPoint whole_a = a, whole_b = b;
      if (!cut_to(area, a, b)) {
        finish();
        continue;
      }
      if (run.empty() || a.x != whole_a.x || a.y != whole_a.y) {
        finish();
        run.push_back(a);
      }
      run.push_back(b);
      if (b.x != whole_b.x || b.y != whole_b.y) finish();
    }
    finish();
  }
}

void paint_arrows(Canvas& canvas, const Area& area, const Axis& x, const Axis& y, const ScatterPlot& plot,
                  const Arrows& arrows) {
  for (std::size_t i = 0; i + 1 < arrows.xy.size(); i += 2) {
    const double u = arrows.xy[i], v = arrows.xy[i + 1];
    if (!lies_in(plot.x, u) || !lies_in(plot.y, v)) continue;
    CanvasPoint from{area.x(x, u), area.y(y, v)},
        to{area.x(x, u + arrows.scale * static_cast<double>(arrows.along[i])),
           area.y(y, v + arrows.scale * static_cast<double>(arrows.along[i + 1]))};
    if (!std::isfinite(to.x + to.y)) continue;
    const CanvasPoint tip = to;
    if (cut_to(area, from, to)) paint_arrow(canvas, from, to, arrows.colour, to.x == tip.x && to.y == tip.y);
  }
}

double highest_of(const DensityPlot& plot) {
  double highest = 0;
  for (const DensityPlot::Density& density : plot.densities) {
    for (const double v : density.values) highest = std::max(highest, v);
  }
  return highest > 0 ? highest : 1;
}

void paint_density(Canvas& canvas, const Area& area, const Axis& y, const DensityPlot::Density& density) {
  const double step = area.width / static_cast<double>(density.values.size());
  std::vector<CanvasPoint> steps;
  for (std::size_t i = 0; i < density.values.size(); ++i) {
    const double left = area.left + static_cast<double>(i) * step, top = area.y(y, density.values[i]);
    if (density.filled) {
      canvas.rectangle(std::round(left), std::round(top), std::round(left + step), area.bottom(), density.colour);
    } else {
      steps.push_back({left, top});
      steps.push_back({left + step, top});
    }
  }
  if (!steps.empty()) canvas.line(steps, 1.8, density.colour);
}

}  // namespace

Image draw(const ScatterPlot& plot) {
  check_range_of(plot.x);
  check_range_of(plot.y);
  const Surface& surface = plot.surface;
  if (surface.values.size() != static_cast<std::size_t>(surface.rows) * static_cast<std::size_t>(surface.columns))
    fail<ShapeError>("plot: a surface of {} x {} with {} values", surface.rows, surface.columns, surface.values.size());
  if (plot.side < 100 || plot.side > 4096) fail<ShapeError>("plot: wanted a side of 100 to 4096, found {}", plot.side);
  for (const Arrows& arrows : plot.arrows) {
    if (arrows.xy.size() != arrows.along.size())
      fail<ShapeError>("plot: arrows at {} values along {}", arrows.xy.size(), arrows.along.size());
  }
  const int title = plot.title.empty() ? 0 : kRoomForTitle;
  const int row = has_second_row(plot) ? kRoomForRow : 0;
  const auto side = static_cast<double>(plot.side);
  const Area area{kScatterLeft, static_cast<double>(kScatterTop + title + row), side, side};
  Image image(plot.side + kScatterTop + title + row + kScatterBelow, plot.side + kScatterLeft + kScatterRight, 3,
              kWhite);
  paint_surface(image, area, surface);
  ImageCanvas canvas(std::move(image));
  const Axis x = axis_of(plot.x, side), y = axis_of(plot.y, side);
  for (const Threads& threads : plot.threads) paint_threads(canvas, area, x, y, threads);
  const std::int64_t outside = paint_clouds(canvas, area, x, y, plot);
  for (const Arrows& arrows : plot.arrows) paint_arrows(canvas, area, x, y, plot, arrows);
  paint_frame(canvas, area);
  paint_x_ticks(canvas, area, x);
  paint_y_ticks(canvas, area, y, false);
  if (title > 0) canvas.text({area.left, 26}, plot.title, kPlotTitleSize, kPlotText, Align::left, true);
  paint_cloud_legend(canvas, plot, area.left, kLegendBase + title);
  paint_second_row(canvas, plot, area.left, kLegendBase + title + row);
  if (outside > 0) {
    canvas.text({area.right() - 6, area.bottom() - 7}, fmt::format("{} outside", outside), kPlotTickSize, kPlotFaint,
                Align::right, false);
  }
  return std::move(canvas).image();
}

Image draw(const DensityPlot& plot) {
  check_range_of(plot.x);
  if (plot.width < 200 || plot.height < 150)
    fail<ShapeError>("plot: wanted at least 200 x 150 pixels, found {} x {}", plot.width, plot.height);
  const int title = plot.title.empty() ? 0 : kRoomForTitle;
  const bool curve = !plot.curve.empty();
  const Area area{kScatterLeft, static_cast<double>(kScatterTop + title),
                  static_cast<double>(plot.width - kScatterLeft - (curve ? kScatterLeft : kScatterRight)),
                  static_cast<double>(plot.height - kScatterTop - title - kScatterBelow)};
  ImageCanvas canvas(plot.height, plot.width);
  const Axis x = axis_of(plot.x, area.width), y = axis_of({0, 1.08 * highest_of(plot)}, area.height);
  for (const DensityPlot::Density& density : plot.densities) paint_density(canvas, area, y, density);
  const Axis share = axis_of({0, 1}, area.height);
  std::vector<CanvasPoint> line;
  for (std::size_t i = 0; i < plot.curve.size(); ++i) {
    const double along = static_cast<double>(i) / std::max<double>(1, static_cast<double>(plot.curve.size()) - 1);
    line.push_back({area.left + along * area.width, area.y(share, std::clamp(plot.curve[i], 0.0F, 1.0F))});
  }
  if (curve) canvas.line(line, 1.8, plot.curve_colour);
  paint_frame(canvas, area);
  paint_x_ticks(canvas, area, x);
  paint_y_ticks(canvas, area, y, false);
  if (curve) paint_y_ticks(canvas, area, share, true);
  if (title > 0) canvas.text({area.left, 26}, plot.title, kPlotTitleSize, kPlotText, Align::left, true);
  double at = area.left;
  const double base = kLegendBase + title;
  for (const DensityPlot::Density& density : plot.densities) {
    canvas.rectangle(at, density.filled ? base - 9 : base - 5, at + 18, density.filled ? base + 1 : base - 3,
                     density.colour);
    at = paint_name(canvas, at + 18, base, density.name);
  }
  if (curve) {
    canvas.rectangle(at, base - 5, at + 18, base - 3, plot.curve_colour);
    paint_name(canvas, at + 18, base, plot.curve_name);
  }
  if (!plot.x_label.empty()) {
    canvas.text({area.right(), area.bottom() + 28}, plot.x_label, kPlotTickSize, kPlotFaint, Align::right, false);
  }
  return std::move(canvas).image();
}

}  // namespace ganymede::picture
