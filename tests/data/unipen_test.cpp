#include "data/ink/unipen.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include <chrono>
#include <ctime>
#include <map>
#include <set>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/mutate.hpp"
#include "data/helpers.hpp"
#include "data/ink/ink_source.hpp"
#include "data/ink/unipen_ink.hpp"
#include "data/ink/unipen_labels.hpp"

namespace ganymede::data {
namespace {

namespace fs = std::filesystem;

const char* const kInkText =
    ".VERSION 1.0\n.COMMENT free text\n  .PEN_DOWN indented is text\n.WRITER_ID ann\n"
    ".PEN_DOWN\n0 0\n0 10\n10 10\n.PEN_UP\n.DT 100\n"  // component 0, and a lift without points
    ".PEN_DOWN\n0 0\n.PEN_UP\n"                        // component 1: a placeholder
    ".PEN_DOWN\n5 5\n6 5\n7 5\n8 5\n.PEN_UP\n";        // component 2
const char* const kLabelText =
    ".VERSION 1.0\n.INCLUDE x/x.doc\n.INCLUDE x/data/a.dat\n"
    ".SEGMENT CHARACTER 0 OK \"L\"\n.SEGMENT CHARACTER 0-2 ? \"A\"\n.SEGMENT CHARACTER 2:1-2:2 OK \"1\"\n";

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  write_file_atomically(path, text);
}

// A folder like UniPen's with one file of labels and one of ink.
FreshFolder small_unipen(const std::string& labels = kLabelText, const std::string& ink = kInkText,
                         const std::string& doc = ".COORD X Y\n") {
  FreshFolder folder;
  write(folder / "data/1a/x/a.dat", labels);
  write(folder / "include/x/data/a.dat", ink);
  write(folder / "include/x/x.doc", doc);
  return folder;
}

std::vector<UnipenComponent> components_of(const std::string& text, Faults& faults) {
  UnipenInk ink;
  read_unipen_ink(text, "f", ink, faults, [](std::string_view, int) {});
  return ink.components;
}

std::vector<UnipenRange> ranges_of(const std::string& text) {
  Faults faults;
  const UnipenLabels labels = read_unipen_labels(".SEGMENT CHARACTER " + text + " OK \"A\"", "f", faults);
  return labels.segments.empty() ? std::vector<UnipenRange>{} : labels.segments[0].ranges;
}

TEST(UnipenLabels, ReadsComponentsRangesListsAndOffsets) {
  EXPECT_EQ(ranges_of("4"), (std::vector<UnipenRange>{{{4}, {4}}}));
  EXPECT_EQ(ranges_of("4-6"), (std::vector<UnipenRange>{{{4}, {6}}}));
  EXPECT_EQ(ranges_of("4:1-6:2"), (std::vector<UnipenRange>{{{4, 1}, {6, 2}}}));
  EXPECT_EQ(ranges_of("347:51-349"), (std::vector<UnipenRange>{{{347, 51}, {349}}}));
  EXPECT_EQ(ranges_of("214-214:100,215"), (std::vector<UnipenRange>{{{214}, {214, 100}}, {{215}, {215}}}));
}

TEST(UnipenLabels, CountsMalformedSegmentsWithFileAndLine) {
  for (const char* bad : {"x", "4-", "4-3", "4,", "-4", "4:x", "99999999999"})
    EXPECT_TRUE(ranges_of(bad).empty()) << bad;
  Faults faults;
  const UnipenLabels labels =
      read_unipen_labels("\n.SEGMENT CHARACTER 1 OK \"A\n.SEGMENT CHARACTER 2 OK \"B\"\n", "f", faults);
  EXPECT_EQ(labels.malformed, 1);
  EXPECT_EQ(labels.segments.size(), 1u);
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_TRUE(says(faults[0], "f:2:"));
}

TEST(UnipenLabels, ResolvesEscapesAndLineEnds) {
  Faults faults;
  const auto labels = read_unipen_labels(
      ".SEGMENT CHARACTER 1 OK \"\\\"\"\r\n.SEGMENT WORD 1 OK \"no\"\r.SEGMENT CHARACTER 2 \"B\"", "f", faults);
  ASSERT_EQ(labels.segments.size(), 2u);
  EXPECT_EQ(labels.segments[0].label, "\"");
  EXPECT_EQ(labels.segments[1].line, 3);
  EXPECT_EQ(labels.segments[1].quality, "");
}

TEST(UnipenInk, TakesColumnsFromCoord) {
  Faults faults;
  const auto c = components_of(".COORD P Y X T\n.PEN_DOWN\n9 2 1 500\n9 4 3 510\n", faults);
  ASSERT_EQ(c.size(), 1u);
  EXPECT_EQ(c[0].points, (ink::Stroke{{1, 2}, {3, 4}}));
  EXPECT_EQ(c[0].times, (std::vector<double>{0.5, 0.51}));
  EXPECT_TRUE(faults.empty());
}

TEST(UnipenInk, DamagesOnlyTheComponentWithTheBadLine) {
  Faults faults;
  const auto c =
      components_of(".PEN_DOWN\n1 2\n3 oops\n.PEN_DOWN\n5 6\n7\n.PEN_DOWN\n8 9\n.PEN_DOWN\n1e300 0\n", faults);
  ASSERT_EQ(c.size(), 4u);
  EXPECT_TRUE(c[0].damaged && c[1].damaged && c[3].damaged);
  EXPECT_FALSE(c[2].damaged);
  ASSERT_EQ(faults.size(), 3u);
  EXPECT_TRUE(says(faults[0], "f:3:", "oops"));
  EXPECT_TRUE(says(faults[1], "f:6:", "left over"));
}

TEST(Unipen, ReadsStrokesTurnsYAndNamesTheWriter) {
  const InkSet set = read_unipen(small_unipen());
  ASSERT_EQ(set.symbols.size(), 3u);
  EXPECT_EQ(set.symbols[0].ink, (ink::Ink{{{0, 0}, {0, -10}, {10, -10}}}));
  EXPECT_EQ(set.symbols[0].label, symbol_class("L"));
  EXPECT_EQ(set.writers, (std::vector<std::string>{"x/ann"}));
  EXPECT_TRUE(set.faults.empty()) << set.faults[0];
}

TEST(Unipen, LeavesOutPlaceholdersAndEmptyLifts) {
  const InkSet set = read_unipen(small_unipen());
  EXPECT_EQ(set.symbols[1].ink.size(), 2u);
  EXPECT_EQ(set.symbols[1].ink[1], (ink::Stroke{{5, -5}, {6, -5}, {7, -5}, {8, -5}}));
}

TEST(Unipen, CutsStrokesAtPointOffsets) {
  const InkSet set = read_unipen(small_unipen());
  EXPECT_EQ(set.symbols[2].ink, (ink::Ink{{{6, -5}, {7, -5}}}));
}

TEST(Unipen, NumbersLiftsWhereTheyHoldPoints) {
  const InkSet set = read_unipen(small_unipen(".INCLUDE x/data/a.dat\n.SEGMENT CHARACTER 2 OK \"I\"\n",
                                              ".PEN_DOWN\n1 1\n1 2\n.PEN_UP\n3 3\n.PEN_DOWN\n5 5\n5 9\n.PEN_UP\n"));
  ASSERT_EQ(set.symbols.size(), 1u);
  EXPECT_EQ(set.symbols[0].ink, (ink::Ink{{{5, -5}, {5, -9}}}));
}

TEST(Unipen, CountsWhatItSkipsWithItsReason) {
  const InkSet set = read_unipen(small_unipen(
      ".INCLUDE x/data/a.dat\n.SEGMENT CHARACTER 9 OK \"A\"\n.SEGMENT CHARACTER 1 OK \"A\"\n.SEGMENT CHARACTER 0 OK "
      "\"a\"\n"
      ".SEGMENT CHARACTER 0 BAD \"A\"\n.SEGMENT CHARACTER 0:7-1 OK \"A\"\n.SEGMENT CHARACTER x OK \"A\"\n"));
  EXPECT_TRUE(set.symbols.empty());
  EXPECT_EQ(set.skipped, (std::map<std::string, std::int64_t>{{"component beyond the file's ink", 1},
                                                              {"no ink in the segment", 1},
                                                              {"label is none of the classes", 1},
                                                              {"quality BAD", 1},
                                                              {"point beyond its component", 1},
                                                              {"malformed .SEGMENT line", 1}}));
}

TEST(Unipen, ReadsTheRestOfADamagedFileAndNamesTheLine) {
  const InkSet set = read_unipen(
      small_unipen(kLabelText, std::string(kInkText).replace(std::string(kInkText).find("0 10"), 4, "0 1o")));
  EXPECT_EQ(set.symbols.size(), 1u);
  EXPECT_EQ(set.skipped.at("damaged component"), 2);
  ASSERT_EQ(set.faults.size(), 1u);
  EXPECT_TRUE(says(set.faults[0], "include/x/data/a.dat:7:", "1o"));
}

TEST(Unipen, NamesMissingAndCircularIncludes) {
  const InkSet set =
      read_unipen(small_unipen(".INCLUDE x/data/a.dat\n.INCLUDE x/none.dat\n.SEGMENT CHARACTER 0 OK \"L\"\n",
                               std::string(".INCLUDE x/data/a.dat\n") + kInkText));
  ASSERT_EQ(set.faults.size(), 2u);
  EXPECT_TRUE(says(set.faults[0], "includes itself"));
  EXPECT_TRUE(says(set.faults[1], "data/1a/x/a.dat:2:", "x/none.dat", "no such file"));
}

TEST(Unipen, ReadsFilesThatIncludeThemselvesManyTimesOnce) {
  std::string includes;
  for (int i = 0; i < 12; ++i) includes += ".INCLUDE x/data/a.dat\n";
  const InkSet set =
      read_unipen(small_unipen(".INCLUDE x/data/a.dat\n.SEGMENT CHARACTER 0 OK \"L\"\n", includes + kInkText));
  EXPECT_EQ(set.symbols.size(), 1u);
  ASSERT_EQ(set.faults.size(), 1u);
  EXPECT_TRUE(says(set.faults[0], "include/x/data/a.dat:1: .INCLUDE x/data/a.dat: includes itself"));
}

TEST(Unipen, EndsWhereFilesIncludeEachOtherWithoutMeasure) {
  // Nine files, each of which includes the next twelve times: 12^8 of the last.
  const FreshFolder folder = small_unipen(".INCLUDE x/0.dat\n.SEGMENT CHARACTER 0 OK \"L\"\n");
  for (int i = 0; i < 9; ++i) {
    std::string text = i == 8 ? kInkText : "";
    for (int k = 0; k < 12 && i < 8; ++k) text += ".INCLUDE x/" + std::to_string(i + 1) + ".dat\n";
    write(folder / ("include/x/" + std::to_string(i) + ".dat"), text);
  }
  const InkSet set = read_unipen(folder);
  EXPECT_EQ(set.symbols.size(), 1u);
  ASSERT_FALSE(set.faults.empty());
  EXPECT_TRUE(says(set.faults[0], "too many files included"));
}

TEST(UnipenInk, KnowsManyWritersAtOnce) {
  std::string text;
  for (int i = 0; i < 200000; ++i) text += ".WRITER_ID w" + std::to_string(i) + "\n";
  text += ".WRITER_ID w7\n.PEN_DOWN\n1 2\n";
  UnipenInk ink;
  Faults faults;
  const std::clock_t begin = std::clock();
  read_unipen_ink(text, "f", ink, faults, [](std::string_view, int) {});
  EXPECT_LT(static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC, 5) << "a search through all of them takes 20 s";
  EXPECT_EQ(ink.writers.size(), 200000u);
  EXPECT_EQ(ink.components.at(0).writer, 7);
}

TEST(Unipen, FollowsLinkedFolders) {
  const FreshFolder folder = small_unipen(), linked;
  for (const char* name : {"data", "include"}) fs::create_directory_symlink(folder / name, linked / name);
  EXPECT_EQ(read_unipen(linked).symbols.size(), 3u);
}

TEST(Unipen, IsKnownByAFolderWithoutASlash) {
  const FreshFolder folder = small_unipen();
  const fs::path before = fs::current_path();
  fs::current_path(folder.path().parent_path());
  const std::string name = folder.path().filename().string();
  EXPECT_TRUE(is_ink_source(name));
  EXPECT_EQ(open_ink(name, Split::train, {}).symbols.size() + open_ink(name, Split::test, {}).symbols.size(), 3u);
  EXPECT_FALSE(is_ink_source("no-such-folder"));
  EXPECT_FALSE(is_ink_source(""));
  fs::current_path(before);
}

void add_to_tar(archive* tar, const std::string& name, const std::string& bytes) {
  archive_entry* entry = archive_entry_new();
  archive_entry_set_pathname(entry, name.c_str());
  archive_entry_set_size(entry, static_cast<la_int64_t>(bytes.size()));
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_perm(entry, 0644);
  archive_write_header(tar, entry);
  archive_write_data(tar, bytes.data(), bytes.size());
  archive_entry_free(entry);
}

TEST(Unipen, ReadsAnArchiveAsItReadsTheFolder) {
  const FreshFolder folder = small_unipen();
  const fs::path tarball = folder / "my-unipen.tar.xz";
  archive* tar = archive_write_new();
  archive_write_add_filter_xz(tar);
  archive_write_set_format_pax_restricted(tar);
  ASSERT_EQ(archive_write_open_filename(tar, tarball.c_str()), ARCHIVE_OK);
  for (const char* name : {"data/1a/x/a.dat", "include/x/data/a.dat", "include/x/x.doc"}) {
    add_to_tar(tar, std::string("./train/") + name, read_file(folder / name));
  }
  add_to_tar(tar, "__MACOSX/train/data/1a/x/._a.dat", "junk of another system");
  add_to_tar(tar, "./train/data/1a/x/._a.dat", "\n.SEGMENT CHARACTER 0 OK \"L");
  archive_write_free(tar);
  const InkSet a = read_unipen(folder), b = read_unipen(tarball);
  ASSERT_EQ(a.symbols.size(), b.symbols.size());
  EXPECT_TRUE(b.faults.empty());
  for (std::size_t i = 0; i < a.symbols.size(); ++i) EXPECT_EQ(a.symbols[i].ink, b.symbols[i].ink);

  std::string damaged = read_file(tarball);
  damaged.resize(damaged.size() / 2);
  write_file_atomically(tarball, damaged);
  EXPECT_TRUE(says(message_of<DataError>([&] { read_unipen(tarball); }), tarball.string()));
}

TEST(Unipen, RefusesAPathWithoutLabels) {
  const FreshFolder folder;
  EXPECT_TRUE(says(message_of<DataError>([&] { read_unipen(folder); }), folder.path().string(), "data/1a"));
  EXPECT_TRUE(says(message_of<DataError>([&] { read_unipen(folder / "no"); }), "no such file"));
}

TEST(Unipen, FindsFolderOrArchive) {
  const FreshFolder folder = small_unipen();
  EXPECT_EQ(find_unipen(folder), folder.path());
  const FreshFolder place;
  EXPECT_TRUE(find_unipen(place).empty());
  write(place / "unipen_1a1b.tar.xz", "");
  EXPECT_EQ(find_unipen(place), place / "unipen_1a1b.tar.xz");
}

TEST(Unipen, SurvivesMutatedText) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(1500);
  for (std::uint32_t i = 0; i < 20000 && std::chrono::steady_clock::now() < end; ++i) {
    RandomSequence random(Random(5, "test.mutate"), i);
    Faults faults;
    UnipenInk ink;
    const std::string ink_text = ganymede::testing::mutate(kInkText, random),
                      label_text = testing::mutate(kLabelText, random);
    read_unipen_ink(ink_text, "f", ink, faults, [](std::string_view, int) {});
    for (const UnipenComponent& c : ink.components) ASSERT_TRUE(c.times.empty() || c.times.size() == c.points.size());
    for (const UnipenSegment& s : read_unipen_labels(label_text, "f", faults).segments) {
      for (const UnipenRange& r : s.ranges) ASSERT_LE(r.from.component, r.to.component);
    }
    for (const std::string& fault : faults) ASSERT_TRUE(fault.starts_with("f:")) << fault;
  }
}

