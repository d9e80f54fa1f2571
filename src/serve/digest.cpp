#include "serve/digest.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/json.hpp"
#include "serve/confined.hpp"

namespace ganymede::serve {
namespace {

constexpr std::uint64_t kBlockBytes = 1 << 20;  // a longer line is none of ours
constexpr std::uint64_t kMostRead = 64 << 20;   // of a file that is larger, its end alone
constexpr std::uint64_t kTail = 256 << 10;      // about as much as holds the last 60 steps
constexpr std::size_t kRemembered = 128;
constexpr std::size_t kMostLosses = 60, kMostWarnings = 10;

double number_or(const nlohmann::json& event, const char* name, double otherwise) {
  const auto found = event.find(name);
  return found != event.end() && found->is_number() ? found->get<double>() : otherwise;
}

}  // namespace

void Digest::read(const std::filesystem::path& folder) {
  const auto file = open_confined(folder, {"events.jsonl"});
  if (!file) {
    *this = {};
    return;
  }
  const std::uint64_t size = file->facts.bytes;
  const bool same = file->facts.inode == inode_ && size >= offset_ &&
                    file->read(offset_ - last_bytes_.size(), last_bytes_.size()) == last_bytes_;
  if (!same) {
    *this = {};
    inode_ = file->facts.inode;
    if (size > kMostRead) offset_ = size - kTail;
  }
  while (offset_ < size) {
    const std::string block = file->read(offset_, std::min(kBlockBytes, size - offset_));
    const std::size_t whole = block.rfind('\n') + 1;  // npos + 1 = 0
    if (whole == 0) {
      if (block.size() < kBlockBytes) break;  // a line in the making
      offset_ += block.size();
      last_bytes_ = block.substr(block.size() - kRemembered);
      continue;
    }
    for (std::size_t start = 0; start < whole;) {
      const std::size_t end = block.find('\n', start);
      // Of long histories only what the card shows is parsed.
      const std::string_view line = std::string_view(block).substr(start, end - start);
      if (offset_ + end + kTail > size || line.starts_with("{\"event\": \"warning\"")) take(std::string(line));
      start = end + 1;
    }
    offset_ += whole;
    last_bytes_ = block.substr(whole - std::min(whole, kRemembered), std::min(whole, kRemembered));
  }
}

void Digest::take(const std::string& line) {
  nlohmann::json event;
  try {
    event = parse_json(line, "events.jsonl");
  } catch (const DataError&) {
    return;  // a damaged line: `resume` will name it
  }
  if (!event.is_object()) return;
  step_ = static_cast<std::int64_t>(number_or(event, "step", static_cast<double>(step_)));
  images_ = static_cast<std::int64_t>(number_or(event, "images", static_cast<double>(images_)));
  images_per_second_ = number_or(event, "time_images_per_second", images_per_second_);
  const auto kind = event.find("event");
  if (kind == event.end()) return;
  if (*kind != "warning" || warnings_.size() < kMostWarnings) run::take_event(warnings_, event);
  if (*kind == "map") settled_ = event.value("settled", nlohmann::json(false)) == true;
  if (*kind != "step") return;
  const double none = std::numeric_limits<double>::quiet_NaN();  // what JSON shows as null
  losses_.push_back({.images = static_cast<double>(images_),
                     .generator = number_or(event, "generator_loss", none),
                     .discriminator = number_or(event, "discriminator_loss", none)});
  if (losses_.size() > kMostLosses) losses_.pop_front();
}

}  // namespace ganymede::serve
