#include "latent/survey.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ganymede::latent {
namespace {

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

TEST(Survey, OfThePriorHasTheNormsOfAGaussian) {
  const Partition p = make_partition(5, 100, 1);
  ClassSampler gaussian({.dim = 100}, {}, p);
  const Survey s = survey(gaussian, p, 2000, 1);
  EXPECT_EQ(s.components.size(), 200000u);
  EXPECT_NEAR(mean(s.norms), 9.975, 4 * 0.71 / std::sqrt(2000.0));  // chi with 100 degrees: mean 9.975, deviation 0.71
  EXPECT_NEAR(mean(s.along), 0, 4 / std::sqrt(2000.0));
}

// The finding that explains I8: the straight way to the centroid cuts through the hollow inside of the shell on which
// N(0, I) lives, and r near 1 stands on the centroid.
TEST(Survey, PartitionPullsZTowardsItsCentroid) {
  const Partition p = make_partition(39, 100, 1);
  ClassSampler gaussian({.dim = 100}, {}, p), partition({.dim = 100}, {.kind = SamplerKind::partition}, p),
      rejection({.dim = 100}, {.kind = SamplerKind::rejection}, p);
  const Survey g = survey(gaussian, p, 780, 1), a = survey(partition, p, 780, 1), r = survey(rejection, p, 780, 1);
  EXPECT_GT(mean(a.along), mean(r.along) + 1);
  EXPECT_LT(mean(a.norms), mean(g.norms) - 0.5);
  EXPECT_NEAR(mean(r.norms), mean(g.norms), 0.3);
  EXPECT_GT(r.draws.mean(), 10);
}

TEST(CellMasses, AddUpAndMatchAHandMadeCut) {
  const std::vector<float> centroids{-1, 0, 1, 0};
  const Partition halves{.centroids = Tensor::of<float>({2, 2}, std::span<const float>(centroids))};
  const auto masses = cell_masses(halves, 10000, 1);
  EXPECT_NEAR(masses[0] + masses[1], 1, 1e-9);
  EXPECT_NEAR(masses[0], 0.5, 4 * 0.005);
}

TEST(Centroids, NormsAndDistancesAreThoseByHand) {
  const std::vector<float> centroids{3, 4, 0, 0, 0, 8};
  const Partition p{.centroids = Tensor::of<float>({3, 2}, std::span<const float>(centroids))};
  EXPECT_EQ(centroid_norms(p), (std::vector<double>{5, 0, 8}));
  EXPECT_EQ(centroid_distances(p), (std::vector<double>{5, 5, 8}));
}

}  // namespace
}  // namespace ganymede::latent
