#include "page/report_directions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/json.hpp"
#include "page/field.hpp"
#include "picture/png.hpp"

namespace ganymede::page {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDirectionsOfARun = "ganymede.directions/1";

// {"value", "low", "high"} in words; "-" of what is not there.
std::string estimate_words(const std::optional<Field>& field) {
  if (!field) return "-";
  const auto number_in = [&](const char* name) { return (*field)[name].number(); };
  const double value = number_in("value");
  if (!std::isfinite(value)) return "-";
  return fmt::format("{:.2f} [{:.2f}, {:.2f}]", value, number_in("low"), number_in("high"));
}

Table attributes_of(const Field& file) {
  Table table{.head = {"attribute", "accuracy", "always the commoner", "R^2", "lambda", "offset", "left of others"},
              .rows = {},
              .caption =
                  "On samples that were held out, with 95 % intervals; lambda: the score's slope a unit of z. "
                  "What z does not tell has a direction that is chance."};
  for (const Field& one : file["attributes"].items()) {
    const bool told = one["told"].flag();
    const auto commonest = one.find("commonest");
    const double left = told ? one["left"].number() : 0;
    table.rows.push_back({one["name"].text(), estimate_words(one.find("accuracy")),
                          commonest ? fmt::format("{:.2f}", commonest->number()) : "-",
                          estimate_words(one.find("explained")), fmt::format("{:.3g}", one["slope"].number()),
                          told ? fmt::format("{:.2f}", one["offset"].number()) : "-",
                          told ? fmt::format("{:.2f}", left) : "not told by z"});
  }
  return table;
}

void add_picture(Page& page, const fs::path& folder, const std::string& name, const char* caption) {
  std::error_code none;
  if (fs::is_regular_file(folder / name, none))
    page.image(picture::read_png(folder / name).image, fmt::format("directions/{}: {}", name, caption));
}

struct ReadDirections {
  std::string title, sentence, off_diagonal;
  Table attributes;
};

ReadDirections read_directions_of(const fs::path& path, std::uint64_t newest) {
  const auto json = read_json<nlohmann::ordered_json>(path);
  const Field file(json, path.string());
  if (file["schema"].text() != kDirectionsOfARun)
    file["schema"].refuse(fmt::format("wanted {}, found \"{}\"", kDirectionsOfARun, file["schema"].text()));
  const auto epoch = static_cast<std::uint64_t>(file["epoch"].whole(0, std::numeric_limits<int>::max()));
  const std::string of_class = file["class_name"].text();
  ReadDirections read{.title = fmt::format("{}: epoch {}{}, {}", path.stem().string(), epoch,
                                           of_class.empty() ? "" : ", class " + of_class, file["samples"].text()),
                      .sentence = {},
                      .off_diagonal = {},
                      .attributes = attributes_of(file)};
  if (epoch != newest) read.title += fmt::format(" (the newest weights are of epoch {})", newest);
  if (const auto entanglement = file.find("entanglement")) {
    read.sentence = (*entanglement)["sentence"].text();
    const double measured = (*entanglement)["measured_off_diagonal"].number();
    read.off_diagonal = fmt::format("Off the diagonal: {} of Sigma_s, {} of the measured covariance.",
                                    estimate_words(entanglement->find("off_diagonal")),
                                    std::isfinite(measured) ? fmt::format("{:.2f}", measured) : "-");
  }
  return read;
}

}  // namespace

void add_directions(Page& page, const run::RunDirectory& run) {
  const fs::path folder = run.path() / "directions";
  std::vector<fs::path> files;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  if (files.empty()) return;
  std::ranges::sort(files);
  page.heading("Directions of the latent space");
  page.paragraph(
      "A normal of length 1 for each attribute that z tells: along it the attribute changes. The model is "
      "disentangled, "
      "so far as these attributes go, if the normals are orthogonal.");
  const std::uint64_t newest = run.info().epoch;
  for (const fs::path& file : files) {
    try {
      const ReadDirections read = read_directions_of(file, newest);
      page.subheading(read.title);
      if (!read.sentence.empty()) page.paragraph(read.sentence);
      add_picture(page, folder, file.stem().string() + ".png",
                  "cosines of the normals, the model's covariance of scores and the measured one");
      if (!read.off_diagonal.empty()) page.paragraph(read.off_diagonal);
      add_picture(page, folder, file.stem().string() + ".strips.png",
                  "one sample moved along each attribute that is told");
      page.table(read.attributes);
    } catch (const DataError& error) {
      page.paragraph(fmt::format("Left out: {}", error.what()));
    }
  }
}

}  // namespace ganymede::page
