#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/json.hpp"
#include "run/run_directory.hpp"

namespace ganymede::run {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kRunSchema = "ganymede.run/1";
constexpr RunState kStates[] = {RunState::running, RunState::paused, RunState::finished,
                                RunState::stopped, RunState::failed, RunState::diverged};

// The fields of run.json, once for both directions.
template <class Info, class F>
void each_field(Info& info, F&& field) {
  field("reason", info.reason);
  field("recipe", info.recipe);
  field("version", info.version);
  field("commit", info.commit);
  field("cpu", info.cpu);
  field("plan", info.plan);
  field("seed", info.seed);
  field("threads", info.threads);
  field("data", info.data);
  field("created", info.created);
  field("updated", info.updated);
  field("epoch", info.epoch);
  field("step", info.step);
  field("images", info.images);
  field("total_steps", info.total_steps);
  field("seconds", info.seconds);
  field("memory_bytes", info.memory_bytes);
  field("parent", info.parent);
  field("parent_step", info.parent_step);
  field("imported", info.imported);
}

bool is_of_forks(std::string_view key) {
  return key == "parent" || key == "parent_step";
}

bool is_of_imports(std::string_view key) {
  return key == "imported";
}

template <class T>
bool holds(const Json& value) {
  if constexpr (std::is_same_v<T, std::string>) {
    return value.is_string();
  } else if constexpr (std::is_same_v<T, double>) {
    return value.is_number();
  } else if constexpr (std::is_same_v<T, int>) {
    return value.is_number_unsigned() && value <= 1'000'000;
  } else {
    return value.is_number_unsigned();
  }
}

}  // namespace

const char* name_of(RunState state) {
  static constexpr const char* kNames[] = {"running", "paused", "finished", "stopped", "failed", "diverged"};
  static_assert(std::size(kNames) == std::size(kStates));
  return kNames[static_cast<std::size_t>(state)];
}

std::string to_json(const RunInfo& info) {
  Json object = {{"schema", kRunSchema}, {"state", name_of(info.state)}};
  each_field(info, [&](const char* key, const auto& value) {
    const bool left_out = is_of_forks(key) ? info.parent.empty() : is_of_imports(key) && info.imported.empty();
    if (!left_out) object[key] = value;
  });
  return json_text(object, 2) + "\n";
}

RunInfo run_info_from_json(const std::string& text, const std::string& origin) {
  const auto object = parse_json<Json>(text, origin);
  if (!object.is_object()) {
    fail<DataError>("{}: not a JSON object; the file is damaged", origin);
  }
  const auto find = [&](const char* key) -> const Json& {
    const auto found = object.find(key);
    if (found == object.end()) {
      fail<DataError>("{}: \"{}\" is missing", origin, key);
    }
    return *found;
  };
  if (find("schema") != kRunSchema) {
    fail<DataError>("{}: wanted schema {}, found {}", origin, kRunSchema, json_text(find("schema")).substr(0, 60));
  }
  RunInfo info;
  const auto state = std::ranges::find_if(kStates, [&](RunState s) { return find("state") == name_of(s); });
  if (state == std::end(kStates)) {
    fail<DataError>("{}: unknown state {}", origin, json_text(find("state")).substr(0, 60));
  }
  info.state = *state;
  each_field(info, [&]<class T>(const char* key, T& value) {
    // Runs before it was recorded have no memory_bytes or data; those without a parent or trained here have no such.
    const bool is_newer = std::string_view(key) == "memory_bytes" || std::string_view(key) == "data";
    if ((is_newer || is_of_forks(key) || is_of_imports(key)) && !object.contains(key)) return;
    if (!holds<T>(find(key))) {
      fail<DataError>("{}: \"{}\" has the wrong form: {}", origin, key, json_text(find(key)).substr(0, 60));
    }
    value = find(key).template get<T>();
  });
  return info;
}

}  // namespace ganymede::run
