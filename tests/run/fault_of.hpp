#pragma once

#include <string>

#include "base/error.hpp"

namespace ganymede::run {

/// The message of the error that `body` throws, "" if it throws none.
template <class Body>
std::string fault_of(Body body) {
  try {
    body();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace ganymede::run
