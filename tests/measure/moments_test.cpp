#include "measure/moments.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/fresh_folder.hpp"
#include "base/mutate.hpp"
#include "measure/sets.hpp"

namespace ganymede::measure {
namespace {

using testing::gaussian;
using testing::rows;

TEST(Moments, AreThoseByHandWithNMinusOne) {
  ThreadPool pool(2);
  const Moments found = moments_of(rows(2, {0, 1, 2, 5, 4, 0}), pool);
  EXPECT_EQ(found.count, 3);
  EXPECT_EQ(found.mean, (std::vector<double>{2, 2}));
  EXPECT_EQ(found.covariance, (std::vector<double>{4, -1, -1, 7}));
}

TEST(Moments, DoNotDependOnHowRowsComeOrOnThreads) {
  ThreadPool one(1), three(3);
  const FeatureMatrix all = gaussian(1000, 130, 1);
  const Moments wanted = moments_of(all, one);
  EXPECT_EQ(wanted, moments_of(all, three));
  MomentAccumulator pieces(130);
  for (std::int64_t at = 0, step = 1; at < 1000; at += step, step = std::min<std::int64_t>(2 * step, 1000 - at)) {
    pieces.add(all.view().slice(at, std::min(step, 1000 - at)), three);
  }
  EXPECT_EQ(wanted, pieces.moments());
}

TEST(Moments, OfMergedPartsAreThoseOfTheWhole) {
  ThreadPool pool(2);
  const FeatureMatrix all = gaussian(900, 5, 1, 100);
  MomentAccumulator first(5), second(5), empty(5);
  first.add(all.view().slice(0, 300), pool);
  second.add(all.view().slice(300, 600), pool);
  first.merge(second);
  first.merge(empty);
  empty.merge(first);
  const Moments wanted = moments_of(all, pool), found = empty.moments();
  EXPECT_EQ(found.count, 900);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(found.mean[i], wanted.mean[i], 1e-12);
  for (std::size_t i = 0; i < 25; ++i) EXPECT_NEAR(found.covariance[i], wanted.covariance[i], 1e-12);
}

TEST(Moments, KeepTheirDigitsUnderALargeOffset) {
  ThreadPool pool(1);
  FeatureMatrix far{.dim = 1};
  for (int i = 0; i < 4096; ++i) far.values.push_back(1e6F + static_cast<float>(i % 2));  // variance 1/4 N/(N - 1)
  EXPECT_NEAR(moments_of(far, pool).covariance[0], 0.25 * 4096 / 4095, 1e-13);
}

TEST(Moments, OverPositionsTakeEveryPositionForARow) {
  ThreadPool pool(2);
  // Two maps of two channels and three positions.
  const std::vector<float> maps{0, 1, 2, 10, 11, 12, 3, 4, 5, 20, 21, 22};
  MomentAccumulator positions(2);
  positions.add_positions(maps, 3, pool);
  EXPECT_EQ(positions.moments(), moments_of(rows(2, {0, 10, 1, 11, 2, 12, 3, 20, 4, 21, 5, 22}), pool));
  EXPECT_THROW(positions.add_positions(maps, 5, pool), ShapeError);
}

TEST(Moments, RejectOneSampleAndOtherLengths) {
  ThreadPool pool(1);
  MomentAccumulator a(2), b(3);
  a.add(rows(2, {1, 2}), pool);
  EXPECT_THROW(a.moments(), DataError);
  EXPECT_THROW(a.merge(b), ShapeError);
  EXPECT_THROW(a.add(rows(3, {1, 2, 3}), pool), ShapeError);
}

TEST(MomentsFile, GivesBackWhatWasWritten) {
  const ganymede::testing::FreshFolder folder;
  ThreadPool pool(2);
  const CachedMoments written{.moments = moments_of(gaussian(50, 7, 1), pool), .protocol = "digits_v1, test images"};
  write_moments(folder / "real.safetensors", written);
  const CachedMoments read = read_moments(folder / "real.safetensors");
  EXPECT_EQ(read.moments, written.moments);
  EXPECT_EQ(read.protocol, written.protocol);
}

TEST(MomentsFile, DamageIsADataErrorOrHarmless) {
  const ganymede::testing::FreshFolder folder;
  ThreadPool pool(1);
  const auto path = folder / "real.safetensors";
  const CachedMoments written{.moments = moments_of(gaussian(20, 3, 1), pool), .protocol = "p"};
  write_moments(path, written);
  const std::string bytes = read_file(path);
  int refused = 0;
  for (std::uint32_t i = 0; i < 150; ++i) {
    RandomSequence random(Random(8, "test.mutate"), i);
    write_file_atomically(path, ganymede::testing::mutate(bytes, random));
    try {
      EXPECT_EQ(read_moments(path).moments, written.moments);
    } catch (const DataError& error) {
      EXPECT_NE(std::string(error.what()).find("real.safetensors"), std::string::npos) << error.what();
      ++refused;
    }
  }
  EXPECT_GT(refused, 120);
}

}  // namespace
}  // namespace ganymede::measure
