#include "data/ink/ink_json.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/mutate.hpp"
#include "data/helpers.hpp"

namespace ganymede::data {
namespace {

const char* const kText = R"({"schema": "ganymede.ink/1", "classes": ["A", "Ž"],
"symbols": [
{"label": "Ž", "writer": "ann", "strokes": [{"x": [0, 1.5], "y": [0, 1], "t": [0, 0.1]}]},
{"label": "A", "strokes": [{"x": [1], "y": [2]}, {"x": [0, 0.1], "y": [3, -4e-3]}]}]})";

std::string refusal(const std::string& text) {
  return message_of<DataError>([&] { parse_ink_json(text, "my.json"); });
}

std::string with_symbol(const std::string& symbol) {
  return R"({"schema": "ganymede.ink/1", "symbols": [)" + symbol + "]}";
}

TEST(InkJson, ReadsLabelsWritersStrokesAndTimes) {
  const InkSet set = parse_ink_json(kText, "my.json");
  ASSERT_EQ(set.symbols.size(), 2u);
  EXPECT_EQ(set.class_names, (std::vector<std::string>{"A", "Ž"}));
  EXPECT_EQ(set.symbols[0].label, 1);
  EXPECT_EQ(set.symbols[0].times, (std::vector<std::vector<double>>{{0, 0.1}}));
  EXPECT_EQ(set.symbols[1].ink, (ink::Ink{{{1, 2}}, {{0, 3}, {0.1, -4e-3}}}));
  EXPECT_EQ(set.writers, (std::vector<std::string>{"ann", ""}));
}

TEST(InkJson, GivesBackWhatItWrote) {
  const InkSet set = parse_ink_json(kText, "my.json");
  const InkSet again = parse_ink_json(to_ink_json(set), "again");
  ASSERT_EQ(again.symbols.size(), set.symbols.size());
  for (std::size_t i = 0; i < set.symbols.size(); ++i) {
    EXPECT_EQ(again.symbols[i].ink, set.symbols[i].ink);
    EXPECT_EQ(again.symbols[i].times, set.symbols[i].times);
    EXPECT_EQ(again.symbols[i].label, set.symbols[i].label);
    EXPECT_EQ(again.symbols[i].writer, set.symbols[i].writer);
  }
  EXPECT_EQ(to_ink_json(again), to_ink_json(set));
}

TEST(InkJson, KeepsTheLinesThatSymbolsWereDrawnBetween) {
  InkSet set = parse_ink_json(kText, "my.json");
  EXPECT_FALSE(set.lines.has_value());
  set.lines = InkLines{.top = 20.5, .baseline = 70};
  EXPECT_EQ(parse_ink_json(to_ink_json(set), "again").lines, set.lines);
  const auto lines = [](const char* text) {
    return refusal(R"({"schema": "ganymede.ink/1", "symbols": [], "lines": )" + std::string(text) + "}");
  };
  EXPECT_TRUE(says(lines(R"({"top": 70, "baseline": 20})"), "my.json.lines", "above", "70 and 20"));
  EXPECT_TRUE(says(lines(R"({"top": 1, "baseline": 1})"), "above"));
  EXPECT_TRUE(says(lines(R"({"top": 1})"), "\"baseline\" is missing"));
  EXPECT_TRUE(says(lines(R"({"top": "1", "baseline": 2})"), "lines.top: wanted a number, found string"));
  EXPECT_TRUE(says(lines("[1, 2]"), "wanted an object"));
}

TEST(InkJson, OrdersClassesAsTheStudyWhereItCan) {
  const std::string stroke = R"("strokes": [{"x": [0], "y": [0]}]})";
  const auto names = [&](const char* a, const char* b) {
    return parse_ink_json(
               with_symbol(R"({"label": ")" + std::string(a) + "\"," + stroke + R"(,{"label": ")" + b + "\"," + stroke),
               "x")
        .class_names;
  };
  EXPECT_EQ(names("0", "B"), (std::vector<std::string>{"B", "0"}));
  EXPECT_EQ(names("heart", "B"), (std::vector<std::string>{"B", "heart"}));
}

