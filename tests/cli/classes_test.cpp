#include "cli/program.hpp"
#include "picture/png.hpp"
#include "tensor/npy.hpp"

namespace ganymede::cli {
namespace {

/// Classes from the file to the screen.
struct Classes : Cli {
  static inline const std::vector<std::string> kConditional{"--quiet", "--set", "generator.condition=embedding",
                                                            "--set", "discriminator.condition=embedding"};

  /// `count` pictures 8 x 8 of one grey.
  void write_class(const std::string& name, int count, int grey) const {
    fs::create_directories(at(name));
    for (int i = 0; i < count; ++i) {
      std::vector<std::uint8_t> pixels(64, static_cast<std::uint8_t>(grey + i % 5));
      picture::write_png(at(name) / (std::to_string(i) + ".png"), picture::Image(8, 8, 1, std::move(pixels)));
    }
  }
  Result train_on(const std::string& name, const std::string& source,
                  std::vector<std::string> more = kConditional) const {
    more.insert(more.end(),
                {"--set", "data.source=" + at(source).string(), "--set", "data.image_size=8", "--set", "latent.dim=2"});
    return run(train(name, more));
  }
  std::vector<int> sampled(const std::string& name, const std::string& wanted) const {
    const Result result = run({"sample", name, "-o", "x.npz", "--n", "2", "--class", wanted, "--json"});
    EXPECT_EQ(result.code, 0) << result.err;
    return result.code == 0 ? result.json().at("classes").get<std::vector<int>>() : std::vector<int>{};
  }
};

TEST_F(Classes, AreNamedByTheirNamesWhichTheRunKeeps) {
  for (const char* name : {"0", "2", "10", "bee"}) write_class(std::string("set/") + name, 6, 40);
  ASSERT_EQ(train_on("a", "set").code, 0);
  const Result shown = run({"data", "show", at("set").string(), "--image-size", "8", "--json"});
  EXPECT_EQ(shown.json().at("class_names"), (std::vector<std::string>{"0", "2", "10", "bee"}));
  fs::remove_all(at("set"));
  EXPECT_EQ(sampled("a", "10"), (std::vector<int>{2, 2}));
  EXPECT_EQ(sampled("a", "2"), (std::vector<int>{1, 1})) << "the name wins over the number";
  EXPECT_EQ(sampled("a", "bee"), (std::vector<int>{3, 3}));
  EXPECT_EQ(sampled("a", "3"), (std::vector<int>{3, 3})) << "a number that is no name";

  const Result json = run({"sample", "a", "-o", "x.png", "--json"});
  EXPECT_EQ(json.json().at("class_names"), (std::vector<std::string>{"0", "2", "10", "bee"}));
  EXPECT_TRUE(holds(run({"sample", "a", "-o", "x.png"}).out, "of the classes 0, 1 (2), 2 (10), 3 (bee) in turn"));
  EXPECT_TRUE(holds(run({"sample", "a", "-o", "x.png", "--class", "10", "--epoch", "1"}).out, "of class 2 (10)"));
  EXPECT_EQ(run({"film", "a", "-o", "x.gif", "--class", "bee"}).code, 0);
  EXPECT_EQ(run({"dissect", "a", "--class", "bee"}).code, 0);
  for (const auto& command :
       std::vector<std::vector<std::string>>{{"sample", "a", "-o", "y.png"},
                                             {"film", "a", "-o", "y.gif"},
                                             {"dissect", "a"},
                                             {"map", "a"},
                                             {"interpolate", "a", "--from", "1", "--to", "2", "-o", "y.png"}}) {
    auto arguments = command;
    arguments.insert(arguments.end(), {"--class", "wasp"});
    const Result wrong = run(arguments);
    EXPECT_EQ(wrong.code, 2) << command[0];
    EXPECT_TRUE(holds(wrong.err,
                      "class wasp: there is no such name or number; this generator knows 0, 1 (2), 2 (10), 3 (bee)"));
  }
  EXPECT_FALSE(fs::exists(at("y.png")));
  EXPECT_FALSE(fs::exists(at("y.gif")));
}

TEST_F(Classes, ATestSplitWithoutOneIsJudgedAndMapped) {
  for (const char* name : {"ant", "bee", "cat"})
    write_class(std::string("set/train/") + name, 20, 80 * (name[0] - 'a'));
  write_class("set/test/ant", 60, 0);
  write_class("set/test/cat", 60, 160);
  write_class("set/test/wasp", 3, 99);
  const Result shown = run({"data", "show", at("set").string(), "--split", "test", "--image-size", "8"});
  EXPECT_TRUE(
      holds(shown.out, "the class \"wasp\" is not among those of the training split: its 3 samples are left out"));
  EXPECT_TRUE(holds(shown.out, "number  class"));
  const Result json = run({"data", "show", at("set").string(), "--split", "test", "--image-size", "8", "--json"});
  EXPECT_EQ(json.json().at("classes"), (std::vector<int>{60, 0, 60}));

  ASSERT_EQ(train_on("a", "set").code, 0);
  const Result evaluated = run({"evaluate", "a", "--json", "--n", "100", "--measures", "modes,class_accuracy"});
  ASSERT_EQ(evaluated.code, 0) << evaluated.err;
  EXPECT_TRUE(holds(evaluated.err, "wasp"));
  EXPECT_TRUE(holds(run({"map", "a", "--class", "bee", "--resolution", "5"}).out, "1  bee"));
  const Result walk = run({"interpolate", "a", "--from", "3", "--to", "8", "--class", "cat", "-o", "x.png"});
  EXPECT_EQ(walk.code, 0) << walk.err;
  EXPECT_TRUE(holds(walk.out, "pictures of class 2 (cat) from seed 3 to seed 8"));
}

TEST_F(Classes, OneWithoutAnExampleIsNone) {
  NamedTensors arrays;
  arrays["x"] = Tensor(DType::u8, {24, 8, 8});
  std::vector<std::int64_t> labels;
  for (int i = 0; i < 24; ++i) labels.push_back(1 + i % 3);
  arrays["y"] = Tensor::of<std::int64_t>({24}, labels);
  write_npz(at("from1.npz"), arrays);
  ASSERT_EQ(train_on("a", "from1.npz").code, 0);
  EXPECT_TRUE(holds(run({"sample", "a", "-o", "x.png"}).out, "of the classes 0 (1), 1 (2), 2 (3) in turn"));
  EXPECT_EQ(sampled("a", "3"), (std::vector<int>{2, 2}));
  EXPECT_EQ(run({"sample", "a", "-o", "x.png", "--class", "4"}).code, 2);
}

// S-INK I9: a worker that has only some of the classes knows the names of all.
TEST_F(Classes, APartByClassHasThoseOfTheOthersToo) {
  for (const char* name : {"ant", "bee", "cat"}) write_class(std::string("set/") + name, 8, 40);
  auto part = kConditional;
  part.insert(part.end(), {"--set", "data.part=2/2", "--set", "data.part_by=class"});
  const Result trained = train_on("a", "set", part);
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_TRUE(holds(run({"sample", "a", "-o", "x.png"}).out, "of the classes 0 (ant), 1 (bee), 2 (cat) in turn"));
  for (const auto& [key, word] :
       {std::pair{"data.part=3/2", "found \"3/2\""}, std::pair{"data.part=1/4", "too few for 4 parts"},
        std::pair{"data.part_by=writer", "needs data that know their writers"}}) {
    auto wrong = part;
    wrong.insert(wrong.end(), {"--set", key});
    const Result refused = train_on("b", "set", wrong);
    EXPECT_EQ(refused.code, 2) << key;
    EXPECT_TRUE(holds(refused.err, word)) << refused.err;
  }
  EXPECT_FALSE(fs::exists(run_path("b")));
}

TEST_F(Classes, WhatCannotBeLearntTakesNoName) {
  write_class("flat", 12, 50);
  for (const char* name : {"ant", "bee", "cat"}) write_class(std::string("set/") + name, 6, 40);
  const Result map = train_on("a", "flat", {"--set", "evaluate.map_every=1"});
  EXPECT_EQ(map.code, 2);
  EXPECT_TRUE(holds(map.err, "evaluate.map_every: a map is coloured by two classes or more"));
  auto few = kConditional;
  few.insert(few.end(), {"--set", "data.limit=2"});
  const Result limited = train_on("a", "set", few);
  EXPECT_EQ(limited.code, 2);
  EXPECT_TRUE(holds(limited.err, "there is no example of the class"));
  const Result head = train_on("a", "set", {"--set", "discriminator.auxiliary=true"});
  EXPECT_EQ(head.code, 2);
  EXPECT_TRUE(holds(head.err, "the discriminator predicts the class"));
  EXPECT_FALSE(fs::exists(run_path("a")));
  EXPECT_EQ(train_on("a", "set").code, 0) << "the name is free";
}

}  // namespace
}  // namespace ganymede::cli
