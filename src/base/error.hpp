#pragma once

#include <fmt/core.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace ganymede {

/// What stops a command. A message says where, what was wanted, what was found and what to do about it.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message, int exit_code = 1) : std::runtime_error(message), exit_code_(exit_code) {}
  int exit_code() const { return exit_code_; }

 private:
  int exit_code_;
};

/// The user's input is at fault (exit code 2).
class UserError : public Error {
 public:
  explicit UserError(const std::string& message) : Error(message, 2) {}
};

/// A recipe, an option or a command line is wrong.
class ConfigError : public UserError {
 public:
  using UserError::UserError;
};

/// A file or data set is missing, damaged or not of the form that was asked for.
class DataError : public UserError {
 public:
  using UserError::UserError;
};

/// Shapes do not fit together; names the place, the wanted and the found shape.
class ShapeError : public UserError {
 public:
  using UserError::UserError;
};

/// A guard stopped the run to keep it from harm: NaN, full disk (exit code 3).
class GuardError : public Error {
 public:
  explicit GuardError(const std::string& message) : Error(message, 3) {}
};

/// Throws E with a formatted message: `fail<DataError>("{}: wanted {} bytes, found {}", path, 4, 2)`.
template <class E, class... Args>
[[noreturn]] void fail(fmt::format_string<Args...> format, Args&&... args) {
  throw E(fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace ganymede
