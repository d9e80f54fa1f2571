#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/shell_word.hpp"
#include "data/ink/ink_json.hpp"
#include "ink/prepare.hpp"
#include "serve/api.hpp"
#include "serve/body.hpp"
#include "serve/confined.hpp"
#include "serve/ink_sets.hpp"

// How it works: a set is a file; each change reads it, changes the symbols in memory and writes it anew, so that what a
// page was answered is on the disk. Symbols of a request become a document of the ink format of their own, which the
// one reader of that format reads: so a page's ink is held to what a file's is.

namespace ganymede::serve {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostAdded = 1000;  // symbols of one request
constexpr std::size_t kTextBytes = 256;

Json classes_json(const data::InkSet& set) {
  const std::vector<std::int64_t> counts = data::class_histogram(set);
  Json list = Json::array();
  for (std::size_t k = 0; k < counts.size(); ++k) list.push_back({{"name", set.class_names[k]}, {"count", counts[k]}});
  return list;
}

Json card_json(const InkSets::Found& found) {
  Json card = {
      {"name", found.name}, {"own", found.own}, {"bytes", found.bytes}, {"modified", utc_text(found.modified_ns)}};
  try {
    const data::InkSet set = data::parse_ink_json(found.text, found.name);
    card["symbols"] = set.symbols.size();
    card["classes"] = classes_json(set);
  } catch (const DataError& error) {
    card["fault"] = error.what();
  }
  return card;
}

Json list_of(const ink::Stroke& stroke, double ink::Point::*coordinate) {
  Json list = Json::array();
  for (const ink::Point& point : stroke) list.push_back(point.*coordinate);
  return list;
}

double in_thousandths(double value) {
  return std::round(value * 1000) / 1000;
}

// What the networks make of it: "kept", or why they are not shown it; the moves it takes, the strokes that are left.
void add_prepared(const data::Symbol& symbol, Json& to) {
  const ink::Prepared prepared = ink::prepare(symbol.ink);
  to["fate"] = ink::name_of(prepared.fate);
  to["moves"] = prepared.moves_used;
  Json seen = Json::array();
  for (ink::Stroke stroke : prepared.simplified) {
    for (ink::Point& point : stroke) point = {in_thousandths(point.x), in_thousandths(point.y)};
    seen.push_back({{"x", list_of(stroke, &ink::Point::x)}, {"y", list_of(stroke, &ink::Point::y)}});
  }
  to["seen"] = std::move(seen);
}

Json symbol_json(const data::Symbol& symbol, const data::InkSet& set) {
  Json strokes = Json::array();
  for (std::size_t s = 0; s < symbol.ink.size(); ++s) {
    strokes.push_back({{"x", list_of(symbol.ink[s], &ink::Point::x)}, {"y", list_of(symbol.ink[s], &ink::Point::y)}});
    if (!symbol.times.empty()) strokes.back()["t"] = symbol.times[s];
  }
  Json one = {{"label", set.class_names[static_cast<std::size_t>(symbol.label)]},
              {"writer", set.writers[static_cast<std::size_t>(symbol.writer)]},
              {"strokes", std::move(strokes)}};
  add_prepared(symbol, one);
  return one;
}

Json lines_json(const data::InkSet& set) {
  if (!set.lines) return nullptr;
  return {{"top", set.lines->top}, {"baseline", set.lines->baseline}};
}

// What a request says of symbols, read as a document whose classes are those of `set`.
data::InkSet symbols_in(const Json& symbols, const data::InkSet& set, std::size_t first = 0) {
  const Json document = {{"schema", data::kInkSchema}, {"classes", set.class_names}, {"symbols", symbols}};
  data::InkSet given = data::parse_ink_json(json_text(document), "the request", first);
  for (const data::Symbol& symbol : given.symbols) {
    double before = 0;
    for (const std::vector<double>& times : symbol.times) {
      for (const double t : times) {
        if (t < before) {
          throw HttpError(400,
                          fmt::format("the request.symbols[{}]: its times run backwards, from {} to {}: wanted "
                                      "seconds since the first point, none below 0",
                                      first + static_cast<std::size_t>(&symbol - given.symbols.data()), before, t));
        }
        before = t;
      }
    }
  }
  return given;
}

// Moves a symbol of `from` into `set`, whose classes are the same.
void put(data::InkSet& set, data::Symbol symbol, const data::InkSet& from, std::optional<std::size_t> place) {
  const std::string& writer = from.writers[static_cast<std::size_t>(symbol.writer)];
  const auto known = std::ranges::find(set.writers, writer);
  symbol.writer = static_cast<std::int32_t>(known - set.writers.begin());
  if (known == set.writers.end()) set.writers.push_back(writer);
  const auto count = static_cast<std::size_t>(std::ranges::count(set.symbols, symbol.label, &data::Symbol::label));
  data::put_symbol(set, std::move(symbol), place.value_or(count));
}

std::size_t place_in(const Body& body) {
  const auto place = body.whole("place", 0, static_cast<std::int64_t>(data::kMostInkSymbols));
  if (!place) throw HttpError(400, "\"place\" is missing");
  return static_cast<std::size_t>(*place);
}

// {"top": 20, "baseline": 70}, or nothing.
std::optional<data::InkLines> lines_in(const Body& body) {
  if (!body.has("lines")) return {};
  const Json document = {{"schema", data::kInkSchema}, {"symbols", Json::array()}, {"lines", body.at("lines")}};
  return data::parse_ink_json(json_text(document), "the request").lines;
}

Response changed_answer(const std::string& name, const data::InkSet& set, const Json& more = Json::object()) {
  Json answer = {{"name", name}, {"symbols", set.symbols.size()}, {"classes", classes_json(set)}};
  answer.update(more);
  return json_response("ink_changed", answer);
}

// A set that is to be: its classes in order, or labels, whose order is that of the format.
data::InkSet new_set(const Body& body) {
  data::InkSet set;
  set.lines = lines_in(body);
  if (body.has("labels") && body.has("classes"))
    throw HttpError(400, "\"labels\" are for a set whose \"classes\" are not told: leave one of them out");
  const std::vector<std::string> labels = body.texts("labels", data::kMostInkClasses);
  for (const std::string& one : data::classes_of({labels.begin(), labels.end()})) data::add_class(set, one);
  for (const std::string& one : body.texts("classes", data::kMostInkClasses)) data::add_class(set, one);
  return set;
}

Response create_set(const Body& body, const std::string& name, InkSets& sets) {
  const data::InkSet set = new_set(body);
  body.flag("check", false) ? sets.check_new(name) : sets.create(name, set);
  return changed_answer(name, set);
}

Response begin_upload(const Body& body, const std::string& name, InkSets& sets) {
  const data::InkSet set = new_set(body);
  return changed_answer(name, set, {{"upload", sets.begin(name, set)}});
}

Response put_one(const Body& body, const std::string& name, InkSets& sets) {
  const std::size_t place = place_in(body);
  const std::string label = body.required_text("label", kTextBytes);
  Json symbol = {{"label", label}, {"writer", body.text("writer")}, {"strokes", body.at("strokes")}};
  Json more;
  const data::InkSet set = sets.change(name, [&](data::InkSet& changing) {
    data::label_of(changing, label);
    const data::InkSet given = symbols_in(Json::array({symbol}), changing);
    more["symbol"] = symbol_json(given.symbols.front(), given);
    put(changing, given.symbols.front(), given, place);
  });
  return changed_answer(name, set, more);
}

Response add_many(const Body& body, InkSets& sets) {
  const std::string upload = body.text("upload");
  if (!upload.empty() && body.has("name")) throw HttpError(400, "wanted \"name\" or \"upload\", found both");
  const std::string name = upload.empty() ? body.required_text("name") : upload;
  const auto first = static_cast<std::size_t>(body.whole("first", 0, 1'000'000'000).value_or(0));
  const Json& symbols = body.at("symbols");
  if (!symbols.is_array() || symbols.empty() || symbols.size() > kMostAdded)
    throw HttpError(400, fmt::format("\"symbols\": wanted a list of 1 to {} symbols", kMostAdded));
  const auto add = [&](data::InkSet& changing) {
    const data::InkSet given = symbols_in(symbols, changing, first);
    for (std::size_t i = 0; i < given.symbols.size(); ++i) {
      try {
        put(changing, given.symbols[i], given, {});
      } catch (const ConfigError& error) {
        throw HttpError(400, fmt::format("the request.symbols[{}]: {}", first + i, error.what()));
      }
    }
  };
  const data::InkSet set = upload.empty() ? sets.change(name, add) : sets.change_upload(upload, add);
  return changed_answer(name, set);
}

Response change_classes(const Body& body, const std::string& name, const std::string& action, InkSets& sets) {
  const std::string label = body.required_text("label", kTextBytes);
  const data::InkSet set = sets.change(name, [&](data::InkSet& changing) {
    if (action == "add_class") return data::add_class(changing, label);
    if (action == "remove_class") return data::remove_class(changing, label);
    data::erase_symbol(changing, data::label_of(changing, label), place_in(body));
  });
  return changed_answer(name, set);
}

// Trains on the set with what a small one wants (docs/ink.md). `data`: the folder to name, or "".
std::string command_of(const std::string& name, const std::string& data) {
  std::string command = "ganymede train ink-quick --source " + name;
  if (!data.empty()) command += " --data " + shell_word(data);
  return command + " --set data.copies=10 --set snapshot.every=40 --steps 4000";
}

InkSets& sets_of(const Api& api) {
  if (api.ink == nullptr) throw HttpError(503, "this server keeps no ink");
  return *api.ink;
}

// What each action takes beside "action".
const std::vector<std::pair<std::string, std::vector<std::string>>> kActions = {
    {"put", {"name", "label", "place", "strokes", "writer"}},
    {"erase", {"name", "label", "place"}},
    {"add", {"name", "upload", "symbols", "first"}},
    {"create", {"name", "classes", "labels", "lines", "check"}},
    {"add_class", {"name", "label"}},
    {"remove_class", {"name", "label"}},
    {"remove", {"name"}},
    {"begin", {"name", "classes", "labels", "lines"}},
    {"finish", {"name", "upload"}},
    {"cancel", {"upload"}}};

std::string action_of(const Body& body) {
  std::vector<std::string> words;
  for (const auto& [word, ignored] : kActions) words.push_back(word);
  body.required_text("action");
  std::string action = body.choice("action", words);
  std::vector<std::string> known = {"action"};
  const auto found = std::ranges::find(kActions, action, &std::pair<std::string, std::vector<std::string>>::first);
  known.insert(known.end(), found->second.begin(), found->second.end());
  body.be_of(known);
  return action;
}

}  // namespace

Response list_ink(const Request&, const Parts&, Api& api) {
  const InkSets& sets = sets_of(api);
  Json list = Json::array();
  for (const std::string& name : sets.names()) {
    try {
      list.push_back(card_json(sets.find(name)));
    } catch (const HttpError& error) {  // behind a link, or too large
      list.push_back({{"name", name}, {"own", false}, {"fault", error.what()}});
    }
  }
  return json_response("ink", {{"folder", sets.folder().string()},
                               {"sets", std::move(list)},
                               {"most",
                                {{"classes", data::kMostInkClasses},
                                 {"symbols", data::kMostInkSymbols},
                                 {"strokes", data::kMostStrokesDrawn},
                                 {"points", data::kMostPointsDrawn}}}});
}

Response show_ink(const Request&, const Parts& parts, Api& api) {
  const InkSets::Found found = sets_of(api).find(parts.at(0));
  const data::InkSet set = InkSets::read(found);
  Json symbols = Json::array();
  for (const data::Symbol& symbol : set.symbols) symbols.push_back(symbol_json(symbol, set));
  const std::string data = is_searched(found.folder) ? "" : fs::absolute(found.folder).string();
  return json_response("ink_set", {{"name", found.name},
                                   {"own", found.own},
                                   {"lines", lines_json(set)},
                                   {"classes", classes_json(set)},
                                   {"symbols", std::move(symbols)},
                                   {"data", data.empty() ? Json() : Json(data)},
                                   {"command", command_of(found.name, data)}});
}

Response send_ink(const Request&, const Parts& parts, Api& api) {
  InkSets::Found found = sets_of(api).find(parts.at(0));
  return {.headers = {{"Content-Type", "application/json"},
                      {"Cache-Control", "no-store"},
                      {"Content-Disposition", fmt::format("attachment; filename=\"{}.json\"", found.name)}},
          .body = std::move(found.text)};
}

Response change_ink(const Request& request, const Parts&, Api& api) {
  const Body body(request.body);
  const std::string action = action_of(body);
  InkSets& sets = sets_of(api);
  if (action == "add") return add_many(body, sets);
  if (action == "cancel") {
    sets.cancel(body.text("upload"));
    return json_response("ink_cancelled", {{"upload", body.text("upload")}});
  }
  const std::string name = body.required_text("name");
  if (action == "begin") return begin_upload(body, name, sets);
  if (action == "finish") return changed_answer(name, sets.finish(body.text("upload"), name));
  if (action == "create") return create_set(body, name, sets);
  if (action == "put") return put_one(body, name, sets);
  if (action == "remove") return json_response("ink_removed", {{"name", name}, {"path", sets.remove(name).string()}});
  return change_classes(body, name, action, sets);
}

}  // namespace ganymede::serve
