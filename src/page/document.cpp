#include "page/document.hpp"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>
#include <set>

#include "base/checksum.hpp"
#include "base/json.hpp"
#include "page/field.hpp"

namespace ganymede::page {
namespace {

using Json = nlohmann::ordered_json;

// A plot is drawn by whoever opens the page, whatever its results ask for.
constexpr int kLeastWidth = 200, kLeastHeight = 150, kLargestSide = 4000;

Json numbers_of(const std::vector<double>& values) {
  Json list = Json::array();
  for (const double v : values) list.push_back(number_or_null(v));
  return list;
}

struct ToJson {
  Json operator()(const Heading& part) const { return {{"kind", "heading"}, {"text", part.text}}; }
  Json operator()(const Subheading& part) const { return {{"kind", "subheading"}, {"text", part.text}}; }
  Json operator()(const Paragraph& part) const { return {{"kind", "paragraph"}, {"text", part.text}}; }
  Json operator()(const Findings&) const { return {{"kind", "findings"}}; }
  Json operator()(const Table& part) const {
    return {{"kind", "table"}, {"head", part.head}, {"rows", part.rows}, {"caption", part.caption}};
  }
  Json operator()(const Plot& part) const {
    const picture::LinePlot& plot = part.plot;
    Json json = {{"kind", "plot"},          {"title", plot.title},   {"x_label", plot.x_label},
                 {"y_label", plot.y_label}, {"log_x", plot.log_x},   {"log_y", plot.log_y},
                 {"width", plot.width},     {"height", plot.height}, {"caption", part.caption},
                 {"series", Json::array()}};
    for (const picture::Series& one : plot.series) {
      Json series = {{"name", one.name}, {"x", numbers_of(one.x)}, {"y", numbers_of(one.y)}};
      if (one.colour) series["colour"] = picture::to_hex(*one.colour);
      json["series"].push_back(std::move(series));
    }
    return json;
  }
  Json operator()(const Figure& part) const {
    return {{"kind", "figure"}, {"file", part.file}, {"crc32", hex(part.crc32)}, {"caption", part.caption}};
  }
  Json operator()(const Details& part) const {
    return {{"kind", "details"}, {"summary", part.summary}, {"text", part.text}};
  }
};

// `digits` hexadecimal ones behind a prefix.
std::uint32_t hex_from(const Field& field, std::string_view prefix, std::size_t digits) {
  const std::string text = field.text();
  std::uint32_t value = 0;
  const char* end = text.data() + text.size();
  if (text.size() != prefix.size() + digits || !text.starts_with(prefix) ||
      std::from_chars(text.data() + prefix.size(), end, value, 16).ptr != end)
    field.refuse(fmt::format("wanted \"{}\" and {} hexadecimal digits", prefix, digits));
  return value;
}

picture::Series series_from(const Field& field) {
  picture::Series series{.name = field["name"].text(), .x = field["x"].numbers(), .y = field["y"].numbers()};
  if (series.x.size() != series.y.size())
    field.refuse(fmt::format("wanted as many x as y, found {} and {}", series.x.size(), series.y.size()));
  if (const auto colour = field.find("colour")) {
    const std::uint32_t rgb = hex_from(*colour, "#", 6);
    series.colour = picture::Colour{static_cast<std::uint8_t>(rgb >> 16), static_cast<std::uint8_t>(rgb >> 8),
                                    static_cast<std::uint8_t>(rgb)};
  }
  return series;
}

Plot plot_from(const Field& field) {
  Plot part{.plot = {.title = field["title"].text(),
                     .x_label = field["x_label"].text(),
                     .y_label = field["y_label"].text(),
                     .log_x = field["log_x"].flag(),
                     .log_y = field["log_y"].flag(),
                     .series = {},
                     .width = field["width"].whole(kLeastWidth, kLargestSide),
                     .height = field["height"].whole(kLeastHeight, kLargestSide)},
            .caption = field["caption"].text()};
  for (const Field& series : field["series"].items()) part.plot.series.push_back(series_from(series));
  return part;
}

Table table_from(const Field& field) {
  Table table{.head = field["head"].texts(), .rows = {}, .caption = field["caption"].text()};
  for (const Field& row : field["rows"].items()) table.rows.push_back(row.texts());
  return table;
}

Figure figure_from(const Field& field) {
  Figure figure{
      .file = field["file"].text(), .crc32 = hex_from(field["crc32"], "", 8), .caption = field["caption"].text()};
  if (!is_figure_name(figure.file)) field["file"].refuse("wanted figures/NAME.png, .svg or .gif");
  return figure;
}

Part part_from(const Field& field) {
  const std::string kind = field["kind"].text();
  if (kind == "heading") return Heading{field["text"].text()};
  if (kind == "subheading") return Subheading{field["text"].text()};
  if (kind == "paragraph") return Paragraph{field["text"].text()};
  if (kind == "findings") return Findings{};
  if (kind == "table") return table_from(field);
  if (kind == "plot") return plot_from(field);
  if (kind == "figure") return figure_from(field);
  if (kind == "details") return Details{field["summary"].text(), field["text"].text()};
  field["kind"].refuse("this program knows no such part of a page");
}

}  // namespace

Json to_json(const Document& document) {
  Json json = {{"title", document.title}, {"parts", Json::array()}};
  for (const Part& part : document.parts) json["parts"].push_back(std::visit(ToJson{}, part));
  return json;
}

Document document_from(const Field& field) {
  Document document{.title = field["title"].text()};
  std::set<std::string> figures;
  bool findings = false;
  for (const Field& one : field["parts"].items()) {
    document.add(part_from(one));
    const Part& part = document.parts.back();
    // Each once, so that a page is no larger than what lies in the folder.
    if (const auto* figure = std::get_if<Figure>(&part); figure != nullptr && !figures.insert(figure->file).second)
      one.refuse(figure->file + " stands in it twice");
    if (std::holds_alternative<Findings>(part)) {
      if (findings) one.refuse("the findings stand in it twice");
      findings = true;
    }
  }
  return document;
}

}  // namespace ganymede::page
