#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace ganymede::measure {

/// A member of an object that was read from outside. @throws DataError "WHERE: no KIND: "NAME" is missing".
const nlohmann::ordered_json& json_member(const nlohmann::ordered_json& json, const char* name, const char* kind,
                                          const std::string& where);
/// The same of a text. @throws DataError also "WHERE: NAME: wanted a text, found number".
std::string json_text_member(const nlohmann::ordered_json& json, const char* name, const char* kind,
                             const std::string& where);

}  // namespace ganymede::measure
