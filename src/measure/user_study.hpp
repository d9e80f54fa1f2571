#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "measure/agreement.hpp"
#include "measure/resample.hpp"

namespace ganymede::measure {

// People who are shown a real sample beside a generated one and pick the fake (S-THEORY T7; a two-alternative forced
// choice: chance is 1/2).

inline constexpr const char* kUserStudySchema = "ganymede.user_study/1";
inline constexpr const char* kPicksSchema = "ganymede.user_study_picks/1";
inline constexpr int kMostTrials = 200;
inline constexpr double kMostTrialSeconds = 600;
inline constexpr std::uint64_t kMostTestSeed = 1'000'000;
inline constexpr std::size_t kLongestPerson = 60;  ///< bytes of a name

enum class PairSide { left, right };
const char* name_of(PairSide side);  ///< "left", "right"

/// What everybody who is asked the same sees the same pictures of.
struct BlindTest {
  std::string run;
  std::uint64_t epoch = 0, step = 0;  ///< of the generator's weights
  std::uint64_t seed = 1;             ///< which samples, in which order, on which sides
  int trials = 0;
  double seconds = 0;    ///< for a trial; 0: no limit
  std::string reals;     ///< a sentence: which samples the real ones are
  std::string pictures;  ///< CRC-32 of all pictures in order, eight digits
  friend bool operator==(const BlindTest&, const BlindTest&) = default;
};

/// Where the fake of a trial stands: the lowest bit of word 0 of Philox(seed, stream "judge.sides", index = trial).
PairSide fake_side(std::uint64_t seed, int trial);

struct Pick {
  std::optional<PairSide> side;  ///< none: the time was over
  double seconds = 0;            ///< from the pictures to the pick
};

/// One person's answers to a test, trial by trial from the first; fewer than there are trials: not finished.
struct Judgement {
  BlindTest test{};
  std::string person;
  std::string by;  ///< "page" or "sheet"
  std::vector<std::string> class_names{};
  bool same_class = false;  ///< both pictures of a trial are of one class, which the generator was asked for
  std::vector<Pick> picks{};
  std::vector<std::int32_t> labels{};  ///< [trials], the real picture's class; empty: no classes

  bool finished() const { return std::ssize(picks) == test.trials; }
  /// Whether the fake was picked; nothing where the time was over.
  std::optional<bool> found(std::size_t trial) const;
};

/// @throws ConfigError for a name that is empty, too long, or holds what is no printable UTF-8.
void check_person(const std::string& person);

/// {"schema": "ganymede.user_study/1", "run", "epoch", "step", "seed", "trials", "seconds_limit", "reals", "pictures",
/// "person", "by", "class_names", "same_class", "finished", "labels", "answers": [{"pick": "left" | "right" | "none",
/// "fake", "seconds"}]}
std::string to_json(const Judgement& judgement);
/// @throws DataError with `where` for whatever is missing, of another type, out of its range or contradicts the rest
/// (a fake that does not stand where the seed puts it).
Judgement parse_judgement(std::string_view text, const std::string& where);

/// What a sheet without a server gives back: picks, and nothing of the truth.
struct SheetPicks {
  BlindTest test{};  ///< `reals` is not in it
  std::string person;
  std::vector<Pick> picks;
};
/// {"schema": "ganymede.user_study_picks/1", "run", "epoch", "step", "seed", "trials", "seconds_limit", "pictures",
/// "person", "picks": ["left" | "right" | "none"], "seconds": [..]}. @throws DataError likewise.
SheetPicks parse_picks(std::string_view text, const std::string& where);

/// How often the fake was found.
struct FoundShare {
  std::string name;           ///< of a person or class
  std::int64_t answered = 0;  ///< trials with a pick
  std::int64_t found = 0;     ///< of them
  std::int64_t late = 0;      ///< trials whose time was over: in neither
  double share = 0;           ///< found / answered; NaN without
  Interval interval;          ///< Clopper and Pearson 1934, 95 %
  double seconds = 0;         ///< median time of a pick; NaN without
};

/// Judgements of the same weights under the same limit, taken together.
struct UserStudy {
  std::uint64_t epoch = 0, step = 0;
  double seconds_limit = 0;
  std::string reals;
  bool same_class = false;
  std::vector<FoundShare> people;   ///< a row a judgement that is finished
  std::vector<FoundShare> classes;  ///< those that occur, in the order of their numbers
  FoundShare all;
  Agreement agreement;          ///< on the side that was picked, of trials that several people were shown
  std::int64_t unfinished = 0;  ///< judgements that are not counted yet
};
/// By step and limit, rising.
std::vector<UserStudy> user_studies(std::span<const Judgement> judgements);
/// What the command line and the server say of one: numbers of nobody's answers are null.
nlohmann::ordered_json to_json(const UserStudy& study);

}  // namespace ganymede::measure
