#include "explore/inversion/inversion.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "base/error.hpp"
#include "play/game.hpp"

namespace ganymede::explore {

// How it works. The samples that seeds name are drawn once for each class; of every picture the nearest of them are its
// starts. All starts of some pictures go down together, as one batch: the engine takes them through G and the slopes of
// each one's squared difference back to z (BatchNorm with its running statistics, so that none knows of another), where
// that of the prior is added, and Adam moves each coordinate by itself. What counts of a start is the best L that it
// met on its way, since Adam's last step need not be its best.

namespace {

constexpr std::int64_t kTogether = 256;  // starts that go down at once
constexpr double kFinalRate = 0.01, kAgrees = 1.05, kSameZ = 0.1;

// What z may do, coordinate by coordinate.
struct Bounds {
  std::vector<bool> held, within;  // stays what it is; stays in [-1, 1]
  std::vector<bool> normal;        // has a term of the prior
};

Bounds bounds_of(const TrainedGenerator& generator) {
  const auto dim = static_cast<std::size_t>(generator.latent_dim());
  const bool uniform = latent::prior_kind_from(generator.about().recipe.latent.prior) == latent::PriorKind::uniform;
  Bounds bounds{std::vector<bool>(dim, false), std::vector<bool>(dim, uniform), std::vector<bool>(dim, !uniform)};
  const std::vector<int> codes = generator.codes();
  auto at = dim - static_cast<std::size_t>(play::width_of(codes));
  for (const int n : codes) {
    for (int i = 0; i < n; ++i, ++at) {
      bounds.normal[at] = false;
      (n == play::kUniformCode ? bounds.within : bounds.held)[at] = true;
    }
  }
  return bounds;
}

// Samples of one class that starts are chosen from.
struct Candidates {
  std::vector<float> z;         // [M, Z]
  std::vector<float> pictures;  // [M, P]
};

double squared_difference(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = static_cast<double>(a[i]) - b[i];
    sum += difference * difference;
  }
  return sum / static_cast<double>(a.size());
}

// A start on its way.
struct Walker {
  std::size_t target = 0;  // among those of its piece
  std::vector<double> m, v;
  Descent best;
  std::vector<double> curve;
};

class Search {
 public:
  Search(TrainedGenerator& generator, const InversionTargets& targets, const InversionOptions& options)
      : generator_(generator),
        targets_(targets),
        options_(options),
        bounds_(bounds_of(generator)),
        dim_(static_cast<std::size_t>(generator.latent_dim())),
        count_(targets.pictures.shape()[0]),
        values_(static_cast<std::size_t>(targets.pictures.count() / std::max<std::int64_t>(1, count_))) {
    check();
  }

  std::vector<Inversion> run(const OnInversion& on_step) {
    const std::int64_t each = std::int64_t{options_.starts} * std::ssize(classes_of(0));
    const std::int64_t piece = std::max<std::int64_t>(1, kTogether / each);
    const std::int64_t pieces = (count_ + piece - 1) / piece, all = pieces * (options_.steps + 1);
    std::vector<Inversion> found;
    std::int64_t done = 0;
    for (std::int64_t first = 0; first < count_; first += piece) {
      const std::int64_t n = std::min(piece, count_ - first);
      for (Inversion& one : descend(first, n, [&] { return !on_step || on_step(++done, all); }))
        found.push_back(std::move(one));
    }
    return found;
  }

 private:
  void check() const {
    const net::Network& network = generator_.network();
    const auto at = static_cast<std::size_t>(network.index_of(network.outputs.front()));
    const Shape made = net::infer_shapes(network)[at], &given = targets_.pictures.shape();
    if (given.size() != 4 || !std::ranges::equal(std::span(given).subspan(1), made)) {
      fail<ShapeError>("the generator draws {}, the pictures to be found are {}", to_string(made),
                       to_string(Shape(given.begin() + (given.empty() ? 0 : 1), given.end())));
    }
    const int classes = generator_.classes();
    if (!targets_.classes.empty() && classes == 0) fail<ConfigError>("this generator takes no class");
    for (const std::int32_t label : targets_.classes) {
      if (label < 0 || label >= classes)
        fail<ConfigError>("class {}: this generator knows the classes 0 to {}", label, classes - 1);
    }
    const auto wanted = static_cast<std::int64_t>(generator_.condition_length()) * count_;
    if (std::ssize(targets_.conditions) != wanted) {
      fail<ConfigError>("this generator takes a condition of {} numbers for each of {} pictures, found {} numbers",
                        generator_.condition_length(), count_, targets_.conditions.size());
    }
  }

