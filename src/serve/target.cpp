#include "serve/target.hpp"

#include <fmt/format.h>

namespace ganymede::serve {
namespace {

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decoded(std::string_view text, bool plus_is_blank) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      const int high = i + 2 < text.size() ? digit_of(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? digit_of(text[i + 2]) : -1;
      if (high < 0 || low < 0) throw HttpError(400, "the address has a % without two digits after it");
      result += static_cast<char>(16 * high + low);
      i += 2;
    } else {
      result += plus_is_blank && text[i] == '+' ? ' ' : text[i];
    }
  }
  if (result.find('\0') != std::string::npos) throw HttpError(400, "the address holds a NUL");
  return result;
}

// What stands before the next `end`, which is taken off with it.
std::string_view take_until(std::string_view& text, char end) {
  const std::size_t at = text.find(end);
  const std::string_view before = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return before;
}

}  // namespace

void read_target(std::string_view target, Request& request) {
  if (!target.starts_with('/')) throw HttpError(400, "the address must begin with a slash");
  std::string_view rest = target.substr(1, target.find('?') - 1);
  std::string_view query = target.substr(std::min(target.size(), rest.size() + 2));
  while (!rest.empty()) {
    const bool slash_follows = rest.find('/') != std::string_view::npos;
    std::string part = decoded(take_until(rest, '/'), false);
    const bool last_is_empty = slash_follows && rest.empty();
    if (part.empty() || last_is_empty) throw HttpError(400, "the address has an empty part");
    if (part == "." || part == ".." || part.find_first_of("/\\") != std::string::npos)
      throw HttpError(400, "the address has a part that could leave its folder");
    request.path.push_back(std::move(part));
  }
  while (!query.empty()) {
    std::string_view value = take_until(query, '&');
    const std::string_view name = take_until(value, '=');
    if (!name.empty()) request.query.emplace_back(decoded(name, true), decoded(value, true));
  }
}

std::string encoded_part(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                       c == '_' || c == '.' || c == '~';
    result += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return result;
}

}  // namespace ganymede::serve
