#include "measure/feature_scores.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/wording.hpp"
#include "measure/frechet.hpp"
#include "measure/inception_score.hpp"
#include "measure/kernel_distance.hpp"
#include "measure/manifold.hpp"
#include "measure/neighbours.hpp"
#include "measure/sliced_wasserstein.hpp"
#include "measure/subsamples.hpp"

namespace ganymede::measure {
namespace {

constexpr std::int64_t kLeast = 100;

constexpr int kGroups = 20;  // of the jackknife
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

struct Value {
  double value = 0;
  Interval interval;
};

/// No distance is below 0: where rounding or the jackknife puts one there, value and interval are clamped alike.
Value from_zero(const FrechetEstimate& found) {
  return {std::max(0.0, found.value), {std::max(0.0, found.interval.low), std::max(0.0, found.interval.high)}};
}

/// Half a set's samples at most, so that subsets differ.
std::int64_t own_subset(const FeatureProtocol& protocol) {
  return std::min<std::int64_t>(1000, protocol.count / 2);
}

/// What both protocols have in common, of a peer's where there is one.
PeerProtocol usual(const FeatureProtocol& protocol) {
  return protocol.peer.value_or(PeerProtocol{.count_real = protocol.count, .subset_size = own_subset(protocol)});
}

/// Everything between two sets that measures are made of; what several need is computed once.
class Comparer {
 public:
  Comparer(const RealAndFake& sets, const FeatureProtocol& protocol, ThreadPool& pool)
      : sets_(sets), usual_(usual(protocol)), peer_(protocol.peer.has_value()), seed_(protocol.seed), pool_(pool) {
    usual_.subset_size = std::min({usual_.subset_size, sets.real.count(), sets.fake.count()});
  }

  std::int64_t reals() const { return sets_.real.count(); }
  std::int64_t fakes() const { return sets_.fake.count(); }

  Value frechet() { return from_zero(estimate_frechet(sets_, pool_, {.groups = kGroups})); }
  double frechet_alone() { return std::max(0.0, frechet_distance(sets_, pool_)); }
  Value kernel(bool interval) {
    const auto found = kernel_distance(sets_, pool_,
                                       {.subsets = usual_.subsets,
                                        .size = usual_.subset_size,
                                        .groups = kGroups,
                                        .seed = seed_,
                                        .numpy_seed = peer_ ? std::optional(usual_.numpy_seed) : std::nullopt,
                                        .interval = interval});
    return {found.value, found.interval};
  }
  Value sliced_wasserstein(bool interval) {
    const auto found = measure::sliced_wasserstein(sets_, pool_, {.seed = seed_, .groups = interval ? kGroups : 0});
    return {found.value, {std::max(0.0, found.interval.low), found.interval.high}};
  }
  double one_nn() { return leave_one_out_1nn(sets_, pool_).accuracy; }
  std::vector<double> one_nn_in_subsamples() { return one_nn_of_subsamples(sets_, seed_, pool_); }

  const Manifold& manifold() {
    if (!manifold_) manifold_ = compare_manifolds(sets_, usual_.neighbours, pool_, usual_.ball, peer_);
    return *manifold_;
  }
  std::vector<double> in_subsamples(double ManifoldScores::*score) {
    if (subsamples_.empty()) subsamples_ = manifold_of_subsamples(sets_, usual_.neighbours, seed_, pool_, usual_.ball);
    std::vector<double> values;
    for (const ManifoldScores& scores : subsamples_) values.push_back(scores.*score);
    return values;
  }

