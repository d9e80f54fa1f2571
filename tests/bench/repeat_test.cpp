#include "bench/repeat.hpp"

#include <gtest/gtest.h>

namespace ganymede::bench {
namespace {

/// Work that takes a given number of seconds on a clock of its own.
struct Pretended {
  double now = 0;
  int done = 0;
  Budget budget(double seconds) {
    return {.seconds = seconds, .warm_up = 2, .least = 3, .clock = [this] { return now; }};
  }
  std::vector<double> repeat(const Budget& budget, double each) {
    return bench::repeat(budget, [&] {
      now += each;
      ++done;
    });
  }
};

TEST(Repeat, StopsWhenTheTimeIsSpent) {
  Pretended work;
  EXPECT_EQ(work.repeat(work.budget(10), 2), std::vector<double>(5, 2.0));
}

TEST(Repeat, DoesNotCountTheWarmUp) {
  Pretended work;
  EXPECT_EQ(work.repeat(work.budget(10), 2).size(), 5U);
  EXPECT_EQ(work.done, 7);
}

TEST(Repeat, RunsALeastNumberHoweverSlow) {
  Pretended work;
  EXPECT_EQ(work.repeat(work.budget(1), 100).size(), 3U);
}

TEST(Repeat, RunsAGreatestNumberHoweverFast) {
  Pretended work;
  Budget budget = work.budget(1000);
  budget.most = 4;
  EXPECT_EQ(work.repeat(budget, 1).size(), 4U);
}

TEST(Repeat, DoesNotCountWhatHappensBetweenRepetitions) {
  Pretended work;
  std::vector<int> numbers;
  Budget budget = work.budget(4);
  budget.on_repetition = [&](int number) {
    numbers.push_back(number);
    work.now += 100;
  };
  EXPECT_EQ(work.repeat(budget, 1), std::vector<double>(4, 1.0));
  EXPECT_EQ(numbers, (std::vector<int>{1, 2, 3, 4}));
}

TEST(Repeat, SaysWhenTheWarmUpIsOver) {
  Pretended work;
  int done_before = -1;
  Budget budget = work.budget(1);
  budget.after_warm_up = [&] { done_before = work.done; };
  work.repeat(budget, 1);
  EXPECT_EQ(done_before, 2);
}

}  // namespace
}  // namespace ganymede::bench
