#pragma once

#include <condition_variable>
#include <cstring>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "cluster/group.hpp"

namespace ganymede::cluster {

/// A group whose processes are threads of this one: messages through memory, as a test needs them.
class Mail {
 public:
  void put(int from, int to, std::span<const std::byte> bytes) {
    const std::scoped_lock lock(mutex_);
    letters_[{from, to}].emplace_back(bytes.begin(), bytes.end());
    bytes_ += static_cast<std::int64_t>(bytes.size());
    arrived_.notify_all();
  }
  void take(int from, int to, std::span<std::byte> bytes) {
    std::unique_lock lock(mutex_);
    auto& box = letters_[{from, to}];
    arrived_.wait(lock, [&] { return !box.empty(); });
    if (box.front().size() != bytes.size()) {
      fail<Error>("wanted {} bytes from {}, found {}", bytes.size(), from, box.front().size());
    }
    if (!bytes.empty()) std::memcpy(bytes.data(), box.front().data(), bytes.size());
    box.erase(box.begin());
  }
  std::int64_t bytes() const { return bytes_; }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::map<std::pair<int, int>, std::vector<std::vector<std::byte>>> letters_;
  std::int64_t bytes_ = 0;
};

class ThreadGroup : public Group {
 public:
  ThreadGroup(Mail& mail, int rank, int size) : mail_(mail), rank_(rank), size_(size) {}
  int rank() const override { return rank_; }
  int size() const override { return size_; }
  void exchange(int partner, std::span<const std::byte> out, std::span<std::byte> in) override {
    if (!out.empty()) mail_.put(rank_, partner, out);
    if (!in.empty()) mail_.take(partner, rank_, in);
  }

 private:
  Mail& mail_;
  int rank_, size_;
};

/// What each of `size` processes does, at once; the first error is thrown again. @return bytes that were sent
inline std::int64_t together(int size, const std::function<void(Group& group)>& work) {
  Mail mail;
  std::vector<std::thread> threads;
  std::vector<std::exception_ptr> errors(static_cast<std::size_t>(size));
  for (int rank = 0; rank < size; ++rank) {
    threads.emplace_back([&, rank] {
      try {
        ThreadGroup group(mail, rank, size);
        work(group);
      } catch (...) {
        errors[static_cast<std::size_t>(rank)] = std::current_exception();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::exception_ptr& error : errors) {
    if (error) std::rethrow_exception(error);
  }
  return mail.bytes();
}

}  // namespace ganymede::cluster
