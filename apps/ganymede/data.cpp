#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "base/console.hpp"
#include "base/error.hpp"
#include "base/signal.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "data/catalogue.hpp"
#include "data/contact_sheet.hpp"
#include "data/files/fetch.hpp"
#include "data/ink/ink_source.hpp"
#include "data/summary.hpp"
#include "data_ink.hpp"
#include "picture/png.hpp"
#include "shared.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;

struct DataArguments {
  std::string data;
  Output output;
  std::string name;
  std::string split = "train";
  std::string sheet;
  std::int64_t limit = 0;
  int image_size = data::OpenOptions{}.image_size;
  std::string image_colour = "auto";
  InkArguments ink;
};

int list(const DataArguments& arguments) {
  const auto entries = data::list_datasets(data::search_places(arguments.data));
  if (arguments.output.json) {
    nlohmann::json sets = nlohmann::json::array();
    for (const data::CatalogueEntry& entry : entries) {
      nlohmann::json searched = nlohmann::json::array();
      for (const fs::path& folder : entry.searched) searched.push_back(folder.string());
      sets.push_back({{"name", entry.name},
                      {"description", entry.description},
                      {"available", entry.available},
                      {"found", entry.found.string()},
                      {"searched", searched}});
    }
    print(nlohmann::json{{"schema", "ganymede.data_list/1"}, {"sets", sets}});
    return 0;
  }
  for (const data::CatalogueEntry& entry : entries) {
    print(fmt::format("{:<20}{}\n", entry.name, entry.description));
    if (!entry.found.empty()) {
      print(fmt::format("{:<20}{} {}\n", "", entry.available ? "found in" : "incomplete in", entry.found.string()));
    } else if (entry.available) {
      print(fmt::format("{:<20}built in\n", ""));
    } else {
      print(fmt::format("{:<20}not found; looked in:\n", ""));
      for (const fs::path& folder : entry.searched) print(fmt::format("{:<22}{}\n", "", folder.string()));
      if (entry.fetchable)
        print(fmt::format("{:<20}`{} data fetch {}` downloads it\n", "", program_name(), entry.name));
    }
  }
  return 0;
}

int show_data(const DataArguments& arguments) {
  const data::Split split = arguments.split == "test" ? data::Split::test : data::Split::train;
  if (data::is_ink_source(arguments.name, data::search_places(arguments.data))) {
    return show_ink({.name = arguments.name,
                     .split = split,
                     .limit = arguments.limit,
                     .data = arguments.data,
                     .sheet = arguments.sheet,
                     .json = arguments.output.json},
                    arguments.ink);
  }
  data::OpenOptions options;
  options.limit = arguments.limit;
  if (arguments.limit > 0) options.builtin_count = arguments.limit;
  options.image_size = arguments.image_size;
  options.image_colour = data::image_colour_from(arguments.image_colour);
  const data::Dataset dataset = data::open_dataset(arguments.name, split, data::search_places(arguments.data), options);
  const data::Summary summary = data::summarize(dataset);
  if (!arguments.sheet.empty()) picture::write_png(arguments.sheet, data::contact_sheet(dataset));
  if (arguments.output.json) {
    nlohmann::json coordinates = nlohmann::json::array();
    for (const data::Spread& c : summary.coordinates)
      coordinates.push_back({{"low", c.low}, {"high", c.high}, {"mean", c.mean}, {"deviation", c.deviation}});
    nlohmann::json conditions = nlohmann::json::array();
    for (std::size_t k = 0; k < summary.conditions.size(); ++k) {
      const data::Spread& c = summary.conditions[k];
      conditions.push_back({{"name", dataset.condition_names[k]},
                            {"low", c.low},
                            {"high", c.high},
                            {"mean", c.mean},
                            {"deviation", c.deviation}});
    }
    print(nlohmann::json{{"schema", "ganymede.data_show/1"},
                         {"name", dataset.provenance.name},
                         {"split", name_of(split)},
                         {"count", summary.count},
                         {"channels", summary.channels},
                         {"height", summary.height},
                         {"width", summary.width},
                         {"class_names", dataset.class_names},
                         {"classes", summary.classes},
                         {"mean", summary.mean},
                         {"deviation", summary.deviation},
                         {"coordinates", coordinates},
                         {"conditions", conditions},
                         {"content_crc32", summary.hash},
                         {"notes", dataset.provenance.notes},
                         {"skipped", dataset.provenance.skipped},
                         {"warnings", data::warnings(dataset)},
                         {"sheet", arguments.sheet}});
    return 0;
  }
  print(data::to_text(dataset, summary));
  if (!arguments.sheet.empty()) print(fmt::format("contact sheet: {}\n", arguments.sheet));
  return 0;
}

