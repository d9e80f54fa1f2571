#include "fit/fit_mark.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "base/fresh_folder.hpp"

namespace ganymede::fit {
namespace {

TEST(FitMark, IsSeenAsLongAsItLives) {
  const ganymede::testing::FreshFolder folder;
  const auto file = folder / "a.safetensors";
  EXPECT_FALSE(fit_under_way(file));
  {
    FitMark mark(file);
    ASSERT_TRUE(fit_under_way(file));
    EXPECT_EQ(fit_under_way(file)->total, 0) << "not known yet";
    mark.show(3, 10);
    EXPECT_EQ(fit_under_way(file)->done, 3);
    EXPECT_EQ(fit_under_way(file)->total, 10);
    mark.show(4, 10);
    EXPECT_EQ(fit_under_way(file)->done, 3) << "four times a second at most";
    FitMark second(file);
    second.show(9, 10);
    EXPECT_EQ(fit_under_way(file)->done, 3) << "a second fit of the same does not show itself";
    std::ofstream(folder / "a.safetensors.progress") << "many";
    EXPECT_EQ(fit_under_way(file)->total, 0);
  }
  EXPECT_FALSE(fit_under_way(file));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  FitMark nowhere(folder / "missing" / "b.safetensors");
  nowhere.show(1, 2);
}

}  // namespace
}  // namespace ganymede::fit
