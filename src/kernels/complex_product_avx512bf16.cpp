#include "kernels/complex_product.hpp"

#if defined(__AVX512BF16__)

#include <immintrin.h>

namespace ganymede::kernels {
namespace {

constexpr int kBlockRows = 6;  // 6 x 2 x 2 sums, two vectors of B and their turned copies, one of A: 29 registers
constexpr int kRealRows = 12;

const char* share_of(const Upcoming& next, std::int64_t block, std::int64_t blocks, std::int64_t depth,
                     std::int64_t& lines) {
  const std::int64_t all = next.data != nullptr ? next.count / 16 : 0;
  const std::int64_t even = (all + blocks - 1) / blocks;
  const std::int64_t share = even < depth ? even : depth;
  const std::int64_t first = block * share < all ? block * share : all;
  lines = share < all - first ? share : all - first;
  return reinterpret_cast<const char*>(next.data) + first * 64;
}

inline __m512i rounded_pair(__m512 re, __m512 im) {
  const __m512i half = _mm512_set1_epi32(0x8000);
  const __m512i low = _mm512_srli_epi32(_mm512_add_epi32(_mm512_castps_si512(re), half), 16);
  const __m512i high = _mm512_add_epi32(_mm512_castps_si512(im), half);
  return _mm512_mask_blend_epi16(0xAAAAAAAAU, low, high);
}

template <int kRows, int kVectors, bool kConjugate, bool kReal>
void multiply_block(const ComplexProduct& p, std::int64_t row, const char* fetch, std::int64_t fetch_lines) {
  __m512 re[kRows][kVectors];
  __m512 im[kRows][kVectors];
#pragma GCC unroll 16
  for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 2
    for (int j = 0; j < kVectors; ++j) re[i][j] = im[i][j] = _mm512_setzero_ps();
  }
  const Pair* a = p.a + row * p.a_row;
  const Pair* b = p.b;
  // (b0, b1) times conj: re = a0 b0 + a1 b1, im = -a0 b1 + a1 b0; plain: re = a0 b0 - a1 b1, im = a0 b1 + a1 b0.
  const __m512i sign = _mm512_set1_epi32(kConjugate ? 0x00008000 : static_cast<int>(0x80000000U));
  const auto add_one = [&]() {
    __m512i straight[kVectors];
    __m512i turned[kVectors];
#pragma GCC unroll 2
    for (int j = 0; j < kVectors; ++j) {
      straight[j] = _mm512_loadu_si512(b + 16 * j);
      if constexpr (!kReal) {
        turned[j] = _mm512_rol_epi32(straight[j], 16);
        if constexpr (kConjugate) {
          turned[j] = _mm512_xor_si512(turned[j], sign);
        } else {
          straight[j] = _mm512_xor_si512(straight[j], sign);
        }
      }
    }
#pragma GCC unroll 16
    for (int i = 0; i < kRows; ++i) {
      const __m512i left = _mm512_set1_epi32(static_cast<int>(a[i * p.a_row]));
#pragma GCC unroll 2
      for (int j = 0; j < kVectors; ++j) {
        re[i][j] = _mm512_dpbf16_ps(re[i][j], (__m512bh)left, (__m512bh)straight[j]);
        if constexpr (!kReal) im[i][j] = _mm512_dpbf16_ps(im[i][j], (__m512bh)left, (__m512bh)turned[j]);
      }
    }
    a += p.a_k;
    b += p.b_k;
  };
  std::int64_t k = 0;
  for (; k < fetch_lines; ++k) {
    _mm_prefetch(fetch + k * 64, _MM_HINT_T1);
    add_one();
  }
  for (; k < p.depth; ++k) add_one();

#pragma GCC unroll 16
  for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 2
    for (int j = 0; j < kVectors; ++j) {
      if (p.c != nullptr) {
        _mm512_stream_si512(reinterpret_cast<__m512i*>(p.c + (row + i) * p.c_row + 16 * j),
                            rounded_pair(re[i][j], im[i][j]));
        continue;
      }
      float* to_re = p.re + (row + i) * p.sum_row + 16 * j;
      float* to_im = p.im + (row + i) * p.sum_row + 16 * j;
      const bool more = p.accumulate;
      _mm512_storeu_ps(to_re, more ? _mm512_add_ps(_mm512_loadu_ps(to_re), re[i][j]) : re[i][j]);
      _mm512_storeu_ps(to_im, more ? _mm512_add_ps(_mm512_loadu_ps(to_im), im[i][j]) : im[i][j]);
    }
  }
}

template <int kVectors, bool kConjugate, bool kReal>
void multiply(const ComplexProduct& p) {
  constexpr int kRows = kReal ? kRealRows : kBlockRows;
  const std::int64_t blocks = p.rows / kRows;
  std::int64_t lines = 0;
  for (std::int64_t block = 0; block < blocks; ++block) {
    const char* fetch = share_of(p.next, block, blocks, p.depth, lines);
    multiply_block<kRows, kVectors, kConjugate, kReal>(p, block * kRows, fetch, lines);
  }
  std::int64_t row = blocks * kRows;
  for (; row + 4 <= p.rows; row += 4) multiply_block<4, kVectors, kConjugate, kReal>(p, row, nullptr, 0);
  for (; row < p.rows; ++row) multiply_block<1, kVectors, kConjugate, kReal>(p, row, nullptr, 0);
}

template <int kVectors>
void multiply(const ComplexProduct& p) {
  if (p.real) return multiply<kVectors, true, true>(p);
  if (p.conjugate) return multiply<kVectors, true, false>(p);
  multiply<kVectors, false, false>(p);
}

}  // namespace

void complex_product_avx512bf16(const ComplexProduct& p) {
  if (p.columns == 16) {
    multiply<1>(p);
  } else {
    multiply<2>(p);
  }
  if (p.c != nullptr) _mm_sfence();
}

}  // namespace ganymede::kernels

#else

#include "base/error.hpp"

namespace ganymede::kernels {

void complex_product_avx512bf16(const ComplexProduct&) {
  fail<Error>("internal: this build has no AVX512_BF16");
}

}  // namespace ganymede::kernels

#endif
