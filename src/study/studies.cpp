#include "study/studies.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/file.hpp"
#include "evaluate/reference.hpp"
#include "page/study_page.hpp"
#include "study/directions/directions_report.hpp"
#include "study/distributed/distributed_report.hpp"
#include "study/doctor/doctor_report.hpp"
#include "study/image_effort.hpp"
#include "study/image_report.hpp"
#include "study/ink_report.hpp"
#include "study/theory/digit_judge.hpp"
#include "study/theory/theory_report.hpp"
#include "study/unrolled_report.hpp"

namespace ganymede::study {
namespace {

class ImageStudy : public Study {
 public:
  explicit ImageStudy(ImagePlan plan) : plan_(std::move(plan)) {}

  std::string folder() const override { return plan_.study + (plan_.quick ? "-quick" : ""); }
  std::vector<train::PlannedRun> runs() const override { return plan_.all_runs(); }
  void check(const train::SessionOptions& session) const override { check_measurable(plan_, session); }
  std::int64_t points() const override { return plan_.points(); }
  std::optional<Effort> missing(const std::filesystem::path& folder,
                                const train::SessionOptions& session) const override {
    const std::filesystem::path root = folder / "runs";
    return Effort{missing_points(plan_, root), expected_measuring_seconds(plan_, root, session)};
  }
  Outcome measure(const std::filesystem::path& folder, const train::SessionOptions& session,
                  const std::function<void(double, const std::string&)>& on_progress) const override {
    const ImageResults results = measure_images(plan_, folder / "runs", session, on_progress);
    Judgement judgement = judge_images(results);
    std::string json = image_json(results, judgement, draw_figures(results, folder, session));
    return {std::move(json), std::move(judgement)};
  }

 private:
  ImagePlan plan_;
};

class InkStudy : public Study {
 public:
  explicit InkStudy(InkPlan plan) : plan_(std::move(plan)) {}

  std::string folder() const override {
    return fmt::format("ink-{}{}", evaluate::slug(plan_.data), plan_.quick ? "-quick" : "");
  }
  std::vector<train::PlannedRun> runs() const override { return plan_.all_runs(); }
  void check(const train::SessionOptions&) const override {}  // the plan has looked
  std::int64_t points() const override { return static_cast<std::int64_t>(plan_.all_runs().size()); }
  Outcome measure(const std::filesystem::path& folder, const train::SessionOptions& session,
                  const std::function<void(double, const std::string&)>& on_progress) const override {
    const InkResults results =
        measure_plan(plan_, folder / "runs", session,
                     [&](std::size_t done, const std::string& what) { on_progress(static_cast<double>(done), what); });
    Judgement judgement = judge_ink(results);
    std::string json = ink_json(results, judgement, draw_ink_figures(results, folder, session));
    return {std::move(json), std::move(judgement)};
  }

 private:
  InkPlan plan_;
};

class UnrolledStudy : public Study {
 public:
  explicit UnrolledStudy(UnrolledPlan plan) : plan_(std::move(plan)) {}

  std::string folder() const override { return plan_.quick ? "unrolled-quick" : "unrolled"; }
  std::vector<train::PlannedRun> runs() const override { return plan_.all_runs(); }
  void check(const train::SessionOptions& session) const override { check_measurable(plan_, session); }
  std::int64_t points() const override { return plan_.points(); }
  Outcome measure(const std::filesystem::path& folder, const train::SessionOptions& session,
                  const std::function<void(double, const std::string&)>& on_progress) const override {
    const UnrolledResults results = measure_unrolled(plan_, folder / "runs", session, on_progress);
    Judgement judgement = judge_unrolled(results);
    std::string json = unrolled_json(results, judgement, draw_unrolled_figures(results, folder, session));
    return {std::move(json), std::move(judgement)};
  }

 private:
  UnrolledPlan plan_;
};

class TheoryStudy : public Study {
 public:
  explicit TheoryStudy(TheoryPlan plan) : plan_(std::move(plan)) {}

  std::string folder() const override { return plan_.quick ? "theory-quick" : "theory"; }
  std::vector<train::PlannedRun> runs() const override { return plan_.all_runs(); }
  void check(const train::SessionOptions& session) const override { digit_sets(plan_, session); }
  std::int64_t points() const override { return static_cast<std::int64_t>(exhibits().size()); }
  Outcome measure(const std::filesystem::path& folder, const train::SessionOptions& session,
                  const std::function<void(double, const std::string&)>& on_progress) const override {
    const TheoryResults results = make_exhibits(plan_, folder, session, on_progress);
    Judgement judgement = judge_theory(results);
    std::string json = theory_json(results, judgement);
    return {std::move(json), std::move(judgement)};
  }

