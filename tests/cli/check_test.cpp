#include "cli/program.hpp"

namespace ganymede::cli {
namespace {

class Check : public Cli {
 protected:
  // A run of two steps of a shipped recipe, as small as it may be.
  void train_few(const std::string& name, const std::string& recipe, const std::vector<std::string>& sets) const {
    std::vector<std::string> arguments{"train", recipe, "--run", name, "--threads", "1", "--steps", "2"};
    for (const std::string& set : sets) arguments.insert(arguments.end(), {"--set", set});
    const Result trained = run(arguments);
    ASSERT_EQ(trained.code, 0) << trained.err;
  }
  nlohmann::json checked(const std::string& name, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"check", name, "--threads", "1", "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Result result = run(arguments);
    EXPECT_EQ(result.code, 0) << result.err << result.out;
    return result.json();
  }
};

const std::vector<std::string> kSmall{"data.builtin_count=48", "generator.width=2", "discriminator.width=2",
                                      "train.batch=16", "train.sample_grid=4"};

TEST_F(Check, DigitsComputeWhatTheReferenceSays) {
  ASSERT_NO_FATAL_FAILURE(train_few("a", "quick", kSmall));
  const auto before = results("a");
  const nlohmann::json check = checked("a");
  EXPECT_EQ(check.at("schema"), "ganymede.check/1");
  EXPECT_EQ(check.at("updates").size(), 3U);
  EXPECT_EQ(check.at("updates").at(0).at("tick"), 2) << "the step after the checkpoint's";
  EXPECT_EQ(check.at("batch"), 16);
  EXPECT_LT(check.at("largest"), check.at("tolerance"));
  EXPECT_GT(check.at("largest"), 0) << "float and double are never the same";
  EXPECT_TRUE(check.at("updates").at(0).at("gradients").contains("generator.conv1.weight"));
  EXPECT_TRUE(check.at("updates").at(0).at("parameters").contains("discriminator.conv1.weight"));
  EXPECT_EQ(results("a"), before) << "nothing is written";
}

TEST_F(Check, ConditionalDigitsInTurnComputeWhatTheReferenceSays) {
  auto sets = kSmall;
  sets.insert(sets.end(), {"data.source=builtin-digits", "game.update=alternating", "game.d_steps=2"});
  ASSERT_NO_FATAL_FAILURE(train_few("a", "digits-cgan-3d", sets));
  const nlohmann::json check = checked("a", {"--steps", "2", "--batch", "5"});
  EXPECT_EQ(check.at("updates").size(), 6U) << "D, D, G, twice";
  EXPECT_EQ(check.at("updates").at(2).at("phase"), "generator");
  EXPECT_EQ(check.at("batch"), 5);
}

TEST_F(Check, InkComputesWhatTheReferenceSays) {
  ASSERT_NO_FATAL_FAILURE(train_few(
      "a", "ink-quick",
      {"data.builtin_count=48", "generator.width=8", "discriminator.width=8", "train.batch=8", "train.sample_grid=4"}));
  EXPECT_EQ(checked("a", {"--steps", "1"}).at("updates").size(), 1U);
}

TEST_F(Check, SaysInWordsWhatItFound) {
  ASSERT_NO_FATAL_FAILURE(train_few("a", "quick", kSmall));
  const Result result = run({"check", "a", "--steps", "1", "--batch", "4", "--threads", "1"});
  EXPECT_EQ(result.code, 0) << result.err;
  for (const char* part : {"1 step after step 2", "batches of 4", "plain interpreter f64", "1 (both)",
                           "loss of generator", "gradients", "largest difference", "within"})
    EXPECT_TRUE(holds(result.out, part)) << part << "\n" << result.out;
}

TEST_F(Check, RefusesWhatWouldTakeTooLong) {
  ASSERT_NO_FATAL_FAILURE(train_few("a", "quick", kSmall));
  const Result result = run({"check", "a", "--steps", "1000", "--minutes", "0.0001", "--threads", "1"});
  EXPECT_EQ(result.code, 2);
  EXPECT_TRUE(holds(result.err, "would take about")) << result.err;
  EXPECT_TRUE(holds(result.err, "--batch")) << result.err;
}

TEST_F(Check, WantsACheckpoint) {
  EXPECT_EQ(run({"check", "nothing"}).code, 2);
}

}  // namespace
}  // namespace ganymede::cli
