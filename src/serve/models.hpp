#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "explore/gallery.hpp"
#include "serve/judges.hpp"
#include "serve/newest.hpp"
#include "serve/shelf.hpp"

namespace ganymede::serve {

/// A generator to work with, and the classifier of its data where there is one.
struct Opened {
  std::string run;
  std::shared_ptr<explore::Exhibit> exhibit;
  std::string stamp{};  ///< other weights or another plan have another one
  Judges::Known known;
  std::shared_ptr<fit::Classifier> classifier{};
  explore::TrainedGenerator& generator() const { return exhibit->generator; }
};

/// The models behind look, map and walk: generators, classifiers and finished maps, no more than `most_bytes` of them
/// together but for what is at work. One thread directs; a look costs what one core needs for it, and a map has all
/// cores unless somebody trains beside it.
class Models {
 public:
  /// `build`: as Judges.
  Models(const play::Backend& backend, std::int64_t most_bytes, const std::string& build);

  /// A run's generator, loaded unless it is kept: on the thread of models. @throws as explore::Gallery::open.
  std::shared_ptr<explore::Exhibit> open(const std::filesystem::path& run, const explore::Wanted& wanted);
  /// At work, loaded unless it is kept; null unless it is ready.
  std::shared_ptr<fit::Classifier> classifier(const Judges::Known& known);
  /// Whether what is computed next may take all cores: the thread of models, before each piece of work.
  void use_all_cores(bool all) { gallery_.workers().pool()->work_alone(!all); }
  /// Lets go of what is too much: after each piece of work.
  void make_room();
  /// What was kept after the last piece of work.
  std::int64_t bytes() const { return bytes_; }
  /// A place among the maps and walks that are under way, whose models stay whatever they take.
  /// @throws HttpError 503 if none is free.
  std::shared_ptr<void> take_place();

  Newest& newest() { return newest_; }
  Judges& judges() { return judges_; }
  Shelf& shelf() { return shelf_; }
  const play::Backend& backend() const { return backend_; }

 private:
  const play::Backend& backend_;
  std::int64_t most_bytes_;
  explore::Gallery gallery_;
  Shelf shelf_;
  Newest newest_;
  Judges judges_;
  std::atomic<std::int64_t> bytes_ = 0;
  std::shared_ptr<std::atomic<int>> under_way_ = std::make_shared<std::atomic<int>>(0);
};

}  // namespace ganymede::serve
