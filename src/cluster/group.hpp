#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace ganymede::cluster {

/// The processes that work on one thing together, as one of them sees them. Process 0 alone writes and speaks.
class Group {
 public:
  virtual ~Group() = default;
  virtual int rank() const = 0;  ///< of this process, from 0
  virtual int size() const = 0;
  bool is_first() const { return rank() == 0; }
  /// Sends one and receives the other, at once; either may be empty, then nothing goes that way. The partner must call
  /// the same the other way round. One call at a time, from whatever thread.
  /// @throws LostError where a process of the group has ended
  virtual void exchange(int partner, std::span<const std::byte> out, std::span<std::byte> in) = 0;

  /// All processes know that the work has failed, and end by themselves: nobody waits for another.
  bool failed_together = false;
};

/// A process of the group has ended before its work was done.
class LostError : public GuardError {
 public:
  LostError(const std::string& message, int rank) : GuardError(message), rank_(rank) {}
  int rank() const { return rank_; }  ///< of the one that is gone

 private:
  int rank_;
};

/// In a process other than the first: what the first has thrown, and tells. Nothing is to be said of it here.
class SaidByFirst : public Error {
 public:
  explicit SaidByFirst(int exit_code) : Error("process 0 has told why", exit_code) {}
};

bool is_power_of_two(std::int64_t number);

// Every process of the group calls these in the same order.

/// Each process gives numbers and gets their sums over the processes, in the same bits: added in the binary tree of the
/// ranks, ((0 + 1) + (2 + 3)) + ((4 + 5) + (6 + 7)) ..., each number by one process. Of M numbers a process sends
/// 2 M (P - 1) / P. @throws ConfigError for a size that is no power of two
void sum_in_tree(Group& group, std::span<float> values);
/// The same of a few numbers, in log2 P exchanges of all of them.
void sum_in_tree(Group& group, std::span<double> values);
/// Bits that any of them has set.
std::uint32_t any_of(Group& group, std::uint32_t flags);
/// What each of them gives, by rank.
std::vector<std::string> all_texts(Group& group, const std::string& own);
/// What process 0 gives; of the others it is not read.
std::string text_of_first(Group& group, const std::string& text);

/// Process 0 does it while the others wait. @throws in process 0 what the work throws, in the others SaidByFirst
void first_does(Group& group, const std::function<void()>& work);

}  // namespace ganymede::cluster
