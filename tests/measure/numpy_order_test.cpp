#include "measure/numpy_order.hpp"

#include <gtest/gtest.h>

namespace ganymede::measure {
namespace {

using Order = std::vector<std::int64_t>;

// r = numpy.random.RandomState(2020); r.permutation(10), r.choice(1000, 5, replace=False), r.permutation(1),
// r.choice(7, 3, replace=False) of NumPy 2.4.
TEST(NumPyOrder, IsWhatNumPyDraws) {
  NumPyOrder order(2020);
  EXPECT_EQ(order.permutation(10), (Order{2, 4, 9, 1, 5, 7, 6, 3, 8, 0}));
  EXPECT_EQ(order.choice(1000, 5), (Order{358, 763, 430, 530, 677}));
  EXPECT_EQ(order.permutation(1), Order{0});
  EXPECT_EQ(order.choice(7, 3), (Order{4, 1, 2}));
  EXPECT_TRUE(order.permutation(0).empty());
}

}  // namespace
}  // namespace ganymede::measure
