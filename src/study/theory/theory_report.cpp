#include "study/theory/theory_report.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "run/recipe_file.hpp"
#include "study/results.hpp"

namespace ganymede::study {

TheoryResults make_exhibits(const TheoryPlan& plan, const std::filesystem::path& folder,
                            const train::SessionOptions& session,
                            const std::function<void(double, const std::string&)>& on_progress) {
  TheoryResults results{.plan = plan, .seconds = 0, .exhibits = {}};
  for (const train::PlannedRun& planned : plan.all_runs())
    results.seconds += run::RunDirectory::open(folder / "runs" / planned.name).info().seconds;
  const page::FigureWriter figures(folder);
  const TheoryContext context{.plan = plan, .folder = folder, .session = session, .figures = figures};
  double done = 0;
  for (const ExhibitEntry& entry : exhibits()) {
    if (on_progress) on_progress(done++, entry.name);
    results.exhibits.push_back(entry.make(context));
  }
  return results;
}

Judgement judge_theory(const TheoryResults& results) {
  Judgement judgement;
  for (const Exhibit& exhibit : results.exhibits)
    judgement.findings.insert(judgement.findings.end(), exhibit.findings.begin(), exhibit.findings.end());
  judgement.tests = settle(judgement.findings);
  return judgement;
}

page::Document theory_document(const TheoryResults& results, const Judgement& judgement) {
  page::Document page{.title = "GAN theory, computed and played"};
  page.add(page::Paragraph{fmt::format(
      "The lecture's formulas as numbers, its pictures as figures of trained networks, and its failures as recipes. "
      "Formulas are held to the digits that they should have; what is trained is judged over seeds. Training took {} "
      "in all.",
      human_duration(results.seconds))});
  if (results.plan.quick)
    page.add(page::Paragraph{fmt::format("This is the quick version: {}.", results.plan.settings)});
  page.add(page::Heading{"What the lecture says, and what this says of it"});
  page.add(page::Findings{});
  page.add(page::Paragraph{correction_text(judgement.tests)});
  for (std::size_t i = 0; i < results.exhibits.size(); ++i) {
    page.add(page::Heading{exhibits()[i].title});
    for (const page::Part& part : results.exhibits[i].parts) page.add(part);
  }
  page.add(page::Heading{"Settings"});
  for (const FailurePair& pair : results.plan.failures)
    page.add(page::Details{"Recipe of " + pair.recipe, run::to_toml(pair.failing.runs.front().recipe)});
  for (const TheoryArm* arm : {&results.plan.updates.front(), &results.plan.sweep.cells.front()})
    page.add(page::Details{"Recipe of " + arm->name, run::to_toml(arm->runs.front().recipe)});
  return page;
}

std::string theory_json(const TheoryResults& results, const Judgement& judgement) {
  nlohmann::ordered_json json = {{"schema", kTheorySchema},
                                 {"study", "theory"},
                                 {"quick", results.plan.quick},
                                 {"settings", results.plan.settings},
                                 {"data", results.plan.source},
                                 {"seconds", results.seconds},
                                 {"exhibits", nlohmann::ordered_json::object()}};
  for (std::size_t i = 0; i < results.exhibits.size(); ++i)
    json["exhibits"][exhibits()[i].name] = results.exhibits[i].numbers;
  return results_text(std::move(json), judgement, theory_document(results, judgement));
}

}  // namespace ganymede::study
