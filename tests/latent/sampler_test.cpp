#include "latent/sampler.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/philox.hpp"

namespace ganymede::latent {
namespace {

std::vector<std::int32_t> cycle(int count, int classes) {
  std::vector<std::int32_t> out;
  for (int i = 0; i < count; ++i) out.push_back(i % classes);
  return out;
}

ClassSampler sampler(SamplerKind kind, const Partition& p) {
  return {{.dim = p.dim()}, {.kind = kind}, p};
}

std::span<const float> row(const std::vector<float>& z, std::size_t i, int dim) {
  return std::span(z).subspan(i * static_cast<std::size_t>(dim), static_cast<std::size_t>(dim));
}

double norm(std::span<const float> z) {
  double sum = 0;
  for (const float v : z) sum += double{v} * double{v};
  return std::sqrt(sum);
}

// Two-sample Kolmogorov-Smirnov statistic.
double ks(std::vector<double> a, std::vector<double> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  double most = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    (a[i] <= b[j] ? i : j) += 1;
    most = std::max(most, std::abs(static_cast<double>(i) / static_cast<double>(a.size()) -
                                   static_cast<double>(j) / static_cast<double>(b.size())));
  }
  return most;
}

// Exceeded by one pair of equal distributions in a thousand: sqrt(-ln(0.0005) / 2 * 2 / n).
double ks_bound(std::size_t n) {
  return std::sqrt(-std::log(0.0005) / static_cast<double>(n));
}

// z of one class by the sampler, and by `literal`, a loop as the study writes it: both [count][Z].
template <class Literal>
void expect_same_distribution(SamplerKind kind, const Partition& p, int c, Literal literal) {
  constexpr std::size_t kCount = 4000;
  const std::vector<std::int32_t> classes(kCount, c);
  std::vector<float> ours(kCount * static_cast<std::size_t>(p.dim())), theirs(ours.size());
  sampler(kind, p).fill_training(11, 0, 0, classes, ours);
  for (std::size_t i = 0; i < kCount; ++i) {
    RandomSequence random(Random(12, "test.literal"), static_cast<std::uint32_t>(i));
    literal(random,
            std::span(theirs).subspan(i * static_cast<std::size_t>(p.dim()), static_cast<std::size_t>(p.dim())));
  }
  // The norm, every coordinate, and the products with the centroids.
  for (int what = -1; what < p.dim() + p.classes(); ++what) {
    std::vector<double> a, b;
    for (std::size_t i = 0; i < kCount; ++i) {
      const auto value = [&](const std::vector<float>& all) {
        const auto z = row(all, i, p.dim());
        if (what < 0) return norm(z);
        if (what < p.dim()) return double{z[static_cast<std::size_t>(what)]};
        double product = 0;
        for (std::size_t k = 0; k < z.size(); ++k) product += double{z[k]} * double{p.centroid(what - p.dim())[k]};
        return product;
      };
      a.push_back(value(ours));
      b.push_back(value(theirs));
    }
    EXPECT_LT(ks(a, b), ks_bound(kCount)) << name_of(kind) << ", class " << c << ", statistic " << what;
  }
}

void draw_normal(RandomSequence& random, std::span<float> z) {
  for (float& v : z) v = static_cast<float>(random.normal());
}

TEST(ClassSampler, NearestCentroidIsAlwaysTheWantedClass) {
  struct Case {
    int classes, dim, count;
  };
  for (const Case& size : {Case{39, 100, 780}, Case{10, 2, 2000}, Case{5, 1, 1000}, Case{3, 50, 600}, Case{1, 4, 10}}) {
    const Partition p = make_partition(size.classes, size.dim, 21);
    const auto classes = cycle(size.count, size.classes);
    std::vector<float> z(static_cast<std::size_t>(size.count * size.dim));
    for (const SamplerKind kind : {SamplerKind::rejection, SamplerKind::partition}) {
      sampler(kind, p).fill_training(3, 7, 0, classes, z);
      for (std::size_t i = 0; i < classes.size(); ++i) {
        ASSERT_EQ(nearest_class(p, row(z, i, size.dim)), classes[i])
            << name_of(kind) << " " << size.dim << " row " << i;
      }
    }
  }
}

// Algorithm 1, word for word.
TEST(ClassSampler, PartitionHasTheDistributionOfThePseudocode) {
  for (const auto& [classes, dim] : {std::pair{4, 3}, {12, 5}}) {
    const Partition p = make_partition(classes, dim, 4);
    for (const int c : {0, 2, 3}) {
      expect_same_distribution(SamplerKind::partition, p, c, [&](RandomSequence& random, std::span<float> z) {
        std::vector<float> z0(z.size());
        draw_normal(random, z0);
        do {
          const double r = random.uniform();
          for (std::size_t i = 0; i < z.size(); ++i) {
            z[i] = static_cast<float>(double{z0[i]} + r * (double{p.centroid(c)[i]} - double{z0[i]}));
          }
        } while (nearest_class(p, z) != c);
      });
    }
  }
}

TEST(ClassSampler, RejectionHasTheDistributionOfThePseudocode) {
  for (const auto& [classes, dim] : {std::pair{4, 3}, {6, 8}, {9, 2}}) {
    const Partition p = make_partition(classes, dim, 6);
    for (const int c : {0, 1, 3}) {
      expect_same_distribution(SamplerKind::rejection, p, c, [&](RandomSequence& random, std::span<float> z) {
        do {
          draw_normal(random, z);
        } while (nearest_class(p, z) != c);
      });
    }
  }
}

// The test above can fail: what it compares differs between the samplers.
TEST(ClassSampler, PartitionAndRejectionDiffer) {
  const Partition p = make_partition(39, 100, 1);
  const std::vector<std::int32_t> classes(500, 3);
  std::vector<float> a(500 * 100), b(a.size());
  sampler(SamplerKind::rejection, p).fill_training(1, 0, 0, classes, a);
  sampler(SamplerKind::partition, p).fill_training(1, 0, 0, classes, b);
  std::vector<double> na, nb;
  for (std::size_t i = 0; i < 500; ++i) na.push_back(norm(row(a, i, 100))), nb.push_back(norm(row(b, i, 100)));
  EXPECT_GT(ks(na, nb), 2 * ks_bound(500));
}

TEST(Cell, EntryIsWhereTheSegmentComesIn) {
  const Partition p = make_partition(10, 6, 2);
  for (int c = 0; c < 10; ++c) {
    const Cell cell(p, c);
    for (std::uint32_t i = 0; i < 50; ++i) {
      std::vector<float> z0(6), z(6);
      Random(3, "test.entry").normal(i, z0);
      const double entry = cell.entry(z0);
      const auto nearest_at = [&](double r) {
        for (std::size_t k = 0; k < z.size(); ++k) {
          z[k] = static_cast<float>(double{z0[k]} + r * (double{p.centroid(c)[k]} - double{z0[k]}));
        }
        return nearest_class(p, z);
      };
      EXPECT_EQ(nearest_at(entry + 1e-4), c);
      if (entry > 0) {
        EXPECT_NE(nearest_at(entry - 1e-4), c);
      } else {
        EXPECT_EQ(nearest_class(p, z0), c);
      }
    }
  }
}

TEST(ClassSampler, GaussianIsThePriorAndNeedsNoPartition) {
  const Prior prior{.dim = 6};
  std::vector<float> wanted(3 * 6), z(3 * 6);
  ClassSampler gaussian(prior, {});
  fill_training(prior, 9, 4, 2, wanted);
  EXPECT_EQ(gaussian.fill_training(9, 4, 2, cycle(3, 2), z).draws, 3);
  EXPECT_EQ(z, wanted);
  fill_samples(prior, 9, wanted);
  gaussian.fill_samples(9, cycle(3, 2), z);
  EXPECT_EQ(z, wanted);
}

TEST(ClassSampler, CentroidStandsAroundItsCentroid) {
  const Partition p = make_partition(3, 50, 2);
  ClassSampler centroid({.dim = 50}, {.kind = SamplerKind::centroid, .sigma = 0.3}, p);
  std::vector<float> z(600 * 50);
  centroid.fill_training(1, 0, 0, std::vector<std::int32_t>(600, 1), z);
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < z.size(); ++i) {
    const double d = double{z[i]} - double{p.centroid(1)[i % 50]};
    sum += d, squares += d * d;
  }
  const double n = static_cast<double>(z.size());
  EXPECT_NEAR(sum / n, 0, 4 * 0.3 / std::sqrt(n));
  EXPECT_NEAR(std::sqrt(squares / n), 0.3, 4 * 0.3 / std::sqrt(2 * n));
}

