#include "study/unrolled_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "data/points/point_picture.hpp"
#include "evaluate/reference.hpp"
#include "explore/trained_generator.hpp"
#include "explore/weights.hpp"
#include "picture/font.hpp"
#include "picture/plot_style.hpp"
#include "train/samples.hpp"

namespace ganymede::study {
namespace {

constexpr std::int64_t kPointsOfACell = 2000, kDigitsOfACell = 25;
constexpr int kSide = 104, kDigitColumns = 5, kDigitSide = 28;
constexpr int kGap = 6, kLeft = 70, kTop = 26;
constexpr picture::Colour kDeepest{8, 48, 107};
constexpr double kSpot = 1.6;  // deviation of a spot, in pixels

// Draws one cell from samples of a generator or of the data: points in the frame of the data, or a sheet of digits.
class CellPainter {
 public:
  explicit CellPainter(const Tensor& reals) : shape_(reals.shape().begin() + 1, reals.shape().end()) {
    if (!is_plane()) return;
    frame_ = data::frame_of(reals.values<float>(), 2);
    // A perfect sampler's modes come out deep, not black: half of its densest place.
    full_ = densest_spot(reals.values<float>(), frame_.x, frame_.y, kSide) / 2;
  }
  picture::Image draw(const Tensor& samples) const {
    if (is_plane()) return density_of_points(samples.values<float>(), frame_.x, frame_.y, full_, kSide);
    return train::sheet(samples, kDigitColumns, kDigitSide);
  }
  std::int64_t count() const { return is_plane() ? kPointsOfACell : kDigitsOfACell; }

