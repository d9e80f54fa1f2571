#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <optional>
#include <string>

#include "serve/message.hpp"

namespace ganymede::serve {

/// A run's events.jsonl as server-sent events, from a byte offset on: each whole line as `data`, with the offset behind
/// it as `id`, so that a client that was cut off goes on with the next one. Besides lines:
///   event: cut    data {"bytes": N}: the file was cut (a resume); forget everything whose id is above N
///   event: state  data {"state", "alive"}: at the start, and whenever it changes
///   event: end    data {"state"}: the run is finished (or removed) and all lines are out; the stream ends
class EventStream : public Source {
 public:
  EventStream(std::filesystem::path folder, std::uint64_t from);
  Piece next() override;

 private:
  using Clock = std::chrono::steady_clock;
  struct Sent {
    std::uint64_t start, end;  // of a line with its newline
    std::uint32_t crc32;
  };
  std::string new_lines();
  std::string changed_state();

  std::filesystem::path folder_;
  std::uint64_t offset_;
  bool checked_ = false;   // whether `from` has been found to be the start of a line
  std::deque<Sent> sent_;  // the last lines, by which a cut is recognised
  std::string state_;
  bool is_last_ = false;  // nothing will follow what is there
  Clock::time_point state_at_{}, spoke_at_;
};

}  // namespace ganymede::serve
