#pragma once

#include <string_view>

#include "serve/message.hpp"

namespace ganymede::serve {

/// Puts path and query of a request's target ("/api/v1/runs/a%20b?x=1") into the request. Every part of the path is
/// decoded by itself, so that an encoded slash does not become one.
/// @throws HttpError 400 for anything that could leave a folder or fool a reader: no slash in front, "." or ".." or an
/// empty part, a slash, a backslash or a NUL within one, percent signs without two digits.
void read_target(std::string_view target, Request& request);

/// The text as one part of a path: everything but letters, digits, "-", "_", "." and "~" as %XX.
std::string encoded_part(std::string_view text);

}  // namespace ganymede::serve
