#include "explore/gallery.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "explore/weights.hpp"

namespace ganymede::explore {

Gallery::Gallery(const play::Backend& backend, const GalleryOptions& options)
    : backend_(backend), options_(options), workers_(std::make_shared<Workers>(options.threads)) {}

std::shared_ptr<Exhibit> Gallery::open(const run::RunDirectory& run, const Wanted& wanted) {
  const std::string key = fmt::format("{} {}", wanted.plan == Plan::exact ? "exact" : "quick",
                                      stamp_of_weights(run, wanted.epoch, wanted.checkpoint));
  const std::lock_guard lock(mutex_);
  if (const auto found = std::ranges::find(entries_, key, &Entry::key); found != entries_.end()) {
    entries_.splice(entries_.begin(), entries_, found);
  } else {
    const Weights weights = load_weights(run, wanted.epoch, wanted.checkpoint);
    if (options_.say) std::ranges::for_each(weights.warnings, options_.say);
    // In one expression, since a generator cannot be moved.
    entries_.push_front({key, std::shared_ptr<Exhibit>(new Exhibit{
                                  weights.file, {backend_, weights.snapshot, run.path(), workers_, wanted.plan}})});
  }
  std::shared_ptr<Exhibit> exhibit = entries_.front().exhibit;
  make_room();
  return exhibit;
}

std::size_t Gallery::count() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

std::int64_t Gallery::bytes() const {
  const std::lock_guard lock(mutex_);
  return sum();
}

std::int64_t Gallery::sum() const {
  std::int64_t bytes = 0;
  for (const Entry& entry : entries_) bytes += entry.exhibit->generator.bytes();
  return bytes;
}

void Gallery::make_room() {
  std::int64_t bytes = sum();
  for (auto entry = entries_.end(); entry != entries_.begin() && bytes > options_.most_bytes;) {
    --entry;
    if (entry->exhibit.use_count() > 1) continue;  // somebody holds it; nobody can begin to without the mutex
    bytes -= entry->exhibit->generator.bytes();
    entry = entries_.erase(entry);
  }
}

}  // namespace ganymede::explore
