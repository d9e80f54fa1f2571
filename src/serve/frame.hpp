#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "serve/message.hpp"
#include "tensor/tensor.hpp"

namespace ganymede::serve {

inline constexpr const char* kFrameType = "application/vnd.ganymede.frames";

using NamedArrays = std::vector<std::pair<std::string, Tensor>>;

/// Numbers with their description, as a browser takes them without parsing:
///   u32le head_bytes, u32le body_bytes, head (JSON, padded by spaces), body (padded by zeros), both multiples of 8.
/// The head gets "arrays": [{"name", "type": "u8" | "i32" | "f32", "shape", "offset": from the body's start}]; elements
/// are little-endian and row-major, each array begins at a multiple of 8.
std::string frame(const nlohmann::ordered_json& head, const NamedArrays& arrays = {});
/// A frame as an answer; its head begins with "schema" = "ganymede.api.<name>/1" and the program's version.
Response frame_response(std::string_view name, const nlohmann::ordered_json& head, const NamedArrays& arrays);

}  // namespace ganymede::serve
