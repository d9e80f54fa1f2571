#pragma once

#include <memory>
#include <mutex>

#include "base/thread_pool.hpp"

namespace ganymede::explore {

/// Threads that many share, one piece of work at a time: whoever has the turn may use the pool.
class Workers {
 public:
  /// threads 0: physical cores.
  explicit Workers(int threads = 0) : pool_(std::make_shared<ThreadPool>(threads)) {}

  const std::shared_ptr<ThreadPool>& pool() const { return pool_; }
  /// Waits until nobody else has it; it ends with the result's life. The caller's own arithmetic is then that of a
  /// worker (denormals are flushed), whichever thread it is on.
  [[nodiscard]] std::unique_lock<std::mutex> turn() {
    std::unique_lock lock(mutex_);
    flush_denormals();
    return lock;
  }

 private:
  std::shared_ptr<ThreadPool> pool_;
  std::mutex mutex_;
};

}  // namespace ganymede::explore