 private:
  RealAndFake sets_;
  PeerProtocol usual_;
  bool peer_;
  std::uint64_t seed_;
  ThreadPool& pool_;
  std::optional<Manifold> manifold_;
  std::vector<ManifoldScores> subsamples_;
};

std::string frechet_sentence(const FeatureProtocol&) {
  return "covariance N - 1, float64; interval: jackknife of 20 groups";
}
std::string kernel_sentence(const FeatureProtocol& protocol) {
  const PeerProtocol p = usual(protocol);
  return fmt::format("cubic kernel, unbiased, {} subsets of {}{}; interval: jackknife of 20 groups", p.subsets,
                     p.subset_size,
                     protocol.peer ? fmt::format(" as NumPy draws them by seed {}", p.numpy_seed) : std::string());
}
std::string manifold_sentence(const FeatureProtocol& protocol) {
  const PeerProtocol p = usual(protocol);
  return fmt::format("k = {}, Euclidean, {} balls; interval: subsampling", p.neighbours,
                     p.ball == Ball::open ? "open" : "closed");
}
std::string one_nn_sentence(const FeatureProtocol&) {
  return "leave one out, Euclidean, ties half; interval: subsampling";
}
std::string sliced_sentence(const FeatureProtocol&) {
  return "of order 2 over 512 random directions, float64; interval: jackknife of 20 groups";
}

// What a name of a peer's protocol says of it where it is not the usual.
std::string no_choices(const PeerProtocol&) {
  return {};
}
std::string kernel_choices(const PeerProtocol& p) {
  const PeerProtocol theirs;
  const bool plain = p.subsets == theirs.subsets && p.subset_size == theirs.subset_size;
  return plain ? std::string() : fmt::format("-{}x{}", p.subsets, p.subset_size);
}
std::string manifold_choices(const PeerProtocol& p) {
  return (p.neighbours == PeerProtocol().neighbours ? std::string() : fmt::format("-k{}", p.neighbours)) +
         (p.ball == Ball::open ? "" : "-closed");
}

/// All that there is to say of a measure.
struct Row {
  FeatureMeasure facts;
  Better better;
  std::string (*protocol)(const FeatureProtocol& protocol);
  std::string (*choices)(const PeerProtocol& peer);
  double (*value)(Comparer& sets);   ///< without the interval, which costs the larger part
  Value (*measure)(Comparer& sets);  ///< with it
};

// A new measure is one more row here; what it is called on a screen stands in score_kinds.cpp.
constexpr Row kRows[] = {
    {.facts = {"frechet", "Fréchet distance of two Gaussians: realism and diversity in one; lower is better"},
     .better = Better::lower,
     .protocol = frechet_sentence,
     .choices = no_choices,
     .value = [](Comparer& sets) { return sets.frechet_alone(); },
     .measure = [](Comparer& sets) { return sets.frechet(); }},
    {.facts = {"kernel", "kernel distance, unbiased, may be negative; lower is better"},
     .better = Better::lower,
     .protocol = kernel_sentence,
     .choices = kernel_choices,
     .value = [](Comparer& sets) { return sets.kernel(false).value; },
     .measure = [](Comparer& sets) { return sets.kernel(true); }},
    {.facts = {"precision", "share of fakes within the manifold of reals: realism", true},
     .better = Better::higher,
     .protocol = manifold_sentence,
     .choices = manifold_choices,
     .value = [](Comparer& sets) { return sets.manifold().precision(); },
     .measure =
         [](Comparer& sets) {
           const double found = sets.manifold().precision();
           return Value{found, share_interval(found, sets.in_subsamples(&ManifoldScores::precision), sets.fakes())};
         }},
    {.facts = {"recall", "share of reals within the manifold of fakes: diversity", true},
     .better = Better::higher,
     .protocol = manifold_sentence,
     .choices = manifold_choices,
     .value = [](Comparer& sets) { return sets.manifold().recall(); },
     .measure =
         [](Comparer& sets) {
           const double found = sets.manifold().recall();
           return Value{found, share_interval(found, sets.in_subsamples(&ManifoldScores::recall), sets.reals())};
         }},
    {.facts = {"density", "how many real balls a fake lies in, over k; about 1 for equal laws", true},
     .better = Better::higher,
     .protocol = manifold_sentence,
     .choices = manifold_choices,
     .value = [](Comparer& sets) { return sets.manifold().density(); },
     .measure =
         [](Comparer& sets) {
           const double found = sets.manifold().density();
           return Value{found, count_interval(found, sets.in_subsamples(&ManifoldScores::density))};
         }},
    {.facts = {"coverage", "share of reals with a fake in their ball: diversity", true},
     .better = Better::higher,
     .protocol = manifold_sentence,
     .choices = manifold_choices,
     .value = [](Comparer& sets) { return sets.manifold().coverage(); },
     .measure =
         [](Comparer& sets) {
           const double found = sets.manifold().coverage();
           return Value{found, share_interval(found, sets.in_subsamples(&ManifoldScores::coverage), sets.reals())};
         }},
    {.facts = {"one_nn", "accuracy of the leave-one-out nearest neighbour: 0.5 is best, below it copies"},
     .better = Better::half,
     .protocol = one_nn_sentence,
     .choices = no_choices,
     .value = [](Comparer& sets) { return sets.one_nn(); },
     .measure =
         [](Comparer& sets) {
           const double found = sets.one_nn();
           return Value{found, share_interval(found, sets.one_nn_in_subsamples(), sets.reals() + sets.fakes())};
         }},
    {.facts = {"sliced_wasserstein", "sliced Wasserstein distance: how far samples must move; lower is better", false,
               true},
     .better = Better::lower,
     .protocol = sliced_sentence,
     .choices = no_choices,
     .value = [](Comparer& sets) { return sets.sliced_wasserstein(false).value; },
     .measure = [](Comparer& sets) { return sets.sliced_wasserstein(true); }},
};

std::string score_name(std::string_view measure, const FeatureProtocol& protocol, const std::string& choices = {}) {
  return fmt::format("{}{}_{}{}{}", measure, short_count(protocol.count), protocol.features, choices,
                     protocol.peer ? "_v1" : "");
}

bool wants(std::span<const std::string> measures, std::string_view name) {
  return measures.empty() || std::ranges::find(measures, name) != measures.end();
}

void check_names(std::span<const std::string> measures) {
  std::vector<std::string> known;
  for (const Row& row : kRows) known.emplace_back(row.facts.name);
  for (const std::string& name : measures) {
    if (std::ranges::find(known, name) == known.end()) {
      fail<ConfigError>("unknown measure \"{}\"{}; there are: {}", name, did_you_mean(name, known),
                        fmt::join(known, ", "));
    }
  }
}

void check_counts(const RealAndFake& sets, std::int64_t count, std::int64_t rows_a_sample) {
  if (count < kLeast) fail<ConfigError>("scores: wanted a count of {} or more, found {}", kLeast, count);
  check(sets, count * rows_a_sample, "scores");
}

/// Rows between which the floor is measured.
Halves halves_of(const Features& real, const FeatureProtocol& protocol) {
  return split_halves(real.slice(0, std::min(real.count(), 2 * usual(protocol).count_real)), protocol.seed);
}

/// The sets whole, by a peer's protocol; else as many of both.
RealAndFake taken(const RealAndFake& sets, const FeatureProtocol& protocol) {
  return {.real = sets.real.slice(0, usual(protocol).count_real), .fake = sets.fake.slice(0, protocol.count)};
}

Score peer_inception(const Features& probabilities, const FeatureProtocol& protocol) {
  const PeerProtocol& peer = *protocol.peer;
  const auto found = inception_score(probabilities, {.splits = peer.splits, .numpy_seed = peer.numpy_seed});
  const std::string choices =
      peer.splits == PeerProtocol().splits ? std::string() : fmt::format("-splits{}", peer.splits);
  return {.name = score_name("inception", protocol, choices),
          .value = found.value,
          .low = peer.intervals ? found.interval.low : kNone,
          .high = peer.intervals ? found.interval.high : kNone,
          .count_real = 0,
          .count_fake = probabilities.count(),
          .better = Better::higher,
          .protocol = fmt::format("given probabilities of {} classes; mean of {}, shuffled as NumPy does by seed "
                                  "{}; interval: Student's over splits; no floor: of the fakes alone",
                                  probabilities.dim, counted(peer.splits, "split"), peer.numpy_seed)};
}

void check_peer(const RealAndFake& sets, const FeatureProtocol& protocol, std::span<const std::string> measures) {
  if (!protocol.peer) return;
  const std::int64_t least = std::min(protocol.count, protocol.peer->count_real);
  check(sets.real, protocol.peer->count_real, "scores", "real");
  check(sets.fake, protocol.count, "scores", "fake");
  if (wants(measures, "kernel") && protocol.peer->subset_size > least) {
    fail<ConfigError>("kernel: wanted subsets of at most {} samples (the smaller set), found {}; choose smaller ones",
                      least, protocol.peer->subset_size);
  }
  if (wants(measures, "one_nn") && protocol.count != protocol.peer->count_real) {
    fail<ConfigError>("one_nn: wanted as many fakes as reals (chance is 1/2 only then), found {} and {}",
                      protocol.count, protocol.peer->count_real);
  }
}

}  // namespace

std::span<const FeatureMeasure> list_feature_measures() {
  static const std::vector<FeatureMeasure> list = [] {
    std::vector<FeatureMeasure> facts;
    for (const Row& row : kRows) facts.push_back(row.facts);
    return facts;
  }();
  return list;
}

std::vector<Score> feature_scores(const RealAndFake& sets, const FeatureProtocol& protocol, ThreadPool& pool,
                                  std::span<const std::string> measures) {
  check_names(measures);
  check_counts(sets, std::min(protocol.count, usual(protocol).count_real), 1);
  check_peer(sets, protocol, measures);
  const bool intervals = usual(protocol).intervals;
  const Halves halves = intervals ? halves_of(sets.real, protocol) : Halves{};
  const RealAndFake both = taken(sets, protocol);
  Comparer scores(both, protocol, pool);
  Comparer floors({.real = halves.first, .fake = halves.second}, protocol, pool);
  std::vector<Score> out;
  for (const Row& row : kRows) {
    if (!wants(measures, row.facts.name)) continue;
    const Value found = intervals ? row.measure(scores) : Value{row.value(scores), {kNone, kNone}};
    out.push_back(
        {.name = score_name(row.facts.name, protocol, protocol.peer ? row.choices(*protocol.peer) : std::string()),
         .value = found.value,
         .low = found.interval.low,
         .high = found.interval.high,
         .count_real = both.real.count(),
         .count_fake = both.fake.count(),
         .floor = intervals ? std::optional(row.value(floors)) : std::nullopt,
         .count_floor = halves.first.count(),
         .better = row.better,
         .protocol = fmt::format("features {} of {} values, seed {}; {}", protocol.features, sets.real.dim,
                                 protocol.seed, row.protocol(protocol))});
  }
  return out;
}

Score frechet_positions_score(const RealAndFake& rows, std::int64_t positions, const FeatureProtocol& protocol,
                              ThreadPool& pool) {
  check_counts(rows, protocol.count, positions);
  const FrechetOptions options{.rows_a_sample = positions};
  const std::int64_t used = protocol.count * positions;
  const auto estimate =
      estimate_frechet({.real = rows.real.slice(0, used), .fake = rows.fake.slice(0, used)}, pool, options);
  const Value found = from_zero(estimate);
  // Halves of samples: all positions of one stay together.
  const std::int64_t samples = std::min(rows.real.count() / positions, 2 * protocol.count);
  const Halves halves =
      split_halves({rows.real.slice(0, samples * positions).values, rows.real.dim * positions}, protocol.seed);
  return {
      .name = score_name("frechet_positions", protocol),
      .value = found.value,
      .low = found.interval.low,
      .high = found.interval.high,
      .count_real = protocol.count,
      .count_fake = protocol.count,
      .floor = std::max(0.0, frechet_distance({.real = {halves.first.values, rows.real.dim},
                                               .fake = {halves.second.values, rows.real.dim}},
                                              pool)),
      .count_floor = halves.first.count(),
      .better = Better::lower,
      .protocol = fmt::format("features {} of {} channels over samples and {} positions, seed {}; {}",
                              protocol.features, rows.real.dim, positions, protocol.seed, frechet_sentence(protocol))};
}

Score inception_score_of(const RealAndFake& probabilities, const FeatureProtocol& protocol) {
  if (protocol.peer) return peer_inception(probabilities.fake, protocol);
  check_counts(probabilities, protocol.count, 1);
  const InceptionScoreOptions options{.seed = protocol.seed};
  const auto found = inception_score(probabilities.fake.slice(0, protocol.count), options),
             real = inception_score(probabilities.real.slice(0, protocol.count), options);
  return {.name = score_name("inception", protocol),
          .value = found.value,
          .low = found.interval.low,
          .high = found.interval.high,
          .count_real = protocol.count,
          .count_fake = protocol.count,
          .floor = real.value,
          .better = Better::higher,
          .protocol = fmt::format("probabilities {} of {} classes, seed {}; mean of 10 shuffled splits; interval: "
                                  "Student's over splits; floor: the reals' own score",
                                  protocol.features, probabilities.real.dim, protocol.seed)};
}

}  // namespace ganymede::measure
