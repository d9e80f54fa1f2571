#include "measure/score.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "measure/json_member.hpp"

namespace ganymede::measure {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kKind = "score";  // in messages
constexpr std::array<const char*, 4> kBetter{"lower", "higher", "half", "neither"};

double read_number(const Json& json, const char* name, const std::string& where) {
  const Json& value = json_member(json, name, kKind, where);
  if (value.is_null()) return std::numeric_limits<double>::quiet_NaN();
  if (!value.is_number()) fail<DataError>("{}: {}: wanted a number or null, found {}", where, name, value.type_name());
  return value.get<double>();
}

std::int64_t read_count(const Json& json, const char* name, const std::string& where) {
  const Json& value = json_member(json, name, kKind, where);
  if (!value.is_number_integer() || value.get<std::int64_t>() < 0) {
    fail<DataError>("{}: {}: wanted a whole number of 0 or more", where, name);
  }
  return value.get<std::int64_t>();
}

std::vector<std::string> cells(const Score& score) {
  std::string interval, floor, counts;
  if (std::isfinite(score.low) && std::isfinite(score.high))
    interval = fmt::format("[{:.4g}, {:.4g}]", score.low, score.high);
  if (score.floor) {
    floor = fmt::format("floor {:.4g}", *score.floor);
    if (score.count_floor > 0) {
      floor += fmt::format(" ({} + {})", with_thousands(score.count_floor), with_thousands(score.count_floor));
    }
  }
  if (score.count_real > 0) counts = with_thousands(score.count_real) + " real";
  if (score.count_fake > 0) {
    counts += (counts.empty() ? "" : ", ") + with_thousands(score.count_fake) + " fake";
  }
  return {score.name, fmt::format("{:.4g}", score.value), interval, floor, counts};
}

}  // namespace

const char* name_of(Better better) {
  return kBetter[static_cast<std::size_t>(better)];
}

Json to_json(const Score& score) {
  return {{"schema", kScoreSchema},
          {"name", score.name},
          {"value", number_or_null(score.value)},
          {"low", number_or_null(score.low)},
          {"high", number_or_null(score.high)},
          {"count_real", score.count_real},
          {"count_fake", score.count_fake},
          {"floor", score.floor ? number_or_null(*score.floor) : Json(nullptr)},
          {"count_floor", score.count_floor},
          {"better", name_of(score.better)},
          {"protocol", score.protocol}};
}

Score score_from_json(const Json& json, const std::string& where) {
  if (!json.is_object()) fail<DataError>("{}: no score: wanted an object, found {}", where, json.type_name());
  if (const std::string schema = json_text_member(json, "schema", kKind, where); schema != kScoreSchema) {
    fail<DataError>("{}: wanted the schema \"{}\", found \"{}\"", where, kScoreSchema, schema);
  }
  Score score{.name = json_text_member(json, "name", kKind, where),
              .value = read_number(json, "value", where),
              .low = read_number(json, "low", where),
              .high = read_number(json, "high", where),
              .count_real = read_count(json, "count_real", where),
              .count_fake = read_count(json, "count_fake", where),
              .count_floor = read_count(json, "count_floor", where)};
  if (const double floor = read_number(json, "floor", where); std::isfinite(floor)) score.floor = floor;
  const std::string better = json_text_member(json, "better", kKind, where);
  const auto found = std::ranges::find(kBetter, better);
  if (found == kBetter.end()) {
    fail<DataError>("{}: better: wanted lower, higher, half or neither, found \"{}\"", where, better);
  }
  score.better = static_cast<Better>(found - kBetter.begin());
  score.protocol = json_text_member(json, "protocol", kKind, where);
  return score;
}

Score parse_score(std::string_view text, const std::string& where) {
  return score_from_json(parse_json<Json>(text, where), where);
}

std::string to_line(const Score& score) {
  std::string line;
  const auto parts = cells(score);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!parts[i].empty()) line += (i == 0 ? "" : i == 2 ? " " : "  ") + parts[i];
  }
  return line;
}

std::string to_table(std::span<const Score> scores) {
  TextTable table("lrlll");
  for (const Score& score : scores) table.add(cells(score));
  return table.str();
}

std::string short_count(std::int64_t count) {
  if (count > 0 && count % 1000000 == 0) return fmt::format("{}m", count / 1000000);
  if (count > 0 && count % 1000 == 0) return fmt::format("{}k", count / 1000);
  return std::to_string(count);
}

}  // namespace ganymede::measure
