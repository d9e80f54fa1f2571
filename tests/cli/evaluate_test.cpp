#include <algorithm>

#include "base/philox.hpp"
#include "cli/program.hpp"
#include "picture/png.hpp"

namespace ganymede::cli {
namespace {

/// Runs on small images whose classifier is fitted in a moment.
struct Evaluate : Cli {
  Evaluate() {
    fs::create_directories(at("bars"));
    write_split("train", 300, 1);
    write_split("t10k", 240, 2);
    write("bars.toml",
          "schema = 1\n"
          "[data]\n"
          "source = \"bars\"\n"
          "[latent]\n"
          "dim = 2\n"
          "[generator]\n"
          "width = 4\n"
          "[discriminator]\n"
          "width = 4\n"
          "[train]\n"
          "batch = 64\n"
          "epochs = 2\n"
          "sample_grid = 16\n");
  }

  /// Pixel p of image i: noise, with a bright row whose place is the class i mod 3.
  static std::uint8_t pixel(std::uint64_t seed, int i, int p) {
    const std::uint32_t word =
        Random(seed, "bars").words(static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(p))[0];
    return static_cast<std::uint8_t>(word % 120 + (p / 8 == 1 + 2 * (i % 3) ? 120 : 0));
  }
  static std::string big_endian(std::uint32_t value) {
    return {static_cast<char>(value >> 24U), static_cast<char>(value >> 16U), static_cast<char>(value >> 8U),
            static_cast<char>(value)};
  }
  void write_split(const std::string& split, int count, std::uint64_t seed) const {
    const auto n = static_cast<std::uint32_t>(count);
    std::string images = big_endian(0x803) + big_endian(n) + big_endian(8) + big_endian(8);
    std::string labels = big_endian(0x801) + big_endian(n);
    for (int i = 0; i < count; ++i) {
      for (int p = 0; p < 64; ++p) images += static_cast<char>(pixel(seed, i, p));
      labels += static_cast<char>(i % 3);
    }
    write("bars/" + split + "-images-idx3-ubyte", images);
    write("bars/" + split + "-labels-idx1-ubyte", labels);
  }
  void write_pictures(const std::string& name, int count, std::uint64_t seed) const {
    fs::create_directories(at(name));
    for (int i = 0; i < count; ++i) {
      std::vector<std::uint8_t> pixels;
      for (int p = 0; p < 64; ++p) pixels.push_back(pixel(seed, i, p));
      picture::write_png(at(name) / (std::to_string(i) + ".png"), picture::Image(8, 8, 1, std::move(pixels)));
    }
  }
  Result train_bars(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"train", "bars.toml", "--threads", "1", "--quiet"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
};

TEST_F(Evaluate, ScoresARunKeepsThemAndReportsThem) {
  ASSERT_EQ(train_bars({"--run", "a"}).code, 0);
  const Result result = run({"evaluate", "a", "--json", "--n", "200", "--measures", "frechet,recall,neighbours"});
  ASSERT_EQ(result.code, 0) << result.err;
  const auto json = result.json();
  EXPECT_EQ(json.at("schema"), "ganymede.evaluate/1");
  const auto& one = json.at("runs").at(0);
  EXPECT_EQ(one.at("epoch"), 2);
  ASSERT_EQ(one.at("scores").size(), 2U);
  const std::string name = one.at("scores").at(0).at("name");
  EXPECT_TRUE(name.starts_with("frechet200_bars-")) << name;
  EXPECT_EQ(one.at("scores").at(0).at("count_floor"), 120);
  const auto kept = nlohmann::json::parse(read("runs/a/measures/" + name + ".json"));
  EXPECT_EQ(kept.at("value"), one.at("scores").at(0).at("value"));
  EXPECT_EQ(kept.at("epoch"), 2);
  EXPECT_TRUE(fs::exists(run_path("a") / "measures/neighbours.png"));
  EXPECT_TRUE(holds(result.err, "classifier of bars"));

  // The classifier is kept; an epoch's scores lie beside those of the end.
  const Result text = run({"evaluate", "a", "--n", "200", "--measures", "frechet", "--epoch", "1", "--protocol"});
  EXPECT_TRUE(holds(text.out, "Fréchet distance (lower is better)"));
  ASSERT_EQ(text.code, 0) << text.err;
  EXPECT_FALSE(holds(text.err, "classifier of bars"));
  EXPECT_TRUE(holds(text.out, name));
  EXPECT_TRUE(holds(text.out, "floor"));
  EXPECT_TRUE(fs::exists(run_path("a") / "measures" / (name + ".epoch-00001.json")));

  const Result report = run({"report", "a", "--json"});
  ASSERT_EQ(report.code, 0) << report.err;
  EXPECT_EQ(report.json().at("schema"), "ganymede.report/1");
  EXPECT_TRUE(holds(read("runs/a/report.html"), name));
}

TEST_F(Evaluate, WhereNoClassifierCanBeKeptItIsSaidAndUsedFromMemory) {
  write("file", "no folder");
  const auto no_cache = [&] { setenv("XDG_CACHE_HOME", at("file/cache").c_str(), 1); };
  ASSERT_EQ(train_bars({"--run", "a"}).code, 0);
  const Result scored = run({"evaluate", "a", "--n", "100", "--measures", "frechet"}, no_cache);
  EXPECT_EQ(scored.code, 0) << scored.err;
  EXPECT_TRUE(holds(scored.err, "warning: "));
  EXPECT_TRUE(holds(scored.err, "is fitted but not kept (XDG_CACHE_HOME names another folder)"));
  EXPECT_EQ(std::distance(fs::directory_iterator(run_path("a") / "measures"), fs::directory_iterator()), 1);

  const Result mapped = run({"train", "bars.toml", "--run", "b", "--threads", "1", "--epochs", "1", "--set",
                             "evaluate.map_every=1", "--set", "evaluate.map_resolution=5"},
                            no_cache);
  EXPECT_EQ(mapped.code, 0) << mapped.err;
  EXPECT_TRUE(holds(mapped.err, "is fitted but not kept"));
  EXPECT_EQ(state("b"), "finished");
}

TEST_F(Evaluate, LeavesTheCurveOfAJudgeAndItsPage) {
  ASSERT_EQ(train_bars({"--run", "a"}).code, 0);
  const Result result = run({"evaluate", "a", "--json", "--measures", "discriminator,weak", "--threads", "1"});
  ASSERT_EQ(result.code, 0) << result.err;
  const auto json = result.json();
  std::string name;
  for (const auto& score : json.at("runs").at(0).at("scores")) {
    EXPECT_TRUE(score.at("floor").is_number()) << score.at("name");
    if (score.at("name").get<std::string>().starts_with("val_loss")) name = score.at("name");
  }
  const auto curve = nlohmann::json::parse(read("runs/a/measures/" + name + ".curve.json"));
  EXPECT_EQ(curve.at("schema"), "ganymede.curve/1");
  EXPECT_EQ(curve.at("epoch"), 2);
  EXPECT_EQ(curve.at("steps").back(), 300);
  EXPECT_EQ(curve.at("val_loss").back(), nlohmann::json::parse(read("runs/a/measures/" + name + ".json")).at("value"));
  ASSERT_EQ(run({"evaluate", "a", "--measures", "weak", "--epoch", "1", "--quiet"}).code, 0);
  EXPECT_TRUE(fs::exists(run_path("a") / "measures" / (name + ".curve.epoch-00001.json")));

  write("runs/a/measures/other.curve.json", "{");
  const Result report = run({"report", "a"});
  ASSERT_EQ(report.code, 0) << report.err;
  const std::string page = read("runs/a/report.html");
  EXPECT_TRUE(holds(page, "Real or generated: nk_weak_v1"));
  EXPECT_TRUE(holds(page, "other.curve.json: no JSON"));
  EXPECT_TRUE(holds(page, "data:image/gif;base64,"));
}

TEST_F(Evaluate, SeedsMakeSetsThatCompare) {
  share_classifiers();
  const std::vector<std::string> command{"--seeds", "2", "--run", "a"};
  ASSERT_EQ(train_bars(command).code, 0);
  EXPECT_EQ(state("a-s1"), "finished");
  EXPECT_EQ(state("a-s2"), "finished");
  const auto before = fs::last_write_time(run_path("a-s1") / "events.jsonl");
  ASSERT_EQ(train_bars(command).code, 0);  // nothing is left to do
  EXPECT_EQ(fs::last_write_time(run_path("a-s1") / "events.jsonl"), before);
  const Result set = train_bars({"--seeds", "2", "--run", "b", "--set", "train.batch=32", "--json"});
  ASSERT_EQ(set.code, 0) << set.err;
  EXPECT_EQ(set.json().at("runs").at(1).at("run"), "b-s2");
  EXPECT_EQ(train_bars({"--seeds", "2", "--run", "a", "--set", "train.batch=32"}).code, 2);  // another recipe's runs

  EXPECT_EQ(run({"compare", "a-s1", "a-s2", "b-s1", "b-s2"}).code, 2);  // no scores yet
  ASSERT_EQ(run({"evaluate", "a-s1", "a-s2", "b-s1", "b-s2", "--n", "100", "--measures", "frechet", "--quiet"}).code,
            0);
  const Result grouped = run({"compare", "a-s1", "a-s2", "b-s1", "b-s2", "--json"});
  ASSERT_EQ(grouped.code, 0) << grouped.err;
  const auto comparison = grouped.json().at("comparisons").at(0);
  EXPECT_EQ(comparison.at("scores").at(0).at("candidate").size(), 2U);
  const Result named = run({"compare", "b-s1", "b-s2", "--against", "a-s1", "a-s2", "--json"});
  EXPECT_EQ(named.json().at("comparisons").at(0), comparison);
  const Result text = run({"compare", "a-s1", "b-s1"});
  EXPECT_TRUE(holds(text.out, "train.batch: 64 -> 32"));
  EXPECT_TRUE(holds(text.out, "cannot tell"));  // one run a set
  EXPECT_EQ(run({"compare", "a-s1", "a-s2"}).code, 2);
}

TEST_F(Evaluate, ComparesPicturesThatOthersMade) {
  share_classifiers();
  write_pictures("reals", 150, 3);
  write_pictures("fakes", 120, 4);
  write("fakes/broken.png", "no picture");
  const Result result = run({"evaluate", "--real", "reals", "--fake", "fakes", "--features", "bars", "--json"});
  ASSERT_EQ(result.code, 0) << result.err;
  const auto json = result.json();
  EXPECT_EQ(json.at("fake").at("pictures"), 120);
  EXPECT_TRUE(holds(json.at("fake").at("skipped").at(0), "broken.png"));
  EXPECT_TRUE(holds(result.err, "skipped"));
  for (const auto& score : json.at("scores")) {
    const std::string name = score.at("name");
    if (name.starts_with("one_nn")) {
      EXPECT_NEAR(score.at("value").get<double>(), 0.5, 0.15);  // one law
    } else if (name.starts_with("precision")) {
      EXPECT_GT(score.at("value"), 0.6);
    }
  }
  EXPECT_EQ(json.at("scores").size(), 9U);
}

TEST_F(Evaluate, TellsWhatIsWrong) {
  ASSERT_EQ(train_bars({"--run", "a", "--epochs", "1"}).code, 0);
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"evaluate"}, "which run"},
      {{"evaluate", "b"}, "b"},
      {{"evaluate", "a", "--measures", "frechett"}, "did you mean \"frechet\""},
      {{"evaluate", "a", "--n", "50"}, "100"},
      {{"evaluate", "a", "--epoch", "9"}, "epoch"},
      {{"evaluate", "--real", "bars"}, "belong together"},
      {{"evaluate", "a", "--real", "bars", "--fake", "bars"}, "not both"},
      {{"evaluate", "--real", "bars", "--fake", "bars"}, "--features"},
      {{"evaluate", "--real", "x", "--fake", "x", "--features", "bars"}, "x: no such folder"},
      {{"train", "bars.toml", "--seeds", "2", "--minutes", "1"}, "--minutes"},
      {{"report", "b"}, "b"}};
  for (const auto& [arguments, part] : cases) {
    const Result result = run(arguments);
    EXPECT_EQ(result.code, 2) << result.err;
    EXPECT_TRUE(holds(result.err, part));
  }
}

TEST_F(Evaluate, AWatchedRunResumesAsIfItHadNeverStopped) {
  const std::vector<std::string> watched{"--set", "evaluate.every=1"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.end(), watched.begin(), watched.end());
    return train_bars(more);
  };
  ASSERT_EQ(with({"--run", "whole"}).code, 0);
  ASSERT_EQ(with({"--run", "parts", "--epochs", "1"}).code, 0);
  ASSERT_EQ(run({"resume", "parts", "--epochs", "2", "--threads", "2", "--quiet"}).code, 0);
  expect_equal("parts", "whole");
  const auto lines = run::read_event_lines(run_path("whole") / "events.jsonl");
  EXPECT_EQ(std::ranges::count_if(lines, [](const auto& line) { return holds(line, "\"weak\"") == true; }), 2);
}

}  // namespace
}  // namespace ganymede::cli