TEST(ClassSampler, RowsDependOnTheirIndexAndClassAlone) {
  const Partition p = make_partition(6, 8, 2);
  const auto classes = cycle(20, 6);
  for (const SamplerKind kind : {SamplerKind::centroid, SamplerKind::rejection, SamplerKind::partition}) {
    std::vector<float> whole(20 * 8), part(5 * 8);
    ClassSampler s = sampler(kind, p);
    s.fill_training(1, 3, 0, classes, whole);
    sampler(kind, p).fill_training(1, 3, 10, std::span(classes).subspan(10, 5), part);
    EXPECT_TRUE(std::equal(part.begin(), part.end(), whole.begin() + 10 * 8)) << name_of(kind);
    std::vector<float> other(20 * 8);
    s.fill_training(1, 4, 0, classes, other);
    EXPECT_NE(whole, other) << name_of(kind);
  }
}

TEST(ClassSampler, PictureIOfASeedIsPictureZeroOfSeedPlusI) {
  const Partition p = make_partition(6, 8, 2);
  const auto classes = cycle(4, 6);
  for (const SamplerKind kind : {SamplerKind::rejection, SamplerKind::partition}) {
    std::vector<float> all(4 * 8), one(8);
    ClassSampler s = sampler(kind, p);
    s.fill_samples(100, classes, all);
    s.fill_samples(103, std::span(classes).subspan(3), one);
    EXPECT_TRUE(std::equal(one.begin(), one.end(), all.begin() + 3 * 8)) << name_of(kind);
  }
}

