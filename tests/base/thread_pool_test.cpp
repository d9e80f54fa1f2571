#include "base/thread_pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

namespace ganymede {
namespace {

TEST(ThreadPool, RunsEveryTaskOnceForManySizes) {
  for (int threads = 1; threads <= 9; ++threads) {
    ThreadPool pool(threads);
    ASSERT_EQ(pool.size(), threads);
    for (const std::int64_t count : {0, 1, 2, 3, 7, 8, 9, 63, 64, 65, 1000}) {
      std::vector<int> runs(static_cast<std::size_t>(count));  // not atomic: a task that ran twice would be a race
      std::atomic<bool> worker_fits{true};
      pool.run(count, [&](std::int64_t i, int worker) {
        ++runs[static_cast<std::size_t>(i)];
        if (worker < 0 || worker >= threads) worker_fits = false;
      });
      EXPECT_EQ(runs, std::vector<int>(static_cast<std::size_t>(count), 1)) << threads << " threads";
      EXPECT_TRUE(worker_fits);
    }
  }
}

TEST(ThreadPool, WorksAloneWhileAskedTo) {
  ThreadPool pool(3);
  const auto others = [&] {
    std::atomic<int> found{0};
    pool.run(64, [&](std::int64_t, int worker) {
      found += worker > 0 ? 1 : 0;
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    });
    return found.load();
  };
  const auto get_help = [&] {  // which takes a while where all cores are busy
    int runs = 0;
    while (others() == 0 && runs < 1000) ++runs;
    return runs < 1000;
  };
  EXPECT_TRUE(get_help());
  pool.work_alone(true);
  EXPECT_EQ(pool.at_work(), 1);
  EXPECT_EQ(others(), 0);
  pool.work_alone(false);
  EXPECT_EQ(pool.at_work(), 3);
  EXPECT_TRUE(get_help());
}

// Whoever is in a task has no others to ask: its own worker does it all, in order.
TEST(ThreadPool, RunsWhatATaskRunsOnItsOwnWorker) {
  ThreadPool pool(3);
  std::vector<int> order(32 * 5, -1);
  std::atomic<int> elsewhere{0};
  pool.run(32, [&](std::int64_t task, int worker) {
    int next = 0;
    if (pool.at_work() != 1) ++elsewhere;
    const auto thread = std::this_thread::get_id();
    pool.run(5, [&](std::int64_t i, int inner) {
      if (inner != worker || std::this_thread::get_id() != thread) ++elsewhere;
      order[static_cast<std::size_t>(5 * task + i)] = next++;
    });
  });
  EXPECT_EQ(elsewhere, 0);
  for (std::size_t i = 0; i < order.size(); ++i) EXPECT_EQ(order[i], static_cast<int>(i % 5));
  EXPECT_EQ(pool.at_work(), 3);
  const auto fails = [](std::int64_t, int) { throw std::runtime_error("x"); };
  EXPECT_THROW(pool.run(4, [&](std::int64_t, int) { pool.run(2, fails); }), std::runtime_error);
  EXPECT_EQ(pool.at_work(), 3);
}

// Another pool's task is not its own.
TEST(ThreadPool, RunsOnOthersFromWithinATask) {
  ThreadPool outer(2), inner(2);
  std::atomic<int> sum{0};
  outer.run(1, [&](std::int64_t, int) {
    inner.run(8, [&](std::int64_t i, int) { outer.run(1, [&](std::int64_t, int) { sum += static_cast<int>(i); }); });
  });
  EXPECT_EQ(sum, 28);
}

TEST(ThreadPool, CallerIsWorkerZero) {
  ThreadPool pool(3);
  const auto caller = std::this_thread::get_id();
  std::atomic<int> wrong{0};
  pool.run(1000, [&](std::int64_t, int worker) {
    if ((std::this_thread::get_id() == caller) != (worker == 0)) ++wrong;
  });
  EXPECT_EQ(wrong, 0);
}

// What one run wrote, the next reads, without atomics: a missing fence would show here or under ThreadSanitizer.
TEST(ThreadPool, CanBeReusedTenThousandTimes) {
  ThreadPool pool(4);
  std::vector<std::int64_t> values(16, 0), next(16, 0);
  for (int round = 0; round < 10000; ++round) {
    pool.run(16, [&](std::int64_t i, int) {
      next[static_cast<std::size_t>(i)] = values[static_cast<std::size_t>((i + 1) % 16)] + 1;
    });
    std::swap(values, next);
  }
  EXPECT_EQ(values, std::vector<std::int64_t>(16, 10000));
}

TEST(ThreadPool, WakesWorkersThatSleep) {
  ThreadPool pool(3);
  for (int round = 0; round < 10; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));  // far longer than workers spin
    std::vector<int> runs(100);
    pool.run(100, [&](std::int64_t i, int) { ++runs[static_cast<std::size_t>(i)]; });
    EXPECT_EQ(runs, std::vector<int>(100, 1));
  }
}

TEST(ThreadPool, TakesWorkFromSlowWorkers) {
  ThreadPool pool(2);
  std::atomic<int> left{99};
  // Task 0 ends only after all others have: worker 1 must take worker 0's share too (or worker 0 all of worker 1's).
  std::atomic<bool> gave_up{false};
  pool.run(100, [&](std::int64_t i, int) {
    if (i > 0) {
      --left;
      return;
    }
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (left > 0 && !gave_up) {
      std::this_thread::yield();
      if (std::chrono::steady_clock::now() > limit) gave_up = true;
    }
  });
  EXPECT_FALSE(gave_up);
}

TEST(ThreadPool, PassesAnExceptionOnAndStaysUsable) {
  for (const int threads : {1, 2, 5}) {
    ThreadPool pool(threads);
    for (int round = 0; round < 50; ++round) {
      const auto all_throw = [](std::int64_t i, int) { throw std::runtime_error("task " + std::to_string(i)); };
      EXPECT_THROW(pool.run(20, all_throw), std::runtime_error);
      const auto one_throws = [](std::int64_t i, int) {
        if (i == 13) throw std::out_of_range("13");
      };
      EXPECT_THROW(pool.run(20, one_throws), std::out_of_range);
      std::vector<int> runs(20);
      pool.run(20, [&](std::int64_t i, int) { ++runs[static_cast<std::size_t>(i)]; });
      EXPECT_EQ(runs, std::vector<int>(20, 1));
    }
  }
}

TEST(ThreadPool, ManyPoolsLiveAndDie) {
  for (int round = 0; round < 200; ++round) {
    ThreadPool pool(1 + round % 4);
    if (round % 3 == 0) continue;  // one that never ran
    std::atomic<int> sum{0};
    pool.run(10, [&](std::int64_t i, int) { sum += static_cast<int>(i); });
    EXPECT_EQ(sum, 45);
  }
}

TEST(ThreadPool, EveryWorkerFlushesDenormals) {
  ThreadPool pool(4);
  volatile float tiny = 1e-38f;  // normal; a tenth of it is not
  volatile float tenth = 0.1f;
  std::vector<float> products(1000, 1);
  pool.run(1000, [&](std::int64_t i, int) { products[static_cast<std::size_t>(i)] = tiny * tenth; });
  EXPECT_EQ(products, std::vector<float>(1000, 0));
}

TEST(ThreadPool, HasOneThreadPerPhysicalCoreByDefault) {
  EXPECT_GE(physical_cores(), 1);
  EXPECT_LE(physical_cores(), static_cast<int>(std::thread::hardware_concurrency()));
  EXPECT_EQ(ThreadPool().size(), physical_cores());
}

}  // namespace
}  // namespace ganymede
