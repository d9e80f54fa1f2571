#include <set>

#include "cli/program.hpp"

namespace ganymede::cli {
namespace {

/// Sets of runs, sweeps and their shares.
struct Spread : Cli {
  static std::vector<std::string> seeds(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"train", "tiny.toml", "--run", "set", "--seeds", "4", "--threads", "1", "--quiet"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  std::set<std::string> finished() const {
    std::set<std::string> names;
    for (int seed = 1; seed <= 4; ++seed) {
      const std::string name = "set-s" + std::to_string(seed);
      if (fs::exists(run_path(name) / "run.json") && state(name) == "finished") names.insert(name);
    }
    return names;
  }
  int starts_of(const std::string& name) const {
    int count = 0;
    for (const std::string& line : run::read_event_lines(run_path(name) / "events.jsonl"))
      count += line.find("\"event\": \"start\"") != std::string::npos ? 1 : 0;
    return count;
  }
};

TEST_F(Spread, PartsTrainTheirSharesBesideOneAnother) {
  Child first(folder(), seeds({"--part", "1/2"}));
  const Result second = run(seeds({"--part", "2/2"}));
  EXPECT_EQ(first.wait().code, 0);
  EXPECT_EQ(second.code, 0) << second.err;
  EXPECT_EQ(finished().size(), 4U);
  const Result all = run(seeds({"--json"}));
  EXPECT_EQ(all.json().at("complete"), true);
  for (const std::string& name : finished()) EXPECT_EQ(starts_of(name), 1) << name;
  ASSERT_EQ(run({"train", "tiny.toml", "--run", "alone", "--seed", "3", "--threads", "1", "--quiet"}).code, 0);
  EXPECT_EQ(results("set-s3").at("checkpoint"), results("alone").at("checkpoint"));
}

TEST_F(Spread, APartTakesItsShareAndNothingElse) {
  ASSERT_EQ(run(seeds({"--part", "2/3"})).code, 0);
  EXPECT_EQ(finished(), std::set<std::string>{"set-s2"});
  const Result words = run({"train", "tiny.toml", "--run", "set", "--seeds", "4", "--threads", "1", "--part", "2/3"});
  EXPECT_TRUE(holds(words.err, "part 2 of 3 is done"));
}

TEST_F(Spread, APartThatWasKilledGoesOn) {
  auto child = std::make_unique<Child>(folder(), seeds({"--part", "1/2", "--epochs", "20"}));
  ASSERT_TRUE(child->wait_until([&] {
    std::error_code error;
    return fs::exists(run_path("set-s1") / "checkpoints", error) &&
           !run::list_checkpoints(run_path("set-s1") / "checkpoints").empty();
  }));
  child.reset();  // kill -9
  EXPECT_TRUE(fs::exists(at("runs/.claims/set-s1"))) << "what a killed process leaves";
  ASSERT_EQ(run(seeds({"--part", "1/2", "--epochs", "20"})).code, 0);
  EXPECT_EQ(finished(), (std::set<std::string>{"set-s1", "set-s3"}));
  ASSERT_EQ(run({"train", "tiny.toml", "--run", "alone", "--threads", "1", "--quiet", "--epochs", "20"}).code, 0);
  EXPECT_EQ(results("set-s1").at("checkpoint"), results("alone").at("checkpoint"));
}

TEST_F(Spread, SaysWhatAPartIs) {
  for (const std::string part : {"0/2", "3/2", "1", "1/", "/2", "a/b", "1/2/3", "-1/2"}) {
    const Result result = run(seeds({"--part", part}));
    EXPECT_EQ(result.code, 2) << part;
    EXPECT_TRUE(holds(result.err, "K/N")) << part;
  }
  const Result alone = run({"train", "tiny.toml", "--part", "1/2"});
  EXPECT_EQ(alone.code, 2);
  EXPECT_TRUE(holds(alone.err, "--seeds N"));
}

struct Sweeps : Cli {
  Sweeps() { share_classifiers(); }
  static std::vector<std::string> sweep(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"sweep",     "ring",
                                   "--set",     "data.builtin_count=512",
                                   "--over",    "train.batch=32,64",
                                   "--over",    "game.loss=non_saturating,hinge",
                                   "--epochs",  "1",
                                   "--seeds",   "2",
                                   "-o",        "swept",
                                   "--threads", "1",
                                   "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
};

TEST_F(Sweeps, TrainEveryCombinationAndRankThem) {
  const Result result = run(sweep());
  ASSERT_EQ(result.code, 0) << result.err;
  const nlohmann::json results = result.json();
  EXPECT_EQ(results.at("schema"), "ganymede.sweep/1");
  EXPECT_EQ(results.at("measure"), "mixture");
  ASSERT_EQ(results.at("settings").size(), 4U);
  std::set<int> ranks;
  std::set<std::string> runs;
  std::map<int, double> means;
  for (const auto& setting : results.at("settings")) {
    ranks.insert(setting.at("rank").get<int>());
    means[setting.at("rank").get<int>()] = setting.at("mean").get<double>();
    EXPECT_EQ(setting.at("scores").size(), 2U);
    const double mean = (setting.at("scores").at(0).get<double>() + setting.at("scores").at(1).get<double>()) / 2;
    EXPECT_DOUBLE_EQ(setting.at("mean").get<double>(), mean);
    for (const auto& name : setting.at("runs")) runs.insert(name.get<std::string>());
  }
  EXPECT_EQ(ranks, (std::set<int>{1, 2, 3, 4}));
  EXPECT_GE(means.at(1), means.at(4)) << "more modes are better";
  EXPECT_EQ(runs.size(), 8U);
  EXPECT_TRUE(runs.contains("batch=32_loss=hinge-s2"));
  EXPECT_TRUE(fs::exists(at("swept/report.html")));
  EXPECT_TRUE(holds(read("swept/report.html"), "train.batch"));

  const auto trained = fs::last_write_time(at("swept/runs/batch=32_loss=hinge-s2/events.jsonl"));
  const Result again = run(sweep());
  EXPECT_EQ(again.json(), results) << "nothing is measured anew";
  EXPECT_EQ(fs::last_write_time(at("swept/runs/batch=32_loss=hinge-s2/events.jsonl")), trained);
  EXPECT_EQ(run({"report", "swept"}).code, 0);
}

TEST_F(Sweeps, GoInPartsToo) {
  for (const std::string part : {"1/2", "2/2"}) ASSERT_EQ(run(sweep({"--part", part})).code, 0);
  EXPECT_FALSE(fs::exists(at("swept/results.json"))) << "whoever has a part does not measure";
  const Result all = run(sweep());
  ASSERT_EQ(all.code, 0) << all.err;
  EXPECT_EQ(all.json().at("settings").size(), 4U);
}

TEST_F(Sweeps, RefuseWhatIsNoSweep) {
  const auto refused = [&](const std::vector<std::string>& more, const std::string& words) {
    std::vector<std::string> arguments{"sweep", "ring", "-o", "swept", "--epochs", "1"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Result result = run(arguments);
    EXPECT_EQ(result.code, 2) << words;
    EXPECT_TRUE(holds(result.err, words));
    EXPECT_FALSE(fs::exists(at("swept")));
  };
  refused({"--over", "train.batch"}, "KEY=VALUE");
  refused({"--over", "train.bacth=1,2"}, "train.batch");
  refused({"--over", "train.batch=64,0"}, "train.batch");
  refused({"--over", "train.batch=64,64"}, "64 is there twice");
  refused({"--over", "train.batch=64", "--over", "train.batch=32"}, "the key is there twice");
  refused({"--over", "train.seed=1,2"}, "--seeds N");
  refused({"--over", "train.batch=64", "--measure", "frechte"}, "frechet");
}

}  // namespace
}  // namespace ganymede::cli