TEST(ClassSampler, ReportsTheDrawsOfRejection) {
  // Two cells that halve the plane: 2 draws on average.
  const std::vector<float> centroids{-1, 0, 1, 0};
  const Partition halves{.centroids = Tensor::of<float>({2, 2}, std::span<const float>(centroids))};
  std::vector<float> z(4000 * 2);
  const Draws draws = sampler(SamplerKind::rejection, halves).fill_training(1, 0, 0, cycle(4000, 2), z);
  EXPECT_EQ(draws.samples, 4000);
  EXPECT_NEAR(draws.mean(), 2, 4 * std::sqrt(2.0 / 4000));  // a geometric number has variance 2
  EXPECT_GE(draws.most, 6);
}

TEST(ClassSampler, RejectionIsBoundedAndSaysWhatToDo) {
  const std::vector<float> centroids{0, 50};
  const Partition far{.centroids = Tensor::of<float>({2, 1}, std::span<const float>(centroids))};
  ClassSampler s({.dim = 1}, {.kind = SamplerKind::rejection, .most_draws = 1000}, far);
  std::vector<float> z(1);
  try {
    s.fill_training(1, 0, 0, std::vector<std::int32_t>{1}, z);
    FAIL() << "a cell 25 deviations away was reached";
  } catch (const ConfigError& error) {
    EXPECT_NE(std::string(error.what()).find("1000 draws gave no z of class 1"), std::string::npos) << error.what();
  }
}

TEST(ClassSampler, RefusesWhatDoesNotFit) {
  const Partition p = make_partition(3, 4, 1);
  const SamplerOptions options{.kind = SamplerKind::partition};
  EXPECT_THROW(ClassSampler({.dim = 4}, options), ConfigError);
  EXPECT_THROW(ClassSampler({.dim = 5}, options, p), ConfigError);
  EXPECT_THROW(ClassSampler({.dim = 4, .kind = PriorKind::uniform}, options, p), ConfigError);
  std::vector<float> z(8);
  ClassSampler s({.dim = 4}, options, p);
  EXPECT_THROW(s.fill_training(1, 0, 0, std::vector<std::int32_t>{0, 3}, z), ConfigError);
  EXPECT_THROW(s.fill_training(1, 0, 0, std::vector<std::int32_t>{0}, z), ShapeError);
}

TEST(SamplerKind, KnowsItsNames) {
  for (const char* name : {"gaussian", "centroid", "rejection", "partition"}) {
    EXPECT_STREQ(name_of(sampler_kind_from(name)), name);
  }
  EXPECT_THROW(sampler_kind_from("normal"), ConfigError);
}

}  // namespace
}  // namespace ganymede::latent
