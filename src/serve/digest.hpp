#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <string>
#include <vector>

#include "run/warnings.hpp"

namespace ganymede::serve {

/// What a card tells of a run's events. Reads only what was appended since the last time, and all anew when the file
/// was cut (a resume) or replaced.
class Digest {
 public:
  /// Brings it up to date with events.jsonl of this run's folder.
  void read(const std::filesystem::path& folder);

  struct Losses {
    double images;  ///< seen so far
    double generator, discriminator;
  };
  const std::deque<Losses>& losses() const { return losses_; }             ///< the last 60 `step` events
  const std::vector<run::Warning>& warnings() const { return warnings_; }  ///< the first ten
  std::int64_t step() const { return step_; }                              ///< of the last event that has one
  std::int64_t images() const { return images_; }
  bool settled() const { return settled_; }  ///< its last `map` event ended it (evaluate.map_stop)
  double images_per_second() const { return images_per_second_; }  ///< of the last event that has it; 0: none

 private:
  void take(const std::string& line);

  std::uint64_t inode_ = 0;
  std::uint64_t offset_ = 0;  // behind the last whole line that was read
  std::string last_bytes_;    // that stand before it: others there mean that the file was cut and has grown again
  std::deque<Losses> losses_;
  std::vector<run::Warning> warnings_;
  std::int64_t step_ = 0, images_ = 0;
  double images_per_second_ = 0;
  bool settled_ = false;
};

}  // namespace ganymede::serve
