#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "base/philox.hpp"
#include "base/portable_math.hpp"
#include "measure/p_values.hpp"
#include "picture/grid.hpp"
#include "picture/scatter.hpp"
#include "study/results.hpp"
#include "study/theory/digit_judge.hpp"
#include "study/theory/exhibit.hpp"
#include "study/theory/margin_network.hpp"
#include "theory/density.hpp"

namespace ganymede::study {
namespace {

// Sizes of noise, of the range from -1 to 1: each pixel is changed by so much, up or down.
constexpr std::array<double, 9> kSizes = {0, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5};
constexpr std::size_t kShownSize = 5;
constexpr int kShownDigits = 5;
constexpr picture::Colour kAimed{213, 94, 0}, kRandom{0, 114, 178};

// Pictures with the noise that changes each pixel by the size, by chance or where it leads the classifier astray.
class Astray {
 public:
  Astray(const TheoryContext& context, const fit::ClassifierRecord& record, const DigitSets& sets)
      : classifier_(*context.session.backend, record, context.session.threads),
        pixels_(static_cast<std::size_t>(sets.test.pixels_per_image())),
        shape_{sets.test.size(), sets.test.channels(), sets.test.height(), sets.test.width()},
        values_(static_cast<std::size_t>(sets.test.size()) * pixels_),
        labels_(sets.test.labels) {
    for (std::int64_t i = 0; i < sets.test.size(); ++i)
      data::copy_values(sets.test, i, std::span(values_).subspan(static_cast<std::size_t>(i) * pixels_, pixels_));
    seen_ = classifier_.judge(with({}, 0));
    random_signs();
    aim(*context.session.backend, record, context.session.threads);
  }

  std::size_t count() const { return labels_.size(); }
  const std::vector<float>& random() const { return random_; }
  const std::vector<float>& aimed() const { return aimed_; }
  const std::vector<std::int32_t>& labels() const { return labels_; }
  const fit::Classifier::Outputs& seen() const { return seen_; }

  // All pictures plus noise, kept within the range.
  Tensor with(const std::vector<float>& signs, double size) const {
    Tensor tensor = Tensor::of(shape_, std::span<const float>(values_));
    const std::span<float> out = tensor.values<float>();
    for (std::size_t i = 0; i < signs.size(); ++i)
      out[i] = std::clamp(out[i] + static_cast<float>(size) * signs[i], -1.0F, 1.0F);
    return tensor;
  }
  fit::Classifier::Outputs judge(const std::vector<float>& signs, double size) {
    return classifier_.judge(with(signs, size));
  }
  // One picture as pixels.
  picture::Image picture_of(const Tensor& tensor, std::size_t i) const {
    return picture::from_unit_range(tensor.values<float>().subspan(i * pixels_, pixels_), static_cast<int>(shape_[1]),
                                    static_cast<int>(shape_[2]), static_cast<int>(shape_[3]));
  }
  picture::Image noise_of(const std::vector<float>& signs, double size, std::size_t i) const {
    std::vector<float> noise(signs.begin() + static_cast<std::ptrdiff_t>(i * pixels_),
                             signs.begin() + static_cast<std::ptrdiff_t>((i + 1) * pixels_));
    for (float& v : noise) v *= static_cast<float>(size);
    return picture::from_unit_range(noise, static_cast<int>(shape_[1]), static_cast<int>(shape_[2]),
                                    static_cast<int>(shape_[3]));
  }

 private:
  void random_signs() {
    random_.resize(values_.size());
    Random(21, "theory.astray").uniform(0, random_);
    for (float& v : random_) v = v < 0.5F ? -1.0F : 1.0F;
  }

  // The sign of the slope of (logit of the strongest other class less that of its own), by the picture: Goodfellow,
  // Shlens, Szegedy 2015 ("Explaining and harnessing adversarial examples"), towards one class.
  void aim(const play::Backend& backend, const fit::ClassifierRecord& record, int threads) {
    aimed_.resize(values_.size());
    const auto classes = static_cast<int>(record.class_names.size());
    std::map<std::pair<int, int>, std::vector<std::size_t>> pairs;
    for (std::size_t i = 0; i < count(); ++i) {
      const auto probabilities = seen_.probabilities.values<float>().subspan(i * static_cast<std::size_t>(classes),
                                                                             static_cast<std::size_t>(classes));
      int other = labels_[i] == 0 ? 1 : 0;
      for (int k = 0; k < classes; ++k) {
        if (k != labels_[i] &&
            probabilities[static_cast<std::size_t>(k)] > probabilities[static_cast<std::size_t>(other)])
          other = k;
      }
      pairs[{labels_[i], other}].push_back(i);
    }
    for (const auto& [pair, pictures] : pairs) {
      const Margin margin = margin_of(record.network, record.parameters, classes, pair.first, pair.second);
      const auto model = backend.make_model(margin.network, {.batch = 64, .threads = threads});
      model->load(margin.tensors);
      std::vector<float> some;
      for (const std::size_t i : pictures) {
        some.insert(some.end(), values_.begin() + static_cast<std::ptrdiff_t>(i * pixels_),
                    values_.begin() + static_cast<std::ptrdiff_t>((i + 1) * pixels_));
      }
      // Wasserstein's loss of G is the logit with its sign turned: its push is the slope itself.
      const Tensor push = model->push({.count = std::ssize(pictures), .values = some}, play::Loss::wasserstein);
      const auto slopes = push.values<float>();
      for (std::size_t n = 0; n < pictures.size(); ++n) {
        for (std::size_t p = 0; p < pixels_; ++p) {
          const float slope = slopes[n * pixels_ + p];
          aimed_[pictures[n] * pixels_ + p] = slope > 0 ? 1.0F : slope < 0 ? -1.0F : 0.0F;
        }
      }
    }
  }

