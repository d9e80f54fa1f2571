#include "kernels/pair_product.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <thread>

#include "base/error.hpp"
#include "base/thread_pool.hpp"
#include "kernels/levels.hpp"
#include "kernels/peak.hpp"
#include "kernels/unit.hpp"

namespace ganymede::kernels {
namespace {

template <class F>
void with_unit(Unit wanted, F&& f) {
  const Unit before = unit();
  SCOPED_TRACE(name_of(wanted));
  set_unit(wanted);
  f();
  set_unit(before);
}

template <class F>
void with_every_unit(F&& f) {
  auto units = hardware_units();
  units.insert(units.end(), {Unit::emulated_dot, Unit::emulated_tiles});
  for (const Unit u : units) with_unit(u, f);
}

struct Sizes {
  std::int64_t rows;
  int depth, width, terms;
};
const Sizes kSizes[] = {{1, 32, 16, 1},   {2, 64, 32, 3},   {5, 96, 48, 2},   {6, 32, 64, 25},  {7, 64, 64, 1},
                        {13, 32, 16, 2},  {16, 64, 64, 9},  {17, 128, 48, 4}, {31, 32, 32, 15}, {32, 64, 64, 2},
                        {33, 576, 64, 3}, {49, 64, 64, 25}, {64, 32, 16, 1},  {65, 256, 48, 1}, {96, 64, 32, 7}};
const Sizes kNothing[] = {{3, 32, 16, 0}, {20, 0, 64, 2}};

std::vector<Bf16> rounded_values(std::vector<float> values) {
  std::vector<Bf16> result(values.size());
  std::transform(values.begin(), values.end(), result.begin(), rounded);
  return result;
}

// Terms with operands of their own at strides wider than needed.
struct Problem {
  explicit Problem(const Sizes& sizes, std::uint64_t seed = 1) : s(sizes) {
    a_row = s.depth + 6;
    b_row = 2 * s.width + 10;
    c_row = s.width + 5;
    for (int t = 0; t < s.terms; ++t) {
      a.push_back(rounded_values(random_values(static_cast<std::size_t>(s.rows * a_row), seed + 2 * t)));
      b.push_back(rounded_values(random_values(static_cast<std::size_t>(s.depth / 2 * b_row), seed + 2 * t + 1)));
      terms.push_back({a.back().data(), b.back().data()});
    }
    c = random_values(static_cast<std::size_t>(s.rows * c_row), seed + 1000);
  }

  PairProduct product(std::vector<float>& to, bool accumulate) const {
    return {.terms = terms,
            .a_row = a_row,
            .b_row = b_row,
            .c = to.data(),
            .c_row = c_row,
            .rows = s.rows,
            .depth = s.depth,
            .width = s.width,
            .accumulate = accumulate};
  }

  std::vector<float> result(bool accumulate) const {
    auto to = c;
    pair_product(product(to, accumulate));
    return to;
  }

