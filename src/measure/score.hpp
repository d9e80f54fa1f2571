#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ganymede::measure {

inline constexpr const char* kScoreSchema = "ganymede.score/1";

/// Which of two values of a score is the better one.
enum class Better {
  lower,
  higher,
  half,    ///< the one nearer to 1/2: accuracy of telling real from fake
  neither  ///< says something, but no more is not better: diversity
};
const char* name_of(Better better);

/// A measured number with all that is needed to believe it. The name fixes the protocol: two scores of one name may be
/// compared, two of different names may not.
struct Score {
  std::string name;  ///< "frechet10k_digits_v1"
  double value = 0;
  double low = 0, high = 0;  ///< interval; NaN where there is none
  std::int64_t count_real = 0;
  std::int64_t count_fake = 0;
  std::optional<double> floor;   ///< the same score between two halves of the real data: what noise alone gives
  std::int64_t count_floor = 0;  ///< samples in each half
  Better better = Better::lower;
  std::string protocol;  ///< a sentence: features, k, subsets, seed, what the interval is of
};

/// {"schema": "ganymede.score/1", "name", "value", "low", "high", "count_real", "count_fake", "floor", "count_floor",
/// "better", "protocol"}; a number that is not finite, and a floor that is not there, is null.
nlohmann::ordered_json to_json(const Score& score);
/// @throws DataError with `where`: another schema, a field that is missing or of another type.
Score score_from_json(const nlohmann::ordered_json& json, const std::string& where);
/// The text of one such object.
Score parse_score(std::string_view text, const std::string& where);

/// "frechet10k_digits_v1  12.34 [11.9, 12.8]  floor 0.85 (5,000 + 5,000)  10,000 real, 10,000 fake", numbers with four
/// significant digits.
std::string to_line(const Score& score);
/// Several as a table with aligned columns, one line each.
std::string to_table(std::span<const Score> scores);

/// 10000 -> "10k", 2500 -> "2500", 2000000 -> "2m": the count in a score's name.
std::string short_count(std::int64_t count);

}  // namespace ganymede::measure
