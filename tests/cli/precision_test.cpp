#include "cli/program.hpp"

namespace ganymede::cli {
namespace {

class Precision : public Cli {
 protected:
  // Trains at a level that has no unit for bf16.
  Result train_without_unit(const std::string& name, const std::string& precision) const {
    return run(train(name, {"--epochs", "1", "--set", "train.precision=" + precision}),
               [] { setenv("GANYMEDE_CPU", "scalar", 1); });
  }
  std::string plan(const std::string& name) const {
    return nlohmann::json::parse(read("runs/" + name + "/run.json")).at("plan");
  }
};

TEST_F(Precision, AutoIsRecordedAsWhatItBecame) {
  ASSERT_EQ(train_without_unit("a", "auto").code, 0);
  EXPECT_TRUE(plan("a").starts_with("f32 scalar"));
  EXPECT_TRUE(holds(read("runs/a/recipe.toml"), "precision = \"f32\""));
  ASSERT_EQ(run(train("b", {"--epochs", "1", "--set", "train.precision=auto"})).code, 0);
  const std::string word = plan("b").substr(0, plan("b").find(' '));
  EXPECT_TRUE(holds(read("runs/b/recipe.toml"), "precision = \"" + word + "\""));
}

TEST_F(Precision, MixedSaysSoWhereItRunsAsF32) {
  const Result mixed = train_without_unit("a", "mixed");
  ASSERT_EQ(mixed.code, 0) << mixed.err;
  EXPECT_TRUE(holds(mixed.err, "mixed was asked for, which no unit of this CPU makes faster"));
  ASSERT_EQ(train_without_unit("b", "f32").code, 0);
  EXPECT_EQ(results("a").at("checkpoint"), results("b").at("checkpoint"));
}

TEST_F(Precision, ResumingUnderAnotherArithmeticIsAnnounced) {
  ASSERT_EQ(train_without_unit("a", "f32").code, 0);
  const Result more = run({"resume", "a", "--epochs", "2", "--threads", "1"});
  ASSERT_EQ(more.code, 0) << more.err;
  EXPECT_EQ(more.err.find("arithmetic plan: \"f32 scalar") != std::string::npos, plan("a") != "f32 scalar direct/1")
      << more.err;
}

TEST_F(Precision, AnUnknownUnitIsAnErrorThatNamesWhatThereIs) {
  const Result result = run(train("a"), [] { setenv("GANYMEDE_CPU", "mmx", 1); });
  EXPECT_EQ(result.code, 2);
  EXPECT_TRUE(holds(result.err, "scalar"));
  EXPECT_FALSE(fs::exists(run_path("a")));
}

}  // namespace
}  // namespace ganymede::cli
