#include "cli/program.hpp"
#include "picture/png.hpp"

namespace ganymede::cli {
namespace {

/// A tiny model of symbols of one's own, found by their name.
struct Write : Cli {
  void SetUp() override {
    std::string symbols;
    for (int i = 0; i < 6; ++i) {
      const std::string x = std::to_string(i);
      symbols += R"({"label": "I", "strokes": [{"x": [)" + x + R"(, 10], "y": [20, 70]}]},)";
      symbols += R"({"label": "L", "strokes": [{"x": [0, )" + x + R"(, 30], "y": [20, 70, 70]}]},)";
      symbols +=
          R"({"label": "heart", "strokes": [{"x": [20, 10, 20, 30, 20], "y": [45, 35, 70, )" + x + R"(, 45]}]},)";
    }
    symbols.pop_back();
    fs::create_directories(at("data/mine"));
    write("data/mine/ink.json", R"({"schema": "ganymede.ink/1", "lines": {"top": 20, "baseline": 70},
"classes": ["I", "L", "heart"], "symbols": [)" +
                                    symbols + "]}");
    std::vector<std::string> words = {"train",     "ink-quick", "--source", "mine",     "--run", "hand",
                                      "--threads", "1",         "--quiet",  "--epochs", "20"};
    // Small, and so fast that its pen touches the paper.
    for (const char* set :
         {"train.batch=9", "generator.width=4", "generator.cells=2", "discriminator.width=8", "latent.dim=6",
          "train.sample_grid=4", "game.ema_decay=0", "generator.optimizer.learning_rate=0.01"}) {
      words.insert(words.end(), {"--set", set});
    }
    const Result trained = run(words);
    ASSERT_EQ(trained.code, 0) << trained.err;
  }
};

TEST_F(Write, SetsLettersOnLinesTheSameForTheSameSeed) {
  const Result first = run({"write", "hand", "LI LI\nI{heart}", "-o", "a.svg", "--seed", "3", "--json"});
  ASSERT_EQ(first.code, 0) << first.err;
  const nlohmann::json told = first.json();
  EXPECT_EQ(told.at("schema"), "ganymede.write/1");
  EXPECT_EQ(told.at("sizes"), "mine");
  EXPECT_EQ(told.at("baselines").size(), 2u);
  ASSERT_EQ(told.at("letters").size(), 6u);
  EXPECT_EQ(told.at("letters")[0].at("seed"), 4);
  EXPECT_EQ(told.at("letters")[5].at("seed"), 9);
  EXPECT_EQ(told.at("letters")[5].at("class"), "heart");
  EXPECT_EQ(told.at("letters")[5].at("letter"), "{heart}");
  EXPECT_EQ(told.at("letters")[5].at("line"), 1);
  EXPECT_TRUE(holds(read("a.svg"), "<svg"));
  EXPECT_TRUE(holds(read("a.svg"), "<polyline"));
  ASSERT_EQ(run({"write", "hand", "LI LI\nI{heart}", "-o", "b.svg", "--seed", "3", "--threads", "2"}).code, 0);
  EXPECT_EQ(read("b.svg"), read("a.svg"));
  ASSERT_EQ(run({"write", "hand", "LI LI\nI{heart}", "-o", "c.svg", "--seed", "4"}).code, 0);
  EXPECT_NE(read("c.svg"), read("a.svg"));
  const Result png = run({"write", "hand", "LI LI\nI{heart}", "-o", "a.png", "--seed", "3"});
  ASSERT_EQ(png.code, 0) << png.err;
  EXPECT_TRUE(holds(png.out, "6 letters on 2 lines, seed 3"));
  const picture::Image image = picture::read_png(at("a.png")).image;
  EXPECT_EQ(image.width(), told.at("width"));
  EXPECT_EQ(image.height(), told.at("height"));
}

TEST_F(Write, SaysOfAnEmptyTextAndAMissingFolderWhatTheyAre) {
  const Result empty = run({"write", "hand", "", "-o", "a.svg"});
  EXPECT_EQ(empty.code, 2);
  EXPECT_TRUE(holds(empty.err, "the text is empty")) << empty.err;
  const Result nowhere = run({"write", "hand", "LI", "-o", "out/nodir/a.svg"});
  EXPECT_EQ(nowhere.code, 2);
  EXPECT_TRUE(holds(nowhere.err, "there is no folder out/nodir: make it")) << nowhere.err;
}

TEST_F(Write, NamesWhatTheHandDoesNotKnow) {
  const Result unknown = run({"write", "hand", "LIE!", "-o", "a.svg"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_TRUE(holds(unknown.err, "knows no E !; it knows I L {heart}; --skip-unknown"));
  EXPECT_FALSE(fs::exists(at("a.svg")));
  const Result small = run({"write", "hand", "li", "-o", "a.svg"});
  EXPECT_EQ(small.code, 2);
  EXPECT_TRUE(holds(small.err, "--case either"));
  EXPECT_EQ(run({"write", "hand", "li", "--case", "upper", "-o", "a.svg"}).code, 0);
  const Result skipped = run({"write", "hand", "LIE!", "--skip-unknown", "-o", "a.svg", "--json"});
  ASSERT_EQ(skipped.code, 0) << skipped.err;
  EXPECT_EQ(skipped.json().at("skipped"), nlohmann::json({"E", "!"}));
  EXPECT_EQ(skipped.json().at("letters").size(), 2u);
}

TEST_F(Write, BreaksLinesAtTheWidth) {
  const Result wide = run({"write", "hand", "LL LL LL LL", "-o", "a.svg", "--json"});
  EXPECT_EQ(wide.json().at("baselines").size(), 1u);
  const Result narrow = run({"write", "hand", "LL LL LL LL", "-o", "a.svg", "--width", "240", "--json"});
  EXPECT_EQ(narrow.json().at("width"), 240);
  EXPECT_GT(narrow.json().at("baselines").size(), 1u);
}

TEST_F(Write, MistakesAreSaidInOneLine) {
  const auto expect_fault = [&](const std::vector<std::string>& arguments, const std::string& part) {
    const Result result = run(arguments);
    EXPECT_EQ(result.code, 2) << result.err;
    EXPECT_TRUE(holds(result.err, part));
  };
  expect_fault({"write", "hand", "L", "-o", "a.gif"}, "ends in .svg or .png");
  expect_fault({"write", "hand", " ", "-o", "a.svg"}, "no letter");
  expect_fault({"write", "hand", "", "-o", "a.svg"}, "the text is empty");
  expect_fault({"write", "hand", "L\xff", "-o", "a.svg"}, "UTF-8");
  expect_fault({"write", "nobody", "L", "-o", "a.svg"}, "nobody");
  expect_fault({"write", "hand", "L", "-o", "no/such/a.svg"}, "no/such");
  expect_fault({"write", "hand", std::string(2000, 'L'), "--size", "1000", "-o", "a.png"}, "--width");
  ASSERT_EQ(run(train("digits", {"--epochs", "1"})).code, 0);
  expect_fault({"write", "digits", "1", "-o", "a.svg"}, "wanted a run on ink");
  EXPECT_FALSE(fs::exists(at("a.svg")));
}

TEST_F(Write, TheSetIsListedAndShownByItsName) {
  const Result list = run({"data", "list"});
  EXPECT_TRUE(holds(list.out, "mine"));
  EXPECT_TRUE(holds(list.out, "18 symbols, 3 classes"));
  const Result show = run({"data", "show", "mine", "--json"});
  ASSERT_EQ(show.code, 0) << show.err;
  EXPECT_EQ(show.json().at("count"), 18);
  EXPECT_EQ(run({"data", "show", "mien"}).code, 2);
}

}  // namespace
}  // namespace ganymede::cli