TEST(Unipen, AssemblesMutatedFilesWithoutHarm) {
  const FreshFolder folder = small_unipen();
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(1000);
  for (std::uint32_t i = 0; i < 400 && std::chrono::steady_clock::now() < end; ++i) {
    RandomSequence random(Random(6, "test.mutate"), i);
    write_file_atomically(folder / "data/1a/x/a.dat", ganymede::testing::mutate(kLabelText, random));
    write_file_atomically(folder / "include/x/data/a.dat", ganymede::testing::mutate(kInkText, random));
    const InkSet set = read_unipen(folder);
    for (const Symbol& s : set.symbols) {
      ASSERT_TRUE(s.label >= 0 && s.label < kSymbolClasses);
      ASSERT_FALSE(s.ink.empty() || s.ink[0].empty());
    }
  }
}

// ---- the real thing

// Empty where there is none.
fs::path real_unipen() {
  const auto data = shared_data();
  return data ? find_unipen(*data / "unipen") : fs::path();
}

class RealUnipen : public ::testing::Test {
 protected:
  static const InkSet& set() {
    static const InkSet kSet = read_unipen(real_unipen());
    return kSet;
  }
  void SetUp() override {
    if (real_unipen().empty()) {
      GTEST_SKIP() << "no UniPen data: wanted unipen/ in $GANYMEDE_TEST_SHARED or ../shared/data";
    }
  }
};

