#include "evaluate/known_classifier.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "base/checksum.hpp"
#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "data/sources.hpp"
#include "run/recipe_file.hpp"

namespace ganymede::evaluate {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNoteSchema = "ganymede.known_classifier/1";

KnownClassifier found_in_data(const run::Recipe& recipe, const ReferenceOptions& options) {
  const data::Dataset train = open_whole(recipe, data::Split::train, options.places);
  KnownClassifier known{
      .file = {}, .why = {}, .data = train.provenance.name, .class_names = train.class_names, .steps = 0};
  if (train.class_count() < 2) {
    known.why = fmt::format("{} has {}, so there is nothing to tell apart", known.data,
                            train.class_count() == 0 ? "no classes" : "one class");
    return known;
  }
  const data::Dataset test = open_whole(recipe, data::Split::test, options.places);
  known.file = fit::classifier_file(options.backend, train, test, classifier_options(options));
  known.steps = fit::steps_of(fit::classifier_protocol(train).fit, train.size());
  return known;
}

fs::path folder_of_classifiers(const ReferenceOptions& options) {
  return options.cache.empty() ? user_cache_folder() / "classifiers" : options.cache;
}

// A note that cannot be read, or is another build's, is none.
std::optional<KnownClassifier> read_note(const fs::path& note, const std::string& key, const fs::path& folder) {
  std::error_code ignored;
  if (!fs::exists(note, ignored)) return {};
  try {
    const auto json = read_json<nlohmann::json>(note, kLargestSmallJson);
    if (json.at("schema") != kNoteSchema || json.at("key") != key) return {};
    return KnownClassifier{.file = folder / fs::path(json.at("file").get<std::string>()).filename(),
                           .why = {},
                           .data = json.at("data"),
                           .class_names = json.at("class_names"),
                           .steps = json.at("steps")};
  } catch (const std::exception&) {
    return {};
  }
}

void write_note(const fs::path& note, const std::string& key, const KnownClassifier& known) {
  const nlohmann::json json = {{"schema", kNoteSchema},
                               {"key", key},
                               {"file", known.file.filename().string()},
                               {"data", known.data},
                               {"class_names", known.class_names},
                               {"steps", known.steps}};
  try {
    make_folder(note.parent_path());
    write_file_atomically(note, json_text(json, 2) + "\n");
  } catch (const Error&) {
    // It is looked for again next time.
  }
}

// Whether a classifier of data of this name lies in the cache, whatever their content: known in a moment, where some
// sets take a minute to be drawn or read.
bool any_kept(const std::string& data, const ReferenceOptions& options) {
  const fs::path folder = folder_of_classifiers(options);
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none)) {
    try {
      if (entry.path().extension() == ".safetensors" && fit::load_classifier(entry.path()).data == data) return true;
    } catch (const Error&) {  // damaged: none
    }
  }
  return false;
}

KnownClassifier of_single_pictures(const run::Recipe& recipe, const ReferenceOptions& options,
                                   const std::string& build) {
  if (build.empty() || !data::is_synthetic(recipe.data.source)) return found_in_data(recipe, options);
  run::Recipe plain;
  plain.data = recipe.data;
  const std::string key = build + "\n" + run::to_toml(plain);
  const fs::path folder = folder_of_classifiers(options);
  const fs::path note = folder / ("known-" + hex(crc32(key)) + ".json");
  if (auto noted = read_note(note, key, folder)) return *noted;
  KnownClassifier known = found_in_data(recipe, options);
  if (!known.file.empty()) write_note(note, key, known);
  return known;
}

}  // namespace

KnownClassifier known_classifier(const run::Recipe& recipe, const ReferenceOptions& options, const std::string& build) {
  KnownClassifier known = of_single_pictures(classified_recipe(recipe), options, build);
  known.stacked = parts_of(recipe);
  if (known.stacked > 1 && !known.class_names.empty()) {
    fit::ClassifierRecord names;
    names.class_names = std::move(known.class_names);
    known.class_names = fit::stacked(std::move(names), known.stacked).class_names;
  }
  return known;
}

fit::ClassifierRecord load_known(const KnownClassifier& known) {
  fit::ClassifierRecord record = fit::load_classifier(known.file);
  if (known.stacked > 1) record = fit::stacked(std::move(record), known.stacked);
  // The file is named by the content of the data (fit::classifier_file).
  if (!known.file.filename().string().starts_with(record.data_hash + "-") || record.class_names != known.class_names)
    fail<DataError>("{}: a classifier of other data than {}", known.file.string(), known.data);
  return record;
}

KeptClassifier kept_classifier(const run::Recipe& recipe, const ReferenceOptions& options,
                               const std::string& build) try {
  const auto none = [](const std::string& data) {
    return KeptClassifier{
        .classifier = {}, .fittable = true, .why_not = fmt::format("no classifier of {} is kept yet", data)};
  };
  const data::Source* named = data::find_source(classified_recipe(recipe).data.source);
  if (named != nullptr && named->classes > 1 && !any_kept(named->name, options)) return none(named->name);
  const KnownClassifier known = known_classifier(recipe, options, build);
  if (known.file.empty()) return {.classifier = {}, .why_not = known.why};
  std::error_code ignored;
  if (!fs::exists(known.file, ignored)) return none(known.data);
  try {
    fit::ClassifierRecord record = load_known(known);
    return {.classifier = std::make_optional<fit::Classifier>(options.backend, std::move(record), options.threads),
            .why_not = {}};
  } catch (const DataError&) {  // it is fitted anew
    return none(known.data);
  }
} catch (const Error& fault) {
  return {.classifier = {}, .why_not = fault.what()};
}

}  // namespace ganymede::evaluate
