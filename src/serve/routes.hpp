#pragma once

#include <span>

#include "serve/api.hpp"

namespace ganymede::serve {

/// An endpoint is a row in the table of routes.cpp, and its function.
struct Route {
  const char* method;
  const char* pattern;  ///< "/api/v1/runs/*/files/**": "*" is one part of the path, "**" one or more at the end
  Lane lane;
  Response (*answer)(const Request& request, const Parts& parts, Api& api);
  bool changes = false;  ///< a POST that changes something on this machine (guard.hpp)
};

/// All endpoints.
std::span<const Route> routes();

struct Match {
  const Route* route;
  Parts parts;
};
/// Whether a request asks for a change: as its route says; where there is none, all but GET and HEAD.
bool changes_something(const Request& request);
/// The route of a request; HEAD goes where GET does. @throws HttpError 404 if there is no such address, 405 if it takes
/// another method.
Match find_route(const Request& request);

}  // namespace ganymede::serve
