#pragma once

#include <string>
#include <vector>

#include "run/recipe.hpp"

namespace ganymede::run {

/// What is wrong, and with which key.
struct Fault {
  std::string key;
  std::string text;
};

/// The faults that no single key can see, each with the key to look at.
std::vector<Fault> cross_check(const Recipe& recipe);

}  // namespace ganymede::run
