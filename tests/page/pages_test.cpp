#include "page/pages.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <ostream>
#include <set>

#include "base/error.hpp"
#include "base/file.hpp"
#include "page/made_run.hpp"
#include "page/made_study.hpp"

namespace ganymede::page {

void PrintTo(const PageKind& kind, std::ostream* out) {
  *out << kind.name;
}

namespace {

/// A folder of each kind, made by hand; a new page gets one here.
class EveryPage : public ::testing::TestWithParam<PageKind> {
 protected:
  std::filesystem::path example() {
    if (GetParam().name == "run") return runs_.make("a").path();
    if (GetParam().name == "study") return study_.folder;
    ADD_FAILURE() << "no example of a " << GetParam().name << ": make one here";
    return {};
  }

 private:
  testing::MadeRuns runs_;
  testing::MadeStudy study_;
};

TEST_P(EveryPage, IsMadeOfItsFilesAlone) {
  const std::filesystem::path folder = example();
  ASSERT_NE(page_kind_of(folder), nullptr);
  EXPECT_EQ(page_kind_of(folder)->name, GetParam().name);
  const std::string page = GetParam().make(folder);
  EXPECT_TRUE(page.starts_with("<!doctype html>"));
  EXPECT_EQ(GetParam().make(folder), page) << "the same files, the same bytes";
  for (const char* outside : {"<script", "src=\"http", "<link", "@import"})
    EXPECT_EQ(page.find(outside), std::string::npos) << "nothing is loaded or run: " << outside;
}

TEST_P(EveryPage, NamesItsFileWhereThatIsDamaged) {
  const std::filesystem::path folder = example();
  std::ofstream(folder / GetParam().file) << "{";
  try {
    GetParam().make(folder);
    FAIL() << "no error";
  } catch (const DataError& error) {
    EXPECT_NE(std::string(error.what()).find((folder / GetParam().file).string()), std::string::npos) << error.what();
  }
}

TEST_P(EveryPage, IsInTheDocs) {
  const std::string docs = read_file(std::filesystem::path(GANYMEDE_SOURCE_DIR) / "docs/runs.md");
  EXPECT_NE(docs.find("| " + GetParam().name + " | " + GetParam().file + " |"), std::string::npos)
      << "a row of its table of pages";
  for (const std::string& schema : GetParam().schemas)
    EXPECT_NE(docs.find("`" + schema + "`"), std::string::npos) << schema;
}

INSTANTIATE_TEST_SUITE_P(Table, EveryPage, ::testing::ValuesIn(pages()),
                         [](const auto& one) { return one.param.name; });

TEST(Pages, HaveNamesFilesAndSchemasOfTheirOwn) {
  std::set<std::string> all;
  for (const PageKind& kind : pages()) {
    EXPECT_FALSE(kind.sentence.empty());
    EXPECT_TRUE(all.insert(kind.name).second) << kind.name;
    EXPECT_TRUE(all.insert(kind.file).second) << kind.file;
    for (const std::string& schema : kind.schemas) EXPECT_TRUE(all.insert(schema).second) << schema;
  }
  EXPECT_EQ(pages().at(0).name, "run");
}

TEST(Pages, AFolderOfNothingHasNone) {
  const ganymede::testing::FreshFolder folder;
  EXPECT_EQ(page_kind_of(folder.path()), nullptr);
  EXPECT_EQ(page_kind_of(folder / "missing"), nullptr);
  std::filesystem::create_directory(folder / "results.json");
  EXPECT_EQ(page_kind_of(folder.path()), nullptr) << "a folder is no file";
}

}  // namespace
}  // namespace ganymede::page