TEST_F(RealUnipen, HasTheSegmentsOfEveryClassAndSkipsNone) {
  const std::string order = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const std::vector<std::int64_t> wanted{1646, 1748, 1653, 1591, 1626, 1522, 1518, 1546, 1558, 1545, 1463, 952,
                                         1045, 998,  1750, 885,  889,  983,  1496, 778,  899,  1129, 963,  1110,
                                         1665, 1025, 834,  1221, 1328, 1311, 1135, 808,  880,  746,  919,  857};
  const auto found = class_histogram(set());
  for (std::size_t k = 0; k < order.size(); ++k) {
    EXPECT_EQ(found[static_cast<std::size_t>(symbol_class(order.substr(k, 1)))], wanted[k]) << order[k];
  }
  EXPECT_TRUE(set().skipped.empty());
  EXPECT_EQ(set().faults.size(), 2u);  // two documentation files that this edition lacks
}

// Digits and letters that are wider at the top than at the bottom, or heavier: were y not turned, or turned for the
// wrong contributor, they would not be.
TEST_F(RealUnipen, LettersOfEveryContributorStandUpright) {
  const std::set<int> top_heavy{symbol_class("7"), symbol_class("9"), symbol_class("F"), symbol_class("P"),
                                symbol_class("T"), symbol_class("V"), symbol_class("Y")};
  std::map<std::string, std::pair<int, int>> upright;  // contributor -> upright, all
  for (const Symbol& s : set().symbols) {
    if (!top_heavy.contains(s.label)) continue;
    const ink::Box box = ink::bounding_box(s.ink);
    double x0[2] = {1e18, 1e18}, x1[2] = {-1e18, -1e18};
    for (const auto& stroke : s.ink) {
      for (const ink::Point& p : stroke) {
        const int half = p.y > box.y0 + box.height() * 0.67 ? 1 : p.y < box.y0 + box.height() * 0.33 ? 0 : -1;
        if (half >= 0) x0[half] = std::min(x0[half], p.x), x1[half] = std::max(x1[half], p.x);
      }
    }
    auto& [good, all] = upright[contributor_of(set().writers[static_cast<std::size_t>(s.writer)])];
    good += x1[0] - x0[0] > x1[1] - x0[1];
    ++all;
  }
  EXPECT_EQ(upright.size(), 18u);
  for (const auto& [contributor, count] : upright) {
    EXPECT_GT(count.first, 0.5 * count.second) << contributor << ": " << count.first << " of " << count.second;
  }
}

}  // namespace
}  // namespace ganymede::data
