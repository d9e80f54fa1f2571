#include "base/text.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>

namespace ganymede {
namespace {

TEST(EditDistance, CountsEditsAndSwaps) {
  EXPECT_EQ(edit_distance("", ""), 0);
  EXPECT_EQ(edit_distance("", "abc"), 3);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3);
  EXPECT_EQ(edit_distance("seed", "sede"), 1);
  EXPECT_EQ(edit_distance("abcd", "badc"), 2);
  EXPECT_EQ(edit_distance("ca", "abc"), 3);  // by optimal string alignment; 2 without its restriction
}

TEST(EditDistance, IsSymmetric) {
  const std::string words[] = {"", "a", "latent", "talent", "patient", "generator", "tanh"};
  for (const auto& a : words) {
    for (const auto& b : words) EXPECT_EQ(edit_distance(a, b), edit_distance(b, a));
  }
}

TEST(NearestName, FindsTypingErrors) {
  const std::vector<std::string> keys = {"train.epochs", "train.batch_size", "game.loss", "data.source"};
  EXPECT_EQ(nearest_name("train.epoch", keys), "train.epochs");
  EXPECT_EQ(nearest_name("train.bacth_size", keys), "train.batch_size");
  EXPECT_EQ(nearest_name("Train.Epochs", keys), "train.epochs");
  EXPECT_EQ(nearest_name("epochs", keys), "train.epochs");
  EXPECT_EQ(nearest_name("lost", keys), "game.loss");
}

TEST(NearestName, DoesNotGuessWildly) {
  const std::vector<std::string> keys = {"train.epochs", "game.loss"};
  EXPECT_EQ(nearest_name("colour", keys), std::nullopt);
  EXPECT_EQ(nearest_name("xy", keys), std::nullopt);
  EXPECT_EQ(nearest_name("", keys), std::nullopt);
  EXPECT_EQ(nearest_name("anything", {}), std::nullopt);
}

TEST(NearestName, TakesTheFirstOfEquals) {
  const std::vector<std::string> names = {"bat", "cat", "hat"};
  EXPECT_EQ(nearest_name("rat", names), "bat");
}

TEST(DidYouMean, CompletesASentenceOrIsEmpty) {
  const std::vector<std::string> names = {"train", "sample"};
  EXPECT_EQ("unknown command \"trian\"" + did_you_mean("trian", names),
            "unknown command \"trian\", did you mean \"train\"?");
  EXPECT_EQ(did_you_mean("fly", names), "");
}

TEST(HumanBytes, HasThreeDigits) {
  EXPECT_EQ(human_bytes(0), "0 B");
  EXPECT_EQ(human_bytes(999), "999 B");
  EXPECT_EQ(human_bytes(1000), "1.00 kB");
  EXPECT_EQ(human_bytes(9994), "9.99 kB");
  EXPECT_EQ(human_bytes(9996), "10.0 kB");
  EXPECT_EQ(human_bytes(99960), "100 kB");
  EXPECT_EQ(human_bytes(999600), "1.00 MB");
  EXPECT_EQ(human_bytes(1.2e9), "1.20 GB");
  EXPECT_EQ(human_bytes(static_cast<double>(std::numeric_limits<std::uint64_t>::max())), "18.4 EB");
}

TEST(HumanDuration, HasTwoUnits) {
  EXPECT_EQ(human_duration(0), "0.00 s");
  EXPECT_EQ(human_duration(0.25), "0.25 s");
  EXPECT_EQ(human_duration(0.996), "1.0 s");
  EXPECT_EQ(human_duration(9.5), "9.5 s");
  EXPECT_EQ(human_duration(9.96), "10 s");
  EXPECT_EQ(human_duration(59.4), "59 s");
  EXPECT_EQ(human_duration(59.6), "1 min");
  EXPECT_EQ(human_duration(200), "3 min 20 s");
  EXPECT_EQ(human_duration(3600), "1 h");
  EXPECT_EQ(human_duration(3900), "1 h 5 min");
  EXPECT_EQ(human_duration(86400 * 2 + 3 * 3600), "2 d 3 h");
  EXPECT_EQ(human_duration(std::numeric_limits<double>::quiet_NaN()), "unknown time");
  EXPECT_EQ(human_duration(std::numeric_limits<double>::infinity()), "unknown time");
}

TEST(ClockDuration, LooksLikeAClock) {
  EXPECT_EQ(clock_duration(0), "0:00");
  EXPECT_EQ(clock_duration(80), "1:20");
  EXPECT_EQ(clock_duration(59.9), "1:00");
  EXPECT_EQ(clock_duration(3599.7), "1:00:00");
  EXPECT_EQ(clock_duration(7384), "2:03:04");
  EXPECT_EQ(clock_duration(-1), "-:--");
  EXPECT_EQ(clock_duration(std::numeric_limits<double>::quiet_NaN()), "-:--");
}

TEST(WithThousands, GroupsFromTheRight) {
  EXPECT_EQ(with_thousands(0), "0");
  EXPECT_EQ(with_thousands(999), "999");
  EXPECT_EQ(with_thousands(1000), "1,000");
  EXPECT_EQ(with_thousands(2330944), "2,330,944");
  EXPECT_EQ(with_thousands(-123), "-123");
  EXPECT_EQ(with_thousands(-1234), "-1,234");
  EXPECT_EQ(with_thousands(std::numeric_limits<std::int64_t>::min()), "-9,223,372,036,854,775,808");
}

TEST(DisplayWidth, CountsCharactersNotBytes) {
  EXPECT_EQ(display_width(""), 0);
  EXPECT_EQ(display_width("28×28"), 5);
  EXPECT_EQ(clip_width("28×28", 3), "28×");
  EXPECT_EQ(clip_width("28×28", 99), "28×28");
  EXPECT_EQ(clip_width("28×28", 0), "");
  EXPECT_EQ(clip_width("28×28", -1), "");
}

TEST(TextTable, AlignsItsColumns) {
  TextTable table("lr");
  table.add({"layer", "parameters"});
  table.add_rule();
  table.add({"conv 5×5", "1,600"});
  table.add({"flatten"});
  EXPECT_EQ(table.str(),
            "layer     parameters\n"
            "--------------------\n"
            "conv 5×5       1,600\n"
            "flatten\n");
  EXPECT_THROW(table.add({"a", "b", "c"}), std::logic_error);
  EXPECT_EQ(TextTable("").str(), "");
}

TEST(Printable, ReplacesWhatATerminalWouldObey) {
  EXPECT_EQ(printable("two\nlines\tand \x1b[31mred\x7f\r"), "two\nlines\tand ?[31mred??");
  EXPECT_EQ(printable("Č \xff\xC3"), "Č ??");
}

TEST(Printable, CutsWhatIsEndless) {
  const std::string text = printable(std::string(100'000, 'a'));
  EXPECT_LT(text.size(), 4100U);
  EXPECT_TRUE(text.ends_with("a ... (100000 bytes in all)"));
  EXPECT_EQ(printable(std::string(4000, 'a')), std::string(4000, 'a'));
}

TEST(Utf8, IsWhatRfc3629Says) {
  for (const char* good : {"", "a", "Č", "\xE2\x82\xAC", "\xED\x9F\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"})
    EXPECT_TRUE(is_utf8(good)) << good;
  // A lone continuation, a cut character, two overlong ones, a surrogate, beyond U+10FFFF, bytes that never occur.
  for (const char* bad : {"\x80", "a\xE2\x82", "\xC0\x80", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                          "\xF5\x80\x80\x80", "\xff"})
    EXPECT_FALSE(is_utf8(bad)) << bad;
}

}  // namespace
}  // namespace ganymede