  std::vector<std::optional<int>> classes_of(std::size_t target) const {
    if (generator_.classes() == 0) return {std::nullopt};
    if (!targets_.classes.empty()) return {targets_.classes[target]};
    std::vector<std::optional<int>> all;
    for (int k = 0; k < generator_.classes(); ++k) all.emplace_back(k);
    return all;
  }

  std::span<const float> picture(std::size_t target) const {
    return targets_.pictures.values<float>().subspan(target * values_, values_);
  }
  std::span<const float> condition(std::size_t target) const {
    const auto length = static_cast<std::size_t>(generator_.condition_length());
    return std::span(targets_.conditions).subspan(target * length, length);
  }

  // Of a generator that takes a vector the pictures are those of the target's.
  const Candidates& candidates_of(std::optional<int> label, std::size_t target) {
    const bool own = generator_.condition_length() > 0;
    Candidates& known = candidates_[label.value_or(-1)];
    if (!known.z.empty() && !own) return known;
    train::NamedSamples samples = generator_.samples(options_.seed, options_.candidates, label);
    if (own) {
      samples.conditions.clear();
      for (int i = 0; i < options_.candidates; ++i)
        samples.conditions.insert(samples.conditions.end(), condition(target).begin(), condition(target).end());
    }
    const Tensor pictures = generator_.draw(samples);
    known = {.z = std::move(samples.z), .pictures = {pictures.values<float>().begin(), pictures.values<float>().end()}};
    return known;
  }

  void add_starts(std::size_t target, std::size_t within, std::optional<int> label, std::vector<Walker>& walkers) {
    const Candidates& candidates = candidates_of(label, target);
    const std::span<const float> pictures = candidates.pictures;
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t i = 0; i < static_cast<std::size_t>(options_.candidates); ++i) {
      const double error = squared_difference(picture(target), pictures.subspan(i * values_, values_));
      order.emplace_back(std::isfinite(error) ? error : std::numeric_limits<double>::max(), i);
    }
    std::ranges::sort(order);
    for (int k = 0; k < std::min(options_.starts, options_.candidates); ++k) {
      const auto [error, i] = order[static_cast<std::size_t>(k)];
      const auto z = std::span(candidates.z).subspan(i * dim_, dim_);
      walkers.push_back({.target = within,
                         .m = std::vector<double>(dim_),
                         .v = std::vector<double>(dim_),
                         .best = {.z = {z.begin(), z.end()},
                                  .label = label,
                                  .loss = std::numeric_limits<double>::infinity(),
                                  .error = error,
                                  .start_error = error},
                         .curve = {}});
    }
  }

  double prior_term(std::span<const float> z) const {
    double sum = 0;
    for (std::size_t k = 0; k < dim_; ++k) {
      if (bounds_.normal[k]) sum += static_cast<double>(z[k]) * z[k];
    }
    return options_.prior * sum / static_cast<double>(dim_);
  }

  void move(Walker& walker, std::span<float> z, std::span<const float> slopes, std::int64_t step) const {
    const play::Optimizer rule{.learning_rate = options_.rate,
                               .schedule = play::Schedule::cosine,
                               .schedule_updates = options_.steps,
                               .schedule_end = kFinalRate};
    const auto t = static_cast<double>(step + 1);
    const double rate =
        play::learning_rate(rule, step) * std::sqrt(1 - std::pow(rule.beta2, t)) / (1 - std::pow(rule.beta1, t));
    for (std::size_t k = 0; k < dim_; ++k) {
      if (bounds_.held[k]) continue;
      double slope = slopes[k];
      if (bounds_.normal[k]) slope += 2 * options_.prior * z[k] / static_cast<double>(dim_);
      if (!std::isfinite(slope)) return;
      walker.m[k] += (1 - rule.beta1) * (slope - walker.m[k]);
      walker.v[k] += (1 - rule.beta2) * (slope * slope - walker.v[k]);
      z[k] = static_cast<float>(z[k] - rate * walker.m[k] / (std::sqrt(walker.v[k]) + rule.epsilon));
      if (bounds_.within[k]) z[k] = std::clamp(z[k], -1.0F, 1.0F);
    }
  }

