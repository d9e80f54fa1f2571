#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/enumerators.hpp"
#include "base/error.hpp"
#include "play/game.hpp"

namespace ganymede::play {
namespace {

using ganymede::testing::enumerators;

template <class E>
class Names : public ::testing::Test {
 public:
  static std::vector<std::pair<E, std::string>> all() { return enumerators<E>(); }
};
using Enums = ::testing::Types<Loss, UpdateOrder, Penalty, UnrollBatches, ShardStatistics, OptimizerKind, Schedule,
                               Augmentation, Precision>;
TYPED_TEST_SUITE(Names, Enums);

TYPED_TEST(Names, EveryEnumeratorHasOne) {
  const auto all = this->all();
  ASSERT_GE(all.size(), 2U);
  for (const auto& [value, spelling] : all) EXPECT_NO_THROW(name_of(value)) << spelling << " has no name in game.cpp";
  EXPECT_EQ(all.size(), names_of<TypeParam>().size());
}

TYPED_TEST(Names, AreThoseOfTheCodeAndLeadBack) {
  for (const auto& [value, spelling] : this->all()) {
    std::string name = name_of(value);
    std::ranges::replace(name, '-', '_');  // C++ has no names with hyphens
    if (spelling != "automatic") {         // `auto` is a word of C++
      EXPECT_EQ(name, spelling);
    }
    EXPECT_EQ(named<TypeParam>("key", name_of(value)), value);
  }
  const auto names = names_of<TypeParam>();
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
}

TEST(Names, AnUnknownOneIsAnErrorThatSaysWhatThereIs) {
  try {
    named<Loss>("game.loss", "wassertein");
    FAIL() << "no error";
  } catch (const ConfigError& error) {
    const std::string text = error.what();
    for (const char* part :
         {"game.loss", "\"wassertein\"", "non_saturating, saturating", "did you mean \"wasserstein\""})
      EXPECT_NE(text.find(part), std::string::npos) << text;
  }
  EXPECT_THROW(named<Precision>("train.precision", "f16"), ConfigError);
}

TEST(Threshold, IsWhereADiscriminatorIsUndecided) {
  EXPECT_EQ(threshold(Loss::non_saturating), 0);
  EXPECT_EQ(threshold(Loss::least_squares), 0.5) << "halfway between the targets 0 and 1";
  EXPECT_FALSE(threshold(Loss::wasserstein)) << "a critic's zero means nothing";
}

TEST(Augmentations, AreReadInTheirOrder) {
  EXPECT_EQ(augmentations(""), std::vector<Augmentation>{});
  EXPECT_EQ(augmentations("color,cutout"), (std::vector{Augmentation::brightness, Augmentation::saturation,
                                                        Augmentation::contrast, Augmentation::cutout}));
  EXPECT_THROW(augmentations("contrast,color"), ConfigError) << "twice";
  EXPECT_EQ(augmentations("translation,cutout, brightness"),
            (std::vector{Augmentation::translation, Augmentation::cutout, Augmentation::brightness}));
  for (const char* wrong : {"translate", "cutout,", ",cutout", "cutout,cutout", "cutout brightness", ","})
    EXPECT_THROW(augmentations(wrong), ConfigError) << wrong;
}

}  // namespace
}  // namespace ganymede::play
