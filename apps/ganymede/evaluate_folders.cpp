#include <fmt/format.h>

#include <algorithm>

#include "base/console.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/signal.hpp"
#include "evaluate/folder.hpp"
#include "evaluate/measures.hpp"
#include "evaluate_command.hpp"
#include "train/samples.hpp"

namespace ganymede::app {
namespace {

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

const Shape& picture_shape(fit::Classifier& classifier, const EvaluateArguments& arguments) {
  if (train::is_ink(classifier.input_shape()))
    fail<UserError>("evaluate: --features {}: ink has no pictures to compare others with", arguments.features);
  return classifier.input_shape();
}

/// One side: where it came from, and what the classifier says of it.
struct Side {
  std::string source;
  std::int64_t pictures = 0;
  std::vector<std::string> skipped;
  evaluate::Judged judged;
  Json json() const { return {{"source", source}, {"pictures", pictures}, {"skipped", skipped}}; }
};

/// The first `count` pictures of it, in the order that it has.
Side side_of(const std::string& source, const EvaluateArguments& arguments, std::int64_t count,
             fit::Classifier& classifier) {
  const evaluate::PictureSet set = evaluate::read_picture_set(source, picture_shape(classifier, arguments),
                                                              data::search_places(arguments.machine.data));
  if (!arguments.output.quiet) {
    for (const std::string& note : set.notes) tell("{}: {}", source, note);
    constexpr std::size_t kNamed = 10;
    for (std::size_t i = 0; i < std::min(kNamed, set.skipped.size()); ++i)
      tell("skipped {}", set.skipped[i]);
    if (set.skipped.size() > kNamed) tell("skipped {} more", set.skipped.size() - kNamed);
  }
  std::vector<std::int64_t> rows;
  const auto pictures = [&](std::int64_t first, std::int64_t n) {
    if (stop_requested()) fail<Error>("evaluate: stopped; nothing was written");
    rows.resize(static_cast<std::size_t>(n));
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = first + static_cast<std::int64_t>(i);
    return evaluate::rows_of(set.pictures, rows);
  };
  return {.source = source,
          .pictures = set.count(),
          .skipped = set.skipped,
          .judged = evaluate::judge(classifier, pictures, std::min(count, set.count()))};
}

struct Sides {
  Side real, fake;
  std::string name;  ///< of features and reals within scores
};

/// Reals that are a set's held-out samples, in the order in which runs are measured on them: the same protocol, and so
/// the same names, as the scores of runs.
Sides against_set(const EvaluateArguments& arguments, FitProgress& fits) {
  run::Recipe recipe;
  recipe.data.source = arguments.real;
  evaluate::Reference reference(recipe, reference_options(arguments, fits), arguments.features);
  fit::Classifier& classifier = reference.classifier();
  fits.end();
  evaluate::fitted_to(reference.test().images, picture_shape(classifier, arguments), "--real " + arguments.real);
  const std::int64_t reals = reference.test().size();
  Side real{.source = arguments.real,
            .pictures = reals,
            .skipped = {},
            .judged = reference.judged(std::min(2 * arguments.count, reals))};
  return {.real = std::move(real),
          .fake = side_of(arguments.fake, arguments, arguments.count, classifier),
          .name = reference.name()};
}

Sides against_pictures(const EvaluateArguments& arguments, FitProgress& fits) {
  fit::Classifier classifier = evaluate::classifier_of(arguments.features, reference_options(arguments, fits));
  fits.end();
  return {.real = side_of(arguments.real, arguments, 2 * arguments.count, classifier),
          .fake = side_of(arguments.fake, arguments, arguments.count, classifier),
          .name = fmt::format("{}_by_{}_v1", evaluate::slug(arguments.real), evaluate::slug(arguments.features))};
}

}  // namespace

int evaluate_folders(const EvaluateArguments& arguments) {
  if (arguments.real.empty() || arguments.fake.empty()) fail<UserError>("evaluate: --real and --fake belong together");
  if (!arguments.runs.empty()) fail<UserError>("evaluate: wanted runs, or --real and --fake, not both");
  if (arguments.features.empty())
    fail<UserError>("evaluate: --features NAME must name the data whose classifier gives the features, such as mnist");
  const std::vector<std::string> measures = measures_of_sets(arguments.measures);

  FitProgress fits(arguments.output.style());
  const bool set = evaluate::is_data_set(arguments.real, data::search_places(arguments.machine.data));
  const Sides sides = set ? against_set(arguments, fits) : against_pictures(arguments, fits);
  const std::int64_t count = std::min({arguments.count, sides.real.judged.count(), sides.fake.judged.count()});
  if (count < 100) fail<DataError>("evaluate: wanted 100 pictures a side or more, found {}", count);
  const auto scores = evaluate::compare_sets(sides.real.judged, sides.fake.judged, count, sides.name,
                                             {.threads = arguments.machine.threads}, measures);
  if (!arguments.output.json) {
    print_scores(fmt::format("{} against {}", arguments.fake, arguments.real), scores, arguments.protocol);
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
