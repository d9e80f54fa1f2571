#include "base/file.hpp"
#include "explore/weights.hpp"
#include "serve/models.hpp"
#include "tensor/npy.hpp"

namespace ganymede::serve {
namespace {

using Json = nlohmann::json;

/// A run of points that takes two numbers beside z.
struct ConditionServed : ModelsServed {
  ConditionServed() {
    std::string table = "x,y,condition_a,condition_b\n";
    for (int i = 0; i < 128; ++i) {
      table += std::to_string(i % 7) + "," + std::to_string(i % 5) + "," + std::to_string(i % 7) + "," +
               std::to_string(-0.5 * (i % 5)) + "\n";
    }
    write_file_atomically(tiny.root / "marked.csv", table);
    tiny.train_on_points((tiny.root / "marked.csv").string(), 128);
    tiny.recipe.train.epochs = 1;
    tiny.recipe.generator.condition = tiny.recipe.discriminator.condition = "vector";
    directory = tiny.train("a");
    start();
  }
  void refused(const std::string& endpoint, const Json& body, const std::string& sentence, int status = 400) const {
    const Answer answer = post(endpoint, body);
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_NE(answer.json().at("error").get<std::string>().find(sentence), std::string::npos) << answer.body;
  }
  std::optional<run::RunDirectory> directory;
};

TEST_F(ConditionServed, IsDescribedWithItsRange) {
  const Json condition = get("runs/a/generator").json().at("condition");
  EXPECT_EQ(condition.at("low"), Json({0, -2}));
  EXPECT_EQ(condition.at("high"), Json({6, 0}));
  EXPECT_EQ(condition.at("first").size(), 2U);
}

TEST_F(ConditionServed, OfALookIsTheOneThatIsToldOrThatOfTheSeed) {
  explore::TrainedGenerator generator(engine::cpu_backend(), explore::load_weights(*directory).snapshot,
                                      directory->path(), 1);
  const Frame seeds = look({{"run", "a"}, {"seed", 5}, {"count", 7}});
  const auto drawn = generator.draw(5, 7);
  EXPECT_TRUE(std::ranges::equal(seeds.values<float>("points"), drawn.values<float>()));
  const Frame told = look({{"run", "a"}, {"seed", 5}, {"count", 7}, {"condition", {3, -1.5}}});
  EXPECT_EQ(told.head.at("conditions"), Json(std::vector<Json>(7, Json({3, -1.5}))));
  generator.give({3, -1.5F});
  const auto given = generator.draw(5, 7);
  EXPECT_TRUE(std::ranges::equal(told.values<float>("points"), given.values<float>()));
  EXPECT_NE(told.arrays.at("points"), seeds.arrays.at("points"));
  EXPECT_EQ(told.head.at("command"), "ganymede sample a --seed 5 --n 7 --condition 3,-1.5 -o picture.png");
  const Frame at_z =
      look({{"run", "a"}, {"z", {0.5, -1}}, {"want", {{"layers", true}, {"taps", {{"layer", "dense1"}}}}}});
  EXPECT_EQ(at_z.head.at("taps").at("count"), 4) << "two numbers of z and two of the condition";
}

TEST_F(ConditionServed, ThatDoesNotFitIsRefused) {
  refused("look", {{"run", "a"}, {"condition", {1}}}, "condition");
  refused("look", {{"run", "a"}, {"condition", {1, "b"}}}, "condition");
  tiny.recipe.generator.condition = tiny.recipe.discriminator.condition = "none";
  tiny.train("b");
  refused("look", {{"run", "b"}, {"condition", {1, 2}}}, "takes none");
}

/// Pictures with a vector: a walk goes from one to another, a map there is none.
struct PictureConditionServed : ModelsServed {
  PictureConditionServed() {
    data::Dataset d = explore::testing::bars(64, 1);
    std::vector<float> conditions;
    for (int i = 0; i < 64; ++i) conditions.push_back(static_cast<float>(i % 3));
    Tensor labels(DType::i32, {64});
    std::ranges::copy(d.labels, labels.values<std::int32_t>().begin());
    write_npz(tiny.root / "set.npz", {{"images", d.images.reshaped({64, 8, 8})},
                                      {"labels", labels},
                                      {"conditions", Tensor::of<float>({64, 1}, conditions)}});
    tiny.recipe.data.source = (tiny.root / "set.npz").string();
    tiny.recipe.generator.condition = tiny.recipe.discriminator.condition = "vector";
    tiny.train("a");
    start();
  }
};

TEST_F(PictureConditionServed, AWalkLeadsFromOneToAnother) {
  const Json ends = {{"run", "a"}, {"from", {0.5, 0}}, {"to", {0.5, 0}}, {"steps", 3}};
  Json wanted = ends;
  wanted["condition"] = {0};
  wanted["to_condition"] = {2};
  const auto frames = stream("walk", wanted);
  ASSERT_FALSE(frames.empty());
  EXPECT_EQ(frames.back().head.at("command"),
            "ganymede interpolate a --from 0.5,0 --to 0.5,0 --steps 3 --condition 0.0 --to-condition 2.0 -o walk.png");
  std::map<std::int64_t, std::string> pictures;
  for (const Frame& frame : frames) {
    if (!frame.arrays.contains("picture")) continue;
    const std::vector<std::int64_t> which = frame.head.at("pictures");
    const std::string& bytes = frame.arrays.at("picture");
    for (std::size_t i = 0; i < which.size(); ++i) pictures[which[i]] = bytes.substr(i * 64, 64);
  }
  ASSERT_EQ(pictures.size(), 3U);
  for (const auto& [number, condition] : std::map<std::int64_t, double>{{0, 0}, {1, 1}, {2, 2}}) {
    const Frame seen = look({{"run", "a"}, {"z", {{0.5, 0}, {0.5, 0}}}, {"condition", {condition}}});
    EXPECT_EQ(pictures.at(number), seen.arrays.at("picture").substr(0, 64)) << number;
  }
  const Answer map = post("map", {{"run", "a"}});
  EXPECT_GE(map.status, 400) << map.body;
  EXPECT_LT(map.status, 500) << map.body;
}

}  // namespace
}  // namespace ganymede::serve
