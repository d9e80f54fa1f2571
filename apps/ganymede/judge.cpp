#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "base/wording.hpp"
#include "command.hpp"
#include "evaluate/blind_test.hpp"
#include "explore/gallery.hpp"
#include "page/judge_sheet.hpp"
#include "page/kept_judgements.hpp"
#include "shared.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::uint64_t kLargestPicks = 1 << 20;

struct JudgeArguments {
  RunArguments run;
  std::string sheet;
  std::vector<std::string> imports;
  std::uint64_t seed = 1;
  int trials = 40;
  double seconds = 0;
  std::optional<std::uint64_t> epoch;
  MachineArguments machine;
  Output output;
};

void print_json(const Json& json) {
  print(json_text(json, 2) + "\n");
}

// Both pictures of each trial where they are shown, as the sheet takes them.
std::pair<Tensor, Tensor> by_side(const evaluate::TestPictures& pictures, std::uint64_t seed, int trials) {
  Tensor left(DType::u8, pictures.reals.shape()), right(DType::u8, pictures.reals.shape());
  auto to_left = left.values<std::uint8_t>().begin(), to_right = right.values<std::uint8_t>().begin();
  for (int trial = 0; trial < trials; ++trial) {
    const Tensor a = pictures.shown(seed, trial, measure::PairSide::left);
    const Tensor b = pictures.shown(seed, trial, measure::PairSide::right);
    to_left = std::ranges::copy(a.values<std::uint8_t>(), to_left).out;
    to_right = std::ranges::copy(b.values<std::uint8_t>(), to_right).out;
  }
  return {std::move(left), std::move(right)};
}

int write_test_sheet(const JudgeArguments& arguments) {
  const std::string ending = fs::path(arguments.sheet).extension().string();
  if (ending != ".html" && ending != ".htm")
    fail<UserError>("--sheet {}: wanted a name that ends in .html", arguments.sheet);
  const run::RunDirectory directory = arguments.run.find();
  explore::Gallery gallery = make_gallery(arguments.machine.threads);
  const auto opened = gallery.open(directory, {.epoch = arguments.epoch});
  const run::Snapshot& about = opened->generator.about();
  const evaluate::TestReals reals = evaluate::choose_reals(about.recipe, data::search_places(arguments.machine.data),
                                                           arguments.seed, arguments.trials);
  const evaluate::TestPictures pictures = evaluate::test_pictures(opened->generator, reals, arguments.seed);
  const measure::BlindTest test =
      evaluate::blind_test_of(directory.name(), about, reals, pictures, arguments.seed, arguments.seconds);
  check_writable(arguments.sheet);
  const auto [left, right] = by_side(pictures, arguments.seed, arguments.trials);
  const std::string html = page::judge_sheet(test, left, right);
  write_file_atomically(arguments.sheet, html);
  if (arguments.output.json) {
    print_json({{"schema", "ganymede.judge_sheet/1"},
                {"run", directory.name()},
                {"epoch", test.epoch},
                {"step", test.step},
                {"seed", test.seed},
                {"trials", test.trials},
                {"seconds_limit", test.seconds},
                {"reals", test.reals},
                {"same_class", pictures.same_class},
                {"pictures", test.pictures},
                {"file", arguments.sheet},
                {"bytes", html.size()}});
  } else if (!arguments.output.quiet) {
    print(fmt::format(
        "{}: {} trials, {} beside generated ones{} of epoch {}, {}\nGive it to people, then: {} judge {} "
        "--import FILE...\n",
        arguments.sheet, test.trials, test.reals, pictures.same_class ? " of the same class" : "", test.epoch,
        human_bytes(static_cast<double>(html.size())), program_name(), reference_to(directory)));
  }
  return 0;
}

