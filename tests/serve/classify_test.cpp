#include <cmath>

#include "serve/models.hpp"

namespace ganymede::serve {
namespace {

using Json = nlohmann::json;

struct Classify : ModelsServed {
  run::RunDirectory run = tiny.train("a");

  /// A picture of the run, as numbers from -1 to 1.
  std::vector<float> picture(int seed) const {
    const Answer answer = post("look", {{"run", "a"}, {"seed", seed}});
    std::vector<float> values;
    for (const std::uint8_t level : frames_of(answer.body).at(0).values<std::uint8_t>("picture"))
      values.push_back(static_cast<float>(level) / 127.5F - 1);
    return values;
  }
  Frame classify(const Json& body) const {
    const Answer answer = post("classify", body);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return frames_of(answer.body).at(0);
  }
  void refused(const Json& body, const std::string& sentence, int status = 400) const {
    const Answer answer = post("classify", body);
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_NE(answer.json().at("error").get<std::string>().find(sentence), std::string::npos) << answer.body;
  }
};

TEST_F(Classify, SaysOfAPictureWhatLookSays) {
  put_classifier();
  start();
  const Frame look = frames_of(post("look", {{"run", "a"}, {"seed", 1}, {"count", 3}}).body).at(0);
  const Frame found = classify({{"run", "a"}, {"pictures", {picture(1), picture(2), picture(3)}}});
  EXPECT_EQ(found.head.at("labels"), look.head.at("labels"));
  EXPECT_EQ(found.head.at("shape"), (Json{1, 8, 8}));
  const auto there = look.values<float>("probabilities"), here = found.values<float>("probabilities");
  ASSERT_EQ(here.size(), there.size());
  // Sent at 8-bit levels, while look judges what G gave.
  for (std::size_t i = 0; i < here.size(); ++i) EXPECT_NEAR(here[i], there[i], 0.02);
}

TEST_F(Classify, SlopesAreThoseOfPicturesWithOneValueMoved) {
  put_classifier();
  start();
  std::vector<float> plain = picture(1);
  plain[9] = 1;  // no room above: a step down
  const Frame found = classify({{"run", "a"}, {"pictures", plain}, {"slopes", {{"from", 0}, {"to", 2}}}});
  const auto slopes = found.values<float>("slopes");
  ASSERT_EQ(slopes.size(), 64U);
  double largest = 0;
  for (const int at : {0, 9, 27, 63}) {
    std::vector<float> moved = plain;
    const float step = moved[static_cast<std::size_t>(at)] > 0.9F ? -0.1F : 0.1F;
    moved[static_cast<std::size_t>(at)] += step;
    const auto p = classify({{"run", "a"}, {"pictures", {plain, moved}}}).values<float>("probabilities");
    const double before = std::log(p[2] / p[0]), after = std::log(p[5] / p[3]);
    EXPECT_NEAR(slopes[static_cast<std::size_t>(at)], (after - before) / step, 1e-4) << at;
    largest = std::max(largest, std::abs(after - before));
  }
  EXPECT_GT(largest, 1e-4) << "the classifier sees the values that were moved";
}

TEST_F(Classify, CutsWhatLiesBeyondAPicturesRange) {
  put_classifier();
  start();
  const Frame found = classify({{"run", "a"}, {"pictures", {std::vector<float>(64, 1), std::vector<float>(64, 7)}}});
  const auto p = found.values<float>("probabilities");
  for (std::size_t k = 0; k < 3; ++k) EXPECT_EQ(p[k], p[3 + k]);
}

TEST_F(Classify, RefusesWhatIsNoPicture) {
  put_classifier();
  start();
  const std::vector<float> one(64, 0);
  refused({{"run", "a"}}, "it is missing");
  refused({{"run", "a"}, {"pictures", std::vector<float>(63, 0)}}, "64");
  refused({{"run", "a"}, {"pictures", std::vector(65, one)}}, "64");
  refused({{"run", "a"}, {"pictures", one}, {"slopes", {{"from", 0}, {"to", 3}}}}, "to");
  refused({{"run", "a"}, {"pictures", one}, {"slopes", {{"from", 0}}}}, "\"to\" is missing");
  refused({{"run", "b"}, {"pictures", one}}, "b", 404);
}

TEST_F(Classify, WithoutAClassifierThereIsNothingToSay) {
  start();
  refused({{"run", "a"}, {"pictures", std::vector<float>(64, 0)}}, "no classifier", 409);
}

}  // namespace
}  // namespace ganymede::serve
