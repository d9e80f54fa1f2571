#include "explore/handwriting/text.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"

namespace ganymede::explore {
namespace {

char32_t code_point_of(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first;
  auto code = static_cast<char32_t>(first & (0x7fU >> character.size()));
  for (const char c : character.substr(1)) code = code << 6 | (static_cast<unsigned char>(c) & 0x3fU);
  return code;
}

std::string utf8_of(char32_t code) {
  const auto byte = [](char32_t value) { return static_cast<char>(static_cast<unsigned char>(value)); };
  if (code < 0x80) return {byte(code)};
  if (code < 0x800) return {byte(0xc0 | code >> 6), byte(0x80 | (code & 0x3f))};
  return {byte(0xe0 | code >> 12), byte(0x80 | (code >> 6 & 0x3f)), byte(0x80 | (code & 0x3f))};
}

/// Small letters from `first` to `last` whose capitals lie `apart` before them, each, or every second one (capital and
/// small one in turn).
struct CaseRange {
  char32_t first, last;
  char32_t apart;
  bool in_turn = false;
};
constexpr CaseRange kCases[] = {
    {U'a', U'z', 32},        {0xe0, 0xf6, 32},        {0xf8, 0xfe, 32},         // ASCII, Latin-1
    {0x101, 0x137, 1, true}, {0x13a, 0x148, 1, true}, {0x14b, 0x177, 1, true},  // Latin Extended-A
    {0x17a, 0x17e, 1, true}, {0x3b1, 0x3c1, 32},      {0x3c3, 0x3cb, 32},       // Greek
    {0x430, 0x44f, 32},      {0x450, 0x45f, 80},                                // Cyrillic
};
constexpr char32_t kDotlessI = 0x131;  // whose capital is the plain I

std::string changed(std::string_view character, bool to_upper) {
  const char32_t code = code_point_of(character);
  for (const CaseRange& range : kCases) {
    const char32_t small = to_upper ? code : code + range.apart;
    const bool within = small >= range.first && small <= range.last && small != kDotlessI;
    if (!within || (range.in_turn && (small - range.first) % 2 != 0)) continue;
    return utf8_of(to_upper ? code - range.apart : small);
  }
  return std::string(character);
}

class Reader {
 public:
  Reader(std::span<const std::string> names, LetterCase letter_case) : names_(names), case_(letter_case) {}

  HandText read(std::string_view text) {
    while (!text.empty()) {
      if (const auto named = label_in_braces(text)) {
        const std::size_t end = text.find('}');
        out_.pieces.push_back({.label = *named, .letter = std::string(text.substr(0, end + 1))});
        text.remove_prefix(end + 1);
        continue;
      }
      const std::string_view character = text.substr(0, character_length(text));
      add(character);
      text.remove_prefix(character.size());
    }
    return std::move(out_);
  }

 private:
  std::optional<int> label_of(std::string_view name) const {
    const auto found = std::ranges::find(names_, name);
    if (found == names_.end()) return {};
    return static_cast<int>(found - names_.begin());
  }
  std::optional<int> label_in_braces(std::string_view text) const {
    const std::size_t end = text.starts_with('{') ? text.find('}') : std::string_view::npos;
    if (end == std::string_view::npos) return {};
    return label_of(text.substr(1, end - 1));
  }
  std::optional<int> label_of_letter(std::string_view letter) const {
    if (case_ == LetterCase::upper) return label_of(upper_case_letter(letter));
    if (case_ == LetterCase::lower) return label_of(lower_case_letter(letter));
    const auto found = label_of(letter);
    if (found || case_ == LetterCase::as_is) return found;
    const auto upper = label_of(upper_case_letter(letter));
    return upper ? upper : label_of(lower_case_letter(letter));
  }
  void add(std::string_view character) {
    if (const auto label = label_of_letter(character)) {
      out_.pieces.push_back({.label = *label, .letter = std::string(character)});
    } else if (character == "\n") {
      out_.pieces.push_back({.label = TextPiece::kNewLine});
    } else if (character == " " || character == "\t" || character == "\u00a0") {
      out_.pieces.push_back({.label = TextPiece::kSpace});
    } else if (character != "\r" && std::ranges::find(out_.unknown, character) == out_.unknown.end()) {
      out_.unknown.emplace_back(character);
    }
  }

  std::span<const std::string> names_;
  LetterCase case_;
  HandText out_;
};

}  // namespace

std::string upper_case_letter(std::string_view character) {
  return changed(character, true);
}
std::string lower_case_letter(std::string_view character) {
  return changed(character, false);
}

HandText read_text(std::string_view text, std::span<const std::string> names, LetterCase letter_case) {
  if (!is_utf8(text)) fail<ConfigError>("the text: wanted UTF-8, found \"{}\"", printable(text));
  return Reader(names, letter_case).read(text);
}

}  // namespace ganymede::explore
