#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "data/ink/symbols.hpp"
#include "data/places.hpp"

namespace ganymede::data {

// Ink sets of one's own that have a name: NAME/ink.json (ink_json.hpp) in a place of sets, as the explorer's page Draw
// keeps them.

inline constexpr const char* kInkFile = "ink.json";

/// Letters, digits, '-' and '_', the first a letter or digit, at most 60, and no name of sources(): so it is one folder
/// below another, whatever it is joined to, and no file's.
bool is_own_ink_name(const std::string& name);

/// NAME/ink.json in the first place that has it; empty if none has, or it is no such name.
std::filesystem::path find_own_ink(const std::string& name, const std::vector<SearchPlace>& places);
/// The names of all that are there, sorted, each once.
std::vector<std::string> names_of_own_ink(const std::vector<SearchPlace>& places);

// What a set that people draw into can hold.
inline constexpr std::size_t kMostInkClasses = 200;
inline constexpr std::size_t kMostClassNameBytes = 32;
inline constexpr std::size_t kMostInkSymbols = 20000;
inline constexpr std::size_t kMostStrokesDrawn = 64;
inline constexpr std::size_t kMostPointsDrawn = 8192;
inline constexpr std::uint64_t kMostInkBytes = std::uint64_t{32} << 20;  ///< of its file

/// Whether a class of any file of ink can be named so: UTF-8, not empty, without control characters, braces (a text
/// that is written has names of more than a letter within them) or blanks at its ends.
bool is_ink_class_name(const std::string& name);
/// Whether there is none of ASCII's control characters in it, as in a writer's name.
bool is_ink_text(const std::string& text);

/// @throws ConfigError for a class name that is empty, longer than kMostClassNameBytes, no UTF-8, or holds a control
/// character, a brace or a blank at an end; and for one that is there, or one too many.
void add_class(InkSet& set, const std::string& name);
/// Takes the class away, with its symbols. @throws ConfigError if there is none of this name
void remove_class(InkSet& set, const std::string& name);

/// Puts a symbol at `place` among those of its class: in the place of the one that is there, or behind the last.
/// @throws ConfigError for a place beyond that, and where symbol or set would be larger than what stands above
void put_symbol(InkSet& set, Symbol symbol, std::size_t place);
/// Takes the symbol at `place` of a class away; those behind it move up. @throws ConfigError if there is none
void erase_symbol(InkSet& set, std::int32_t label, std::size_t place);

/// The number of a class. @throws ConfigError that names the classes if there is none of this name
std::int32_t label_of(const InkSet& set, const std::string& name);

}  // namespace ganymede::data
