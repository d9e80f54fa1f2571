#include <algorithm>

#include "web/files.hpp"

namespace ganymede::web {

const File* find(std::string_view path) {
  const auto all = files();
  const auto found = std::ranges::lower_bound(all, path, {}, &File::path);
  return found != all.end() && found->path == path ? &*found : nullptr;
}

}  // namespace ganymede::web
