#include "data/stacked_digits.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "base/error.hpp"
#include "base/philox.hpp"
#include "base/signal.hpp"
#include "data/files/idx_source.hpp"
#include "data/synthetic/builtin.hpp"
#include "data/synthetic/synthetic_digits.hpp"

namespace ganymede::data {
namespace {

constexpr const char* kBuiltinDigits = "builtin-digits";

/// Puts a picture of the digit into its channel; `random` chooses among several.
using DigitPainter =
    std::function<void(std::uint64_t channel_index, int digit, RandomSequence& random, std::span<std::uint8_t> pixels)>;

Dataset open_mnist(Split split, const std::vector<SearchPlace>& places) {
  try {
    return open_idx_name(kMnist, split, places);
  } catch (const DataError& fault) {
    fail<DataError>("{} is made of MNIST, or of the built-in digits with `--set data.digits={}`: {}", kStackedMnist,
                    kBuiltinDigits, fault.what());
  }
}

DigitPainter from_examples(Dataset digits) {
  std::vector<std::vector<std::int64_t>> examples(kDigitClasses);
  for (std::int64_t i = 0; i < digits.size(); ++i)
    examples[static_cast<std::size_t>(digits.labels[static_cast<std::size_t>(i)])].push_back(i);
  const bool fits = digits.channels() == 1 && digits.height() == kDigitSide && digits.width() == kDigitSide;
  if (!fits || std::ranges::any_of(examples, &std::vector<std::int64_t>::empty)) {
    fail<DataError>("{}: wanted grey pictures of {} x {} and an example of every digit to stack, found {} x {} x {}",
                    digits.provenance.name, kDigitSide, kDigitSide, digits.channels(), digits.height(), digits.width());
  }
  return [digits = std::move(digits), examples = std::move(examples)](std::uint64_t, int digit, RandomSequence& random,
                                                                      std::span<std::uint8_t> pixels) {
    const std::vector<std::int64_t>& of_digit = examples[static_cast<std::size_t>(digit)];
    std::ranges::copy(digits.image(of_digit[random.below(static_cast<std::uint32_t>(of_digit.size()))]),
                      pixels.begin());
  };
}

DigitPainter drawn_anew(Split split) {
  const std::uint64_t seed = split == Split::train ? kBuiltinTrainSeed : kBuiltinTestSeed;
  return [seed](std::uint64_t channel_index, int digit, RandomSequence&, std::span<std::uint8_t> pixels) {
    draw_digit(seed, channel_index, digit, pixels);
  };
}

}  // namespace

const std::vector<std::string>& digits_to_stack() {
  static const std::vector<std::string> names{kMnist, kBuiltinDigits};
  return names;
}

std::array<int, kStackedDigits> digits_of(int number) {
  return {number / 100, number / 10 % 10, number % 10};
}

Dataset stacked_digits(const std::string& digits, Split split, std::int64_t count,
                       const std::vector<SearchPlace>& places) {
  if (count < 1) fail<ConfigError>("data.builtin_count: wanted at least 1 image, found {}", count);
  if (std::ranges::find(digits_to_stack(), digits) == digits_to_stack().end())
    fail<ConfigError>("data.digits: wanted one of {}, found \"{}\"", fmt::join(digits_to_stack(), ", "), digits);
  Dataset d;
  DigitPainter paint;
  if (digits == kMnist) {
    Dataset mnist = open_mnist(split, places);
    d.provenance.files = mnist.provenance.files;
    paint = from_examples(std::move(mnist));
  } else {
    paint = drawn_anew(split);
  }
  d.provenance.name = kStackedMnist;
  d.provenance.description = fmt::format(
      "three digits of {} as the channels of one picture, {} classes that are equally likely", digits, kStackedClasses);
  d.images = Tensor(DType::u8, {count, kStackedDigits, kDigitSide, kDigitSide});
  d.labels.resize(static_cast<std::size_t>(count));
  for (int number = 0; number < kStackedClasses; ++number) d.class_names.push_back(fmt::format("{:03}", number));
  const Random random(kBuiltinTrainSeed, split == Split::train ? "data.stacked.train" : "data.stacked.test");
  const auto pixels = d.images.values<std::uint8_t>();
  for (std::size_t i = 0; i < d.labels.size(); ++i) {
    if (stop_requested()) fail<Error>("{}: stopped before all of it was made", kStackedMnist);
    RandomSequence sequence(random, static_cast<std::uint32_t>(i));
    for (std::size_t c = 0; c < kStackedDigits; ++c) {
      const auto digit = static_cast<int>(sequence.below(kDigitClasses));
      const std::size_t at = i * kStackedDigits + c;
      paint(at, digit, sequence, pixels.subspan(at * kDigitPixels, kDigitPixels));
      d.labels[i] = d.labels[i] * kDigitClasses + digit;
    }
  }
  return checked(std::move(d));
}

}  // namespace ganymede::data
