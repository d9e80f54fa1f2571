#include "play/game.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <numeric>

#include "base/error.hpp"
#include "base/portable_math.hpp"
#include "base/text.hpp"

namespace ganymede::play {
namespace {

constexpr Named<Loss> kLosses[] = {{Loss::non_saturating, "non_saturating"},
                                   {Loss::saturating, "saturating"},
                                   {Loss::least_squares, "least_squares"},
                                   {Loss::absolute, "absolute"},
                                   {Loss::hinge, "hinge"},
                                   {Loss::wasserstein, "wasserstein"}};

constexpr Named<UpdateOrder> kUpdateOrders[] = {{UpdateOrder::simultaneous, "simultaneous"},
                                                {UpdateOrder::alternating, "alternating"},
                                                {UpdateOrder::converge, "converge"}};

constexpr Named<Penalty> kPenalties[] = {{Penalty::none, "none"},
                                         {Penalty::r1, "r1"},
                                         {Penalty::r2, "r2"},
                                         {Penalty::wgan_gp, "wgan-gp"},
                                         {Penalty::dragan, "dragan"}};

constexpr Named<UnrollBatches> kUnrollBatches[] = {{UnrollBatches::same, "same"}, {UnrollBatches::fresh, "fresh"}};

constexpr Named<ShardStatistics> kShardStatistics[] = {{ShardStatistics::shard, "shard"},
                                                       {ShardStatistics::batch, "batch"}};

constexpr Named<OptimizerKind> kOptimizers[] = {{OptimizerKind::adam, "adam"},
                                                {OptimizerKind::nadam, "nadam"},
                                                {OptimizerKind::rmsprop, "rmsprop"},
                                                {OptimizerKind::sgd, "sgd"}};

constexpr Named<Schedule> kSchedules[] = {{Schedule::constant, "constant"},
                                          {Schedule::linear, "linear"},
                                          {Schedule::cosine, "cosine"},
                                          {Schedule::steps, "steps"}};

constexpr Named<Augmentation> kAugmentations[] = {{Augmentation::brightness, "brightness"},
                                                  {Augmentation::translation, "translation"},
                                                  {Augmentation::cutout, "cutout"},
                                                  {Augmentation::saturation, "saturation"},
                                                  {Augmentation::contrast, "contrast"}};

constexpr Named<Precision> kPrecisions[] = {
    {Precision::f32, "f32"}, {Precision::mixed, "mixed"}, {Precision::automatic, "auto"}};

}  // namespace

template <>
std::span<const Named<Loss>> table_of() {
  return kLosses;
}
template <>
std::span<const Named<UpdateOrder>> table_of() {
  return kUpdateOrders;
}
template <>
std::span<const Named<Penalty>> table_of() {
  return kPenalties;
}
template <>
std::span<const Named<UnrollBatches>> table_of() {
  return kUnrollBatches;
}
template <>
std::span<const Named<ShardStatistics>> table_of() {
  return kShardStatistics;
}
template <>
std::span<const Named<OptimizerKind>> table_of() {
  return kOptimizers;
}
template <>
std::span<const Named<Schedule>> table_of() {
  return kSchedules;
}
template <>
std::span<const Named<Augmentation>> table_of() {
  return kAugmentations;
}
template <>
std::span<const Named<Precision>> table_of() {
  return kPrecisions;
}

template <class E>
const char* name_of(E value) {
  const auto table = table_of<E>();
  const auto found = std::ranges::find(table, value, &Named<E>::value);
  if (found == table.end()) fail<Error>("internal: a value of {} has no name", static_cast<int>(value));
  return found->name;
}

template <class E>
std::vector<std::string> names_of() {
  std::vector<std::string> names;
  for (const Named<E>& entry : table_of<E>()) names.emplace_back(entry.name);
  return names;
}

template <class E>
E named(const char* key, const std::string& name) {
  for (const Named<E>& entry : table_of<E>()) {
    if (name == entry.name) return entry.value;
  }
  const std::vector<std::string> known = names_of<E>();
  fail<ConfigError>("{}: wanted one of {}, found \"{}\"{}", key, fmt::join(known, ", "), name,
                    did_you_mean(name, known));
}

#define GANYMEDE_NAMED(E)                          \
  template const char* name_of(E);                 \
  template std::vector<std::string> names_of<E>(); \
  template E named(const char*, const std::string&)
GANYMEDE_NAMED(Loss);
GANYMEDE_NAMED(UpdateOrder);
GANYMEDE_NAMED(Penalty);
GANYMEDE_NAMED(UnrollBatches);
GANYMEDE_NAMED(ShardStatistics);
GANYMEDE_NAMED(OptimizerKind);
GANYMEDE_NAMED(Schedule);
GANYMEDE_NAMED(Augmentation);
GANYMEDE_NAMED(Precision);
#undef GANYMEDE_NAMED

std::optional<double> threshold(Loss loss) {
  switch (loss) {
    case Loss::least_squares:
      return 0.5;
    case Loss::wasserstein:
      return std::nullopt;
    default:
      return 0;
  }
}

bool has_first_moment(OptimizerKind kind) {
  return kind != OptimizerKind::rmsprop;
}
bool has_second_moment(OptimizerKind kind) {
  return kind != OptimizerKind::sgd;
}

std::vector<Augmentation> augmentations(const std::string& policy) {
  std::vector<Augmentation> list;
  for (std::size_t begin = 0; begin < policy.size();) {
    const std::size_t end = std::min(policy.find(',', begin), policy.size());
    std::string word = policy.substr(begin, end - begin);
    word.erase(0, word.find_first_not_of(' '));
    using enum Augmentation;
    const std::vector<Augmentation> meant = word == "color"
                                                ? std::vector<Augmentation>{brightness, saturation, contrast}
                                                : std::vector{named<Augmentation>("game.augment", word)};
    for (const Augmentation one : meant) {
      if (std::ranges::find(list, one) != list.end())
        fail<ConfigError>("game.augment: \"{}\" is there twice", name_of(one));
      list.push_back(one);
    }
    begin = end + 1;
    if (end + 1 == policy.size()) fail<ConfigError>("game.augment: \"{}\" ends in a comma", policy);
  }
  return list;
}

std::vector<int> codes_from(const std::string& text) {
  constexpr int kMostValues = 1000;
  constexpr std::size_t kMostCodes = 64;
  std::vector<int> codes;
  if (text == "none") return codes;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    std::string word = text.substr(begin, end - begin);
    word.erase(0, word.find_first_not_of(' '));
    int values = word == "uniform" ? kUniformCode : 0;
    if (values == 0) {
      const char* const last = word.data() + word.size();
      const auto [at, fault] = std::from_chars(word.data(), last, values);
      if (fault != std::errc() || at != last || values < 2 || values > kMostValues) values = 0;
    }
    if (values == 0) {
      fail<ConfigError>(
          "latent.codes: wanted \"none\", or codes between commas, each the number of values of a categorical one (2 "
          "to {}) or uniform, as in 10,uniform,uniform; found \"{}\"",
          kMostValues, text);
    }
    codes.push_back(values);
    begin = end + 1;
  }
  if (codes.size() > kMostCodes)
    fail<ConfigError>("latent.codes: wanted at most {} codes, found {}", kMostCodes, codes.size());
  return codes;
}

