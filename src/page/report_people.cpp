#include "page/report_people.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/text.hpp"
#include "base/wording.hpp"
#include "measure/score_kinds.hpp"
#include "page/kept_judgements.hpp"
#include "page/kept_scores.hpp"
#include "page/report_series.hpp"

namespace ganymede::page {
namespace {

std::vector<std::string> found_row(const measure::FoundShare& one) {
  const std::string interval =
      one.answered == 0 ? "-" : fmt::format("[{}, {}]", number(one.interval.low), number(one.interval.high));
  return {one.name,
          one.answered == 0 ? "-" : number(one.share),
          interval,
          with_thousands(one.found),
          with_thousands(one.answered),
          with_thousands(one.late),
          one.answered == 0 ? "-" : fmt::format("{:.1f} s", one.seconds)};
}

// What others told rightly of the same weights: 1 - error rate of classifiers, accuracies of the run's own D.
void add_other_judges(Table& table, const run::RunDirectory& run, const measure::UserStudy& study) {
  const bool newest = study.step == run.info().step;
  for (const KeptScore& kept : kept_scores(run, newest ? std::nullopt : std::optional(study.epoch))) {
    const measure::Score& score = kept.score;
    const bool errors = score.name.starts_with("error_rate"), own = score.name.starts_with("d_accuracy");
    if (kept.step != study.step || (!errors && !own)) continue;
    const auto told = [&](double v) { return number(errors ? 1 - v : v); };
    table.rows.push_back(
        {own ? "the run's own D" : "classifier " + score.name, told(score.value),
         fmt::format("[{}, {}]", told(errors ? score.high : score.low), told(errors ? score.low : score.high)), "-",
         with_thousands(score.count_real + score.count_fake), "-", "-"});
  }
}

std::string verdict_sentence(const measure::UserStudy& study) {
  const measure::FoundShare& all = study.all;
  const std::string found =
      fmt::format("{} of {} fakes were found", with_thousands(all.found), with_thousands(all.answered));
  if (all.interval.low > 0.5) return found + ": people tell them from real ones.";
  if (all.interval.high < 0.5) return found + ": fewer than by guessing; people take the fakes for the real ones.";
  return found + ": no more than by guessing, so far as so many trials can tell.";
}

void add_study(Page& page, const run::RunDirectory& run, const measure::UserStudy& study) {
  const std::string limit =
      study.seconds_limit > 0 ? fmt::format(", {:g} s for each", study.seconds_limit) : std::string();
  page.subheading(fmt::format("Weights of epoch {}, step {}{}", study.epoch, study.step, limit));
  if (study.people.empty()) {
    page.paragraph(fmt::format("{} begun, none finished yet.", counted(study.unfinished, "test")));
    return;
  }
  page.paragraph(verdict_sentence(study));
  Table people{.head = {"judge", "told rightly", "95 %", "found", "answered", "too late", "median time"},
               .rows = {},
               .caption = fmt::format(
                   "One of the {} beside a generated one{}: which is the fake? Chance is 0.5. Intervals are exact "
                   "(Clopper and Pearson). Classifiers say real or generated of one sample at a time, which is harder "
                   "than to choose between two.",
                   study.reals, study.same_class ? " of the same class" : "")};
  for (const measure::FoundShare& one : study.people) people.rows.push_back(found_row(one));
  measure::FoundShare all = study.all;
  all.name = "all people";
  people.rows.push_back(found_row(all));
  add_other_judges(people, run, study);
  page.table(people);
  if (!study.classes.empty()) {
    Table classes{.head = {"class", "told rightly", "95 %", "found", "answered", "too late", "median time"},
                  .rows = {},
                  .caption = study.same_class ? "By the class of both pictures."
                                              : "By the class of the real picture; that of the fake is not known."};
    for (const measure::FoundShare& one : study.classes) classes.rows.push_back(found_row(one));
    page.table(classes);
  }
  const measure::Agreement& agreed = study.agreement;
  if (agreed.pairs > 0) {
    page.paragraph(fmt::format(
        "Of the {} of answers to {} that several people were shown, a share of {} agree on the side{}.",
        counted(agreed.pairs, "pair"), counted(agreed.items, "trial"), number(agreed.share),
        std::isfinite(agreed.kappa) ? fmt::format("; Fleiss' kappa {} (0: as often as by chance)", number(agreed.kappa))
                                    : ""));
  }
  if (study.unfinished > 0) {
    page.paragraph(fmt::format("{} begun and not finished: not counted.", counted(study.unfinished, "further test")));
  }
}

}  // namespace

void add_people(Page& page, const run::RunDirectory& run) {
  const KeptJudgements kept = kept_judgements(run.path());
  if (kept.found.empty() && kept.damaged.empty()) return;
  page.heading("What people find");
  for (const std::string& fault : kept.damaged) page.paragraph("Left out: " + fault);
  const std::vector<measure::Judgement> judgements = kept.judgements();
  for (const measure::UserStudy& study : measure::user_studies(judgements)) add_study(page, run, study);
}

}  // namespace ganymede::page
