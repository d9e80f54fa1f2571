#include "serve/routes.hpp"

#include <fmt/format.h>

#include <optional>
#include <string_view>

namespace ganymede::serve {
namespace {

constexpr Route kRoutes[] = {
    {"GET", "/", Lane::files, web_page},
    {"GET", "/compare", Lane::files, web_page},
    {"GET", "/run/*", Lane::files, web_page},
    {"GET", "/run/*/space", Lane::files, web_page},
    {"GET", "/assets/**", Lane::files, web_asset},
    {"GET", "/api/v1/runs", Lane::files, list_cards},
    {"GET", "/api/v1/runs/*", Lane::files, describe_run},
    {"GET", "/api/v1/runs/*/events", Lane::files, follow_events},
    {"GET", "/api/v1/runs/*/files/**", Lane::files, send_file},
    {"GET", "/api/v1/recipes", Lane::files, list_recipes},
    {"GET", "/api/v1/options", Lane::files, list_options},
    {"GET", "/api/v1/compare", Lane::files, compare_recipes},
    {"POST", "/api/v1/control", Lane::control, control_runs},
};

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

}  // namespace

std::span<const Route> routes() {
  return kRoutes;
}

Match find_route(const Request& request) {
  const std::string_view method = request.method == "HEAD" ? "GET" : std::string_view(request.method);
  const Route* other = nullptr;
  for (const Route& route : kRoutes) {
    auto parts = parts_of(route.pattern, request.path);
    if (!parts) continue;
    if (route.method == method) return {&route, std::move(*parts)};
    other = &route;
  }
  if (other != nullptr)
    throw HttpError(405, fmt::format("{} takes {}, not {}", other->pattern, other->method, request.method));
  throw HttpError(
      404, fmt::format("there is nothing at /{}; docs/api.md lists what there is", fmt::join(request.path, "/")));
}

}  // namespace ganymede::serve