int width_of(const std::vector<int>& codes) {
  return place_of(codes, codes.size());
}

int place_of(const std::vector<int>& codes, std::size_t k) {
  return std::accumulate(codes.begin(), codes.begin() + static_cast<std::ptrdiff_t>(k), 0);
}

double learning_rate(const Optimizer& rule, std::int64_t updates) {
  const std::int64_t period = std::max<std::int64_t>(rule.schedule_updates, 1);
  const double share = static_cast<double>(std::clamp<std::int64_t>(updates, 0, period)) / static_cast<double>(period);
  switch (rule.schedule) {
    case Schedule::constant:
      break;
    case Schedule::linear:
      return rule.learning_rate * (1 - (1 - rule.schedule_end) * share);
    case Schedule::cosine: {
      double sine = 0, cosine = 0;
      portable_sincos_turn(share / 2, sine, cosine);
      return rule.learning_rate * (rule.schedule_end + (1 - rule.schedule_end) * (1 + cosine) / 2);
    }
    case Schedule::steps: {
      const std::int64_t falls = std::max<std::int64_t>(updates, 0) / period;
      if (falls == 0 || rule.schedule_factor == 1) return rule.learning_rate;
      return rule.learning_rate * portable_exp(portable_log(rule.schedule_factor) * static_cast<double>(falls));
    }
  }
  return rule.learning_rate;
}

}  // namespace ganymede::play
