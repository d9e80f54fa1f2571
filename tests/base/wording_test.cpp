#include "base/wording.hpp"

#include <gtest/gtest.h>

namespace ganymede {
namespace {

TEST(Counted, PutsOneInTheSingularAndNothingElse) {
  EXPECT_EQ(counted(1, "epoch"), "1 epoch");
  EXPECT_EQ(counted(0, "epoch"), "0 epochs");
  EXPECT_EQ(counted(1234, "epoch"), "1,234 epochs");
  EXPECT_EQ(counted(1, "batch"), "1 batch");
  EXPECT_EQ(counted(2, "batch"), "2 batches");
  EXPECT_EQ(counted(39, "class"), "39 classes");
}

TEST(Figure, TurnsToPowersFromAMillionOn) {
  EXPECT_EQ(figure(-12.5), "-12.500");
  EXPECT_EQ(figure(1e15), "1.000e+15");
}

}  // namespace
}  // namespace ganymede
