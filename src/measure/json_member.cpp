#include "measure/json_member.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace ganymede::measure {

const nlohmann::ordered_json& json_member(const nlohmann::ordered_json& json, const char* name, const char* kind,
                                          const std::string& where) {
  const auto found = json.find(name);
  if (found == json.end()) fail<DataError>("{}: no {}: \"{}\" is missing", where, kind, name);
  return *found;
}

std::string json_text_member(const nlohmann::ordered_json& json, const char* name, const char* kind,
                             const std::string& where) {
  const nlohmann::ordered_json& value = json_member(json, name, kind, where);
  if (!value.is_string()) fail<DataError>("{}: {}: wanted a text, found {}", where, name, value.type_name());
  return value.get<std::string>();
}

}  // namespace ganymede::measure
