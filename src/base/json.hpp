#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/file.hpp"

namespace ganymede {

// JSON from outside, bounded: the library destroys, copies and prints nested values by recursion, so that a file of
// brackets alone would end the process. Every JSON text that is read goes through here.

inline constexpr int kDeepestJson = 64;                                     ///< nothing of ours is deeper than ten
inline constexpr std::uint64_t kLargestJson = std::uint64_t{1} << 28;       ///< bytes
inline constexpr std::uint64_t kLargestSmallJson = std::uint64_t{1} << 24;  ///< bytes, of what holds no curves

/// DataError if brackets of `text` (outside its strings) nest deeper than kDeepestJson.
void check_json_depth(std::string_view text, const std::string& origin);
/// What one of nlohmann's errors says, without its tag and at most 200 bytes: "line 1, column 69: syntax error while
/// parsing ..."; `position`: with the place in the text.
std::string json_fault(std::string_view fault, bool position = true);
/// How nlohmann's errors are said: "FILE: no JSON; the file is damaged: ...".
[[noreturn]] void fail_json(const std::string& origin, const char* fault, bool is_file = true);

// Json is nlohmann::json or nlohmann::ordered_json.

/// The value of `text`. @throws DataError with `origin` if it is no JSON (a file that is none is said to be damaged,
/// unless `is_file` is false) or nested too deeply.
template <class Json = nlohmann::json>
Json parse_json(std::string_view text, const std::string& origin, bool is_file = true);

/// The value of a file of at most `most` bytes. @throws DataError as parse_json and read_file.
template <class Json = nlohmann::json>
Json read_json(const std::filesystem::path& path, std::uint64_t most = kLargestJson);

/// The number, or null for what JSON has no number for.
nlohmann::ordered_json number_or_null(double value);

/// JSON text of a value that may hold names and paths of the user: bytes that are no UTF-8 are replaced.
template <class Json>
std::string json_text(const Json& value, int indent = -1);

}  // namespace ganymede
