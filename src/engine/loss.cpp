#include "engine/loss.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/portable_math.hpp"

namespace ganymede::engine {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Term {
  double loss;
  double slope;      // d loss / d logit
  double curvature;  // d slope / d logit; 0 at a kink
};
constexpr Term kNothing{kNaN, kNaN, kNaN};

// Of a logit: the number, and its logistic functions where the loss asks for them.
struct Logit {
  double s = 0;
  Logistic of = {};
};

// -y log sigmoid(s) - (1 - y) log(1 - sigmoid(s)), written so that neither tail loses digits.
Term cross_entropy(const Logistic& of, double y) {
  return {y * of.softplus_of_minus + (1 - y) * of.softplus, (1 - y) * of.sigmoid - y * of.sigmoid_of_minus,
          of.sigmoid * of.sigmoid_of_minus};
}

Term square(double s, double y) {
  return {(s - y) * (s - y), 2 * (s - y), 2};
}

Term absolute(const Logistic& of, double y) {
  const double difference = (1 - y) * of.sigmoid - y * of.sigmoid_of_minus;  // sigmoid(s) - y
  const double sign = difference > 0 ? 1 : difference < 0 ? -1 : 0;
  const double slope = sign * of.sigmoid * of.sigmoid_of_minus;
  return {std::fabs(difference), slope, slope * (of.sigmoid_of_minus - of.sigmoid)};
}

Term hinge(double margin, double slope) {
  return margin > 0 ? Term{margin, slope, 0} : Term{0, 0, 0};
}

Term real_term(const Game& game, const Logit& at) {
  const double y = 1 - game.label_smoothing;
  switch (game.loss) {
    case Loss::non_saturating:
    case Loss::saturating:
      return cross_entropy(at.of, y);
    case Loss::least_squares:
      return square(at.s, y);
    case Loss::absolute:
      return absolute(at.of, y);
    case Loss::hinge:
      return hinge(1 - at.s, -1);
    case Loss::wasserstein:
      return {-at.s, -1, 0};
  }
  return kNothing;
}

Term fake_term(const Game& game, const Logit& at) {
  switch (game.loss) {
    case Loss::non_saturating:
    case Loss::saturating:
      return cross_entropy(at.of, 0);
    case Loss::least_squares:
      return square(at.s, 0);
    case Loss::absolute:
      return absolute(at.of, 0);
    case Loss::hinge:
      return hinge(1 + at.s, 1);
    case Loss::wasserstein:
      return {at.s, 1, 0};
  }
  return kNothing;
}

Term generator_term(const Game& game, const Logit& at) {
  switch (game.loss) {
    case Loss::non_saturating:
      return cross_entropy(at.of, 1);
    case Loss::saturating: {
      const Term term = cross_entropy(at.of, 0);
      return {-term.loss, -term.slope, -term.curvature};
    }
    case Loss::least_squares:
      return square(at.s, 1);
    case Loss::absolute:
      return absolute(at.of, 1);
    case Loss::hinge:
    case Loss::wasserstein:
      return {-at.s, -1, 0};
  }
  return kNothing;
}

using TermOf = Term (*)(const Game&, const Logit&);

bool is_logistic(Loss loss) {
  return loss == Loss::non_saturating || loss == Loss::saturating || loss == Loss::absolute;
}

// use(index, term) for each logit in order.
template <class T, class Use>
void for_terms(const Game& game, TermOf term, std::span<const T> logits, const Use& use) {
  constexpr std::size_t kPiece = 64;
  std::array<double, kPiece> values;
  std::array<Logistic, kPiece> of{};
  for (std::size_t first = 0; first < logits.size(); first += kPiece) {
    const std::size_t count = std::min(kPiece, logits.size() - first);
    for (std::size_t i = 0; i < count; ++i) values[i] = logits[first + i];
    if (is_logistic(game.loss)) portable_logistic(std::span(values).first(count), of);
    for (std::size_t i = 0; i < count; ++i)
      use(first + i, std::isfinite(values[i]) ? term(game, {values[i], of[i]}) : kNothing);
  }
}

// The mean of term(game, s) over the logits; the slopes over N go to `gradient`.
template <class T>
double mean_loss(const Game& game, TermOf term, std::span<const T> logits, std::vector<T>& gradient) {
  if (logits.empty()) throw ShapeError("loss: wanted at least one logit, found none");
  const double count = static_cast<double>(logits.size());
  gradient.resize(logits.size());
  double sum = 0;
  for_terms(game, term, logits, [&](std::size_t n, const Term& t) {
    sum += t.loss;
    gradient[n] = static_cast<T>(t.slope / count);
  });
  return sum / count;
}

template <class T>
double share_above(std::span<const T> logits, double bound) {
  const auto above = std::count_if(logits.begin(), logits.end(), [&](T s) { return s > bound; });
  return static_cast<double>(above) / static_cast<double>(logits.size());
}

template <class T>
double share_not_above(std::span<const T> logits, double bound) {
  const auto below = std::count_if(logits.begin(), logits.end(), [&](T s) { return s <= bound; });
  return static_cast<double>(below) / static_cast<double>(logits.size());
}

}  // namespace

