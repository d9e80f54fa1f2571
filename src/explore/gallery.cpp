#include "explore/gallery.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "explore/weights.hpp"

namespace ganymede::explore {

Gallery::Gallery(const play::Backend& backend, const GalleryOptions& options)
    : backend_(backend), options_(options), workers_(std::make_shared<Workers>(options.threads)) {}

// While weights are read and compiled the mutex is free: others get what is there, and those who want the same weights
// wait for them.
class Gallery::Loading {
 public:
  Loading(Gallery& gallery, std::unique_lock<std::mutex>& lock, const std::string& key)
      : gallery_(gallery), lock_(lock), key_(key) {
    gallery_.loading_.insert(key_);
    lock_.unlock();
  }
  ~Loading() {
    if (!lock_.owns_lock()) lock_.lock();
    gallery_.loading_.erase(key_);
    gallery_.loaded_.notify_all();
  }
  Loading(const Loading&) = delete;
  Loading& operator=(const Loading&) = delete;

 private:
  Gallery& gallery_;
  std::unique_lock<std::mutex>& lock_;
  const std::string& key_;
};

std::shared_ptr<Exhibit> Gallery::open(const run::RunDirectory& run, const Wanted& wanted) {
  const std::string key = fmt::format("{} {}", wanted.plan == Plan::exact ? "exact" : "quick",
                                      stamp_of_weights(run, wanted.epoch, wanted.checkpoint));
  std::unique_lock lock(mutex_);
  loaded_.wait(lock, [&] { return !loading_.contains(key); });
  if (const auto found = std::ranges::find(entries_, key, &Entry::key); found != entries_.end()) {
    entries_.splice(entries_.begin(), entries_, found);
  } else {
    const Loading mark(*this, lock, key);
    std::shared_ptr<Exhibit> exhibit = load(run, wanted);
    lock.lock();
    entries_.push_front({key, std::move(exhibit)});
  }
  std::shared_ptr<Exhibit> exhibit = entries_.front().exhibit;
  make_room();
  return exhibit;
}

std::shared_ptr<Exhibit> Gallery::load(const run::RunDirectory& run, const Wanted& wanted) const {
  const Weights weights = load_weights(run, wanted.epoch, wanted.checkpoint);
  if (options_.say) std::ranges::for_each(weights.warnings, options_.say);
  // In one expression, since a generator cannot be moved.
  return std::shared_ptr<Exhibit>(
      new Exhibit{weights.file, {backend_, weights.snapshot, run.path(), workers_, wanted.plan}});
}

void Gallery::keep_within(std::int64_t most_bytes) {
  const std::lock_guard lock(mutex_);
  options_.most_bytes = most_bytes;
  make_room();
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
