#include "data/ink/ink_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/file_kind.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "data/ink/own_ink.hpp"

namespace ganymede::data {
namespace {

using Json = nlohmann::ordered_json;

// ---- writing: by hand, since one line a symbol reads better than what a library would make of it

std::string quoted(const std::string& text) {
  return json_text(Json(text));
}

template <class Value>
std::string list_of(std::size_t count, Value value) {
  std::string out = "[";
  for (std::size_t i = 0; i < count; ++i) fmt::format_to(std::back_inserter(out), "{}{}", i == 0 ? "" : ",", value(i));
  return out + "]";
}

std::string to_json(const Symbol& symbol, const InkSet& set) {
  const auto strokes = [&](std::size_t s) {
    const ink::Stroke& stroke = symbol.ink[s];
    std::string out = "{\"x\":" + list_of(stroke.size(), [&](std::size_t i) { return stroke[i].x; });
    out += ",\"y\":" + list_of(stroke.size(), [&](std::size_t i) { return stroke[i].y; });
    if (!symbol.times.empty()) {
      out += ",\"t\":" + list_of(stroke.size(), [&](std::size_t i) { return symbol.times[s][i]; });
    }
    return out + "}";
  };
  return fmt::format("{{\"label\":{},\"writer\":{},\"strokes\":{}}}",
                     quoted(set.class_names[static_cast<std::size_t>(symbol.label)]),
                     quoted(set.writers[static_cast<std::size_t>(symbol.writer)]), list_of(symbol.ink.size(), strokes));
}

// ---- reading

// A value of the document with its place in it, for messages.
struct Node {
  const Json& value;
  std::string where;

  template <class... Args>
  [[noreturn]] void refuse(fmt::format_string<Args...> what, Args&&... args) const {
    fail<DataError>("{}: {}", where, fmt::format(what, std::forward<Args>(args)...));
  }
  void be_class_name() const {
    if (is_ink_class_name(text())) return;
    refuse("a class's name: wanted text without control characters, braces or blanks at its ends, found \"{}\"",
           printable(text()));
  }
  void be_object(std::initializer_list<const char*> known) const {
    if (!value.is_object()) refuse("wanted an object, found {}", value.type_name());
    for (const auto& [key, ignored] : value.items()) {
      const auto is_key = [&, k = key](const char* name) { return k == name; };
      if (std::none_of(known.begin(), known.end(), is_key)) {
        refuse("unknown key \"{}\", wanted {}", key, fmt::join(known, ", "));
      }
    }
  }
  Node at(const char* key) const {
    const auto found = value.find(key);
    if (found == value.end()) refuse("\"{}\" is missing", key);
    return {*found, where + "." + key};
  }
  bool has(const char* key) const { return value.contains(key); }
  /// `first`: the number that messages give the first one.
  std::vector<Node> list(std::size_t first = 0) const {
    if (!value.is_array()) refuse("wanted a list, found {}", value.type_name());
    std::vector<Node> nodes;
    for (std::size_t i = 0; i < value.size(); ++i) nodes.push_back({value[i], fmt::format("{}[{}]", where, first + i)});
    return nodes;
  }
  std::string text() const {
    if (!value.is_string()) refuse("wanted a text, found {}", value.type_name());
    return value.get<std::string>();
  }
  double number() const {
    if (!value.is_number()) refuse("wanted a number, found {}", value.type_name());
    const auto found = value.get<double>();
    if (!(std::abs(found) <= 1e12)) refuse("wanted a number within 10^12");
    return found;
  }
  std::vector<double> numbers() const {
    if (!value.is_array()) refuse("wanted a list of numbers, found {}", value.type_name());
    std::vector<double> out;
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (!value[i].is_number()) refuse("wanted a number at [{}], found {}", i, value[i].type_name());
      out.push_back(value[i].get<double>());
      if (!(std::abs(out.back()) <= 1e12)) refuse("wanted a number within 10^12 at [{}]", i);
    }
    return out;
  }
};

void read_stroke(const Node& node, Symbol& symbol) {
  node.be_object({"x", "y", "t"});
  const std::vector<double> x = node.at("x").numbers(), y = node.at("y").numbers();
  if (x.empty() || x.size() != y.size()) {
    node.refuse("wanted as many x as y, at least one, found {} and {}", x.size(), y.size());
  }
  ink::Stroke stroke;
  for (std::size_t i = 0; i < x.size(); ++i) stroke.push_back({x[i], y[i]});
  symbol.ink.push_back(std::move(stroke));
  symbol.times.emplace_back();
  if (!node.has("t")) return;
  symbol.times.back() = node.at("t").numbers();
  if (symbol.times.back().size() != x.size()) {
    node.refuse("wanted as many t as x, found {} and {}", symbol.times.back().size(), x.size());
  }
}

InkLines read_lines(const Node& node) {
  node.be_object({"top", "baseline"});
  const InkLines lines{.top = node.at("top").number(), .baseline = node.at("baseline").number()};
  if (!(lines.top < lines.baseline)) {
    node.refuse("wanted \"top\" above \"baseline\" (y runs down), found {} and {}", lines.top, lines.baseline);
  }
  return lines;
}

Json parse(std::string_view text, const std::string& name) {
  check_json_depth(text, name);
  try {
    return Json::parse(text);
  } catch (const nlohmann::json::parse_error& error) {
    if (text.find('{') == std::string_view::npos)
      fail<DataError>("{}: wanted JSON, found {}", name, kind_of_file(text));
    const std::size_t at = std::min(error.byte > 0 ? error.byte - 1 : 0, text.size());
    const std::string_view before = text.substr(0, at);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const std::size_t start = before.rfind('\n');
    const std::size_t column = start == std::string_view::npos ? at + 1 : at - start;
    fail<DataError>("{}:{}:{}: no JSON from here on: {}", name, line, column, json_fault(error.what(), false));
  } catch (const nlohmann::json::exception& error) {
    fail<DataError>("{}: {}", name, json_fault(error.what()));
  }
}

}  // namespace

