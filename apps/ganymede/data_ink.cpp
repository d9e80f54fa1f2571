#include "data_ink.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "data/ink/ink_dataset.hpp"
#include "data/ink/ink_json.hpp"
#include "data/ink/ink_picture.hpp"
#include "data/ink/ink_source.hpp"
#include "data/ink/ink_summary.hpp"
#include "shared.hpp"

namespace ganymede::app {
namespace {

int class_of(const data::InkSet& set, const std::string& name) {
  const auto found = std::find(set.class_names.begin(), set.class_names.end(), name);
  if (found == set.class_names.end()) {
    fail<UserError>("--class {}: no such class; wanted one of {}", name, fmt::join(set.class_names, " "));
  }
  return static_cast<int>(found - set.class_names.begin());
}

// Leaves the class and the contributor that were asked for, and the first so many symbols.
void filter(data::InkSet& set, const InkRequest& request, const InkArguments& arguments) {
  if (!arguments.only_class.empty()) {
    const int label = class_of(set, arguments.only_class);
    std::erase_if(set.symbols, [&](const data::Symbol& s) { return s.label != label; });
  }
  if (!arguments.contributor.empty()) {
    const auto contributors = data::contributors_of(set);
    if (!contributors.contains(arguments.contributor)) {
      std::vector<std::string> names;
      names.reserve(contributors.size());
      for (const auto& [name, count] : contributors) names.push_back(name);
      fail<UserError>("--contributor {}: no such contributor{} Wanted one of {}", arguments.contributor,
                      did_you_mean(arguments.contributor, names), fmt::join(names, ", "));
    }
    std::erase_if(set.symbols, [&](const data::Symbol& s) {
      return data::contributor_of(set.writers[static_cast<std::size_t>(s.writer)]) != arguments.contributor;
    });
  }
  if (request.limit > 0 && static_cast<std::size_t>(request.limit) < set.symbols.size()) {
    set.symbols.resize(static_cast<std::size_t>(request.limit));
  }
}

nlohmann::json to_json(const data::InkSet& set, const data::InkStatistics& s, const InkRequest& request,
                       const InkArguments& arguments) {
  nlohmann::json fates;
  for (std::size_t f = 0; f < s.fates.size(); ++f) fates[ink::name_of(static_cast<ink::Fate>(f))] = s.fates[f];
  return {{"schema", "ganymede.data_show_ink/1"},
          {"name", set.provenance.name},
          {"split", data::name_of(request.split)},
          {"count", set.symbols.size()},
          {"class_names", set.class_names},
          {"classes", data::class_histogram(set)},
          {"contributors", data::contributors_of(set)},
          {"skipped", set.skipped},
          {"faults", set.faults},
          {"prepared",
           {{"fates", fates},
            {"dropped", s.dropped},
            {"moves", s.moves},
            {"strokes", s.strokes},
            {"simplification", arguments.simplification},
            {"tolerance", arguments.tolerance},
            {"tolerance_median", s.tolerance_quantile(0.5)},
            {"tolerance_99", s.tolerance_quantile(0.99)},
            {"tolerance_largest", s.tolerance_quantile(1)}}},
          {"sheet", request.sheet},
          {"ink", arguments.to_json}};
}

}  // namespace

void add_ink(CLI::App& command, InkArguments& a) {
  const std::string group = "Ink";
  command.add_option("--by", a.by, "Rows of the contact sheet: class or contributor")
      ->transform(one_of({"class", "contributor"}))
      ->capture_default_str()
      ->group(group);
  command.add_option("--class", a.only_class, "Only symbols of this class")->type_name("NAME")->group(group);
  command.add_option("--contributor", a.contributor, "Only symbols of this contributor")
      ->type_name("NAME")
      ->group(group);
  command.add_flag("--prepared", a.prepared, "Draw and export what the networks see: ten moves")->group(group);
  command.add_option("--tolerance", a.tolerance, "Smallest one of the simplification, in longer sides")
      ->transform(range(0.0, 0.2))
      ->capture_default_str()
      ->group(group);
  command.add_option("--simplification", a.simplification, "plain, or consistent: without new crossings")
      ->transform(one_of({"plain", "consistent"}))
      ->capture_default_str()
      ->group(group);
  command.add_option("--ink", a.to_json, "Write the symbols in the JSON ink format")
      ->type_name("FILE.json")
      ->group(group);
}

int show_ink(const InkRequest& request, const InkArguments& arguments) {
  data::InkSet set = data::open_ink(request.name, request.split, data::search_places(request.data),
                                    request.limit > 0 ? request.limit : data::OpenOptions{}.builtin_count);
  filter(set, request, arguments);
  ink::PrepareOptions options;
  options.tolerance = arguments.tolerance;
  if (arguments.simplification == "consistent") options.simplification = ink::Simplification::consistent;
  const data::InkStatistics statistics = data::ink_statistics(set, options);
  const data::InkSet drawn = arguments.prepared ? data::prepared_symbols(set, options) : data::InkSet{};
  const data::InkSet& wanted = arguments.prepared ? drawn : set;
  if (!request.sheet.empty()) {
    data::write_sheet(request.sheet, arguments.by == "class"
                                         ? data::class_sheet(wanted)
                                         : data::contributor_sheet(wanted, -1, data::kSymbolClasses));
  }
  if (!arguments.to_json.empty()) data::write_ink_json(arguments.to_json, wanted);
  if (request.json) {
    print(to_json(set, statistics, request, arguments));
    return 0;
  }
  print(data::to_text(set, statistics));
  if (!request.sheet.empty()) print(fmt::format("contact sheet: {}\n", request.sheet));
  if (!arguments.to_json.empty()) print(fmt::format("ink: {}\n", arguments.to_json));
  return 0;
}

}  // namespace ganymede::app