template <class T>
DiscriminatorHead<T> discriminator_head(const Game& game, std::span<const T> real_logits,
                                        std::span<const T> fake_logits) {
  DiscriminatorHead<T> head;
  head.real_loss = mean_loss(game, real_term, real_logits, head.real_gradient);
  head.fake_loss = mean_loss(game, fake_term, fake_logits, head.fake_gradient);
  const auto mean_of_both = [&] {
    double sum = 0;
    for (const T s : real_logits) sum += s;
    for (const T s : fake_logits) sum += s;
    return sum / static_cast<double>(real_logits.size() + fake_logits.size());
  };
  const std::optional<double> fixed = threshold(game.loss);
  const double between = fixed ? *fixed : mean_of_both();
  head.real_accuracy = share_above(real_logits, between);
  head.fake_accuracy = share_not_above(fake_logits, between);
  return head;
}

template <class T>
void logit_slopes(const Game& game, Judged judged, std::int64_t total, std::span<const T> logits, std::span<T> slopes,
                  std::span<T> curvatures) {
  const TermOf term = judged == Judged::real ? real_term : judged == Judged::fake ? fake_term : generator_term;
  const auto count = static_cast<double>(total);
  for_terms(game, term, logits, [&](std::size_t n, const Term& of) {
    slopes[n] = static_cast<T>(of.slope / count);
    curvatures[n] = static_cast<T>(of.curvature / count);
  });
}

template <class T>
GeneratorHead<T> generator_head(const Game& game, std::span<const T> fake_logits) {
  GeneratorHead<T> head;
  head.loss = mean_loss(game, generator_term, fake_logits, head.gradient);
  if (const auto fixed = threshold(game.loss)) head.fake_accuracy = share_not_above(fake_logits, *fixed);
  return head;
}

template <class T>
ClassHead<T> class_head(const Game& game, std::span<const T> logits, std::span<const std::int32_t> classes,
                        std::int64_t total) {
  if (classes.empty() || logits.empty() || logits.size() % classes.size() != 0) {
    fail<ShapeError>("class head: wanted [N, K] logits for N classes, found {} logits and {} classes", logits.size(),
                     classes.size());
  }
  const std::size_t count = classes.size();
  const std::size_t k = logits.size() / count;
  const double scale = game.auxiliary_weight / static_cast<double>(total > 0 ? total : std::ssize(classes));
  ClassHead<T> head;
  head.gradient.resize(logits.size());
  std::size_t right = 0;
  for (std::size_t n = 0; n < count; ++n) {
    const std::span<const T> row = logits.subspan(n * k, k);
    const std::span<T> gradient = std::span<T>(head.gradient).subspan(n * k, k);
    if (classes[n] < 0 || static_cast<std::size_t>(classes[n]) >= k) {
      fail<DataError>("class head: image {} has class {}; the head knows 0 to {}", n, classes[n], k - 1);
    }
    const auto wanted = static_cast<std::size_t>(classes[n]);
    if (!std::all_of(row.begin(), row.end(), [](T s) { return std::isfinite(s); })) {
      head.loss = kNaN;
      std::fill(gradient.begin(), gradient.end(), static_cast<T>(kNaN));
      continue;
    }
    const auto best = std::max_element(row.begin(), row.end());
    if (static_cast<std::size_t>(best - row.begin()) == wanted) ++right;
    const double top = *best;
    double sum = 0;
    for (const T s : row) sum += portable_exp(s - top);
    head.loss += scale * (portable_log(sum) + top - row[wanted]);
    for (std::size_t c = 0; c < k; ++c) {
      const double probability = portable_exp(row[c] - top) / sum;
      gradient[c] = static_cast<T>(scale * (probability - (c == wanted ? 1 : 0)));
    }
  }
  head.accuracy = static_cast<double>(right) / static_cast<double>(count);
  return head;
}

// Of softmax p, scaled by w / N: p_c (t_c - sum_k p_k t_k).
template <class T>
std::vector<T> class_head_tangent(const Game& game, std::span<const T> logits, std::span<const T> tangents,
                                  std::int64_t count, std::int64_t total) {
  const std::size_t k = logits.size() / static_cast<std::size_t>(count);
  const double scale = game.auxiliary_weight / static_cast<double>(total > 0 ? total : count);
  std::vector<T> moved(logits.size());
  std::vector<double> p(k);
  for (std::size_t n = 0; n < static_cast<std::size_t>(count); ++n) {
    const auto row = logits.subspan(n * k, k), along = tangents.subspan(n * k, k);
    const double top = *std::max_element(row.begin(), row.end());
    double sum = 0, mean = 0;
    for (std::size_t c = 0; c < k; ++c) sum += p[c] = portable_exp(row[c] - top);
    for (std::size_t c = 0; c < k; ++c) mean += (p[c] /= sum) * along[c];
    for (std::size_t c = 0; c < k; ++c) moved[n * k + c] = static_cast<T>(scale * p[c] * (along[c] - mean));
  }
  return moved;
}

