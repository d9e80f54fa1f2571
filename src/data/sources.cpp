#include "data/sources.hpp"

#include "data/files/idx_source.hpp"
#include "data/ink/ink_source.hpp"
#include "data/stacked_digits.hpp"
#include "data/synthetic/builtin.hpp"
#include "data/synthetic/synthetic_digits.hpp"

namespace ganymede::data {
namespace {

std::uint64_t seed_of(Split split) {
  return split == Split::train ? kBuiltinTrainSeed : kBuiltinTestSeed;
}

// The sets of points have a table of their own.
Source source_of(const PointSet& set) {
  return {.name = set.name,
          .sentence = set.sentence,
          .kind = SampleKind::point,
          .synthetic = true,
          .any_count = true,
          .channels = set.dim,
          .height = 1,
          .width = 1,
          .open = [&set](Split split, const std::vector<SearchPlace>&, const OpenOptions& options) {
            return draw_points(set, split, options.builtin_count, options.points);
          }};
}

// A new set is one more entry here.
std::vector<Source> make_sources() {
  return {
      {.name = "builtin-digits",
       .sentence = "synthetic handwritten digits, 28 x 28 grey, any number; nothing to download",
       .kind = SampleKind::image,
       .synthetic = true,
       .any_count = true,
       .height = kDigitSide,
       .width = kDigitSide,
       .classes = kDigitClasses,
       .open = [](Split split, const std::vector<SearchPlace>&,
                  const OpenOptions& options) { return builtin_digits(options.builtin_count, seed_of(split)); }},
      {.name = "builtin-landscapes",
       .sentence = "synthetic landscapes, 64 x 64 colour, any number; nothing to download",
       .kind = SampleKind::image,
       .synthetic = true,
       .any_count = true,
       .any_side = true,
       .channels = 3,
       .height = kLandscapeSide,
       .width = kLandscapeSide,
       .classes = kLandscapeClasses,
       .open =
           [](Split split, const std::vector<SearchPlace>&, const OpenOptions& options) {
             return builtin_landscapes(options.builtin_count, seed_of(split),
                                       options.image_size > 0 ? options.image_size : kLandscapeSide);
           }},
      {.name = kBuiltinInk,
       .sentence = "39 hand-drawn symbols as strokes, any number; nothing to download",
       .kind = SampleKind::ink,
       .synthetic = true,
       .any_count = true,
       .height = ink::kMoves,
       .width = ink::kMoveValues,
       .classes = kSymbolClasses,
       .open = [](Split split, const std::vector<SearchPlace>& places,
                  const OpenOptions& options) { return open_ink_dataset(kBuiltinInk, split, places, options); }},
      {.name = kMnist,
       .sentence = kMnistText,
       .kind = SampleKind::image,
       .fetchable = true,
       .height = 28,
       .width = 28,
       .classes = 10,
       .train_count = 60000,
       .find = [](Split split,
                  const std::vector<SearchPlace>& places) { return find_idx_folder(kMnist, split, places); },
       .open = [](Split split, const std::vector<SearchPlace>& places,
                  const OpenOptions&) { return open_idx_name(kMnist, split, places); }},
      {.name = kUnipen,
       .sentence = "UniPen, 39 symbols as strokes: A-Z, 0-9 and composed Č Š Ž; split by writer",
       .kind = SampleKind::ink,
       .height = ink::kMoves,
       .width = ink::kMoveValues,
       .classes = kSymbolClasses,
       .find = [](Split, const std::vector<SearchPlace>& places) { return find_unipen_in(places); },
       .open = [](Split split, const std::vector<SearchPlace>& places,
                  const OpenOptions& options) { return open_ink_dataset(kUnipen, split, places, options); }},
      {.name = kStackedMnist,
       .sentence = "three digits of MNIST as three channels, 28 x 28 colour, any number: 1,000 classes, to count modes",
       .kind = SampleKind::image,
       .any_count = true,
       .channels = kStackedDigits,
       .height = kDigitSide,
       .width = kDigitSide,
       .classes = kStackedClasses,
       .folder = kMnist,
       .find = [](Split split,
                  const std::vector<SearchPlace>& places) { return find_idx_folder(kMnist, split, places); },
       .open =
           [](Split split, const std::vector<SearchPlace>& places, const OpenOptions& options) {
             return stacked_digits(options.digits, split, options.builtin_count, places);
           }},
  };
}

}  // namespace

const std::vector<Source>& sources() {
  static const std::vector<Source> table = [] {
    std::vector<Source> all = make_sources();
    for (const PointSet& set : point_sets()) all.push_back(source_of(set));
    return all;
  }();
  return table;
}

const Source* find_source(const std::string& name) {
  for (const Source& source : sources()) {
    if (source.name == name) return &source;
  }
  return nullptr;
}

bool is_synthetic(const std::string& name) {
  const Source* source = find_source(name);
  return source != nullptr && source->synthetic;
}

bool has_any_count(const std::string& name) {
  const Source* source = find_source(name);
  return source != nullptr && source->any_count;
}

std::vector<std::string> source_names(bool (*wanted)(const Source&)) {
  std::vector<std::string> names;
  for (const Source& source : sources()) {
    if (wanted(source)) names.push_back(source.name);
  }
  return names;
}

}  // namespace ganymede::data