TEST(InkJson, SaysWhereAndWhatIsWrong) {
  EXPECT_TRUE(says(refusal("{\n \"schema\" 1}"), "my.json:2:11:", "no JSON"));
  EXPECT_TRUE(says(refusal(R"({"schema": "other/1", "symbols": []})"), "ganymede.ink/1", "other/1"));
  EXPECT_TRUE(says(refusal("[]"), "my.json", "wanted an object"));
  EXPECT_TRUE(says(refusal(with_symbol(R"({"label": "A"})")), "my.json.symbols[0]", "\"strokes\" is missing"));
  EXPECT_TRUE(says(refusal(with_symbol(R"({"label": "A", "strokes": []})")), "at least one stroke"));
  EXPECT_TRUE(
      says(refusal(with_symbol(R"({"label": "A", "strokes": [{"x": [1], "y": []}]})")), "strokes[0]", "1 and 0"));
  EXPECT_TRUE(
      says(refusal(with_symbol(R"({"label": "A", "strokes": [{"x": ["1"], "y": [0]}]})")), "strokes[0].x", "string"));
  EXPECT_TRUE(says(refusal(with_symbol(R"({"label": "A", "strokes": [{"x": [1], "y": [0], "t": []}]})")), "as many t"));
  EXPECT_TRUE(says(refusal(with_symbol(R"({"label": "A", "color": 1, "strokes": []})")), "unknown key \"color\""));
  EXPECT_TRUE(says(refusal(R"({"schema": "ganymede.ink/1", "classes": ["B"],
                                "symbols": [{"label": "A", "strokes": [{"x": [1], "y": [0]}]}]})"),
                   "not among"));
  EXPECT_TRUE(says(refusal(with_symbol(R"({"label": "A", "strokes": [{"x": [1e400], "y": [0]}]})")), "my.json"));
}

TEST(InkJson, NamesOfClassesAndWritersAreText) {
  const std::string stroke = R"("strokes": [{"x": [1], "y": [0]}])";
  for (const char* name : {"", "a\\u001b[2J", "{x}", " a", "a "}) {
    const std::string label = fmt::format(R"("label": "{}")", name);
    EXPECT_TRUE(says(refusal(with_symbol("{" + label + ", " + stroke + "}")), "symbols[0].label", "a class's name"));
    EXPECT_TRUE(says(refusal(fmt::format(R"({{"schema": "ganymede.ink/1", "classes": ["{}"], "symbols": []}})", name)),
                     "classes[0]: a class's name"));
  }
  EXPECT_TRUE(says(refusal(with_symbol(R"({"label": "A", "writer": "a\u0007", )" + stroke + "}")), "symbols[0].writer",
                   "control characters"));
  EXPECT_NO_THROW(parse_ink_json(
      with_symbol(R"({"label": "more than thirty-two bytes of a name", "writer": "Ž", )" + stroke + "}"), "f"));
}

TEST(InkJson, CountsSymbolsFromTheNumberThatItIsTold) {
  const std::string text = with_symbol(R"({"label": "A"})");
  EXPECT_TRUE(says(message_of<DataError>([&] { parse_ink_json(text, "f", 700); }), "f.symbols[700]"));
}

TEST(InkJson, SaysOfAnotherFileWhatItIs) {
  EXPECT_TRUE(
      says(message_of<DataError>([] { parse_ink_json("version https://git-lfs.github.com/spec/v1\n", "f.json"); }),
           "f.json: wanted JSON, found a Git LFS pointer"));
  EXPECT_TRUE(says(message_of<DataError>([] { parse_ink_json("", "f.json"); }), "found nothing"));
}

TEST(InkJson, ReadsTheExampleOfTheDocumentation) {
  const std::string page = read_file(std::filesystem::path(GANYMEDE_SOURCE_DIR) / "docs/ink.md");
  const std::size_t from = page.find("```json\n") + 8;
  const InkSet set = parse_ink_json(page.substr(from, page.find("```", from) - from), "docs/ink.md");
  ASSERT_EQ(set.symbols.size(), 1u);
  EXPECT_EQ(set.symbols[0].ink.size(), 2u);
  EXPECT_EQ(set.class_names[0], "heart");
}

TEST(InkJson, SurvivesMutatedText) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(1500);
  int read = 0, refused = 0;
  for (std::uint32_t i = 0; i < 20000 && std::chrono::steady_clock::now() < end; ++i) {
    RandomSequence random(Random(7, "test.mutate"), i);
    try {
      const InkSet set = parse_ink_json(ganymede::testing::mutate(kText, random), "f");
      for (const Symbol& s : set.symbols) {
        ASSERT_LT(static_cast<std::size_t>(s.label), set.class_names.size());
        ASSERT_LT(static_cast<std::size_t>(s.writer), set.writers.size());
        ASSERT_FALSE(s.ink.empty());
      }
      ++read;
    } catch (const DataError&) {
      ++refused;
    }
  }
  EXPECT_GT(read, 0);
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace ganymede::data
