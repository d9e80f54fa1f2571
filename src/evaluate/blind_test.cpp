#include "evaluate/blind_test.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/checksum.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "data/ink/ink_picture.hpp"
#include "evaluate/reference.hpp"
#include "fit/samples.hpp"
#include "measure/resample.hpp"
#include "train/samples.hpp"

namespace ganymede::evaluate {
namespace {

constexpr std::int64_t kBuiltinReals = 2000;
constexpr std::int64_t kMostTestBytes = 128 << 20;
constexpr std::uint64_t kFirstFakeSeed = 1'000'000'000;
constexpr std::uint64_t kSeedsATest = 1000;
constexpr int kInkSide = 168;  // of a drawn symbol

std::string_view content_of(const data::Dataset& all, std::int64_t i) {
  const auto bytes = all.images.bytes();
  const std::size_t each = bytes.size() / static_cast<std::size_t>(all.size());
  return {reinterpret_cast<const char*>(bytes.data()) + static_cast<std::size_t>(i) * each, each};
}

// Moves [N, ..] as symbols on white: real ones are drawn by the same pen as generated ones, whose moves would give them
// away.
Tensor as_drawn_ink(const Tensor& moves) {
  std::vector<ink::Ink> inks;
  train::ink_sheet(moves, inks);
  Tensor drawn(DType::u8, {std::ssize(inks), kInkSide, kInkSide, 3});
  auto to = drawn.values<std::uint8_t>().begin();
  for (const ink::Ink& one : inks) {
    const picture::Image image = data::picture_of_ink(one, kInkSide).with_channels(3);
    to = std::ranges::copy(image.pixels(), to).out;
  }
  return drawn;
}

// The number that the generator knows a class of the data by.
std::int32_t class_of(std::int32_t label, const data::Dataset& reals, const explore::TrainedGenerator& generator) {
  const std::vector<std::string>& known = generator.class_names();
  std::ptrdiff_t at = label;
  if (!known.empty()) at = std::ranges::find(known, reals.class_names[static_cast<std::size_t>(label)]) - known.begin();
  if (at >= generator.classes()) {
    fail<DataError>("{}: the data have the class {}, which the generator was not trained with", reals.provenance.name,
                    reals.class_names[static_cast<std::size_t>(label)]);
  }
  return static_cast<std::int32_t>(at);
}

// The fakes' z, class and condition, a row a trial.
train::NamedSamples fakes_beside(const data::Dataset& reals, explore::TrainedGenerator& generator, std::uint64_t seed,
                                 bool same_class) {
  train::NamedSamples all{.seed = first_fake_seed(seed), .z = {}, .classes = {}};
  const bool same_condition =
      generator.condition_length() > 0 && reals.condition_length() == generator.condition_length();
  for (std::int64_t i = 0; i < reals.size(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    const std::optional<int> only =
        same_class ? std::optional<int>(class_of(reals.labels[at], reals, generator)) : std::nullopt;
    train::NamedSamples one = generator.samples(all.seed + static_cast<std::uint64_t>(i), 1, only);
    if (same_condition) one.conditions.assign(reals.condition(i).begin(), reals.condition(i).end());
    all.append(one);
  }
  return all;
}

}  // namespace

TestReals choose_reals(const run::Recipe& recipe, const std::vector<data::SearchPlace>& places, std::uint64_t seed,
                       int trials) {
  const data::Dataset test = open_whole(recipe, data::Split::test, places, kBuiltinReals);
  const std::string& name = test.provenance.name;
  if (test.is_points()) fail<DataError>("{}: people judge pictures and ink, and these samples are points", name);
  std::set<std::string_view> seen;
  std::vector<std::int64_t> rows;
  for (const std::int64_t i : measure::permutation(test.size(), Random(seed, "judge.reals"), 0)) {
    if (std::ssize(rows) == trials) break;
    if (seen.insert(content_of(test, i)).second) rows.push_back(i);
  }
  if (std::ssize(rows) < trials) {
    fail<DataError>("{}: {} trials want as many different samples, and there are {}; wanted fewer trials", name, trials,
                    rows.size());
  }
  const bool held_out = data::is_synthetic(recipe.data.source) ||
                        !(test.images == open_whole(recipe, data::Split::train, places, kBuiltinReals).images);
  return {.chosen = data::chosen_images(test, rows),
          .sentence =
              held_out ? "held-out samples of " + name : fmt::format("samples of {}, of which none is held out", name)};
}

std::uint64_t first_fake_seed(std::uint64_t seed) {
  return kFirstFakeSeed + kSeedsATest * seed;
}

Tensor TestPictures::of_trial(const Tensor& pictures, int trial) const {
  Shape shape = pictures.shape();
  shape[0] = 1;
  const auto each = static_cast<std::size_t>(element_count(shape));
  return Tensor::of<std::uint8_t>(
      shape, pictures.values<std::uint8_t>().subspan(static_cast<std::size_t>(trial) * each, each));
}

Tensor TestPictures::shown(std::uint64_t seed, int trial, measure::PairSide side) const {
  return of_trial(side == measure::fake_side(seed, trial) ? fakes : reals, trial);
}

TestPictures test_pictures(explore::TrainedGenerator& generator, const TestReals& reals, std::uint64_t seed) {
  const data::Dataset& chosen = reals.chosen;
  TestPictures found{.reals = {}, .fakes = {}, .labels = chosen.labels, .class_names = {}};
  if (chosen.has_labels()) found.class_names = chosen.class_names;
  found.same_class = chosen.has_labels() && generator.classes() > 0;
  const std::int64_t each = chosen.is_ink() ? std::int64_t{3} * kInkSide * kInkSide : chosen.pixels_per_image();
  if (2 * each * chosen.size() > kMostTestBytes) {
    fail<DataError>("{}: {} trials of pictures of {} x {} are too large to be kept; wanted {} trials at most",
                    chosen.provenance.name, chosen.size(), chosen.width(), chosen.height(),
                    kMostTestBytes / (2 * each));
  }
  const train::NamedSamples samples = fakes_beside(chosen, generator, seed, found.same_class);
  const Tensor drawn = generator.draw(samples);
  const Shape& s = drawn.shape();
  if (chosen.is_ink() != train::is_ink({s[1], s[2], s[3]}))
    fail<DataError>("{}: the generator draws other samples than these data hold", chosen.provenance.name);
  found.reals = chosen.is_ink() ? as_drawn_ink(chosen.images) : channels_last(chosen.images);
  found.fakes = chosen.is_ink() ? as_drawn_ink(drawn) : channels_last(fit::to_levels(drawn));
  if (found.reals.shape() != found.fakes.shape()) {
    fail<DataError>("{}: the data are pictures {}, those of the generator are {}", chosen.provenance.name,
                    to_string(found.reals.shape()), to_string(found.fakes.shape()));
  }
  Crc32 sum;
  for (const Tensor* pictures : {&found.reals, &found.fakes})
    sum.add(pictures->bytes().data(), pictures->bytes().size());
  found.fingerprint = hex(sum.value());
  return found;
}

measure::BlindTest blind_test_of(const std::string& run, const run::Snapshot& about, const TestReals& reals,
                                 const TestPictures& pictures, std::uint64_t seed, double seconds) {
  return {.run = run,
          .epoch = about.epoch,
          .step = about.step,
          .seed = seed,
          .trials = static_cast<int>(pictures.reals.shape()[0]),
          .seconds = seconds,
          .reals = reals.sentence,
          .pictures = pictures.fingerprint};
}

measure::Judgement judgement_of(const measure::BlindTest& test, const TestPictures& pictures, const std::string& person,
                                const std::string& by) {
  measure::check_person(person);
  return {.test = test,
          .person = person,
          .by = by,
          .class_names = pictures.class_names,
          .same_class = pictures.same_class,
          .picks = {},
          .labels = pictures.labels};
}

}  // namespace ganymede::evaluate