template <class T>
CodeHead<T> code_head(const Game& game, std::span<const T> values, std::span<const float> z) {
  constexpr double kEntropyOfUniform = 0.69314718055994530942;  // log 2
  constexpr double kHalfLogTwoPi = 0.91893853320467274178;
  const auto width = static_cast<std::size_t>(width_of(game.codes));
  if (width == 0 || values.empty() || values.size() % width != 0 || z.size() % (values.size() / width) != 0 ||
      z.size() < values.size()) {
    fail<ShapeError>("code head: wanted [N, {}] numbers and z of N samples, found {} and {} numbers", width,
                     values.size(), z.size());
  }
  const std::size_t count = values.size() / width, dim = z.size() / count;
  CodeHead<T> head;
  head.gradient.resize(values.size());
  double surprise = 0, most = 0;  // of all samples; of one, if its codes were told for sure
  for (const int n : game.codes) most += n == kUniformCode ? kEntropyOfUniform - kHalfLogTwoPi : portable_log(n);
  const double scale = game.info_weight / static_cast<double>(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::span<const T> row = values.subspan(i * width, width);
    std::span<const float> code = z.subspan(i * dim + dim - width, width);
    std::span<T> gradient = std::span<T>(head.gradient).subspan(i * width, width);
    for (const int n : game.codes) {
      const auto size = static_cast<std::size_t>(n);
      if (!std::all_of(row.begin(), row.begin() + n, [](T v) { return std::isfinite(v); })) {
        surprise = kNaN;
        std::fill_n(gradient.begin(), size, static_cast<T>(kNaN));
      } else if (n == kUniformCode) {
        const double away = row[0] - code[0];
        surprise += away * away / 2;
        gradient[0] = static_cast<T>(scale * away);
      } else {
        const double top = *std::max_element(row.begin(), row.begin() + n);
        double total = 0, own = 0;
        for (std::size_t k = 0; k < size; ++k) {
          total += portable_exp(row[k] - top);
          own += code[k] * static_cast<double>(row[k]);
        }
        surprise += portable_log(total) + top - own;
        for (std::size_t k = 0; k < size; ++k)
          gradient[k] = static_cast<T>(scale * (portable_exp(row[k] - top) / total - code[k]));
      }
      row = row.subspan(size);
      code = code.subspan(size);
      gradient = gradient.subspan(size);
    }
  }
  head.loss = scale * surprise;
  head.information = most - surprise / static_cast<double>(count);
  return head;
}

template <class T>
ClassHead<T> classifier_head(std::span<const T> logits, std::span<const std::int32_t> classes) {
  if (classes.empty() || logits.size() != classes.size()) return class_head(Game{}, logits, classes);
  const double count = static_cast<double>(classes.size());
  ClassHead<T> head;
  std::size_t right = 0;
  for (std::size_t n = 0; n < classes.size(); ++n) {
    if (classes[n] != 0 && classes[n] != 1)
      fail<DataError>("classifier head: sample {} has class {}; a single logit knows 0 and 1", n, classes[n]);
    const double s = logits[n];
    const Term term = std::isfinite(s) ? cross_entropy(portable_logistic(s), classes[n]) : kNothing;
    head.loss += term.loss / count;
    head.gradient.push_back(static_cast<T>(term.slope / count));
    if ((s > 0) == (classes[n] == 1)) ++right;
  }
  head.accuracy = static_cast<double>(right) / count;
  return head;
}

template DiscriminatorHead<float> discriminator_head(const Game&, std::span<const float>, std::span<const float>);
template DiscriminatorHead<double> discriminator_head(const Game&, std::span<const double>, std::span<const double>);
template void logit_slopes(const Game&, Judged, std::int64_t, std::span<const float>, std::span<float>,
                           std::span<float>);
template void logit_slopes(const Game&, Judged, std::int64_t, std::span<const double>, std::span<double>,
                           std::span<double>);
template std::vector<float> class_head_tangent(const Game&, std::span<const float>, std::span<const float>,
                                               std::int64_t, std::int64_t);
template std::vector<double> class_head_tangent(const Game&, std::span<const double>, std::span<const double>,
                                                std::int64_t, std::int64_t);
template GeneratorHead<float> generator_head(const Game&, std::span<const float>);
template GeneratorHead<double> generator_head(const Game&, std::span<const double>);
template ClassHead<float> class_head(const Game&, std::span<const float>, std::span<const std::int32_t>, std::int64_t);
template ClassHead<double> class_head(const Game&, std::span<const double>, std::span<const std::int32_t>,
                                      std::int64_t);
template CodeHead<float> code_head(const Game&, std::span<const float>, std::span<const float>);
template CodeHead<double> code_head(const Game&, std::span<const double>, std::span<const float>);
template ClassHead<float> classifier_head(std::span<const float>, std::span<const std::int32_t>);
template ClassHead<double> classifier_head(std::span<const double>, std::span<const std::int32_t>);

}  // namespace ganymede::engine
