#include "kernels/pair_product_ways.hpp"

#if defined(__AVX512BF16__)

#include <immintrin.h>

namespace ganymede::kernels {
namespace {

// One piece of the sum whose part of B stays in the first-level cache while all rows pass. Sums wait in C between two.
struct Piece {
  const Bf16* a;
  const Bf16* b;
  int pairs;
};
constexpr int kPieces = 16;
constexpr std::int64_t kSegmentBytes = 16 * 1024;

struct Segment {
  Piece pieces[kPieces];
  int count;
  std::int64_t a_row, b_row, c_row;
  float* c;
  bool from_c;
};

__m512i broadcast_pair(const Bf16* p) {
  int pair;
  __builtin_memcpy(&pair, p, sizeof pair);
  return _mm512_set1_epi32(pair);
}

template <int kRows, int kVectors>
void multiply_block(const Segment& segment, std::int64_t first, int column) {
  __m512 sum[kRows][kVectors];
  std::int64_t row[kRows];
  float* c = segment.c + first * segment.c_row + column;
#pragma GCC unroll 16
  for (int i = 0; i < kRows; ++i) {
    row[i] = i * segment.a_row;
#pragma GCC unroll 4
    for (int j = 0; j < kVectors; ++j) {
      sum[i][j] = segment.from_c ? _mm512_loadu_ps(c + i * segment.c_row + 16 * j) : _mm512_setzero_ps();
    }
  }
  for (int piece = 0; piece < segment.count; ++piece) {
    const Bf16* a = segment.pieces[piece].a + first * segment.a_row;
    const Bf16* b = segment.pieces[piece].b + 2 * column;
    for (int k = segment.pieces[piece].pairs; k > 0; --k) {
      __m512bh right[kVectors];
#pragma GCC unroll 4
      for (int j = 0; j < kVectors; ++j) right[j] = (__m512bh)_mm512_loadu_si512(b + 32 * j);
#pragma GCC unroll 16
      for (int i = 0; i < kRows; ++i) {
        const auto left = (__m512bh)broadcast_pair(a + row[i]);
#pragma GCC unroll 4
        for (int j = 0; j < kVectors; ++j) sum[i][j] = _mm512_dpbf16_ps(sum[i][j], right[j], left);
      }
      a += 2;
      b += segment.b_row;
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 4
    for (int j = 0; j < kVectors; ++j) _mm512_storeu_ps(c + i * segment.c_row + 16 * j, sum[i][j]);
  }
}

using BlockFunction = void (*)(const Segment&, std::int64_t, int);

// Blocks of 1 .. 6 rows, and a taller one where few vectors a row leave registers free.
template <int kVectors>
void multiply_rows(const Segment& segment, std::int64_t rows, int column) {
  constexpr int kTall = kVectors == 4 ? 6 : kVectors == 3 ? 8 : 12;
  constexpr BlockFunction kByRows[7] = {nullptr,
                                        multiply_block<1, kVectors>,
                                        multiply_block<2, kVectors>,
                                        multiply_block<3, kVectors>,
                                        multiply_block<4, kVectors>,
                                        multiply_block<5, kVectors>,
                                        multiply_block<6, kVectors>};
  std::int64_t i = 0;
  for (; i + kTall <= rows; i += kTall) multiply_block<kTall, kVectors>(segment, i, column);
  while (i < rows) {
    const int left = static_cast<int>(rows - i < 6 ? rows - i : 6);
    kByRows[left](segment, i, column);
    i += left;
  }
}

void multiply_segment(const Segment& segment, std::int64_t rows, int width) {
  switch (width / 16) {
    case 4:
      return multiply_rows<4>(segment, rows, 0);
    case 3:
      return multiply_rows<3>(segment, rows, 0);
    case 2:
      return multiply_rows<2>(segment, rows, 0);
    default:
      return multiply_rows<1>(segment, rows, 0);
  }
}

}  // namespace

void pair_product_avx512bf16(const PairProduct& p) {
  Segment segment = {
      .pieces = {}, .count = 0, .a_row = p.a_row, .b_row = p.b_row, .c_row = p.c_row, .c = p.c, .from_c = p.accumulate};
  const int limit = static_cast<int>(kSegmentBytes / (4 * p.width));  // pairs of k
  const PairTerm* terms = p.terms.data();
  const auto count = static_cast<std::int64_t>(p.terms.size());
  int room = limit;
  for (std::int64_t t = 0; t < count; ++t) {
    for (int k = 0; k < p.depth / 2;) {
      const int pairs = room < p.depth / 2 - k ? room : p.depth / 2 - k;
      segment.pieces[segment.count++] = {terms[t].a + 2 * k, terms[t].b + k * p.b_row, pairs};
      k += pairs;
      room -= pairs;
      if (room == 0 || segment.count == kPieces) {
        multiply_segment(segment, p.rows, p.width);
        segment.count = 0;
        segment.from_c = true;
        room = limit;
      }
    }
  }
  if (segment.count > 0 || !segment.from_c) multiply_segment(segment, p.rows, p.width);
}

namespace {

constexpr int kPeakChains = 16;

void run_dots(long rounds) {
  __m512 sum[kPeakChains];
  for (auto& s : sum) s = _mm512_setzero_ps();
  const auto one = (__m512bh)_mm512_set1_epi32(0x3F803F80);
  for (long round = 0; round < rounds; ++round) {
#pragma GCC unroll 16
    for (auto& s : sum) s = _mm512_dpbf16_ps(s, one, one);
  }
  for (auto& s : sum) asm volatile("" : : "v"(s));
}

}  // namespace

PeakLoop dot_peak_loop() {
  return {run_dots, kPeakChains * 64.0};
}

}  // namespace ganymede::kernels

#else

#include "base/error.hpp"

namespace ganymede::kernels {

void pair_product_avx512bf16(const PairProduct&) {
  fail<Error>("this build has no AVX512_BF16");
}

PeakLoop dot_peak_loop() {
  return {};
}

}  // namespace ganymede::kernels

#endif
