#include "measure/user_study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/philox.hpp"
#include "base/text.hpp"
#include "measure/distributions.hpp"

namespace ganymede::measure {
namespace {

// Picks and their truth, counted for a person, a class or all.
struct PickCount {
  std::int64_t answered = 0, found = 0, late = 0;
  std::vector<double> seconds;

  void add(const Judgement& judgement, std::size_t trial) {
    const std::optional<bool> right = judgement.found(trial);
    late += !right;
    if (!right) return;
    ++answered;
    found += *right;
    seconds.push_back(judgement.picks[trial].seconds);
  }
  FoundShare share_of(std::string name) const {
    constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
    FoundShare row{.name = std::move(name),
                   .answered = answered,
                   .found = found,
                   .late = late,
                   .share = kUndefined,
                   .interval = {kUndefined, kUndefined},
                   .seconds = kUndefined};
    if (answered == 0) return row;
    row.share = static_cast<double>(found) / static_cast<double>(answered);
    row.interval = clopper_pearson(static_cast<double>(found), answered);
    std::vector<double> times = seconds;
    std::ranges::sort(times);
    row.seconds = quantile(times, 0.5);
    return row;
  }
};

UserStudy study_of(const std::vector<const Judgement*>& judgements) {
  const Judgement& first = *judgements.front();
  UserStudy study{.epoch = first.test.epoch,
                  .step = first.test.step,
                  .seconds_limit = first.test.seconds,
                  .reals = first.test.reals,
                  .same_class = first.same_class,
                  .people = {},
                  .classes = {},
                  .all = {},
                  .agreement = {}};
  PickCount all;
  std::map<std::pair<std::int32_t, std::string>, PickCount> classes;
  std::map<std::pair<std::uint64_t, std::size_t>, std::vector<std::int64_t>> shared;  // by seed and trial
  for (const Judgement* one : judgements) {
    if (!one->finished()) {
      ++study.unfinished;
      continue;
    }
    PickCount person;
    for (std::size_t i = 0; i < one->picks.size(); ++i) {
      person.add(*one, i);
      all.add(*one, i);
      if (!one->labels.empty()) {
        const std::int32_t label = one->labels[i];
        classes[{label, one->class_names[static_cast<std::size_t>(label)]}].add(*one, i);
      }
      auto& counts = shared.try_emplace({one->test.seed, i}, std::vector<std::int64_t>(2)).first->second;
      if (one->picks[i].side) ++counts[static_cast<std::size_t>(*one->picks[i].side)];
    }
    study.people.push_back(person.share_of(one->person));
  }
  for (const auto& [key, count] : classes) study.classes.push_back(count.share_of(key.second));
  study.all = all.share_of("all");
  std::vector<std::vector<std::int64_t>> counts;
  for (const auto& [key, row] : shared) counts.push_back(row);
  study.agreement = agreement(counts);
  return study;
}

}  // namespace

const char* name_of(PairSide side) {
  return side == PairSide::left ? "left" : "right";
}

PairSide fake_side(std::uint64_t seed, int trial) {
  const std::uint32_t word = Random(seed, "judge.sides").words(static_cast<std::uint32_t>(trial), 0)[0];
  return (word & 1U) == 0 ? PairSide::left : PairSide::right;
}

std::optional<bool> Judgement::found(std::size_t trial) const {
  const std::optional<PairSide>& side = picks[trial].side;
  return side ? std::optional(*side == fake_side(test.seed, static_cast<int>(trial))) : std::nullopt;
}

void check_person(const std::string& person) {
  const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  const bool blank = std::ranges::all_of(person, [](char c) { return c == ' '; });
  if (blank || person.size() > kLongestPerson || !is_utf8(person) || std::ranges::any_of(person, is_control)) {
    fail<ConfigError>("a person's name: wanted 1 to {} bytes of printable text, found \"{}\"", kLongestPerson,
                      printable(person).substr(0, kLongestPerson));
  }
}

std::vector<UserStudy> user_studies(std::span<const Judgement> judgements) {
  std::map<std::pair<std::uint64_t, double>, std::vector<const Judgement*>> groups;
  for (const Judgement& one : judgements) groups[{one.test.step, one.test.seconds}].push_back(&one);
  std::vector<UserStudy> studies;
  for (const auto& [key, group] : groups) studies.push_back(study_of(group));
  return studies;
}

}  // namespace ganymede::measure
