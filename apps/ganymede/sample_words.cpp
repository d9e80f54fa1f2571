#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>
#include <set>

#include "run_classifier.hpp"
#include "sample_command.hpp"

namespace ganymede::app {

std::string words_of_classes(const train::NamedSamples& samples, const std::vector<std::string>& names, bool one) {
  constexpr std::size_t kListed = 12;
  if (samples.classes.empty()) return {};
  const std::set<std::int32_t> distinct(samples.classes.begin(), samples.classes.end());
  if (one || distinct.size() == 1) return " of class " + train::class_words(samples.classes.front(), names);
  std::vector<std::string> words;
  for (const std::int32_t k : distinct) {
    if (words.size() < kListed) words.push_back(train::class_words(k, names));
  }
  if (distinct.size() > kListed) words.emplace_back("...");
  return fmt::format(" of the classes {} in turn", fmt::join(words, ", "));
}

std::string words_of_truncation(const SampleArguments& arguments) {
  return arguments.truncation > 0 ? fmt::format(", truncated at {}", arguments.truncation) : std::string();
}

std::string words_of_conditions(const SampleArguments& arguments, const train::NamedSamples& samples) {
  if (samples.conditions.empty()) return {};
  const auto each = std::ssize(samples.conditions) / samples.count;
  if (arguments.condition.empty() && samples.count > 1) return " with conditions of the data";
  return words_of_condition({samples.conditions.begin(), samples.conditions.begin() + each});
}

nlohmann::json sample_result(const SampleArguments& arguments, const explore::TrainedGenerator& generator,
                             const train::NamedSamples& samples, const Look& look) {
  nlohmann::json result = {{"schema", "ganymede.sample/1"},
                           {"epoch", generator.about().epoch},
                           {"step", generator.about().step},
                           {"count", samples.count},
                           {"file", arguments.file}};
  if (arguments.truncation > 0) result["truncation"] = arguments.truncation;
  if (!samples.classes.empty()) {
    result["classes"] = samples.classes;
    result["class_names"] = generator.class_names();
  }
  const auto length = std::ssize(samples.conditions) / samples.count;
  for (std::int64_t i = 0; i < samples.count && length > 0; ++i) {
    result["conditions"].push_back(
        std::vector<float>(samples.conditions.begin() + i * length, samples.conditions.begin() + (i + 1) * length));
  }
  if (arguments.z.empty()) {
    result["seed"] = arguments.seed;
    return result;
  }
  const auto dim = static_cast<std::ptrdiff_t>(samples.z.size()) / samples.count;
  for (std::int64_t i = 0; i < samples.count; ++i)
    result["z"].push_back(std::vector<float>(samples.z.begin() + i * dim, samples.z.begin() + (i + 1) * dim));
  result["classifier"] = look.seen.empty() ? nlohmann::json() : nlohmann::json(look.by);
  if (look.seen.empty()) result["classifier_missing"] = look.by;
  result["seen"] = nlohmann::json::array();
  result["seen_names"] = look.names;
  for (const explore::Seen& seen : look.seen) {
    result["seen"].push_back({{"class", seen.label},
                              {"name", look.names[static_cast<std::size_t>(seen.label)]},
                              {"probabilities", seen.probabilities}});
  }
  return result;
}

std::string told_of(const SampleArguments& arguments, const explore::TrainedGenerator& generator,
                    const train::NamedSamples& samples, const Look& look) {
  if (look.seen.empty()) return fmt::format("its class is not told: {}\n", look.by);
  std::string text;
  const std::size_t each = look.seen.size() / arguments.z.size();
  for (std::size_t i = 0; i < look.seen.size(); ++i) {
    const std::string asked = samples.classes.empty()
                                  ? std::string()
                                  : ", class " + train::class_words(samples.classes[i], generator.class_names());
    text += fmt::format("z {}{}: seen as {}\n", arguments.z[i / each], asked, words_of(look.seen[i], look.names));
  }
  return text + fmt::format("by {}\n", look.by);
}

}  // namespace ganymede::app
