#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "explore/trained_generator.hpp"
#include "run/run_directory.hpp"

namespace ganymede::explore {

struct GalleryOptions {
  int threads = 0;                        ///< that all its generators share; 0: physical cores
  std::int64_t most_bytes = 256LL << 20;  ///< of generators that are kept though nobody uses them
  /// Told what is to be known of weights as they are loaded: Weights::warnings.
  std::function<void(const std::string& line)> say{};
};

/// Which generator of a run.
struct Wanted {
  std::optional<std::uint64_t> epoch{};  ///< as load_weights takes them
  std::string checkpoint{};
  Plan plan = Plan::exact;
};

/// A generator of a gallery.
struct Exhibit {
  std::filesystem::path file;  ///< of its weights
  TrainedGenerator generator;
};

/// Trained generators at work, for whoever asks, from any thread. What was loaded and compiled is kept for the next who
/// asks for the same weights and plan: the least recently asked for goes when the bytes are too many, never one that
/// somebody holds.
class Gallery {
 public:
  /// The backend must outlive it.
  explicit Gallery(const play::Backend& backend, const GalleryOptions& options = {});

  /// Loaded, unless it is there and no file of weights has changed since. Hold it as long as it is used.
  /// @throws as load_weights; DataError if the weights do not fit.
  std::shared_ptr<Exhibit> open(const run::RunDirectory& run, const Wanted& wanted = {});

  /// From now on no more than that is kept though nobody uses it.
  void keep_within(std::int64_t most_bytes);

  /// The threads of all its generators.
  Workers& workers() { return *workers_; }
  /// What is kept now, used or not.
  std::size_t count() const;
  std::int64_t bytes() const;

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<Exhibit> exhibit;
  };
  class Loading;
  std::shared_ptr<Exhibit> load(const run::RunDirectory& run, const Wanted& wanted) const;
  std::int64_t sum() const;
  void make_room();

  const play::Backend& backend_;
  GalleryOptions options_;
  std::shared_ptr<Workers> workers_;
  mutable std::mutex mutex_;  ///< of what follows; nobody loads or computes under it
  std::condition_variable loaded_;
  std::set<std::string> loading_;  ///< keys
  std::list<Entry> entries_;       ///< the last asked for first
};

}  // namespace ganymede::explore
