#include "kernels/product.hpp"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/product.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ganymede::kernels {
namespace HWY_NAMESPACE {

// Accumulators of one block fill the register file: 6 x 4 of 32 registers, 6 x 2 of 16.
constexpr int kBlockVectors = HWY_TARGET == HWY_AVX2 ? 2 : 4;
constexpr int kBlockRows = 6;

enum class Gather { none, depth, rows };

struct Block {
  const float* a;
  std::int64_t a_k;
  const float* b;
  std::int64_t b_k;
  float* c;
  std::int64_t depth;
  bool accumulate;
  const std::int32_t* a_offsets;  // Gather::depth
  const std::int32_t* b_offsets;
  const char* fetch;
  std::int64_t fetch_lines;
};

template <int kRows, int kVectors, Gather kGather>
HWY_NOINLINE void multiply_block(const Block& block, const std::int64_t* a_row, const std::int64_t* c_row) {
  Floats sum[kRows][kVectors];
  std::int64_t row[kRows];
#pragma GCC unroll 16
  for (int i = 0; i < kRows; ++i) {
    row[i] = a_row[i];
#pragma GCC unroll 4
    for (int j = 0; j < kVectors; ++j) {
      sum[i][j] = hn::Zero(kFloats);
    }
  }
  const float* a = block.a;
  const float* b = block.b;
  const auto add_one = [&](const float* a_k, const float* b_k) HWY_ATTR {
    Floats right[kVectors];
#pragma GCC unroll 4
    for (int j = 0; j < kVectors; ++j) right[j] = hn::LoadU(kFloats, b_k + j * kLanes);
#pragma GCC unroll 16
    for (int i = 0; i < kRows; ++i) {
      const Floats left = hn::Set(kFloats, a_k[row[i]]);
#pragma GCC unroll 4
      for (int j = 0; j < kVectors; ++j) sum[i][j] = mul_add(left, right[j], sum[i][j]);
    }
  };
  if constexpr (kGather == Gather::depth) {
    for (std::int64_t k = 0; k < block.depth; ++k) add_one(a + block.a_offsets[k], b + block.b_offsets[k]);
  } else {
    std::int64_t k = 0;
    const char* fetch = block.fetch;
    for (const std::int64_t fetched = std::min(block.fetch_lines, block.depth); k < fetched; ++k) {
      __builtin_prefetch(fetch, 0, 2);
      fetch += 64;
      add_one(a, b);
      a += block.a_k;
      b += block.b_k;
    }
    for (; k < block.depth; ++k) {
      add_one(a, b);
      a += block.a_k;
      b += block.b_k;
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 4
    for (int j = 0; j < kVectors; ++j) {
      float* c = block.c + c_row[i] + j * kLanes;
      hn::StoreU(block.accumulate ? hn::Add(load(c), sum[i][j]) : sum[i][j], kFloats, c);
    }
  }
}

using BlockFunction = void (*)(const Block&, const std::int64_t*, const std::int64_t*);

// Blocks of 1 .. 6 rows, and a taller one where few vectors a row leave registers free and too few sums in flight.
template <int kVectors, Gather kGather>
struct Functions {
  static constexpr int kTall = kVectors == 4 ? 6 : kVectors == 3 ? 8 : kVectors == 2 && kBlockVectors == 2 ? 6 : 12;
  static constexpr BlockFunction kByRows[7] = {nullptr,
                                               multiply_block<1, kVectors, kGather>,
                                               multiply_block<2, kVectors, kGather>,
                                               multiply_block<3, kVectors, kGather>,
                                               multiply_block<4, kVectors, kGather>,
                                               multiply_block<5, kVectors, kGather>,
                                               multiply_block<6, kVectors, kGather>};
  static constexpr BlockFunction kTallFunction = multiply_block<kTall, kVectors, kGather>;
};

// Deals the lines of what comes next out to the blocks of this product.
class Fetcher {
 public:
  Fetcher(const Upcoming* next, std::int64_t blocks) : next_(next) {
    std::int64_t lines = 0;
    for (int i = 0; i < 2; ++i) lines += next[i].data != nullptr ? next[i].count / 16 : 0;
    share_ = blocks > 0 ? (lines + blocks - 1) / blocks : 0;
  }
  void take(Block& block) {
    const std::int64_t lines = std::min(share_, block.depth);
    while (which_ < 2 && (next_[which_].data == nullptr || line_ >= next_[which_].count / 16)) {
      ++which_;
      line_ = 0;
    }
    if (which_ == 2 || lines == 0) {
      block.fetch_lines = 0;
      return;
    }
    block.fetch = reinterpret_cast<const char*>(next_[which_].data) + line_ * 64;
    block.fetch_lines = lines;
    line_ += lines;
  }

 private:
  const Upcoming* next_;
  std::int64_t share_ = 0;
  std::int64_t line_ = 0;
  int which_ = 0;
};

template <int kVectors, Gather kGather>
void multiply_columns(const PanelProduct& p, int column, const std::int32_t* a_offsets,
                      const std::int32_t* other_offsets, Fetcher& fetcher) {
  using F = Functions<kVectors, kGather>;
  Block block{.a = p.a,
              .a_k = p.a_k,
              .b = p.b + column,
              .b_k = p.b_k,
              .c = p.c + column,
              .depth = p.depth,
              .accumulate = p.accumulate,
              .a_offsets = a_offsets,
              .b_offsets = other_offsets,
              .fetch = nullptr,
              .fetch_lines = 0};
  std::int64_t a_row[12];
  std::int64_t c_row[12];
  for (std::int64_t i = 0; i < p.rows;) {
    const std::int64_t left = p.rows - i;
    const int rows = left >= F::kTall ? F::kTall : static_cast<int>(std::min<std::int64_t>(left, kBlockRows));
    for (int r = 0; r < rows; ++r) {
      a_row[r] = kGather == Gather::rows ? a_offsets[i + r] : (i + r) * p.a_row;
      c_row[r] = kGather == Gather::rows ? other_offsets[i + r] : (i + r) * p.c_row;
    }
    if constexpr (kGather != Gather::depth) fetcher.take(block);
    (rows == F::kTall ? F::kTallFunction : F::kByRows[rows])(block, a_row, c_row);
    i += rows;
  }
}

template <Gather kGather>
void multiply(const PanelProduct& p, const std::int32_t* a_offsets, const std::int32_t* other_offsets) {
  constexpr int kColumns = kBlockVectors * kLanes;
  const std::int64_t column_blocks = (p.width + kColumns - 1) / kColumns;
  Fetcher fetcher(p.next, (p.rows + kBlockRows - 1) / kBlockRows * column_blocks);
  int column = 0;
  for (; column + kColumns <= p.width; column += kColumns) {
    multiply_columns<kBlockVectors, kGather>(p, column, a_offsets, other_offsets, fetcher);
  }
  if constexpr (kColumns > 16) {  // a width of 16, 32 or 48 is left
    switch ((p.width - column) / kLanes) {
      case 3:
        multiply_columns<3, kGather>(p, column, a_offsets, other_offsets, fetcher);
        break;
      case 2:
        multiply_columns<2, kGather>(p, column, a_offsets, other_offsets, fetcher);
        break;
      case 1:
        multiply_columns<1, kGather>(p, column, a_offsets, other_offsets, fetcher);
        break;
      default:
        break;
    }
  }
}

#if HWY_HAVE_FLOAT64 && HWY_TARGET != HWY_SCALAR
constexpr hn::CappedTag<double, 8> kDoubles;
constexpr hn::Rebind<float, decltype(kDoubles)> kNarrow;
constexpr int kDoubleLanes = static_cast<int>(hn::MaxLanes(kDoubles));

template <int kRows>
HWY_NOINLINE void multiply_exactly(const PanelProduct& p, std::int64_t first, const std::int32_t* a_offsets,
                                   const std::int32_t* b_offsets) {
  constexpr int kVectors = 16 / kDoubleLanes;
  for (int column = 0; column < p.width; column += 16) {
    hn::Vec<decltype(kDoubles)> sum[kRows][kVectors];
#pragma GCC unroll 8
    for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 4
      for (int j = 0; j < kVectors; ++j) sum[i][j] = hn::Zero(kDoubles);
    }
    for (std::int64_t k = 0; k < p.depth; ++k) {
      hn::Vec<decltype(kDoubles)> right[kVectors];
#pragma GCC unroll 4
      for (int j = 0; j < kVectors; ++j)
        right[j] = hn::PromoteTo(kDoubles, hn::LoadU(kNarrow, p.b + b_offsets[k] + column + j * kDoubleLanes));
#pragma GCC unroll 8
      for (int i = 0; i < kRows; ++i) {
        const auto left = hn::Set(kDoubles, static_cast<double>(p.a[(first + i) * p.a_row + a_offsets[k]]));
#pragma GCC unroll 4
        for (int j = 0; j < kVectors; ++j) sum[i][j] = hn::MulAdd(left, right[j], sum[i][j]);
      }
    }
#pragma GCC unroll 8
    for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 4
      for (int j = 0; j < kVectors; ++j) {
        hn::StoreU(hn::DemoteTo(kNarrow, sum[i][j]), kNarrow, p.c + (first + i) * p.c_row + column + j * kDoubleLanes);
      }
    }
  }
}

