#include "base/philox.hpp"
#include "cli/program.hpp"
#include "evaluate/tiny.hpp"
#include "tensor/npy.hpp"

namespace ganymede::cli {
namespace {

/// A run on bars, and features that nobody but the test made.
struct Features : Cli {
  Features() {
    write("bars.toml",
          "schema = 1\n[data]\nsource = \"bars\"\n[latent]\ndim = 2\n[generator]\nwidth = 4\n[discriminator]\n"
          "width = 4\n[train]\nbatch = 64\nepochs = 1\nsample_grid = 16\n");
    evaluate::testing::write_bars(at("bars"));
    write_rows("real.npy", 300, 1, 0);
    write_rows("fake.npy", 200, 2, 0.5F);
  }
  void write_rows(const std::string& file, std::int64_t count, std::uint32_t index, float shift) const {
    std::vector<float> values(static_cast<std::size_t>(count * 3));
    Random(9, "test.features").normal(index, values);
    for (float& v : values) v += shift;
    write_npy(at(file), Tensor::of<float>({count, 3}, values));
  }
  Result evaluate(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "evaluate");
    arguments.insert(arguments.end(), {"--threads", "1"});
    return run(arguments);
  }
  void refused(const std::vector<std::string>& arguments, const std::string& part) const {
    const Result result = evaluate(arguments);
    EXPECT_EQ(result.code, 2) << result.out;
    EXPECT_TRUE(holds(result.err, part));
    EXPECT_EQ(result.out, "");
  }
};

nlohmann::json score_of(const Result& result, const std::string& beginning) {
  const nlohmann::json all = result.json().at("scores");
  for (const auto& score : all) {
    if (score.at("name").get<std::string>().starts_with(beginning)) return score;
  }
  ADD_FAILURE() << beginning << " is missing in " << result.out;
  return {};
}

TEST_F(Features, ThatOthersMadeAreScoredUnderTheirOwnNames) {
  const Result result = evaluate({"--real-features", "real.npy", "--fake-features", "fake.npy", "--subset-size", "100",
                                  "--measures", "fid,kid,prdc", "--json"});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.json().at("schema"), "ganymede.evaluate_features/1");
  EXPECT_EQ(result.json().at("scores").size(), 6U);
  const auto frechet = score_of(result, "frechet200_custom-");
  EXPECT_EQ(frechet.at("count_real"), 300);
  EXPECT_EQ(frechet.at("count_fake"), 200);
  EXPECT_NEAR(frechet.at("value").get<double>(), 0.75, 0.3) << "three means apart by 0.5, equal variances";
  EXPECT_TRUE(std::string(score_of(result, "kernel200_custom-").at("name")).ends_with("-100x100_v1"));
  const Result text = evaluate({"--real-features", "real.npy", "--fake-features", "fake.npy", "--measures", "FID"});
  EXPECT_TRUE(holds(text.out, "Fréchet distance (lower is better)"));
  EXPECT_TRUE(holds(text.out, "FID is frechet"));
}

TEST_F(Features, OfEqualCountsHaveAllMeasuresWithoutAWordOfThem) {
  write_rows("as-many.npy", 300, 3, 0);
  const Result result = evaluate(
      {"--real-features", "real.npy", "--fake-features", "as-many.npy", "--subset-size", "100", "--json", "--quiet"});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_NEAR(score_of(result, "one_nn300_").at("value").get<double>(), 0.5, 0.15);
  EXPECT_EQ(result.json().at("scores").size(), 8U);
}

