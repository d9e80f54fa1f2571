#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <variant>
#include <vector>

#include "page/figure.hpp"
#include "page/html.hpp"
#include "picture/plot.hpp"

namespace ganymede::page {

// What a page says, as data: results keep it, so that their page can be made again without the models, and shown by
// other programs part by part.

struct Heading {
  std::string text;
};
struct Subheading {
  std::string text;
};
struct Paragraph {
  std::string text;
};
/// Here stand the findings of the results, each with its verdict and what that rests on.
struct Findings {};
struct Plot {
  picture::LinePlot plot;
  std::string caption{};
};
/// Text behind a line that opens it.
struct Details {
  std::string summary, text;
};
using Part = std::variant<Heading, Subheading, Paragraph, Findings, Table, Plot, Figure, Details>;

struct Document {
  std::string title;
  std::vector<Part> parts{};
  void add(Part part) { parts.push_back(std::move(part)); }
};

/// {"title", "parts": [...]}, each part an object with "kind" (docs/runs.md lists them); NaN and infinity are null.
nlohmann::ordered_json to_json(const Document& document);

class Field;
/// @throws DataError that names the file and the place in it: what is missing, of another type or kind, out of range.
/// Figures have names that is_figure_name allows, each once, and findings stand at most once.
Document document_from(const Field& field);

}  // namespace ganymede::page
