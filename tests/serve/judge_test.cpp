#include <thread>

#include "evaluate/blind_test.hpp"
#include "page/kept_judgements.hpp"
#include "serve/models.hpp"

namespace ganymede::serve {
namespace {

using Json = nlohmann::json;

struct JudgeServed : ModelsServed {
  explicit JudgeServed(bool conditional = false) : ModelsServed(conditional), run(tiny.train("a")) {}

  Answer judge(const Json& body, bool token = true) const {
    Headers headers = {{"Content-Type", "application/json"}};
    if (token) headers.emplace_back("X-Ganymede-Token", server->token());
    Client client(port);
    client.send(request_text(port, "POST", "/api/v1/judge", headers, body.dump()));
    return client.answer();
  }
  Frame frame(const Json& body) const {
    const Answer answer = judge(body);
    EXPECT_EQ(answer.status, 200) << answer.body;
    const std::vector<Frame> frames = answer.status == 200 ? frames_of(answer.body) : std::vector<Frame>();
    return frames.empty() ? Frame{} : frames.front();
  }
  Frame begin(const std::string& person, int trials = 6, const Json& more = Json::object()) const {
    Json body = {{"action", "begin"}, {"run", "a"}, {"person", person}, {"seed", 7}, {"trials", trials}};
    body.update(more);
    return frame(body);
  }
  static Json picked(const Frame& now, const std::string& side) {
    return {{"action", "answer"},
            {"run", "a"},
            {"judgement", now.head.at("judgement")},
            {"trial", now.head.at("trial")},
            {"pick", side}};
  }
  Frame pick(const Frame& now, const std::string& side) const { return frame(picked(now, side)); }
  void refused(const Json& body, int status, const std::string& sentence) const {
    const Answer answer = judge(body);
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_NE(answer.body.find(sentence), std::string::npos) << answer.body;
  }
  Json listed() const { return get("runs/a/judge").json(); }
  /// The picture that a seed names, as anybody can ask for it.
  std::string generated(std::uint64_t seed, const Json& more = Json::object()) const {
    Json body = {{"run", "a"}, {"seed", seed}};
    body.update(more);
    return look(body).arrays.at("picture");
  }

