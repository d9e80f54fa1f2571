#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "evaluate/blind_test.hpp"

namespace ganymede::serve {

/// The blind tests that people are doing: the real samples that were chosen and the pictures of both sides, so that
/// answers go on without data or models, and since when each trial has been looked at. What was answered lies in the
/// run's folder (page::keep_judgement), so that a server that is started again goes on. Any thread may ask.
class BlindTests {
 public:
  /// Real samples by run folder, seed and trials; null: to be chosen.
  std::shared_ptr<const evaluate::TestReals> reals(const std::string& key) const;
  void keep(const std::string& key, std::shared_ptr<const evaluate::TestReals> reals);

  /// A test with its pictures.
  struct Shown {
    measure::BlindTest test;
    evaluate::TestPictures pictures;
  };
  /// Of an answer's file: null where it was not begun since the server was started, or too many others were.
  std::shared_ptr<const Shown> shown(const std::string& folder, const measure::BlindTest& test) const;
  void keep(const std::string& folder, std::shared_ptr<const Shown> shown);

  /// A trial is sent to be looked at: the time begins. Of one that was sent before it goes on.
  void begin_trial(const std::string& answers, std::size_t trial);
  /// Seconds since then; nothing if it was not sent.
  std::optional<double> seconds_of(const std::string& answers, std::size_t trial) const;
  void end_trial(const std::string& answers);

  /// Held while somebody's answers are read, added to and written.
  std::mutex& writing() { return writing_; }

 private:
  using Clock = std::chrono::steady_clock;
  struct Sent {
    std::size_t trial = 0;
    Clock::time_point at;
  };
  mutable std::mutex mutex_;
  std::list<std::pair<std::string, std::shared_ptr<const evaluate::TestReals>>> reals_;  // the last one first
  std::list<std::pair<std::string, std::shared_ptr<const Shown>>> shown_;                // likewise
  std::map<std::string, Sent> sent_;
  std::mutex writing_;
};

}  // namespace ganymede::serve
