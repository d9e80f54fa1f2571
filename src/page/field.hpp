#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace ganymede::page {

/// A value of a JSON file from outside and the way to it: whatever is not as wanted is a DataError such as
/// "studies/ink/results.json: page.parts[3].text: wanted a text, found number".
class Field {
 public:
  /// The whole of a file; `value` must outlive all fields of it.
  Field(const nlohmann::ordered_json& value, std::string file) : Field(value, std::move(file), {}) {}

  /// A member of an object, which must be there.
  Field operator[](const char* name) const;
  /// The same where it may be missing.
  std::optional<Field> find(const char* name) const;
  /// The values of a list.
  std::vector<Field> items() const;

  std::string text() const;
  bool flag() const;
  /// A whole number of `least` to `most`.
  int whole(int least, int most) const;
  std::vector<std::string> texts() const;
  /// A number; null: NaN.
  double number() const;
  /// Numbers; null: NaN.
  std::vector<double> numbers() const;

  /// Ends with a DataError: "FILE: page.title: <what>".
  [[noreturn]] void refuse(const std::string& what) const;

 private:
  Field(const nlohmann::ordered_json& value, std::string file, std::string way)
      : value_(&value), file_(std::move(file)), way_(std::move(way)) {}
  [[noreturn]] void refuse_type(const char* wanted) const;

  const nlohmann::ordered_json* value_;
  std::string file_, way_;
};

}  // namespace ganymede::page
