#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/checksum.hpp"
#include "base/console.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "evaluate/given_features.hpp"
#include "evaluate/measures.hpp"
#include "evaluate_command.hpp"
#include "measure/feature_scores.hpp"
#include "tensor/npy.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// The scores of `wanted` that features have, or probabilities; all of them unless some are named.
std::vector<std::string> measures_of_features(const EvaluateArguments& arguments, bool probabilities, bool equal) {
  std::vector<std::string> possible;
  for (const auto& m : measure::list_feature_measures()) possible.emplace_back(m.name);
  possible.emplace_back("inception");
  const std::vector<std::string> named = evaluate::own_names(arguments.measures);
  std::vector<std::string> measures = evaluate::resolve_measures(arguments.measures);
  std::erase_if(measures, [&](const std::string& m) { return std::ranges::find(possible, m) == possible.end(); });
  if (measures.empty())
    fail<UserError>("evaluate: of given features there are these measures: {}", fmt::join(possible, ", "));
  const auto leave_out = [&](const char* measure, const char* why) {
    if (std::ranges::find(named, measure) != named.end()) fail<UserError>("evaluate: {}: {}", measure, why);
    std::erase(measures, measure);
  };
  if (!probabilities) leave_out("inception", "wanted --fake-logits or --fake-probabilities");
  if (!equal) leave_out("one_nn", "wanted as many fakes as reals: chance is 1/2 only then");
  return measures;
}

measure::FeatureProtocol protocol_of(const EvaluateArguments& arguments, const evaluate::GivenFeatures& real,
                                     const evaluate::GivenFeatures& fake) {
  const FeatureArguments& given = arguments.given;
  return {.features = "custom-" + hex(real.crc32),
          .count = fake.rows.count(),
          .peer = measure::PeerProtocol{.count_real = real.rows.count(),
                                        .subsets = given.subsets,
                                        .subset_size = given.subset_size,
                                        .neighbours = given.neighbours,
                                        .ball = given.closed ? measure::Ball::closed : measure::Ball::open,
                                        .splits = given.splits,
                                        .intervals = !given.values_alone}};
}

Json side_json(const std::string& file, const evaluate::GivenFeatures& given) {
  return {{"file", file}, {"count", given.rows.count()}, {"values", given.rows.dim}, {"crc32", hex(given.crc32)}};
}

void write_rows(const fs::path& file, const measure::FeatureMatrix& rows, std::int64_t count) {
  const auto values = rows.view().slice(0, count).values;
  write_npy(file, Tensor::of<float>({count, rows.dim}, values));
}

}  // namespace

int evaluate_features(const EvaluateArguments& arguments) {
  const FeatureArguments& given = arguments.given;
  if (!arguments.runs.empty() || !arguments.real.empty() || !arguments.fake.empty())
    fail<UserError>("evaluate: wanted runs, or --real and --fake, or --real-features and --fake-features: one of them");
  if (given.real.empty() || given.fake.empty())
    fail<UserError>("evaluate: --real-features and --fake-features belong together");
  const bool probabilities = !given.logits.empty() || !given.probabilities.empty();
  evaluate::resolve_measures(arguments.measures);  // before anything long
  const evaluate::GivenFeatures real = evaluate::read_features(given.real), fake = evaluate::read_features(given.fake);
  if (real.rows.dim != fake.rows.dim) {
    fail<DataError>("{}, {}: wanted features of one length (one extractor), found {} and {} columns", given.real,
                    given.fake, real.rows.dim, fake.rows.dim);
  }
  const measure::FeatureProtocol protocol = protocol_of(arguments, real, fake);
  const auto measures = measures_of_features(arguments, probabilities, real.rows.count() == fake.rows.count());
  measure::FeatureMatrix classes;
  if (probabilities) {
    const bool logits = !given.logits.empty();
    classes = evaluate::read_probabilities(logits ? given.logits : given.probabilities, logits);
  }
  std::vector<std::string> by_features;
  std::ranges::copy_if(measures, std::back_inserter(by_features), [](const auto& m) { return m != "inception"; });
  ThreadPool pool(arguments.machine.threads);
  std::vector<measure::Score> scores;
  if (!by_features.empty()) {
    scores = measure::feature_scores({.real = real.rows, .fake = fake.rows}, protocol, pool, by_features);
  }
  if (by_features.size() < measures.size()) {
    measure::FeatureProtocol of_classes = protocol;
    of_classes.count = classes.count();
    scores.push_back(measure::inception_score_of({.real = {}, .fake = classes}, of_classes));
  }
  if (!arguments.output.json) {
    print_scores(fmt::format("{} against {}, {} features", given.fake, given.real, real.rows.dim), scores,
                 arguments.protocol, evaluate::words_on_aliases(arguments.measures));
    return 0;
  }
  const Json result = {{"schema", "ganymede.evaluate_features/1"},
                       {"real", side_json(given.real, real)},
                       {"fake", side_json(given.fake, fake)},
                       {"scores", as_json(scores)}};
  print(json_text(result, 2) + "\n");
  return 0;
}

void check_dump(const std::string& folder) {
  make_folder(folder);
  for (const char* file : {"real.npy", "fake.npy", "features.json"}) check_writable(fs::path(folder) / file);
}

void dump_features(const std::string& folder, const evaluate::Classified& real, const evaluate::Classified& fake,
                   std::int64_t count, const Json& about) {
  const fs::path at = folder;
  write_rows(at / "real.npy", real.features, count);
  write_rows(at / "fake.npy", fake.features, count);
  write_rows(at / "real-probabilities.npy", real.probabilities, count);
  write_rows(at / "fake-probabilities.npy", fake.probabilities, count);
  Json all = {{"schema", "ganymede.features/1"}};
  all.update(about);
  all["values"] = real.features.dim;
  all["classes"] = real.probabilities.dim;
  all["real"] = {{"file", "real.npy"}, {"probabilities", "real-probabilities.npy"}, {"count", count}};
  all["fake"] = {{"file", "fake.npy"}, {"probabilities", "fake-probabilities.npy"}, {"count", count}};
  write_file_atomically(at / "features.json", json_text(all, 2) + "\n");
}

}  // namespace ganymede::app
