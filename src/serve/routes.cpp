#include "serve/routes.hpp"

#include <fmt/format.h>

#include <optional>
#include <string_view>

namespace ganymede::serve {
namespace {

constexpr Route kRoutes[] = {
    {"GET", "/", Lane::files, web_page},
    {"GET", "/compare", Lane::files, web_page},
    {"GET", "/theory", Lane::files, web_page},
    {"GET", "/run/*", Lane::files, web_page},
    {"GET", "/run/*/space", Lane::files, web_page},
    {"GET", "/run/*/surface", Lane::files, web_page},
    {"GET", "/run/*/judge", Lane::files, web_page},
    {"GET", "/run/*/tick", Lane::files, web_page},
    {"GET", "/play", Lane::files, web_page},
    {"GET", "/draw", Lane::files, web_page},
    {"GET", "/assets/**", Lane::files, web_asset},
    {"GET", "/api/v1/runs", Lane::files, list_cards},
    {"GET", "/api/v1/runs/*", Lane::files, describe_run},
    {"GET", "/api/v1/runs/*/events", Lane::files, follow_events},
    {"GET", "/api/v1/runs/*/files/**", Lane::files, send_file},
    {"GET", "/api/v1/recipes", Lane::files, list_recipes},
    {"GET", "/api/v1/options", Lane::files, list_options},
    {"GET", "/api/v1/compare", Lane::files, compare_recipes},
    {"GET", "/api/v1/runs/*/generator", Lane::files, describe_generator},
    {"GET", "/api/v1/runs/*/classifier", Lane::files, describe_classifier},
    {"GET", "/api/v1/runs/*/directions", Lane::files, list_directions},
    {"GET", "/api/v1/runs/*/plane", Lane::files, show_plane},
    {"POST", "/api/v1/classifier", Lane::data, fit_classifier, true},
    {"POST", "/api/v1/look", Lane::files, look_at_samples},
    {"POST", "/api/v1/classify", Lane::files, classify_pictures},
    {"POST", "/api/v1/map", Lane::files, make_map},
    {"POST", "/api/v1/walk", Lane::files, make_walk},
    {"GET", "/api/v1/play", Lane::files, list_games},
    {"POST", "/api/v1/play", Lane::games, play_game, true},
    {"GET", "/api/v1/play/*/recipe", Lane::games, send_game_recipe},
    {"GET", "/api/v1/play/*/points", Lane::games, send_game_points},
    {"GET", "/api/v1/runs/*/judge", Lane::files, list_judgements},
    {"POST", "/api/v1/judge", Lane::files, judge_pictures, true},
    {"POST", "/api/v1/tick", Lane::files, tick_samples},
    {"POST", "/api/v1/tick/keep", Lane::files, keep_ticks, true},
    {"GET", "/api/v1/ink", Lane::files, list_ink},
    {"GET", "/api/v1/ink/*", Lane::files, show_ink},
    {"GET", "/api/v1/ink/*/file", Lane::files, send_ink},
    {"POST", "/api/v1/ink", Lane::files, change_ink, true},
    {"POST", "/api/v1/control", Lane::control, control_runs, true},
};

// Where a person went astray: the page says so, with the way back.
constexpr Route kNoPage = {"GET", "/**", Lane::files, no_page};

bool is_a_persons(const Request& request) {
  const std::string* accepted = request.header("accept");
  const bool of_the_page = request.path.empty() || (request.path[0] != "api" && request.path[0] != "assets");
  return of_the_page && accepted != nullptr && accepted->find("text/html") != std::string::npos;
}

// What stands for the stars of a pattern; nothing if the path is another one.
std::optional<Parts> parts_of(std::string_view pattern, const std::vector<std::string>& path) {
  Parts parts;
  pattern.remove_prefix(1);
  std::size_t at = 0;
  for (; !pattern.empty(); ++at) {
    const std::string_view wanted = pattern.substr(0, pattern.find('/'));
    pattern.remove_prefix(std::min(wanted.size() + 1, pattern.size()));
    if (at == path.size()) return {};
    if (wanted == "**") {
      parts.insert(parts.end(), path.begin() + static_cast<std::ptrdiff_t>(at), path.end());
      return parts;
    }
    if (wanted == "*") {
      parts.push_back(path[at]);
    } else if (wanted != path[at]) {
      return {};
    }
  }
  return at == path.size() ? std::optional(parts) : std::nullopt;
}

std::string_view method_of(const Request& request) {
  return request.method == "HEAD" ? "GET" : std::string_view(request.method);
}

std::optional<Match> matching(const Request& request) {
  for (const Route& route : kRoutes) {
    if (route.method != method_of(request)) continue;
    if (auto parts = parts_of(route.pattern, request.path)) return Match{&route, std::move(*parts)};
  }
  return {};
}

}  // namespace

std::span<const Route> routes() {
  return kRoutes;
}

bool changes_something(const Request& request) {
  const auto match = matching(request);
  return match ? match->route->changes : method_of(request) != "GET";
}

Match find_route(const Request& request) {
  if (auto match = matching(request)) return std::move(*match);
  for (const Route& route : kRoutes) {
    if (parts_of(route.pattern, request.path))
      throw HttpError(405, fmt::format("{} takes {}, not {}", route.pattern, route.method, request.method));
  }
  if (request.method == "GET" && is_a_persons(request)) return {&kNoPage, {}};
  throw HttpError(
      404, fmt::format("there is nothing at /{}; docs/api.md lists what there is", fmt::join(request.path, "/")));
}

}  // namespace ganymede::serve
