#pragma once

#include <string>
#include <string_view>

namespace ganymede {

/// Text for HTML and SVG, within elements and within attributes in double quotes: & < > " become entities.
std::string escape_markup(std::string_view text);

}  // namespace ganymede
