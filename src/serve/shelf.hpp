#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>

namespace ganymede::serve {

/// Things that cost time to make, kept by their keys as long as there is room. Any thread may ask.
class Shelf {
 public:
  /// Null if it is not there.
  template <class T>
  std::shared_ptr<T> find(const std::string& key) {
    return std::static_pointer_cast<T>(take(key));
  }
  /// `bytes`: how much it holds, now and later.
  void put(const std::string& key, std::shared_ptr<void> thing, std::function<std::int64_t()> bytes);

  std::int64_t bytes() const;
  /// Lets go of what was asked for least recently until no more than that is kept.
  void keep_within(std::int64_t bytes);

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<void> thing;
    std::function<std::int64_t()> bytes;
  };
  std::shared_ptr<void> take(const std::string& key);
  std::int64_t sum() const;

  mutable std::mutex mutex_;
  std::list<Entry> entries_;  // the last asked for first
};

}  // namespace ganymede::serve