  Sizes s;
  std::int64_t a_row, b_row, c_row;
  std::vector<std::vector<Bf16>> a, b;
  std::vector<PairTerm> terms;
  std::vector<float> c;
};

std::vector<std::uint32_t> bits(const std::vector<float>& values) {
  std::vector<std::uint32_t> result;
  result.reserve(values.size());
  for (const float v : values) result.push_back(std::isnan(v) ? 0x7FC00000U : std::bit_cast<std::uint32_t>(v));
  return result;
}

TEST(PairProduct, MatchesPlainLoopOverOddSizes) {
  with_every_unit([] {
    std::vector<Sizes> all(std::begin(kSizes), std::end(kSizes));
    all.insert(all.end(), std::begin(kNothing), std::end(kNothing));
    double worst = 0;
    for (const Sizes& s : all) {
      const Problem problem(s);
      for (const bool accumulate : {false, true}) {
        const auto c = problem.result(accumulate);
        for (std::int64_t i = 0; i < s.rows; ++i) {
          for (int j = 0; j < problem.c_row; ++j) {
            const float before = problem.c[i * problem.c_row + j];
            const float found = c[i * problem.c_row + j];
            if (j >= s.width) {
              ASSERT_EQ(found, before) << "outside the result";
              continue;
            }
            double wanted = accumulate ? before : 0;
            double size = std::fabs(wanted);
            for (const PairTerm& term : problem.terms) {
              for (int k = 0; k < s.depth; ++k) {
                const double product = double{widened(term.a[i * problem.a_row + k])} *
                                       widened(term.b[k / 2 * problem.b_row + 2 * j + k % 2]);
                wanted += product;
                size += std::fabs(product);
              }
            }
            // Each of n steps rounds once, 2^-24 of a partial sum; the roundings of running sums mostly cancel.
            const double bound = s.depth * s.terms * 0x1p-23 * size;
            ASSERT_LE(std::fabs(found - wanted), bound)
                << s.rows << " x " << s.depth << " x " << s.width << " of " << s.terms << " at " << i << ", " << j;
            if (size > 0) worst = std::max(worst, std::fabs(found - wanted) / size);
          }
        }
      }
    }
    EXPECT_LE(worst, 4e-7);  // as f32 products have it: far below 2^-8, the rounding of the operands
    RecordProperty(std::string("worst_") + name_of(unit()), std::to_string(worst * 1e9) + "e-9");
  });
}

// Numbers whose exponents are spread so widely that products and sums fall below the normal range, or overflow, and
// special ones.
std::vector<Bf16> wild_values(std::size_t count, std::uint64_t seed) {
  const auto raw = random_values(count * 2, seed);
  std::vector<Bf16> result(count);
  for (std::size_t i = 0; i < count; ++i) {
    const int exponent = static_cast<int>(std::fabs(raw[2 * i + 1]) * 1000) % 20;
    result[i] = rounded(std::ldexp(raw[2 * i], exponent < 14 ? -68 + exponent / 2 : exponent == 14 ? -130 : 0));
  }
  return result;
}

void expect_the_same_bits(Unit one, Unit other) {
  for (const Sizes& s : kSizes) {
    for (const bool wild : {false, true}) {
      Problem problem(s, 7);
      if (wild) {
        for (int t = 0; t < s.terms; ++t) {
          problem.a[t] = wild_values(problem.a[t].size(), 100 + t);
          problem.b[t] = wild_values(problem.b[t].size(), 200 + t);
          problem.terms[t] = {problem.a[t].data(), problem.b[t].data()};
        }
        for (std::size_t i = 0; i < problem.c.size(); i += 2) problem.c[i] *= 0x1p-126F;
        problem.a[0][0] = rounded(std::numeric_limits<float>::infinity());
        problem.b[0][2] = rounded(std::numeric_limits<float>::infinity());
        problem.b[0][4] = rounded(std::numeric_limits<float>::quiet_NaN());
        problem.b[0][6] = 0x7F7F;  // the largest
      }
      for (const bool accumulate : {false, true}) {
        std::vector<float> first;
        std::vector<float> second;
        with_unit(one, [&] { first = problem.result(accumulate); });
        with_unit(other, [&] { second = problem.result(accumulate); });
        ASSERT_EQ(bits(first), bits(second)) << s.rows << " x " << s.depth << " x " << s.width << " of " << s.terms
                                             << (wild ? ", wild" : "") << (accumulate ? ", accumulated" : "");
      }
    }
  }
}

void expect_emulation_of(Unit hardware, Unit emulation) {
  const auto units = hardware_units();
  if (std::find(units.begin(), units.end(), hardware) == units.end()) GTEST_SKIP() << "no " << name_of(hardware);
  std::thread([&] { expect_the_same_bits(hardware, emulation); }).join();  // a thread that keeps denormals
  std::thread([&] {
    flush_denormals();
    expect_the_same_bits(hardware, emulation);
  }).join();
}

TEST(PairProduct, EmulatedDotGivesTheBitsOfTheHardware) {
  expect_emulation_of(Unit::avx512bf16, Unit::emulated_dot);
}

TEST(PairProduct, EmulatedTilesGiveTheBitsOfTheHardware) {
  expect_emulation_of(Unit::amx, Unit::emulated_tiles);
}

TEST(PairProduct, EmulationsGiveTheSameBitsAtEveryLevel) {
  for (const Unit u : {Unit::emulated_dot, Unit::emulated_tiles}) {
    with_unit(u, [] {
      for (const Sizes& s : kSizes) {
        if (s.rows * s.depth * s.terms > 20000) continue;  // the scalar level is slow
        const Problem problem(s, 3);
        std::map<std::string, std::vector<float>> results;
        at_every_level([&](const std::string& name) { results[name] = problem.result(true); });
        for (const auto& [name, values] : results) ASSERT_EQ(values, results.begin()->second) << name;
      }
    });
  }
}

TEST(PairProduct, GivesTheSameBitsHoweverItIsCut) {
  with_every_unit([] {
    const Problem problem({.rows = 53, .depth = 64, .width = 64, .terms = 9}, 5);
    const auto whole = problem.result(false);
    std::vector<float> by_rows = problem.c;
    for (std::int64_t first = 0, count = 1; first < 53;
         first += count, count = std::min<std::int64_t>(count + 3, 53 - first)) {
      PairProduct p = problem.product(by_rows, false);
      std::vector<PairTerm> terms = problem.terms;
      for (PairTerm& term : terms) term.a += first * problem.a_row;
      p.terms = terms;
      p.c += first * problem.c_row;
      p.rows = count;
      pair_product(p);
    }
    EXPECT_EQ(by_rows, whole);
    std::vector<float> by_columns = problem.c;
    for (const auto& [first, width] : {std::pair{0, 16}, std::pair{16, 48}}) {
      PairProduct p = problem.product(by_columns, false);
      std::vector<PairTerm> terms = problem.terms;
      for (PairTerm& term : terms) term.b += 2 * first;
      p.terms = terms;
      p.c += first;
      p.width = width;
      pair_product(p);
    }
    EXPECT_EQ(by_columns, whole);
    std::vector<float> by_terms = problem.c;
    for (const auto& [first, count] : {std::pair{0, 1}, std::pair{1, 6}, std::pair{7, 2}}) {
      PairProduct p = problem.product(by_terms, first > 0);
      p.terms = p.terms.subspan(first, count);
      pair_product(p);
    }
    EXPECT_EQ(by_terms, whole);
    std::vector<float> by_depth = problem.c;
    PairProduct p = problem.product(by_depth, false);
    std::vector<PairTerm> terms;
    for (const PairTerm& term : problem.terms) {
      terms.push_back(term);
      terms.push_back({term.a + 32, term.b + 16 * problem.b_row});
    }
    p.terms = terms;
    p.depth = 32;
    pair_product(p);
    EXPECT_EQ(by_depth, whole);
  });
}

// One result of 32 of k: A is given, B is 1 everywhere.
float sum_of(std::initializer_list<float> a, float c) {
  std::vector<Bf16> left(32, 0);
  std::transform(a.begin(), a.end(), left.begin(), rounded);
  const std::vector<Bf16> right(16 * 32, rounded(1.0F));
  const PairTerm term{left.data(), right.data()};
  std::vector<float> to(16, c);
  pair_product({.terms = {&term, 1},
                .a_row = 32,
                .b_row = 32,
                .c = to.data(),
                .c_row = 16,
                .rows = 1,
                .depth = 32,
                .width = 16,
                .accumulate = true});
  return to[5];
}

constexpr float kBig = 0x1p24F;  // kBig + 1 == kBig, kBig + 2 > kBig

TEST(PairProduct, DotAddsTheSecondOfAPairFirst) {
  auto units = hardware_units();
  std::erase(units, Unit::amx);
  units.push_back(Unit::emulated_dot);
  for (const Unit u : units) {
    with_unit(u, [] {
      EXPECT_EQ(sum_of({-kBig, 1}, kBig), 0);        // (2^24 + 1) - 2^24
      EXPECT_EQ(sum_of({1, -kBig}, kBig), 1);        // (2^24 - 2^24) + 1
      EXPECT_EQ(sum_of({1, 0, 0, 1}, kBig), kBig);   // one running sum: both ones are lost
      EXPECT_EQ(sum_of({0, -kBig, 1, 1}, kBig), 2);  // pairs in order
      EXPECT_EQ(sum_of({1, 1, 0, -kBig}, kBig), 0);
    });
  }
}

TEST(PairProduct, TilesAddEvenAndOddApartAndThenToTheSum) {
  auto units = hardware_units();
  std::erase(units, Unit::avx512bf16);
  units.push_back(Unit::emulated_tiles);
  for (const Unit u : units) {
    with_unit(u, [] {
      EXPECT_EQ(sum_of({-kBig, 1}, kBig), 1);             // -2^24 + 1 is exact
      EXPECT_EQ(sum_of({1, 0, 0, 1}, kBig), kBig + 2);    // (1) + (1) first
      EXPECT_EQ(sum_of({kBig, 0, 1, 0, 1, 0}, 0), kBig);  // within the even sum k ascends
      EXPECT_EQ(sum_of({1, 0, 1, 0, kBig, 0}, 0), kBig + 2);
      EXPECT_EQ(sum_of({kBig, 1, 0, 1}, 0), kBig + 2);  // the odd ones meet before they meet the even one
    });
  }
}

TEST(PairProduct, TreatsSpecialNumbersAsTheUnitsDo) {
  with_every_unit([] {
    const float infinity = std::numeric_limits<float>::infinity();
    EXPECT_EQ(sum_of({0, 0}, 0), 0);
    EXPECT_EQ(sum_of({1, infinity}, 5), infinity);
    EXPECT_TRUE(std::isnan(sum_of({-infinity, infinity}, 5)));
    EXPECT_TRUE(std::isnan(sum_of({std::numeric_limits<float>::quiet_NaN()}, 5)));
    EXPECT_EQ(sum_of({0x1p-130F, 0x1p-130F}, 0), 0) << "a denormal operand counts as zero";
    EXPECT_EQ(sum_of({0x1p-126F, 0}, 0), 0x1p-126F);
    EXPECT_EQ(sum_of({0x1p-126F, 0}, -0x1.8p-126F), 0) << "a denormal result becomes zero";
    EXPECT_EQ(sum_of({0, 0}, 0x1p-130F), 0) << "so does a denormal to add to";
  });
}

TEST(PairProduct, NeedsAUnit) {
  with_unit(Unit::none, [] { EXPECT_THROW(sum_of({1}, 0), Error); });
}

TEST(Peak, IsPlausibleWhereTheUnitIsThereAndZeroWhereNot) {
  EXPECT_GT(measure_peak(PeakKind::f32, 1e-4), 1e8);
  const auto units = hardware_units();
  const auto has = [&](Unit u) { return std::find(units.begin(), units.end(), u) != units.end(); };
  EXPECT_EQ(measure_peak(PeakKind::dot, 1e-4) > 1e9, has(Unit::avx512bf16));
  EXPECT_EQ(measure_peak(PeakKind::tiles, 1e-4) > 1e9, has(Unit::amx));
}

}  // namespace
}  // namespace ganymede::kernels
