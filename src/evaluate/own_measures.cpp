#include "evaluate/own_measures.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "evaluate/neighbour_picture.hpp"
#include "evaluate/own_discriminator.hpp"
#include "evaluate/point_scores.hpp"
#include "evaluate/real_or_generated.hpp"
#include "evaluate/similarity_score.hpp"
#include "evaluate/space_scores.hpp"
#include "evaluate/stacked_scores.hpp"

namespace ganymede::evaluate {
namespace {

constexpr std::int64_t kShown = 12;  // fakes of the picture of neighbours
constexpr std::int64_t kNeighbours = 5;

void add(const MeasureTask& task, measure::Score score) {
  task.result.scores.push_back(std::move(score));
}

void add(const MeasureTask& task, std::vector<measure::Score> more) {
  std::ranges::move(more, std::back_inserter(task.result.scores));
}

std::string needs_classes(const ScoreContext& c) {
  const bool conditional = c.generator.classes() > 0 && c.reference.test().has_labels();
  return conditional ? "" : "only for conditional models on labelled data";
}

std::string needs_its_own_classes(const ScoreContext& c) {
  if (const std::string why = needs_classes(c); !why.empty()) return why;
  const bool own = c.reference.classifier().class_count() == c.reference.test().class_count();
  return own ? "" : "needs a classifier of the run's own classes";
}

std::string needs_straight_lines(const ScoreContext& c) {
  const std::string& sampler = c.weights.snapshot.recipe.latent.sampler;
  if (c.weights.snapshot.recipe.latent.codes != "none")
    return "a line between two draws leaves the values of latent.codes";
  if (sampler == "gaussian") return "";
  return "a line between two draws leaves the cells of latent.sampler = \"" + sampler + "\"";
}

std::string needs_single_pictures(const ScoreContext& c) {
  return c.weights.snapshot.recipe.game.pack == 1 ? "" : "its discriminator sees packs of samples (game.pack)";
}

std::string needs_its_own_view(const ScoreContext& c) {
  const NamedTensors& tensors = c.weights.snapshot.tensors;
  if (std::ranges::none_of(tensors, [](const auto& t) { return t.first.starts_with("discriminator."); }))
    return "this run was imported without a discriminator";
  if (const std::string why = needs_single_pictures(c); !why.empty()) return why;
  const bool lacking =
      net::condition_length(c.weights.snapshot.discriminator) != c.reference.test().condition_length() &&
      net::condition_length(c.weights.snapshot.discriminator) > 0;
  return lacking ? "its discriminator takes conditions, which the held-out data have not" : "";
}

std::string needs_no_class(const ScoreContext& c) {
  if (c.generator.condition_length() > 0) return "only for models that take no condition";
  return c.generator.classes() == 0 ? "" : "only for models that take no class";
}

std::string needs_few_classes(const ScoreContext& c) {
  return c.reference.stacked() == 1 ? "" : "of stacked digits the measure stacked counts the classes, by more samples";
}

template <const char* Protocol>
std::string needs_samples(const ScoreContext& c) {
  return judge_obstacle(c.reference, c.weights.snapshot.recipe, Protocol);
}

template <const char* Protocol>
void judge_by(const MeasureTask& task) {
  const ScoreContext& c = task.context;
  RealOrGeneratedScores judgement =
      judge_real_or_generated(c.generator, c.reference, c.weights.snapshot.recipe, Protocol, c.options);
  add(task, std::move(judgement.scores));
  task.result.curves.push_back(std::move(judgement.curve));
}

void draw_neighbours(const MeasureTask& task) {
  const ScoreContext& c = task.context;
  const Tensor fakes = collect(generated(c.generator, kScoreSeed, task.classes), std::min(kShown, c.count));
  const auto look = [&] { end_if_stopped(c.options); };
  task.result.neighbours = training_neighbours(fakes, c.reference, kNeighbours, c.options.threads, look).picture;
}

constexpr char kWeak[] = "nk_weak_v1", kStrong[] = "nk_strong_v1", kStrongRaw[] = "nk_strong_raw_v1";

// A new measure is one more entry here; what its scores are called on a screen stands in measure/score_kinds.cpp.
constexpr OwnMeasure kMeasures[] = {
    {.facts = {"inception", "inception-style score by the classifier's classes; the reals' own beside it", true},
     .classified = true},
    {.facts = {"modes", "classes that the fakes meet, and how evenly", true},
     .classified = true,
     .obstacle = needs_few_classes,
     .run = [](const MeasureTask& task) { add(task, mode_scores(task.context, task.fake)); }},
    {.facts = {"class_accuracy", "conditional models: share of fakes that the classifier takes for their class", true},
     .classified = true,
     .obstacle = needs_its_own_classes,
     .run = [](const MeasureTask& task) { add(task, class_accuracy_score(task.context, task.fake)); }},
    {.facts = {"msd", "conditional models: difference of pairs of one class (MSD, NRMSD): diversity", true},
     .features = false,
     .obstacle = needs_classes,
     .run = [](const MeasureTask& task) { add(task, pair_scores(task.context, task.classes)); }},
    {.facts = {"ms_ssim", "how alike pairs of pictures are (MS-SSIM), the reals' own beside it: diversity", true},
     .features = false,
     .obstacle = needs_pictures,
     .run = [](const MeasureTask& task) { add(task, similarity_score(task.context, task.classes)); }},
    {.facts = {"path_length", "perceptual path length by the classifier's features: smoothness of the latent space",
               true},
     .obstacle = needs_straight_lines,
     .run = [](const MeasureTask& task) { add(task, path_length_score(task.context)); }},
    {.facts = {"discriminator", "how well the run's own discriminator tells held-out reals from fakes", true},
     .features = false,
     .of = Measured::all,
     .obstacle = needs_its_own_view,
     .run =
         [](const MeasureTask& task) {
           const ScoreContext& c = task.context;
           add(task, discriminator_scores(c.weights.snapshot, c.generator, c.reference, c.options));
         }},
    {.facts = {"mixture", "points: modes that the fakes cover, share of them near a mode, and how evenly", true},
     .features = false,
     .of = Measured::points,
     .obstacle = needs_mixture,
     .run = [](const MeasureTask& task) { add(task, mixture_scores(task.context)); }},
    {.facts = {"stacked", "stacked digits: which of the 1,000 numbers the fakes show, and how evenly", true},
     .obstacle = needs_stacked,
     .run = [](const MeasureTask& task) { add(task, stacked_scores(task.context)); }},
    {.facts = {"density_js", "points: Jensen-Shannon divergence between histograms of fakes and reals", true},
     .features = false,
     .of = Measured::points,
     .obstacle = needs_few_dimensions,
     .run = [](const MeasureTask& task) { add(task, density_score(task.context)); }},
    {.facts = {"frechet_positions", "Fréchet distance over samples and spatial positions of the last feature maps",
               false},
     .run = [](const MeasureTask& task) { add(task, positions_score(task.context, task.classes)); }},
    {.facts = {"separability", "how well hyperplanes of the latent space part the classes of the pictures", false},
     .obstacle = needs_no_class,
     .run = [](const MeasureTask& task) { add(task, separability_score(task.context)); }},
    {.facts = {"neighbours", "picture: fakes beside their nearest training samples", true}, .run = draw_neighbours},
    {.facts = {"weak", "real or generated by a small classifier trained from scratch: val loss and error rate", false},
     .features = false,
     .protocol = kWeak,
     .obstacle = needs_samples<kWeak>,
     .run = judge_by<kWeak>},
    {.facts = {"strong", "the same by the full one, 50 epochs of 120,000 samples: val loss and error rate", false},
     .features = false,
     .protocol = kStrong,
     .obstacle = needs_samples<kStrong>,
     .run = judge_by<kStrong>},
    {.facts = {"nk_strong_raw",
               "strong on fakes as they were generated, not at 8-bit levels, as the study probably judged them", false},
     .features = false,
     .protocol = kStrongRaw,
     .obstacle = needs_samples<kStrongRaw>,
     .run = judge_by<kStrongRaw>}};

}  // namespace

std::span<const OwnMeasure> own_measures() {
  return kMeasures;
}

std::string obstacle_of(const OwnMeasure& measure, const ScoreContext& context) {
  const bool points = context.reference.train().is_points();
  if (points && measure.of == Measured::pictures) return "it looks at pictures or asks a classifier: not for points";
  if (!points && measure.of == Measured::points) return "only for points";
  if (measure.features && !context.reference.has_classifier())
    return "the data have no classes to learn features from; --features takes another set's";
  return measure.obstacle == nullptr ? "" : measure.obstacle(context);
}

}  // namespace ganymede::evaluate
