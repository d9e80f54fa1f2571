#include "evaluate/given_features.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <functional>

#include "base/error.hpp"
#include "base/fresh_folder.hpp"
#include "base/mutate.hpp"
#include "tensor/npy.hpp"

namespace ganymede::evaluate {
namespace {

using ganymede::testing::FreshFolder;
using ganymede::testing::mutate;

std::string message_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const DataError& error) {
    return error.what();
  }
  return "no error";
}

Tensor two_by_three(float last = 6) {
  return Tensor::of<float>({2, 3}, std::vector<float>{1, 2, 3, 4, 5, last});
}

std::string fault_of(const Tensor& array) {
  return message_of([&] { features_in(array, "a.npy"); });
}

void write_bytes(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

/// An NPY file as NumPy writes it.
std::string npy(const std::string& type, bool fortran, const std::string& shape, const std::string& data) {
  const std::string head =
      "{'descr': '" + type + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': " + shape + ", }\n";
  return std::string("\x93NUMPY\x01\0", 8) + static_cast<char>(head.size()) + '\0' + head + data;
}

template <class T>
std::string raw(std::initializer_list<T> values) {
  return {reinterpret_cast<const char*>(std::data(values)), values.size() * sizeof(T)};
}

TEST(GivenFeatures, AreTheSameOfEitherTypeAndOrder) {
  const FreshFolder folder;
  const std::vector<float> wanted{1, 2, 3, 4, 5, 6};
  const std::uint32_t crc = features_in(two_by_three(), "a").crc32;
  for (const auto& bytes : {npy("<f4", false, "(2, 3)", raw<float>({1, 2, 3, 4, 5, 6})),
                            npy("<f4", true, "(2, 3)", raw<float>({1, 4, 2, 5, 3, 6})),
                            npy("<f8", false, "(2, 3)", raw<double>({1, 2, 3, 4, 5, 6})),
                            npy("<f8", true, "(2, 3)", raw<double>({1, 4, 2, 5, 3, 6})),
                            npy("<f4", false, "(2, 3, 1, 1)", raw<float>({1, 2, 3, 4, 5, 6}))}) {
    write_bytes(folder / "a.npy", bytes);
    const GivenFeatures given = read_features(folder / "a.npy");
    EXPECT_EQ(given.rows.values, wanted);
    EXPECT_EQ(given.rows.dim, 3);
    EXPECT_EQ(given.crc32, crc);
  }
  EXPECT_NE(features_in(two_by_three(7), "a").crc32, crc);
  EXPECT_NE(features_in(two_by_three().reshaped({3, 2}), "a").crc32, crc) << "the same numbers in other rows";
}

TEST(GivenFeatures, NameTheValueThatIsNoNumber) {
  EXPECT_EQ(fault_of(two_by_three(NAN)),
            "a.npy: row 1, column 2 (both from 0) is nan; wanted finite numbers up to 1e+15 in size");
  EXPECT_EQ(fault_of(two_by_three(-INFINITY)),
            "a.npy: row 1, column 2 (both from 0) is -inf; wanted finite numbers up to 1e+15 in size");
  EXPECT_NE(fault_of(Tensor::of<double>({1, 2}, std::vector<double>{0, 1e300})).find("row 0, column 1"),
            std::string::npos)
      << "an f8 beyond what f4 holds";
}

TEST(GivenFeatures, RefuseOtherArrays) {
  for (const Tensor& array : {Tensor(DType::f32, {6}), Tensor(DType::f32, {2, 3, 2}), Tensor(DType::f32, {2, 1, 3}),
                              Tensor(DType::u8, {2, 3}), Tensor(DType::i64, {2, 3}), Tensor(DType::f32, {})}) {
    EXPECT_TRUE(fault_of(array).starts_with("a.npy: wanted features f4 or f8 [N, F]")) << fault_of(array);
  }
  EXPECT_EQ(fault_of(Tensor(DType::f32, {0, 3})), "a.npy: it holds no features: its shape is [0, 3]");
  EXPECT_EQ(fault_of(Tensor(DType::f32, {3, 0})), "a.npy: it holds no features: its shape is [3, 0]");
}

TEST(GivenFeatures, RefuseEveryTruncation) {
  const FreshFolder folder;
  const std::string bytes = to_npy(two_by_three());
  for (std::size_t size = 0; size < bytes.size(); size += 3) {
    write_bytes(folder / "a.npy", bytes.substr(0, size));
    const std::string fault = message_of([&] { read_features(folder / "a.npy"); });
    EXPECT_TRUE(fault.starts_with((folder / "a.npy").string())) << size << ": " << fault;
  }
  EXPECT_THROW(read_features(folder / "none.npy"), DataError);
}

TEST(GivenFeatures, OfMutatedFilesAreReadOrRefused) {
  RandomSequence random(Random(5, "fuzz"), 0);
  const std::string files[] = {npy("<f4", true, "(2, 3)", raw<float>({1, 4, 2, 5, 3, 6})),
                               npy("<f8", false, "(2, 3)", raw<double>({1, 2, 3, 4, 5, 6}))};
  int refused = 0;
  for (int i = 0; i < 20000; ++i) {
    try {
      const GivenFeatures given = features_in(parse_npy(mutate(files[i % 2], random), "a.npy"), "a.npy");
      ASSERT_EQ(given.rows.count() * given.rows.dim, std::ssize(given.rows.values));
      for (const float v : given.rows.values) ASSERT_TRUE(std::isfinite(v));
    } catch (const DataError&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 5000);
  EXPECT_LT(refused, 20000);
}

TEST(GivenProbabilities, AreTheSoftmaxOfLogits) {
  const FreshFolder folder;
  write_npy(folder / "l.npy", Tensor::of<float>({2, 2}, std::vector<float>{0, 0, 0, std::log(3.F)}));
  const measure::FeatureMatrix p = read_probabilities(folder / "l.npy", true);
  EXPECT_FLOAT_EQ(p.values[0], .5F);
  EXPECT_FLOAT_EQ(p.values[3], .75F);
}

TEST(GivenProbabilities, NameTheRowThatIsNoDistribution) {
  const FreshFolder folder;
  const auto fault = [&](std::vector<float> values, const Shape& shape) {
    write_npy(folder / "p.npy", Tensor::of<float>(shape, values));
    return message_of([&] { read_probabilities(folder / "p.npy", false); });
  };
  EXPECT_NE(fault({.5F, .5F, .5F, .6F}, {2, 2}).find("row 1 (from 0) is no distribution"), std::string::npos);
  EXPECT_NE(fault({1.5F, -.5F, .5F, .5F}, {2, 2}).find("row 0 (from 0) is no distribution"), std::string::npos);
  EXPECT_NE(fault({1, 1}, {2, 1}).find("two classes or more"), std::string::npos);
}

}  // namespace
}  // namespace ganymede::evaluate
