#include "kernels/bf16.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/bf16.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ganymede::kernels {
namespace HWY_NAMESPACE {

// The rounded number in the upper half of each word; what the lower half holds does not matter.
template <class D, class V>
HWY_INLINE hn::Vec<hn::Rebind<std::uint32_t, D>> rounded_words(D, V x) {
  const hn::Rebind<std::uint32_t, D> words;
  const auto bits = hn::BitCast(words, x);
  const auto odd = hn::And(hn::ShiftRight<16>(bits), hn::Set(words, 1U));
  const auto nearest = hn::Add(bits, hn::Add(odd, hn::Set(words, 0x7FFFU)));
  const auto quiet = hn::Or(bits, hn::Set(words, 0x400000U));
  return hn::IfThenElse(hn::RebindMask(words, hn::IsNaN(x)), quiet, nearest);
}

// Pairs (low, high) of rounded numbers.
template <class W>
HWY_INLINE W paired(W low, W high) {
  const hn::DFromV<W> words;
  return hn::Or(hn::ShiftRight<16>(low), hn::And(high, hn::Set(words, 0xFFFF0000U)));
}

#if HWY_TARGET == HWY_SCALAR
void rounded_row(const float* from, std::int64_t count, Bf16* to) {
  for (std::int64_t i = 0; i < count; ++i) to[i] = rounded(from[i]);
}
#else
void rounded_row(const float* from, std::int64_t count, Bf16* to) {
  constexpr hn::Repartition<std::uint16_t, decltype(kFloats)> kHalves;
  std::int64_t i = 0;
  for (; i + 2 * kLanes <= count; i += 2 * kLanes) {
    const auto low = hn::BitCast(kHalves, rounded_words(kFloats, load(from + i)));
    const auto high = hn::BitCast(kHalves, rounded_words(kFloats, load(from + i + kLanes)));
    hn::StoreU(hn::ConcatOdd(kHalves, high, low), kHalves, to + i);
  }
  for (; i < count; ++i) to[i] = rounded(from[i]);
}
#endif

// One row of pairs; `odd` may be null.
void pair_of_rows(const float* even, const float* odd, std::int64_t columns, Bf16* to) {
  std::int64_t c = 0;
#if HWY_TARGET != HWY_SCALAR
  for (; c + kLanes <= columns; c += kLanes) {
    const Words low = rounded_words(kFloats, load(even + c));
    const Words high = odd != nullptr ? rounded_words(kFloats, load(odd + c)) : hn::Zero(kWords);
    hn::StoreU(paired(low, high), kWords, reinterpret_cast<std::uint32_t*>(to + 2 * c));
  }
#endif
  for (; c < columns; ++c) {
    to[2 * c] = rounded(even[c]);
    to[2 * c + 1] = odd != nullptr ? rounded(odd[c]) : Bf16{0};
  }
}

#if HWY_TARGET != HWY_SCALAR
// Four floats of each of several rows: block b from p + b * stride.
template <class D>
HWY_INLINE hn::Vec<D> load_blocks(D d, const float* p, std::int64_t stride) {
  if constexpr (hn::MaxLanes(D()) == 4) {
    return hn::LoadU(d, p);
  } else {
    const hn::Half<D> half;
    constexpr std::int64_t kBlocks = hn::MaxLanes(half) / 4;
    return hn::Combine(d, load_blocks(half, p + kBlocks * stride, stride), load_blocks(half, p, stride));
  }
}

// Within each block of four words: word i of column j to word j of column i.
template <class W>
HWY_INLINE void transpose_blocks(W column[4]) {
  const hn::DFromV<W> words;
  const hn::Repartition<std::uint64_t, decltype(words)> wide;
  const auto low01 = hn::BitCast(wide, hn::InterleaveLower(words, column[0], column[1]));
  const auto low23 = hn::BitCast(wide, hn::InterleaveLower(words, column[2], column[3]));
  const auto high01 = hn::BitCast(wide, hn::InterleaveUpper(words, column[0], column[1]));
  const auto high23 = hn::BitCast(wide, hn::InterleaveUpper(words, column[2], column[3]));
  column[0] = hn::BitCast(words, hn::InterleaveLower(wide, low01, low23));
  column[1] = hn::BitCast(words, hn::InterleaveUpper(wide, low01, low23));
  column[2] = hn::BitCast(words, hn::InterleaveLower(wide, high01, high23));
  column[3] = hn::BitCast(words, hn::InterleaveUpper(wide, high01, high23));
}

// 2 * lanes rows times four columns: the four words of a vector are pairs of rows.
template <class D>
HWY_INLINE void transpose_rows(D d, const float* from, std::int64_t from_row, Bf16* to, std::int64_t to_row) {
  const hn::Rebind<std::uint32_t, D> words;
  hn::Vec<decltype(words)> column[4];
  for (int q = 0; q < 4; ++q) {
    const float* even = from + 2 * q * from_row;
    column[q] = paired(rounded_words(d, load_blocks(d, even, 8 * from_row)),
                       rounded_words(d, load_blocks(d, even + from_row, 8 * from_row)));
  }
  transpose_blocks(column);
  for (int c = 0; c < 4; ++c) hn::StoreU(column[c], words, reinterpret_cast<std::uint32_t*>(to + c * to_row));
}

// As many rows as lanes times four columns, in pairs of columns.
template <class D>
HWY_INLINE void transpose_pairs(D d, const float* from, std::int64_t from_row, Bf16* to, std::int64_t to_row) {
  const hn::Rebind<std::uint32_t, D> words;
  hn::Vec<decltype(words)> column[4];
  for (int q = 0; q < 4; ++q) column[q] = rounded_words(d, load_blocks(d, from + q * from_row, 4 * from_row));
  transpose_blocks(column);
  hn::StoreU(paired(column[0], column[1]), words, reinterpret_cast<std::uint32_t*>(to));
  hn::StoreU(paired(column[2], column[3]), words, reinterpret_cast<std::uint32_t*>(to + to_row));
}

constexpr hn::CappedTag<float, 8> kShort;
constexpr int kShortLanes = static_cast<int>(hn::MaxLanes(kShort));
#endif

void transposed(const float* from, std::int64_t from_row, std::int64_t rows, std::int64_t columns, Bf16* to,
                std::int64_t to_row) {
  std::int64_t r = 0;
#if HWY_TARGET != HWY_SCALAR
  const std::int64_t whole = columns / 4 * 4;
  const auto by_blocks = [&](auto d) HWY_ATTR {
    const int step = 2 * static_cast<int>(hn::MaxLanes(d));
    for (; r + step <= rows; r += step) {
      const float* p = from + r * from_row;
      for (std::int64_t c = 0; c < whole; c += 4) transpose_rows(d, p + c, from_row, to + c * to_row + r, to_row);
      for (std::int64_t c = whole; c < columns; ++c) {
        for (int i = 0; i < step; ++i) to[c * to_row + r + i] = rounded(p[i * from_row + c]);
      }
    }
  };
  by_blocks(kFloats);
  if constexpr (kShortLanes < kLanes) by_blocks(kShort);
#endif
  for (; r < rows; ++r) {
    for (std::int64_t c = 0; c < columns; ++c) to[c * to_row + r] = rounded(from[r * from_row + c]);
  }
}

void transposed_pairs(const float* from, std::int64_t from_row, std::int64_t rows, std::int64_t columns, Bf16* to,
                      std::int64_t to_row) {
  const auto plain_columns = [&](std::int64_t r, std::int64_t first) {
    for (std::int64_t c = first; c < columns; ++c) to[c / 2 * to_row + 2 * r + c % 2] = rounded(from[r * from_row + c]);
    if (columns % 2 == 1) to[columns / 2 * to_row + 2 * r + 1] = 0;
  };
  std::int64_t r = 0;
#if HWY_TARGET != HWY_SCALAR
  const std::int64_t whole = columns / 4 * 4;
  const auto by_blocks = [&](auto d) HWY_ATTR {
    const int step = static_cast<int>(hn::MaxLanes(d));
    for (; r + step <= rows; r += step) {
      const float* p = from + r * from_row;
      for (std::int64_t c = 0; c < whole; c += 4)
        transpose_pairs(d, p + c, from_row, to + c / 2 * to_row + 2 * r, to_row);
      for (int i = 0; i < step; ++i) plain_columns(r + i, whole);
    }
  };
  by_blocks(kFloats);
  if constexpr (kShortLanes < kLanes) by_blocks(kShort);
#endif
  for (; r < rows; ++r) plain_columns(r, 0);
}

}  // namespace HWY_NAMESPACE
}  // namespace ganymede::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ganymede::kernels {

