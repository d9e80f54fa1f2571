#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <exception>
#include <thread>
#include <type_traits>
#include <vector>

namespace ganymede {

/// Sets flush-to-zero and denormals-are-zero for the calling thread.
void flush_denormals();

/// Fork-join over numbered tasks. The calling thread is worker 0; the others spin for a short while and then
/// sleep.
/// Each task must own what it writes: then results do not depend on the number of threads or on who ran what.
/// Every worker flushes denormals to zero (FTZ and DAZ). One `run` at a time. What a task itself runs on its pool, its
/// own worker does, one after the other.
class ThreadPool {
 public:
  /// threads >= 1; 0 or less means one per physical core. UserError if the system does not grant that many.
  explicit ThreadPool(int threads = 0);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int size() const { return static_cast<int>(ranges_.size()); }
  /// Whether from the next run on the calling thread does all by itself: others want the machine. Results are the same.
  void work_alone(bool alone) { alone_ = alone; }
  /// How many threads the next run takes: size() or 1. What decides into how many tasks a work is cut.
  int at_work() const { return alone_ || own_worker() >= 0 ? 1 : size(); }

  /// Calls task(i, worker) once for each i of [0, count), worker in [0, size()). A worker starts with a contiguous
  /// share and then takes from the others. When a task throws, the worker that ran it takes no further ones (the rest
  /// may be left out), and the first exception is rethrown after all workers have ended; the pool stays usable.
  template <class F>
  void run(std::int64_t count, F&& task) {
    const int own = own_worker();
    if (own >= 0 || count <= 1 || alone_ || size() == 1) {
      if (own < 0) flush_denormals();
      for (std::int64_t i = 0; i < count; ++i) task(i, std::max(own, 0));
      return;
    }
    using Body = std::remove_reference_t<F>;
    run_erased(
        count, [](void* body, std::int64_t i, int worker) { (*static_cast<Body*>(body))(i, worker); },
        const_cast<void*>(static_cast<const void*>(&task)));
  }

 private:
  using Erased = void (*)(void*, std::int64_t, int);

  /// Which of the pool's workers the calling thread is while it is in a task of it; -1 outside.
  int own_worker() const;
  struct alignas(64) Range {
    std::atomic<std::int64_t> next{0};
    std::int64_t end = 0;
  };

  void run_erased(std::int64_t count, Erased call, void* body);
  void work(int worker);
  void loop(int worker);
  void join();

  std::vector<Range> ranges_;
  bool spinning_;  // not where threads must share cores: a waiting one would keep a working one from running
  bool alone_ = false;
  std::vector<std::thread> threads_;
  Erased call_ = nullptr;
  void* body_ = nullptr;
  std::exception_ptr error_;
  std::atomic<bool> failed_{false};
  std::atomic<bool> stop_{false};
  alignas(64) std::atomic<std::uint32_t> epoch_{0};
  alignas(64) std::atomic<std::uint32_t> state_{0};
};

/// Physical cores this process may run on (at least 1).
int physical_cores();

}  // namespace ganymede
