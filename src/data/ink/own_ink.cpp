#include "data/ink/own_ink.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "data/sources.hpp"

namespace ganymede::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostNameBytes = 60;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

void check_class_name(const std::string& name) {
  if (is_ink_class_name(name) && name.size() <= kMostClassNameBytes) return;
  fail<ConfigError>(
      "a class's name: wanted 1 to {} bytes of text without control characters, braces or blanks at its ends, found "
      "\"{}\"",
      kMostClassNameBytes, printable(name));
}

// Where the symbol at this place of a class is among all; the number of all where there is none.
std::size_t index_of(const InkSet& set, std::int32_t label, std::size_t place) {
  for (std::size_t i = 0; i < set.symbols.size(); ++i) {
    if (set.symbols[i].label == label && place-- == 0) return i;
  }
  return set.symbols.size();
}

std::size_t count_of(const InkSet& set, std::int32_t label) {
  return static_cast<std::size_t>(std::ranges::count(set.symbols, label, &Symbol::label));
}

void check_symbol(const Symbol& symbol) {
  std::size_t points = 0;
  for (const ink::Stroke& stroke : symbol.ink) points += stroke.size();
  if (symbol.ink.empty() || symbol.ink.size() > kMostStrokesDrawn || points > kMostPointsDrawn) {
    fail<ConfigError>("a symbol: wanted 1 to {} strokes of at most {} points together, found {} of {}",
                      kMostStrokesDrawn, kMostPointsDrawn, symbol.ink.size(), points);
  }
}

}  // namespace

bool is_own_ink_name(const std::string& name) {
  const auto is_plain = [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_'; };
  return !name.empty() && name.size() <= kMostNameBytes && is_letter_or_digit(name.front()) &&
         std::all_of(name.begin(), name.end(), is_plain) && find_source(name) == nullptr;
}

fs::path find_own_ink(const std::string& name, const std::vector<SearchPlace>& places) {
  if (!is_own_ink_name(name)) return {};
  for (const SearchPlace& place : places) {
    std::error_code error;
    fs::path file = place.folder / name / kInkFile;
    if (fs::is_regular_file(file, error)) return file;
  }
  return {};
}

std::vector<std::string> names_of_own_ink(const std::vector<SearchPlace>& places) {
  std::vector<std::string> names;
  for (const SearchPlace& place : places) {
    std::error_code error, ignored;
    for (const auto& entry : fs::directory_iterator(place.folder, error)) {
      std::string name = entry.path().filename().string();
      if (is_own_ink_name(name) && fs::is_regular_file(entry.path() / kInkFile, ignored))
        names.push_back(std::move(name));
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

bool is_ink_text(const std::string& text) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return is_utf8(text) && std::none_of(text.begin(), text.end(), is_control);
}

bool is_ink_class_name(const std::string& name) {
  return !name.empty() && is_ink_text(name) && name.find_first_of("{}") == std::string::npos && name.front() != ' ' &&
         name.back() != ' ';
}

std::int32_t label_of(const InkSet& set, const std::string& name) {
  const auto found = std::ranges::find(set.class_names, name);
  if (found == set.class_names.end()) {
    fail<ConfigError>("there is no class \"{}\"; there are: {}", printable(name),
                      set.class_names.empty() ? "none" : fmt::format("{}", fmt::join(set.class_names, ", ")));
  }
  return static_cast<std::int32_t>(found - set.class_names.begin());
}

void add_class(InkSet& set, const std::string& name) {
  check_class_name(name);
  if (std::ranges::find(set.class_names, name) != set.class_names.end())
    fail<ConfigError>("there is a class \"{}\" already", name);
  if (set.class_names.size() == kMostInkClasses) fail<ConfigError>("a set has at most {} classes", kMostInkClasses);
  set.class_names.push_back(name);
}

void remove_class(InkSet& set, const std::string& name) {
  const std::int32_t label = label_of(set, name);
  std::erase_if(set.symbols, [&](const Symbol& symbol) { return symbol.label == label; });
  for (Symbol& symbol : set.symbols) symbol.label -= symbol.label > label ? 1 : 0;
  set.class_names.erase(set.class_names.begin() + label);
}

void put_symbol(InkSet& set, Symbol symbol, std::size_t place) {
  check_symbol(symbol);
  const std::size_t count = count_of(set, symbol.label);
  if (place > count) {
    fail<ConfigError>("there are {} symbols of \"{}\": wanted a place from 0 to {}, found {}", count,
                      set.class_names.at(static_cast<std::size_t>(symbol.label)), count, place);
  }
  if (place < count) {
    set.symbols[index_of(set, symbol.label, place)] = std::move(symbol);
    return;
  }
  if (set.symbols.size() >= kMostInkSymbols) fail<ConfigError>("a set has at most {} symbols", kMostInkSymbols);
  set.symbols.push_back(std::move(symbol));
}

void erase_symbol(InkSet& set, std::int32_t label, std::size_t place) {
  const std::size_t at = index_of(set, label, place);
  if (at == set.symbols.size()) {
    fail<ConfigError>("there is no symbol {} of \"{}\"", place, set.class_names.at(static_cast<std::size_t>(label)));
  }
  set.symbols.erase(set.symbols.begin() + static_cast<std::ptrdiff_t>(at));
}

}  // namespace ganymede::data
