#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "base/checksum.hpp"
#include "base/file.hpp"
#include "base/fresh_folder.hpp"
#include "page/figure.hpp"

namespace ganymede::page::testing {

/// The folder of a study written by hand: every kind of part, two figures, two findings.
struct MadeStudy {
  ganymede::testing::FreshFolder root;
  std::filesystem::path folder = root / "dims";
  nlohmann::ordered_json results;

  MadeStudy() {
    std::filesystem::create_directories(folder);
    picture::Image map(5, 7, 3);
    for (std::size_t i = 0; i < map.pixels().size(); ++i) map.pixels()[i] = static_cast<std::uint8_t>(5 * i);
    const FigureWriter writer(folder);
    writer.png("map-2d", map, "");
    writer.svg("alphabet", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><rect/></svg>\n", "");
    results = nlohmann::ordered_json::parse(R"({
      "schema": "ganymede.study_images/1", "study": "dims",
      "findings": [
        {"claim": "More is better.", "verdict": "confirmed", "evidence": "a; b", "points": ["a", "p < 0.01"]},
        {"claim": "`1` is in the centre.", "verdict": "cannot tell", "evidence": "c", "points": ["c"]}],
      "page": {"title": "Do more dimensions help?", "parts": [
        {"kind": "heading", "text": "Found"},
        {"kind": "findings"},
        {"kind": "subheading", "text": "Scores of all"},
        {"kind": "table", "head": ["model", "loss"], "rows": [["2-D", "0.5"], ["3-D", "-"]], "caption": "Means."},
        {"kind": "paragraph", "text": "Drawn with `ganymede map`."},
        {"kind": "plot", "title": "Loss", "x_label": "epochs", "y_label": "nats", "log_x": false, "log_y": true,
         "width": 900, "height": 400, "caption": "Over seeds.",
         "series": [{"name": "2-D", "x": [1, 2, 3], "y": [0.5, null, 0.125]},
                    {"name": "D", "x": [1, 2], "y": [1.5, 2], "colour": "#d55e00"}]},
        {"kind": "figure", "file": "figures/map-2d.png", "crc32": "", "caption": "The map of 2-D"},
        {"kind": "figure", "file": "figures/alphabet.svg", "crc32": "", "caption": "The alphabet"},
        {"kind": "details", "summary": "Recipe", "text": "seed = 1"}]}})");
    for (auto& part : parts()) {
      if (part.at("kind") == "figure")
        part["crc32"] = hex(crc32(read_file(folder / part.at("file").get<std::string>())));
    }
    write();
  }

  nlohmann::ordered_json& parts() { return results["page"]["parts"]; }
  /// The first part of a kind.
  nlohmann::ordered_json& part(const std::string& kind) {
    for (auto& one : parts()) {
      if (one.at("kind") == kind) return one;
    }
    throw std::logic_error("no part " + kind);
  }
  void write() const { write(results.dump()); }
  void write(const std::string& text) const { std::ofstream(folder / "results.json") << text; }
};

}  // namespace ganymede::page::testing
