#include "page/study_page.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/mutate.hpp"
#include "page/made_study.hpp"

namespace ganymede::page {
namespace {

using testing::MadeStudy;

/// What is said of the folder as it stands; "no error" if nothing is.
std::string fault_of(const MadeStudy& made) {
  try {
    study_page(made.folder);
  } catch (const DataError& error) {
    return error.what();
  }
  return "no error";
}

TEST(StudyPage, HoldsEveryPartInItsOrder) {
  const MadeStudy made;
  const std::string page = study_page(made.folder);
  std::size_t at = 0;
  for (const std::string part :
       {"<h1>Do more dimensions help?</h1>", "<h2>Found</h2>", "<div class=\"verdict confirmed\"><b>confirmed</b>More",
        "<li>a</li><li>p &lt; 0.01</li>", "<div class=\"verdict cannot\"><b>cannot tell</b><code>1</code> is in",
        "<h3>Scores of all</h3>", "<td>2-D</td><td>0.5</td>", "<figcaption>Means.</figcaption>",
        "<code>ganymede map</code>", "<svg ", ">Loss</text>", "</div><figcaption>Over seeds.</figcaption>",
        "<img alt=\"The map of 2-D\" width=\"7\" height=\"5\" src=\"data:image/png;base64,iVBORw0KGgo",
        "<img alt=\"The alphabet\" src=\"data:image/svg+xml;base64,PHN2Zy", "<summary>Recipe</summary><pre>seed = 1"}) {
    const std::size_t found = page.find(part, at);
    ASSERT_NE(found, std::string::npos) << part;
    at = found;
  }
  EXPECT_NE(page.find("#d55e00"), std::string::npos);
  EXPECT_NE(page.find("1 point left out"), std::string::npos) << "null is no number";
}

TEST(StudyPage, ShowsAFilmAsItIs) {
  MadeStudy made;
  const Figure film =
      FigureWriter(made.folder).gif("descent", {picture::Image(2, 2, 3), picture::Image(2, 2, 3)}, 50, "");
  made.parts().push_back(
      {{"kind", "figure"}, {"file", film.file}, {"crc32", hex(film.crc32)}, {"caption", "It falls."}});
  made.write();
  EXPECT_NE(study_page(made.folder).find("<img alt=\"It falls.\" src=\"data:image/gif;base64,R0lGODlh"),
            std::string::npos);
}

TEST(StudyPage, IsTheSameEachTimeAndAnywhere) {
  const MadeStudy made;
  const std::string page = study_page(made.folder);
  EXPECT_EQ(study_page(made.folder), page);
  std::filesystem::rename(made.folder, made.root / "elsewhere");
  EXPECT_EQ(study_page(made.root / "elsewhere"), page);
}

TEST(StudyPage, MakesHostileTextHarmless) {
  MadeStudy made;
  const std::string hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>`<b>`";
  for (auto& finding : made.results["findings"]) {
    for (const char* field : {"claim", "verdict"}) finding[field] = hostile;
    finding["points"][0] = hostile;
  }
  made.results["page"]["title"] = hostile;
  for (auto& part : made.parts()) {
    for (auto& [name, value] : part.items()) {
      if (value.is_string() && name != "kind" && name != "file" && name != "crc32") value = hostile;
    }
  }
  for (auto& cell : made.part("table")["head"]) cell = hostile;
  for (auto& row : made.part("table")["rows"]) {
    for (auto& cell : row) cell = hostile;
  }
  made.part("plot")["series"][0]["name"] = hostile;
  made.write();
  const std::string page = study_page(made.folder);
  EXPECT_GT(page.size(), 20 * hostile.size());
  for (const char* part : {"<script", "<img src=x", "<b>`", "\"'>"})
    EXPECT_EQ(page.find(part), std::string::npos) << part;
}

// A drawing may hold anything; a browser neither runs nor loads what stands in a picture.
TEST(StudyPage, ShowsDrawingsAsPicturesAlone) {
  MadeStudy made;
  const FigureWriter writer(made.folder);
  const Figure drawn = writer.svg("alphabet", "<svg><script>alert(1)</script></svg>", "");
  made.parts()[7]["crc32"] = hex(drawn.crc32);
  made.write();
  const std::string page = study_page(made.folder);
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_NE(page.find("src=\"data:image/svg+xml;base64,"), std::string::npos);
}

TEST(StudyPage, NamesTheFileThatIsMissingOrDamagedAndWhatToDo) {
  const auto expect_said = [](auto damage, const std::string& file, const std::string& words) {
    MadeStudy made;
    damage(made);
    const std::string fault = fault_of(made);
    EXPECT_TRUE(fault.starts_with((made.folder / file).string() + ": ")) << fault;
    EXPECT_NE(fault.find(words), std::string::npos) << fault;
  };
  expect_said([](MadeStudy& made) { std::filesystem::remove(made.folder / "results.json"); }, "results.json",
              "No such file or directory; the study's command, called again, writes it");
  expect_said([](MadeStudy& made) { made.write("{\"schema\": "); }, "results.json", "no JSON; the file is damaged");
  expect_said([](MadeStudy& made) { made.results.erase("page"), made.write(); }, "results.json",
              "an older version wrote it, which kept no page; call the study again with the same command: it measures "
              "nothing anew");
  expect_said(
      [](MadeStudy& made) { made.results["schema"] = "ganymede.run/1", made.write(); }, "results.json",
      "schema: no results of a study: wanted ganymede.study_images/1 or ganymede.study_ink/1 or "
      "ganymede.study_unrolled/1 or ganymede.study_theory/1 or ganymede.study_doctor/1 or "
      "ganymede.study_directions/1 or ganymede.study_distributed/1 or ganymede.sweep/1, found \"ganymede.run/1\"");
  const std::string again = "the study's command, called again, draws it and measures nothing anew";
  for (const std::string figure : {"figures/map-2d.png", "figures/alphabet.svg"}) {
    expect_said([&](MadeStudy& made) { std::filesystem::remove(made.folder / figure); }, figure, again);
    expect_said([&](MadeStudy& made) { std::filesystem::resize_file(made.folder / figure, 40); }, figure, again);
  }
  // A figure of another call, and no picture at all.
  expect_said([](MadeStudy& made) { FigureWriter(made.folder).png("map-2d", picture::Image(3, 3, 1), ""); },
              "figures/map-2d.png", "not the figure that results.json was written with");
  expect_said(
      [](MadeStudy& made) {
        std::ofstream(made.folder / "figures/map-2d.png") << "no picture";
        made.part("figure")["crc32"] = hex(crc32("no picture"));
        made.write();
      },
      "figures/map-2d.png", "PNG");
}

TEST(StudyPage, SaysWhichFieldIsWrong) {
  const auto fault = [](auto change) {
    MadeStudy made;
    change(made);
    made.write();
    const std::string text = fault_of(made), file = (made.folder / "results.json").string() + ": ";
    EXPECT_TRUE(text.starts_with(file)) << text;
    return text.substr(std::min(text.size(), file.size()));
  };
  EXPECT_EQ(fault([](MadeStudy& m) { m.results = 7; }), "wanted an object, found number");
  EXPECT_EQ(fault([](MadeStudy& m) { m.results.erase("schema"); }), "\"schema\" is missing");
  EXPECT_EQ(fault([](MadeStudy& m) { m.results["schema"] = 7; }), "schema: wanted a text, found number");
  EXPECT_EQ(fault([](MadeStudy& m) { m.results.erase("findings"); }), "\"findings\" is missing");
  EXPECT_EQ(fault([](MadeStudy& m) { m.results["findings"][1].erase("claim"); }), "findings[1]: \"claim\" is missing");
  EXPECT_EQ(fault([](MadeStudy& m) { m.results["page"]["parts"] = "none"; }),
            "page.parts: wanted a list, found string");
  EXPECT_EQ(fault([](MadeStudy& m) { m.parts()[0]["kind"] = "film"; }),
            "page.parts[0].kind: this program knows no such part of a page");
  EXPECT_EQ(fault([](MadeStudy& m) { m.part("table")["rows"][1][0] = 3; }),
            "page.parts[3].rows[1][0]: wanted a text, found number");
  EXPECT_EQ(fault([](MadeStudy& m) { m.part("plot")["width"] = 1e9; }),
            "page.parts[5].width: wanted a whole number of 200 to 4000, found number");
  EXPECT_EQ(fault([](MadeStudy& m) { m.part("plot")["width"] = -7; }),
            "page.parts[5].width: wanted a whole number of 200 to 4000, found -7");
  EXPECT_EQ(fault([](MadeStudy& m) { m.part("plot")["log_x"] = 1; }),
            "page.parts[5].log_x: wanted true or false, found number");
  EXPECT_EQ(fault([](MadeStudy& m) { m.part("plot")["series"][0]["y"].erase(0); }),
            "page.parts[5].series[0]: wanted as many x as y, found 3 and 2");
  EXPECT_EQ(fault([](MadeStudy& m) { m.part("plot")["series"][0]["y"][1] = "x"; }),
            "page.parts[5].series[0].y: wanted numbers or null, found string");
  EXPECT_EQ(fault([](MadeStudy& m) { m.part("plot")["series"][1]["colour"] = "#d55e0g"; }),
            "page.parts[5].series[1].colour: wanted \"#\" and 6 hexadecimal digits");
  EXPECT_EQ(fault([](MadeStudy& m) { m.parts().push_back(m.part("findings")); }),
            "page.parts[9]: the findings stand in it twice");
  EXPECT_EQ(fault([](MadeStudy& m) { m.parts().push_back(m.part("figure")); }),
            "page.parts[9]: figures/map-2d.png stands in it twice");
}

TEST(StudyPage, OpensFilesOfItsFiguresAlone) {
  for (const std::string file :
       {"/etc/passwd", "../secret.png", "figures/../../secret.png", "figures/.hidden.png", "figures/a/b.png",
        "figures/a.html", "figures/", "map.png", "figures/.png", "figures/a b.png"}) {
    MadeStudy made;
    std::ofstream(made.root / "secret.png") << "secret";
    made.part("figure")["file"] = file;
    made.write();
    EXPECT_NE(fault_of(made).find("page.parts[6].file: wanted figures/NAME.png, .svg or .gif"), std::string::npos)
        << file << ": " << fault_of(made);
  }
}

// Bytes changed, taken out and put in: an error that names the file, or a page.
TEST(StudyPage, SurvivesAnyDamageOfItsResults) {
  const MadeStudy made;
  const std::string whole = made.results.dump(), file = (made.folder / "results.json").string();
  int made_pages = 0, refused = 0;
  for (std::uint32_t round = 0; round < 1000; ++round) {
    RandomSequence random(Random(1, "damage"), round);
    const std::string text = ganymede::testing::mutate_json(whole, random);
    made.write(text);
    try {
      const std::string page = study_page(made.folder);
      ++made_pages;
      EXPECT_TRUE(page.starts_with("<!doctype html>") && page.ends_with("</html>\n")) << text;
    } catch (const DataError& error) {
      ++refused;
      EXPECT_TRUE(std::string(error.what()).starts_with(made.folder.string())) << error.what();
    }
  }
  EXPECT_GT(made_pages, 50);
  EXPECT_GT(refused, 500);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    made.write(whole.substr(0, length));
    EXPECT_TRUE(fault_of(made).starts_with(file)) << length;
  }
}

}  // namespace
}  // namespace ganymede::page
