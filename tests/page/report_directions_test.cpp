#include "page/report_directions.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "page/made_run.hpp"
#include "page/run_report.hpp"

namespace ganymede::page {
namespace {

using DirectionsJson = nlohmann::ordered_json;

DirectionsJson estimate(double value) {
  return {{"value", value}, {"low", value - 0.1}, {"high", value + 0.1}};
}

/// A file as `ganymede directions` leaves it, of two attributes, one of which is not told.
DirectionsJson directions_json() {
  return {{"schema", "ganymede.directions/1"},
          {"name", "mine"},
          {"epoch", 1},
          {"class_name", ""},
          {"samples", "seeds 0 to 1999"},
          {"attributes",
           {{{"name", "thickness"},
             {"slope", -1.25},
             {"offset", 0.5},
             {"explained", estimate(0.75)},
             {"told", true},
             {"left", 0.875}},
            {{"name", "<b>smiling</b>"},
             {"slope", 0.1},
             {"offset", 0.2},
             {"accuracy", estimate(0.6)},
             {"commonest", 0.55},
             {"explained", estimate(-0.02)},
             {"told", false},
             {"left", nullptr}}}},
          {"entanglement",
           {{"sentence", "Entangled: so it is."}, {"off_diagonal", estimate(0.3)}, {"measured_off_diagonal", 0.42}}}};
}

struct ReportDirections : ::testing::Test {
  testing::MadeRuns runs;
  run::RunDirectory run = runs.make("a");
  std::filesystem::path folder = run.path() / "directions";

  ReportDirections() { std::filesystem::create_directories(folder); }
  void keep(const std::string& name, const DirectionsJson& json) const {
    write_file_atomically(folder / name, json.dump());
  }
  std::string page() const {
    Page made("x");
    add_directions(made, run);
    return made.html();
  }
};

bool page_holds(const std::string& page, const std::string& part) {
  return page.find(part) != std::string::npos;
}

TEST_F(ReportDirections, SaysNothingWhereThereAreNone) {
  EXPECT_FALSE(page_holds(page(), "irections"));
}

TEST_F(ReportDirections, HasVerdictMatricesStripsAndAttributes) {
  keep("mine.json", directions_json());
  picture::write_png(folder / "mine.png", picture::Image(8, 8, 3));
  picture::write_png(folder / "mine.strips.png", picture::Image(8, 8, 3));
  const std::string text = page();
  for (const char* part : {"mine: epoch 1, seeds 0 to 1999", "Entangled: so it is.", "0.75 [0.65, 0.85]", "-1.25",
                           "0.88", "0.60 [0.50, 0.70]", "0.55", "not told by z", "&lt;b&gt;smiling",
                           "0.42 of the measured", "directions/mine.png", "directions/mine.strips.png"})
    EXPECT_TRUE(page_holds(text, part)) << part;
  EXPECT_FALSE(page_holds(text, "newest weights"));
  EXPECT_TRUE(page_holds(run_report(run), "Directions of the latent space"));
}

TEST_F(ReportDirections, WorksWithoutPicturesAndSaysOfWhichClassAndEpochTheyAre) {
  DirectionsJson json = directions_json();
  json["class_name"] = "3 (bee)";
  json["epoch"] = 0;
  keep("mine-class-3.json", json);
  const std::string text = page();
  EXPECT_TRUE(page_holds(text, "mine-class-3: epoch 0, class 3 (bee)"));
  EXPECT_TRUE(page_holds(text, "the newest weights are of epoch 1"));
  EXPECT_FALSE(page_holds(text, "<img"));
}

TEST_F(ReportDirections, NamesFilesThatCannotBeReadAndShowsTheOthers) {
  keep("good.json", directions_json());
  for (const std::string field : {"schema", "epoch", "attributes", "samples", "class_name"}) {
    DirectionsJson damaged = directions_json();
    damaged.erase(field);
    keep("bad.json", damaged);
    const std::string text = page();
    EXPECT_TRUE(page_holds(text, "Left out: ") && page_holds(text, "bad.json")) << field;
    EXPECT_TRUE(page_holds(text, "good: epoch 1")) << field;
  }
  DirectionsJson other = directions_json();
  other["schema"] = "ganymede.directions/9";
  keep("bad.json", other);
  EXPECT_TRUE(page_holds(page(), "wanted ganymede.directions/1"));
  write_file_atomically(folder / "bad.json", "{");
  EXPECT_TRUE(page_holds(page(), "Left out: "));
}

}  // namespace
}  // namespace ganymede::page
