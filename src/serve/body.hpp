#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "serve/message.hpp"

namespace ganymede::serve {

/// The JSON object that a request's body holds, read field by field; null is as if it were left out. Everything throws
/// HttpError 400 with a sentence that names the field, what was wanted and what was found.
class Body {
 public:
  /// `text`: of the whole body.
  explicit Body(const std::string& text);
  ~Body();
  Body(Body&&) noexcept;

  /// Refuses a field of another name.
  void be_of(const std::vector<std::string>& known) const;
  bool has(const char* name) const;
  /// "" if it is left out; at most `most` bytes.
  std::string text(const char* name, std::size_t most = 256) const;
  std::string required_text(const char* name, std::size_t most = 256) const;
  bool flag(const char* name, bool otherwise) const;
  /// A finite number within [low, high].
  double number(const char* name, double low, double high, double otherwise) const;
  std::optional<std::int64_t> whole(const char* name, std::int64_t low, std::int64_t high) const;
  /// One of these words; the first if it is left out.
  std::string choice(const char* name, const std::vector<std::string>& words) const;
  std::vector<std::string> texts(const char* name, std::size_t most) const;
  /// An object's fields by another Body; nothing if it is left out.
  std::optional<Body> object(const char* name) const;
  /// `dim` numbers, each within kFarthest of 0. They must be there.
  std::vector<float> point(const char* name, std::size_t dim) const;
  /// One point or a list of them, at most `most`, one after another; empty if it is left out.
  std::vector<float> points(const char* name, std::size_t dim, std::size_t most) const;
  /// The field itself; null if it is left out.
  const nlohmann::ordered_json& at(const char* name) const;

 private:
  explicit Body(const nlohmann::ordered_json& fields);
  std::unique_ptr<nlohmann::ordered_json> fields_;
};

/// Farther out no prior reaches, and no network's values stay numbers for sure.
inline constexpr double kFarthest = 1e4;

/// The number with the fewest digits that is this float: 0.1, not 0.10000000149.
double short_number(float value);
/// [[..], ..] of rows of `dim` values.
nlohmann::ordered_json rows_json(const std::vector<float>& values, std::size_t dim);

}  // namespace ganymede::serve