  fit::Classifier classifier_;
  std::size_t pixels_;
  Shape shape_;
  std::vector<float> values_;
  std::vector<std::int32_t> labels_;
  fit::Classifier::Outputs seen_;
  std::vector<float> random_, aimed_;
};

std::int64_t right_of(const fit::Classifier::Outputs& outputs, const std::vector<std::int32_t>& labels) {
  std::int64_t right = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) right += outputs.labels[i] == labels[i] ? 1 : 0;
  return right;
}

std::string word_of(const fit::Classifier::Outputs& outputs, const std::vector<std::string>& names, std::size_t i) {
  const auto k = static_cast<std::size_t>(outputs.labels[i]);
  return fmt::format("{}, {:.0f} %", names[k], 100 * outputs.probabilities.values<float>()[i * names.size() + k]);
}

void add_pictures(Exhibit& exhibit, const TheoryContext& context, Astray& astray,
                  const std::vector<std::string>& names) {
  const double size = kSizes[kShownSize];
  const auto by_chance = astray.judge(astray.random(), size), aimed = astray.judge(astray.aimed(), size);
  const Tensor plain = astray.with({}, 0), noisy = astray.with(astray.random(), size),
               led = astray.with(astray.aimed(), size);
  std::vector<picture::Image> cells;
  picture::GridStyle style{
      .columns = 5, .gap = 6, .upscale = 4, .background = picture::kWhite, .text = {45, 45, 45}, .labels = {}};
  std::vector<bool> shown(names.size());
  for (std::size_t i = 0; i < astray.count() && static_cast<int>(cells.size()) < 5 * kShownDigits; ++i) {
    const auto k = static_cast<std::size_t>(astray.labels()[i]);
    // The first picture of a class that is seen rightly, and led astray.
    if (shown[k] || astray.seen().labels[i] != astray.labels()[i] || aimed.labels[i] == astray.labels()[i]) continue;
    shown[k] = true;
    for (const picture::Image& cell :
         {astray.picture_of(plain, i), astray.noise_of(astray.random(), size, i), astray.picture_of(noisy, i),
          astray.noise_of(astray.aimed(), size, i), astray.picture_of(led, i)})
      cells.push_back(cell);
    for (const std::string& label : {word_of(astray.seen(), names, i), std::string("+ chance"),
                                     word_of(by_chance, names, i), std::string("+ aimed"), word_of(aimed, names, i)})
      style.labels.push_back(label);
  }
  if (cells.empty()) return;
  exhibit.add(
      context.figures.png("astray", picture::make_grid(cells, style),
                          fmt::format("A picture and what the classifier says of it; noise by chance and the picture "
                                      "with it; noise of the same size aimed by the classifier's slopes and the "
                                      "picture with that. Every pixel is changed by {:g} of the range of 2.",
                                      size)));
}

void add_noise_curve(Exhibit& exhibit, Astray& astray) {
  picture::Series by_chance{.name = "noise by chance", .x = {}, .y = {}, .colour = kRandom},
      aimed{.name = "the same size, aimed", .x = {}, .y = {}, .colour = kAimed};
  const auto count = static_cast<double>(astray.count());
  std::int64_t chance_right = 0, aimed_right = 0, chance_alone = 0, aimed_alone = 0;
  exhibit.numbers["noise"] = nlohmann::ordered_json::array();
  for (std::size_t s = 0; s < kSizes.size(); ++s) {
    const auto of_chance = astray.judge(astray.random(), kSizes[s]), of_aim = astray.judge(astray.aimed(), kSizes[s]);
    const std::int64_t one = right_of(of_chance, astray.labels()), other = right_of(of_aim, astray.labels());
    if (s == kShownSize) {
      chance_right = one, aimed_right = other;
      for (std::size_t i = 0; i < astray.count(); ++i) {
        const bool first = of_chance.labels[i] != astray.labels()[i], second = of_aim.labels[i] != astray.labels()[i];
        chance_alone += first && !second ? 1 : 0;
        aimed_alone += second && !first ? 1 : 0;
      }
    }
    by_chance.x.push_back(kSizes[s]);
    by_chance.y.push_back(100 * static_cast<double>(one) / count);
    aimed.x.push_back(kSizes[s]);
    aimed.y.push_back(100 * static_cast<double>(other) / count);
    exhibit.numbers["noise"].push_back({{"size", kSizes[s]}, {"right_by_chance", one}, {"right_aimed", other}});
  }
  exhibit.add(curves_plot("Noise of one size, by chance and aimed", "how far each pixel is changed, of the range of 2",
                          "classified rightly, %", {by_chance, aimed},
                          fmt::format("{} held-out pictures.", astray.count())));
  exhibit.findings.push_back(
      {.claim = "Noise that hardly shows shifts a classifier's class, if it is aimed.",
       .verdict = {},
       .evidence = {},
       .tests = {against_chance("of the pictures that one kind of noise alone leads astray, the aimed one does",
                                aimed_alone, aimed_alone + chance_alone, 0.5)},
       .note = fmt::format("each pixel changed by {:g}: {} of {} pictures are classified rightly with noise by chance, "
                           "{} with noise that is aimed",
                           kSizes[kShownSize], chance_right, astray.count(), aimed_right)});
}

// Two classes of the plane: p(y | x) is sure where there is no p(x).
void add_two_classes(Exhibit& exhibit, const TheoryContext& context) {
  constexpr int kCells = 110;
  constexpr double kEnd = 5;
  constexpr std::array<double, 2> kStray = {1.2, 4.3};
  const theory::Density left{.parts = {{.mean = {-1.3, -0.4}, .deviation = {0.8, 0.8}}}},
      right{.parts = {{.mean = {1.3, 0.4}, .deviation = {0.8, 0.8}}}};
  const auto share_of = [&](std::span<const double> x) { return portable_sigmoid(right.log_at(x) - left.log_at(x)); };
  const auto density_of = [&](std::span<const double> x) { return (left.at(x) + right.at(x)) / 2; };
  const double top = density_of(std::array<double, 2>{1.3, 0.4});
  std::array<picture::Surface, 2> surfaces;
  surfaces[0] = surface_of_shares(kCells, kEnd, share_of);
  surfaces[0].low_name = "left";
  surfaces[0].high_name = "right";
  surfaces[1] = {
      .columns = kCells,
      .rows = kCells,
      .values = over_square(kCells, kEnd, [&](auto x) { return 0.5 + 0.5 * std::sqrt(density_of(x) / top); }),
      .low_name = {},
      .high_name = {},
      .low = picture::kWhite,
      .high = {20, 110, 90}};
  const std::vector<float> stray = {static_cast<float>(kStray[0]), static_cast<float>(kStray[1])};
  std::vector<picture::Image> panels;
  for (std::size_t i = 0; i < 2; ++i) {
    panels.push_back(picture::draw(
        picture::ScatterPlot{.title = i == 0 ? "discriminative: p(y | x)" : "generative: p(x)",
                             .x = {-kEnd, kEnd},
                             .y = {-kEnd, kEnd},
                             .surface = surfaces[i],
                             .clouds = {{.name = "a stray x", .xy = stray, .colour = {180, 20, 20}, .radius = 5}},
                             .side = 340}));
  }
  exhibit.add(context.figures.png(
      "discriminative-generative", in_a_row(panels),
      fmt::format("Two classes of the plane. Of the stray point the classifier says \"right\" with {:.3f} %, although "
                  "p(x) there is {:.0e} of its highest: only who knows p(x) can say that it never saw such a thing.",
                  100 * share_of(kStray), density_of(kStray) / top)));
}

}  // namespace

// S-THEORY T1: noise added to a picture shifts a trained classifier's class.
Exhibit generative_exhibit(const TheoryContext& context) {
  Exhibit exhibit;
  exhibit.numbers = nlohmann::ordered_json::object();
  const DigitSets sets = digit_sets(context.plan, context.session);
  const fit::ClassifierRecord record = digit_classifier(context, sets);
  exhibit.add(page::Paragraph{
      fmt::format("A classifier knows p(y | x), which class a picture has, and nothing of p(x), whether it is such a "
                  "picture at all. So little is needed to lead it astray: this one of {} errs in {:.1f} % of held-out "
                  "pictures, until a little noise is added in the direction in which another class gains most. A model "
                  "of p(x, y) = p(y | x) p(x) could say that such pictures do not occur.",
                  record.data, 100 * record.validation_error())});
  exhibit.numbers["data"] = record.data;
  exhibit.numbers["validation_error"] = record.validation_error();
  Astray astray(context, record, sets);
  add_pictures(exhibit, context, astray, record.class_names);
  add_noise_curve(exhibit, astray);
  add_two_classes(exhibit, context);
  return exhibit;
}

}  // namespace ganymede::study
