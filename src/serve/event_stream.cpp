#include "serve/event_stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/checksum.hpp"
#include "base/json.hpp"
#include "serve/api.hpp"
#include "serve/confined.hpp"

namespace ganymede::serve {
namespace {

constexpr std::uint64_t kStreamBlock = 64 << 10;
constexpr std::uint64_t kLongestLine = 1 << 20;  // what is longer is none of ours, and is passed over
constexpr std::size_t kMostSent = 1024;
constexpr auto kStateEvery = std::chrono::milliseconds(500);
constexpr auto kSilence = std::chrono::seconds(15);

std::string sent_event(const char* name, const nlohmann::ordered_json& data, std::uint64_t id) {
  return fmt::format("event: {}\nid: {}\ndata: {}\n\n", name, id, json_text(data));
}

// A line's text as one field: a carriage return in it, which JSON does not have, would end the field.
std::string data_field(std::string_view line) {
  std::string text(line);
  std::ranges::replace(text, '\r', ' ');
  return "data: " + text + "\n\n";
}

}  // namespace

EventStream::EventStream(std::filesystem::path folder, std::uint64_t from)
    : folder_(std::move(folder)), offset_(from), spoke_at_(Clock::now()) {}

Source::Piece EventStream::next() {
  // The state is read before the lines: of a finished run, all of them are there then.
  Piece piece{.bytes = changed_state()};
  const bool was_last = is_last_;
  const std::string lines = new_lines();
  piece.bytes += lines;
  if (was_last && lines.empty()) {
    piece.bytes += sent_event("end", {{"state", state_}}, offset_);
    piece.end = true;
  }
  if (!piece.bytes.empty()) {
    spoke_at_ = Clock::now();
  } else if (Clock::now() - spoke_at_ > kSilence) {
    spoke_at_ = Clock::now();
    piece.bytes = ": still here\n\n";
  }
  return piece;
}

std::string EventStream::changed_state() {
  if (Clock::now() - state_at_ < kStateEvery) return "";
  state_at_ = Clock::now();
  RunView view = look_at(folder_);
  std::error_code ignored;
  if (!std::filesystem::exists(folder_, ignored)) view.state = "removed";
  is_last_ = view.state == "finished" || view.state == "removed";
  if (view.state == state_) return "";
  state_ = view.state;
  return sent_event("state", {{"state", view.state}, {"alive", view.alive}}, offset_);
}

std::string EventStream::new_lines() {
  const auto file = open_confined(folder_, {"events.jsonl"});
  if (!file) return "";  // of a run that was removed what was sent stands
  const std::uint64_t size = file->facts.bytes;
  std::string text;
  const auto stands = [&](const Sent& line) {
    return line.end <= size && crc32(file->read(line.start, line.end - line.start)) == line.crc32;
  };
  bool cut = offset_ > size || (!sent_.empty() && !stands(sent_.back()));
  if (!checked_ && offset_ > 0 && offset_ <= size) cut = file->read(offset_ - 1, 1) != "\n";
  checked_ = true;
  if (cut) {
    while (!sent_.empty() && !stands(sent_.back())) sent_.pop_back();
    offset_ = sent_.empty() ? 0 : sent_.back().end;
    text += sent_event("cut", {{"bytes", offset_}}, offset_);
  }
  if (offset_ >= size) return text;
  std::string block = file->read(offset_, std::min(kStreamBlock, size - offset_));
  std::size_t whole = block.rfind('\n') + 1;  // npos + 1 = 0
  if (whole == 0 && block.size() == kStreamBlock) {
    block = file->read(offset_, std::min(kLongestLine, size - offset_));
    whole = block.find('\n') + 1;
    if (whole == 0 && block.size() == kLongestLine) offset_ += block.size();
  }
  for (std::size_t start = 0; start < whole;) {
    const std::size_t end = block.find('\n', start) + 1;
    const std::string_view line = std::string_view(block).substr(start, end - start);
    text += fmt::format("id: {}\n{}", offset_ + end, data_field(line.substr(0, line.size() - 1)));
    sent_.push_back({.start = offset_ + start, .end = offset_ + end, .crc32 = crc32(line)});
    if (sent_.size() > kMostSent) sent_.pop_front();
    start = end;
  }
  offset_ += whole;
  return text;
}

Response follow_events(const Request& request, const Parts& parts, Api& api) {
  const std::filesystem::path folder = api.runs.folder_of(parts.at(0));
  const std::string* last = request.header("last-event-id");
  const std::string* from = last != nullptr ? last : request.parameter("from");
  std::uint64_t offset = 0;
  if (from != nullptr) {
    const auto parsed = std::from_chars(from->data(), from->data() + from->size(), offset);
    if (parsed.ec != std::errc{} || parsed.ptr != from->data() + from->size())
      throw HttpError(400, "from, and Last-Event-ID, are offsets in bytes: a whole number");
  }
  return {.headers = {{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}},
          .source = std::make_unique<EventStream>(folder, offset)};
}

}  // namespace ganymede::serve
