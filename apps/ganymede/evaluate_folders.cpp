#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <numeric>

#include "base/checksum.hpp"
#include "base/console.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/signal.hpp"
#include "evaluate/folder.hpp"
#include "evaluate/measures.hpp"
#include "evaluate_command.hpp"
#include "measure/resample.hpp"
#include "train/samples.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// The scores of `wanted` that two sets of pictures have: those by features, and inception.
std::vector<std::string> measures_of_sets(const std::vector<std::string>& wanted) {
  std::vector<std::string> possible;
  for (const evaluate::Measure& m : evaluate::list_measures()) {
    possible.emplace_back(m.name);
    if (possible.back() == "inception") break;
  }
  std::vector<std::string> measures = evaluate::resolve_measures(wanted);
  std::erase_if(measures, [&](const std::string& m) { return std::ranges::find(possible, m) == possible.end(); });
  if (measures.empty())
    fail<UserError>("evaluate: of two sets of pictures there are these measures: {}", fmt::join(possible, ", "));
  return measures;
}

/// Whether a file or folder is the other one or lies within it: then the same pictures stand on both sides.
bool holds_the_other(const std::string& one, const std::string& other) {
  std::error_code fault;
  const fs::path outer = fs::canonical(one, fault);
  if (fault) return false;
  const fs::path inner = fs::canonical(other, fault);
  if (fault) return false;
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

/// [C, H, W] that the classifier of --features takes; known before it is fitted.
Shape picture_shape(const run::Recipe& features, const EvaluateArguments& arguments) {
  const run::ImageFacts facts = image_facts(features, arguments.machine.data);
  const Shape shape{facts.channels, facts.height, facts.width};
  if (train::is_ink(shape))
    fail<UserError>("evaluate: --features {}: ink has no pictures to compare others with", arguments.features);
  if (facts.classes < 2) {
    fail<DataError>("evaluate: --features {}: wanted data of two classes or more, found {}", arguments.features,
                    facts.classes);
  }
  return shape;
}

evaluate::PictureSet read_side(const std::string& source, const Shape& shape, const EvaluateArguments& arguments) {
  try {
    evaluate::PictureSet set = evaluate::read_picture_set(source, shape, data::search_places(arguments.machine.data));
    if (!arguments.output.quiet) {
      for (const std::string& note : set.notes) tell("{}: {}", source, note);
      constexpr std::size_t kNamed = 10;
      for (std::size_t i = 0; i < std::min(kNamed, set.skipped.size()); ++i) tell("skipped {}", set.skipped[i]);
      if (set.skipped.size() > kNamed) tell("skipped {} more", set.skipped.size() - kNamed);
    }
    return set;
  } catch (const DataError& error) {
    fail<DataError>("{} (the size that --features {} is read at; of a folder of pictures --image-size chooses it)",
                    error.what(), arguments.features);
  }
}

/// One side: where it came from, and what the classifier says of it.
struct Side {
  std::string source;
  std::int64_t pictures = 0;
  std::vector<std::string> skipped;
  evaluate::Classified classified;
  Json json() const { return {{"source", source}, {"pictures", pictures}, {"skipped", skipped}}; }
};

/// `count` pictures of a set by a fixed random order, since sets often come sorted by class; all of it in its own order
/// where it holds no more.
Side side_of(const std::string& source, const evaluate::PictureSet& set, std::int64_t count,
             fit::Classifier& classifier) {
  std::vector<std::int64_t> order;
  if (count < set.count()) {
    order = measure::permutation(set.count(), Random(1, "evaluate.pictures"), 0);
  } else {
    order.resize(static_cast<std::size_t>(set.count()));
    std::iota(order.begin(), order.end(), std::int64_t{0});
  }
  const auto pictures = [&](std::int64_t first, std::int64_t n) {
    if (stop_requested()) fail<Error>("evaluate: stopped; nothing was written");
    return evaluate::rows_of(set.pictures,
                             std::span(order).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(n)));
  };
  return {.source = source,
          .pictures = set.count(),
          .skipped = set.skipped,
          .classified = evaluate::classify(classifier, pictures, std::min(count, set.count()))};
}

struct Sides {
  Side real, fake;
  std::string name;  ///< of features and reals within scores
  std::int64_t count = 0;
};

/// As many of both sides as there are, `least` or more.
std::int64_t count_of(const EvaluateArguments& arguments, std::int64_t reals, std::int64_t fakes) {
  const std::int64_t count = std::min({arguments.count, reals, fakes});
  if (count < 100) fail<DataError>("evaluate: wanted 100 pictures a side or more, found {}", count);
  return count;
}

