#include "study/theory/exhibit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace ganymede::study {

const std::vector<ExhibitEntry>& exhibits() {
  static const std::vector<ExhibitEntry> all = {
      {"generative", "Why generative models: noise that shifts a classifier's class", generative_exhibit},
      {"families", "Families of generative models", families_exhibit},
      {"losses", "The game and its losses", losses_exhibit},
      {"optimal", "The best discriminator and what G descends then", optimal_exhibit},
      {"divergence", "KL and JS: two distances of densities", divergence_exhibit},
      {"learned", "A discriminator that is trained, against the best one", learned_exhibit},
      {"vanishing", "Where the gradient of G's loss vanishes", vanishing_exhibit},
      {"updates", "How often D is updated: to convergence, or k times", updates_exhibit},
      {"bilinear", "Two players who run in circles: min-max of xy", bilinear_exhibit},
      {"failures", "Failures on purpose, and their cures", failures_exhibit},
      {"sensitivity", "Who learns? A map over rates, batches and seeds", sensitivity_exhibit},
      {"activations", "Activation functions", activations_exhibit},
      {"descent", "One coordinate more: the loss of a network of three weights", descent_exhibit}};
  return all;
}

picture::Series series_of(const std::string& name, double low, double high, int count,
                          const std::function<double(double)>& f) {
  picture::Series series{.name = name, .x = {}, .y = {}};
  for (int i = 0; i < count; ++i) {
    const double x = low + (high - low) * i / (count - 1);
    series.x.push_back(x);
    series.y.push_back(f(x));
  }
  return series;
}

page::Plot curves_plot(const std::string& title, const std::string& x_label, const std::string& y_label,
                       std::vector<picture::Series> series, const std::string& caption) {
  return {.plot = {.title = title,
                   .x_label = x_label,
                   .y_label = y_label,
                   .series = std::move(series),
                   .width = 900,
                   .height = 380},
          .caption = caption};
}

std::vector<float> over_square(int cells, double end, const std::function<double(std::span<const double>)>& f) {
  std::vector<float> values;
  for (int row = 0; row < cells; ++row) {
    for (int column = 0; column < cells; ++column) {
      const std::array<double, 2> x = {-end + 2 * end * (column + 0.5) / cells, end - 2 * end * (row + 0.5) / cells};
      values.push_back(static_cast<float>(f(x)));
    }
  }
  return values;
}

picture::Surface surface_of_shares(int cells, double end, const std::function<double(std::span<const double>)>& share) {
  return {.columns = cells,
          .rows = cells,
          .values = over_square(cells, end, share),
          .low_name = "fake",
          .high_name = "real",
          .low = {240, 160, 80},
          .high = {90, 150, 220}};
}

picture::Image in_a_row(const std::vector<picture::Image>& pictures, int gap) {
  int width = -gap, height = 1;
  for (const picture::Image& one : pictures) {
    width += one.width() + gap;
    height = std::max(height, one.height());
  }
  picture::Image row(height, width, 3, picture::kWhite);
  int left = 0;
  for (const picture::Image& one : pictures) {
    row.blit(one, 0, left);
    left += one.width() + gap;
  }
  return row;
}

Finding identity(const std::string& claim, double found, double wanted, double tolerance) {
  const double off = std::abs(found - wanted);
  return {.claim = claim,
          .verdict = off <= tolerance ? kConfirmed : kRefuted,
          .evidence = fmt::format("computed {:.12g}, by theory {:.12g}, {:.1g} apart (at most {:.0g})", found, wanted,
                                  off, tolerance)};
}

}  // namespace ganymede::study
