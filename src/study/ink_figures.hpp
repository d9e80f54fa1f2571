#pragma once

#include <filesystem>
#include <vector>

#include "page/figure.hpp"
#include "study/ink_study.hpp"

namespace ganymede::study {

struct InkFigures {
  std::vector<page::Figure> real;  ///< prepared real symbols, eight of each class
  /// The alphabet from two latent draws (I6), of each run that did not fail, arm by arm as the results have them.
  std::vector<std::vector<page::Figure>> alphabets;
};

/// The sheets of S-INK's page, drawn by the models under FOLDER/runs and written into FOLDER/figures.
InkFigures draw_ink_figures(const InkResults& results, const std::filesystem::path& folder,
                            const train::SessionOptions& session);

}  // namespace ganymede::study
