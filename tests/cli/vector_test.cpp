#include <cmath>

#include "cli/program.hpp"
#include "picture/png.hpp"
#include "tensor/npy.hpp"

namespace ganymede::cli {
namespace {

// Conditions that are vectors (S-THEORY T3), as a user meets them.
struct Vectors : Cli {
  Vectors() {
    // A point lies about its condition.
    std::string table = "x,y,condition_a,condition_b\n";
    for (int i = 0; i < 2000; ++i) {
      const double a = -1 + 0.1 * (i % 21), b = -1 + 0.1 * (i * 8 % 21);
      table += std::to_string(a + 0.05 * std::sin(7.0 * i)) + "," + std::to_string(b + 0.05 * std::cos(5.0 * i)) + "," +
               std::to_string(a) + "," + std::to_string(b) + "\n";
    }
    write("marked.csv", table);
    write("vectors.toml",
          "schema = 1\n"
          "[data]\nsource = \"marked.csv\"\n"
          "[latent]\ndim = 2\n"
          "[generator]\nfamily = \"mlp\"\nwidths = [64, 64]\nnorm = \"none\"\ncondition = \"vector\"\n"
          "[generator.optimizer]\nlearning_rate = 1e-3\nbeta1 = 0.5\n"
          "[discriminator]\nfamily = \"mlp\"\nwidths = [64, 64]\ncondition = \"vector\"\n"
          "[discriminator.optimizer]\nlearning_rate = 1e-3\nbeta1 = 0.5\n"
          "[train]\nbatch = 100\nepochs = 2\n");
  }
  Result train_vectors(const std::string& name, const std::vector<std::string>& more = {},
                       const std::string& threads = "1") const {
    std::vector<std::string> arguments{"train", "vectors.toml", "--run", name, "--threads", threads, "--quiet"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
  // The samples of a command line as arrays.
  NamedTensors sampled(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "sample");
    arguments.insert(arguments.end(), {"-o", "s.npz", "--quiet"});
    const Result result = run(arguments);
    EXPECT_EQ(result.code, 0) << result.err;
    return read_npz(at("s.npz"));
  }
  void refused(const std::vector<std::string>& arguments, const std::string& why) const {
    const Result result = run(arguments);
    EXPECT_EQ(result.code, 2) << arguments.front() << ": " << result.out << result.err;
    EXPECT_TRUE(holds(result.err, why));
  }
};

TEST_F(Vectors, AreWhereTheGeneratorPutsItsPoints) {
  ASSERT_EQ(train_vectors("a", {"--epochs", "80"}).code, 0);
  for (const std::string condition : {"0.8,-0.6", "-0.5,0.5"}) {
    const auto drawn = sampled({"a", "--n", "200", "--condition", condition});
    const auto points = drawn.at("points").values<float>();
    const auto comma = condition.find(',');
    const double a = std::stod(condition.substr(0, comma)), b = std::stod(condition.substr(comma + 1));
    double distance = 0;
    for (std::size_t i = 0; i < 200; ++i) distance += std::hypot(points[2 * i] - a, points[2 * i + 1] - b) / 200;
    EXPECT_LT(distance, 0.25) << condition;
    EXPECT_EQ(drawn.at("conditions").shape(), (Shape{200, 2}));
  }
}

TEST_F(Vectors, DirectionsAreOfTheConditionThatIsGivenAndSayIt) {
  ASSERT_EQ(train_vectors("a").code, 0);
  const std::vector<std::string> common{"directions", "a", "--n", "200", "--resamples", "10", "--json", "--quiet"};
  const Result free = run(common);
  ASSERT_EQ(free.code, 0) << free.err;
  EXPECT_EQ(free.json().at("directions").at(0).at("samples"), "seeds 0 to 199");
  std::vector<std::string> given = common;
  given.insert(given.end(), {"--condition", "0.8,-0.6", "--name", "there"});
  const Result there = run(given);
  ASSERT_EQ(there.code, 0) << there.err;
  EXPECT_EQ(there.json().at("directions").at(0).at("samples"), "seeds 0 to 199, condition 0.8, -0.6");
  EXPECT_EQ(run({"edit", "a", "--along", "z1", "--condition", "0.8,-0.6", "-o", "x.png"}).code, 0);
}

TEST_F(Vectors, ARunThatWasPausedEqualsTheWholeOneBitForBit) {
  ASSERT_EQ(train_vectors("whole").code, 0);
  ASSERT_EQ(train_vectors("parts", {"--epochs", "1"}).code, 0);
  ASSERT_EQ(run({"resume", "parts", "--epochs", "2"}).code, 0);
  expect_equal("parts", "whole");
  EXPECT_EQ(read("runs/parts/conditions.npy"), read("runs/whole/conditions.npy"));
  ASSERT_EQ(train_vectors("threads", {}, "2").code, 0);
  expect_equal("threads", "whole");
}

TEST_F(Vectors, OfSamplesAreThoseOfTheirSeedsAndNeedNoData) {
  ASSERT_EQ(train_vectors("a").code, 0);
  fs::remove(at("marked.csv"));
  const auto all = sampled({"a", "--n", "6", "--seed", "40"});
  const auto one = sampled({"a", "--n", "1", "--seed", "43"});
  EXPECT_TRUE(
      std::ranges::equal(one.at("conditions").values<float>(), all.at("conditions").values<float>().subspan(6, 2)));
  EXPECT_TRUE(std::ranges::equal(one.at("points").values<float>(), all.at("points").values<float>().subspan(6, 2)));
  const auto at_z = sampled({"a", "--z", "0.5,-1", "--condition", "0.25,1"});
  EXPECT_EQ(at_z.at("conditions").values<float>()[0], 0.25F);
  refused({"sample", "a", "-o", "x.npz", "--condition", "0.25"}, "condition \"0.25\": wanted 2 finite numbers");
  refused({"sample", "a", "-o", "x.npz", "--condition", "1,nan"}, "wanted 2 finite numbers");
  EXPECT_FALSE(fs::exists(at("x.npz")));
}

TEST_F(Vectors, LeadFromOneToAnother) {
  ASSERT_EQ(train_vectors("a").code, 0);
  const Result walk = run({"interpolate", "a", "--from", "3", "--condition", "-1,0", "--to-condition", "1,0.5",
                           "--steps", "5", "-o", "walk.png", "--json"});
  ASSERT_EQ(walk.code, 0) << walk.err;
  EXPECT_EQ(walk.json().at("from"), walk.json().at("to"));
  EXPECT_EQ(walk.json().at("to_condition"), nlohmann::json({1, 0.5}));
  const Result seeds = run({"interpolate", "a", "--from", "3", "--to", "4", "-o", "walk.png", "--json"});
  ASSERT_EQ(seeds.code, 0) << seeds.err;
  EXPECT_NE(seeds.json().at("condition"), seeds.json().at("to_condition"));
  refused({"interpolate", "a", "--from", "3", "--condition", "1", "--to", "4", "-o", "w.png"}, "wanted 2 finite");
}

TEST_F(Vectors, AreScoredCheckedFilmedAndReported) {
  ASSERT_EQ(train_vectors("a").code, 0);
  const Result scored = run({"evaluate", "a", "--n", "100", "--json"});
  ASSERT_EQ(scored.code, 0) << scored.err;
  EXPECT_TRUE(holds(scored.out, "d_accuracy"));
  const Result checked = run({"check", "a", "--steps", "2"});
  EXPECT_EQ(checked.code, 0) << checked.out << checked.err;
  EXPECT_EQ(run({"film", "a", "-o", "a.gif", "--n", "20"}).code, 0);
  EXPECT_EQ(run({"report", "a"}).code, 0);
  EXPECT_EQ(run({"dissect", "a", "--condition", "0,0"}).code, 0);
  EXPECT_EQ(run({"bench", "--recipe", "vectors.toml", "--seconds", "0.2"}).code, 0);
  const Result shown = run({"data", "show", "marked.csv"});
  EXPECT_TRUE(holds(shown.out, "condition_a")) << shown.out;
}

TEST_F(Vectors, WhatCannotTakeThemSaysSo) {
  ASSERT_EQ(train_vectors("a").code, 0);
  refused({"export", "a", "--html", "a.html"}, "vector (a condition that is a vector)");
  refused({"map", "a"}, "it has no map");
  refused({"sample", "a", "-o", "a.png", "--manifold"}, "--condition");
  refused({"sample", "a", "-o", "a.png", "--arrows", "grid"}, "by its condition");
  refused({"sample", "a", "-o", "a.png", "--class", "1"}, "takes no class");
  refused({"train", "vectors.toml", "--source", "ring"}, "the data have no conditions");
  refused({"train", "ring", "--set", "generator.condition=vector"}, "needs a discriminator that sees");
  ASSERT_EQ(run(train("b", {"--epochs", "1", "--quiet"})).code, 0);
  refused({"sample", "b", "-o", "b.png", "--condition", "1"}, "takes no condition");
}

TEST_F(Vectors, OfPicturesComeFromAnNpz) {
  Tensor images(DType::u8, {64, 8, 8});
  std::vector<float> levels;
  for (int i = 0; i < 64; ++i) {
    levels.push_back(static_cast<float>(i) / 63);
    for (int p = 0; p < 64; ++p) images.values<std::uint8_t>()[static_cast<std::size_t>(64 * i + p)] = 4 * i;
  }
  write_npz(at("set.npz"), {{"images", images}, {"conditions", Tensor::of<float>({64}, levels)}});
  const std::vector<std::string> sets{
      "--source", "set.npz", "--set", "generator.condition=vector", "--set", "discriminator.condition=vector"};
  ASSERT_EQ(run(train("a", sets)).code, 0);
  ASSERT_EQ(run({"sample", "a", "-o", "a.png", "--n", "4", "--condition", "0.5"}).code, 0);
  std::vector<std::string> maps = sets;
  maps.insert(maps.end(), {"--set", "evaluate.map_every=1"});
  std::vector<std::string> arguments = train("b", maps);
  const Result mapped = run(arguments);
  EXPECT_EQ(mapped.code, 2);
  EXPECT_TRUE(holds(mapped.err, "evaluate.map_every"));
  EXPECT_FALSE(fs::exists(run_path("b")));
}

}  // namespace
}  // namespace ganymede::cli
