#pragma once

#include <span>

#include "serve/api.hpp"

namespace ganymede::serve {

/// Who answers: several threads that read files, or the one that starts and stops runs.
enum class Lane { files, control };

/// An endpoint is a row in the table of routes.cpp, and its function.
struct Route {
  const char* method;
  const char* pattern;  ///< "/api/v1/runs/*/files/**": "*" is one part of the path, "**" one or more at the end
  Lane lane;
  Response (*answer)(const Request& request, const Parts& parts, Api& api);
};

/// All endpoints.
std::span<const Route> routes();

struct Match {
  const Route* route;
  Parts parts;
};
/// The route of a request; HEAD goes where GET does. @throws HttpError 404 if there is no such address, 405 if it takes
/// another method.
Match find_route(const Request& request);

}  // namespace ganymede::serve
