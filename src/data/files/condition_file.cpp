#include "data/files/condition_file.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "data/files/csv_field.hpp"

namespace ganymede::data {
namespace {

// The fields of a line, without the spaces and the quotes around each; two quotes within quotes are one.
std::vector<std::string> fields_between(std::string_view line, char separator) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') {
      if (quoted && i + 1 < line.size() && line[i + 1] == '"') {
        fields.back() += line[++i];
      } else {
        quoted = !quoted;
      }
    } else if (line[i] == separator && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += line[i];
    }
  }
  for (std::string& field : fields) {
    const std::size_t first = field.find_first_not_of(" \t");
    field = first == std::string::npos ? "" : field.substr(first, field.find_last_not_of(" \t") - first + 1);
  }
  return fields;
}

char separator_of(std::string_view head) {
  for (const char c : {';', '\t'}) {
    if (head.find(c) != std::string_view::npos) return c;
  }
  return ',';
}

std::string normal(const std::filesystem::path& path) {
  return path.lexically_normal().generic_string();
}

std::vector<std::string> names_in_head(std::vector<std::string> fields, const std::string& where, std::int64_t line) {
  if (lower_case(fields.front()) != "file" || fields.size() < 2) {
    fail<DataError>(
        "{}: line {}: wanted a head, \"file\" and the names of the numbers, as in file,age,height; found "
        "\"{}\"",
        where, line, printable(fields.front().substr(0, 40)));
  }
  fields.erase(fields.begin());
  if (std::ssize(fields) > kMostConditions) {
    fail<DataError>("{}: line {}: wanted at most {} numbers a picture, found {}", where, line, kMostConditions,
                    fields.size());
  }
  if (std::set<std::string>(fields.begin(), fields.end()).size() < fields.size())
    fail<DataError>("{}: line {}: two columns have one name", where, line);
  return fields;
}

template <class T>
std::vector<float> floats_of(const Tensor& array) {
  std::vector<float> values;
  for (const T v : array.values<T>()) values.push_back(static_cast<float>(v));
  return values;
}

std::vector<float> numbers_of(const Tensor& array) {
  switch (array.dtype()) {
    case DType::u8:
      return floats_of<std::uint8_t>(array);
    case DType::i32:
      return floats_of<std::int32_t>(array);
    case DType::i64:
      return floats_of<std::int64_t>(array);
    case DType::f32:
      return floats_of<float>(array);
    default:
      return floats_of<double>(array);
  }
}

}  // namespace

const std::vector<float>& ConditionTable::row_of(const std::filesystem::path& picture) const {
  const auto found = rows.find(normal(picture));
  if (found == rows.end()) {
    fail<DataError>("{}: no line for the picture {}: every picture of the folder wants its numbers", where,
                    normal(picture));
  }
  return found->second;
}

std::string ConditionTable::rows_of_nothing(const std::filesystem::path& folder) const {
  std::string first;
  std::int64_t count = 0;
  for (const auto& [path, row] : rows) {
    std::error_code error;
    const bool outside = path.starts_with("..") || std::filesystem::path(path).is_absolute();
    if (!outside && std::filesystem::exists(folder / path, error)) continue;
    if (++count == 1) first = path;
  }
  if (count == 0) return {};
  return fmt::format("{} of {} lines of {} name a picture that is not here: \"{}\"{}", count, rows.size(),
                     kConditionFile, printable(first.substr(0, 200)), count == 1 ? "" : " is the first");
}

ConditionTable parse_conditions(std::string_view text, const std::string& where) {
  ConditionTable table{.names = {}, .rows = {}, .where = where};
  char separator = ',';
  for (std::int64_t number = 1; !text.empty(); ++number) {
    const std::string_view line = take_line(text, number == 1);
    if (line.starts_with('#') || line.find_first_not_of(" \t,;") == std::string_view::npos) continue;
    if (table.names.empty()) {
      separator = separator_of(line);
      table.names = names_in_head(fields_between(line, separator), where, number);
      continue;
    }
    const std::vector<std::string> fields = fields_between(line, separator);
    if (fields.size() != table.names.size() + 1) {
      fail<DataError>("{}: line {}: wanted a file and {} numbers, as the head has, found {} fields", where, number,
                      table.names.size(), fields.size());
    }
    std::vector<float> row;
    for (std::size_t k = 1; k < fields.size(); ++k) {
      const std::optional<float> value = number_in(fields[k]);
      if (!value || !std::isfinite(*value)) {
        fail<DataError>("{}: line {}: column {}: wanted a finite number, found \"{}\"", where, number,
                        printable(table.names[k - 1]), printable(fields[k].substr(0, 40)));
      }
      row.push_back(*value);
    }
    if (!table.rows.emplace(normal(fields.front()), std::move(row)).second)
      fail<DataError>("{}: line {}: {} has a line already", where, number, printable(fields.front().substr(0, 200)));
  }
  if (table.rows.empty()) fail<DataError>("{}: holds no conditions: wanted a head and a line a picture", where);
  return table;
}

std::optional<ConditionTable> find_conditions(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / kConditionFile;
  std::error_code error;
  if (!std::filesystem::exists(std::filesystem::symlink_status(path, error))) return std::nullopt;
  return parse_conditions(read_csv_text(path, "a table of conditions"), path.string());
}

void add_conditions(Dataset& d, const Tensor& array, const std::string& where) {
  const Shape& shape = array.shape();
  const std::int64_t length = shape.size() == 1 ? 1 : shape.size() == 2 ? shape[1] : 0;
  if (length < 1 || length > kMostConditions || shape[0] != d.size()) {
    fail<DataError>("{}: wanted conditions of shape [{}, K], a vector a sample, K from 1 to {}, found {}", where,
                    d.size(), kMostConditions, to_string(shape));
  }
  d.conditions = numbers_of(array);
  const auto bad = std::ranges::find_if(d.conditions, [](float v) { return !std::isfinite(v); });
  if (bad != d.conditions.end()) fail<DataError>("{}: element {} is not finite", where, bad - d.conditions.begin());
  d.condition_names.clear();
  for (std::int64_t k = 1; k <= length; ++k) d.condition_names.push_back(std::to_string(k));
}

}  // namespace ganymede::data
