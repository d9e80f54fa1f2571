#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <utility>

#include "engine/executor.hpp"

namespace ganymede::engine {

enum class PassPart { forward, backward_weights, backward_data, copy, loss, update };

/// Wall time of the parts of a step: whoever has just worked on something says so, and the time since the last such
/// mark is booked to it. Parts are known by the object that did the work. For the thread that calls the pool only.
class PassClock {
 public:
  struct Total {
    double seconds = 0;
    std::int64_t steps = 0;    ///< with at least one mark
    std::int64_t samples = 0;  ///< over all marks
  };

  /// A step begins: time before it belongs to nobody.
  void begin_step() {
    ++step_;
    last_ = Clock::now();
  }
  void mark(const void* worker, PassPart part, std::int64_t samples);
  void reset() { entries_.clear(); }

  /// All zero for what was never marked.
  Total total(const void* worker, PassPart part) const;
  /// What belongs to one line of a pass's description, by its PassInfo::pass: "backward" and "forward, backward" take
  /// several parts together, "backward weights" also what is left of a backward pass without "backward data".
  PassTime time_of(const void* worker, const PassInfo& info, bool splits_data) const;

 private:
  using Clock = std::chrono::steady_clock;
  struct Entry {
    Total total;
    std::int64_t last_step = 0;
  };

  Clock::time_point last_ = Clock::now();
  std::int64_t step_ = 0;
  std::map<std::pair<const void*, PassPart>, Entry> entries_;
};

}  // namespace ganymede::engine
