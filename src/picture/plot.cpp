#include "picture/plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "picture/axis.hpp"
#include "picture/canvas.hpp"
#include "picture/plot_style.hpp"

namespace ganymede::picture {
namespace {

constexpr double kLineWidth = 1.8, kDotRadius = 2.8;
constexpr std::size_t kFewPoints = 40;           // up to this many, every point is a dot as well
constexpr double kRoom = 0.04, kBarRoom = 0.07;  // free beyond the data, of their range
constexpr double kLegendLine = 22, kLegendRow = 18;

struct Frame {
  double left, top, right, bottom;
  double width() const { return right - left; }
  double height() const { return bottom - top; }
};

void check_size(int width, int height) {
  if (width < 200 || height < 150)
    fail<ShapeError>("plot: wanted at least 200 x 150 pixels, found {} x {}", width, height);
}

std::vector<double> joined(const std::vector<Series>& series, std::vector<double> Series::*part) {
  std::vector<double> all;
  for (const Series& s : series) all.insert(all.end(), (s.*part).begin(), (s.*part).end());
  return all;
}

// Entries of the legend with their places, from left to right, in as many rows as they need.
struct LegendEntry {
  std::string name;
  Colour colour;
  double x = 0;
  int row = 0;
};

int lay_out(std::vector<LegendEntry>& entries, double width) {
  double x = 0;
  int row = 0;
  for (LegendEntry& e : entries) {
    const double size = kLegendLine + 8 + text_width(e.name, kPlotLabelSize);
    if (x > 0 && x + size > width) x = 0, ++row;
    e.x = x, e.row = row;
    x += size + 24;
  }
  return entries.empty() ? 0 : row + 1;
}

int widest_label(const Axis& axis) {
  int widest = 0;
  for (const Tick& t : axis.ticks()) widest = std::max(widest, text_width(t.label, kPlotTickSize));
  return widest;
}

// Where the data go, between title, legend, labels and ticks.
Frame make_frame(int width, int height, const std::string& title, const std::string& x_label,
                 const std::string& y_label, int y_tick_width, int legend_rows) {
  Frame f;
  f.left = 18 + y_tick_width + 8 + (y_label.empty() ? 0 : 22);
  f.top = 18 + (title.empty() ? 0 : 24) + legend_rows * kLegendRow + (legend_rows > 0 ? 4 : 0);
  f.right = width - 24;
  f.bottom = height - 36 - (x_label.empty() ? 0 : 20);
  return f;
}

void draw_titles(Canvas& canvas, const Frame& f, int height, const std::string& title, const std::string& x_label,
                 const std::string& y_label) {
  if (!title.empty()) canvas.text({f.left, 28}, title, kPlotTitleSize, kPlotText, Align::left, true);
  if (!x_label.empty())
    canvas.text({(f.left + f.right) / 2, height - 15.0}, x_label, kPlotLabelSize, kPlotText, Align::centre, false);
  if (!y_label.empty())
    canvas.text_upwards({24, (f.top + f.bottom) / 2}, y_label, kPlotLabelSize, kPlotText, Align::centre);
}

void draw_horizontal_ticks(Canvas& canvas, const Frame& f, const Axis& y) {
  for (const Tick& t : y.ticks()) {
    const double at = std::round(f.bottom - y.place(t.value) * f.height());
    canvas.rectangle(f.left, at, f.right + 1, at + 1, kPlotGridLine);
    canvas.text({f.left - 8, at + kPlotTickSize / 2}, t.label, kPlotTickSize, kPlotFaint, Align::right, false);
  }
}

void draw_vertical_ticks(Canvas& canvas, const Frame& f, const Axis& x) {
  double free_from = -1e9;  // labels that would touch the one before are left out
  for (const Tick& t : x.ticks()) {
    const double at = std::round(f.left + x.place(t.value) * f.width()),
                 half = text_width(t.label, kPlotTickSize) / 2.0;
    canvas.rectangle(at, f.bottom + 1, at + 1, f.bottom + 5, kPlotAxisLine);
    if (at - half < free_from) continue;
    canvas.text({at, f.bottom + 18}, t.label, kPlotTickSize, kPlotFaint, Align::centre, false);
    free_from = at + half + 8;
  }
}

void draw_base_line(Canvas& canvas, const Frame& f, double y) {
  canvas.rectangle(f.left, std::round(y), f.right + 1, std::round(y) + 1, kPlotAxisLine);
}

// One curve; returns how many of its points cannot be shown.
int draw_series(Canvas* canvas, const Frame& f, const Axis& x, const Axis& y, const Series& series, Colour colour) {
  std::vector<CanvasPoint> run;
  int left_out = 0;
  const auto end_run = [&] {
    if (canvas != nullptr && run.size() > 1) canvas->line(run, kLineWidth, colour);
    if (canvas != nullptr && (run.size() == 1 || series.x.size() <= kFewPoints)) {
      for (const CanvasPoint& p : run) canvas->dot(p, kDotRadius, colour);
    }
    run.clear();
  };
  for (std::size_t i = 0; i < series.x.size(); ++i) {
    if (x.shows(series.x[i]) && y.shows(series.y[i])) {
      run.push_back({f.left + x.place(series.x[i]) * f.width(), f.bottom - y.place(series.y[i]) * f.height()});
    } else {
      ++left_out;
      end_run();
    }
  }
  end_run();
  return left_out;
}

Colour colour_of(const LinePlot& plot, std::size_t i) {
  return plot.series[i].colour.value_or(series_colour(static_cast<int>(i)));
}

void paint(Canvas& canvas, const LinePlot& plot) {
  const std::vector<double> all_y = joined(plot.series, &Series::y);
  const int y_ticks = std::max(3, plot.height / 80);
  const Axis y =
      plot.log_y ? Axis::logarithmic(all_y, y_ticks, kRoom) : Axis::linear(all_y, y_ticks, kRoom, Axis::Zero::if_near);
  const std::vector<double> all_x = joined(plot.series, &Series::x);
  const int x_ticks = std::max(4, plot.width / 100);
  const Axis x = plot.log_x ? Axis::logarithmic(all_x, x_ticks, 0) : Axis::linear(all_x, x_ticks, 0, Axis::Zero::no);

  std::vector<LegendEntry> legend;
  int shown = 0;
  for (std::size_t i = 0; i < plot.series.size(); ++i) {
    const Series& s = plot.series[i];
    const int left_out = draw_series(nullptr, Frame{}, x, y, s, {});
    shown += static_cast<int>(s.x.size()) - left_out;
    const std::string note =
        left_out == 0 ? "" : fmt::format(" ({} {} left out)", left_out, left_out == 1 ? "point" : "points");
    if (!s.name.empty() || left_out > 0) legend.push_back({s.name + note, colour_of(plot, i)});
  }
  const int tick_width = widest_label(y);
  const Frame measure = make_frame(plot.width, plot.height, plot.title, plot.x_label, plot.y_label, tick_width, 0);
  const Frame f = make_frame(plot.width, plot.height, plot.title, plot.x_label, plot.y_label, tick_width,
                             lay_out(legend, measure.width()));
  draw_titles(canvas, f, plot.height, plot.title, plot.x_label, plot.y_label);
  draw_horizontal_ticks(canvas, f, y);
  draw_base_line(canvas, f, f.bottom);
  draw_vertical_ticks(canvas, f, x);
  const double legend_top = plot.title.empty() ? 18 : 44;
  for (const LegendEntry& e : legend) {
    const double base = legend_top + e.row * kLegendRow + 8;
    const CanvasPoint ends[] = {{f.left + e.x + 1, base - 4}, {f.left + e.x + kLegendLine, base - 4}};
    canvas.line(ends, 3, e.colour);
    canvas.text({f.left + e.x + kLegendLine + 8, base}, e.name, kPlotLabelSize, kPlotText, Align::left, false);
  }
  for (std::size_t i = 0; i < plot.series.size(); ++i) {
    draw_series(&canvas, f, x, y, plot.series[i], colour_of(plot, i));
  }
  if (shown == 0) {
    canvas.text({(f.left + f.right) / 2, (f.top + f.bottom) / 2}, "no data yet", kPlotTitleSize, kPlotFaint,
                Align::centre, false);
  }
}

std::string value_label(double v) {
  return v == std::floor(v) ? tick_label(v, 1) : fmt::format("{:.3g}", v);
}

int widest_text(const std::vector<std::string>& texts) {
  int widest = 0;
  for (const std::string& t : texts) widest = std::max(widest, text_width(t, kPlotTickSize));
  return widest;
}

void paint(Canvas& canvas, const BarChart& chart) {
  const Axis y = Axis::linear(chart.values, std::max(3, chart.height / 80), kBarRoom, Axis::Zero::yes);
  const Frame f = make_frame(chart.width, chart.height, chart.title, chart.x_label, chart.y_label, widest_label(y), 0);
  draw_titles(canvas, f, chart.height, chart.title, chart.x_label, chart.y_label);
  draw_horizontal_ticks(canvas, f, y);
  const double zero = f.bottom - y.place(0) * f.height();
  const double step = f.width() / std::max<double>(static_cast<double>(chart.values.size()), 1);
  const double half = std::max(0.5, std::min(step * 0.38, 60.0));
  std::vector<std::string> values;
  values.reserve(chart.values.size());
  for (const double v : chart.values) values.push_back(std::isfinite(v) ? value_label(v) : "none");
  const bool with_values = widest_text(values) + 4 < step;  // all of them or none
  const auto every = static_cast<std::size_t>(std::ceil((widest_text(chart.labels) + 8) / step));
  for (std::size_t i = 0; i < chart.values.size(); ++i) {
    const double v = chart.values[i], middle = f.left + (static_cast<double>(i) + 0.5) * step;
    const double end = std::isfinite(v) ? f.bottom - y.place(v) * f.height() : zero;
    canvas.rectangle(middle - half, std::min(zero, end), middle + half, std::max(zero, end),
                     chart.class_colours ? class_colour(static_cast<int>(i)) : series_colour(0));
    if (with_values)
      canvas.text({middle, v < 0 ? end + 14 : end - 5}, values[i], kPlotTickSize, kPlotFaint, Align::centre, false);
    if (i % every == 0)
      canvas.text({middle, f.bottom + 18}, chart.labels[i], kPlotTickSize, kPlotText, Align::centre, false);
  }
  draw_base_line(canvas, f, zero);
}

void check(const LinePlot& plot) {
  check_size(plot.width, plot.height);
  for (const Series& s : plot.series) {
    if (s.x.size() != s.y.size()) {
      fail<ShapeError>("plot: series \"{}\": {} values of x but {} of y", s.name, s.x.size(), s.y.size());
    }
  }
}

void check(const BarChart& chart) {
  check_size(chart.width, chart.height);
  if (chart.labels.size() != chart.values.size()) {
    fail<ShapeError>("chart \"{}\": {} labels but {} values", chart.title, chart.labels.size(), chart.values.size());
  }
}

template <class Plot>
Image draw_any(const Plot& plot) {
  check(plot);
  ImageCanvas canvas(plot.height, plot.width);
  paint(canvas, plot);
  return std::move(canvas).image();
}

template <class Plot>
std::string write_any(const Plot& plot) {
  check(plot);
  SvgCanvas canvas(plot.height, plot.width);
  paint(canvas, plot);
  return canvas.document();
}

}  // namespace

Image draw(const LinePlot& plot) {
  return draw_any(plot);
}
Image draw(const BarChart& chart) {
  return draw_any(chart);
}
std::string to_svg(const LinePlot& plot) {
  return write_any(plot);
}
std::string to_svg(const BarChart& chart) {
  return write_any(chart);
}

BarChart histogram(const std::vector<double>& values, double low, double high, int bins) {
  if (!(high > low) || bins < 1)
    fail<ShapeError>("histogram: wanted low < high and at least one bin (got {}, {}, {})", low, high, bins);
  BarChart chart;
  chart.values.assign(bins, 0);
  const double size = (high - low) / bins;
  for (int i = 0; i < bins; ++i) chart.labels.push_back(tick_label(low + i * size, size));
  for (const double v : values) {
    if (v >= low && v <= high) ++chart.values[std::min(static_cast<int>((v - low) / size), bins - 1)];
  }
  return chart;
}

}  // namespace ganymede::picture
