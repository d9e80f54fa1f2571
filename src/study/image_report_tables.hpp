#pragma once

#include "page/html.hpp"
#include "study/image_study.hpp"

namespace ganymede::study {

// The tables of a page on images: text made of what was measured.

/// Every score over the seeds at each model's last epoch.
page::Table score_table(const ImageResults& results);
/// Tables 3.3 and 3.4: what training costs, published and here.
page::Table cost_table(const ImageResults& results);
/// The study's table beside ours: a row an epoch of either.
page::Table published_table(const ImageResults& results);
/// How near the real classes lie to each other, the nearest first.
page::Table nearness_table(const ImageResults& results);
/// Shares of values near zero in each layer, a row a model.
page::Table sparsity_table(const ImageResults& results);

}  // namespace ganymede::study
