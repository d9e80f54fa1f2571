#include "page/run_report.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "base/error.hpp"
#include "page/kept_scores.hpp"
#include "page/made_run.hpp"

namespace ganymede::page {
namespace {

bool holds(const std::string& page, const std::string& part) {
  return page.find(part) != std::string::npos;
}

TEST(RunReport, HoldsWhatTheRunHolds) {
  testing::MadeRuns tiny;
  tiny.recipe.description = "bars & <noise>";
  const run::RunDirectory run = tiny.make("a");
  const std::string bare = run_report(run);
  for (const char* part :
       {"Run a", "bars &amp; &lt;noise&gt;", "Losses", "samples/grid-0001.png", "data:image/gif;base64,",
        "The same noise through the epochs", "The same noise at earlier", "data:image/png;base64,", "recipe.toml",
        "ganymede evaluate", "<td>1 epoch, ", ", 1 thread</td>"})
    EXPECT_TRUE(holds(bare, part)) << part;
  EXPECT_FALSE(holds(bare, "src=\"http"));
  EXPECT_FALSE(holds(bare, "<script"));

  const auto info = run.info();
  keep_scores(run,
              {{.name = "frechet9_x", .value = 1.5, .low = 1, .high = 2, .protocol = "how & why"},
               {.name = "modes9_x", .value = 6, .low = std::nan(""), .high = std::nan("")}},
              info.epoch, info.step, false);
  const std::string page = run_report(run);
  for (const char* part : {"Fréchet distance (lower is better)", "frechet9_x</td>", "1.5", "[1, 2]", "how &amp; why",
                           "<td>6</td><td>-</td>"})
    EXPECT_TRUE(holds(page, part)) << part;
}

TEST(RunReport, SaysBeforeTheScoresThatAModelCollapsed) {
  const testing::MadeRuns tiny;
  const run::RunDirectory run = tiny.make("a");
  const auto info = run.info();
  const auto keep = [&](double modes) {
    keep_scores(run, {{.name = "modes9_x", .value = modes, .low = 0, .high = 3, .floor = 3, .protocol = "p"}},
                info.epoch, info.step, false);
  };
  keep(3);
  EXPECT_FALSE(holds(run_report(run), "far from its data"));
  keep(1);
  const std::string page = run_report(run);
  ASSERT_TRUE(holds(page, "collapsed or far from its data"));
  EXPECT_LT(page.find("collapsed or far from its data"), page.find("<h2>Scores"));
  EXPECT_TRUE(holds(page, "classes are lost (classes met: 1; of the reals themselves 3).")) << "words, no score's name";
}

TEST(RunReport, CollapseIsJudgedAgainstTheReals) {
  const auto score = [](const char* name, double value, double floor) {
    return measure::Score{.name = name, .value = value, .floor = floor, .protocol = {}};
  };
  EXPECT_TRUE(signs_of_collapse({score("coverage1k_x", 0.2, 0.97), score("recall1k_x", 0.2, 0.9),
                                 score("modes1k_x", 9, 10), score("nrmsd1k_x", 0.3, 1), score("precision1k_x", 0, 1)})
                  .empty());
  EXPECT_EQ(signs_of_collapse({score("coverage1k_x", 0.09, 0.97), score("recall1k_x", 0, 0.9),
                               score("modes1k_x", 8, 10), score("nrmsd1k_x", 0.2, 1)})
                .size(),
            4U);
}

TEST(RunReport, ShowsNoMapOfAGeneratorThatLacksSomething) {
  const testing::MadeRuns tiny;
  const run::RunDirectory run = tiny.make("a");
  std::filesystem::create_directories(run.path() / "maps");
  picture::write_png(run.path() / "maps" / "epoch-00001-without-0123456789abcdef.png", picture::Image(8, 8, 3));
  EXPECT_FALSE(holds(run_report(run), "Maps of the latent space"));
}

TEST(RunReport, KeepsToOneGridOfMaps) {
  const testing::MadeRuns tiny;
  const run::RunDirectory run = tiny.make("a");
  std::filesystem::create_directories(run.path() / "maps");
  for (const char* name : {"epoch-00000.png", "epoch-00001.png", "epoch-00001-quantiles.png"})
    picture::write_png(run.path() / "maps" / name, picture::Image(8, 8, 3));
  const std::string page = run_report(run);
  EXPECT_TRUE(holds(page, "<h2>Maps of the latent space"));
  EXPECT_TRUE(holds(page, "maps/epoch-*.png<"));
  EXPECT_TRUE(holds(page, "maps/epoch-00001.png"));
  EXPECT_FALSE(holds(page, "maps/epoch-00000.png")) << "it is in the film";
  EXPECT_FALSE(holds(page, "quantiles"));
}

TEST(RunReport, PlayersHaveTheirColours) {
  const testing::MadeRuns tiny;
  const std::string page = run_report(tiny.make("a"));
  const std::size_t losses = page.find(">Losses<");
  ASSERT_NE(losses, std::string::npos);
  EXPECT_LT(page.find("#0072b2", losses), page.find("generator<", losses)) << "drawn in the legend before its name";
  EXPECT_LT(page.find("generator<", losses), page.find("#d55e00", losses));
}

TEST(RunReport, NamesADamagedFile) {
  const testing::MadeRuns tiny;
  const run::RunDirectory run = tiny.make("a");
  std::ofstream(run.samples() / "epoch-0000.png") << "no picture";
  EXPECT_THROW(run_report(run), DataError);
}

}  // namespace
}  // namespace ganymede::page
