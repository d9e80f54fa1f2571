#include <numeric>

#include "cli/program.hpp"
#include "evaluate/tiny.hpp"
#include "picture/png.hpp"
#include "tensor/npy.hpp"

namespace ganymede::cli {
namespace {

/// A set `bars` that --data finds, and a run on it.
struct EvaluateSets : Cli {
  EvaluateSets() {
    fs::create_directories(at("sets/bars"));
    write_split("train", evaluate::testing::bars(300, 1));
    write_split("t10k", evaluate::testing::bars(240, 2));
    write("bars.toml",
          "schema = 1\n[data]\nsource = \"bars\"\n[latent]\ndim = 2\n[generator]\nwidth = 4\n[discriminator]\n"
          "width = 4\n[train]\nbatch = 64\nepochs = 1\nsample_grid = 16\n");
  }
  void write_split(const std::string& split, const data::Dataset& d) const {
    const std::string count(1, static_cast<char>(d.size() & 255)), high(1, static_cast<char>(d.size() >> 8));
    const std::string zeros(2, '\0'), side("\0\0\0\x08", 4);
    const auto pixels = d.images.values<std::uint8_t>();
    write("sets/bars/" + split + "-images-idx3-ubyte",
          zeros + "\x08\x03" + zeros + high + count + side + side + std::string(pixels.begin(), pixels.end()));
    write("sets/bars/" + split + "-labels-idx1-ubyte",
          zeros + "\x08\x01" + zeros + high + count + std::string(d.labels.begin(), d.labels.end()));
  }
  Result evaluate_json(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "evaluate");
    arguments.insert(arguments.end(), {"--data", "sets", "--json", "--quiet", "--threads", "1"});
    return run(arguments);
  }
};

TEST_F(EvaluateSets, SamplesInAFileScoreAsTheirRunDoes) {
  share_classifiers();
  ASSERT_EQ(run({"train", "bars.toml", "--run", "a", "--data", "sets", "--threads", "1", "--quiet"}).code, 0);
  ASSERT_EQ(run({"sample", "a", "--n", "200", "--seed", "1000000", "-o", "fakes.npz", "--quiet"}).code, 0);
  const std::vector<std::string> measures{"--measures", "frechet,kernel,recall,inception", "--n", "200"};
  const auto with = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), measures.begin(), measures.end());
    return evaluate_json(arguments);
  };
  const Result of_run = with({"a"});
  ASSERT_EQ(of_run.code, 0) << of_run.err;
  const Result of_file = with({"--real", "bars", "--fake", "fakes.npz", "--features", "bars"});
  ASSERT_EQ(of_file.code, 0) << of_file.err;
  EXPECT_EQ(of_file.json().at("scores"), of_run.json().at("runs").at(0).at("scores"));
  EXPECT_EQ(of_file.json().at("real").at("pictures"), 240);
  EXPECT_EQ(of_file.json().at("fake").at("pictures"), 200);
  EXPECT_FALSE(holds(of_file.err, "hold the same pictures")) << of_file.err;
  const Result itself = with({"--real", "fakes.npz", "--fake", "./fakes.npz", "--features", "bars"});
  EXPECT_TRUE(holds(itself.err, "note: --real fakes.npz and --fake ./fakes.npz hold the same pictures")) << itself.err;
}

/// Pictures as [N, 8, 8] of these rows of a split.
void write_rows(const fs::path& file, const data::Dataset& d, const std::vector<std::int64_t>& order) {
  std::vector<std::uint8_t> pixels;
  for (const std::int64_t i : order) {
    const auto one = d.images.values<std::uint8_t>().subspan(static_cast<std::size_t>(64 * i), 64);
    pixels.insert(pixels.end(), one.begin(), one.end());
  }
  write_npz(file, {{"arr_0", Tensor::of<std::uint8_t>({static_cast<std::int64_t>(order.size()), 8, 8}, pixels)}});
}

// 600 fakes sorted by class against 240 reals: the first 240 would be of two classes, a random 240 are of all three.
TEST_F(EvaluateSets, FakesSortedByClassScoreAsShuffledOnes) {
  share_classifiers();
  const data::Dataset d = evaluate::testing::bars(600, 3);
  std::vector<std::int64_t> plain(600), sorted;
  std::iota(plain.begin(), plain.end(), 0);
  for (std::int64_t k = 0; k < 3; ++k) {
    for (std::int64_t i = k; i < 600; i += 3) sorted.push_back(i);
  }
  write_rows(at("plain.npz"), d, plain);
  write_rows(at("sorted.npz"), d, sorted);
  const auto frechet = [&](const std::string& file) {
    const Result result =
        evaluate_json({"--real", "bars", "--fake", file, "--features", "bars", "--measures", "frechet"});
    EXPECT_EQ(result.code, 0) << result.err;
    return result.json().at("scores").at(0).at("value").get<double>();
  };
  EXPECT_LT(frechet("sorted.npz"), 1.5 * frechet("plain.npz"));
}

