#include "cli/bars.hpp"

namespace ganymede::cli {
namespace {

struct JudgeCommand : Cli {
  JudgeCommand() { EXPECT_EQ(run(train("a", {"--quiet"})).code, 0); }

  nlohmann::ordered_json sheet_data(const std::string& file) const {
    const std::string html = read(file), mark = "id=\"data\">";
    const std::size_t begin = html.find(mark) + mark.size();
    return nlohmann::ordered_json::parse(html.substr(begin, html.find("</script>", begin) - begin));
  }
  /// What a sheet gives back whose reader picks these sides.
  void answer(const std::string& sheet, const std::string& file, const std::string& person,
              const std::vector<std::string>& picks) const {
    nlohmann::ordered_json given = sheet_data(sheet);
    given["schema"] = "ganymede.user_study_picks/1";
    given["trials"] = picks.size();
    given["person"] = person;
    given["picks"] = picks;
    given["seconds"] = std::vector<double>(picks.size(), 1.5);
    for (const char* name : {"left", "right", "shape"}) given.erase(name);
    write(file, given.dump());
  }
};

TEST_F(JudgeCommand, AsksOnASheetAndReadsItsAnswers) {
  const Result made = run({"judge", "a", "--sheet", "t.html", "--n", "4", "--seed", "3", "--json"});
  ASSERT_EQ(made.code, 0) << made.err;
  EXPECT_EQ(made.json().at("trials"), 4);
  EXPECT_TRUE(holds(made.json().at("reals"), "held-out samples of")) << made.out;
  const std::string first = read("t.html");
  ASSERT_EQ(run({"judge", "a", "--sheet", "t2.html", "--n", "4", "--seed", "3", "--threads", "2", "--quiet"}).code, 0);
  EXPECT_EQ(read("t2.html"), first) << "the same seed, the same sheet";
  answer("t.html", "ann.json", "Ann", {"left", "left", "left", "none"});
  answer("t.html", "bob.json", "Bob", {"right", "right", "right", "right"});
  const Result read_back = run({"judge", "a", "--import", "ann.json", "bob.json", "--json"});
  ASSERT_EQ(read_back.code, 0) << read_back.err;
  const auto study = read_back.json().at("studies").at(0);
  ASSERT_EQ(study.at("people").size(), 2U);
  const int ann = study.at("people").at(0).at("found"), bob = study.at("people").at(1).at("found");
  EXPECT_EQ(study.at("people").at(0).at("answered"), 3);
  EXPECT_EQ(study.at("people").at(0).at("late"), 1);
  EXPECT_TRUE(ann + bob == 3 || ann + bob == 4) << "they picked opposite sides of three";
  EXPECT_EQ(study.at("agreement").at("share"), 0);
  EXPECT_EQ(study.at("agreement").at("kappa"), -1);
  EXPECT_EQ(run({"judge", "a", "--import", "ann.json", "--quiet"}).code, 0) << "once more is the same";
  const Result words = run({"judge", "a"});
  for (const char* part : {"Ann", "Bob", "all", "95 % (exact)", "agreement: 0.000 of 3 pairs"})
    EXPECT_TRUE(holds(words.out, part)) << part << "\n" << words.out;
  ASSERT_EQ(run({"report", "a", "--quiet"}).code, 0);
  const std::string page = read_file(run_path("a") / "report.html");
  EXPECT_TRUE(holds(page, "What people find"));
  EXPECT_TRUE(holds(page, "people: fakes found")) << "among the scores";
}

TEST_F(JudgeCommand, RefusesAnswersToOtherTests) {
  ASSERT_EQ(run({"judge", "a", "--sheet", "t.html", "--n", "3", "--quiet"}).code, 0);
  answer("t.html", "ann.json", "Ann", {"left", "left", "left"});
  const auto refused = [&](const char* name, const nlohmann::json& value, const std::string& sentence) {
    auto given = nlohmann::ordered_json::parse(read("ann.json"));
    given[name] = value;
    write("bad.json", given.dump());
    const Result result = run({"judge", "a", "--import", "bad.json"});
    EXPECT_EQ(result.code, 2) << result.out;
    EXPECT_TRUE(holds(result.err, sentence)) << result.err;
    EXPECT_TRUE(holds(result.err, "bad.json")) << result.err;
  };
  refused("run", "b", "of the run b");
  refused("pictures", "00000000", "of other pictures");
  refused("seed", 2, "of other pictures");
  refused("step", 12345, "no longer has");
  refused("person", "", "person");
  refused("picks", {"left"}, "picks");
  refused("trials", 4, "picks");
  refused("schema", "ganymede.user_study/1", "schema");
  write("none.json", "nonsense");
  // All are read before one is kept.
  EXPECT_EQ(run({"judge", "a", "--import", "ann.json", "none.json"}).code, 2);
  answer("t.html", "again.json", "Ann", {"right", "left", "left"});
  const Result both = run({"judge", "a", "--import", "ann.json", "again.json"});
  EXPECT_EQ(both.code, 2);
  EXPECT_TRUE(holds(both.err, "ann.json and again.json: both of Ann's answers")) << both.err;
  EXPECT_FALSE(fs::exists(run_path("a") / "judgements"));
  ASSERT_EQ(run({"judge", "a", "--import", "ann.json", "--quiet"}).code, 0);
  answer("t.html", "other.json", "Ann", {"right", "left", "left"});
  const Result twice = run({"judge", "a", "--import", "other.json"});
  EXPECT_EQ(twice.code, 2);
  EXPECT_TRUE(holds(twice.err, "answered this test already")) << twice.err;
}

TEST_F(JudgeCommand, AnEpochsSheetIsReadBackByItsWeights) {
  ASSERT_EQ(run({"judge", "a", "--sheet", "t.html", "--n", "3", "--epoch", "1", "--seconds", "5", "--quiet"}).code, 0);
  EXPECT_EQ(sheet_data("t.html").at("epoch"), 1);
  EXPECT_EQ(sheet_data("t.html").at("seconds_limit"), 5);
  answer("t.html", "ann.json", "Ann", {"left", "left", "none"});
  const Result read_back = run({"judge", "a", "--import", "ann.json", "--json"});
  ASSERT_EQ(read_back.code, 0) << read_back.err;
  EXPECT_EQ(read_back.json().at("studies").at(0).at("epoch"), 1);
}

TEST_F(JudgeCommand, SaysWhatIsWrongWithASheet) {
  EXPECT_EQ(run({"judge", "a", "--sheet", "t.png"}).code, 2);
  EXPECT_EQ(run({"judge", "a", "--sheet", "t.html", "--n", "201"}).code, 2);
  EXPECT_EQ(run({"judge", "a", "--sheet", "t.html", "--epoch", "99"}).code, 2);
  EXPECT_EQ(run({"judge", "a", "--sheet", "t.html", "--import", "x.json"}).code, 2);
  EXPECT_FALSE(fs::exists(at("t.html")));
  const Result nobody = run({"judge", "a"});
  EXPECT_EQ(nobody.code, 0);
  EXPECT_TRUE(holds(nobody.out, "nobody has judged it yet")) << nobody.out;
}

TEST_F(JudgeCommand, WantsPicturesAndEnoughOfThem) {
  const Result trained = run({"train", "ring", "--run", "p", "--threads", "1", "--quiet", "--epochs", "1", "--set",
                              "data.builtin_count=256", "--set", "train.batch=64"});
  ASSERT_EQ(trained.code, 0) << trained.err;
  const Result points = run({"judge", "p", "--sheet", "t.html"});
  EXPECT_EQ(points.code, 2);
  EXPECT_TRUE(holds(points.err, "points")) << points.err;
}

}  // namespace
}  // namespace ganymede::cli
