#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "measure/json_member.hpp"
#include "measure/user_study.hpp"

namespace ganymede::measure {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kAnswersKind = "answers of a person";  // in messages
constexpr double kMostSeconds = 1e7;                         // of a pick: a page that was left open
constexpr std::size_t kLongestWords = 1000;                  // of a sentence or a class's name
constexpr std::size_t kMostClassNames = 10'000;

/// Members of one object that was read from outside.
class StudyFields {
 public:
  StudyFields(const Json& json, std::string where) : json_(json), where_(std::move(where)) {
    if (!json.is_object())
      fail<DataError>("{}: no {}: wanted an object, found {}", where_, kAnswersKind, json.type_name());
  }
  const Json& at(const char* name) const { return json_member(json_, name, kAnswersKind, where_); }
  std::string text(const char* name, std::size_t most = kLongestWords) const {
    std::string value = json_text_member(json_, name, kAnswersKind, where_);
    if (value.size() > most) refuse(name, fmt::format("{} bytes of text at most", most), Json(value.size()));
    return value;
  }
  std::uint64_t whole(const char* name, std::uint64_t least, std::uint64_t most) const {
    const Json& value = at(name);
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() < least || value.get<std::uint64_t>() > most)
      refuse(name, fmt::format("a whole number from {} to {}", least, most), value);
    return value.get<std::uint64_t>();
  }
  double number(const char* name, double most) const { return number_in(name, at(name), most); }
  double number_in(const char* name, const Json& value, double most) const {
    const double number = value.is_number() ? value.get<double>() : -1;
    if (!(number >= 0 && number <= most)) refuse(name, fmt::format("a number from 0 to {:g}", most), value);
    return number;
  }
  bool flag(const char* name) const {
    if (!at(name).is_boolean()) refuse(name, "true or false", at(name));
    return at(name).get<bool>();
  }
  const Json& list(const char* name, std::size_t most) const {
    const Json& value = at(name);
    if (!value.is_array() || value.size() > most)
      refuse(name, fmt::format("a list of {} at most", most), Json(value.is_array() ? "more" : value.type_name()));
    return value;
  }
  std::optional<PairSide> side(const char* name, const Json& value, bool may_be_none) const {
    if (value == "left") return PairSide::left;
    if (value == "right") return PairSide::right;
    if (!may_be_none || value != "none") refuse(name, may_be_none ? "left, right or none" : "left or right", value);
    return {};
  }
  void schema(const char* wanted) const {
    if (const std::string found = text("schema"); found != wanted)
      fail<DataError>("{}: wanted the schema \"{}\", found \"{}\"", where_, wanted, printable(found));
  }
  [[noreturn]] void refuse(const char* name, const std::string& wanted, const Json& found) const {
    fail<DataError>("{}: {}: wanted {}, found {}", where_, name, wanted, printable(json_text(found)).substr(0, 60));
  }

 private:
  const Json& json_;
  std::string where_;
};

constexpr std::uint64_t kMostSteps = 1'000'000'000'000'000;

BlindTest test_in(const StudyFields& fields) {
  BlindTest test{.run = fields.text("run"),
                 .epoch = fields.whole("epoch", 0, kMostSteps),
                 .step = fields.whole("step", 0, kMostSteps),
                 .seed = fields.whole("seed", 0, kMostTestSeed),
                 .trials = static_cast<int>(fields.whole("trials", 1, kMostTrials)),
                 .seconds = fields.number("seconds_limit", kMostTrialSeconds),
                 .reals = {},
                 .pictures = fields.text("pictures")};
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (test.pictures.size() != 8 || !std::ranges::all_of(test.pictures, is_digit))
    fields.refuse("pictures", "eight digits of a CRC-32", Json(test.pictures));
  return test;
}

std::string person_in(const StudyFields& fields) {
  std::string person = fields.text("person");
  try {
    check_person(person);
  } catch (const ConfigError&) {
    fields.refuse("person", fmt::format("a name of 1 to {} bytes", kLongestPerson), Json(person));
  }
  return person;
}

Json test_json(const Judgement& judgement) {
  const BlindTest& test = judgement.test;
  return {{"schema", kUserStudySchema},
          {"run", test.run},
          {"epoch", test.epoch},
          {"step", test.step},
          {"seed", test.seed},
          {"trials", test.trials},
          {"seconds_limit", test.seconds},
          {"reals", test.reals},
          {"pictures", test.pictures},
          {"person", judgement.person},
          {"by", judgement.by}};
}

Json found_json(const FoundShare& one) {
  return {{"name", one.name},
          {"found", one.found},
          {"answered", one.answered},
          {"late", one.late},
          {"share", number_or_null(one.share)},
          {"low", number_or_null(one.interval.low)},
          {"high", number_or_null(one.interval.high)},
          {"seconds", number_or_null(one.seconds)}};
}

}  // namespace

