#include "serve/shelf.hpp"

#include <algorithm>
#include <utility>

namespace ganymede::serve {

std::shared_ptr<void> Shelf::take(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(entries_, key, &Entry::key);
  if (found == entries_.end()) return {};
  entries_.splice(entries_.begin(), entries_, found);
  return entries_.front().thing;
}

void Shelf::put(const std::string& key, std::shared_ptr<void> thing, std::function<std::int64_t()> bytes) {
  const std::lock_guard lock(mutex_);
  entries_.remove_if([&](const Entry& entry) { return entry.key == key; });
  entries_.push_front({key, std::move(thing), std::move(bytes)});
}

std::int64_t Shelf::bytes() const {
  const std::lock_guard lock(mutex_);
  return sum();
}

std::int64_t Shelf::sum() const {
  std::int64_t bytes = 0;
  for (const Entry& entry : entries_) bytes += entry.bytes();
  return bytes;
}

void Shelf::keep_within(std::int64_t bytes) {
  const std::lock_guard lock(mutex_);
  while (!entries_.empty() && sum() > bytes) entries_.pop_back();
}

}  // namespace ganymede::serve
