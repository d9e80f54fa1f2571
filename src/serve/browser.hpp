#pragma once

#include <filesystem>
#include <string>

namespace ganymede::serve {

/// Opens the link in the user's browser by `xdg-open`. The link holds the token, and everybody on a machine can read
/// the words of a command: what is opened is a page in `folder` that only its user can read and that leads there.
/// Returns that page's path. @throws UserError if there is no xdg-open, DataError if the page cannot be written.
std::filesystem::path open_in_browser(const std::string& link, const std::filesystem::path& folder);

}  // namespace ganymede::serve
