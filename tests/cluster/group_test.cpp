#include "cluster/group.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <mutex>

#include "base/philox.hpp"
#include "cluster/thread_group.hpp"

namespace ganymede::cluster {
namespace {

// Numbers of very different size, whose sum depends on the order.
std::vector<float> numbers_of(int leaf, std::size_t count) {
  std::vector<float> values(count), scale(count);
  Random(7, "numbers").normal(static_cast<std::uint32_t>(leaf), values);
  Random(8, "scale").uniform(static_cast<std::uint32_t>(leaf), scale);
  for (std::size_t i = 0; i < count; ++i) values[i] *= scale[i] < 0.5F ? 1e-4F : 1e3F;
  return values;
}

// The tree by its definition: the sum of the left half and that of the right half.
float tree(int first, int count, std::size_t i, std::size_t size) {
  if (count == 1) return numbers_of(first, size)[i];
  return tree(first, count / 2, i, size) + tree(first + count / 2, count / 2, i, size);
}

TEST(SumInTree, IsTheTreeOfTheRanksForEveryNumber) {
  for (const int size : {1, 2, 4, 8}) {
    for (const std::size_t count : {1U, 2U, 3U, 7U, 64U, 101U}) {
      std::mutex mutex;
      together(size, [&](Group& group) {
        std::vector<float> values = numbers_of(group.rank(), count);
        sum_in_tree(group, values);
        const std::scoped_lock lock(mutex);
        for (std::size_t i = 0; i < count; ++i) {
          EXPECT_EQ(values[i], tree(0, size, i, count)) << size << " processes, number " << i << " of " << count;
        }
      });
    }
  }
}

TEST(SumInTree, SendsEachNumberLessThanTwice) {
  const std::size_t count = 1024;
  for (const int size : {2, 4, 8}) {
    const std::int64_t bytes = together(size, [&](Group& group) {
      std::vector<float> values(count, 1.0F);
      sum_in_tree(group, values);
    });
    EXPECT_EQ(bytes, 2 * (size - 1) * static_cast<std::int64_t>(count * sizeof(float))) << size;
  }
}

TEST(SumInTree, AddsDoublesLikewise) {
  together(4, [&](Group& group) {
    std::vector<double> values{std::pow(10.0, 8 * group.rank()), 1.0};
    sum_in_tree(group, std::span(values));
    EXPECT_EQ(values[0], (1.0 + 1e8) + (1e16 + 1e24));
    EXPECT_EQ(values[1], 4.0);
  });
}

TEST(SumInTree, RefusesThreeProcesses) {
  EXPECT_THROW(together(3,
                        [&](Group& group) {
                          std::vector<float> values(8);
                          sum_in_tree(group, values);
                        }),
               ConfigError);
}

TEST(AnyOf, CollectsTheBitsOfAllWhateverTheirNumber) {
  for (const int size : {1, 2, 3, 4, 5, 8}) {
    together(size, [&](Group& group) {
      EXPECT_EQ(any_of(group, 1U << group.rank()), (1U << size) - 1) << size;
      EXPECT_EQ(any_of(group, 0), 0U);
    });
  }
}

TEST(Texts, GoFromEachToAllAndFromTheFirst) {
  for (const int size : {1, 2, 3, 4}) {
    together(size, [&](Group& group) {
      const std::vector<std::string> texts = all_texts(group, std::string(static_cast<std::size_t>(group.rank()), 'a'));
      ASSERT_EQ(std::ssize(texts), size);
      for (int i = 0; i < size; ++i) {
        EXPECT_EQ(texts[static_cast<std::size_t>(i)], std::string(static_cast<std::size_t>(i), 'a'));
      }
      EXPECT_EQ(text_of_first(group, "of " + std::to_string(group.rank())), "of 0");
    });
  }
}

}  // namespace
}  // namespace ganymede::cluster