HWY_EXPORT(rounded_row);
HWY_EXPORT(pair_of_rows);
HWY_EXPORT(transposed);
HWY_EXPORT(transposed_pairs);

void round_rows(const float* from, std::int64_t from_row, std::int64_t rows, std::int64_t columns, Bf16* to,
                std::int64_t to_row) {
  const auto f = HWY_DYNAMIC_DISPATCH(rounded_row);
  if (from_row == columns && to_row == columns) {
    f(from, rows * columns, to);
    return;
  }
  for (std::int64_t r = 0; r < rows; ++r) f(from + r * from_row, columns, to + r * to_row);
}

void round_pairs(const float* from, std::int64_t from_row, std::int64_t rows, std::int64_t columns, Bf16* to,
                 std::int64_t to_row) {
  const auto f = HWY_DYNAMIC_DISPATCH(pair_of_rows);
  for (std::int64_t r = 0; r < rows; r += 2) {
    const float* even = from + r * from_row;
    f(even, r + 1 < rows ? even + from_row : nullptr, columns, to + r / 2 * to_row);
  }
}

void round_transposed(const float* from, std::int64_t from_row, std::int64_t rows, std::int64_t columns, Bf16* to,
                      std::int64_t to_row) {
  HWY_DYNAMIC_DISPATCH(transposed)(from, from_row, rows, columns, to, to_row);
}

void round_transposed_pairs(const float* from, std::int64_t from_row, std::int64_t rows, std::int64_t columns, Bf16* to,
                            std::int64_t to_row) {
  HWY_DYNAMIC_DISPATCH(transposed_pairs)(from, from_row, rows, columns, to, to_row);
}

}  // namespace ganymede::kernels
#endif
