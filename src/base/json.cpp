#include "base/json.hpp"

namespace ganymede {

void check_json_depth(std::string_view text, const std::string& origin) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kDeepestJson) {
        fail<DataError>("{}: no JSON of ours: nested deeper than {} brackets", origin, kDeepestJson);
      }
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
}

void fail_json(const std::string& origin, const char* fault) {
  fail<DataError>("{}: no JSON; the file is damaged: {}", origin, fault);
}

}  // namespace ganymede
