#include "evaluate/run_report.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "base/error.hpp"
#include "evaluate/kept_scores.hpp"
#include "evaluate/tiny.hpp"

namespace ganymede::evaluate {
namespace {

bool holds(const std::string& page, const std::string& part) {
  return page.find(part) != std::string::npos;
}

TEST(RunReport, HoldsWhatTheRunHolds) {
  testing::TinyRuns tiny;
  tiny.recipe.description = "bars & <noise>";
  const run::RunDirectory run = tiny.train("a");
  const std::string bare = run_report(run);
  for (const char* part : {"Run a", "bars &amp; &lt;noise&gt;", "Losses", "samples/grid-0001.png",
                           "data:image/gif;base64,", "The same noise through the epochs", "The same noise at earlier",
                           "data:image/png;base64,", "recipe.toml", "ganymede evaluate"})
    EXPECT_TRUE(holds(bare, part)) << part;
  EXPECT_FALSE(holds(bare, "src=\"http"));
  EXPECT_FALSE(holds(bare, "<script"));

  const auto info = run.info();
  keep_scores(run,
              {{.name = "frechet9_x", .value = 1.5, .low = 1, .high = 2, .protocol = "how & why"},
               {.name = "modes9_x", .value = 6, .low = std::nan(""), .high = std::nan("")}},
              info.epoch, info.step, false);
  const std::string page = run_report(run);
  for (const char* part : {"frechet9_x", "1.5", "[1, 2]", "how &amp; why", "<td>6</td><td>-</td>"})
    EXPECT_TRUE(holds(page, part)) << part;
}

TEST(RunReport, NamesADamagedFile) {
  const testing::TinyRuns tiny;
  const run::RunDirectory run = tiny.train("a");
  std::ofstream(run.samples() / "epoch-0000.png") << "no picture";
  EXPECT_THROW(run_report(run), DataError);
}

}  // namespace
}  // namespace ganymede::evaluate
