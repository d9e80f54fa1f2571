#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ganymede::run {

// events.jsonl: one JSON object a line, append only, each with "event" (its kind) and, where it belongs to one, "step"
// and "epoch". Fields that hold time (or depend on it: images a second) are named time_*: two runs are equal if all
// other fields are.

/// One line in the making: Event("epoch").set("epoch", 3).set("generator_loss", 0.71).set("time_seconds", 12.5).
/// Fields stay in the order of set(). NaN and infinity become the texts "nan", "inf", "-inf".
class Event {
 public:
  explicit Event(std::string_view kind);
  Event& set(std::string_view name, std::int64_t value);
  Event& set(std::string_view name, int value) { return set(name, static_cast<std::int64_t>(value)); }
  Event& set(std::string_view name, std::uint64_t value);
  Event& set(std::string_view name, double value);
  Event& set(std::string_view name, bool value);
  Event& set(std::string_view name, std::string_view value);
  Event& set(std::string_view name, const char* value) { return set(name, std::string_view(value)); }
  /// The object, without a line end.
  std::string line() const { return text_ + "}"; }

 private:
  Event& raw(std::string_view name, std::string_view json);
  std::string text_;
};

/// Appends to events.jsonl; each line reaches the operating system before write() returns.
class EventWriter {
 public:
  /// Creates the file or goes on at its end; a torn last line is cut off first.
  explicit EventWriter(const std::filesystem::path& path);
  /// Resume: cuts the file to `keep_bytes` (a checkpoint's events_bytes). Throws DataError if it is shorter, or if what
  /// stays has another CRC-32 than `crc32` (a checkpoint's events_crc32); the file is as it was then.
  EventWriter(const std::filesystem::path& path, std::uint64_t keep_bytes, std::optional<std::uint32_t> crc32 = {});
  ~EventWriter();
  EventWriter(EventWriter&&) noexcept;

  /// Throws GuardError when the disk is full.
  void write(const Event& event);
  /// `follower` gets each further line once it is in the file.
  void follow(std::function<void(const std::string& line)> follower);
  /// Forces all to the disk (before a checkpoint refers to them).
  void sync();
  /// Length of the file in bytes.
  std::uint64_t bytes() const;
  /// CRC-32 of them.
  std::uint32_t crc32() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// All events. A last line without its end (killed writer) is left out; damage elsewhere is a DataError with file and
/// line. No file: no events.
std::vector<nlohmann::json> read_events(const std::filesystem::path& path);
/// The lines themselves, unparsed, the torn last one left out.
std::vector<std::string> read_event_lines(const std::filesystem::path& path);
/// The line without its time_* fields: what must be equal between a run and its resumed twin.
std::string without_times(const std::string& line);

}  // namespace ganymede::run
