#pragma once

#include <span>
#include <string_view>

namespace ganymede::web {

/// A file of the built page, as it is in web/dist.
struct File {
  std::string_view path;  ///< "index.html", "assets/index-Bx3.js"
  std::string_view bytes;
};

/// All of them, sorted by path. They are part of the program: nothing is read.
std::span<const File> files();

/// The file of this path; nullptr if there is none.
const File* find(std::string_view path);

}  // namespace ganymede::web
