#include "page/document.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "page/field.hpp"

namespace ganymede::page {
namespace {

Document one_of_each_kind() {
  Document document{.title = "T"};
  document.add(Heading{"h"});
  document.add(Subheading{"s"});
  document.add(Paragraph{"p"});
  document.add(Findings{});
  document.add(Table{.head = {"a"}, .rows = {{"1"}, {}}, .caption = "c"});
  document.add(Plot{
      .plot = {.title = "t",
               .x_label = "x",
               .y_label = "y",
               .log_x = true,
               .series = {{.name = "n", .x = {0.1, 1.0 / 3}, .y = {1e-300, -2}, .colour = picture::Colour{1, 2, 255}},
                          {.name = "", .x = {}, .y = {}}},
               .width = 500,
               .height = 300},
      .caption = "drawn"});
  document.add(Figure{.file = "figures/a.png", .crc32 = 0x0123abcd, .caption = "f"});
  document.add(Details{.summary = "more", .text = "text"});
  return document;
}

TEST(Document, ComesBackFromItsJson) {
  const Document document = one_of_each_kind();
  EXPECT_EQ(document.parts.size(), std::variant_size_v<Part>) << "one of each kind";
  const auto json = to_json(document);
  EXPECT_EQ(json.at("parts").at(6).at("crc32"), "0123abcd");
  const auto read = nlohmann::ordered_json::parse(json.dump());
  const Document back = document_from(Field(read, "file"));
  EXPECT_EQ(to_json(back), json);
  const auto& plot = std::get<Plot>(back.parts.at(5)).plot;
  EXPECT_EQ(plot.series[0].x[1], 1.0 / 3) << "every bit";
  EXPECT_EQ(picture::to_svg(plot), picture::to_svg(std::get<Plot>(document.parts[5]).plot));
}

TEST(Document, HasItsKindsInTheDocs) {
  const std::string docs = read_file(std::filesystem::path(GANYMEDE_SOURCE_DIR) / "docs/runs.md");
  const auto json = to_json(one_of_each_kind());
  for (const auto& part : json.at("parts"))
    EXPECT_NE(docs.find("`" + part.at("kind").get<std::string>() + "`"), std::string::npos) << part.at("kind");
}

TEST(Document, KeepsAPlaceForWhatIsNoNumber) {
  Document document{.title = "T"};
  document.add(Plot{.plot = {.series = {{.name = "n", .x = {1, 2, 3}, .y = {std::nan(""), HUGE_VAL, 1}}}}});
  const auto json = to_json(document);
  EXPECT_EQ(json.at("parts").at(0).at("series").at(0).at("y").dump(), "[null,null,1.0]");
  const Document back = document_from(Field(json, "file"));
  EXPECT_EQ(picture::to_svg(std::get<Plot>(back.parts[0]).plot),
            picture::to_svg(std::get<Plot>(document.parts[0]).plot));
}

}  // namespace
}  // namespace ganymede::page
