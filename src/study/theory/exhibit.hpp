#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "page/document.hpp"
#include "page/figure.hpp"
#include "picture/image.hpp"
#include "picture/scatter.hpp"
#include "study/finding.hpp"
#include "study/theory/theory_study.hpp"
#include "train/session.hpp"

namespace ganymede::study {

/// One part of the lecture: what was computed, what of it stands on the page, and what it says of the lecture's claims.
// NOLINTNEXTLINE(bugprone-exception-escape): the JSON moves without throwing
struct Exhibit {
  nlohmann::ordered_json numbers;
  std::vector<page::Part> parts;
  std::vector<Finding> findings;
  void add(page::Part part) { parts.push_back(std::move(part)); }
};

/// What an exhibit may use. Its runs are trained by then.
struct TheoryContext {
  const TheoryPlan& plan;
  const std::filesystem::path& folder;  ///< of the study
  const train::SessionOptions& session;
  const page::FigureWriter& figures;
};

/// A part of the lecture by its name in results.json. A new one is an entry of exhibits().
struct ExhibitEntry {
  const char* name;
  const char* title;  ///< its heading
  Exhibit (*make)(const TheoryContext& context);
};
/// In the lecture's order.
const std::vector<ExhibitEntry>& exhibits();

// One a file.
Exhibit generative_exhibit(const TheoryContext& context);
Exhibit families_exhibit(const TheoryContext& context);
Exhibit losses_exhibit(const TheoryContext& context);
Exhibit optimal_exhibit(const TheoryContext& context);
Exhibit divergence_exhibit(const TheoryContext& context);
Exhibit learned_exhibit(const TheoryContext& context);
Exhibit vanishing_exhibit(const TheoryContext& context);
Exhibit updates_exhibit(const TheoryContext& context);
Exhibit bilinear_exhibit(const TheoryContext& context);
Exhibit failures_exhibit(const TheoryContext& context);
Exhibit sensitivity_exhibit(const TheoryContext& context);
Exhibit activations_exhibit(const TheoryContext& context);
Exhibit descent_exhibit(const TheoryContext& context);

// What several of them draw.

/// f at `count` even places from low to high.
picture::Series series_of(const std::string& name, double low, double high, int count,
                          const std::function<double(double)>& f);
/// A plot of curves, 900 x 380, with a title and what lies along its axes.
page::Plot curves_plot(const std::string& title, const std::string& x_label, const std::string& y_label,
                       std::vector<picture::Series> series, const std::string& caption);
/// f over the square [-end, end]^2, in cells from its upper left corner on, [cells][cells].
std::vector<float> over_square(int cells, double end, const std::function<double(std::span<const double>)>& f);
/// The share of real over that square, fakes' side orange and reals' blue.
picture::Surface surface_of_shares(int cells, double end, const std::function<double(std::span<const double>)>& share);
/// Pictures in a row on white, tops level.
picture::Image in_a_row(const std::vector<picture::Image>& pictures, int gap = 12);
/// Whether a computed number is what theory says, to within `tolerance`: "confirmed" or "refuted", with both numbers.
Finding identity(const std::string& claim, double found, double wanted, double tolerance);

}  // namespace ganymede::study