/// Reals that are a set's held-out samples, in the order in which runs are measured on them: the same protocol, and so
/// the same names, as the scores of runs.
Sides against_set(const EvaluateArguments& arguments, const Shape& shape, FitProgress& fits) {
  run::Recipe recipe;
  recipe.data.source = arguments.real;
  if (arguments.image_size > 0) recipe.data.image_size = arguments.image_size;
  evaluate::Reference reference(recipe, reference_options(arguments, fits), arguments.features);
  evaluate::fitted_to(reference.test().images, shape, "--real " + arguments.real);
  const evaluate::PictureSet fakes = read_side(arguments.fake, shape, arguments);
  const std::int64_t reals = reference.test().size();
  const std::int64_t count = count_of(arguments, reals, fakes.count());
  fit::Classifier& classifier = reference.classifier();
  fits.end();
  Side real{.source = arguments.real,
            .pictures = reals,
            .skipped = {},
            .classified = reference.classified(std::min(2 * count, reals))};
  return {.real = std::move(real),
          .fake = side_of(arguments.fake, fakes, count, classifier),
          .name = reference.name(),
          .count = count};
}

/// The name says which pictures they are by their content too: two files may have one name.
Sides against_pictures(const EvaluateArguments& arguments, const Shape& shape, FitProgress& fits) {
  const evaluate::PictureSet reals = read_side(arguments.real, shape, arguments),
                             fakes = read_side(arguments.fake, shape, arguments);
  const std::int64_t count = count_of(arguments, reals.count(), fakes.count());
  const std::string content =
      hex(crc32({reinterpret_cast<const char*>(reals.pictures.bytes().data()), reals.pictures.bytes().size()}));
  const evaluate::FeatureSet features =
      evaluate::open_features(arguments.features, data::search_places(arguments.machine.data), arguments.image_size);
  fit::Classifier classifier = evaluate::classifier_of(features, reference_options(arguments, fits));
  fits.end();
  return {.real = side_of(arguments.real, reals, 2 * count, classifier),
          .fake = side_of(arguments.fake, fakes, count, classifier),
          .name = fmt::format("{}-{}_by_{}_v1", evaluate::slug(arguments.real), content, features.name),
          .count = count};
}

}  // namespace

int evaluate_folders(const EvaluateArguments& given) {
  EvaluateArguments arguments = given;
  if (arguments.real.empty() || arguments.fake.empty()) fail<UserError>("evaluate: --real and --fake belong together");
  if (!arguments.runs.empty()) fail<UserError>("evaluate: wanted runs, or --real and --fake, not both");
  if (arguments.features.empty())
    fail<UserError>("evaluate: --features NAME must name the data whose classifier gives the features, such as mnist");
  const std::vector<std::string> measures = measures_of_sets(arguments.measures);

  if (holds_the_other(arguments.real, arguments.fake) || holds_the_other(arguments.fake, arguments.real)) {
    tell("note: --real {} and --fake {} hold the same pictures: one is the other or lies within it", arguments.real,
         arguments.fake);
  }

  FitProgress fits(arguments.output.style());
  for (const std::string& side : {arguments.fake, arguments.real}) {
    if (arguments.image_size == 0)
      arguments.image_size = evaluate::side_of_pictures(side, data::search_places(arguments.machine.data));
  }
  const bool set = evaluate::is_data_set(arguments.real, data::search_places(arguments.machine.data));
  run::Recipe features;
  features.data.source = arguments.features;
  if (arguments.image_size > 0) features.data.image_size = arguments.image_size;
  const Shape shape = picture_shape(features, arguments);
  const Sides sides = set ? against_set(arguments, shape, fits) : against_pictures(arguments, shape, fits);
  const auto scores = evaluate::compare_sets(sides.real.classified, sides.fake.classified, sides.count, sides.name,
                                             {.threads = arguments.machine.threads}, measures);
  if (!arguments.dump.empty()) {
    dump_features(arguments.dump, sides.real.classified, sides.fake.classified, sides.count,
                  {{"real_pictures", arguments.real},
                   {"fake_pictures", arguments.fake},
                   {"features", sides.name},
                   {"extractor", fmt::format("classifier of {}", arguments.features)},
                   {"layer", "the last but one"},
                   {"protocol", "pictures of both sides at 8-bit levels; where a side holds more, by a fixed order"}});
  }
  if (!arguments.output.json) {
    print_scores(fmt::format("{} against {}", arguments.fake, arguments.real), scores, arguments.protocol,
                 evaluate::words_on_aliases(arguments.measures));
    return 0;
  }
  const Json result = {{"schema", "ganymede.evaluate_sets/1"},
                       {"real", sides.real.json()},
                       {"fake", sides.fake.json()},
                       {"features", arguments.features},
                       {"scores", as_json(scores)}};
  print(json_text(result, 2) + "\n");
  return 0;
}

}  // namespace ganymede::app
