#include "page/kept_judgements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/checksum.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "base/wording.hpp"
#include "page/kept_scores.hpp"

namespace ganymede::page {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostJudgements = 10'000;
constexpr std::uint64_t kLargestJudgement = 1 << 20;
constexpr std::size_t kLettersOfName = 20;

// "Ann K." -> "ann-k".
std::string letters_of(const std::string& person) {
  std::string letters;
  for (const char c : lower_case(person)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (plain) letters += c;
    if (!plain && !letters.empty() && letters.back() != '-') letters += '-';
    if (letters.size() == kLettersOfName) break;
  }
  while (letters.ends_with('-')) letters.pop_back();
  return letters.empty() ? "person" : letters;
}

bool is_judgement_name(const std::string& name) {
  return !name.empty() && name.size() <= 200 && name.find("..") == std::string::npos &&
         std::ranges::all_of(
             name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; });
}

std::string limit_words(double seconds) {
  return seconds > 0 ? fmt::format("{:g}s", seconds) : std::string();
}

bool is_plain_folder(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_directory(fs::symlink_status(folder, ignored));
}

}  // namespace

std::string judgement_name(const measure::Judgement& judgement) {
  const measure::BlindTest& test = judgement.test;
  const std::string limit = limit_words(test.seconds);
  return fmt::format("{}-{}-seed{}-n{}-step{}{}", letters_of(judgement.person), hex(crc32(judgement.person)), test.seed,
                     test.trials, test.step, limit.empty() ? "" : "-" + limit);
}

std::vector<measure::Judgement> KeptJudgements::judgements() const {
  std::vector<measure::Judgement> all;
  for (const One& one : found) all.push_back(one.judgement);
  return all;
}

KeptJudgements kept_judgements(const fs::path& run) {
  KeptJudgements kept;
  const fs::path folder = run / kJudgementsFolder;
  if (!is_plain_folder(folder)) return kept;
  std::vector<fs::path> files;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none)) {
    std::error_code ignored;
    const bool plain = fs::is_regular_file(entry.symlink_status(ignored));
    if (plain && entry.path().extension() == ".json" && files.size() < kMostJudgements) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  for (const fs::path& file : files) {
    try {
      kept.found.push_back(
          {file.stem().string(), measure::parse_judgement(read_file(file, kLargestJudgement), file.string())});
    } catch (const DataError& error) {
      kept.damaged.emplace_back(error.what());
    }
  }
  return kept;
}

std::optional<measure::Judgement> kept_judgement(const fs::path& run, const std::string& name) {
  if (!is_judgement_name(name)) fail<DataError>("\"{}\" is no name of somebody's answers", printable(name));
  const fs::path folder = run / kJudgementsFolder, file = folder / (name + ".json");
  std::error_code ignored;
  if (!is_plain_folder(folder) || !fs::is_regular_file(fs::symlink_status(file, ignored))) return {};
  return measure::parse_judgement(read_file(file, kLargestJudgement), file.string());
}

void keep_judgement(const run::RunDirectory& run, const measure::Judgement& judgement) {
  const std::string name = judgement_name(judgement);
  if (const auto before = kept_judgement(run.path(), name)) {
    measure::BlindTest test = before->test;
    if (before->person != judgement.person || test != judgement.test) {
      fail<DataError>("{}/{}.json holds the answers of {} to another test of the same name; move it away first",
                      kJudgementsFolder, name, before->person);
    }
  }
  const fs::path folder = run.path() / kJudgementsFolder;
  make_own_folder(folder);
  write_file_atomically(folder / (name + ".json"), measure::to_json(judgement));
  if (judgement.finished()) keep_user_study(run, judgement.test.step);
}

measure::Score score_of(const measure::UserStudy& study) {
  const std::string limit = limit_words(study.seconds_limit);
  return {.name = limit.empty() ? "user_study" : "user_study_" + limit,
          .value = study.all.share,
          .low = study.all.interval.low,
          .high = study.all.interval.high,
          .count_real = study.all.answered,
          .count_fake = study.all.answered,
          .floor = {},
          .better = measure::Better::half,
          .protocol = fmt::format(
              "{} of people: one of the {} beside a generated one{}, pick the fake, {}; {} of {} found, {} too late; "
              "interval: Clopper and Pearson, as if all answers were independent",
              counted(std::ssize(study.people), "test"), study.reals, study.same_class ? " of the same class" : "",
              limit.empty() ? "without a limit of time" : limit + " for each", study.all.found, study.all.answered,
              study.all.late)};
}

void keep_user_study(const run::RunDirectory& run, std::uint64_t step) {
  for (const measure::UserStudy& study : measure::user_studies(kept_judgements(run.path()).judgements())) {
    if (study.step != step || study.all.answered == 0) continue;
    keep_scores(run, {score_of(study)}, study.epoch, study.step, study.step != run.info().step);
  }
}

}  // namespace ganymede::page
