#include "engine/plan/pass_clock.hpp"

#include <algorithm>

namespace ganymede::engine {

void PassClock::mark(const void* worker, PassPart part, std::int64_t samples) {
  const Clock::time_point now = Clock::now();
  Entry& entry = entries_[{worker, part}];
  entry.total.seconds += std::chrono::duration<double>(now - last_).count();
  entry.total.samples += samples;
  if (entry.last_step != step_) ++entry.total.steps;
  entry.last_step = step_;
  last_ = now;
}

PassClock::Total PassClock::total(const void* worker, PassPart part) const {
  const auto found = entries_.find({worker, part});
  return found == entries_.end() ? Total{} : found->second.total;
}

PassTime PassClock::time_of(const void* worker, const PassInfo& info, bool splits_data) const {
  PassTime time{.pass = info};
  const auto take = [&](PassPart part) {
    const Total t = total(worker, part);
    time.seconds += t.seconds;
    time.runs = std::max(time.runs, t.steps);
    time.samples = std::max(time.samples, t.samples);
  };
  if (info.pass.starts_with("forward")) take(PassPart::forward);
  if (info.pass == "backward weights" || info.pass.ends_with("backward")) take(PassPart::backward_weights);
  if (info.pass == "backward data" || info.pass.ends_with("backward") ||
      (info.pass == "backward weights" && !splits_data))
    take(PassPart::backward_data);
  return time;
}

}  // namespace ganymede::engine
