#pragma once

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

namespace ganymede::app {

// What options may be set to. Each of these refuses other words with what was wanted and what was found, to which the
// option's name is prefixed: `--n wants a whole number from 1 to 256, found "abc"`. For `Option::transform`, since the
// words of a number are written anew: CLI11 would read 010 as eight.

CLI::Validator whole_number(std::int64_t least, std::int64_t most);
/// Finite ones.
CLI::Validator number(double least, double most);
/// Above 0.
CLI::Validator positive(double most);
/// One of these words.
CLI::Validator one_of(const std::vector<std::string>& words);

/// A number of either kind.
template <class T>
CLI::Validator range(T least, T most) {
  if constexpr (std::is_integral_v<T>) {
    return whole_number(least, most);
  } else {
    return number(least, most);
  }
}

/// The largest number of epochs, steps or the like: beyond it doubles have gaps.
inline constexpr std::int64_t kMostCount = 1'000'000'000'000'000;
/// Of everything random, as train.seed.
inline constexpr std::int64_t kMostSeed = std::numeric_limits<std::int64_t>::max();
/// Of the first of several samples, whose seeds count up.
inline constexpr std::int64_t kMostSampleSeed = 1'000'000'000'000'000'000;
/// The longest time in minutes, 19 years: within what clocks can count.
inline constexpr double kMostMinutes = 1e7;

/// What the option says of this text; "" if it is legal.
std::string refusal(CLI::Option& option, std::string text);

/// Finds the mistakes that all options have in common: whole numbers and other numbers without a legal range are faults
/// of this program, flags take no value, and a value is not the name of another option of the command.
void guard_options(CLI::App& command);

}  // namespace ganymede::app