std::string to_ink_json(const InkSet& set) {
  std::string out =
      fmt::format("{{\"schema\":\"{}\",\n\"classes\":{},\n", kInkSchema,
                  list_of(set.class_names.size(), [&](std::size_t k) { return quoted(set.class_names[k]); }));
  if (set.lines) out += fmt::format("\"lines\":{{\"top\":{},\"baseline\":{}}},\n", set.lines->top, set.lines->baseline);
  out += "\"symbols\":[";
  for (std::size_t i = 0; i < set.symbols.size(); ++i) {
    out += (i == 0 ? "\n" : ",\n") + to_json(set.symbols[i], set);
  }
  return out + "\n]}\n";
}

std::vector<std::string> classes_of(const std::set<std::string>& labels) {
  std::vector<std::string> names(labels.begin(), labels.end());
  if (std::all_of(names.begin(), names.end(), [](const auto& name) { return symbol_class(name) >= 0; })) {
    std::sort(names.begin(), names.end(),
              [](const auto& a, const auto& b) { return symbol_class(a) < symbol_class(b); });
  }
  return names;
}

InkSet parse_ink_json(std::string_view text, const std::string& name, std::size_t first) {
  const Json document = parse(text, name);
  const Node root{document, name};
  root.be_object({"schema", "classes", "lines", "symbols"});
  if (const std::string schema = root.at("schema").text(); schema != kInkSchema) {
    root.refuse("wanted the schema \"{}\", found \"{}\"", kInkSchema, schema);
  }
  const std::vector<Node> symbols = root.at("symbols").list(first);
  InkSet set;
  set.provenance = {name, {}, "symbols of one's own (" + std::string(kInkSchema) + ")"};
  if (root.has("lines")) set.lines = read_lines(root.at("lines"));
  if (root.has("classes")) {
    for (const Node& node : root.at("classes").list()) {
      node.be_class_name();
      set.class_names.push_back(node.text());
    }
  } else {
    std::set<std::string> labels;
    for (const Node& node : symbols) {
      const Node label = node.at("label");
      if (labels.insert(label.text()).second) label.be_class_name();
    }
    set.class_names = classes_of(labels);
  }
  std::map<std::string, std::int32_t> classes, writers;
  for (const std::string& label : set.class_names) {
    if (!classes.emplace(label, static_cast<std::int32_t>(classes.size())).second) {
      root.refuse("class \"{}\" stands twice in \"classes\"", label);
    }
  }
  for (const Node& node : symbols) {
    node.be_object({"label", "writer", "strokes"});
    Symbol symbol;
    const auto label = classes.find(node.at("label").text());
    if (label == classes.end()) node.refuse("label \"{}\" is not among \"classes\"", node.at("label").text());
    symbol.label = label->second;
    const std::string writer = node.has("writer") ? node.at("writer").text() : "";
    if (!is_ink_text(writer)) {
      node.at("writer").refuse("wanted text without control characters, found \"{}\"", printable(writer));
    }
    const auto [known, is_new] = writers.emplace(writer, static_cast<std::int32_t>(writers.size()));
    if (is_new) set.writers.push_back(writer);
    symbol.writer = known->second;
    for (const Node& stroke : node.at("strokes").list()) read_stroke(stroke, symbol);
    if (symbol.ink.empty()) node.refuse("a symbol needs at least one stroke");
    const auto timeless = [](const auto& times) { return times.empty(); };
    if (std::any_of(symbol.times.begin(), symbol.times.end(), timeless)) symbol.times.clear();
    set.symbols.push_back(std::move(symbol));
  }
  return set;
}

void write_ink_json(const std::filesystem::path& path, const InkSet& set) {
  write_file_atomically(path, to_ink_json(set));
}

InkSet read_ink_json(const std::filesystem::path& path) {
  InkSet set = parse_ink_json(read_file(path), path.string());
  set.provenance.files = {path};
  return set;
}

}  // namespace ganymede::data
