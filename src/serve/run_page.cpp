#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/json.hpp"
#include "serve/api.hpp"
#include "serve/confined.hpp"
#include "serve/recipe_json.hpp"
#include "serve/target.hpp"

namespace ganymede::serve {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kMostRunJson = 1 << 20;  // bytes

// The digits of "epoch-00007.png" or "step-0000001410.safetensors".
std::optional<std::uint64_t> number_in(std::string_view name, std::string_view before) {
  std::uint64_t number = 0;
  if (!name.starts_with(before)) return {};
  const char* first = name.data() + before.size();
  const auto parsed = std::from_chars(first, name.data() + name.size(), number);
  return parsed.ec == std::errc{} && parsed.ptr != first ? std::optional(number) : std::nullopt;
}

Json file_json(const std::string& run, const std::string& within, const FileFacts& file) {
  Json entry = {{"file", within + file.name},
                {"address", fmt::format("/api/v1/runs/{}/files/{}{}?v={}", encoded_part(run), within,
                                        encoded_part(file.name), file.modified_ns)},
                {"bytes", file.bytes},
                {"modified", utc_text(file.modified_ns)}};
  if (const auto step = number_in(file.name, "step-")) entry["step"] = *step;
  for (const char* before : {"epoch-", "grid-"}) {
    if (const auto epoch = number_in(file.name, before)) entry["epoch"] = *epoch;
  }
  return entry;
}

bool is_film(const std::string& name) {
  return name.ends_with(".gif") || name.ends_with(".mp4") || name.ends_with(".webm");
}

}  // namespace

Response list_cards(const Request&, const Parts&, Api& api) {
  return json_answer(api.cards.all());
}

Response describe_run(const Request&, const Parts& parts, Api& api) {
  const std::string& name = parts.at(0);
  const std::filesystem::path folder = api.runs.folder_of(name);
  Json answer = {{"card", api.cards.of(name)}};
  const auto text = read_confined(folder, {"run.json"}, kMostRunJson);
  try {
    answer["run"] = text ? parse_json<Json>(*text, name + "/run.json") : Json(nullptr);
  } catch (const DataError&) {
    answer["run"] = nullptr;  // the card tells the fault
  }
  try {
    answer["recipe"] = recipe_json(recipe_of(folder));
  } catch (const std::exception& error) {
    answer["recipe"] = nullptr;
    answer["recipe_fault"] = error.what();
  }
  Json films = Json::array();
  for (const std::string& shown : shown_folders()) {
    Json files = Json::array();
    for (const FileFacts& file : list_confined(folder, {shown})) {
      if (!is_shown({shown, file.name})) continue;
      (is_film(file.name) ? films : files).push_back(file_json(name, shown + "/", file));
    }
    answer[shown] = std::move(files);
  }
  Json own = Json::array();
  for (const FileFacts& file : list_confined(folder, {})) {
    if (is_shown({file.name})) (is_film(file.name) ? films : own).push_back(file_json(name, "", file));
  }
  answer["films"] = std::move(films);
  answer["files"] = std::move(own);
  return json_response("run", answer);
}

}  // namespace ganymede::serve
