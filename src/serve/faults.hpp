#pragma once

#include <map>
#include <mutex>
#include <string>

namespace ganymede::serve {

/// Why the last process that this server started for a run ended badly, after its start had been answered. Any thread
/// may ask.
class Faults {
 public:
  void tell(const std::string& run, const std::string& sentence) {
    const std::lock_guard lock(mutex_);
    sentences_[run] = sentence;
  }
  /// It has been started anew.
  void clear(const std::string& run) {
    const std::lock_guard lock(mutex_);
    sentences_.erase(run);
  }
  /// "" if there is none.
  std::string of(const std::string& run) const {
    const std::lock_guard lock(mutex_);
    const auto found = sentences_.find(run);
    return found == sentences_.end() ? "" : found->second;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::string> sentences_;
};

}  // namespace ganymede::serve
