#include "measure/separability.hpp"

#include <linear.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "base/error.hpp"

namespace ganymede::measure {
namespace {

struct FreeModel {
  void operator()(model* m) const { free_and_destroy_model(&m); }
};

/// Rows as liblinear wants them: nodes (index from 1, value), then the constant 1 of the offset, then the mark -1.
class Problem {
 public:
  Problem(const Features& points, std::span<const std::uint8_t> positive) {
    const auto n = static_cast<std::size_t>(points.count()), length = static_cast<std::size_t>(points.dim) + 2;
    nodes_.reserve(n * length);
    for (std::size_t i = 0; i < n; ++i) {
      int index = 0;
      for (const float v : points.row(static_cast<std::int64_t>(i)))
        nodes_.push_back({++index, static_cast<double>(v)});
      nodes_.push_back({++index, 1});
      nodes_.push_back({-1, 0});
      rows_.push_back(nodes_.data() + i * length);
      labels_.push_back(positive[i] != 0 ? 1 : -1);
    }
    problem_ = {.l = static_cast<int>(n),
                .n = static_cast<int>(points.dim) + 1,
                .y = labels_.data(),
                .x = rows_.data(),
                .bias = 1};
  }
  const problem& get() const { return problem_; }

 private:
  std::vector<feature_node> nodes_;
  std::vector<feature_node*> rows_;
  std::vector<double> labels_;
  problem problem_{};
};

double side(const Hyperplane& plane, std::span<const float> z) {
  double sum = plane.offset;
  for (std::size_t i = 0; i < z.size(); ++i) sum += plane.normal[i] * static_cast<double>(z[i]);
  return sum;
}

double entropy_term(double part, double whole) {
  return part > 0 ? -part * std::log2(part / whole) : 0;
}

/// Indices of the most confident samples, ascending.
std::vector<std::int64_t> most_confident(const Features& probabilities, std::size_t attribute, double keep) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(probabilities.count()));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  const auto doubt = [&](std::int64_t i) { return -std::abs(probabilities.row(i)[attribute] - 0.5F); };
  std::ranges::stable_sort(order, {}, doubt);
  order.resize(std::max<std::size_t>(1, static_cast<std::size_t>(keep * static_cast<double>(order.size()))));
  std::ranges::sort(order);
  return order;
}

AttributeSeparability separate(const FeatureMatrix& z, std::span<const std::uint8_t> positive) {
  AttributeSeparability out;
  const auto held = std::ranges::count_if(positive, [](std::uint8_t p) { return p != 0; });
  out.one_kind = held == 0 || held == z.count();
  if (!out.one_kind) out.hyperplane = separating_hyperplane(z, positive);
  for (std::int64_t i = 0; i < z.count(); ++i) {
    const bool label = positive[static_cast<std::size_t>(i)] != 0;
    const bool found = out.one_kind ? label : out.hyperplane.holds(z.view().row(i));
    ++out.table[(found ? 2U : 0U) + (label ? 1U : 0U)];
  }
  out.entropy = conditional_entropy_bits(out.table);
  return out;
}

}  // namespace

bool Hyperplane::holds(std::span<const float> z) const {
  return side(*this, z) > 0;
}

Hyperplane separating_hyperplane(const Features& points, std::span<const std::uint8_t> positive, double cost) {
  check(points, 2, "separating_hyperplane", "points");
  if (positive.size() != static_cast<std::size_t>(points.count())) {
    fail<ShapeError>("separating_hyperplane: wanted a label a point, found {} for {}", positive.size(), points.count());
  }
  const auto held = std::ranges::count_if(positive, [](std::uint8_t p) { return p != 0; });
  if (held == 0 || held == points.count()) {
    fail<DataError>("separating_hyperplane: wanted points on both sides, found {} of {} positive", held,
                    points.count());
  }
  const Problem task(points, positive);
  parameter how{};
  how.solver_type = L2R_L2LOSS_SVC;  // the primal: unlike the dual one it draws no random numbers
  how.eps = 1e-4;
  how.C = cost;
  if (const char* complaint = check_parameter(&task.get(), &how); complaint != nullptr) {
    fail<ConfigError>("separating_hyperplane: liblinear refuses cost {}: {}", cost, complaint);
  }
  set_print_string_function([](const char*) {});
  const std::unique_ptr<model, FreeModel> fitted(train(&task.get(), &how));

  Hyperplane out;  // liblinear puts the label +1 first, whichever comes first in the data
  for (int i = 1; i <= points.dim; ++i) out.normal.push_back(get_decfun_coef(fitted.get(), i, 0));
  out.offset = get_decfun_bias(fitted.get(), 0);
  const double length = std::sqrt(std::inner_product(out.normal.begin(), out.normal.end(), out.normal.begin(), 0.0));
  if (length > 0) {
    for (double& w : out.normal) w /= length;
    out.offset /= length;
  }
  std::int64_t right = 0;
  for (std::int64_t i = 0; i < points.count(); ++i) {
    right += out.holds(points.row(i)) == (positive[static_cast<std::size_t>(i)] != 0);
  }
  out.accuracy = static_cast<double>(right) / static_cast<double>(points.count());
  return out;
}

double conditional_entropy_bits(const std::array<double, 4>& t) {
  const double sum = t[0] + t[1] + t[2] + t[3];
  if (!(sum > 0)) return 0;
  return (entropy_term(t[0], t[0] + t[1]) + entropy_term(t[1], t[0] + t[1]) + entropy_term(t[2], t[2] + t[3]) +
          entropy_term(t[3], t[2] + t[3])) /
         sum;
}

LinearSeparability linear_separability(const Features& z, const Features& probabilities, double keep) {
  check(z, 2, "linear_separability", "z");
  check(probabilities, 2, "linear_separability", "probabilities");
  if (z.count() != probabilities.count()) {
    fail<ShapeError>("linear_separability: wanted probabilities of every z, found {} for {}", probabilities.count(),
                     z.count());
  }
  if (!(keep > 0 && keep <= 1)) fail<ConfigError>("linear_separability: wanted keep in (0, 1], found {}", keep);
  LinearSeparability out;
  double bits = 0;
  for (std::size_t a = 0; a < static_cast<std::size_t>(probabilities.dim); ++a) {
    const auto kept = most_confident(probabilities, a, keep);
    std::vector<std::uint8_t> positive;
    for (const std::int64_t i : kept) positive.push_back(probabilities.row(i)[a] > 0.5F ? 1 : 0);
    out.attributes.push_back(separate(gather(z, kept), positive));
    bits += out.attributes.back().entropy;
  }
  out.score = std::exp2(bits);
  return out;
}

}  // namespace ganymede::measure
