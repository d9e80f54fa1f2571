#include "base/philox.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/portable_math-inl.hpp"

// Rows of random numbers, some blocks of Philox at a time, one in each lane: a step of a small network takes more
// normals than it has weights. The formulas of Box-Muller are those of portable_math.hpp, whose bits everybody
// gets; but their long series divide, which costs more than all the rest. Here the series are shorter and
// multiplied out, off by 1e-13 of the value at most, and a float has 24 binary digits, 6e-8: the rounded result
// is the same unless the value lies next to the middle between two floats (Ziv 1991). Where one does, in one of
// 4,000 groups, the lanes are computed by the book.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "base/random_rows.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ganymede::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Box-Muller by the book: four normals of a block.
HWY_INLINE void normals_of(const PhiloxWords& words, float* out) {
  for (std::size_t pair = 0; pair < 4; pair += 2) {
    const double radius = std::sqrt(-2 * portable_log((words[pair] + 0.5) * 0x1p-32));
    double sine, cosine;
    portable_sincos_turn(words[pair + 1] * 0x1p-32, sine, cosine);
    out[pair] = static_cast<float>(radius * cosine);
    out[pair + 1] = static_cast<float>(radius * sine);
  }
}

#if HWY_TARGET == HWY_SCALAR

void fill_normal(const Random& random, std::uint32_t index, std::span<float> out) {
  float block[4];
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (i % 4 == 0) normals_of(random.words(index, static_cast<std::uint32_t>(i / 4)), block);
    out[i] = block[i % 4];
  }
}

void fill_uniform(const Random& random, std::uint32_t index, std::span<float> out) {
  PhiloxWords block{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (i % 4 == 0) block = random.words(index, static_cast<std::uint32_t>(i / 4));
    out[i] = static_cast<float>(block[i % 4] >> 8) * 0x1p-24f;
  }
}

#else

const hn::ScalableTag<std::uint64_t> kWide;  // a lane a block; a word of Philox is its lower half
const hn::Repartition<std::uint32_t, decltype(kWide)> kHalves;
const hn::Rebind<std::uint32_t, decltype(kWide)> kNarrow;
const hn::Rebind<float, decltype(kWide)> kFloats;
const hn::Rebind<double, decltype(kWide)> kDoubles;
using Wide = hn::Vec<decltype(kWide)>;
using Floats = hn::Vec<decltype(kFloats)>;
using Doubles = hn::Vec<decltype(kDoubles)>;
using Mask = hn::Mask<decltype(kWide)>;
constexpr std::size_t kLanes = hn::MaxLanes(kWide);

struct Words {
  Wide word[4];  // upper halves are of no account
};

HWY_INLINE Doubles number(double value) {
  return hn::Set(kDoubles, value);
}

