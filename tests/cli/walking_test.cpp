#include "cli/bars.hpp"
#include "picture/png.hpp"
#include "tensor/npy.hpp"

namespace ganymede::cli {
namespace {

/// One z at a time: what it shows, where it lies, what lies between two of them. Nothing here fits a classifier unless
/// it is told to.
struct Walking : Cli {
  void SetUp() override { cli::write_bars(at("bars"), 90, 60); }

  void train_bars(const std::string& name, int dim, bool conditional = false) const {
    std::vector<std::string> more{
        "--quiet", "--epochs", "1", "--set", "data.source=./bars", "--set", "latent.dim=" + std::to_string(dim)};
    if (conditional)
      more.insert(more.end(), {"--set", "generator.condition=embedding", "--set", "discriminator.condition=embedding"});
    const Result result = run(train(name, more));
    ASSERT_EQ(result.code, 0) << result.err;
  }
  bool fitted() const { return fs::exists(at(".cache")); }
};

TEST_F(Walking, PlanesOfAttributesAreDrawnOnTheMapAroundAPoint) {
  train_bars("a", 2);
  EXPECT_TRUE(
      holds(run({"map", "a", "--at", "0,0", "--directions", "ink"}).err, "`ganymede directions RUN` makes them"));
  ASSERT_EQ(run({"directions", "a", "--n", "100", "--resamples", "10", "--quiet"}).code, 0);
  EXPECT_TRUE(holds(run({"map", "a", "--at", "0,0", "--directions", "inc"}).err, "did you mean \"ink\"?"));
  EXPECT_TRUE(holds(run({"map", "a", "--directions", "ink"}).err, "--directions: goes with --at"));
  EXPECT_FALSE(fitted()) << "known before a classifier is fitted";
  share_classifiers();
  const auto drawn = [&](const std::vector<std::string>& more, const char* file) {
    std::vector<std::string> all{"map", "a", "--at", "0.5,-2", "--resolution", "20", "-o", file};
    all.insert(all.end(), more.begin(), more.end());
    const Result result = run(all);
    EXPECT_EQ(result.code, 0) << result.err;
    return picture::read_png(at(file)).image;
  };
  const picture::Image plain = drawn({}, "plain.png");
  EXPECT_NE(drawn({"--directions", "ink"}, "ink.png"), plain);
}

TEST_F(Walking, APictureAtAZIsThatOfTheSampleWithThisZ) {
  train_bars("a", 2);
  ASSERT_EQ(run({"sample", "a", "--n", "2", "--seed", "7", "-o", "seeds.npz"}).code, 0);
  const NamedTensors seeds = read_npz(at("seeds.npz"));
  const auto z = seeds.at("z").values<float>();
  const auto text = [&](std::size_t i) { return fmt::format("{},{}", z[2 * i], z[2 * i + 1]); };
  const Result result = run({"sample", "a", "--z", text(0), "--z", text(1), "-o", "there.npz", "--json"});
  ASSERT_EQ(result.code, 0) << result.err;
  const NamedTensors there = read_npz(at("there.npz"));
  EXPECT_EQ(there.at("images"), seeds.at("images"));
  EXPECT_EQ(there.at("z"), seeds.at("z"));
  EXPECT_FALSE(there.contains("seeds"));
  const auto json = result.json();
  EXPECT_EQ(json.at("count"), 2);
  EXPECT_EQ(json.at("z").size(), 2U);
  EXPECT_TRUE(json.at("classifier").is_null());
  EXPECT_TRUE(holds(json.at("classifier_missing"), "no classifier of "));
  EXPECT_FALSE(fitted()) << "never a hidden fit";
}

TEST_F(Walking, TheClassAtAZIsToldWithAClassifier) {
  train_bars("a", 2);
  const Result without = run({"sample", "a", "--z", "0.5,-1.2"});
  ASSERT_EQ(without.code, 0) << without.err;
  EXPECT_TRUE(holds(without.out, "its class is not told: no classifier of "));
  EXPECT_TRUE(holds(without.out, "--classify fits one, once"));
  EXPECT_FALSE(fitted());
  const Result fit = run({"sample", "a", "--z", "0.5,-1.2", "--classify", "--json", "-o", "z.png"});
  ASSERT_EQ(fit.code, 0) << fit.err;
  EXPECT_TRUE(holds(fit.err, "first a classifier of "));
  const auto seen = fit.json().at("seen");
  ASSERT_EQ(seen.size(), 1U);
  double sum = 0;
  for (const double p : seen.at(0).at("probabilities")) sum += p;
  EXPECT_NEAR(sum, 1, 1e-5);
  EXPECT_EQ(seen.at(0).at("name"), fit.json().at("seen_names").at(seen.at(0).at("class").get<std::size_t>()));
  const Result kept = run({"sample", "a", "--z", "0.5,-1.2"});
  EXPECT_TRUE(holds(kept.out, "z 0.5,-1.2: seen as " + seen.at(0).at("name").get<std::string>() + " (")) << kept.out;
  EXPECT_TRUE(fs::exists(at("z.png")));
}

TEST_F(Walking, AConditionalModelShowsEveryClassAtAZ) {
  train_bars("c", 3, true);
  const auto json = run({"sample", "c", "--z", "0.5,-1.2,0", "--z", "17", "-o", "z.npz", "--json"}).json();
  EXPECT_EQ(json.at("classes"), (std::vector<int>{0, 1, 2, 0, 1, 2}));
  EXPECT_EQ(json.at("z").at(0), json.at("z").at(2));
  EXPECT_EQ(run({"sample", "c", "--z", "1,2,3", "--class", "2", "-o", "z.npz", "--json"}).json().at("classes"),
            (std::vector<int>{2}));
}

TEST_F(Walking, WhatIsWrongWithAZIsSaid) {
  train_bars("a", 2);
  EXPECT_TRUE(holds(run({"sample", "a"}).err, "--output is missing: "));
  EXPECT_TRUE(holds(run({"sample", "a", "--z", "1,2,3", "-o", "x.png"}).err, "2 coordinates of a z"));
  EXPECT_EQ(run({"sample", "a", "--z", "1,2", "-o", "x.svg"}).code, 2) << "no ink";
  EXPECT_EQ(run({"sample", "a", "--z", "1,2", "--seed", "3", "-o", "x.png"}).code, 2);
  EXPECT_EQ(run({"map", "a", "--at", "1,2,3"}).code, 2);
  EXPECT_EQ(run({"map", "a", "--at", "1,2", "-o", "x.jpg"}).code, 2);
  EXPECT_EQ(run({"map", "a", "--at", "1,2", "--all"}).code, 2);
  EXPECT_EQ(run({"map", "a", "-o", "x.png"}).code, 2);
}

TEST_F(Walking, ThePointLiesOnTheMapOfAPlane) {
  share_classifiers();
  train_bars("a", 2);
  const Result result = run({"map", "a", "--at", "0.5,-2", "--resolution", "20", "-o", "at.png", "--json"});
  ASSERT_EQ(result.code, 0) << result.err;
  const auto json = result.json();
  EXPECT_EQ(json.at("schema"), "ganymede.map_point/1");
  EXPECT_EQ(json.at("sections"), 1);
  EXPECT_NEAR(json.at("range").get<double>(), 2.1, 1e-9) << "as far as the point";
  EXPECT_EQ(json.at("seen").at("class"),
            run({"sample", "a", "--z", "0.5,-2", "--json"}).json().at("seen").at(0).at("class"));
  EXPECT_TRUE(fs::exists(at("at.png")));
  EXPECT_FALSE(fs::exists(run_path("a") / "maps/epoch-00001.png")) << "the run's own map is another matter";
  const Result told = run({"map", "a", "--at", "17", "--resolution", "20", "--epoch", "1"});
  EXPECT_TRUE(holds(told.out, "z 17: seen as ")) << told.out;
  EXPECT_TRUE(fs::exists(run_path("a") / "maps/epoch-00001-at.png"));
}

TEST_F(Walking, ThePointLiesOnThreeSectionsOfACube) {
  share_classifiers();
  train_bars("c", 4, true);
  const Result result =
      run({"map", "c", "--at", "0.5,-1,0,2", "--class", "1", "--resolution", "12", "-o", "at.png", "--json"});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.json().at("sections"), 3);
  EXPECT_EQ(result.json().at("class"), 1);
  EXPECT_GT(picture::read_png(at("at.png")).image.width(), 3 * 300);
}

TEST_F(Walking, AWalkDoesNotWaitForAClassifier) {
  train_bars("a", 3);
  const std::vector<std::string> walk{"interpolate", "a", "--from", "1", "--to", "2", "-o", "strip.png"};
  const Result strip = run(walk);
  ASSERT_EQ(strip.code, 0) << strip.err;
  EXPECT_TRUE(holds(strip.out, "classes along the way: not told: no classifier of "));
  EXPECT_TRUE(holds(strip.out, "--classify fits one, once"));
  EXPECT_FALSE(fitted());
  const picture::Image bare = picture::read_png(at("strip.png")).image;
  auto more = walk;
  more.emplace_back("--classify");
  const Result fit = run(more);
  EXPECT_TRUE(holds(fit.err, "first a classifier of ")) << fit.err;
  EXPECT_FALSE(holds(fit.out, "not told"));
  EXPECT_GT(picture::read_png(at("strip.png")).image.height(), bare.height()) << "with names under the pictures";
  EXPECT_FALSE(holds(run(walk).out, "not told")) << "it is kept";
}

TEST_F(Walking, AWalkIsDrawnOnTheMapOfAnySpace) {
  const auto width_of = [&](const std::string& name, const std::string& kind) {
    const Result result = run({"interpolate", name, "--from", "1", "--to", "2", "--path", kind, "--steps", "3", "-o",
                               "strip.png", "--map", "map.png"});
    EXPECT_EQ(result.code, 0) << result.err;
    return picture::read_png(at("map.png")).image.width();
  };
  train_bars("three", 3, true);
  train_bars("five", 5);
  const int three = width_of("three", "slerp"), five = width_of("five", "line");
  EXPECT_GT(three, five + 500) << "beside the plane of the walk two rows of sections";
}

TEST_F(Walking, AConditionalModelWalksFromClassToClass) {
  train_bars("c", 3, true);
  const Result result = run({"interpolate", "c", "--from", "17", "--class", "2", "--to-class", "0", "--steps", "3",
                             "-o", "strip.png", "--json"});
  ASSERT_EQ(result.code, 0) << result.err;
  const auto json = result.json();
  EXPECT_EQ(json.at("class"), 2);
  EXPECT_EQ(json.at("to_class"), 0);
  EXPECT_EQ(json.at("from"), json.at("to")) << "at the same z";
  const auto cell = [&](const std::string& file, int i) {
    const picture::Image strip = picture::read_png(at(file)).image;
    std::vector<int> levels;
    for (int p = 0; p < 64; ++p) levels.push_back(strip.colour_at(9 + p / 8 * 14, 116 * i + 9 + p % 8 * 14).r);
    return levels;
  };
  const auto whole = [&](const std::string& k) {
    EXPECT_EQ(
        run({"interpolate", "c", "--from", "17", "--to", "17", "--class", k, "--steps", "2", "-o", k + ".png"}).code,
        0);
    return cell(k + ".png", 0);
  };
  EXPECT_EQ(cell("strip.png", 0), whole("2"));
  EXPECT_EQ(cell("strip.png", 2), whole("0"));
  EXPECT_NE(cell("strip.png", 1), cell("strip.png", 0));
  EXPECT_NE(cell("strip.png", 1), cell("strip.png", 2));
  const Result told = run({"interpolate", "c", "--from", "17", "--class", "2", "--to-class", "0", "-o", "x.gif"});
  EXPECT_TRUE(holds(told.out, "pictures of class 2 to class 0 from seed 17")) << told.out;
  EXPECT_TRUE(holds(run({"interpolate", "c", "--from", "1", "--to-class", "3", "-o", "x.png"}).err, "class 3"));
  EXPECT_TRUE(holds(run({"interpolate", "c", "--from", "1", "--to-class", "2", "-o", "x.png", "--map", "m.png"}).err,
                    "of one class"));
  EXPECT_TRUE(holds(run({"interpolate", "c", "--from", "1", "-o", "x.png"}).err, "--to is missing"));
  train_bars("a", 2);
  EXPECT_TRUE(holds(run({"interpolate", "a", "--from", "1", "--to-class", "2", "-o", "x.png"}).err, "takes no class"));
}

TEST_F(Walking, APlaneThroughALargerSpaceHasAMapOfItsOwn) {
  share_classifiers();
  train_bars("five", 5);
  const Result result =
      run({"map", "five", "--through", "17", "--right", "principal1", "--up", "z5", "--resolution", "12", "--json"});
  ASSERT_EQ(result.code, 0) << result.err;
  const auto map = result.json().at("maps").at(0);
  EXPECT_TRUE(map.at("covered_mass").is_null());
  EXPECT_EQ(map.at("plane").at("v"), (std::vector<float>{0, 0, 0, 0, 1}));
  EXPECT_EQ(map.at("plane").at("u_name"), "principal 1");
  EXPECT_TRUE(holds(map.at("picture"), "epoch-00001-12-through-"));
  const Result told = run({"map", "five", "--through", "0,0,0,0,0", "--right", "0,-1,0,0,0", "--resolution", "12"});
  ASSERT_EQ(told.code, 0) << told.err;
  EXPECT_FALSE(holds(told.out, "prior's mass"));
  EXPECT_TRUE(holds(told.out, "five, epoch 1, a plane"));
}

TEST_F(Walking, WhatIsTakenAwayIsMissingInMapsAndWalks) {
  share_classifiers();
  train_bars("a", 2);
  const std::vector<std::string> walk{"interpolate", "a", "--from", "1", "--to", "2", "--steps", "2", "--json", "-o"};
  const auto with = [](std::vector<std::string> words, const std::vector<std::string>& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  ASSERT_EQ(run(with(walk, {"whole.png"})).code, 0);
  const Result less = run(with(walk, {"less.png", "--ablate", "act1:channel=1", "--ablate", "conv1:row=0"}));
  ASSERT_EQ(less.code, 0) << less.err;
  EXPECT_EQ(less.json().at("ablated").size(), 2U);
  EXPECT_NE(read("whole.png"), read("less.png"));
  ASSERT_EQ(run({"map", "a", "--resolution", "16", "--quiet"}).code, 0);
  const Result map = run({"map", "a", "--resolution", "16", "--ablate", "act1", "--json"});
  ASSERT_EQ(map.code, 0) << map.err;
  const auto told = map.json().at("maps").at(0);
  EXPECT_TRUE(told.at("changed_share").is_null()) << "nothing to compare with";
  EXPECT_TRUE(holds(told.at("picture"), "epoch-00001-16-without-"));
  const Tensor labels = read_npy(at(told.at("picture").get<std::string>()).replace_extension(".npy"));
  const auto values = labels.values<std::int32_t>();
  EXPECT_EQ(std::count(values.begin(), values.end(), values[0]), 256) << "a layer of zeros: one picture everywhere";
  EXPECT_TRUE(fs::exists(run_path("a") / "maps/epoch-00001-16.npy")) << "the whole one is still there";
  ASSERT_EQ(run({"map", "a", "--at", "0,0", "--ablate", "act1", "--resolution", "8", "-o", "at.png"}).code, 0);
}

TEST_F(Walking, WhatIsWrongWithAPlaneIsSaid) {
  train_bars("a", 2);
  EXPECT_EQ(run({"map", "a", "--right", "z1"}).code, 2) << "without --through";
  EXPECT_EQ(run({"map", "a", "--through", "1", "--at", "1"}).code, 2);
  EXPECT_TRUE(holds(run({"map", "a", "--through", "1,2,3"}).err, "2 coordinates of a z"));
  EXPECT_TRUE(holds(run({"map", "a", "--through", "1", "--up", "z3"}).err, "wanted a direction: z1 to z2"));
  EXPECT_TRUE(holds(run({"map", "a", "--ablate", "nothing"}).err, "no layer \"nothing\""));
  EXPECT_TRUE(
      holds(run({"interpolate", "a", "--from", "1", "--to", "2", "--ablate", "act1:channel=99", "-o", "x.png"}).err,
            "channels 0 to"));
  EXPECT_FALSE(fitted());
}

TEST_F(Walking, AModelIsExportedAsOnePage) {
  train_bars("a", 2);
  const Result bare = run({"export", "a", "--html", "a.html", "--json"});
  ASSERT_EQ(bare.code, 0) << bare.err;
  EXPECT_EQ(bare.json().at("bytes"), fs::file_size(at("a.html")));
  EXPECT_FALSE(bare.json().at("map"));
  EXPECT_TRUE(holds(bare.json().at("map_note"), "no map: no classifier of "));
  EXPECT_FALSE(fitted());
  share_classifiers();
  ASSERT_EQ(run({"map", "a", "--resolution", "5", "--quiet"}).code, 0);
  const Result mapped = run({"export", "a", "--html", "b.html", "--epoch", "1"});
  ASSERT_EQ(mapped.code, 0) << mapped.err;
  EXPECT_TRUE(holds(mapped.out, "b.html: ") && holds(mapped.out, "coloured by classifier_images_v1"));
  EXPECT_GT(fs::file_size(at("b.html")), fs::file_size(at("a.html")) + 10000) << "100 x 100 labels";
  EXPECT_TRUE(holds(read("b.html"), "\"schema\":\"ganymede.export/1\""));
  const Result size = run({"export", "a", "--html", "c.html", "--size"});
  EXPECT_EQ(size.code, 0);
  EXPECT_FALSE(fs::exists(at("c.html")));
  EXPECT_EQ(run({"export", "a", "--html", "a.txt"}).code, 2);
  EXPECT_EQ(run({"export", "a", "--html", "nowhere/a.html"}).code, 2);
}

}  // namespace
}  // namespace ganymede::cli