void exact_gathered_depth(const PanelProduct& p, const std::int32_t* a_offsets, const std::int32_t* b_offsets) {
  constexpr int kRows = kDoubleLanes == 8 ? 8 : 2;  // sums of one block fill most registers
  std::int64_t i = 0;
  for (; i + kRows <= p.rows; i += kRows) multiply_exactly<kRows>(p, i, a_offsets, b_offsets);
  for (; i < p.rows; ++i) multiply_exactly<1>(p, i, a_offsets, b_offsets);
}
#else
void exact_gathered_depth(const PanelProduct& p, const std::int32_t* a_offsets, const std::int32_t* b_offsets) {
  for (std::int64_t i = 0; i < p.rows; ++i) {
    for (int j = 0; j < p.width; ++j) {
      double sum = 0;
      for (std::int64_t k = 0; k < p.depth; ++k)
        sum = std::fma(double{p.a[i * p.a_row + a_offsets[k]]}, double{p.b[b_offsets[k] + j]}, sum);
      p.c[i * p.c_row + j] = static_cast<float>(sum);
    }
  }
}
#endif

void panel(const PanelProduct& p) {
  multiply<Gather::none>(p, nullptr, nullptr);
}
void gathered_depth(const PanelProduct& p, const std::int32_t* a, const std::int32_t* b) {
  multiply<Gather::depth>(p, a, b);
}
void gathered_rows(const PanelProduct& p, const std::int32_t* a, const std::int32_t* c) {
  multiply<Gather::rows>(p, a, c);
}

}  // namespace HWY_NAMESPACE
}  // namespace ganymede::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ganymede::kernels {

HWY_EXPORT(panel);
HWY_EXPORT(gathered_depth);
HWY_EXPORT(gathered_rows);
HWY_EXPORT(exact_gathered_depth);

void panel_product(const PanelProduct& p) {
  HWY_DYNAMIC_DISPATCH(panel)(p);
}
void gathered_depth_product(const PanelProduct& p, const std::int32_t* a_offsets, const std::int32_t* b_offsets) {
  HWY_DYNAMIC_DISPATCH(gathered_depth)(p, a_offsets, b_offsets);
}
void exact_gathered_depth_product(const PanelProduct& p, const std::int32_t* a_offsets, const std::int32_t* b_offsets) {
  HWY_DYNAMIC_DISPATCH(exact_gathered_depth)(p, a_offsets, b_offsets);
}
void gathered_rows_product(const PanelProduct& p, const std::int32_t* a_offsets, const std::int32_t* c_offsets) {
  HWY_DYNAMIC_DISPATCH(gathered_rows)(p, a_offsets, c_offsets);
}

}  // namespace ganymede::kernels
#endif
