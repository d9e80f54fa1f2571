#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "page/kept_judgements.hpp"
#include "serve/asked.hpp"
#include "serve/blind_tests.hpp"
#include "serve/catalogue.hpp"
#include "serve/frame.hpp"

// How it works: `begin` opens the run's data (on the thread that waits for them), draws the fakes (on the one of
// models) and keeps both; `answer` compares the pick with the seed's side, here and nowhere else, and writes it into
// the run's folder. A page is sent two pictures of one size and the number of the trial, nothing else, until all are
// answered.

namespace ganymede::serve {
namespace {

using Json = nlohmann::ordered_json;
using Tests = BlindTests;

constexpr int kUsualTrials = 40;
constexpr double kGrace = 2;  // seconds that a picture may be on its way
constexpr std::size_t kMostMissed = 24;
constexpr std::int64_t kLastTrial = measure::kMostTrials;

Tests& tests_of(const Api& api) {
  if (api.blind_tests == nullptr) throw HttpError(503, "this server runs no models");
  return *api.blind_tests;
}

Json studies_json(const std::vector<measure::UserStudy>& studies) {
  Json list = Json::array();
  for (const measure::UserStudy& study : studies) list.push_back(measure::to_json(study));
  return list;
}

// Rows [N, H, W, C] of several trials.
Tensor several(const Tests::Shown& shown, const std::vector<int>& trials, measure::PairSide side) {
  Shape shape = shown.pictures.reals.shape();
  shape[0] = std::ssize(trials);
  Tensor rows(DType::u8, shape);
  auto to = rows.values<std::uint8_t>().begin();
  for (const int trial : trials) {
    const Tensor one = shown.pictures.shown(shown.test.seed, trial, side);
    to = std::ranges::copy(one.values<std::uint8_t>(), to).out;
  }
  return rows;
}

void add_end(const measure::Judgement& judgement, const Tests::Shown& shown, Json& head, NamedArrays& arrays) {
  const measure::UserStudy study = measure::user_studies(std::span(&judgement, 1)).front();
  head["result"] = measure::to_json(study).at("all");
  std::vector<int> missed;
  for (int trial = 0; trial < judgement.test.trials && missed.size() < kMostMissed; ++trial) {
    if (judgement.found(static_cast<std::size_t>(trial)) == false) missed.push_back(trial);
  }
  Json sides = Json::array();
  for (const int trial : missed) sides.push_back(name_of(measure::fake_side(judgement.test.seed, trial)));
  head["missed"] = missed;
  head["missed_fakes"] = std::move(sides);
  if (missed.empty()) return;
  arrays.emplace_back("left", several(shown, missed, measure::PairSide::left));
  arrays.emplace_back("right", several(shown, missed, measure::PairSide::right));
}

// What a page is told of somebody's answers, with the pictures of the next trial.
Response trial_answer(const std::string& name, const measure::Judgement& judgement, const Tests::Shown& shown,
                      Tests& tests) {
  const measure::BlindTest& test = judgement.test;
  const std::size_t trial = judgement.picks.size();
  Json head = {{"run", test.run},
               {"judgement", name},
               {"person", judgement.person},
               {"epoch", test.epoch},
               {"step", test.step},
               {"seed", test.seed},
               {"trials", test.trials},
               {"seconds_limit", test.seconds},
               {"reals", test.reals},
               {"same_class", judgement.same_class},
               {"answered", trial},
               {"finished", judgement.finished()}};
  NamedArrays arrays;
  if (judgement.finished()) {
    add_end(judgement, shown, head, arrays);
    return frame_response("judge", head, arrays);
  }
  tests.begin_trial(name, trial);
  head["trial"] = trial;
  if (test.seconds > 0) head["seconds_left"] = std::max(0.0, test.seconds - tests.seconds_of(name, trial).value_or(0));
  for (const measure::PairSide side : {measure::PairSide::left, measure::PairSide::right}) {
    const Tensor one = shown.pictures.shown(test.seed, static_cast<int>(trial), side);
    const Shape& s = one.shape();
    arrays.emplace_back(name_of(side), one.reshaped({s[1], s[2], s[3]}));
  }
  return frame_response("judge", head, arrays);
}

struct Beginning {
  std::string person;
  std::uint64_t seed = 1;
  int trials = kUsualTrials;
  double seconds = 0;
};

Beginning beginning_in(const Body& body) {
  Beginning b{.person = body.required_text("person")};
  measure::check_person(b.person);
  b.seed = static_cast<std::uint64_t>(body.whole("seed", 0, measure::kMostTestSeed).value_or(1));
  b.trials = static_cast<int>(body.whole("trials", 1, kLastTrial).value_or(kUsualTrials));
  b.seconds = body.number("seconds", 0, measure::kMostTrialSeconds, 0);
  return b;
}

// Answers that were begun before, or new ones; on the thread of models.
Response begun_answer(const Beginning& wanted, const Asked& asked, const Opened& opened,
                      const evaluate::TestReals& reals, Tests& tests) {
  const auto shown = std::make_shared<Tests::Shown>();
  shown->pictures = evaluate::test_pictures(opened.generator(), reals, wanted.seed);
  shown->test = evaluate::blind_test_of(asked.run, opened.generator().about(), reals, shown->pictures, wanted.seed,
                                        wanted.seconds);
  measure::Judgement judgement = evaluate::judgement_of(shown->test, shown->pictures, wanted.person, "page");
  const std::string name = page::judgement_name(judgement);
  const run::RunDirectory run = run::RunDirectory::open(asked.folder);
  const std::lock_guard lock(tests.writing());
  if (auto before = page::kept_judgement(asked.folder, name)) {
    measure::BlindTest test = before->test;
    test.run = shown->test.run;  // it may have been renamed
    if (before->person != wanted.person || test != shown->test) {
      throw HttpError(409,
                      "there are answers to a test of the same name about other pictures: the run's data or weights "
                      "have changed since; take another seed");
    }
    judgement = std::move(*before);
  }
  const std::size_t trial = judgement.picks.size();
  if (wanted.seconds == 0) tests.end_trial(name);  // nobody looked at it meanwhile
  const double looked = tests.seconds_of(name, trial).value_or(0);
  if (wanted.seconds > 0 && looked > wanted.seconds + kGrace && !judgement.finished())
    judgement.picks.push_back({.side = {}, .seconds = looked});
  page::keep_judgement(run, judgement);
  tests.keep(asked.folder.string(), shown);
  return trial_answer(name, judgement, *shown, tests);
}

Response begin_test(const Body& body, Api& api) {
  const Beginning wanted = beginning_in(body);
  const auto asked = std::make_shared<Asked>(read_asked(body, "judge", api));
  Tests& tests = tests_of(api);
  Later later{.lane = Lane::data};
  later.work = [=, &api, &tests]() -> Response {
    const std::string key = fmt::format("{}\n{} {}", asked->folder.string(), wanted.seed, wanted.trials);
    auto reals = tests.reals(key);
    if (!reals) {
      reals = std::make_shared<const evaluate::TestReals>(evaluate::choose_reals(
          recipe_of(asked->folder), data::search_places(asked->data), wanted.seed, wanted.trials));
      tests.keep(key, reals);
    }
    return with_models(asked, api, false, false, [=, &tests](const Opened& opened) {
      return begun_answer(wanted, *asked, opened, *reals, tests);
    });
  };
  return {.later = std::move(later)};
}

std::optional<measure::PairSide> side_in(const Body& body) {
  const std::string pick = body.required_text("pick");
  if (pick == "left") return measure::PairSide::left;
  if (pick == "right") return measure::PairSide::right;
  if (pick != "none") throw HttpError(400, "\"pick\": wanted left, right, or none where the time was over");
  return {};
}

Response take_answer(const Body& body, Api& api) {
  const std::filesystem::path folder = api.runs.folder_of(body.required_text("run"));
  const std::string name = body.required_text("judgement");
  std::optional<measure::PairSide> side = side_in(body);
  const auto trial = body.whole("trial", 0, kLastTrial);
  if (!trial) throw HttpError(400, "\"trial\" is missing");
  Tests& tests = tests_of(api);
  const std::lock_guard lock(tests.writing());
  auto judgement = page::kept_judgement(folder, name);
  if (!judgement) throw HttpError(404, "there are no such answers: begin first");
  if (judgement->finished() || std::cmp_not_equal(*trial, judgement->picks.size())) {
    throw HttpError(409, fmt::format("trial {} is not the next one: {} of {} are answered", *trial + 1,
                                     judgement->picks.size(), judgement->test.trials));
  }
  const auto at = static_cast<std::size_t>(*trial);
  const auto shown = tests.shown(folder.string(), judgement->test);
  const auto seconds = tests.seconds_of(name, at);
  if (!shown || !seconds)
    throw HttpError(409, "this trial has not been shown since the server was started: begin again");
  const double limit = judgement->test.seconds;
  if (!side && limit == 0) throw HttpError(400, "\"pick\": this test has no limit of time; wanted left or right");
  if (limit > 0 && *seconds > limit + kGrace) side = {};
  judgement->picks.push_back({.side = side, .seconds = std::round(*seconds * 1000) / 1000});
  page::keep_judgement(run::RunDirectory::open(folder), *judgement);
  tests.end_trial(name);
  return trial_answer(name, *judgement, *shown, tests);
}

}  // namespace

Response judge_pictures(const Request& request, const Parts&, Api& api) {
  const Body body(request.body);
  return body.choice("action", {"begin", "answer"}) == "begin" ? begin_test(body, api) : take_answer(body, api);
}

Response list_judgements(const Request&, const Parts& parts, Api& api) {
  const std::filesystem::path folder = api.runs.folder_of(parts.at(0));
  const page::KeptJudgements kept = page::kept_judgements(folder);
  Json list = Json::array();
  for (const page::KeptJudgements::One& one : kept.found) {
    const measure::BlindTest& test = one.judgement.test;
    list.push_back({{"judgement", one.name},
                    {"person", one.judgement.person},
                    {"by", one.judgement.by},
                    {"epoch", test.epoch},
                    {"step", test.step},
                    {"seed", test.seed},
                    {"trials", test.trials},
                    {"seconds_limit", test.seconds},
                    {"answered", one.judgement.picks.size()},
                    {"finished", one.judgement.finished()}});
  }
  const std::vector<measure::Judgement> judgements = kept.judgements();
  const RunView view = look_at(folder);
  return json_response("judgements", {{"run", parts.at(0)},
                                      {"step", view.info ? Json(view.info->step) : Json()},
                                      {"judgements", std::move(list)},
                                      {"studies", studies_json(measure::user_studies(judgements))},
                                      {"damaged", kept.damaged},
                                      {"most_trials", measure::kMostTrials}});
}

}  // namespace ganymede::serve
