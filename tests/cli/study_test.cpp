#include "cli/program.hpp"

namespace ganymede::cli {
namespace {

struct Study : Cli {};

// The whole of the ink study on made-up symbols, as short as can be: its numbers mean nothing, its page and its
// resuming do.
TEST_F(Study, InkTrainsMeasuresReportsAndGoesOnSlow) {
  const std::vector<std::string> command = {"study", "ink", "--quick", "--seeds", "2", "--steps", "40", "--json"};
  const Result first = run(command);
  ASSERT_EQ(first.code, 0) << first.err;
  const nlohmann::json results = first.json();
  EXPECT_EQ(results.at("schema"), "ganymede.study/1");
  for (const std::string sampler : {"gaussian", "centroid", "rejection", "partition", "own-partition"})
    EXPECT_EQ(results.at("samplers").at(sampler).size(), 2U);
  EXPECT_EQ(results.at("shared_partition").at(0).at("cells"), 1.0);
  EXPECT_LT(results.at("own_partitions").at(0).at("cells"), 0.2);
  const std::string page = read("studies/ink-builtin-quick/report.html");
  for (const std::string part : {"Table 2", "0.016761", "Stability", "Class by class", "<svg"})
    EXPECT_TRUE(page.find(part) != std::string::npos) << part;
  EXPECT_EQ(page.find("http://www.example"), std::string::npos);

  // Called again, it trains nothing and says the same.
  const Result again = run(command);
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_FALSE(holds(again.err, "run 1 of"));
  EXPECT_EQ(again.json().at("findings"), results.at("findings"));
}

TEST_F(Study, DryRunSaysHowLongItTakes) {
  const Result result = run({"study", "ink", "--dry-run"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_TRUE(holds(result.out, "15 runs of 30,000 steps"));
  EXPECT_FALSE(fs::exists(at("studies")));
  EXPECT_EQ(run({"study", "ink", "--data", "mnist"}).code, 2);
  EXPECT_EQ(run({"study"}).code, 2);
}

TEST_F(Study, OfImagesSaysWhatItTrainsAndMeasures) {
  const Result result =
      run({"study", "dims", "--quick", "--data", "builtin-digits", "--epochs", "2", "--seeds", "2", "--dry-run"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_TRUE(holds(result.out, "8 runs of 2 epochs")) << result.out;
  EXPECT_TRUE(holds(result.out, "16 points to be measured")) << result.out;
  EXPECT_FALSE(fs::exists(at("studies")));
  EXPECT_EQ(run({"study", "dims", "--judge", "harsh"}).code, 2);
  EXPECT_EQ(run({"study", "dims", "--own-epochs", "--epochs", "3"}).code, 2);
  EXPECT_EQ(run({"study", "activations", "--own-epochs"}).code, 2);
}

// The whole of an image study on built-in digits, one epoch: its numbers mean nothing, its page and its resuming do.
TEST_F(Study, ActivationsTrainMeasureReportAndGoOnSlow) {
  const std::vector<std::string> command = {"study",    "activations", "--quick", "--data", "builtin-digits",
                                            "--epochs", "1",           "--seeds", "2",      "--json"};
  const Result first = run(command);
  ASSERT_EQ(first.code, 0) << first.err;
  const nlohmann::json results = first.json();
  EXPECT_EQ(results.at("schema"), "ganymede.study/1");
  for (const std::string name : {"relu", "leaky_relu", "prelu", "elu"}) {
    const nlohmann::json& runs = results.at("models").at(name).at("runs");
    ASSERT_EQ(runs.size(), 2U);
    EXPECT_GT(runs.at(0).at("near_zero").at("act0"), 0);
    EXPECT_GT(runs.at(0).at("memory_bytes"), 1'000'000);
  }
  const std::string page = read("studies/activations-quick/report.html");
  for (const std::string part : {"0.1561", "Inside the generators", "Ablation", "LeakyReLU", "<svg"})
    EXPECT_TRUE(page.find(part) != std::string::npos) << part;
  const Result again = run(command);
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_FALSE(holds(again.err, "run 1 of"));
  EXPECT_EQ(again.json().at("findings"), results.at("findings"));
}

}  // namespace
}  // namespace ganymede::cli
