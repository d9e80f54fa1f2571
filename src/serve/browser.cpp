#include "serve/browser.hpp"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "serve/child.hpp"

namespace ganymede::serve {
namespace fs = std::filesystem;
namespace {

fs::path on_the_path(const char* program) {
  std::istringstream folders(environment("PATH").value_or(""));
  for (std::string folder; std::getline(folders, folder, ':');) {
    std::error_code ignored;
    if (!folder.empty() && fs::is_regular_file(fs::path(folder) / program, ignored)) return fs::path(folder) / program;
  }
  return {};
}

}  // namespace

fs::path open_in_browser(const std::string& link, const fs::path& folder) {
  const fs::path program = on_the_path("xdg-open");
  if (program.empty()) fail<UserError>("there is no xdg-open here to open a browser with; the link above does it");
  make_folder(folder);
  const fs::path page = folder / "open.html";
  write_file_atomically(page, "");
  fs::permissions(page, fs::perms::owner_read | fs::perms::owner_write);
  std::ofstream(page) << fmt::format(
      "<!doctype html><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" "
      "content=\"0; url={0}\"><a href=\"{0}\">Ganymede</a>\n",
      link);
  const Child browser(program, {page.string()});
  return page;
}

}  // namespace ganymede::serve