std::string to_json(const Judgement& judgement) {
  Json json = test_json(judgement);
  json["class_names"] = judgement.class_names;
  json["same_class"] = judgement.same_class;
  json["finished"] = judgement.finished();
  json["labels"] = judgement.labels;
  Json& answers = json["answers"] = Json::array();
  for (std::size_t i = 0; i < judgement.picks.size(); ++i) {
    const Pick& pick = judgement.picks[i];
    answers.push_back({{"pick", pick.side ? name_of(*pick.side) : "none"},
                       {"fake", name_of(fake_side(judgement.test.seed, static_cast<int>(i)))},
                       {"seconds", pick.seconds}});
  }
  return json_text(json, 1) + "\n";
}

Judgement parse_judgement(std::string_view text, const std::string& where) {
  const Json json = parse_json<Json>(text, where);
  const StudyFields fields(json, where);
  fields.schema(kUserStudySchema);
  Judgement judgement{.test = test_in(fields), .person = person_in(fields), .by = fields.text("by")};
  judgement.test.reals = fields.text("reals");
  if (judgement.by != "page" && judgement.by != "sheet") fields.refuse("by", "page or sheet", Json(judgement.by));
  for (const Json& name : fields.list("class_names", kMostClassNames)) {
    if (!name.is_string() || name.get_ref<const std::string&>().size() > kLongestWords)
      fields.refuse("class_names", "texts", name);
    judgement.class_names.push_back(name);
  }
  judgement.same_class = fields.flag("same_class");
  const auto trials = static_cast<std::size_t>(judgement.test.trials);
  for (const Json& label : fields.list("labels", trials)) {
    if (!label.is_number_unsigned() || label.get<std::uint64_t>() >= judgement.class_names.size())
      fields.refuse("labels", fmt::format("numbers of {} classes", judgement.class_names.size()), label);
    judgement.labels.push_back(label.get<std::int32_t>());
  }
  if (!judgement.labels.empty() && judgement.labels.size() != trials)
    fields.refuse("labels", fmt::format("none, or {}", trials), Json(judgement.labels.size()));
  for (const Json& answer : fields.list("answers", trials)) {
    const StudyFields one(answer, where + ": answers");
    const auto trial = static_cast<int>(judgement.picks.size());
    const std::optional<PairSide> fake = one.side("fake", one.at("fake"), false);
    if (fake != fake_side(judgement.test.seed, trial)) {
      one.refuse("fake", fmt::format("where seed {} puts that of trial {}", judgement.test.seed, trial + 1),
                 one.at("fake"));
    }
    judgement.picks.push_back(
        {.side = one.side("pick", one.at("pick"), true), .seconds = one.number("seconds", kMostSeconds)});
  }
  return judgement;
}

SheetPicks parse_picks(std::string_view text, const std::string& where) {
  const Json json = parse_json<Json>(text, where);
  const StudyFields fields(json, where);
  fields.schema(kPicksSchema);
  SheetPicks given{.test = test_in(fields), .person = person_in(fields), .picks = {}};
  const auto trials = static_cast<std::size_t>(given.test.trials);
  const Json& picks = fields.list("picks", trials);
  const Json& seconds = fields.list("seconds", trials);
  if (picks.size() != trials) fields.refuse("picks", fmt::format("{}, one a trial", trials), Json(picks.size()));
  if (seconds.size() != trials) fields.refuse("seconds", fmt::format("{}, one a trial", trials), Json(seconds.size()));
  for (std::size_t i = 0; i < trials; ++i) {
    given.picks.push_back({.side = fields.side("picks", picks[i], true),
                           .seconds = fields.number_in("seconds", seconds[i], kMostSeconds)});
  }
  return given;
}

Json to_json(const UserStudy& study) {
  Json people = Json::array(), classes = Json::array();
  for (const FoundShare& one : study.people) people.push_back(found_json(one));
  for (const FoundShare& one : study.classes) classes.push_back(found_json(one));
  return {{"epoch", study.epoch},
          {"step", study.step},
          {"seconds_limit", study.seconds_limit},
          {"reals", study.reals},
          {"same_class", study.same_class},
          {"people", std::move(people)},
          {"classes", std::move(classes)},
          {"all", found_json(study.all)},
          {"agreement",
           {{"trials", study.agreement.items},
            {"pairs", study.agreement.pairs},
            {"share", number_or_null(study.agreement.share)},
            {"kappa", number_or_null(study.agreement.kappa)}}},
          {"unfinished", study.unfinished}};
}

}  // namespace ganymede::measure
