#include "run/toml_text.hpp"

#include <fmt/format.h>

namespace ganymede::run {

std::string toml_text(bool value) {
  return value ? "true" : "false";
}
std::string toml_text(int value) {
  return fmt::format("{}", value);
}
std::string toml_text(std::int64_t value) {
  return fmt::format("{}", value);
}
std::string toml_text(std::uint64_t value) {
  return fmt::format("{}", value);
}
std::string toml_text(double value) {
  return fmt::format("{}", value);
}

std::string toml_text(const std::string& value) {
  std::string text = "\"";
  for (const char c : value) {
    const auto code = static_cast<unsigned char>(c);
    switch (c) {
      case '"':
        text += "\\\"";
        break;
      case '\\':
        text += "\\\\";
        break;
      case '\n':
        text += "\\n";
        break;
      case '\t':
        text += "\\t";
        break;
      default:
        if (code < 0x20 || code == 0x7F) {
          text += fmt::format("\\u{:04X}", code);
        } else {
          text += c;
        }
    }
  }
  return text + "\"";
}

std::string toml_text(const std::vector<std::int64_t>& values) {
  return fmt::format("[{}]", fmt::join(values, ", "));
}

}  // namespace ganymede::run
