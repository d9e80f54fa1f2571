#include "serve/frame.hpp"

#include <cstring>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/json.hpp"

namespace ganymede::serve {
namespace {

constexpr std::size_t kUnit = 8;

std::size_t padded(std::size_t bytes) {
  return (bytes + kUnit - 1) / kUnit * kUnit;
}

void put_length(std::string& text, std::size_t length) {
  if (length > 0x7FFFFFFF) fail<DataError>("the answer would have {} bytes: ask for less at a time", length);
  for (int shift = 0; shift < 32; shift += 8) text += static_cast<char>(length >> shift & 0xFF);
}

}  // namespace

std::string frame(const nlohmann::ordered_json& head, const NamedArrays& arrays) {
  nlohmann::ordered_json whole = head, list = nlohmann::ordered_json::array();
  std::size_t body = 0;
  for (const auto& [name, tensor] : arrays) {
    list.push_back({{"name", name}, {"type", name_of(tensor.dtype())}, {"shape", tensor.shape()}, {"offset", body}});
    body += padded(tensor.bytes().size());
  }
  whole["arrays"] = std::move(list);
  std::string text = json_text(whole);
  text.resize(padded(text.size()), ' ');
  std::string bytes;
  bytes.reserve(kUnit + text.size() + body);
  put_length(bytes, text.size());
  put_length(bytes, body);
  bytes += text;
  for (const auto& [name, tensor] : arrays) {
    bytes.append(reinterpret_cast<const char*>(tensor.bytes().data()), tensor.bytes().size());
    bytes.resize(padded(bytes.size()), '\0');
  }
  return bytes;
}

Response frame_response(std::string_view name, const nlohmann::ordered_json& head, const NamedArrays& arrays) {
  return {.headers = {{"Content-Type", kFrameType}, {"Cache-Control", "no-store"}},
          .body = frame(with_schema(name, head), arrays)};
}

}  // namespace ganymede::serve
