#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "picture/font.hpp"
#include "picture/plot_style.hpp"
#include "study/theory/exhibit.hpp"
#include "study/theory/outcome_map.hpp"

namespace ganymede::study {
namespace {

constexpr double kModesLearnt = 7, kShareLearnt = 0.5;

}  // namespace

bool has_learnt(const RunCurve& curve) {
  return !curve.failed && !curve.epochs.empty() && curve.epochs.back().modes >= kModesLearnt &&
         curve.epochs.back().high_quality >= kShareLearnt;
}

picture::Image outcome_map(const RateSweep& sweep, const std::vector<std::vector<RunCurve>>& cells) {
  constexpr int kCellWidth = 128, kCellHeight = 84, kLeft = 96, kTop = 64, kBelow = 46, kGap = 3;
  const auto columns = static_cast<int>(sweep.batches.size()), rows = static_cast<int>(sweep.rates.size());
  picture::Image image(kTop + rows * kCellHeight + kBelow, kLeft + columns * kCellWidth + 20, 3, picture::kWhite);
  const picture::Colour learnt{0, 158, 115}, not_learnt{213, 94, 0}, stopped{120, 120, 120};
  picture::draw_text(image, 12, 24, "Who learnt? A box a seed", picture::kPlotTitleSize, picture::kPlotText,
                     picture::Align::left, true);
  for (int c = 0; c < columns; ++c) {
    picture::draw_text(image, kLeft + (c + 0.5) * kCellWidth, kTop - 10,
                       fmt::format("batch {}", sweep.batches[static_cast<std::size_t>(c)]), picture::kPlotLabelSize,
                       picture::kPlotText, picture::Align::centre);
  }
  for (int r = 0; r < rows; ++r) {
    const int top = kTop + r * kCellHeight;
    picture::draw_text(image, kLeft - 10, top + kCellHeight / 2.0 + 4,
                       fmt::format("rate {:g}", sweep.rates[static_cast<std::size_t>(r)]), picture::kPlotLabelSize,
                       picture::kPlotText, picture::Align::right);
    for (int c = 0; c < columns; ++c) {
      const auto& curves = cells[static_cast<std::size_t>(r * columns + c)];
      const int across =
          curves.size() > 3 ? static_cast<int>((curves.size() + 1) / 2) : static_cast<int>(curves.size());
      const int down = (static_cast<int>(curves.size()) + across - 1) / across;
      const int width = (kCellWidth - kGap) / across, height = (kCellHeight - kGap) / down;
      for (std::size_t s = 0; s < curves.size(); ++s) {
        const int left = kLeft + c * kCellWidth + kGap + static_cast<int>(s) % across * width,
                  box_top = top + kGap + static_cast<int>(s) / across * height;
        const RunCurve& curve = curves[s];
        const double share = curve.failed || curve.epochs.empty() ? 0 : curve.epochs.back().high_quality;
        const picture::Colour colour =
            curve.failed ? stopped
                         : picture::mix(picture::kWhite, has_learnt(curve) ? learnt : not_learnt,
                                        has_learnt(curve) ? 0.35 + 0.65 * share : 0.85 - 0.55 * share);
        image.fill_rectangle(box_top, left, height - 1, width - 1, colour);
        const auto word = [&](const std::string& text, double below, double size, bool bold) {
          picture::draw_text(image, left + width / 2.0, box_top + height / 2.0 + below, text, size,
                             has_learnt(curve) ? picture::kWhite : picture::kPlotText, picture::Align::centre, bold);
        };
        if (curve.failed) {
          word("stopped", 4, picture::kPlotTickSize, false);
        } else {
          word(fmt::format("{:.0f}", curve.epochs.back().modes), 0, picture::kPlotLabelSize, true);
          word(fmt::format("{:.0f} %", 100 * share), 14, picture::kPlotTickSize, false);
        }
      }
    }
  }
  int at = kLeft;
  const int base = kTop + rows * kCellHeight + 24;
  const auto word = [&](picture::Colour colour, const std::string& text) {
    image.fill_rectangle(base - 9, at, 12, 12, colour);
    picture::draw_text(image, at + 18, base, text, picture::kPlotLabelSize, picture::kPlotText);
    at += 18 + picture::text_width(text, picture::kPlotLabelSize) + 24;
  };
  word(learnt, fmt::format("learnt: {:.0f} modes or more, half of the points near one", kModesLearnt));
  word(not_learnt, "did not");
  return image;
}

// S-THEORY T5: hyper-parameter sensitivity.
Exhibit sensitivity_exhibit(const TheoryContext& context) {
  Exhibit exhibit;
  const RateSweep& sweep = context.plan.sweep;
  const std::size_t seeds = sweep.cells.front().runs.size();
  exhibit.add(page::Paragraph{fmt::format(
      "Recipe `fail-sensitive` is the ring of 8 Gaussians at learning rates that are too large. Everything else being "
      "the same, who learns is a matter of rate, batch and seed: here {} rates times {} batches, {} seeds each, all of "
      "which see as many points, so that larger batches make fewer updates. One run of one setting tells nothing.",
      sweep.rates.size(), sweep.batches.size(), seeds)});
  std::vector<std::vector<RunCurve>> cells;
  std::int64_t none = 0, all = 0, some = 0;
  exhibit.numbers = nlohmann::ordered_json::array();
  std::vector<Arm> by_rate;
  for (std::size_t r = 0; r < sweep.rates.size(); ++r) {
    by_rate.push_back({fmt::format("rate {:g}", sweep.rates[r]), {}, 0});
    for (std::size_t b = 0; b < sweep.batches.size(); ++b) {
      cells.push_back(read_curves(context.folder / "runs", sweep.cell(r, b)));
      nlohmann::ordered_json runs = nlohmann::ordered_json::array();
      std::size_t learnt = 0;
      for (const RunCurve& curve : cells.back()) {
        learnt += has_learnt(curve) ? 1 : 0;
        nlohmann::ordered_json one = {{"run", curve.run}, {"failed", curve.failed}, {"learnt", has_learnt(curve)}};
        if (!curve.epochs.empty()) {
          one["modes"] = curve.epochs.back().modes;
          one["high_quality"] = curve.epochs.back().high_quality;
        }
        runs.push_back(std::move(one));
        by_rate.back().values.push_back(has_learnt(curve) ? 1 : 0);
        ++by_rate.back().seeds;
      }
      (learnt == 0 ? none : learnt == seeds ? all : some) += 1;
      exhibit.numbers.push_back({{"rate", sweep.rates[r]}, {"batch", sweep.batches[b]}, {"runs", std::move(runs)}});
    }
  }
  exhibit.add(context.figures.png("sensitivity", outcome_map(sweep, cells),
                                  "Modes covered after the last epoch by each seed, and the share of points near one; "
                                  "the paler a box, the nearer its "
                                  "run was to the other side."));
  exhibit.add(page::Paragraph{fmt::format(
      "Of {} settings, {} with which every seed learnt, {} with which none did, and {} with which it was a matter of "
      "the seed.",
      sweep.cells.size(), all, none, some)});
  const auto best = std::ranges::max_element(by_rate, {}, [](const Arm& arm) {
    double sum = 0;
    for (const double v : arm.values) sum += v;
    return sum;
  });
  exhibit.findings.push_back(
      {.claim = fmt::format("The largest rate learns with fewer seeds than {}.", best->name),
       .verdict = {},
       .evidence = {},
       .tests = {contrast("share of the runs that learnt", *best, by_rate.back(), true, Scale::counted)}});
  return exhibit;
}

}  // namespace ganymede::study