  template <class GoOn>
  std::vector<Inversion> descend(std::int64_t first, std::int64_t n, const GoOn& go_on) {
    std::vector<Walker> walkers;
    for (std::int64_t i = 0; i < n; ++i) {
      for (const auto& label : classes_of(static_cast<std::size_t>(first + i)))
        add_starts(static_cast<std::size_t>(first + i), static_cast<std::size_t>(i), label, walkers);
    }
    train::NamedSamples at{.count = std::ssize(walkers), .z = {}, .classes = {}};
    for (const Walker& w : walkers) {
      at.z.insert(at.z.end(), w.best.z.begin(), w.best.z.end());
      if (w.best.label) at.classes.push_back(*w.best.label);
      const auto given = condition(static_cast<std::size_t>(first) + w.target);
      at.conditions.insert(at.conditions.end(), given.begin(), given.end());
    }
    std::vector<double> errors(walkers.size());
    const play::OutputSlopes slopes_of = [&](std::int64_t from, std::span<const float> made, std::span<float> slopes) {
      for (std::size_t i = 0; i < made.size() / values_; ++i) {
        const std::size_t which = static_cast<std::size_t>(from) + i;
        const auto wanted = picture(static_cast<std::size_t>(first) + walkers[which].target);
        const auto own = made.subspan(i * values_, values_);
        errors[which] = squared_difference(own, wanted);
        for (std::size_t p = 0; p < values_; ++p)
          slopes[i * values_ + p] = 2 * (own[p] - wanted[p]) / static_cast<float>(values_);
      }
    };
    for (std::int64_t step = 0; step <= options_.steps; ++step) {
      if (!go_on()) fail<UserError>("stopped; nothing was written");
      const Tensor gradient = generator_.pull_back(at, slopes_of).gradient;
      for (std::size_t i = 0; i < walkers.size(); ++i) {
        const std::span<float> z = std::span(at.z).subspan(i * dim_, dim_);
        Walker& walker = walkers[i];
        const double loss = errors[i] + prior_term(z);
        if (loss < walker.best.loss) {
          walker.best.loss = loss;
          walker.best.error = errors[i];
          walker.best.z.assign(z.begin(), z.end());
        }
        walker.curve.push_back(walker.best.loss);
        if (step < options_.steps) move(walker, z, gradient.values<float>().subspan(i * dim_, dim_), step);
      }
    }
    std::vector<Inversion> found(static_cast<std::size_t>(n));
    for (std::size_t target = 0; target < found.size(); ++target) found[target] = judged(target, walkers);
    return found;
  }

  Inversion judged(std::size_t target, std::vector<Walker>& walkers) const {
    std::vector<Walker*> own;
    for (Walker& w : walkers) {
      if (w.target == target) own.push_back(&w);
    }
    std::ranges::stable_sort(own, {}, [](const Walker* w) { return w->best.loss; });
    Inversion found;
    for (Walker* w : own) found.descents.push_back(std::move(w->best));
    Descent& best = found.descents.front();
    best.curve = std::move(own.front()->curve);
    const double before = best.curve[best.curve.size() - 1 - (best.curve.size() - 1) / 4];
    found.last_fall = before > 0 ? (before - best.curve.back()) / before : 0;
    for (const Descent& one : found.descents) {
      if (one.label != best.label || one.error > kAgrees * best.error) continue;
      ++found.agree;
      found.same_z += std::sqrt(squared_difference(one.z, best.z)) < kSameZ;
    }
    return found;
  }

  TrainedGenerator& generator_;
  const InversionTargets& targets_;
  InversionOptions options_;
  Bounds bounds_;
  std::size_t dim_;
  std::int64_t count_;
  std::size_t values_;
  std::map<int, Candidates> candidates_;  // by class, -1 without
};

}  // namespace

std::vector<Inversion> invert(TrainedGenerator& generator, const InversionTargets& targets,
                              const InversionOptions& options, const OnInversion& on_step) {
  if (options.starts < 1 || options.candidates < options.starts || options.steps < 1) {
    fail<ConfigError>("inversion: wanted a start or more, as many candidates and a step or more, found {}, {} and {}",
                      options.starts, options.candidates, options.steps);
  }
  if (targets.pictures.shape().empty() || targets.pictures.shape()[0] == 0) return {};
  return Search(generator, targets, options).run(on_step);
}

train::NamedSamples samples_at(const TrainedGenerator& generator, std::span<const Inversion> found,
                               std::span<const float> conditions) {
  train::NamedSamples samples{.count = std::ssize(found), .z = {}, .classes = {}};
  for (const Inversion& one : found) {
    samples.z.insert(samples.z.end(), one.best().z.begin(), one.best().z.end());
    if (generator.classes() > 0) samples.classes.push_back(one.best().label.value_or(0));
  }
  samples.conditions.assign(conditions.begin(), conditions.end());
  return samples;
}

}  // namespace ganymede::explore
