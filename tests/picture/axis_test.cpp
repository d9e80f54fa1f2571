#include "picture/axis.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/philox.hpp"

namespace ganymede::picture {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<std::string> labels(const Axis& axis) {
  std::vector<std::string> out;
  for (const Tick& t : axis.ticks()) out.push_back(t.label);
  return out;
}

TEST(Axis, HasRoundTicks) {
  EXPECT_EQ(labels(Axis::linear({0, 1}, 5, 0, Axis::Zero::no)), (std::vector<std::string>{"0", "1"}));  // whole values
  EXPECT_EQ(labels(Axis::linear({0.0, 0.5, 0.9}, 5, 0, Axis::Zero::no)),
            (std::vector<std::string>{"0", "0.2", "0.4", "0.6", "0.8"}));
  EXPECT_EQ(labels(Axis::linear({0, 60000}, 3, 0, Axis::Zero::no)),
            (std::vector<std::string>{"0", "20,000", "40,000", "60,000"}));
  EXPECT_EQ(labels(Axis::linear({-0.1, 0.1}, 2, 0, Axis::Zero::no)), (std::vector<std::string>{"-0.1", "0", "0.1"}));
}

TEST(Axis, OfWholeNumbersHasNoTickBetweenThem) {
  EXPECT_EQ(labels(Axis::linear({1, 2, 3}, 10, 0, Axis::Zero::no)), (std::vector<std::string>{"1", "2", "3"}));
}

TEST(Axis, PlacesItsLimitsAtTheEnds) {
  const Axis axis = Axis::linear({2, 7, 4}, 5, 0, Axis::Zero::no);
  EXPECT_DOUBLE_EQ(axis.place(2), 0);
  EXPECT_DOUBLE_EQ(axis.place(7), 1);
  const Axis roomy = Axis::linear({2, 7, 4}, 5, 0.1, Axis::Zero::no);
  EXPECT_DOUBLE_EQ(roomy.place(2), 0.1 / 1.2);
}

TEST(Axis, ReachesToZeroAsAsked) {
  EXPECT_DOUBLE_EQ(Axis::linear({2, 8}, 5, 0.1, Axis::Zero::yes).place(0), 0);
  EXPECT_DOUBLE_EQ(Axis::linear({2, 8}, 5, 0.1, Axis::Zero::if_near).place(0), 0);
  EXPECT_LT(Axis::linear({7, 8}, 5, 0.1, Axis::Zero::if_near).place(0), 0);
  EXPECT_DOUBLE_EQ(Axis::linear({-2, -8}, 5, 0.1, Axis::Zero::yes).place(0), 1);
}

TEST(Axis, OfALogarithmHasDecades) {
  const Axis axis = Axis::logarithmic({0.001, 1000}, 6, 0);
  EXPECT_EQ(labels(axis), (std::vector<std::string>{"0.001", "0.01", "0.1", "1", "10", "100", "1,000"}));
  EXPECT_NEAR(axis.place(1), 0.5, 1e-12);
  EXPECT_FALSE(axis.shows(0));
  EXPECT_FALSE(axis.shows(-1));
}

TEST(Axis, OfFewDecadesHasTwosAndFives) {
  EXPECT_EQ(labels(Axis::logarithmic({0.3, 4}, 6, 0)), (std::vector<std::string>{"0.5", "1", "2"}));
}

TEST(Axis, LooksAtFiniteValuesOnly) {
  const Axis axis = Axis::linear({std::nan(""), 1, kInfinity, 3, -kInfinity}, 5, 0, Axis::Zero::no);
  EXPECT_DOUBLE_EQ(axis.place(3), 1);
  EXPECT_FALSE(axis.shows(std::nan("")));
  EXPECT_FALSE(axis.shows(kInfinity));
}

TEST(Axis, ShowsAConstantInTheMiddle) {
  for (const double v : {0.0, 5.0, -3e7})
    EXPECT_DOUBLE_EQ(Axis::linear({v, v}, 5, 0, Axis::Zero::no).place(v), 0.5) << v;
  EXPECT_NEAR(Axis::logarithmic({7, 7}, 5, 0).place(7), 0.5, 1e-9);
}

TEST(Axis, HasLimitsWithoutData) {
  EXPECT_DOUBLE_EQ(Axis::linear({}, 5, 0, Axis::Zero::no).place(0.25), 0.25);
  EXPECT_EQ(labels(Axis::logarithmic({-1, std::nan("")}, 5, 0)).back(), "1");
}

TEST(Axis, HoldsForAnyNumbers) {
  RandomSequence random(Random(2, "test"), 0);
  for (int i = 0; i < 2000; ++i) {
    std::vector<double> values(1 + random.below(4));
    for (double& v : values) v = random.normal() * std::pow(10, random.uniform(-300, 300));
    const int wanted = 3 + static_cast<int>(random.below(10));
    for (const Axis& axis :
         {Axis::linear(values, wanted, 0.05, Axis::Zero::if_near), Axis::logarithmic(values, wanted, 0.05)}) {
      ASSERT_LE(axis.ticks().size(), 4u * wanted + 8) << i;
      for (const double v : values) {
        ASSERT_TRUE(!axis.shows(v) || (axis.place(v) >= -1e-9 && axis.place(v) <= 1 + 1e-9)) << i << " " << v;
      }
      for (std::size_t t = 1; t < axis.ticks().size(); ++t) ASSERT_LT(axis.ticks()[t - 1].value, axis.ticks()[t].value);
    }
  }
}

TEST(TickLabel, WritesNumbersAsPeopleDo) {
  EXPECT_EQ(tick_label(0.30000000000000004, 0.1), "0.3");
  EXPECT_EQ(tick_label(1.5, 0.5), "1.5");
  EXPECT_EQ(tick_label(2, 0.5), "2.0");
  EXPECT_EQ(tick_label(-1234567, 1), "-1,234,567");
  EXPECT_EQ(tick_label(1e-5, 1e-5), "1e-05");
  EXPECT_EQ(tick_label(2e12, 1e12), "2e+12");
  EXPECT_EQ(tick_label(0, 1e-12), "0");
}

}  // namespace
}  // namespace ganymede::picture