// The weights that a sheet was made with: the newest ones, or those of its epoch's snapshot.
std::shared_ptr<explore::Exhibit> weights_of(const measure::BlindTest& test, const run::RunDirectory& directory,
                                             explore::Gallery& gallery, const std::string& file) {
  auto opened = gallery.open(directory, {});
  if (opened->generator.about().step == test.step) return opened;
  try {
    opened = gallery.open(directory, {.epoch = test.epoch});
    if (opened->generator.about().step == test.step) return opened;
  } catch (const DataError&) {  // no such snapshot: said below
  }
  fail<DataError>("{}: of weights of epoch {}, step {}, which {} no longer has", file, test.epoch, test.step,
                  directory.name());
}

measure::Judgement imported(const std::string& file, const JudgeArguments& arguments,
                            const run::RunDirectory& directory, explore::Gallery& gallery) {
  const measure::SheetPicks given = measure::parse_picks(read_file(file, kLargestPicks), file);
  const measure::BlindTest& test = given.test;
  if (test.run != directory.name())
    fail<DataError>("{}: of the run {}, not of {}", file, printable(test.run), directory.name());
  const auto opened = weights_of(test, directory, gallery, file);
  explore::TrainedGenerator& generator = opened->generator;
  const evaluate::TestReals reals = evaluate::choose_reals(
      generator.about().recipe, data::search_places(arguments.machine.data), test.seed, test.trials);
  const evaluate::TestPictures pictures = evaluate::test_pictures(generator, reals, test.seed);
  if (pictures.fingerprint != test.pictures) {
    fail<DataError>("{}: of other pictures (CRC-32 {}) than the run's data and weights give now ({})", file,
                    test.pictures, pictures.fingerprint);
  }
  measure::Judgement judgement = evaluate::judgement_of(
      evaluate::blind_test_of(directory.name(), generator.about(), reals, pictures, test.seed, test.seconds), pictures,
      given.person, "sheet");
  judgement.picks = given.picks;
  const std::string name = page::judgement_name(judgement);
  const auto before = page::kept_judgement(directory.path(), name);
  if (before && measure::to_json(*before) != measure::to_json(judgement)) {
    fail<UserError>("{}: {} has answered this test already ({}/{}.json)", file, given.person, page::kJudgementsFolder,
                    name);
  }
  return judgement;
}

// All are read before one is kept.
void import_files(const JudgeArguments& arguments, const run::RunDirectory& directory) {
  explore::Gallery gallery = make_gallery(arguments.machine.threads);
  std::vector<measure::Judgement> judgements;
  for (const std::string& file : arguments.imports) {
    judgements.push_back(imported(file, arguments, directory, gallery));
    for (std::size_t i = 0; i + 1 < judgements.size(); ++i) {
      if (page::judgement_name(judgements[i]) == page::judgement_name(judgements.back())) {
        fail<UserError>("{} and {}: both of {}'s answers to the same test", arguments.imports[i], file,
                        judgements.back().person);
      }
    }
  }
  for (const measure::Judgement& judgement : judgements) page::keep_judgement(directory, judgement);
  if (!arguments.output.quiet && !arguments.output.json)
    print(fmt::format("{} read\n", counted(std::ssize(judgements), "file")));
}

void add_found(TextTable& table, const measure::FoundShare& one, const std::string& name) {
  const bool any = one.answered > 0;
  table.add({name, any ? fmt::format("{:.3f}", one.share) : "-",
             any ? fmt::format("[{:.3f}, {:.3f}]", one.interval.low, one.interval.high) : "-",
             fmt::format("{} of {}", one.found, one.answered), one.late > 0 ? std::to_string(one.late) : "",
             any ? fmt::format("{:.1f} s", one.seconds) : "-"});
}