 private:
  TheoryPlan plan_;
};

class DoctorStudy : public Study {
 public:
  explicit DoctorStudy(DoctorPlan plan) : plan_(std::move(plan)) {}

  std::string folder() const override { return plan_.quick ? "doctor-quick" : "doctor"; }
  std::vector<train::PlannedRun> runs() const override { return plan_.all_runs(); }
  void check(const train::SessionOptions& session) const override { check_sources(plan_, session); }
  std::int64_t points() const override { return static_cast<std::int64_t>(plan_.cases.size()); }
  Outcome measure(const std::filesystem::path& folder, const train::SessionOptions&,
                  const std::function<void(double, const std::string&)>& on_progress) const override {
    const DoctorResults results = read_doctor_runs(plan_, folder, on_progress);
    Judgement judgement = judge_doctor(results);
    std::string json = doctor_json(results, judgement);
    return {std::move(json), std::move(judgement)};
  }

 private:
  DoctorPlan plan_;
};

class DirectionsStudy : public Study {
 public:
  explicit DirectionsStudy(DirectionsPlan plan) : plan_(std::move(plan)) {}

  std::string folder() const override { return plan_.quick ? "directions-quick" : "directions"; }
  std::vector<train::PlannedRun> runs() const override { return plan_.all_runs(); }
  void check(const train::SessionOptions& session) const override { check_sources(plan_, session); }
  std::int64_t points() const override { return plan_.points(); }
  Outcome measure(const std::filesystem::path& folder, const train::SessionOptions& session,
                  const std::function<void(double, const std::string&)>& on_progress) const override {
    const DirectionsResults results = measure_directions(plan_, folder, session, on_progress);
    Judgement judgement = judge_directions(results);
    std::string json = directions_json(results, judgement, draw_directions_figures(results, folder));
    return {std::move(json), std::move(judgement)};
  }

 private:
  DirectionsPlan plan_;
};

class DistributedStudy : public Study {
 public:
  explicit DistributedStudy(DistributedPlan plan) : plan_(std::move(plan)) {}

  std::string folder() const override {
    return fmt::format("distributed-{}{}", evaluate::slug(plan_.data), plan_.quick ? "-quick" : "");
  }
  std::vector<train::PlannedRun> runs() const override { return plan_.all_runs(); }
  std::vector<train::PlannedTeam> teams() const override { return plan_.all_teams(); }
  void check(const train::SessionOptions& session) const override { check_parts(plan_, session); }
  std::int64_t points() const override { return static_cast<std::int64_t>(plan_.all_teams().size()); }
  Outcome measure(const std::filesystem::path& folder, const train::SessionOptions& session,
                  const std::function<void(double, const std::string&)>& on_progress) const override {
    const DistributedResults results = measure_distributed(plan_, folder, session, on_progress);
    Judgement judgement = judge_distributed(results);
    std::string json = distributed_json(results, judgement, draw_distributed_figures(results, folder, session));
    return {std::move(json), std::move(judgement)};
  }

