#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "cli/program.hpp"

namespace ganymede::cli {
namespace {

using Names = std::set<std::string>;

const fs::path kSource = GANYMEDE_SOURCE_DIR;

/// The rooms that each room links, as src/<room>/CMakeLists.txt says.
std::map<std::string, Names> arrows() {
  std::map<std::string, Names> rooms;
  const std::regex room(R"(ganymede_room\((\w+)([^)]*)\))"), linked(R"(ROOMS(( [a-z]+)+))");
  for (const auto& entry : fs::directory_iterator(kSource / "src")) {
    const std::string text = read_file(entry.path() / "CMakeLists.txt");
    std::smatch found, names;
    if (!std::regex_search(text, found, room)) continue;
    Names& below = rooms[found[1]];
    const std::string arguments = found[2];
    if (!std::regex_search(arguments, names, linked)) continue;
    std::istringstream words(names[1]);
    for (std::string word; words >> word;) below.insert(word);
  }
  return rooms;
}

void add_all_below(const std::map<std::string, Names>& rooms, const std::string& room, Names& all) {
  if (!all.insert(room).second) return;
  for (const std::string& below : rooms.at(room)) add_all_below(rooms, below, all);
}

/// The rooms that a source includes something of.
Names included(const fs::path& file, const std::map<std::string, Names>& rooms) {
  Names names;
  const std::string text = read_file(file);
  const std::regex include("#include \"(\\w+)/");
  for (std::sregex_iterator i(text.begin(), text.end(), include), end; i != end; ++i) {
    if (rooms.contains((*i)[1])) names.insert((*i)[1]);
  }
  return names;
}

bool is_source(const fs::path& file) {
  return file.extension() == ".cpp" || file.extension() == ".hpp";
}

TEST(Arrows, ARoomIncludesOnlyWhatItLinks) {
  const auto rooms = arrows();
  ASSERT_TRUE(rooms.contains("engine") && rooms.contains("fit"));
  for (const auto& [room, ignored] : rooms) {
    Names allowed;
    add_all_below(rooms, room, allowed);
    for (const auto& entry : fs::recursive_directory_iterator(kSource / "src" / room)) {
      if (!is_source(entry.path())) continue;
      for (const std::string& name : included(entry.path(), rooms)) {
        EXPECT_TRUE(allowed.contains(name))
            << entry.path() << " includes " << name << ", which src/" << room << "/CMakeLists.txt does not link";
      }
    }
  }
}

TEST(Arrows, TheProgramNamesTheEngineInOneFile) {
  const auto rooms = arrows();
  Names files;
  for (const auto& entry : fs::directory_iterator(kSource / "apps/ganymede")) {
    if (is_source(entry.path()) && included(entry.path(), rooms).contains("engine"))
      files.insert(entry.path().filename().string());
  }
  EXPECT_EQ(files, Names{"backend.cpp"});
}

}  // namespace
}  // namespace ganymede::cli