// A folder of pictures has no size of its own: its classifier is fitted at the size of the pictures that it judges.
TEST_F(EvaluateSets, AFolderOfPicturesGivesFeaturesAtTheSizeOfTheSides) {
  const auto pixels = evaluate::testing::bars(240, 3).images;
  std::vector<std::int64_t> all(240);
  std::iota(all.begin(), all.end(), 0);
  write_rows(at("real.npz"), evaluate::testing::bars(240, 4), all);
  for (std::int64_t i = 0; i < 240; ++i) {
    const auto one = pixels.values<std::uint8_t>().subspan(static_cast<std::size_t>(64 * i), 64);
    for (const std::string& folder : {"by/" + std::to_string(i % 3), std::string("fake")}) {
      fs::create_directories(at(folder));
      picture::write_png(at(folder) / (std::to_string(i) + ".png"), picture::Image(8, 8, 1, {one.begin(), one.end()}));
    }
  }
  std::vector<std::string> words{"--real", "real.npz", "--fake", "fake", "--features", "./by", "--measures", "frechet"};
  const Result result = evaluate_json(words);
  EXPECT_EQ(result.code, 0) << result.err;
  words.insert(words.end(), {"--image-size", "16"});
  const Result refused = evaluate_json(words);
  EXPECT_EQ(refused.code, 2);
  EXPECT_TRUE(holds(refused.err, "wanted pictures of 16 x 16 pixels")) << refused.err;
}

// A run, too, is measured by a classifier that reads the pictures of a folder at the size of the run's.
TEST_F(EvaluateSets, ARunIsScoredByFeaturesOfPicturesOfAnotherSize) {
  share_classifiers();
  for (int i = 0; i < 240; ++i) {
    fs::create_directories(at("by/" + std::to_string(i % 3)));
    std::vector<std::uint8_t> pixels(144, static_cast<std::uint8_t>(i % 60));
    std::fill_n(pixels.begin() + 48 * (i % 3), 24, std::uint8_t{200});
    picture::write_png(at("by/" + std::to_string(i % 3)) / (std::to_string(i) + ".png"),
                       picture::Image(12, 12, 1, std::move(pixels)));
  }
  ASSERT_EQ(run({"train", "bars.toml", "--run", "a", "--data", "sets", "--threads", "1", "--quiet"}).code, 0);
  const Result result = evaluate_json({"a", "--features", "./by", "--measures", "frechet", "--n", "100"});
  EXPECT_EQ(result.code, 0) << result.err;
}

// Two files of one name are two sets.
TEST_F(EvaluateSets, NamesOfPicturesHoldTheirContent) {
  std::vector<std::int64_t> all(240);
  std::iota(all.begin(), all.end(), 0);
  fs::create_directories(at("other"));
  write_rows(at("x.npz"), evaluate::testing::bars(240, 4), all);
  write_rows(at("other/x.npz"), evaluate::testing::bars(240, 5), all);
  const auto name = [&](const std::string& file) {
    const Result result =
        evaluate_json({"--real", file, "--fake", "x.npz", "--features", "bars", "--measures", "frechet"});
    EXPECT_EQ(result.code, 0) << result.err;
    const auto score = result.json().at("scores").at(0);
    if (file == "x.npz") {
      EXPECT_NEAR(score.at("value").get<double>(), 0, 1e-6);  // a set against itself
    }
    return score.at("name").get<std::string>();
  };
  EXPECT_NE(name("x.npz"), name("other/x.npz"));
  EXPECT_TRUE(name("x.npz").starts_with("frechet240_x-")) << name("x.npz");
}

TEST_F(EvaluateSets, TellsWhatIsWrong) {
  std::vector<std::uint8_t> pixels(120 * 64);
  std::iota(pixels.begin(), pixels.end(), 0);
  write_npz(at("small.npz"), {{"arr_0", Tensor::of<std::uint8_t>({120, 4, 16}, pixels)}});
  write_npz(at("few.npz"), {{"arr_0", Tensor::of<std::uint8_t>({99, 8, 8}, std::span(pixels).first(99 * 64))}});
  write("broken.npz", "no archive");
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"bars", "small.npz"}, "small.npz: wanted pictures of 8 x 8 pixels (H x W), found 4 x 16"},
      {{"bars", "few.npz"}, "wanted 100 pictures a side or more, found 99"},
      {{"bars", "broken.npz"}, "broken.npz"},
      {{"bars", "nothing.npz"}, "nothing.npz: no such folder, file or data set"},
      {{"small.npz", "few.npz"}, "small.npz: wanted pictures of 8 x 8"}};
  for (const auto& [sides, part] : cases) {
    const Result result = evaluate_json({"--real", sides[0], "--fake", sides[1], "--features", "bars"});
    EXPECT_EQ(result.code, 2) << result.err;
    EXPECT_NE(result.err.find(part), std::string::npos) << result.err;
  }
  const Result flat = evaluate_json({"--real", "bars", "--fake", "few.npz", "--features", "few.npz"});
  EXPECT_EQ(flat.code, 2);
  EXPECT_TRUE(holds(flat.err, "--features few.npz: wanted data of two classes or more")) << flat.err;
  EXPECT_FALSE(fs::exists(at(".cache"))) << "all that was said before a classifier was fitted";
}

}  // namespace
}  // namespace ganymede::cli
