#pragma once

#include "page/html.hpp"
#include "study/ink_study.hpp"

namespace ganymede::study {

// The tables of S-INK's page: text made of what was measured.

/// Table 2 of the study, as printed, beside ours.
page::Table diversity_table(const InkResults& results);
/// What the pairs of each run leave open, apart from what seeds do.
page::Table diversity_by_run_table(const InkResults& results);
page::Table realism_table(const InkResults& results);
/// Each run's two-sample test by itself.
page::Table two_sample_table(const InkResults& results);
/// The weights as training left them beside their moving average.
page::Table plain_table(const InkResults& results);
page::Table stability_table(const InkResults& results);
page::Table agreement_table(const InkResults& results);
/// Recognised, diversity and distance of every class.
page::Table class_table(const InkResults& results);

}  // namespace ganymede::study