/// Random::words of the blocks from `first` on. A round waits for the one before: several vectors fill its time.
template <std::size_t count>
HWY_INLINE void find_words(const Random& random, std::uint32_t index, std::uint32_t first, Words (&out)[count]) {
  const auto m0 = hn::BitCast(kHalves, hn::Set(kWide, 0xD2511F53)),
             m1 = hn::BitCast(kHalves, hn::Set(kWide, 0xCD9E8D57));
  for (std::size_t v = 0; v < count; ++v) {
    out[v] = {{hn::Set(kWide, index), hn::Set(kWide, random.step), hn::Set(kWide, random.stream),
               hn::Iota(kWide, first + static_cast<std::uint32_t>(v * kLanes))}};
  }
  auto key0 = static_cast<std::uint32_t>(random.seed), key1 = static_cast<std::uint32_t>(random.seed >> 32);
  for (int round = 0; round < 10; ++round) {
    const Wide k0 = hn::Set(kWide, key0), k1 = hn::Set(kWide, key1);
    for (std::size_t v = 0; v < count; ++v) {
      Wide(&c)[4] = out[v].word;
      const Wide p0 = hn::MulEven(hn::BitCast(kHalves, c[0]), m0), p1 = hn::MulEven(hn::BitCast(kHalves, c[2]), m1);
      c[0] = hn::Xor(hn::Xor(hn::ShiftRight<32>(p1), c[1]), k0);
      c[2] = hn::Xor(hn::Xor(hn::ShiftRight<32>(p0), c[3]), k1);
      c[1] = p1;
      c[3] = p0;
    }
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
}

/// A word as a number, exactly: 2^52 + word has its bits as the last ones.
HWY_INLINE Doubles as_number(Wide word) {
  const Wide bits = hn::Or(hn::And(word, hn::Set(kWide, 0xFFFFFFFF)), hn::Set(kWide, 0x4330000000000000));
  return hn::Sub(hn::BitCast(kDoubles, bits), number(0x1p52));
}

/// log of a number in (0, 1), as portable::log but for what follows s^15: 4e-14 of the result.
HWY_INLINE Doubles log_of(Doubles x) {
  const Wide bits = hn::BitCast(kWide, x);
  const Doubles half = hn::BitCast(
      kDoubles, hn::Or(hn::And(bits, hn::Set(kWide, 0x000FFFFFFFFFFFFF)), hn::Set(kWide, 0x3FE0000000000000)));
  const Doubles exponent =
      hn::Sub(hn::BitCast(kDoubles, hn::Or(hn::ShiftRight<52>(bits), hn::Set(kWide, 0x4330000000000000))),
              number(0x1p52 + 1022));
  const auto low = hn::Lt(half, number(portable::kSqrtHalf));
  const Doubles m = hn::IfThenElse(low, hn::Add(half, half), half);
  const Doubles e = hn::IfThenElse(low, hn::Sub(exponent, number(1)), exponent);
  const Doubles s = hn::Div(hn::Sub(m, number(1)), hn::Add(m, number(1))), s2 = hn::Mul(s, s);
  Doubles sum = number(1.0 / 15);
  for (int i = 13; i >= 1; i -= 2) sum = hn::MulAdd(sum, s2, number(1.0 / i));
  const Doubles log_m = hn::Mul(hn::Add(s, s), sum);
  return hn::MulAdd(e, number(portable::kLn2High), hn::MulAdd(e, number(portable::kLn2Low), log_m));
}

/// 1 - x/(first (first - 1)) (1 - x/((first + 2) (first + 1)) ...) up to `last`, multiplied out.
template <int first, int last>
HWY_INLINE Doubles turn_series(Doubles x) {
  constexpr auto kFactors = [] {
    std::array<double, (last - first) / 2 + 2> factors{1};
    for (int k = 0; k + 1 < static_cast<int>(factors.size()); ++k) {
      const int i = first + 2 * k;
      factors[static_cast<std::size_t>(k) + 1] = -factors[static_cast<std::size_t>(k)] / (i * (i - 1));
    }
    return factors;
  }();
  Doubles sum = number(kFactors.back());
  for (std::size_t k = kFactors.size() - 1; k-- > 0;) sum = hn::MulAdd(sum, x, number(kFactors[k]));
  return sum;
}

/// Where a number lies so near to the middle between two floats that its rounding is not sure.
HWY_INLINE Mask unsure(Doubles x) {
  // A float leaves out 29 digits of a double, 2^-52 of the value or half of that each.
  constexpr std::uint64_t kMiddle = 1 << 28, kMargin = 1 << 11;
  const Wide above = hn::Sub(hn::BitCast(kWide, x), hn::Set(kWide, kMiddle - kMargin));
  return hn::Eq(hn::And(above, hn::Set(kWide, 2 * kMiddle - 2 * kMargin)), hn::Zero(kWide));
}

/// Two normals a block from two of its words: the length of an arrow, and how far it is turned.
struct Arrows {
  Doubles across, up;
};
HWY_INLINE Arrows arrows_of(Wide length, Wide turn) {
  const Doubles u = hn::Mul(hn::Add(as_number(length), number(0.5)), number(0x1p-32));
  const Doubles radius = hn::Sqrt(hn::Mul(log_of(u), number(-2)));
  // The nearest quarter of a turn, and what is left of it.
  const Doubles t = as_number(turn), kept = number(0x1.8p52);
  const Doubles shifted = hn::Add(hn::Mul(t, number(0x1p-30)), kept);
  const Wide quarter = hn::BitCast(kWide, shifted);  // its last digits
  const Doubles angle = hn::Mul(hn::Sub(hn::Mul(t, number(0x1p-32)), hn::Mul(hn::Sub(shifted, kept), number(0.25))),
                                number(6.283185307179586477));
  const Doubles a2 = hn::Mul(angle, angle);
  const Doubles s = hn::Mul(turn_series<3, 13>(a2), angle), c = turn_series<2, 14>(a2);
  const Mask crossed = hn::TestBit(quarter, hn::Set(kWide, 1));
  const auto swap = hn::RebindMask(kDoubles, crossed);
  const Doubles along = hn::IfThenElse(swap, c, s), across = hn::IfThenElse(swap, s, c);
  const auto sign = [](Wide of) { return hn::BitCast(kDoubles, hn::ShiftLeft<62>(hn::And(of, hn::Set(kWide, 2)))); };
  return {.across = hn::Mul(radius, hn::Xor(across, sign(hn::Add(quarter, hn::Set(kWide, 1))))),
          .up = hn::Mul(radius, hn::Xor(along, sign(quarter)))};
}

/// The same by the book, lane after lane.
HWY_NOINLINE void write_exactly(const Words& words, float* out) {
  std::uint64_t lanes[4][kLanes];
  for (int w = 0; w < 4; ++w) hn::StoreU(words.word[w], kWide, lanes[w]);
  for (std::size_t i = 0; i < kLanes; ++i) {
    PhiloxWords one;
    for (std::size_t w = 0; w < 4; ++w) one[w] = static_cast<std::uint32_t>(lanes[w][i]);
    normals_of(one, out + 4 * i);
  }
}

HWY_INLINE void write_normals(const Words& words, float* out) {
  const Arrows a = arrows_of(words.word[0], words.word[1]), b = arrows_of(words.word[2], words.word[3]);
  const Mask any = hn::Or(hn::Or(unsure(a.across), unsure(a.up)), hn::Or(unsure(b.across), unsure(b.up)));
  if (HWY_UNLIKELY(!hn::AllFalse(kWide, any))) return write_exactly(words, out);
  const auto rounded = [](Doubles x) { return hn::DemoteTo(kFloats, x); };
  hn::StoreInterleaved4(rounded(a.across), rounded(a.up), rounded(b.across), rounded(b.up), kFloats, out);
}

HWY_INLINE void write_uniform(const Words& words, float* out) {
  const auto share = [](Wide word) {
    const auto bits = hn::ShiftRight<8>(hn::TruncateTo(kNarrow, word));
    const hn::RebindToSigned<decltype(kNarrow)> whole;
    return hn::Mul(hn::ConvertTo(kFloats, hn::BitCast(whole, bits)), hn::Set(kFloats, 0x1p-24f));
  };
  hn::StoreInterleaved4(share(words.word[0]), share(words.word[1]), share(words.word[2]), share(words.word[3]), kFloats,
                        out);
}

/// `write` takes the words of as many blocks as there are lanes, and writes four numbers for each.
template <class Write>
HWY_INLINE void fill(const Random& random, std::uint32_t index, std::span<float> out, const Write& write) {
  constexpr std::size_t kTogether = 4, kValues = 4 * kLanes;
  std::size_t done = 0;
  for (; done + kTogether * kValues <= out.size(); done += kTogether * kValues) {
    Words words[kTogether];
    find_words(random, index, static_cast<std::uint32_t>(done / 4), words);
    for (std::size_t v = 0; v < kTogether; ++v) write(words[v], &out[done + v * kValues]);
  }
  for (; done < out.size(); done += kValues) {
    Words words[1];
    find_words(random, index, static_cast<std::uint32_t>(done / 4), words);
    if (done + kValues <= out.size()) {
      write(words[0], &out[done]);
      continue;
    }
    float rest[kValues];
    write(words[0], rest);
    std::copy_n(rest, out.size() - done, &out[done]);
  }
}

void fill_normal(const Random& random, std::uint32_t index, std::span<float> out) {
  fill(random, index, out, [](const Words& words, float* to) { write_normals(words, to); });
}
void fill_uniform(const Random& random, std::uint32_t index, std::span<float> out) {
  fill(random, index, out, [](const Words& words, float* to) { write_uniform(words, to); });
}

#endif
}  // namespace ganymede::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace ganymede {

HWY_EXPORT(fill_normal);
HWY_EXPORT(fill_uniform);

void Random::normal(std::uint32_t index, std::span<float> out) const {
  HWY_DYNAMIC_DISPATCH(fill_normal)(*this, index, out);
}

void Random::uniform(std::uint32_t index, std::span<float> out) const {
  HWY_DYNAMIC_DISPATCH(fill_uniform)(*this, index, out);
}

}  // namespace ganymede

#endif