  run::RunDirectory run;
};

TEST_F(JudgeServed, GoesFromTrialToTrialAndCountsWhatWasFound) {
  start();
  Frame now = begin("Ann");
  EXPECT_EQ(now.head.at("schema"), "ganymede.api.judge/1");
  for (int trial = 0; trial < 6; ++trial) {
    EXPECT_EQ(now.head.at("trial"), trial);
    EXPECT_EQ(now.shape("left"), (std::vector<std::int64_t>{8, 8, 1}));
    EXPECT_EQ(now.shape("right"), now.shape("left"));
    // Who draws the fake of this seed knows: one of both pictures is that one, on the side of the seed.
    const std::string fake = generated(evaluate::first_fake_seed(7) + static_cast<std::uint64_t>(trial));
    const std::string side = now.arrays.at("left") == fake ? "left" : "right";
    EXPECT_EQ(now.arrays.at(side), fake);
    EXPECT_NE(now.arrays.at(side == "left" ? "right" : "left"), fake);
    EXPECT_EQ(side, measure::name_of(measure::fake_side(7, trial)));
    now = pick(now, trial < 5 ? side : side == "left" ? "right" : "left");
  }
  EXPECT_EQ(now.head.at("finished"), true);
  EXPECT_EQ(now.head.at("result").at("found"), 5);
  EXPECT_EQ(now.head.at("result").at("answered"), 6);
  EXPECT_EQ(now.head.at("missed"), Json({5}));
  EXPECT_EQ(now.head.at("missed_fakes").at(0), measure::name_of(measure::fake_side(7, 5)));
  EXPECT_EQ(now.shape("left"), (std::vector<std::int64_t>{1, 8, 8, 1}));
  const Json list = listed();
  EXPECT_EQ(list.at("schema"), "ganymede.api.judgements/1");
  EXPECT_EQ(list.at("studies").at(0).at("all").at("found"), 5);
  EXPECT_EQ(list.at("studies").at(0).at("people").at(0).at("name"), "Ann");
  EXPECT_TRUE(fs::exists(run.path() / "measures" / "user_study.json"));
}

TEST_F(JudgeServed, DoesNotTellWhichSideIsTheFakeBeforeTheEnd) {
  start();
  std::size_t bytes = 0;
  for (Frame now = begin("Ann"); !now.head.at("finished"); now = pick(now, "left")) {
    std::set<std::string> told;
    for (const auto& [name, value] : now.head.items()) told.insert(name);
    EXPECT_EQ(told, (std::set<std::string>{"schema", "version", "run", "judgement", "person", "epoch", "step", "seed",
                                           "trials", "seconds_limit", "reals", "same_class", "answered", "finished",
                                           "trial", "arrays"}));
    EXPECT_EQ(now.arrays.size(), 2U);
    std::size_t now_bytes = now.arrays.at("left").size() + now.arrays.at("right").size();
    EXPECT_TRUE(bytes == 0 || now_bytes == bytes);
    bytes = now_bytes;
    const std::string list = listed().dump();
    EXPECT_EQ(list.find("\"fake"), std::string::npos) << list;
    EXPECT_EQ(listed().at("judgements").at(0).at("answered"), now.head.at("answered"));
    // The file with the truth lies in the run's folder, and is not served.
    const std::string file = "runs/a/files/judgements/" + now.head.at("judgement").get<std::string>() + ".json";
    EXPECT_EQ(get(file).status, 404);
  }
}

TEST_F(JudgeServed, SameSeedSamePicturesForEverybodyAndNoneTwice) {
  start();
  Frame ann = begin("Ann", 12), bob = begin("Bob", 12), other = begin("Cem", 12, {{"seed", 8}});
  EXPECT_NE(ann.arrays, other.arrays);
  std::set<std::string> seen;
  for (int trial = 0; trial < 12; ++trial) {
    EXPECT_EQ(ann.arrays, bob.arrays);
    for (const char* side : {"left", "right"}) EXPECT_TRUE(seen.insert(ann.arrays.at(side)).second) << trial;
    ann = pick(ann, "left");
    bob = pick(bob, "left");
  }
  EXPECT_EQ(ann.head.at("result").at("found"), bob.head.at("result").at("found"));
  EXPECT_EQ(listed().at("studies").at(0).at("agreement").at("share"), 1);
  EXPECT_EQ(listed().at("studies").at(0).at("agreement").at("trials"), 12);
}

TEST_F(JudgeServed, GoesOnAfterThePageAndTheServerWereClosed) {
  start();
  Frame now = pick(pick(begin("Ann"), "left"), "right");
  const auto pictures = now.arrays;
  EXPECT_EQ(begin("Ann").arrays, pictures);
  server.reset();
  start();
  refused(picked(now, "left"), 409, "begin again");
  now = begin("Ann");
  EXPECT_EQ(now.head.at("trial"), 2);
  EXPECT_EQ(now.arrays, pictures);
  while (!now.head.at("finished")) now = pick(now, "left");
  EXPECT_EQ(begin("Ann").head.at("finished"), true) << "nobody answers twice";
}

TEST_F(JudgeServed, TakesEachAnswerOnce) {
  start();
  const Frame first = begin("Ann");
  pick(first, "left");
  refused(picked(first, "right"), 409, "not the next one");
  Json skipped = picked(first, "left");
  skipped["trial"] = 3;
  refused(skipped, 409, "not the next one");
}

TEST_F(JudgeServed, ALateAnswerIsNone) {
  start();
  Frame now = begin("Ann", 2, {{"seconds", 0.1}});
  EXPECT_LE(now.head.at("seconds_left"), 0.1);
  now = pick(now, "none");
  std::this_thread::sleep_for(std::chrono::milliseconds(2200));  // beyond the limit and its grace
  now = pick(now, measure::name_of(measure::fake_side(7, 1)));
  EXPECT_EQ(now.head.at("result").at("late"), 2);
  EXPECT_EQ(now.head.at("result").at("answered"), 0);
  EXPECT_TRUE(now.head.at("result").at("share").is_null());
}

TEST_F(JudgeServed, WantsTheTokenAndRefusesWhatIsNoAnswer) {
  start();
  const Json body = {{"action", "begin"}, {"run", "a"}, {"person", "Ann"}, {"trials", 4}};
  EXPECT_EQ(judge(body, false).status, 401);
  const auto with = [&](const char* name, const Json& value) {
    Json changed = body;
    changed[name] = value;
    return changed;
  };
  refused(with("action", "cheat"), 400, "begin, answer");
  refused(with("run", "../a"), 404, "");
  refused(with("person", ""), 400, "person");
  refused(with("person", "a\nb"), 400, "a person's name");
  refused(with("person", std::string(61, 'x')), 400, "a person's name");
  refused(with("person", 7), 400, "person");
  refused(with("trials", 0), 400, "trials");
  refused(with("trials", 201), 400, "trials");
  refused(with("trials", 1.5), 400, "trials");
  refused(with("seed", -1), 400, "seed");
  refused(with("seconds", 1e9), 400, "seconds");
  refused(with("epoch", 99), 404, "99");
  const Frame first = begin("Ann", 4);
  const auto answer = [&](const char* name, const Json& value) {
    Json changed = picked(first, "left");
    changed[name] = value;
    return changed;
  };
  refused(answer("pick", "middle"), 400, "pick");
  refused(answer("pick", "none"), 400, "no limit of time");
  refused(answer("trial", nullptr), 400, "trial");
  refused(answer("judgement", "../../run"), 400, "no name");
  refused(answer("judgement", "nobody"), 404, "begin first");
  EXPECT_EQ(listed().at("judgements").at(0).at("answered"), 0);
  EXPECT_EQ(get("runs/b/judge").status, 404);
}

TEST_F(JudgeServed, AReadOnlyServerShowsResultsAndTakesNoAnswers) {
  options.read_only = true;
  start();
  refused({{"action", "begin"}, {"run", "a"}, {"person", "Ann"}}, 403, "read-only");
  EXPECT_EQ(listed().at("judgements"), Json::array());
  EXPECT_FALSE(fs::exists(run.path() / "judgements"));
}

TEST_F(JudgeServed, AFolderThatLeadsElsewhereIsNotWritten) {
  fs::create_directories(tiny.root / "elsewhere");
  fs::create_directory_symlink(tiny.root / "elsewhere", run.path() / "judgements");
  start();
  EXPECT_GE(judge({{"action", "begin"}, {"run", "a"}, {"person", "Ann"}, {"trials", 4}}).status, 400);
  EXPECT_TRUE(fs::is_empty(tiny.root / "elsewhere"));
}

struct ConditionalJudged : JudgeServed {
  ConditionalJudged() : JudgeServed(true) {}
};

TEST_F(ConditionalJudged, TheFakeIsOfTheClassOfTheRealOne) {
  start();
  const data::Dataset test = evaluate::open_whole(tiny.recipe, data::Split::test, {});
  Frame now = begin("Ann", 8);
  EXPECT_EQ(now.head.at("same_class"), true);
  std::set<int> classes;
  for (int trial = 0; trial < 8; ++trial) {
    const std::string fake = measure::name_of(measure::fake_side(7, trial)), real = fake == "left" ? "right" : "left";
    int label = -1;
    for (std::int64_t i = 0; i < test.size(); ++i) {
      const auto image = test.image(i);
      if (std::string(image.begin(), image.end()) == now.arrays.at(real))
        label = test.labels[static_cast<std::size_t>(i)];
    }
    ASSERT_GE(label, 0) << "the real one is of the held-out split";
    classes.insert(label);
    EXPECT_EQ(now.arrays.at(fake),
              generated(evaluate::first_fake_seed(7) + static_cast<std::uint64_t>(trial), {{"class", label}}));
    now = pick(now, fake);
  }
  EXPECT_GT(classes.size(), 1U);
  EXPECT_EQ(listed().at("studies").at(0).at("classes").size(), classes.size());
}

TEST_F(JudgeServed, PointsAreNothingForPeople) {
  tiny.train_on_points("ring", 256);
  tiny.train("points");
  start();
  EXPECT_GE(judge({{"action", "begin"}, {"run", "points"}, {"person", "Ann"}, {"trials", 4}}).status, 400);
}

}  // namespace
}  // namespace ganymede::serve