 private:
  bool is_plane() const { return shape_ == Shape{2, 1, 1}; }
  Shape shape_;
  data::PointFrame frame_;
  double full_ = 1;
};

page::Figure draw_over_time(const UnrolledExperimentResult& one, const std::filesystem::path& root,
                            const page::FigureWriter& writer, const train::SessionOptions& session) {
  const UnrolledExperiment& plan = *one.plan;
  const run::Recipe& recipe = plan.arms.front().runs.front().recipe;
  const std::int64_t wanted = plan.points ? kPointsOfACell : kDigitsOfACell;
  const Tensor reals = first_samples(evaluate::open_whole(recipe, data::Split::test, session.places, wanted), wanted);
  const CellPainter painter(reals);
  std::vector<std::string> rows, columns;
  for (const std::int64_t epoch : plan.epochs) columns.push_back(fmt::format("step {}", epoch * one.steps_per_epoch));
  columns.emplace_back("data");
  std::vector<std::vector<picture::Image>> cells;
  for (const UnrolledArmResult& arm : one.arms) {
    rows.push_back(arm.title);
    std::vector<picture::Image> row(columns.size());
    const UnrolledRunResult& first = arm.runs.front();
    for (std::size_t e = 0; e < plan.epochs.size() && !first.failed; ++e) {
      const run::RunDirectory run = run::RunDirectory::open(root / first.run);
      explore::TrainedGenerator generator(
          *session.backend, explore::load_weights(run, static_cast<std::uint64_t>(plan.epochs[e])).snapshot, run.path(),
          session.threads);
      row[e] = painter.draw(generator.draw(train::kFixedSeed, painter.count()));
    }
    if (rows.size() == 1) row.back() = painter.draw(reals);
    cells.push_back(std::move(row));
  }
  return writer.png("over-time-" + plan.name, labelled_rows(rows, columns, cells),
                    fmt::format("{}: what G of the first seed draws while it is trained, a row for each number K of "
                                "unrolled updates; at the end the data.",
                                plan.title));
}

}  // namespace

Tensor first_samples(const data::Dataset& set, std::int64_t count) {
  count = std::min(count, set.size());
  Tensor tensor(DType::f32, {count, set.channels(), set.height(), set.width()});
  const std::span<float> values = tensor.values<float>();
  const auto each = static_cast<std::size_t>(set.pixels_per_image());
  for (std::int64_t i = 0; i < count; ++i)
    data::copy_values(set, i, values.subspan(static_cast<std::size_t>(i) * each, each));
  return tensor;
}

double densest_spot(std::span<const float> points, const picture::Range& x, const picture::Range& y, int side) {
  const int cells = static_cast<int>(side / (2 * kSpot));
  std::vector<double> counts(static_cast<std::size_t>(cells) * cells);
  const auto cell_of = [&](double v, const picture::Range& r) {
    return std::clamp(static_cast<int>((v - r.low) / (r.high - r.low) * cells), 0, cells - 1);
  };
  for (std::size_t i = 0; i + 1 < points.size(); i += 2) {
    ++counts[static_cast<std::size_t>(cell_of(points[i + 1], y)) * cells +
             static_cast<std::size_t>(cell_of(points[i], x))];
  }
  return std::max(1.0, *std::ranges::max_element(counts));
}

picture::Image density_of_points(std::span<const float> points, const picture::Range& x, const picture::Range& y,
                                 double full, int side) {
  std::vector<double> density(static_cast<std::size_t>(side) * static_cast<std::size_t>(side));
  const int reach = static_cast<int>(std::ceil(3 * kSpot));
  for (std::size_t i = 0; i + 1 < points.size(); i += 2) {
    const double px = (points[i] - x.low) / (x.high - x.low) * side - 0.5;
    const double py = (y.high - points[i + 1]) / (y.high - y.low) * side - 0.5;
    if (!(px > -1 && px < side && py > -1 && py < side)) continue;
    const int column = static_cast<int>(std::lround(px)), row = static_cast<int>(std::lround(py));
    for (int r = std::max(0, row - reach); r <= std::min(side - 1, row + reach); ++r) {
      for (int c = std::max(0, column - reach); c <= std::min(side - 1, column + reach); ++c) {
        const double square = (r - py) * (r - py) + (c - px) * (c - px);
        density[static_cast<std::size_t>(r) * static_cast<std::size_t>(side) + static_cast<std::size_t>(c)] +=
            std::exp(-square / (2 * kSpot * kSpot));
      }
    }
  }
  picture::Image image(side, side, 3, picture::kWhite);
  for (int r = 0; r < side; ++r) {
    for (int c = 0; c < side; ++c) {
      const double share =
          density[static_cast<std::size_t>(r) * static_cast<std::size_t>(side) + static_cast<std::size_t>(c)] / full;
      // The root, so that a few stray points still show.
      image.set(r, c, picture::mix(picture::kWhite, kDeepest, std::sqrt(std::min(1.0, share))));
    }
  }
  return image;
}

picture::Image labelled_rows(const std::vector<std::string>& rows, const std::vector<std::string>& columns,
                             const std::vector<std::vector<picture::Image>>& cells) {
  int height = 1, width = 1;
  for (const auto& row : cells) {
    for (const picture::Image& cell : row) {
      height = std::max(height, cell.height());
      width = std::max(width, cell.width());
    }
  }
  const int down = height + kGap, across = width + kGap;
  picture::Image image(kTop + static_cast<int>(rows.size()) * down + kGap,
                       kLeft + static_cast<int>(columns.size()) * across + kGap, 3, picture::kWhite);
  for (std::size_t c = 0; c < columns.size(); ++c) {
    picture::draw_text(image, kLeft + static_cast<int>(c) * across + width / 2.0, kTop - 9, columns[c],
                       picture::kPlotLabelSize, picture::kPlotText, picture::Align::centre);
  }
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const int top = kTop + static_cast<int>(r) * down;
    picture::draw_text(image, kLeft - 10, top + height / 2.0 + 4, rows[r], picture::kPlotLabelSize, picture::kPlotText,
                       picture::Align::right);
    for (std::size_t c = 0; c < cells[r].size(); ++c) {
      if (cells[r][c].empty()) continue;
      const int left = kLeft + static_cast<int>(c) * across;
      image.fill_rectangle(top - 1, left - 1, height + 2, width + 2, picture::kPlotGridLine);
      image.blit(cells[r][c], top, left);
    }
  }
  return image;
}

UnrolledFigures draw_unrolled_figures(const UnrolledResults& results, const std::filesystem::path& folder,
                                      const train::SessionOptions& session) {
  const page::FigureWriter writer(folder);
  UnrolledFigures figures;
  for (const UnrolledExperimentResult& one : results.experiments)
    figures.over_time.push_back(draw_over_time(one, folder / "runs", writer, session));
  return figures;
}

}  // namespace ganymede::study
