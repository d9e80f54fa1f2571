#include "data/stacked_digits.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "data/files/idx.hpp"
#include "data/helpers.hpp"
#include "data/sources.hpp"
#include "data/synthetic/builtin.hpp"
#include "data/synthetic/synthetic_digits.hpp"

namespace ganymede::data {
namespace {

std::span<const std::uint8_t> channel(const Dataset& d, std::int64_t i, std::size_t c) {
  return d.image(i).subspan(c * kDigitPixels, kDigitPixels);
}

TEST(StackedDigits, AreThreeDigitsThatTheirClassNames) {
  const Dataset d = stacked_digits("builtin-digits", Split::train, 50, {});
  EXPECT_EQ(d.images.shape(), (Shape{50, 3, 28, 28}));
  ASSERT_EQ(d.class_count(), 1000);
  EXPECT_EQ(d.class_names[73], "073");
  EXPECT_EQ(digits_of(73), (std::array<int, 3>{0, 7, 3}));
  EXPECT_EQ(digits_of(905), (std::array<int, 3>{9, 0, 5}));
  std::vector<std::uint8_t> drawn(kDigitPixels);
  for (std::int64_t i = 0; i < d.size(); ++i) {
    for (std::size_t c = 0; c < 3; ++c) {
      draw_digit(kBuiltinTrainSeed, static_cast<std::uint64_t>(3 * i) + c,
                 digits_of(d.labels[static_cast<std::size_t>(i)])[c], drawn);
      EXPECT_TRUE(std::ranges::equal(channel(d, i, c), drawn)) << i << " " << c;
    }
  }
}

TEST(StackedDigits, DependOnSplitAndIndexAlone) {
  const Dataset few = stacked_digits("builtin-digits", Split::train, 5, {}),
                more = stacked_digits("builtin-digits", Split::train, 9, {}),
                other = stacked_digits("builtin-digits", Split::test, 5, {});
  EXPECT_EQ(first_images(more, 5).images, few.images);
  EXPECT_NE(other.labels, few.labels);
}

// 1,000 classes that are equally likely: chi squared of 999 degrees, and of each channel's digits of 9.
TEST(StackedDigits, HaveEveryClassEquallyOften) {
  const Dataset d = stacked_digits("builtin-digits", Split::train, 8000, {});
  std::vector<double> counts(1000, 0), digits(30, 0);
  for (const std::int32_t label : d.labels) {
    ++counts[static_cast<std::size_t>(label)];
    for (std::size_t c = 0; c < 3; ++c) ++digits[10 * c + static_cast<std::size_t>(digits_of(label)[c])];
  }
  double squared = 0;
  for (const double n : counts) squared += (n - 8) * (n - 8) / 8;
  EXPECT_NEAR(squared, 999, 4 * std::sqrt(2 * 999.0));
  for (const double n : digits) EXPECT_NEAR(n, 800, 4 * std::sqrt(800 * .9));
}

/// Bright squares: digit k of example e has level 10 k + e everywhere.
class SomeMnist {
 public:
  SomeMnist() {
    Tensor images(DType::u8, {20, 28, 28}), labels(DType::u8, {20});
    for (std::size_t i = 0; i < 20; ++i) {
      labels.values<std::uint8_t>()[i] = static_cast<std::uint8_t>(i % 10);
      std::ranges::fill(images.values<std::uint8_t>().subspan(i * kDigitPixels, kDigitPixels),
                        static_cast<std::uint8_t>(10 * (i % 10) + i / 10));
    }
    std::filesystem::create_directories(folder_ / "mnist");
    for (const char* split : {"train", "t10k"}) {
      write_idx(folder_ / "mnist" / (std::string(split) + "-images-idx3-ubyte"), images);
      write_idx(folder_ / "mnist" / (std::string(split) + "-labels-idx1-ubyte"), labels);
    }
  }
  std::vector<SearchPlace> places() const { return {{folder_.path(), "--data"}}; }

 private:
  FreshFolder folder_;
};

TEST(StackedDigits, OfMnistAreExamplesOfTheirDigits) {
  const SomeMnist mnist;
  const Source* source = find_source(kStackedMnist);
  ASSERT_NE(source, nullptr);
  const Dataset d = source->open(Split::train, mnist.places(), {.builtin_count = 60});
  EXPECT_EQ(d.size(), 60);
  EXPECT_EQ(d.provenance.name, "stacked-mnist");
  EXPECT_EQ(d.provenance.files.size(), 2U);
  bool first = false, second = false;
  for (std::int64_t i = 0; i < d.size(); ++i) {
    for (std::size_t c = 0; c < 3; ++c) {
      const int level = channel(d, i, c)[0];
      EXPECT_EQ(level / 10, digits_of(d.labels[static_cast<std::size_t>(i)])[c]);
      (level % 10 == 0 ? first : second) = true;
    }
  }
  EXPECT_TRUE(first && second) << "of both examples of a digit";
}

TEST(StackedDigits, SayWhatHelpsWhereMnistIsMissing) {
  const std::string missing = message_of<DataError>([] { stacked_digits("mnist", Split::train, 1, {}); });
  EXPECT_NE(missing.find("data.digits=builtin-digits"), std::string::npos) << missing;
  EXPECT_THROW(stacked_digits("builtin-digits", Split::train, 0, {}), ConfigError);
  EXPECT_THROW(stacked_digits("unipen", Split::train, 1, {}), ConfigError);
}

}  // namespace
}  // namespace ganymede::data
