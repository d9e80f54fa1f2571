#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.hpp"
#include "page/figure.hpp"
#include "picture/image.hpp"
#include "picture/scatter.hpp"
#include "study/unrolled_study.hpp"

namespace ganymede::study {

/// The first samples of a set as a generator would give them, f32 [N, C, H, W].
Tensor first_samples(const data::Dataset& set, std::int64_t count);

/// How many of the points [N, 2] lie within a spot of `density_of_points` at the fullest of its places, at least 1.
double densest_spot(std::span<const float> points, const picture::Range& x, const picture::Range& y, int side);

/// Points [N, 2] as a density over a frame, `side` pixels wide and high: each adds a small round spot, white where
/// there is none; points outside the frame are not seen. `full`: how many spots on one place make the deepest colour.
picture::Image density_of_points(std::span<const float> points, const picture::Range& x, const picture::Range& y,
                                 double full, int side);

/// A picture of pictures of one size: rows with a word at their left, columns with a word above. An empty picture
/// leaves its place blank.
picture::Image labelled_rows(const std::vector<std::string>& rows, const std::vector<std::string>& columns,
                             const std::vector<std::vector<picture::Image>>& cells);

/// Of each experiment: what G of the first seed draws at every measured epoch, a row for each K, the data at the end
/// (Metz et al. 2017, figures 2 and 3). Runs that failed leave their row blank.
struct UnrolledFigures {
  std::vector<page::Figure> over_time;  ///< as the results have the experiments
};

/// Drawn by the models under FOLDER/runs and written into FOLDER/figures.
UnrolledFigures draw_unrolled_figures(const UnrolledResults& results, const std::filesystem::path& folder,
                                      const train::SessionOptions& session);

}  // namespace ganymede::study