int fetch(const DataArguments& arguments) {
  const data::Source* source = data::find_source(arguments.name);
  if (source == nullptr || !source->fetchable) {
    fail<UserError>("data fetch {}: only {} can be fetched (the built-in sets need no download)", arguments.name,
                    fmt::join(data::source_names([](const data::Source& s) { return s.fetchable; }), ", "));
  }
  install_stop_handlers();
  data::FetchOptions options;
  options.folder = data::fetch_folder(arguments.data) / source->name;
  std::optional<Progress> progress;
  std::string current;
  options.on_progress = [&](const std::string& file, std::uint64_t done, std::uint64_t total) {
    if (file != current) {
      current = file;
      progress.emplace(file, static_cast<double>(total),
                       ProgressOptions{.style = arguments.output.style(), .unit = "B"});
    }
    progress->update(static_cast<double>(done));
    return !stop_requested();
  };
  options.on_message = [&](const std::string& message) {
    if (!arguments.output.quiet) tell("{}", message);
  };
  const data::FetchReport report = data::fetch(options);
  progress.reset();
  if (arguments.output.json) {
    print(nlohmann::json{{"schema", "ganymede.data_fetch/1"},
                         {"folder", options.folder.string()},
                         {"fetched", report.fetched},
                         {"kept", report.kept},
                         {"bytes", report.bytes}});
  } else if (!arguments.output.quiet) {
    print(fmt::format("{}: {} files fetched ({}), {} were there already\n", options.folder.string(), report.fetched,
                      human_bytes(static_cast<double>(report.bytes)), report.kept));
  }
  return 0;
}

}  // namespace

Action set_up_data(CLI::App& command) {
  const auto a = std::make_shared<DataArguments>();
  CLI::App* listing = command.add_subcommand("list", "List the data sets, and where they are looked for");
  CLI::App* showing = command.add_subcommand("show", "Count a data set, its classes and levels; draw a contact sheet");
  CLI::App* fetching = command.add_subcommand("fetch", "Download a data set and check it");
  for (CLI::App* sub : {listing, showing, fetching}) {
    add_data(*sub, a->data);
    add_output(*sub, a->output);
  }
  showing
      ->add_option(
          "NAME", a->name,
          "builtin-digits, ring, mnist ... (`data list` has all), or the path of an IDX, NPZ, NPY, JSON ink or "
          "CSV file or of a folder of IDX files or pictures")
      ->required();
  showing->add_option("--split", a->split, "train or test")
      ->transform(one_of({"train", "test"}))
      ->capture_default_str();
  showing->add_option("--limit", a->limit, "Only the first so many images, symbols or points")
      ->transform(range(0, 1000000000));
  showing->add_option("-o,--sheet", a->sheet, "Write a contact sheet, of points a plot; of ink also as .svg")
      ->type_name("FILE.png")
      ->transform(through_links());
  showing
      ->add_option("--image-size", a->image_size,
                   "Side of built-in landscapes (default: 64) and of pictures from a folder (default: their own)")
      ->transform(range(8, 1024));
  showing->add_option("--image-colour", a->image_colour, "Pictures from a folder: auto, grey or rgb")
      ->transform(one_of({"auto", "grey", "rgb"}))
      ->capture_default_str();
  add_ink(*showing, a->ink);
  showing->footer(
      "Examples: ganymede data show mnist -o mnist.png\n          ganymede data show unipen --by contributor -o "
      "ink.svg");
  fetching->add_option("NAME", a->name, "mnist")->required();
  fetching->footer("Example: ganymede data fetch mnist --data ./data");
  command.require_subcommand(1);
  command.footer("Example: ganymede data list");
  return [a, showing, fetching] {
    if (showing->parsed()) return show_data(*a);
    if (fetching->parsed()) return fetch(*a);
    return list(*a);
  };
}

}  // namespace ganymede::app
