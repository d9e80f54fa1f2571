#pragma once

#include <span>
#include <string>
#include <vector>

namespace ganymede::play {

/// A value of an enum and how recipes, JSON, messages and `ganymede options` spell it.
template <class E>
struct Named {
  E value;
  const char* name;
};

/// The one table of names of an enum of this room, in the order in which they are listed.
template <class E>
std::span<const Named<E>> table_of();

/// "non_saturating"
template <class E>
const char* name_of(E value);

/// All names in the table's order.
template <class E>
std::vector<std::string> names_of();

/// The value of a name. @throws ConfigError with `key`, the name and the nearest known one
template <class E>
E named(const char* key, const std::string& name);

}  // namespace ganymede::play
