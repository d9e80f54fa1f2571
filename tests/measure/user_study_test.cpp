#include "measure/user_study.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/mutate.hpp"
#include "measure/distributions.hpp"

namespace ganymede::measure {
namespace {

/// Somebody who finds the fakes of the trials that `finds` is true of, two seconds each.
Judgement person_who(const std::string& name, int trials, bool (*finds)(int trial), std::uint64_t seed = 7) {
  Judgement one{.test = {.run = "a",
                         .epoch = 3,
                         .step = 30,
                         .seed = seed,
                         .trials = trials,
                         .reals = "held-out bars",
                         .pictures = "0123abcd"},
                .person = name,
                .by = "page",
                .class_names = {"zero", "one"}};
  for (int i = 0; i < trials; ++i) {
    const PairSide fake = fake_side(seed, i), real = fake == PairSide::left ? PairSide::right : PairSide::left;
    one.picks.push_back({.side = finds(i) ? fake : real, .seconds = 2});
    one.labels.push_back(i % 2);
  }
  return one;
}

TEST(FakeSide, IsTheSameAnywhereAndFair) {
  // Any other stream or bit would change what a seed names: these stand in files.
  std::string sides;
  for (int i = 0; i < 24; ++i) sides += fake_side(1, i) == PairSide::left ? 'l' : 'r';
  EXPECT_EQ(sides, "lrrrllrlrlrllrllrlrllrrl");
  int left = 0;
  for (int i = 0; i < 10000; ++i) left += fake_side(5, i) == PairSide::left;
  EXPECT_NEAR(left, 5000, 4 * 50);
}

TEST(UserStudy, CountsWhatWasFoundWithTheExactInterval) {
  const std::vector<Judgement> all = {person_who("Ann", 20, [](int i) { return i < 7; })};
  const std::vector<UserStudy> studies = user_studies(all);
  ASSERT_EQ(studies.size(), 1U);
  const UserStudy& study = studies[0];
  EXPECT_EQ(study.step, 30U);
  EXPECT_EQ(study.all.answered, 20);
  EXPECT_EQ(study.all.found, 7);
  EXPECT_EQ(study.all.share, 0.35);
  // Of 7 of 20: the ends at which 7 or more, or 7 or fewer, have 2.5 %.
  EXPECT_NEAR(binomial_at_least(7, 20, study.all.interval.low), 0.025, 1e-9);
  EXPECT_NEAR(1 - binomial_at_least(8, 20, study.all.interval.high), 0.025, 1e-9);
  EXPECT_EQ(study.all.seconds, 2);
  ASSERT_EQ(study.people.size(), 1U);
  EXPECT_EQ(study.people[0].name, "Ann");
  ASSERT_EQ(study.classes.size(), 2U);
  EXPECT_EQ(study.classes[0].name, "zero");
  EXPECT_EQ(study.classes[0].found, 4);  // trials 0, 2, 4, 6
  EXPECT_EQ(study.classes[1].found, 3);
  EXPECT_EQ(study.classes[1].answered, 10);
}

TEST(UserStudy, AllFoundIsOneFromAlphaRoot) {
  const std::vector<Judgement> all = {person_who("Ann", 40, [](int) { return true; })};
  const FoundShare found = user_studies(all)[0].all;
  EXPECT_EQ(found.share, 1);
  EXPECT_NEAR(found.interval.low, std::pow(0.025, 1.0 / 40), 1e-9);
  EXPECT_EQ(found.interval.high, 1);
}

TEST(UserStudy, AgreementIsOnThePickedSide) {
  // Ann and Bob find all but that Bob misses the last of ten: 9 of 10 pairs agree.
  std::vector<Judgement> all = {person_who("Ann", 10, [](int) { return true; }),
                                person_who("Bob", 10, [](int i) { return i < 9; })};
  const UserStudy study = user_studies(all)[0];
  EXPECT_EQ(study.agreement.items, 10);
  EXPECT_NEAR(study.agreement.share, 0.9, 1e-15);
  EXPECT_GT(study.agreement.kappa, 0.7);
  // Another seed shows other trials: nothing is shared.
  all[1] = person_who(
      "Bob", 10, [](int i) { return i < 9; }, 8);
  EXPECT_EQ(user_studies(all)[0].agreement.items, 0);
  EXPECT_EQ(user_studies(all)[0].all.found, 19);
}

TEST(UserStudy, LateTrialsAreCountedApart) {
  Judgement late = person_who("Ann", 4, [](int) { return true; });
  late.picks[2].side = {};
  const FoundShare found = user_studies(std::vector{late})[0].all;
  EXPECT_EQ(found.answered, 3);
  EXPECT_EQ(found.found, 3);
  EXPECT_EQ(found.late, 1);
}

TEST(UserStudy, CountsNobodyWhoHasNotFinishedAndKeepsWeightsAndLimitsApart) {
  Judgement half = person_who("Ann", 4, [](int) { return true; });
  half.picks.pop_back();
  Judgement later = person_who("Bob", 4, [](int) { return false; });
  later.test.step = 60;
  Judgement quick = person_who("Cem", 4, [](int) { return false; });
  quick.test.seconds = 5;
  const auto studies = user_studies(std::vector{later, quick, half});
  ASSERT_EQ(studies.size(), 3U);
  EXPECT_EQ(studies[0].unfinished, 1);
  EXPECT_TRUE(studies[0].people.empty());
  EXPECT_TRUE(std::isnan(studies[0].all.share));
  EXPECT_EQ(studies[1].seconds_limit, 5);
  EXPECT_EQ(studies[2].step, 60U);
  EXPECT_EQ(studies[2].all.found, 0);
}

TEST(Judgement, ComesBackFromItsText) {
  Judgement one = person_who("Jürgen", 5, [](int i) { return i == 2; });
  one.picks[4] = {};
  one.same_class = true;
  const Judgement back = parse_judgement(to_json(one), "x");
  EXPECT_EQ(back.test, one.test);
  EXPECT_EQ(back.person, "Jürgen");
  EXPECT_EQ(back.labels, one.labels);
  EXPECT_TRUE(back.same_class && back.finished());
  EXPECT_EQ(to_json(back), to_json(one));
}

TEST(Judgement, SaysWhatIsWrong) {
  const auto whole = nlohmann::ordered_json::parse(to_json(person_who("Ann", 3, [](int) { return true; })));
  const auto fault = [&](auto change) {
    auto changed = whole;
    change(changed);
    try {
      parse_judgement(changed.dump(), "file");
    } catch (const DataError& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_EQ(fault([](auto& j) { j["schema"] = "ganymede.score/1"; }),
            "file: wanted the schema \"ganymede.user_study/1\", found \"ganymede.score/1\"");
  EXPECT_EQ(fault([](auto& j) { j.erase("seed"); }), "file: no answers of a person: \"seed\" is missing");
  EXPECT_EQ(fault([](auto& j) { j["trials"] = 100000; }),
            "file: trials: wanted a whole number from 1 to 200, found 100000");
  EXPECT_EQ(fault([](auto& j) { j["person"] = "  "; }), "file: person: wanted a name of 1 to 60 bytes, found \"  \"");
  EXPECT_EQ(fault([](auto& j) { j["answers"][1]["pick"] = "middle"; }),
            "file: answers: pick: wanted left, right or none, found \"middle\"");
  EXPECT_EQ(fault([](auto& j) { j["labels"][1] = 2; }), "file: labels: wanted numbers of 2 classes, found 2");
  EXPECT_EQ(fault([](auto& j) { j["labels"].erase(1); }), "file: labels: wanted none, or 3, found 2");
  EXPECT_EQ(fault([](auto& j) { j["answers"].push_back(j["answers"][0]); }),
            "file: answers: wanted a list of 3 at most, found \"more\"");
  EXPECT_EQ(fault([](auto& j) { j["answers"] = 3; }), "file: answers: wanted a list of 3 at most, found \"number\"");
  const std::string other = fake_side(7, 0) == PairSide::left ? "right" : "left";
  EXPECT_EQ(fault([&](auto& j) { j["answers"][0]["fake"] = other; }),
            "file: answers: fake: wanted where seed 7 puts that of trial 1, found \"" + other + "\"");
}

// Bytes changed, taken out and put in: an error that names the file, or answers that can be counted.
TEST(Judgement, SurvivesAnyDamage) {
  const std::string whole = to_json(person_who("Ann", 6, [](int i) { return i < 3; }));
  int read = 0, refused = 0;
  for (std::uint32_t round = 0; round < 3000; ++round) {
    RandomSequence random(Random(1, "damage"), round);
    try {
      const Judgement one = parse_judgement(ganymede::testing::mutate_json(whole, random), "file");
      ++read;
      ASSERT_LE(std::ssize(one.picks), one.test.trials);
      const UserStudy study = user_studies(std::vector{one})[0];
      EXPECT_LE(study.all.found, study.all.answered);
    } catch (const DataError& error) {
      ++refused;
      EXPECT_TRUE(std::string(error.what()).starts_with("file: ")) << error.what();
    }
  }
  EXPECT_GT(read, 15);
  EXPECT_GT(refused, 1000);
}

std::string sheet_text(int trials) {
  nlohmann::ordered_json json = {{"schema", kPicksSchema},
                                 {"run", "a"},
                                 {"epoch", 3},
                                 {"step", 30},
                                 {"seed", 7},
                                 {"trials", trials},
                                 {"seconds_limit", 0},
                                 {"pictures", "0123abcd"},
                                 {"person", "Ann"}};
  for (int i = 0; i < trials; ++i) {
    json["picks"].push_back(i == 1 ? "none" : i % 2 == 0 ? "left" : "right");
    json["seconds"].push_back(0.5 + i);
  }
  return json.dump();
}

TEST(SheetPicks, AreReadAsTheyWereGiven) {
  const SheetPicks given = parse_picks(sheet_text(4), "file");
  EXPECT_EQ(given.person, "Ann");
  ASSERT_EQ(given.picks.size(), 4U);
  EXPECT_EQ(given.picks[0].side, PairSide::left);
  EXPECT_EQ(given.picks[1].side, std::nullopt);
  EXPECT_EQ(given.picks[3].side, PairSide::right);
  EXPECT_EQ(given.picks[3].seconds, 3.5);
}

TEST(SheetPicks, SurviveAnyDamage) {
  const std::string whole = sheet_text(6);
  int read = 0, refused = 0;
  for (std::uint32_t round = 0; round < 3000; ++round) {
    RandomSequence random(Random(2, "damage"), round);
    try {
      const SheetPicks given = parse_picks(ganymede::testing::mutate_json(whole, random), "file");
      ++read;
      ASSERT_EQ(std::ssize(given.picks), given.test.trials);
      for (const Pick& pick : given.picks) EXPECT_TRUE(pick.seconds >= 0 && pick.seconds < 1e9);
    } catch (const DataError& error) {
      ++refused;
      EXPECT_TRUE(std::string(error.what()).starts_with("file: ")) << error.what();
    }
  }
  EXPECT_GT(read, 15);
  EXPECT_GT(refused, 1000);
}

TEST(SheetPicks, WantOneForEveryTrial) {
  auto json = nlohmann::json::parse(sheet_text(4));
  json["picks"].erase(0);
  EXPECT_THROW(parse_picks(json.dump(), "file"), DataError);
  json = nlohmann::json::parse(sheet_text(4));
  json["seconds"][2] = -1;
  EXPECT_THROW(parse_picks(json.dump(), "file"), DataError);
  json = nlohmann::json::parse(sheet_text(4));
  json["pictures"] = "../../etc";
  EXPECT_THROW(parse_picks(json.dump(), "file"), DataError);
  EXPECT_THROW(parse_picks("[1]", "file"), DataError);
  EXPECT_THROW(parse_picks("", "file"), DataError);
}

TEST(Person, HasAPrintableName) {
  for (const char* good : {"Ann", "Jürgen K.", "a/b", "王"}) EXPECT_NO_THROW(check_person(good)) << good;
  for (const std::string& bad : {std::string(), std::string("  "), std::string(61, 'a'), std::string("a\nb"),
                                 std::string("a\x7f"), std::string("\xff\xfe"), std::string("a\0b", 3)})
    EXPECT_THROW(check_person(bad), ConfigError) << bad;
}

}  // namespace
}  // namespace ganymede::measure
