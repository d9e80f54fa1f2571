#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ganymede::run {

// Values as TOML text, shortest form that reads back to the same value.

std::string toml_text(bool value);
std::string toml_text(int value);
std::string toml_text(std::int64_t value);
std::string toml_text(std::uint64_t value);
/// 0.0001, 1e-07, 256, inf, -inf, nan.
std::string toml_text(double value);
/// "adam": quoted, with escapes.
std::string toml_text(const std::string& value);
/// [10, 50]
std::string toml_text(const std::vector<std::int64_t>& values);

}  // namespace ganymede::run
