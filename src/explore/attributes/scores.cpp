#include "explore/attributes/scores.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "base/error.hpp"
#include "data/files/csv_field.hpp"

namespace ganymede::explore {
namespace {

std::vector<std::string> split_fields(std::string_view line, char separator) {
  std::vector<std::string> fields;
  for (;;) {
    const std::size_t end = std::min(line.find(separator), line.size());
    std::string_view field = line.substr(0, end);
    while (field.starts_with(' ')) field.remove_prefix(1);
    while (field.ends_with(' ')) field.remove_suffix(1);
    if (field.size() >= 2 && field.starts_with('"') && field.ends_with('"')) field = field.substr(1, field.size() - 2);
    fields.emplace_back(field);
    if (end == line.size()) return fields;
    line.remove_prefix(end + 1);
  }
}

template <class Number>
std::optional<Number> number_of(const std::string& field) {
  Number value{};
  const char* const end = field.data() + field.size();
  const auto [stopped, fault] = std::from_chars(field.data(), end, value);
  if (fault != std::errc() || stopped != end) return {};
  return value;
}

std::size_t column_of_seeds(const std::vector<std::string>& head, const std::string& where) {
  const auto found = std::ranges::find(head, "seed");
  if (found == head.end() || head.size() < 2) {
    fail<DataError>(
        "{}: wanted a head with the column seed and a column for each score, found \"{}\"; `ganymede sample --csv` "
        "writes such a table",
        where, fmt::format("{}", fmt::join(head, ",")));
  }
  const std::set<std::string> distinct(head.begin(), head.end());
  if (distinct.size() != head.size() || distinct.contains(""))
    fail<DataError>("{}: wanted a name of its own for each column, found \"{}\"", where, fmt::join(head, ","));
  return static_cast<std::size_t>(found - head.begin());
}

}  // namespace

std::vector<ScoreSource> score_sources(const TrainedGenerator& generator, const fit::Classifier* classifier) {
  const net::Network& network = generator.network();
  const Shape chw = net::infer_shapes(network).at(static_cast<std::size_t>(network.index_of(network.outputs.front())));
  const bool stacked = generator.about().recipe.data.source == "stacked-mnist";
  std::vector<ScoreSource> sources;
  for (const measure::Attribute* one : measure::attributes_of(measure::kind_of_samples(chw, stacked), chw))
    sources.push_back({.name = one->name, .sentence = one->sentence, .attribute = one});
  for (int k = 0; classifier != nullptr && k < classifier->class_count(); ++k) {
    const std::string& name = classifier->record().class_names[static_cast<std::size_t>(k)];
    sources.push_back({.name = "class:" + name,
                       .sentence = fmt::format("the classifier's probability of class {}", name),
                       .label = k});
  }
  return sources;
}

std::vector<std::vector<double>> scores_of(TrainedGenerator& generator, std::span<const ScoreSource> sources,
                                           const Tensor& pictures, fit::Classifier* classifier) {
  std::vector<std::vector<double>> columns;
  std::optional<Tensor> probabilities;
  for (const ScoreSource& source : sources) {
    if (source.attribute != nullptr) {
      columns.push_back(measure::scores_of(*source.attribute, pictures));
      continue;
    }
    if (!source.label) fail<ConfigError>("{}: scores by hand are in a table, not in the picture", source.name);
    if (classifier == nullptr) fail<ConfigError>("{}: the probability of a class wants a classifier", source.name);
    if (!probabilities) probabilities = generator.judge(*classifier, pictures).probabilities;
    const auto values = probabilities->values<float>();
    const auto classes = static_cast<std::size_t>(probabilities->shape()[1]);
    std::vector<double>& column = columns.emplace_back();
    for (std::size_t i = static_cast<std::size_t>(*source.label); i < values.size(); i += classes)
      column.push_back(static_cast<double>(values[i]));
  }
  return columns;
}

std::string to_csv(const ScoreTable& table) {
  std::string text = "seed";
  for (const std::string& name : table.names) text += "," + name;
  text += "\n";
  for (std::size_t i = 0; i < table.seeds.size(); ++i) {
    text += std::to_string(table.seeds[i]);
    for (const std::vector<double>& column : table.columns) text += fmt::format(",{}", column[i]);
    text += "\n";
  }
  return text;
}

ScoreTable parse_scores(std::string_view text, const std::string& where) {
  std::vector<std::string> head;
  char separator = ',';
  std::size_t seed_column = 0;
  ScoreTable table;
  std::set<std::uint64_t> seen;
  for (std::int64_t number = 1; !text.empty(); ++number) {
    const std::string_view line = data::take_line(text, number == 1);
    if (line.empty() || line.starts_with('#')) continue;
    if (head.empty()) {
      for (const char c : {'\t', ';', ','}) {
        if (line.find(c) != std::string_view::npos) separator = c;
      }
      head = split_fields(line, separator);
      seed_column = column_of_seeds(head, where);
      for (const std::string& name : head) {
        if (name != "seed") table.names.push_back(name);
      }
      table.columns.resize(table.names.size());
      continue;
    }
    const std::vector<std::string> fields = split_fields(line, separator);
    if (fields.size() != head.size()) {
      fail<DataError>("{}, line {}: wanted {} fields as in the head, found {}", where, number, head.size(),
                      fields.size());
    }
    if (std::ranges::find(fields, "") != fields.end()) {
      ++table.left_out;
      continue;
    }
    const auto seed = number_of<std::uint64_t>(fields[seed_column]);
    if (!seed) fail<DataError>("{}, line {}: wanted a seed, found \"{}\"", where, number, fields[seed_column]);
    if (!seen.insert(*seed).second) fail<DataError>("{}, line {}: seed {} stands there twice", where, number, *seed);
    table.seeds.push_back(*seed);
    std::size_t at = 0;
    for (std::size_t c = 0; c < fields.size(); ++c) {
      if (c == seed_column) continue;
      const auto value = number_of<double>(fields[c]);
      if (!value || !std::isfinite(*value)) {
        fail<DataError>("{}, line {}, column {}: wanted a number (of a tick 1 or 0), found \"{}\"", where, number,
                        head[c], fields[c]);
      }
      table.columns[at++].push_back(*value);
    }
  }
  if (table.seeds.empty()) fail<DataError>("{}: wanted a head and a line a sample, found no sample", where);
  return table;
}

bool is_binary(std::span<const double> scores) {
  return std::ranges::all_of(scores, [](double s) { return s == 0 || s == 1; });
}

}  // namespace ganymede::explore
