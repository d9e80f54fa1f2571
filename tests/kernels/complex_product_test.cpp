#include "kernels/complex_product.hpp"

#include <gtest/gtest.h>

#include <complex>
#include <cstring>

#include "base/philox.hpp"
#include "kernels/dot_pair.hpp"
#include "kernels/unit.hpp"

namespace ganymede::kernels {
namespace {

Pair round_to_pair(float re, float im) {
  return (bits_of(re) + 0x8000U) >> 16 | ((bits_of(im) + 0x8000U) & 0xFFFF0000U);
}
std::complex<double> value_of(Pair p) {
  return {low_of(p), high_of(p)};
}

struct Case {
  std::int64_t rows, depth;
  int columns;
  bool conjugate, real;
  float scale = 1;
};

class Operands {
 public:
  Operands(const Case& c, std::uint64_t seed)
      : case_(c), a_(static_cast<std::size_t>(c.rows * (c.depth + 3))), b_(static_cast<std::size_t>(c.depth * 48)) {
    fill(a_, seed, "a");
    fill(b_, seed, "b");
  }
  ComplexProduct product() const {
    return {.a = a_.data(),
            .a_row = case_.depth + 3,
            .b = b_.data(),
            .b_k = 48,
            .rows = case_.rows,
            .depth = case_.depth,
            .columns = case_.columns,
            .conjugate = case_.conjugate,
            .real = case_.real};
  }
  // The sum, and that of the absolute values.
  std::complex<double> exact(std::int64_t i, int j, double& size) const {
    std::complex<double> sum = 0;
    size = 0;
    for (std::int64_t k = 0; k < case_.depth; ++k) {
      const auto a = value_of(a_[i * (case_.depth + 3) + k]);
      const auto b = value_of(b_[k * 48 + j]);
      sum += case_.conjugate ? a * std::conj(b) : a * b;
      size += std::abs(a) * std::abs(b);
    }
    return sum;
  }

 private:
  void fill(std::vector<Pair>& to, std::uint64_t seed, const char* name) const {
    std::vector<float> values(2 * to.size());
    Random(seed, name).normal(0, values);
    for (float& value : values) value *= case_.scale;
    for (std::size_t i = 0; i < to.size(); ++i)
      to[i] = round_to_pair(values[2 * i], case_.real ? 0.0F : values[2 * i + 1]);
  }
  Case case_;
  std::vector<Pair> a_, b_;
};

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const std::int64_t rows : {1, 4, 6, 13, 30}) {
    for (const std::int64_t depth : {1, 5, 64}) {
      for (const int columns : {16, 32}) {
        for (const int kind : {0, 1, 2}) all.push_back({rows, depth, columns, kind == 1, kind == 2});
      }
    }
  }
  return all;
}

struct Sums {
  std::vector<float> re, im;
  bool operator==(const Sums& other) const {
    return std::memcmp(re.data(), other.re.data(), 4 * re.size()) == 0 &&
           std::memcmp(im.data(), other.im.data(), 4 * im.size()) == 0;
  }
};

Sums sums_of(void (*multiply)(const ComplexProduct&), ComplexProduct p) {
  Sums s;
  s.re.assign(static_cast<std::size_t>(p.rows * 40), 0.25F);
  s.im.assign(s.re.size(), -0.5F);
  p.re = s.re.data();
  p.im = s.im.data();
  p.sum_row = 40;
  multiply(p);
  return s;
}

bool has_dot_product() {
  for (const Unit u : hardware_units()) {
    if (u == Unit::avx512bf16) return true;
  }
  return false;
}

TEST(ComplexProduct, SumsAreThoseOfDoubleArithmetic) {
  for (const Case& c : cases()) {
    const Operands operands(c, 7);
    const Sums s = sums_of(complex_product_emulated, operands.product());
    for (std::int64_t i = 0; i < c.rows; ++i) {
      for (int j = 0; j < c.columns; ++j) {
        double size = 0;
        const auto exact = operands.exact(i, j, size);
        const double bound = 2 * static_cast<double>(c.depth) * 1.2e-7 * size + 1e-30;
        ASSERT_NEAR(s.re[i * 40 + j], exact.real(), bound) << c.rows << " " << c.depth << " " << c.columns;
        ASSERT_NEAR(s.im[i * 40 + j], exact.imag(), bound) << c.rows << " " << c.depth << " " << c.columns;
      }
    }
  }
}

TEST(ComplexProduct, AccumulatesOntoWhatIsThere) {
  const Operands operands({7, 9, 16, true, false}, 3);
  ComplexProduct p = operands.product();
  const Sums fresh = sums_of(complex_product_emulated, p);
  p.accumulate = true;
  const Sums added = sums_of(complex_product_emulated, p);
  for (int i = 0; i < 7; ++i) {
    for (int j = 0; j < 16; ++j) {
      EXPECT_EQ(added.re[i * 40 + j], 0.25F + fresh.re[i * 40 + j]);
      EXPECT_EQ(added.im[i * 40 + j], -0.5F + fresh.im[i * 40 + j]);
    }
  }
}

TEST(ComplexProduct, RoundedResultsAreTheRoundedSums) {
  const Operands operands({6, 20, 32, false, false}, 4);
  ComplexProduct p = operands.product();
  const Sums s = sums_of(complex_product_emulated, p);
  alignas(64) Pair c[6 * 48] = {};
  p.c = c;
  p.c_row = 48;
  complex_product_emulated(p);
  for (int i = 0; i < 6; ++i) {
    for (int j = 0; j < 32; ++j) EXPECT_EQ(c[i * 48 + j], round_to_pair(s.re[i * 40 + j], s.im[i * 40 + j]));
  }
}

TEST(ComplexProduct, TheInstructionGivesTheBitsOfItsEmulation) {
  if (!has_dot_product()) GTEST_SKIP() << "this CPU has no AVX512_BF16";
  std::vector<Case> all = cases();
  for (const bool conjugate : {false, true}) {
    // Sums about the smallest normal number, products below it.
    for (const float scale : {0x1p-62F, 0x1p-63F, 0x1p-64F}) all.push_back({13, 64, 32, conjugate, false, scale});
  }
  for (const Case& c : all) {
    const Operands operands(c, 5);
    ComplexProduct p = operands.product();
    for (const bool accumulate : {false, true}) {
      p.accumulate = accumulate;
      ASSERT_EQ(sums_of(complex_product_avx512bf16, p), sums_of(complex_product_emulated, p))
          << c.rows << " " << c.depth << " " << c.columns << " " << c.conjugate << c.real;
    }
    std::vector<Pair> memory(static_cast<std::size_t>(2 * c.rows * 48 + 16));
    Pair* aligned = memory.data() + (16 - reinterpret_cast<std::uintptr_t>(memory.data()) / 4 % 16) % 16;
    p.accumulate = false;
    p.c_row = 48;
    p.c = aligned;
    complex_product_avx512bf16(p);
    p.c = aligned + c.rows * 48;
    complex_product_emulated(p);
    ASSERT_EQ(std::memcmp(aligned, p.c, static_cast<std::size_t>(c.rows) * 48 * 4), 0);
  }
}

}  // namespace
}  // namespace ganymede::kernels
