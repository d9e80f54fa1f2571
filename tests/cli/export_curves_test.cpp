#include <sstream>

#include "cli/program.hpp"
#include "run/tensorboard.hpp"

namespace ganymede::cli {
namespace {

struct ExportCurves : Cli {
  /// Records of all event files of a folder, without the two that each begins with.
  std::vector<std::string> told(const fs::path& folder) const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
    std::ranges::sort(files);
    std::vector<std::string> all;
    for (const fs::path& file : files) {
      const std::string bytes = read_file(file);
      const run::TfRecords found = run::read_tf_records(bytes);
      if (found.records.size() < 2 || found.ends.back() != bytes.size()) {
        ADD_FAILURE() << file << " has a torn or damaged end";
        continue;
      }
      all.insert(all.end(), found.records.begin() + 2, found.records.end());
    }
    return all;
  }
};

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST_F(ExportCurves, TablesHoldARowAnEvent) {
  ASSERT_EQ(run(train("a", {"--quiet"})).code, 0);
  const Result result = run({"export", "a", "--csv", "tables", "--json"});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.json().at("schema"), "ganymede.export_curves/1");
  const auto epochs = lines_of(read("tables/epoch.csv"));
  ASSERT_EQ(epochs.size(), 3U);
  EXPECT_TRUE(epochs[0].starts_with("step,epoch,images,")) << epochs[0];
  EXPECT_TRUE(holds(epochs[0], "generator_loss"));
  EXPECT_TRUE(epochs[2].starts_with("14,2,400,")) << epochs[2];
  std::size_t steps = 0;
  for (const auto& event : run::read_events(run_path("a") / "events.jsonl"))
    steps += event.at("event") == "step" ? 1 : 0;
  EXPECT_EQ(lines_of(read("tables/step.csv")).size(), steps + 1);
  EXPECT_FALSE(fs::exists(at("tables/start.csv"))) << "no curve";
}

TEST_F(ExportCurves, TensorBoardGetsCurvesScoresAndPictures) {
  ASSERT_EQ(run(train("a", {"--quiet"})).code, 0);
  fs::create_directories(run_path("a") / "measures");
  write("runs/a/measures/frechet100_x.json",
        R"({"schema": "ganymede.score/1", "name": "frechet100_x", "value": 7.5, "low": 7, "high": 8, "count_real": 100,
            "count_fake": 100, "floor": null, "count_floor": 0, "better": "lower", "protocol": "p", "epoch": 2,
            "step": 14})");
  const Result result = run({"export", "a", "--tensorboard", "board", "--csv", "tables"});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_TRUE(holds(result.out, "tensorboard --logdir board"));
  const std::string all = read("board/a/" + run::tensorboard_name(1));
  EXPECT_TRUE(holds(all, "epoch/generator_loss"));
  EXPECT_TRUE(holds(all, "measures/frechet100_x"));
  EXPECT_TRUE(holds(all, "\x89PNG"));
  EXPECT_TRUE(holds(read("tables/measures.csv"), "frechet100_x,2,14,7.5,7,8,,100,100,lower"));
}

TEST_F(ExportCurves, WantsOneThing) {
  ASSERT_EQ(run(train("a", {"--quiet", "--steps", "1"})).code, 0);
  EXPECT_EQ(run({"export", "a"}).code, 2);
  EXPECT_EQ(run({"export", "a", "--html", "a.html", "--csv", "tables"}).code, 2);
  EXPECT_EQ(run({"export", "a", "--csv", "tables", "--epoch", "0"}).code, 2);
  EXPECT_FALSE(fs::exists(at("tables")));
}

// Killed while it trains and resumed: TensorBoard has each record once, as of a run that never stopped.
TEST_F(ExportCurves, BesideARunThatIsKilledAndResumedAreThoseOfOneThatWasNot) {
  ASSERT_EQ(run(train("whole", {"--quiet", "--set", "train.tensorboard=true"})).code, 0);
  const std::vector<std::string> wanted = told(run_path("whole") / "tensorboard");
  ASSERT_GT(wanted.size(), 4U);
  Child child(folder(),
              train("cut", {"--quiet", "--set", "train.tensorboard=true", "--set", "checkpoint.every_steps=3"}));
  ASSERT_TRUE(child.wait_until([&] { return fs::exists(run_path("cut") / "events.jsonl") && event_count("cut") > 7; }));
  child.send(SIGKILL);
  child.wait();
  told(run_path("cut") / "tensorboard");  // every record is whole
  ASSERT_EQ(run({"resume", "cut", "--threads", "1", "--quiet"}).code, 0);
  const std::vector<std::string> found = told(run_path("cut") / "tensorboard");
  EXPECT_EQ(found.size(), wanted.size());
  // A record's time of day differs; its step and values do not: what follows the nine bytes of the time.
  for (std::size_t i = 0; i < std::min(found.size(), wanted.size()); ++i) {
    const auto without_speed = [](const std::string& record) {
      return record.substr(9, record.find("time_images_per_second") - 9);
    };
    EXPECT_EQ(without_speed(found[i]), without_speed(wanted[i])) << i;
  }
}

// TensorBoard's own reader, where Python has it: `pip install tensorboard`, or GANYMEDE_TENSORBOARD_PYTHON names one.
TEST_F(ExportCurves, AreReadBackByTensorBoardItself) {
  const char* named = std::getenv("GANYMEDE_TENSORBOARD_PYTHON");
  const std::string python = named != nullptr ? named : "python3";
  if (std::system((python + " -c 'import tensorboard' > /dev/null 2>&1").c_str()) != 0)
    GTEST_SKIP() << python << " has no tensorboard; name one that has by GANYMEDE_TENSORBOARD_PYTHON";
  ASSERT_EQ(run(train("a", {"--quiet", "--set", "train.tensorboard=true"})).code, 0);
  ASSERT_EQ(run({"export", "a", "--tensorboard", "board"}).code, 0);
  const std::string script = std::string(GANYMEDE_SOURCE_DIR) + "/bench/peers/read_tensorboard.py";
  for (const fs::path& logs : {at("board/a"), run_path("a") / "tensorboard"}) {
    const std::string command = python + " " + script + " " + logs.string() + " > " + at("read.json").string();
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
    const auto json = nlohmann::json::parse(read("read.json"));
    EXPECT_EQ(json.at("images").at("samples"), (std::vector{0, 7, 14}));
    for (const auto& event : run::read_events(run_path("a") / "events.jsonl")) {
      if (event.at("event") != "epoch") continue;
      const auto& scalars = json.at("scalars").at("epoch/generator_loss");
      const auto found = std::ranges::find_if(scalars, [&](const auto& s) { return s.at(0) == event.at("step"); });
      ASSERT_NE(found, scalars.end());
      EXPECT_FLOAT_EQ(found->at(1).get<float>(), event.at("generator_loss").get<float>());
    }
  }
}

}  // namespace
}  // namespace ganymede::cli
