#include "explore/latent_lines.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "base/error.hpp"
#include "explore/tiny.hpp"
#include "explore/weights.hpp"

namespace ganymede::explore {
namespace {

double share_below(double z) {
  return 0.5 * std::erfc(-z / std::sqrt(2.0));
}

TEST(LatentLines, OfAPlaneHaveEqualMassBetweenThem) {
  const LatentLines lines = latent_lines({.dim = 2, .kind = latent::PriorKind::normal});
  ASSERT_EQ(lines.lines, 48);
  const std::size_t each = lines.z.size() / 48;
  for (std::size_t i = 0; i < 24; ++i) {
    const float* along_x = &lines.z[i * each];
    EXPECT_NEAR(share_below(along_x[1]), (static_cast<double>(i) + 0.5) / 24, 1e-6);
    EXPECT_EQ(along_x[1], along_x[each - 1]) << "straight";
    EXPECT_NEAR(share_below(along_x[0]), 1.0 / 2000, 1e-6);
    EXPECT_NEAR(share_below(along_x[each - 2]), 1 - 1.0 / 2000, 1e-6);
    const float* along_y = &lines.z[(24 + i) * each];
    EXPECT_EQ(along_y[0], along_x[1]);
  }
}

TEST(LatentLines, KnowUniformAndTruncatedPriors) {
  const LatentLines line = latent_lines({.dim = 1, .kind = latent::PriorKind::uniform});
  EXPECT_EQ(line.lines, 1);
  EXPECT_NEAR(line.z.front(), -1 + 1.0 / 1000, 1e-6);
  EXPECT_NEAR(line.z.back(), 1 - 1.0 / 1000, 1e-6);
  const LatentLines near = latent_lines({.dim = 2, .kind = latent::PriorKind::normal, .truncation = 0.5});
  for (const float z : near.z) EXPECT_LT(std::abs(z), 0.5);
  EXPECT_THROW(latent_lines({.dim = 3, .kind = latent::PriorKind::normal}), ConfigError);
}

TEST(Manifold, IsWhatGMakesOfTheLines) {
  testing::TinyRuns tiny;
  tiny.train_on_points("ring", 128);
  tiny.recipe.train.epochs = 1;
  const run::RunDirectory run = tiny.train("a");
  TrainedGenerator generator(*tiny.session.backend, load_weights(run).snapshot, run.path(), 1);
  const auto images = manifold_of(generator);
  ASSERT_EQ(images.size(), 48U);
  const LatentLines lines = latent_lines({.dim = 2, .kind = latent::PriorKind::normal});
  const std::size_t each = lines.z.size() / 48;
  const Tensor seventh = generator.draw(std::span(lines.z).subspan(7 * each, each), {});
  EXPECT_TRUE(std::ranges::equal(images[7], seventh.values<float>()));
}

}  // namespace
}  // namespace ganymede::explore
