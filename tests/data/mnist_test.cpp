// The real MNIST, where it is at hand.
#include "base/file.hpp"
#include "data/batches.hpp"
#include "data/catalogue.hpp"
#include "data/files/fetch.hpp"
#include "data/helpers.hpp"
#include "data/summary.hpp"

namespace ganymede::data {
namespace {

class Mnist : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto folder = shared_data();
    if (!folder || !holds_idx_files(*folder / "mnist")) GTEST_SKIP() << "no MNIST in the folder for test data";
    places_ = {{*folder, "--data"}};
  }
  std::vector<SearchPlace> places_;
};

TEST_F(Mnist, HasItsPublishedCounts) {
  const Dataset train = open_dataset("mnist", Split::train, places_);
  EXPECT_EQ(train.images.shape(), (Shape{60000, 1, 28, 28}));
  EXPECT_EQ(class_histogram(train),
            (std::vector<std::int64_t>{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949}));
  const std::vector<std::int32_t> first(train.labels.begin(), train.labels.begin() + 10);
  EXPECT_EQ(first, (std::vector<std::int32_t>{5, 0, 4, 1, 9, 2, 1, 3, 1, 4}));
  // Widely printed as MNIST's mean 0.1307 and deviation 0.3081.
  const Summary s = summarize(train);
  EXPECT_NEAR(s.mean, 0.1307, 5e-5);
  EXPECT_NEAR(s.deviation, 0.3081, 5e-5);
}

TEST_F(Mnist, HasItsTestSplit) {
  const Dataset test = open_dataset("mnist", Split::test, places_);
  EXPECT_EQ(test.images.shape(), (Shape{10000, 1, 28, 28}));
  EXPECT_EQ(test.labels[0], 7);
  EXPECT_EQ(test.class_count(), 10);
}

TEST_F(Mnist, HasTheChecksumsThatFetchWants) {
  for (const RemoteFile& file : mnist_files()) {
    const auto path = places_[0].folder / "mnist" / file.name;
    if (!std::filesystem::exists(path)) continue;
    EXPECT_EQ(md5_of_content(read_file(path), file.name), file.md5) << file.name;
  }
}

TEST_F(Mnist, FallsIntoBatches) {
  const Dataset train = open_dataset("mnist", Split::train, places_);
  Batches batches(train, 256, LastBatch::keep, 1);
  EXPECT_EQ(batches.batches(), 235);
  std::vector<float> images(256 * 784);
  std::vector<std::int32_t> labels(256);
  EXPECT_EQ(batches.fill(0, 234, images, labels), 96);
  EXPECT_EQ(images[0], -1.0f);  // a corner of the picture
}

}  // namespace
}  // namespace ganymede::data
