#include "base/thread_pool.hpp"

#include <sched.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <set>
#include <string>
#include <system_error>
#include <utility>

#include "base/error.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace ganymede {
namespace {

constexpr auto kSpinTime = std::chrono::microseconds(100);  // longer than the serial gaps within a training step
constexpr std::uint32_t kOpen = std::uint32_t{1} << 31;  // of state_: beside it stands how many workers are in the run
constexpr int kPausesPerLook = 16;                       // at the clock; a pause takes 10 to 50 ns

void pause_cpu() {
#if defined(__x86_64__)
  _mm_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// Waits actively for `ready`, at most kSpinTime.
template <class Ready>
void spin(Ready ready) {
  const auto limit = std::chrono::steady_clock::now() + kSpinTime;
  do {
    for (int i = 0; i < kPausesPerLook; ++i) {
      if (ready()) return;
      pause_cpu();
    }
  } while (std::chrono::steady_clock::now() < limit);
}

/// The pool in whose task the thread is, and which worker it is there.
struct Employment {
  const ThreadPool* pool = nullptr;
  int worker = -1;
};
thread_local Employment employment;

}  // namespace

void flush_denormals() {
#if defined(__x86_64__)
  _mm_setcsr(_mm_getcsr() | 0x8040);
#elif defined(__aarch64__)
  std::uint64_t control;
  asm volatile("mrs %0, fpcr" : "=r"(control));
  asm volatile("msr fpcr, %0" : : "r"(control | (std::uint64_t{1} << 24)));
#endif
}

int physical_cores() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return std::max(1u, std::thread::hardware_concurrency());
  std::set<std::string> cores;  // each by the list of its hardware threads
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &allowed)) continue;
    const std::string number = std::to_string(cpu);
    std::string siblings;
    std::ifstream("/sys/devices/system/cpu/cpu" + number + "/topology/thread_siblings_list") >> siblings;
    cores.insert(siblings.empty() ? number : siblings);
  }
  return std::max<int>(1, static_cast<int>(cores.size()));
}

ThreadPool::ThreadPool(int threads)
    : ranges_(threads > 0 ? threads : physical_cores()),
      spinning_(size() <= static_cast<int>(std::thread::hardware_concurrency())) {
  flush_denormals();
  try {
    for (int worker = 1; worker < size(); ++worker) threads_.emplace_back([this, worker] { loop(worker); });
  } catch (const std::system_error& error) {
    const std::size_t started = threads_.size() + 1;
    join();
    fail<UserError>("cannot start {} threads, only {}: {}", size(), started, error.what());
  }
}

ThreadPool::~ThreadPool() {
  join();
}

void ThreadPool::join() {
  stop_.store(true);
  epoch_.fetch_add(1);
  epoch_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

int ThreadPool::own_worker() const {
  return employment.pool == this ? employment.worker : -1;
}

// state_ says whether a run takes workers in and how many are in it. Nobody waits for a worker that has not begun:
// where cores are shared with other programs, the others have done its share by the time it gets one. What makes reuse
// safe: a worker looks at call_, body_, ranges_ and error_ only between entering (its compare-exchange reads kOpen,
// which was stored after they were written) and leaving; when a closed state_ reads 0 (acquire, and the changes of
// state_ form one release sequence) nobody looks at them. A worker that is late finds the run closed, or enters the
// next one, which is as good. The increment of epoch_ only wakes: a worker that is about to sleep compares it again
// inside the wait, so that it cannot miss one.
void ThreadPool::run_erased(std::int64_t count, Erased call, void* body) {
  flush_denormals();
  call_ = call;
  body_ = body;
  const int workers = size();
  for (int w = 0; w < workers; ++w) {
    ranges_[w].next.store(count * w / workers, std::memory_order_relaxed);
    ranges_[w].end = count * (w + 1) / workers;
  }
  state_.store(kOpen, std::memory_order_release);
  epoch_.fetch_add(1);
  epoch_.notify_all();
  work(0);
  state_.fetch_and(~kOpen);
  const auto all_left = [this] { return state_.load(std::memory_order_acquire) == 0; };
  if (spinning_) spin(all_left);
  while (!all_left()) std::this_thread::yield();
  if (failed_.load(std::memory_order_relaxed)) {
    failed_.store(false);
    std::rethrow_exception(std::exchange(error_, nullptr));
  }
}

void ThreadPool::work(int worker) {
  const int workers = size();
  const Employment before = std::exchange(employment, {this, worker});
  try {
    for (int k = 0; k < workers; ++k) {
      Range& range = ranges_[(worker + k) % workers];
      for (std::int64_t i; (i = range.next.fetch_add(1, std::memory_order_relaxed)) < range.end;)
        call_(body_, i, worker);
    }
  } catch (...) {
    if (!failed_.exchange(true)) error_ = std::current_exception();
  }
  employment = before;
}

void ThreadPool::loop(int worker) {
  flush_denormals();
  std::uint32_t seen = 0;
  for (;;) {
    if (spinning_) spin([&] { return epoch_.load(std::memory_order_acquire) != seen; });
    epoch_.wait(seen, std::memory_order_acquire);
    seen = epoch_.load(std::memory_order_acquire);
    if (stop_.load()) return;
    std::uint32_t state = state_.load(std::memory_order_relaxed);
    bool entered = false;
    while ((state & kOpen) != 0 && !entered)
      entered = state_.compare_exchange_weak(state, state + 1, std::memory_order_acquire, std::memory_order_relaxed);
    if (!entered) continue;
    work(worker);
    state_.fetch_sub(1, std::memory_order_release);
  }
}

}  // namespace ganymede
