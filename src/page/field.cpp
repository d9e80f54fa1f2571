#include "page/field.hpp"

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace ganymede::page {

void Field::refuse(const std::string& what) const {
  if (way_.empty()) fail<DataError>("{}: {}", file_, what);
  fail<DataError>("{}: {}: {}", file_, way_, what);
}

void Field::refuse_type(const char* wanted) const {
  refuse(fmt::format("wanted {}, found {}", wanted, value_->type_name()));
}

std::optional<Field> Field::find(const char* name) const {
  if (!value_->is_object()) refuse_type("an object");
  const auto found = value_->find(name);
  if (found == value_->end()) return {};
  return Field(*found, file_, way_.empty() ? name : way_ + "." + name);
}

Field Field::operator[](const char* name) const {
  if (const auto found = find(name)) return *found;
  refuse(fmt::format("\"{}\" is missing", name));
}

std::vector<Field> Field::items() const {
  if (!value_->is_array()) refuse_type("a list");
  std::vector<Field> all;
  for (std::size_t i = 0; i < value_->size(); ++i)
    all.push_back(Field((*value_)[i], file_, fmt::format("{}[{}]", way_, i)));
  return all;
}

std::string Field::text() const {
  if (!value_->is_string()) refuse_type("a text");
  return value_->get<std::string>();
}

bool Field::flag() const {
  if (!value_->is_boolean()) refuse_type("true or false");
  return value_->get<bool>();
}

int Field::whole(int least, int most) const {
  const std::string wanted = fmt::format("a whole number of {} to {}", least, most);
  if (!value_->is_number_integer()) refuse_type(wanted.c_str());
  const double number = value_->get<double>();
  if (number < least || number > most) refuse(fmt::format("wanted {}, found {:g}", wanted, number));
  return static_cast<int>(number);
}

std::vector<std::string> Field::texts() const {
  std::vector<std::string> all;
  for (const Field& item : items()) all.push_back(item.text());
  return all;
}

double Field::number() const {
  if (value_->is_null()) return std::numeric_limits<double>::quiet_NaN();
  if (!value_->is_number()) refuse_type("a number or null");
  return value_->get<double>();
}

std::vector<double> Field::numbers() const {
  if (!value_->is_array()) refuse_type("a list");
  std::vector<double> all;
  for (const nlohmann::ordered_json& one : *value_) {
    if (!one.is_null() && !one.is_number()) refuse(fmt::format("wanted numbers or null, found {}", one.type_name()));
    all.push_back(one.is_null() ? std::numeric_limits<double>::quiet_NaN() : one.get<double>());
  }
  return all;
}

}  // namespace ganymede::page
