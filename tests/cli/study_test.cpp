#include "cli/program.hpp"
#include "fit/untrained_classifier.hpp"
#include "picture/png.hpp"
#include "run/recipe_file.hpp"
#include "study/ink_scores.hpp"

namespace ganymede::cli {
namespace {

/// What the studies' numbers are is not asked here.
struct Study : Cli {
  Study() { share_classifiers(); }
  /// Of the symbols in a file, as the ink studies ask for it.
  void keep_untrained_classifier(const std::string& file) const {
    run::Recipe recipe = run::find_recipe("ink-quick");
    recipe.data.source = at(file).string();
    const auto symbols = [&](data::Split split) { return study::open_symbols(recipe, split, {}, 0); };
    fit::testing::keep_untrained(symbols(data::Split::train), symbols(data::Split::test),
                                 at(".cache/ganymede/classifiers"));
  }
};

// Pictures of 8 x 8 pixels in three classes, a bright row at a place of its own, as IDX files: 300 + 240.
void write_bars(const fs::path& folder) {
  fs::create_directories(folder);
  const auto write = [&](const std::string& split, int count, unsigned shift) {
    const auto number = [](int v) {
      return std::string{static_cast<char>(v >> 24), static_cast<char>(v >> 16), static_cast<char>(v >> 8),
                         static_cast<char>(v)};
    };
    std::string images = number(0x803) + number(count) + number(8) + number(8), labels = number(0x801) + number(count);
    unsigned noise = 12345 + shift;
    for (int i = 0; i < count; ++i) {
      for (int p = 0; p < 64; ++p) {
        noise = noise * 1664525U + 1013904223U;
        images += static_cast<char>((noise >> 24) % 120 + (p / 8 == 1 + 2 * (i % 3) ? 120 : 0));
      }
      labels += static_cast<char>(i % 3);
    }
    std::ofstream(folder / (split + "-images-idx3-ubyte"), std::ios::binary) << images;
    std::ofstream(folder / (split + "-labels-idx1-ubyte"), std::ios::binary) << labels;
  };
  write("train", 300, 1);
  write("t10k", 240, 2);
}

// Three kinds of symbols, forty of each: a line down, a line across, a corner of two strokes.
std::string little_ink(bool writers = false) {
  nlohmann::json symbols = nlohmann::json::array();
  for (int i = 0; i < 120; ++i) {
    const double a = 1 + 0.01 * (i % 17), b = 0.1 * (i % 5);
    nlohmann::json strokes = nlohmann::json::array();
    if (i % 3 != 1) strokes.push_back({{"x", {0, b, 0}}, {"y", {0, a / 2, a}}});
    if (i % 3 != 0) strokes.push_back({{"x", {0, a / 2, a}}, {"y", {0, b, 0}}});
    symbols.push_back({{"label", std::string(1, static_cast<char>('A' + i % 3))}, {"strokes", strokes}});
    if (writers) symbols.back()["writer"] = "hand " + std::to_string(i / 30);
  }
  return nlohmann::json{{"schema", "ganymede.ink/1"}, {"symbols", symbols}}.dump();
}

// The whole of a study on data of a moment: its numbers mean nothing, its page and its going on do.
TEST_F(Study, InkTrainsMeasuresReportsAndGoesOn) {
  write("symbols.json", little_ink());
  keep_untrained_classifier("symbols.json");
  const auto command = [](const char* steps, const char* seeds = "2") {
    return std::vector<std::string>{"study",   "ink", "--quick",   "--source", "symbols.json", "--seeds", seeds,
                                    "--steps", steps, "--threads", "1",        "--json"};
  };
  const Result first = run(command("8"));
  ASSERT_EQ(first.code, 0) << first.err;
  const nlohmann::json results = first.json();
  EXPECT_EQ(results.at("schema"), "ganymede.study_ink/1");
  for (const std::string sampler : {"gaussian", "centroid", "rejection", "partition", "own-partition"})
    EXPECT_EQ(results.at("samplers").at(sampler).size(), 2U);
  EXPECT_EQ(results.at("shared_partition").at(0).at("cells"), 1.0);
  EXPECT_EQ(results.at("one_split"), true);
  EXPECT_EQ(results.at("correction"), "Holm");
  const std::string page = read("studies/ink-symbols-quick/report.html");
  for (const std::string part :
       {"Table 2", "0.016761", "Stability", "Class by class", "told from real", "The plain weights", "moving average",
        "share a partition agree", "the one split", "Holm", "<svg"})
    EXPECT_TRUE(page.find(part) != std::string::npos) << part;

  // Its page again, of results and figures alone.
  fs::create_directories(at("alone"));
  fs::copy(at("studies/ink-symbols-quick/results.json"), at("alone/results.json"));
  fs::copy(at("studies/ink-symbols-quick/figures"), at("alone/figures"));
  const Result report = run({"report", "alone/", "--json"});
  ASSERT_EQ(report.code, 0) << report.err;
  EXPECT_EQ(report.json().at("schema"), "ganymede.report/1");
  EXPECT_EQ(report.json().at("study"), "alone");
  EXPECT_EQ(read("alone/report.html"), page);
  fs::remove(at("alone/figures/real-symbols.svg"));
  const Result missing = run({"report", "alone"});
  EXPECT_EQ(missing.code, 2);
  EXPECT_TRUE(holds(missing.err, "alone/figures/real-symbols.svg")) << missing.err;
  EXPECT_TRUE(holds(missing.err, "measures nothing anew")) << missing.err;
  fs::create_directories(at("begun/runs"));
  EXPECT_TRUE(holds(run({"report", "begun"}).err, "begun: neither a run (run.json) nor a study that was measured"));

  // Called again, it trains nothing and says the same; with more steps, it goes on; with fewer, it says why not.
  const Result again = run(command("8"));
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_FALSE(holds(again.err, "run 1 of"));
  EXPECT_EQ(again.json().at("findings"), results.at("findings"));
  const Result longer = run(command("12", "1"));  // of one seed each: what goes on is the same, in half the time
  ASSERT_EQ(longer.code, 0) << longer.err;
  EXPECT_EQ(longer.json().at("steps"), 12);
  EXPECT_TRUE(holds(longer.err, "0 of them done")) << longer.err;
  EXPECT_EQ(run(command("10", "1")).code, 2);
}

// Teams of workers, each with a part of the ink: S-INK I9.
TEST_F(Study, DistributedTrainsTeamsMeasuresReportsAndGoesOn) {
  write("symbols.json", little_ink(true));
  keep_untrained_classifier("symbols.json");
  const std::vector<std::string> command = {"study",   "distributed", "--quick", "--source", "symbols.json",
                                            "--seeds", "1",           "--steps", "2",        "--threads",
                                            "1",       "--json"};
  auto dry = command;
  dry.back() = "--dry-run";
  EXPECT_TRUE(holds(run(dry).out, "26 runs of 2 steps")) << "twelve teams of two, two models of all data";
  const Result first = run(command);
  ASSERT_EQ(first.code, 0) << first.err;
  const nlohmann::json results = first.json();
  EXPECT_EQ(results.at("schema"), "ganymede.study_distributed/1");
  EXPECT_EQ(results.at("teams").size(), 14U);
  const nlohmann::json team = results.at("teams").at("w2-class-shared-averaged");
  EXPECT_EQ(team.at("by"), "class");
  const nlohmann::json measures = team.at("seeds").at(0).at("measures");
  EXPECT_EQ(measures.at("cells"), 1.0);
  EXPECT_EQ(measures.at("parts").size(), 2U);
  ASSERT_EQ(measures.at("curve").size(), 2U);
  EXPECT_EQ(measures.at("curve").at(1).at(0), 2);
  EXPECT_TRUE(results.at("teams").at("w2-writer-none-alone").at("seeds").at(0).at("measures").at("symbols").is_null());
  EXPECT_EQ(results.at("findings").size(), 16U);
  const std::string folder = "studies/distributed-symbols-quick/";
  const std::string page = read(folder + "report.html");
  for (const std::string part :
       {"Convergence", "Quality at the end", "The mean and its parts", "likeness", "the one split",
        "No verdict of this page rests on a test", "a partition each", "<svg"})
    EXPECT_TRUE(page.find(part) != std::string::npos) << part;
  const std::string runs = folder + "runs/w2-class-own-averaged-s1/";
  for (const char* file : {"team.json", "measures.json", "averaged/round-00002.safetensors",
                           "rounds/w1/round-00001.safetensors", "w2/recipe.toml", "w2/partition.safetensors"})
    EXPECT_TRUE(fs::exists(at(runs + file))) << file;
  EXPECT_TRUE(holds(read(runs + "w2/recipe.toml"), "part = \"2/2\""));
  EXPECT_TRUE(fs::exists(at(folder + "figures/alphabet-w2-writer-none-alone-s1-w2.svg")));

  // Called again it trains and measures nothing and says the same; a team that lost its last mean makes it again.
  fs::remove(at(runs + "averaged/round-00002.safetensors"));
  fs::remove(at(runs + "measures.json"));
  const Result again = run(command);
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(again.json(), results);
  auto longer = command;
  longer[7] = "--steps", longer[8] = "3";
  EXPECT_EQ(run(longer).code, 2) << "a team's rounds are its plan";
}

TEST_F(Study, DistributedRefusesDataThatCannotBeCut) {
  write("symbols.json", little_ink());
  const Result nobody = run({"study", "distributed", "--quick", "--source", "symbols.json"});
  EXPECT_EQ(nobody.code, 2);
  EXPECT_TRUE(holds(nobody.err, "writer")) << nobody.err;
  EXPECT_FALSE(fs::exists(at("studies")));
  EXPECT_EQ(run({"study", "distributed", "--source", "mnist"}).code, 2);
}

TEST_F(Study, DryRunSaysHowLongItTakes) {
  const Result result = run({"study", "ink", "--dry-run"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_TRUE(holds(result.out, "15 runs of 30,000 steps"));
  EXPECT_FALSE(fs::exists(at("studies")));
  EXPECT_EQ(run({"study", "ink", "--source", "mnist"}).code, 2);
  EXPECT_EQ(run({"study"}).code, 2);
}

TEST_F(Study, OfImagesSaysWhatItTrainsAndMeasures) {
  const Result result =
      run({"study", "dims", "--quick", "--source", "builtin-digits", "--epochs", "2", "--seeds", "2", "--dry-run"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_TRUE(holds(result.out, "8 runs of 2 epochs")) << result.out;
  EXPECT_TRUE(holds(result.out, "16 points to be measured")) << result.out;
  EXPECT_FALSE(fs::exists(at("studies")));
  EXPECT_EQ(run({"study", "dims", "--judge", "harsh"}).code, 2);
  EXPECT_EQ(run({"study", "dims", "--own-epochs", "--epochs", "3"}).code, 2);
  EXPECT_EQ(run({"study", "activations", "--own-epochs"}).code, 2);
}

// --data is a folder in every command; a data set's name there is taken as --source, and said.
TEST_F(Study, TakesDataAsAFolderAndSourceAsADataSet) {
  const Result old = run({"study", "ink", "--data", "builtin", "--dry-run"});
  EXPECT_EQ(old.code, 0) << old.err;
  EXPECT_TRUE(holds(old.err, "note: --data builtin is taken as --source builtin"));
  write_bars(at("sets/mnist"));
  const Result folder =
      run({"study", "dcgan", "--quick", "--epochs", "1", "--seeds", "1", "--data", "sets", "--dry-run"});
  EXPECT_EQ(folder.code, 0) << folder.err;
  EXPECT_FALSE(holds(folder.err, "note:"));
  EXPECT_EQ(run({"study", "ink", "--data", "nowhere", "--dry-run"}).code, 2);
  EXPECT_EQ(run({"study", "ink", "--data", "unipen", "--source", "builtin", "--dry-run"}).code, 2);
}

TEST_F(Study, WithoutMnistAdvisesWhatStudyTakes) {
  fs::create_directories(at("empty"));
  const Result result = run({"study", "dims", "--quick", "--data", "empty", "--dry-run"});
  EXPECT_EQ(result.code, 2);
  EXPECT_TRUE(holds(result.err, "--source builtin-digits")) << result.err;
  EXPECT_FALSE(holds(result.err, "--set")) << result.err;
}

// Photographs of any size are measured at the study's: the classifier of features takes the same.
TEST_F(Study, OfLandscapesChecksPhotographsBeforeTheFirstRun) {
  picture::Image photo(40, 40, 3);
  for (std::size_t i = 0; i < photo.pixels().size(); ++i) photo.pixels()[i] = static_cast<std::uint8_t>(37 * i);
  const auto write_photos = [&](const std::string& folder, int count) {
    fs::create_directories(at(folder));
    for (int i = 0; i < count; ++i) {
      photo.pixels()[0] = static_cast<std::uint8_t>(i);
      picture::write_png(at(folder + "/" + std::to_string(i) + ".png"), photo);
    }
  };
  write_photos("photos", 128);
  const auto command = [](const char* folder) {
    return std::vector<std::string>{"study", "landscapes", "--quick", "--epochs",  "1",         "--seeds",
                                    "1",     "--source",   folder,    "--dry-run", "--threads", "1"};
  };
  const Result good = run(command("photos"));
  EXPECT_EQ(good.code, 0) << good.err;
  write_photos("few", 60);
  const Result few = run(command("few"));
  EXPECT_EQ(few.code, 2);
  EXPECT_TRUE(holds(few.err, "100")) << few.err;
}

TEST_F(Study, OfUnrolledGansTrainsMeasuresReportsAndGoesOn) {
  write_bars(at("bars"));
  const std::vector<std::string> command = {"study", "unrolled", "--quick", "--source",  "bars", "--epochs",
                                            "1",     "--seeds",  "1",       "--threads", "1",    "--json"};
  const Result first = run(command);
  ASSERT_EQ(first.code, 0) << first.err;
  const nlohmann::json results = first.json();
  EXPECT_EQ(results.at("schema"), "ganymede.study_unrolled/1");
  const nlohmann::json& ring = results.at("experiments").at("ring");
  EXPECT_EQ(ring.at("steps_per_epoch"), 100);
  for (const std::string arm : {"ring-k0", "ring-k1", "ring-k5", "ring-k10", "ring-k20"})
    EXPECT_EQ(ring.at("arms").at(arm).at("runs").at(0).at("points").size(), 1U) << arm;
  EXPECT_EQ(results.at("experiments").at("lstm").at("arms").at("lstm-k0").at("runs").size(), 1U);
  const std::string page = read("studies/unrolled-quick/report.html");
  for (const std::string part : {"Ring of 8 Gaussians", "Grid of 25", "column by column", "7.6", "ms a step",
                                 "depends on the set-up", "what G of the first seed"})
    EXPECT_TRUE(page.find(part) != std::string::npos) << part;

  // Its page again, of results and figures alone.
  fs::create_directories(at("alone"));
  fs::copy(at("studies/unrolled-quick/results.json"), at("alone/results.json"));
  fs::copy(at("studies/unrolled-quick/figures"), at("alone/figures"));
  ASSERT_EQ(run({"report", "alone"}).code, 0);
  EXPECT_EQ(read("alone/report.html"), page);

  // Called again, it trains nothing and says the same.
  const Result again = run(command);
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_FALSE(holds(again.err, "run 1 of"));
  EXPECT_EQ(again.json().at("experiments").at("grid"), results.at("experiments").at("grid"));
}

TEST_F(Study, OfTheoryTrainsMeasuresReportsAndGoesOn) {
  write_bars(at("bars"));
  const auto command = [](const char* threads) {
    return std::vector<std::string>{"study", "theory",  "--quick", "--source",  "bars",  "--epochs",
                                    "1",     "--seeds", "1",       "--threads", threads, "--json"};
  };
  const Result first = run(command("2"));
  ASSERT_EQ(first.code, 0) << first.err;
  const nlohmann::json results = first.json();
  EXPECT_EQ(results.at("schema"), "ganymede.study_theory/1");
  const nlohmann::json& exhibits = results.at("exhibits");
  EXPECT_EQ(exhibits.size(), 13U);
  EXPECT_NEAR(exhibits.at("divergence").at("normals").at(0).at("js_bits").get<double>(), 0.1607, 0.00005);
  EXPECT_EQ(exhibits.at("failures").size(), 4U);
  const std::string page = read("studies/theory-quick/report.html");
  for (const std::string part : {"Families of generative models", "0.1607", "fail-collapse", "data:image/gif", "<svg",
                                 "is 0.5 nat, both ways alike", "Who learns?"})
    EXPECT_TRUE(page.find(part) != std::string::npos) << part;
  // Every identity holds, whatever was trained.
  for (const nlohmann::json& finding : results.at("findings")) {
    if (finding.at("evidence").get<std::string>().find("by theory") != std::string::npos) {
      EXPECT_EQ(finding.at("verdict"), "confirmed") << finding;
    }
  }

  // Its page again, of results and figures alone.
  fs::create_directories(at("alone"));
  fs::copy(at("studies/theory-quick/results.json"), at("alone/results.json"));
  fs::copy(at("studies/theory-quick/figures"), at("alone/figures"));
  ASSERT_EQ(run({"report", "alone"}).code, 0);
  EXPECT_EQ(read("alone/report.html"), page);

  // Called again, on another number of threads, it trains nothing and says the same, to the bit.
  const Result again = run(command("1"));
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_FALSE(holds(again.err, "run 1 of"));
  EXPECT_EQ(again.json(), results);
  EXPECT_EQ(read("studies/theory-quick/report.html"), page);
}

TEST_F(Study, OfTheDoctorTrainsJudgesAndGoesOn) {
  const std::vector<std::string> command = {"study", "doctor", "--quick", "--epochs", "1", "--seeds", "1", "--json"};
  const Result first = run(command);
  ASSERT_EQ(first.code, 0) << first.err;
  const nlohmann::json results = first.json();
  EXPECT_EQ(results.at("schema"), "ganymede.study_doctor/1");
  for (const nlohmann::json& one : results.at("cases")) {
    const nlohmann::json& only = one.at("runs").at(0);
    EXPECT_EQ(only.at("told"), nlohmann::json::array()) << "a check-up tells nothing " << one;
    EXPECT_EQ(one.at("right"), one.at("wanted").empty() ? 1 : 0);
  }
  EXPECT_TRUE(holds(read("studies/doctor-quick/report.html"), "fail-collapse"));
  const Result again = run(command);
  EXPECT_FALSE(holds(again.err, "run 1 of"));
  EXPECT_EQ(again.json(), results);
}

TEST_F(Study, OfDirectionsTrainsMeasuresReportsAndGoesOn) {
  write_bars(at("bars"));
  const auto command = [](const char* threads) {
    return std::vector<std::string>{"study", "directions", "--quick", "--source",  "bars",  "--epochs",
                                    "1",     "--seeds",    "1",       "--threads", threads, "--json"};
  };
  const Result first = run(command("1"));
  ASSERT_EQ(first.code, 0) << first.err;
  const nlohmann::json results = first.json();
  EXPECT_EQ(results.at("schema"), "ganymede.study_directions/1");
  ASSERT_EQ(results.at("models").size(), 4U);
  EXPECT_EQ(results.at("models").at("dcgan").at("dimensions"), 100);
  EXPECT_EQ(results.at("findings").size(), 6U);
  for (const auto& [name, model] : results.at("models").items()) {
    const nlohmann::json& only = model.at("runs").at(0);
    EXPECT_FALSE(only.at("attributes").empty()) << name;
    EXPECT_TRUE(fs::exists(at("studies/directions-quick/runs/" + name + "-s1/directions/study.json"))) << name;
    EXPECT_TRUE(fs::exists(at("studies/directions-quick/figures/matrices-" + name + ".png"))) << name;
  }
  const std::string page = read("studies/directions-quick/report.html");
  for (const std::string part :
       {"Dimensions compared", "The proof on samples", "A hyperplane", "quick version", "<svg"})
    EXPECT_TRUE(holds(page, part)) << part;

  // Called again, on another number of threads, it trains and measures nothing and says the same; so does what is
  // measured anew.
  const fs::path point = at("studies/directions-quick/runs/dcgan-s1/measures/study-directions-epoch-00001.json");
  const std::string measured = read_file(point);
  const auto written = fs::last_write_time(point);
  const Result again = run(command("2"));
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_FALSE(holds(again.err, "run 1 of"));
  EXPECT_EQ(again.json(), results);
  EXPECT_EQ(fs::last_write_time(point), written);
  fs::remove(point);
  EXPECT_EQ(run(command("2")).json(), results);
  EXPECT_EQ(read_file(point), measured);
  const Result edited =
      run({"edit", "studies/directions-quick/runs/dcgan-s1", "--along", "study/ink", "-o", "ink.png"});
  EXPECT_EQ(edited.code, 0) << edited.err;
}

// What a model of digits knows: in a minute or two, over the built-in ones.
TEST_F(Study, OfDirectionsFindsAttributesThatADigitsModelTellsSlow) {
  const Result result =
      run({"study", "directions", "--quick", "--source", "builtin-digits", "--seeds", "1", "--epochs", "8", "--json"});
  ASSERT_EQ(result.code, 0) << result.err;
  for (const auto& [name, model] : result.json().at("models").items()) {
    const nlohmann::json& only = model.at("runs").at(0);
    EXPECT_GT(only.at("rises"), 1) << name;
    for (const nlohmann::json& one : only.at("attributes"))
      EXPECT_TRUE(!one.at("told") || one.at("explained") > 0) << name << one;
    EXPECT_LT(only.at("pairs_other_after"), only.at("pairs_other_before")) << name;
  }
}

struct ImageStudy : Study {
  nlohmann::json go(const std::string& name) {
    write_bars(at("bars"));
    command = {"study", name,      "--quick", "--source",  "bars", "--epochs",
               "1",     "--seeds", "2",       "--threads", "1",    "--json"};
    const Result first = run(command);
    EXPECT_EQ(first.code, 0) << first.err;
    if (first.code != 0) return nlohmann::json::object();
    page = read("studies/" + name + "-quick/report.html");
    const nlohmann::json results = first.json();
    EXPECT_EQ(results.at("schema"), "ganymede.study_images/1");
    EXPECT_EQ(results.at("one_split"), false);
    // Its page again, of results and figures alone.
    fs::create_directories(at("alone"));
    fs::copy(at("studies/" + name + "-quick/results.json"), at("alone/results.json"));
    fs::copy(at("studies/" + name + "-quick/figures"), at("alone/figures"));
    const Result report = run({"report", "alone"});
    EXPECT_EQ(report.code, 0) << report.err;
    EXPECT_EQ(read("alone/report.html"), page);
    // Called again, it trains nothing and says the same.
    const Result again = run(command);
    EXPECT_EQ(again.code, 0) << again.err;
    EXPECT_FALSE(holds(again.err, "run 1 of"));
    EXPECT_EQ(again.json().at("findings"), results.at("findings"));
    return results;
  }
  void expect_on_page(const std::vector<std::string>& parts) const {
    for (const std::string& part : parts) EXPECT_TRUE(page.find(part) != std::string::npos) << part;
  }
  std::vector<std::string> command;
  std::string page;
};

TEST_F(ImageStudy, DimsTrainMeasureReportAndGoOn) {
  const nlohmann::json results = go("dims");
  for (const std::string name : {"digits-2d", "digits-3d", "digits-4d", "digits-cgan-3d"})
    ASSERT_EQ(results.at("models").at(name).at("runs").size(), 2U);
  EXPECT_FALSE(results.at("models").at("digits-cgan-3d").at("runs").at(0).contains("class_at_centre"));
  expect_on_page({"Class-area maps", "How near the classes lie", "Where the study contradicts itself", "Holm", "<svg"});
}

TEST_F(ImageStudy, ActivationsTrainMeasureReportAndGoOn) {
  const nlohmann::json results = go("activations");
  for (const std::string name : {"relu", "leaky_relu", "prelu", "elu"}) {
    const nlohmann::json& runs = results.at("models").at(name).at("runs");
    ASSERT_EQ(runs.size(), 2U);
    EXPECT_GT(runs.at(0).at("near_zero").at("act0"), 0);
    EXPECT_GT(runs.at(0).at("memory_bytes"), 10'000);
  }
  expect_on_page({"0.1561", "Inside the generators", "Ablation", "LeakyReLU", "at the last epoch", "<svg"});
}

TEST_F(ImageStudy, DcganTrainsMeasuresReportsAndGoesOn) {
  const nlohmann::json results = go("dcgan");
  EXPECT_EQ(results.at("models").at("dcgan").at("runs").size(), 2U);
  EXPECT_EQ(results.at("findings").size(), 3U);
  expect_on_page({"How often D is right", "these runs end at epoch 1 of 50", "1 model, 2 seeds each",
                  ", 240 samples a side", "No verdict of this page rests on a test"});
}

}  // namespace
}  // namespace ganymede::cli
