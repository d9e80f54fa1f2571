#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ganymede::testing {

// How the compiler spells a value: "ganymede::play::Loss::hinge", or "(ganymede::play::Loss)7" where no enumerator has
// it. So tests know of an enumerator that a table forgot.
template <auto kValue>
constexpr std::string_view spelled() {
  const std::string_view text = __PRETTY_FUNCTION__;
  const std::size_t from = text.find("kValue = ") + 9;
  return text.substr(from, text.find_first_of(";]", from) - from);
}

template <class E, int... kNumbers>
std::vector<std::pair<E, std::string>> enumerators_among(std::integer_sequence<int, kNumbers...>) {
  std::vector<std::pair<E, std::string>> found;
  const auto add = [&](E value, std::string_view text) {
    if (!text.starts_with('(')) found.emplace_back(value, text.substr(text.rfind(':') + 1));
  };
  (add(static_cast<E>(kNumbers), spelled<static_cast<E>(kNumbers)>()), ...);
  return found;
}

/// All enumerators of an enum (those below 32) with their spelling in the code.
template <class E>
std::vector<std::pair<E, std::string>> enumerators() {
  return enumerators_among<E>(std::make_integer_sequence<int, 32>());
}

}  // namespace ganymede::testing
