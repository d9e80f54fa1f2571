#include "study/doctor/doctor_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ranges>

#include "evaluate/doctor/diagnosis.hpp"
#include "run/events.hpp"
#include "run/run_directory.hpp"
#include "study/results.hpp"

namespace ganymede::study {
namespace {

// Right in nine of ten runs.
bool is_enough(std::int64_t right, std::size_t runs) {
  return 10 * right >= 9 * static_cast<std::int64_t>(runs);
}

std::string told_text(const DoctorRow& row) {
  std::vector<std::string> words;
  for (const evaluate::Failure& failure : evaluate::failures()) {
    const auto told = row.told();
    const auto found = told.find(failure.name);
    if (found != told.end()) words.push_back(fmt::format("{} {}", failure.name, found->second));
  }
  return words.empty() ? "nothing" : fmt::format("{}", fmt::join(words, ", "));
}

std::string right_text(const DoctorRow& row) {
  return fmt::format("{} of {}", row.right(), row.runs.size());
}

page::Table table_of(const DoctorResults& results, bool healthy) {
  page::Table table{.head = {"runs", "recipe", "changed", "wanted", "right", "told in how many", "check-ups", "time"},
                    .rows = {},
                    .caption = {}};
  for (const DoctorRow& row : results.rows) {
    if (row.of->healthy() != healthy) continue;
    table.rows.push_back({row.of->name, row.of->recipe, row.of->changes(), row.of->wanted_words(), right_text(row),
                          told_text(row), fmt::format("{}", row.runs.empty() ? 0 : row.runs.front().checkups),
                          fmt::format("{:.1f} %", 100 * row.cost())});
  }
  return table;
}

}  // namespace

DoctorRun read_doctor_run(const std::filesystem::path& run_folder) {
  const run::RunDirectory directory = run::RunDirectory::open(run_folder);
  DoctorRun found{.run = directory.name(), .told = {}, .seconds = directory.info().seconds};
  const auto events = run::read_events(directory.events_path());
  evaluate::Patient patient(directory.recipe());
  std::set<std::string> told;
  for (const evaluate::Checkup& checkup : evaluate::checkups_in(events)) {
    ++found.checkups;
    patient.add(checkup);
    for (const evaluate::Diagnosis& diagnosis : patient.diagnoses()) told.insert(diagnosis.failure->name);
  }
  for (const nlohmann::json& event : events) {
    if (event.value("event", "") == "checkup") found.checkup_seconds += event.value("time_seconds", 0.0);
  }
  for (const evaluate::Failure& failure : evaluate::failures()) {
    if (told.contains(failure.name)) found.told.emplace_back(failure.name);
  }
  return found;
}

std::int64_t DoctorRow::right() const {
  return std::ranges::count_if(runs, [&](const DoctorRun& run) { return of->is_right(run.told); });
}

std::map<std::string, std::int64_t> DoctorRow::told() const {
  std::map<std::string, std::int64_t> counts;
  for (const DoctorRun& run : runs) {
    for (const std::string& failure : run.told) ++counts[failure];
  }
  return counts;
}

double DoctorRow::cost() const {
  double checkups = 0, all = 0;
  for (const DoctorRun& run : runs) checkups += run.checkup_seconds, all += run.seconds;
  return all > 0 ? checkups / all : 0;
}

DoctorResults read_doctor_runs(const DoctorPlan& plan, const std::filesystem::path& folder,
                               const std::function<void(double, const std::string&)>& on_progress) {
  DoctorResults results{.plan = plan, .rows = {}};
  double done = 0;
  for (const DoctorCase& one : results.plan.cases) {
    if (on_progress) on_progress(done++, one.name);
    DoctorRow row{.of = &one, .runs = {}};
    for (const train::PlannedRun& planned : one.runs)
      row.runs.push_back(read_doctor_run(folder / "runs" / planned.name));
    results.rows.push_back(std::move(row));
  }
  return results;
}

Judgement judge_doctor(const DoctorResults& results) {
  Judgement judgement;
  for (const DoctorRow& row : results.rows) {
    judgement.findings.push_back(
        {.claim = fmt::format("{}: he names {}.", row.of->name,
                              row.of->wanted.size() > 1 ? "a failure" : row.of->wanted_words()),
         .verdict = is_enough(row.right(), row.runs.size()) ? kConfirmed : kRefuted,
         .evidence = fmt::format("in {} seeds; told: {}", right_text(row), told_text(row))});
  }
  judgement.tests = settle(judgement.findings);
  return judgement;
}

page::Document doctor_document(const DoctorResults& results) {
  page::Document page{.title = "The doctor, held to his word"};
  page.add(page::Paragraph{
      "Recipes that fail on purpose, in which the doctor has to name the failure, and healthy ones, in which he has to "
      "be silent. Each run is judged from its check-ups by the rules of this program; a claim is confirmed where he is "
      "right in nine of ten seeds."});
  if (results.plan.quick) page.add(page::Paragraph{"This is the quick version: small games alone, and fewer seeds."});
  page.add(page::Heading{"What fails"});
  page.add(table_of(results, false));
  page.add(page::Heading{"What is healthy"});
  page.add(table_of(results, true));
  page.add(page::Heading{"Verdicts"});
  page.add(page::Findings{});
  return page;
}

std::string doctor_json(const DoctorResults& results, const Judgement& judgement) {
  nlohmann::ordered_json json = {{"schema", kDoctorSchema},
                                 {"study", "doctor"},
                                 {"quick", results.plan.quick},
                                 {"cases", nlohmann::ordered_json::array()}};
  for (const DoctorRow& row : results.rows) {
    nlohmann::ordered_json runs = nlohmann::ordered_json::array();
    for (const DoctorRun& run : row.runs) {
      runs.push_back({{"run", run.run},
                      {"told", run.told},
                      {"checkups", run.checkups},
                      {"checkup_seconds", run.checkup_seconds},
                      {"seconds", run.seconds}});
    }
    json["cases"].push_back({{"name", row.of->name},
                             {"recipe", row.of->recipe},
                             {"changes", row.of->changes()},
                             {"wanted", row.of->wanted},
                             {"right", row.right()},
                             {"runs", std::move(runs)}});
  }
  return results_text(std::move(json), judgement, doctor_document(results));
}

}  // namespace ganymede::study
