#include "cli/program.hpp"

namespace ganymede::cli {
namespace {

class Bench : public Cli {
 protected:
  Result bench(std::vector<std::string> more) const {
    std::vector<std::string> arguments{"bench", "--recipe", "tiny.toml", "--threads", "1", "--seconds", "0.01"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
};

TEST_F(Bench, PutsNumbersWhereScriptsLookForThem) {
  const Result result = bench({"--json"});
  ASSERT_EQ(result.code, 0) << result.err;
  const auto json = result.json();
  EXPECT_EQ(json.at("schema"), "ganymede.bench/1");
  EXPECT_EQ(json.at("recipe"), "tiny");
  EXPECT_EQ(json.at("batch"), 32);
  EXPECT_EQ(json.at("threads"), 1);
  EXPECT_FALSE(json.at("cpu").get<std::string>().empty());
  EXPECT_GT(json.at("start_ms"), 0);
  EXPECT_GT(json.at("peak").at("f32_gflops"), 0);
  EXPECT_GT(json.at("infer").at("one_image_ms"), 0);
  EXPECT_GT(json.at("infer").at("ten_thousand_s"), 0);
  EXPECT_GT(json.at("infer").at("f32").at("ten_thousand_s"), 0);
  const auto& train = json.at("train").at("f32");
  EXPECT_GT(train.at("images_per_second"), 0);
  EXPECT_LE(train.at("images_per_second_spread").at("least"), train.at("images_per_second"));
  EXPECT_GE(train.at("images_per_second_spread").at("most"), train.at("images_per_second"));
  EXPECT_TRUE(train.at("plan").get<std::string>().starts_with("f32 "));
  EXPECT_GT(train.at("peak_memory_bytes"), 0);
  EXPECT_NEAR(
      train.at("percent_of_limit").get<double>(),
      100 * train.at("images_per_second").get<double>() / train.at("direct_limit_images_per_second").get<double>(),
      1e-6);
  double shares = 0;
  for (const auto& pass : train.at("passes")) shares += pass.at("share").get<double>();
  EXPECT_GT(shares, 0);
  EXPECT_LE(shares, 1 + 1e-9);
  const auto& mixed = json.at("train").at("mixed");
  EXPECT_TRUE(mixed.contains("images_per_second") || mixed.contains("not_available"));
}

TEST_F(Bench, ShowsTablesAndOnRequestEveryPass) {
  const Result brief = bench({"--precision", "f32"});
  ASSERT_EQ(brief.code, 0) << brief.err;
  for (const char* part : {"images/s", "direct limit", "10,000, s", "start of the program", "other passes"}) {
    EXPECT_TRUE(holds(brief.out, part));
  }
  const Result all = bench({"--precision", "f32", "--passes"});
  EXPECT_TRUE(holds(all.out, "outside the passes"));
  EXPECT_GT(all.out.size(), brief.out.size());
}

TEST_F(Bench, TakesTheBatchFromTheCommandLine) {
  EXPECT_EQ(bench({"--json", "--precision", "f32", "--batch", "8"}).json().at("batch"), 8);
}

TEST_F(Bench, LeavesNothingBehind) {
  EXPECT_EQ(bench({"--precision", "f32"}).code, 0);
  EXPECT_FALSE(fs::exists(at("runs")));
}

TEST_F(Bench, TuningKeepsTheFastestForLaterRuns) {
  const Result tuned = bench({"--tune", "--json"});
  ASSERT_EQ(tuned.code, 0) << tuned.err;
  const auto json = tuned.json();
  const auto& rates = json.at("images_per_second");
  const std::string unit = json.at("unit");
  for (const auto& [name, rate] : rates.items()) EXPECT_LE(rate, rates.at(unit == "none" ? "f32" : unit)) << name;
  EXPECT_TRUE(fs::exists(at(".cache/ganymede/plan.json")));
  EXPECT_TRUE(holds(run({"doctor"}).out, unit + " (measured by `bench --tune`"));
}

TEST_F(Bench, ATunedPlanOverrulesTheTable) {
  const std::string cpu = bench({"--json", "--precision", "f32"}).json().at("cpu");
  fs::create_directories(at(".cache/ganymede"));
  const auto keep = [&](const std::string& unit, const std::string& of) {
    const nlohmann::json plan = {
        {"schema", "ganymede.plan/1"}, {"cpu", of}, {"unit", unit}, {"images_per_second", {{"f32", 1}}}};
    write_file_atomically(at(".cache/ganymede/plan.json"), plan.dump());
  };
  const std::string table = run({"doctor"}).out;
  keep("none", cpu);
  EXPECT_TRUE(holds(run({"doctor"}).out, "none (measured by"));
  keep("none", "another CPU");
  EXPECT_EQ(run({"doctor"}).out, table);
  keep("vacuum tubes", cpu);
  const Result odd = run({"describe", "tiny.toml"});
  EXPECT_EQ(odd.code, 0) << "the table stands in";
  EXPECT_TRUE(holds(odd.err, "there is no unit \"vacuum tubes\""));
}

TEST_F(Bench, RefusesWhatItDoesNotKnow) {
  EXPECT_TRUE(holds(run({"bench", "--recipe", "dcgna"}).err, "did you mean \"dcgan\"?"));
  EXPECT_EQ(bench({"--precision", "f64"}).code, 2);
  EXPECT_EQ(bench({"--batch", "0"}).code, 2);
  EXPECT_EQ(bench({"--quick"}).code, 2) << "besides --seconds";
}

}  // namespace
}  // namespace ganymede::cli
