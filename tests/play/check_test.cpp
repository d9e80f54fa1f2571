#include "play/check.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace ganymede::play {
namespace {

Tensor of(std::vector<float> values) {
  return Tensor::of<float>({static_cast<std::int64_t>(values.size())}, values);
}

TEST(Deviations, AreRelativeToTheReferencesNorm) {
  const auto list = deviations({{"generator.a", of({3, 4.5F})}}, {{"generator.a", of({3, 4})}});
  ASSERT_EQ(list.size(), 1U);
  EXPECT_NEAR(list[0].difference, 0.5 / 5, 1e-12);
}

TEST(Deviations, HaveAFloorOfAThousandthOfTheLargestNormInTheNetwork) {
  const NamedTensors wanted{{"generator.a", of({1000})},
                            {"generator.b", of({0})},
                            {"discriminator.a", of({1})},
                            {"discriminator.b", of({0})}};
  NamedTensors found = wanted;
  found["generator.b"] = of({0.5F});
  found["discriminator.b"] = of({0.5F});
  const auto list = deviations(found, wanted);
  EXPECT_EQ(list[0].name, "discriminator.b") << "from the worst on";
  EXPECT_NEAR(list[0].difference, 500, 1e-9);
  EXPECT_EQ(list[1].name, "generator.b");
  EXPECT_NEAR(list[1].difference, 0.5, 1e-9);
  EXPECT_EQ(list[2].difference, 0);
}

TEST(Deviations, OfSomeTensorsMayHaveAFloorOfTheirOwn) {
  const NamedTensors found{{"discriminator.bias", of({2e-5F})}, {"discriminator.two", of({2e-5F, 0})}};
  const NamedTensors wanted{{"discriminator.bias", of({1e-5F})}, {"discriminator.two", of({1e-5F, 0})}};
  const auto list = deviations(found, wanted, {{"discriminator.bias", 1e-3}});
  EXPECT_EQ(list[0].name, "discriminator.two");
  EXPECT_NEAR(list[0].difference, 1, 1e-6) << "its own norm";
  EXPECT_NEAR(list[1].difference, 1e-5 / 1e-3, 1e-6);
}

TEST(Deviations, AreInfiniteWhereANumberIsNone) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(std::isinf(deviations({{"generator.a", of({nan})}}, {{"generator.a", of({1})}})[0].difference));
}

TEST(Deviations, RefuseATensorThatOneSideHasNot) {
  EXPECT_THROW(deviations({}, {{"generator.a", of({1})}}), DataError);
  EXPECT_THROW(deviations({{"generator.a", of({1})}}, {}), DataError);
  EXPECT_THROW(deviations({{"generator.a", of({1, 2})}}, {{"generator.a", of({1})}}), DataError);
}

}  // namespace
}  // namespace ganymede::play
