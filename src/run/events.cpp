#include "run/events.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/checksum.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"

namespace ganymede::run {
namespace {

std::string quoted(std::string_view text) {
  // Bytes that are no UTF-8 (a path) are replaced: a line must stay readable.
  return json_text(nlohmann::json(text));
}

std::vector<std::string_view> whole_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t start = 0, end = 0; (end = text.find('\n', start)) != std::string_view::npos; start = end + 1) {
    lines.push_back(text.substr(start, end - start));
  }
  return lines;
}

std::string read_if_there(const std::filesystem::path& path) {
  std::error_code ignored;  // of what cannot even be asked, such as a link to itself, read_file tells
  const auto status = std::filesystem::symlink_status(path, ignored);
  return status.type() == std::filesystem::file_type::not_found ? "" : read_file(path);
}

}  // namespace

Event::Event(std::string_view kind) : text_("{\"event\": " + quoted(kind)) {}

Event& Event::raw(std::string_view name, std::string_view json) {
  text_ += fmt::format(", {}: {}", quoted(name), json);
  return *this;
}

Event& Event::set(std::string_view name, std::int64_t value) {
  return raw(name, fmt::format("{}", value));
}
Event& Event::set(std::string_view name, std::uint64_t value) {
  return raw(name, fmt::format("{}", value));
}
Event& Event::set(std::string_view name, bool value) {
  return raw(name, value ? "true" : "false");
}
Event& Event::set(std::string_view name, std::string_view value) {
  return raw(name, quoted(value));
}

Event& Event::set(std::string_view name, double value) {
  if (!std::isfinite(value)) {
    return set(name, std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf");
  }
  return raw(name, fmt::format("{}", value));  // the shortest text that reads back as this double
}

struct EventWriter::Impl {
  explicit Impl(const std::filesystem::path& path) : file(path) {}
  AppendFile file;
  Crc32 crc;
  std::function<void(const std::string& line)> follower{};
};

EventWriter::EventWriter(const std::filesystem::path& path) {
  const std::string text = read_if_there(path);
  const std::size_t whole = text.rfind('\n') + 1;  // npos + 1 = 0
  impl_ = std::make_unique<Impl>(path);
  impl_->file.truncate(whole);
  impl_->crc.add(std::string_view(text).substr(0, whole));
}

EventWriter::EventWriter(const std::filesystem::path& path, std::uint64_t keep_bytes,
                         std::optional<std::uint32_t> crc32) {
  const std::string text = read_if_there(path);
  const Crc32 found = Crc32().add(std::string_view(text).substr(0, keep_bytes));
  if (text.size() >= keep_bytes && crc32 && found.value() != *crc32) {
    fail<DataError>(
        "{}: damaged: the checksum of its first {} bytes, which belong to the checkpoint, is {}, wanted {}; put a copy "
        "back, or move it away to go on without what happened before",
        path.string(), keep_bytes, hex(found.value()), hex(*crc32));
  }
  impl_ = std::make_unique<Impl>(path);
  impl_->file.truncate(keep_bytes);
  impl_->crc = found;
}

EventWriter::~EventWriter() = default;
EventWriter::EventWriter(EventWriter&&) noexcept = default;

void EventWriter::write(const Event& event) {
  const std::string line = event.line();
  impl_->file.append_line(line);
  impl_->crc.add(line).add("\n");
  if (impl_->follower) impl_->follower(line);
}
void EventWriter::follow(std::function<void(const std::string& line)> follower) {
  impl_->follower = std::move(follower);
}
void EventWriter::sync() {
  impl_->file.sync();
}
std::uint64_t EventWriter::bytes() const {
  return impl_->file.length();
}

std::uint32_t EventWriter::crc32() const {
  return impl_->crc.value();
}

std::vector<std::string> read_event_lines(const std::filesystem::path& path) {
  const std::string text = read_if_there(path);
  std::vector<std::string> lines;
  for (const std::string_view line : whole_lines(text)) {
    lines.emplace_back(line);
  }
  return lines;
}

std::vector<nlohmann::json> read_events(const std::filesystem::path& path) {
  const std::string text = read_if_there(path);
  std::vector<nlohmann::json> events;
  int number = 0;
  for (const std::string_view line : whole_lines(text)) {
    ++number;
    events.push_back(parse_json(line, fmt::format("{}:{}", path.string(), number)));
    if (!events.back().is_object() || !events.back().contains("event")) {
      fail<DataError>("{}:{}: not an event (a JSON object with \"event\"); the file is damaged", path.string(), number);
    }
  }
  return events;
}

std::string without_times(const std::string& line) {
  const auto event = nlohmann::ordered_json::parse(line);
  nlohmann::ordered_json rest = nlohmann::ordered_json::object();
  for (const auto& [name, value] : event.items()) {
    if (!name.starts_with("time_")) {
      rest[name] = value;
    }
  }
  return rest.dump();
}

}  // namespace ganymede::run