 private:
  DistributedPlan plan_;
};

template <ImagePlan (*Plan)(const ImageChoices&)>
std::unique_ptr<Study> make_images(const Choices& c) {
  return std::make_unique<ImageStudy>(Plan({.quick = c.quick,
                                            .seeds = c.seeds,
                                            .epochs = c.epochs,
                                            .own_epochs = c.own_epochs,
                                            .judge = c.judge,
                                            .source = c.source}));
}

std::unique_ptr<Study> make_ink(const Choices& c) {
  return std::make_unique<InkStudy>(plan_ink(
      {.source = c.source.empty() ? "builtin" : c.source, .quick = c.quick, .seeds = c.seeds, .steps = c.steps}));
}

std::unique_ptr<Study> make_unrolled(const Choices& c) {
  return std::make_unique<UnrolledStudy>(
      plan_unrolled({.quick = c.quick, .seeds = c.seeds, .epochs = c.epochs, .source = c.source}));
}

std::unique_ptr<Study> make_theory(const Choices& c) {
  return std::make_unique<TheoryStudy>(
      plan_theory({.quick = c.quick, .seeds = c.seeds, .epochs = c.epochs, .source = c.source}));
}

std::unique_ptr<Study> make_doctor_study(const Choices& c) {
  return std::make_unique<DoctorStudy>(
      plan_doctor({.quick = c.quick, .seeds = c.seeds, .epochs = c.epochs, .source = c.source}));
}

std::unique_ptr<Study> make_directions(const Choices& c) {
  return std::make_unique<DirectionsStudy>(
      plan_directions({.quick = c.quick, .seeds = c.seeds, .epochs = c.epochs, .source = c.source}));
}

std::unique_ptr<Study> make_distributed(const Choices& c) {
  return std::make_unique<DistributedStudy>(plan_distributed(
      {.source = c.source.empty() ? "builtin" : c.source, .quick = c.quick, .seeds = c.seeds, .steps = c.steps}));
}

StudyEntry of_images(std::string name, std::string sentence, const char* source, std::string epochs,
                     std::unique_ptr<Study> (*make)(const Choices&)) {
  return {.name = name,
          .sentence = std::move(sentence),
          .schema = kImagesSchema,
          .source = fmt::format("as data.source takes it: a name, or a path (default: {})", source),
          .seeds = "3",
          .epochs = std::move(epochs),
          .judge = true,
          .unit = "points",
          .example = fmt::format("Example: ganymede study {} --quick", name),
          .make = make};
}

// A new study is one more entry here.
std::vector<StudyEntry> make_studies() {
  StudyEntry dims = of_images("dims", "S-LATENT: 2, 3 and 4 latent dimensions, and the conditional model", "mnist",
                              "50, quick 10", make_images<plan_dims>);
  dims.own_epochs = "Each model as long as the study trained it: 5000, 2000, 1000 epochs, the conditional one 256";
  return {{.name = "ink",
           .sentence = "S-INK: does a partitioned latent space help on vector handwriting?",
           .schema = kInkSchema,
           .source = "builtin (made-up symbols, nothing to download), unipen (real ones), or a file of ink",
           .seeds = "3, quick 2",
           .steps = "30,000, quick 6,000",
           .unit = "runs",
           .example = "Example: ganymede study ink --quick\n         ganymede study ink --source unipen --seeds 5",
           .make = make_ink},
          std::move(dims),
          of_images("activations", "S-LATENT: activation functions in G, on digits", "mnist",
                    "the study's 500, quick 10", make_images<plan_activations>),
          of_images("landscapes", "S-LATENT: activation functions in G, on landscapes", "builtin-landscapes",
                    "the study's 1,000, quick 18", make_images<plan_landscapes>),
          of_images("dcgan", "S-DCGAN: how the losses of a DCGAN move", "mnist", "the study's 50, quick 4",
                    make_images<plan_dcgan>),
          {.name = "unrolled",
           .sentence = "S-THEORY: does a GAN that looks ahead at D collapse less?",
           .schema = kUnrolledSchema,
           .source = "the digits that the recurrent generator learns, a name or a path (default: mnist)",
           .seeds = "points 10, quick 6; digits 5, quick 2",
           .epochs = "points 250, quick 20, of 100 steps each; digits 80, quick 6",
           .unit = "points",
           .example = "Example: ganymede study unrolled --quick",
           .make = make_unrolled},
          {.name = "theory",
           .sentence = "S-THEORY: the lecture's formulas, games and failures",
           .schema = kTheorySchema,
           .source = "digits that a classifier learns and is led astray with (default: builtin-digits)",
           .seeds = "4 to 6, quick 2 or 3",
           .epochs = "each game's own",
           .unit = "exhibits",
           .example = "Example: ganymede study theory --quick",
           .make = make_theory},
          {.name = "doctor",
           .sentence = "The doctor of runs: does he name what fails, and nothing else?",
           .schema = kDoctorSchema,
           .source = "digits of the recipes that learn MNIST, a name or a path (default: mnist)",
           .seeds = "10, quick 3",
           .epochs = "each game's own",
           .unit = "games",
           .example = "Example: ganymede study doctor --quick",
           .make = make_doctor_study},
          {.name = "directions",
           .sentence = "S-THEORY: attributes as directions of z, in 2 to 100 dimensions",
           .schema = kDirectionsSchema,
           .source = "digits, a name or a path (default: mnist)",
           .seeds = "5, quick 3",
           .epochs = "50, quick 10",
           .unit = "runs",
           .example = "Example: ganymede study directions --quick",
           .make = make_directions},
          {.name = "distributed",
           .sentence = "S-INK: does a shared partition help workers with parts of the ink?",
           .schema = kDistributedSchema,
           .source = "builtin (made-up symbols, nothing to download), unipen (real ones), or a file of ink",
           .seeds = "3",
           .steps = "20,000, quick 1,800",
           .unit = "teams",
           .example = "Example: ganymede study distributed --quick",
           .make = make_distributed}};
}

}  // namespace

Outcome finish(const Study& study, const std::filesystem::path& folder, const train::SessionOptions& session,
               const std::function<void(double, const std::string&)>& on_progress) {
  Outcome outcome = study.measure(folder, session, on_progress);
  write_file_atomically(folder / "results.json", outcome.results);
  write_file_atomically(folder / "report.html", page::study_page(folder));
  return outcome;
}

const std::vector<StudyEntry>& studies() {
  static const std::vector<StudyEntry> table = make_studies();
  return table;
}

}  // namespace ganymede::study