TEST_F(Features, HaveAnInceptionScoreByLogitsOrProbabilities) {
  std::vector<float> logits(2000), probabilities(2000);
  for (std::size_t i = 0; i < 200; ++i) logits[10 * i + i % 10] = 100, probabilities[10 * i + i % 10] = 1;
  write_npy(at("l.npy"), Tensor::of<float>({200, 10}, logits));
  write_npy(at("p.npy"), Tensor::of<float>({200, 10}, probabilities));
  const std::vector<std::string> sides{"--real-features", "real.npy", "--fake-features", "fake.npy", "--measures", "is",
                                       "--splits",        "1",        "--json"};
  for (const auto& [option, file] : {std::pair{"--fake-logits", "l.npy"}, std::pair{"--fake-probabilities", "p.npy"}}) {
    auto arguments = sides;
    arguments.insert(arguments.end(), {option, file});
    const Result result = evaluate(arguments);
    ASSERT_EQ(result.code, 0) << result.err;
    EXPECT_NEAR(score_of(result, "inception200_custom-").at("value").get<double>(), 10, 1e-5) << option;
  }
}

TEST_F(Features, AreRefusedWithAWordThatHelps) {
  const std::vector<std::string> both{"--real-features", "real.npy", "--fake-features", "fake.npy"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), both.begin(), both.end());
    return more;
  };
  refused({"--real-features", "real.npy"}, "--fake-features");
  refused({"--closed-balls", "a"}, "--real-features");
  refused(with({"a"}), "one of them");
  refused(with({}), "choose smaller ones");  // subsets of 1,000 among 200
  refused(with({"--measures", "one_nn"}), "as many fakes as reals");
  refused(with({"--measures", "is"}), "--fake-logits or --fake-probabilities");
  refused(with({"--measures", "path_length"}), "of given features there are these measures");
  refused(with({"--measures", "fidd"}), "did you mean \"fid\"?");
  write_npy(at("wide.npy"), Tensor(DType::f32, {200, 4}));
  refused({"--real-features", "real.npy", "--fake-features", "wide.npy"}, "found 3 and 4 columns");
  write_npy(at("nan.npy"), Tensor::of<float>({1, 2}, std::vector<float>{0, std::nanf("")}));
  refused({"--real-features", "real.npy", "--fake-features", "nan.npy"},
          "nan.npy: row 0, column 1 (both from 0) is nan");
  write("torn.npy", read("real.npy").substr(0, 1000));
  refused({"--real-features", "torn.npy", "--fake-features", "fake.npy"}, "torn.npy: an array of f32");
  refused(with({"--fake-logits", "real.npy", "--fake-probabilities", "real.npy"}), "--fake-");
}

TEST_F(Features, OfARunScoreAsTheRunDoes) {
  ASSERT_EQ(run({"train", "bars.toml", "--run", "a", "--threads", "1", "--quiet"}).code, 0);
  const std::string measures = "frechet,recall,swd";
  const Result of_run =
      evaluate({"a", "--n", "120", "--measures", measures, "--dump-features", "out/f", "--json", "--quiet"});
  ASSERT_EQ(of_run.code, 0) << of_run.err;
  const auto about = nlohmann::json::parse(read("out/f/features.json"));
  EXPECT_EQ(about.at("schema"), "ganymede.features/1");
  EXPECT_EQ(about.at("real").at("count"), 120);
  EXPECT_EQ(about.at("run"), "a");
  EXPECT_EQ(about.at("fake_seeds_from"), 1000000);
  EXPECT_EQ(read_npy(at("out/f/fake.npy")).shape(), (Shape{120, about.at("values")}));
  EXPECT_EQ(read_npy(at("out/f/real-probabilities.npy")).shape(), (Shape{120, about.at("classes")}));
  const Result of_files = evaluate(
      {"--real-features", "out/f/real.npy", "--fake-features", "out/f/fake.npy", "--measures", measures, "--json"});
  ASSERT_EQ(of_files.code, 0) << of_files.err;
  const nlohmann::json theirs = of_run.json().at("runs").at(0).at("scores");
  const nlohmann::json ours = of_files.json().at("scores");
  ASSERT_EQ(ours.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(ours.at(i).at("value"), theirs.at(i).at("value")) << theirs.at(i);
}

TEST_F(Features, OfTwoRunsAreNotWrittenIntoOneFolder) {
  refused({"a", "b", "--dump-features", "out"}, "--dump-features wants one run, found 2");
  EXPECT_FALSE(fs::exists(at("out")));
}

}  // namespace
}  // namespace ganymede::cli
