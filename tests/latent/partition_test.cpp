#include "latent/partition.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <limits>
#include <string>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/fresh_folder.hpp"
#include "base/mutate.hpp"
#include "base/philox.hpp"
#include "tensor/npy.hpp"
#include "tensor/safetensors.hpp"

namespace ganymede::latent {
namespace {

std::string refusal(const std::filesystem::path& path) {
  try {
    read_partition(path);
  } catch (const DataError& error) {
    return error.what();
  }
  return "nothing was refused";
}

Partition with(Tensor centroids) {
  return {.centroids = std::move(centroids), .seed = 1};
}

TEST(Partition, IsDrawnFromItsNamedStream) {
  const Partition p = make_partition(4, 7, 99);
  std::vector<float> wanted(7);
  Random(99, "latent.partition").normal(2, wanted);
  EXPECT_TRUE(std::ranges::equal(p.centroid(2), wanted));
}

TEST(Partition, OfMoreClassesBeginsWithTheSameCentroids) {
  const Partition few = make_partition(3, 10, 5), more = make_partition(8, 10, 5);
  for (int k = 0; k < 3; ++k) EXPECT_TRUE(std::ranges::equal(few.centroid(k), more.centroid(k)));
}

TEST(Partition, ComesBackFromSafetensorsAndNpz) {
  const ganymede::testing::FreshFolder folder;
  const Partition p = make_partition(39, 100, ~std::uint64_t{0} - 5);
  for (const char* name : {"p.safetensors", "p.npz"}) {
    write_partition(folder / name, p);
    EXPECT_EQ(read_partition(folder / name), p) << name;
  }
}

TEST(Partition, EqualOnesAreEqualFiles) {
  const ganymede::testing::FreshFolder folder;
  write_partition(folder / "a.safetensors", make_partition(5, 3, 1));
  write_partition(folder / "b.safetensors", make_partition(5, 3, 1));
  EXPECT_EQ(read_file(folder / "a.safetensors"), read_file(folder / "b.safetensors"));
}

TEST(Partition, RefusesFilesThatAreNone) {
  const ganymede::testing::FreshFolder folder;
  const auto path = folder / "p.safetensors";
  write_safetensors(path, {{"other", Tensor(DType::f32, {2, 2})}});
  EXPECT_NE(refusal(path).find("lack \"schema\""), std::string::npos) << refusal(path);
  write_partition(path, make_partition(2, 3, 1));
  std::string bytes = read_file(path);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  write_file_atomically(path, bytes);
  EXPECT_NE(refusal(path).find("checksum"), std::string::npos) << refusal(path);
  write_npz(folder / "p.npz", {{"x", Tensor(DType::f32, {2, 2})}});
  EXPECT_NE(refusal(folder / "p.npz").find("\"centroids\""), std::string::npos);
}

TEST(Partition, RefusesCentroidsThatMakeNoCells) {
  const ganymede::testing::FreshFolder folder;
  const auto path = folder / "p.safetensors";
  write_partition(path, with(Tensor(DType::f32, {2, 3})));
  EXPECT_NE(refusal(path).find("classes 0 and 1 have the same centroid"), std::string::npos) << refusal(path);
  write_partition(path, with(Tensor(DType::f64, {2, 3})));
  EXPECT_NE(refusal(path).find("f32 [K, Z]"), std::string::npos) << refusal(path);
  Partition p = make_partition(2, 3, 1);
  p.centroids.values<float>()[1] = std::numeric_limits<float>::infinity();
  write_partition(path, p);
  EXPECT_NE(refusal(path).find("not finite"), std::string::npos) << refusal(path);
}

TEST(Partition, RefusesImpossibleSizes) {
  EXPECT_THROW(make_partition(0, 3, 1), ConfigError);
  EXPECT_THROW(make_partition(3, 0, 1), ConfigError);
  EXPECT_THROW(make_partition(3, 100000, 1), ConfigError);
}

TEST(Partition, SurvivesMutatedFiles) {
  const ganymede::testing::FreshFolder folder;
  const auto path = folder / "p.safetensors";
  const Partition p = make_partition(3, 2, 1);
  write_partition(path, p);
  const std::string bytes = read_file(path);
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(1500);
  for (std::uint32_t i = 0; i < 2000 && std::chrono::steady_clock::now() < end; ++i) {
    RandomSequence random(Random(8, "test.mutate"), i);
    write_file_atomically(path, ganymede::testing::mutate(bytes, random));
    try {
      EXPECT_EQ(read_partition(path), p) << "a changed partition passed";
    } catch (const DataError&) {
    }
  }
}

TEST(NearestClass, IsTheOneByHand) {
  const std::vector<float> centroids{0, 0, 4, 0, 0, 3};
  const Partition p = with(Tensor::of<float>({3, 2}, std::span<const float>(centroids)));
  const auto of = [&](float x, float y) { return nearest_class(p, std::vector<float>{x, y}); };
  EXPECT_EQ(of(1.9f, 0), 0);
  EXPECT_EQ(of(2.1f, 0), 1);
  EXPECT_EQ(of(0, 1.6f), 2);
  EXPECT_EQ(of(2, 0), 0) << "a tie goes to the lowest";
}

}  // namespace
}  // namespace ganymede::latent
