#include "data/points/point_file.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/file_kind.hpp"
#include "base/text.hpp"
#include "data/files/condition_file.hpp"
#include "data/files/csv_field.hpp"

namespace ganymede::data {
namespace {

Dataset points_from(std::vector<float> values, std::int64_t dim, const std::string& where, const char* kind,
                    std::vector<float> conditions = {}, std::vector<std::string> condition_names = {}) {
  Dataset d;
  d.conditions = std::move(conditions);
  d.condition_names = std::move(condition_names);
  d.provenance = {where, {where}, kind};
  d.images = Tensor::of<float>({static_cast<std::int64_t>(values.size()) / dim, dim}, values);
  return checked(std::move(d));
}

template <class T>
std::vector<float> as_floats(const Tensor& array) {
  std::vector<float> values;
  for (const T v : array.values<T>()) values.push_back(static_cast<float>(v));
  return values;
}

bool is_between(char c) {
  return c == ',' || c == ';' || c == '\t' || c == ' ';
}

// The fields of a line. Spaces join to the separator beside them: "1, 2" are two fields, "1,,2" three.
std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  std::size_t at = 0;
  const auto skip_spaces = [&] {
    while (at < line.size() && (line[at] == ' ' || line[at] == '\t')) ++at;
  };
  for (skip_spaces(); at < line.size();) {
    const std::size_t begin = at;
    while (at < line.size() && !is_between(line[at])) ++at;
    fields.push_back(line.substr(begin, at - begin));
    skip_spaces();
    if (at >= line.size() || (line[at] != ',' && line[at] != ';')) continue;
    ++at;
    skip_spaces();
    if (at == line.size()) fields.emplace_back();  // nothing behind the last separator
  }
  return fields;
}

// A class is no coordinate, though it is a number.
void check_head(const std::vector<std::string_view>& names, const std::string& where, std::int64_t line_number) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::string name = lower_case(names[i]);
    std::erase(name, '"');
    if (name == "label" || name == "labels" || name == "class" || name == "target") {
      fail<DataError>(
          "{}: line {}: column {} is named \"{}\": points have coordinates alone, leave that column out; "
          "if this is a table of pictures{}",
          where, line_number, i + 1, name, kAsNpz);
    }
  }
}

// Columns whose name begins with "condition", by their place.
struct ConditionColumns {
  std::vector<bool> at;            // [columns]
  std::vector<std::string> names;  // [K]
};

ConditionColumns conditions_in_head(const std::vector<std::string_view>& head) {
  ConditionColumns columns;
  for (const std::string_view field : head) {
    std::string name(field);
    std::erase(name, '"');
    columns.at.push_back(lower_case(name).starts_with("condition"));
    if (columns.at.back()) columns.names.push_back(std::move(name));
  }
  return columns;
}

}  // namespace

bool is_csv_name(const std::filesystem::path& path) {
  return lower_case(path.extension().string()) == ".csv";
}

bool holds_points(const Tensor& array) {
  return array.shape().size() == 2 && array.shape()[1] >= 1 && array.shape()[1] <= kMostCoordinates;
}

Dataset points_of_array(const Tensor& array, const std::string& where) {
  if (!holds_points(array)) {
    fail<DataError>("{}: wanted points of shape (N, D), D from 1 to {}, found {}", where, kMostCoordinates,
                    to_string(array.shape()));
  }
  if (array.shape()[0] > kMostPoints) {
    fail<DataError>("{}: wanted at most {} points, found {}", where, with_thousands(kMostPoints),
                    with_thousands(array.shape()[0]));
  }
  std::vector<float> values;
  switch (array.dtype()) {
    case DType::u8:
      values = as_floats<std::uint8_t>(array);
      break;
    case DType::i32:
      values = as_floats<std::int32_t>(array);
      break;
    case DType::i64:
      values = as_floats<std::int64_t>(array);
      break;
    case DType::f32:
      values = as_floats<float>(array);
      break;
    default:
      values = as_floats<double>(array);
  }
  return points_from(std::move(values), array.shape()[1], where, "points from NumPy");
}

Dataset parse_csv_points(std::string_view text, const std::string& where) {
  std::vector<float> values, conditions;
  ConditionColumns columns;
  std::size_t width = 0;  // fields of a line
  std::int64_t points = 0;
  bool head_may_come = true;
  for (std::int64_t line_number = 1; !text.empty(); ++line_number) {
    const std::string_view line = take_line(text, line_number == 1);
    const std::vector<std::string_view> fields =
        line.starts_with('#') ? std::vector<std::string_view>() : fields_of(line);
    if (fields.empty()) continue;
    const bool is_head = std::exchange(head_may_come, false) &&
                         std::ranges::none_of(fields, [](auto f) { return number_in(f).has_value(); });
    if (is_head) {
      check_head(fields, where, line_number);
      columns = conditions_in_head(fields);
    }
    const std::size_t most = static_cast<std::size_t>(kMostCoordinates) + columns.names.size();
    if (fields.size() > most || std::ssize(columns.names) > kMostConditions) {
      fail<DataError>("{}: line {}: wanted 1 to {} numbers, found {} fields; if this is a table of pictures{}", where,
                      line_number, most, fields.size(), kAsNpz);
    }
    if (is_head) {
      if (!columns.names.empty()) width = fields.size();
      if (columns.names.size() == fields.size())
        fail<DataError>("{}: line {}: all columns are conditions: wanted coordinates beside them", where, line_number);
      continue;
    }
    std::vector<float> point;
    for (const std::string_view field : fields) {
      const std::optional<float> value = number_in(field);
      if (!value || !std::isfinite(*value)) {
        fail<DataError>("{}: line {}: wanted a finite number, found \"{}\"", where, line_number,
                        printable(field.substr(0, 40)));
      }
      point.push_back(*value);
    }
    if (width == 0) width = point.size();
    if (point.size() != width) {
      fail<DataError>("{}: line {}: wanted {} numbers as in the lines before, found {}", where, line_number, width,
                      point.size());
    }
    if (++points > kMostPoints) fail<DataError>("{}: wanted at most {} points", where, with_thousands(kMostPoints));
    for (std::size_t i = 0; i < width; ++i)
      (i < columns.at.size() && columns.at[i] ? conditions : values).push_back(point[i]);
  }
  if (points == 0)
    fail<DataError>("{}: holds no points: wanted a line of 1 to {} numbers each", where, kMostCoordinates);
  const auto dim = static_cast<std::int64_t>(width - columns.names.size());
  return points_from(std::move(values), dim, where, "points from a CSV file", std::move(conditions),
                     std::move(columns.names));
}

Dataset read_csv_points(const std::filesystem::path& path) {
  return parse_csv_points(read_csv_text(path, "a text of numbers, a point a line"), path.string());
}

}  // namespace ganymede::data
