#include "study/ink_figures.hpp"

#include <fmt/format.h>

#include "data/ink/ink_dataset.hpp"
#include "data/ink/ink_picture.hpp"
#include "data/ink/ink_source.hpp"
#include "explore/trained_generator.hpp"
#include "explore/weights.hpp"
#include "train/sources.hpp"

namespace ganymede::study {
namespace {

std::string real_sheet(const run::Recipe& recipe, const std::vector<data::SearchPlace>& places) {
  data::InkSet set = data::open_ink(recipe.data.source, data::Split::train, places, 2000);
  data::keep_first_of_each_class(set, 8);
  const data::InkSet prepared = data::prepared_symbols(set, train::open_options(recipe).ink.prepare);
  return data::sheet_svg(data::class_sheet(prepared, 8));
}

std::string alphabet_sheet(const run::RunDirectory& run, const train::SessionOptions& session) {
  explore::TrainedGenerator generator(*session.backend, explore::load_weights(run).snapshot, run.path(),
                                      session.threads);
  const Tensor drawn = generator.draw(0, 2 * generator.classes());
  std::vector<ink::Ink> inks;
  return data::sheet_svg(train::ink_sheet(drawn, inks));
}

}  // namespace

InkFigures draw_ink_figures(const InkResults& results, const std::filesystem::path& folder,
                            const train::SessionOptions& session) {
  const page::FigureWriter writer(folder);
  InkFigures figures;
  figures.real.push_back(
      writer.svg("real-symbols", real_sheet(results.plan.arms.front().runs.front().recipe, session.places),
                 "First stroke blue, the second red, the third green, then further colours; eight symbols of each "
                 "class."));
  for (const InkArmResult& arm : results.arms) {
    std::vector<page::Figure>& sheets = figures.alphabets.emplace_back();
    for (const InkRunResult& one : arm.runs) {
      if (one.failed) continue;
      sheets.push_back(writer.svg("alphabet-" + one.run,
                                  alphabet_sheet(run::RunDirectory::open(folder / "runs" / one.run), session),
                                  fmt::format("{}: the alphabet from two latent draws; {:.1f} % recognised, MSD {:.4f}",
                                              one.run, 100 * one.measures.accuracy.mean, one.measures.msd.mean)));
    }
  }
  return figures;
}

}  // namespace ganymede::study
