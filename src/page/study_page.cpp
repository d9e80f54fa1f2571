#include "page/study_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "base/json.hpp"
#include "page/document.hpp"
#include "page/field.hpp"
#include "page/html.hpp"
#include "picture/png.hpp"

namespace ganymede::page {
namespace {

struct ReadFinding {
  std::string claim, verdict;
  std::vector<std::string> points;
};

std::vector<ReadFinding> findings_from(const Field& results) {
  std::vector<ReadFinding> all;
  for (const Field& one : results["findings"].items())
    all.push_back({one["claim"].text(), one["verdict"].text(), one["points"].texts()});
  return all;
}

// What stands in a page as HTML.
struct Render {
  Page& page;
  const std::vector<ReadFinding>& findings;
  const std::filesystem::path& folder;

  void operator()(const Heading& part) const { page.heading(part.text); }
  void operator()(const Subheading& part) const { page.subheading(part.text); }
  void operator()(const Paragraph& part) const { page.paragraph(part.text); }
  void operator()(const Findings&) const {
    for (const ReadFinding& finding : findings) {
      page.verdict(finding.verdict, finding.claim);
      page.evidence(finding.points);
    }
  }
  void operator()(const Table& part) const { page.table(part); }
  void operator()(const Plot& part) const { page.svg(picture::to_svg(part.plot), part.caption); }
  void operator()(const Figure& part) const {
    const std::string bytes = read_figure(folder, part);
    if (part.file.ends_with(".svg")) {
      page.drawing(bytes, part.caption);
    } else if (part.file.ends_with(".gif")) {
      page.animation(bytes, part.caption);
    } else {
      page.image(picture::decode_png(bytes, (folder / part.file).string()).image, part.caption);
    }
  }
  void operator()(const Details& part) const { page.details(part.summary, part.text); }
};

nlohmann::ordered_json read_results(const std::filesystem::path& file) {
  try {
    return read_json<nlohmann::ordered_json>(file);
  } catch (const DataError& error) {
    fail<DataError>("{}; the study's command, called again, writes it and measures nothing anew", error.what());
  }
}

void check_schema(const Field& results) {
  const std::string schema = results["schema"].text();
  if (std::ranges::find(study_schemas(), schema) == study_schemas().end()) {
    results["schema"].refuse(
        fmt::format("no results of a study: wanted {}, found \"{}\"", fmt::join(study_schemas(), " or "), schema));
  }
}

}  // namespace

const std::vector<std::string>& study_schemas() {
  static const std::vector<std::string> all = {"ganymede.study_images/1",      "ganymede.study_ink/1",
                                               "ganymede.study_unrolled/1",    "ganymede.study_theory/1",
                                               "ganymede.study_doctor/1",      "ganymede.study_directions/1",
                                               "ganymede.study_distributed/1", "ganymede.sweep/1"};
  return all;
}

std::string study_page(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "results.json";
  const auto json = read_results(file);
  const Field results(json, file.string());
  check_schema(results);
  const auto kept = results.find("page");
  if (!kept) {
    results.refuse(
        "an older version wrote it, which kept no page; call the study again with the same command: it measures "
        "nothing anew");
  }
  const Document document = document_from(*kept);
  const std::vector<ReadFinding> findings = findings_from(results);
  Page page(document.title);
  for (const Part& part : document.parts) std::visit(Render{page, findings, folder}, part);
  return page.html();
}

}  // namespace ganymede::page