std::string study_words(const measure::UserStudy& study) {
  std::string text =
      fmt::format("epoch {}, step {}: one of the {} beside a generated one{}{}\n", study.epoch, study.step, study.reals,
                  study.same_class ? " of the same class" : "",
                  study.seconds_limit > 0 ? fmt::format(", {:g} s for each", study.seconds_limit) : std::string());
  if (!study.people.empty()) {
    TextTable table("lrlrrr");
    table.add({"person", "found", "95 % (exact)", "trials", "late", "median"});
    for (const measure::FoundShare& one : study.people) add_found(table, one, printable(one.name));
    table.add_rule();
    add_found(table, study.all, "all");
    for (const measure::FoundShare& one : study.classes) add_found(table, one, "class " + printable(one.name));
    text += table.str();
  }
  const measure::Agreement& agreed = study.agreement;
  if (agreed.pairs > 0) {
    text += fmt::format("agreement: {:.3f} of {} of answers to {}{}\n", agreed.share, counted(agreed.pairs, "pair"),
                        counted(agreed.items, "shared trial"),
                        std::isfinite(agreed.kappa) ? fmt::format(", Fleiss' kappa {:.3f}", agreed.kappa) : "");
  }
  if (study.unfinished > 0) text += fmt::format("{} not finished\n", counted(study.unfinished, "test"));
  return text;
}

int show_results(const JudgeArguments& arguments, const run::RunDirectory& directory) {
  const page::KeptJudgements kept = page::kept_judgements(directory.path());
  const std::vector<measure::UserStudy> studies = measure::user_studies(kept.judgements());
  if (arguments.output.json) {
    Json list = Json::array();
    for (const measure::UserStudy& study : studies) list.push_back(measure::to_json(study));
    print_json({{"schema", "ganymede.judge_command/1"},
                {"run", directory.name()},
                {"studies", std::move(list)},
                {"damaged", kept.damaged}});
    return 0;
  }
  if (arguments.output.quiet) return 0;
  for (const std::string& fault : kept.damaged) print(fmt::format("left out: {}\n", printable(fault)));
  for (const measure::UserStudy& study : studies) print(study_words(study));
  if (studies.empty()) {
    print(fmt::format("{}: nobody has judged it yet: `{} serve`, page Judge, or --sheet FILE.html\n", directory.name(),
                      program_name()));
  }
  return 0;
}

int judge_run(const JudgeArguments& arguments) {
  if (!arguments.sheet.empty()) return write_test_sheet(arguments);
  const run::RunDirectory directory = arguments.run.find();
  if (!arguments.imports.empty()) import_files(arguments, directory);
  return show_results(arguments, directory);
}

}  // namespace

Action set_up_judge(CLI::App& command) {
  const auto a = std::make_shared<JudgeArguments>();
  add_run(command, a->run);
  auto* sheet = command
                    .add_option("--sheet", a->sheet,
                                "FILE.html: write the test as one page that asks without a server and gives back a "
                                "file of answers")
                    ->type_name("FILE")
                    ->transform(through_links());
  auto* import = command.add_option("--import", a->imports, "Files of answers that sheets gave back")
                     ->type_name("FILE")
                     ->excludes(sheet);
  command.add_option("--seed", a->seed, "Of the sheet: which samples, in which order, on which sides")
      ->transform(range<std::int64_t>(0, measure::kMostTestSeed))
      ->capture_default_str()
      ->excludes(import);
  command.add_option("--n", a->trials, "Of the sheet: trials, two pictures each")
      ->transform(range(1, measure::kMostTrials))
      ->capture_default_str()
      ->excludes(import);
  command.add_option("--seconds", a->seconds, "Of the sheet: time for a trial; 0: no limit")
      ->transform(range(0.0, measure::kMostTrialSeconds))
      ->capture_default_str()
      ->excludes(import);
  command.add_option("--epoch", a->epoch, "Of the sheet: weights of this epoch's snapshot (default: the newest)")
      ->transform(range<std::int64_t>(0, kMostCount))
      ->excludes(import);
  add_threads(command, a->machine.threads);
  add_data(command, a->machine.data);
  add_output(command, a->output);
  command.footer(
      "Without --sheet it prints what people found: in the explorer (page Judge) and on sheets.\n"
      "Example: ganymede judge dcgan-001 --sheet test.html --n 40\n"
      "         ganymede judge dcgan-001 --import answers/*.json");
  return [a] { return judge_run(*a); };
}

}  // namespace ganymede::app
