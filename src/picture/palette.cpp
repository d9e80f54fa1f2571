#include "picture/palette.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace ganymede::picture {
namespace {

constexpr std::size_t kMostColours = 256;
constexpr int kBins = 1 << 15;  // 5 bits of red, green and blue

std::uint32_t packed(Colour c) {
  return static_cast<std::uint32_t>(c.r << 16 | c.g << 8 | c.b);
}
int bin_of(Colour c) {
  return c.r >> 3 << 10 | c.g >> 3 << 5 | c.b >> 3;
}

// The pixels whose colours fall into one bin.
struct Bin {
  int number = 0;
  std::uint64_t count = 0;
  std::array<std::uint64_t, 3> sum{};
  int part(int channel) const { return number >> (10 - 5 * channel) & 31; }
};

struct Box {
  std::vector<Bin> bins;

  // The channel over which the bins spread most, and how far.
  std::pair<int, int> longest() const {
    std::pair<int, int> best{0, -1};
    for (int channel = 0; channel < 3; ++channel) {
      const auto less = [&](const Bin& a, const Bin& b) { return a.part(channel) < b.part(channel); };
      const auto [low, high] = std::minmax_element(bins.begin(), bins.end(), less);
      const int spread = high->part(channel) - low->part(channel);
      if (spread > best.second) best = {channel, spread};
    }
    return best;
  }

  std::uint64_t count() const {
    std::uint64_t sum = 0;
    for (const Bin& b : bins) sum += b.count;
    return sum;
  }

  // Keeps the half of the pixels below the median of the longest channel and returns the rest.
  Box split() {
    const int channel = longest().first;
    std::stable_sort(bins.begin(), bins.end(),
                     [&](const Bin& a, const Bin& b) { return a.part(channel) < b.part(channel); });
    const std::uint64_t half = count() / 2;
    std::uint64_t below = 0;
    std::size_t at = 0;
    while (at + 1 < bins.size() && below + bins[at].count <= half) below += bins[at++].count;
    at = std::clamp<std::size_t>(at, 1, bins.size() - 1);
    Box rest{{bins.begin() + static_cast<std::ptrdiff_t>(at), bins.end()}};
    bins.resize(at);
    return rest;
  }

  Colour mean() const {
    std::array<std::uint64_t, 3> sum{};
    for (const Bin& b : bins) {
      for (int i = 0; i < 3; ++i) sum[i] += b.sum[i];
    }
    const std::uint64_t n = count();
    const auto rounded = [&](int i) { return static_cast<std::uint8_t>((sum[i] + n / 2) / n); };
    return {rounded(0), rounded(1), rounded(2)};
  }
};

Indexed cut(const std::vector<Colour>& pixels) {
  std::vector<Bin> bins(kBins);
  for (const Colour c : pixels) {
    Bin& b = bins[bin_of(c)];
    b.number = bin_of(c);
    ++b.count;
    b.sum[0] += c.r, b.sum[1] += c.g, b.sum[2] += c.b;
  }
  std::erase_if(bins, [](const Bin& b) { return b.count == 0; });
  std::vector<Box> boxes{{std::move(bins)}};
  while (boxes.size() < kMostColours) {
    // The box of many pixels that spread far is where a colour more helps most.
    std::uint64_t best = 0;
    Box* next = nullptr;
    for (Box& b : boxes) {
      const std::uint64_t gain = b.bins.size() < 2 ? 0 : b.count() * static_cast<std::uint64_t>(b.longest().second);
      if (gain > best) best = gain, next = &b;
    }
    if (next == nullptr) break;
    Box rest = next->split();
    boxes.push_back(std::move(rest));
  }
  Indexed out;
  std::vector<std::uint8_t> index_of_bin(kBins);
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    out.palette.push_back(boxes[i].mean());
    for (const Bin& b : boxes[i].bins) index_of_bin[b.number] = static_cast<std::uint8_t>(i);
  }
  out.indices.reserve(pixels.size());
  for (const Colour c : pixels) out.indices.push_back(index_of_bin[bin_of(c)]);
  return out;
}

}  // namespace

Indexed to_indexed(const Image& image) {
  Indexed out;
  if (image.channels() == 1) {
    for (int i = 0; i < 256; ++i) {
      const auto level = static_cast<std::uint8_t>(i);
      out.palette.push_back({level, level, level});
    }
    out.indices.assign(image.pixels().begin(), image.pixels().end());
    return out;
  }
  std::vector<Colour> pixels;
  pixels.reserve(image.pixels().size() / 3);
  for (std::size_t i = 0; i < image.pixels().size(); i += 3) {
    pixels.push_back({image.pixels()[i], image.pixels()[i + 1], image.pixels()[i + 2]});
  }
  std::unordered_map<std::uint32_t, std::uint8_t> known;
  for (const Colour c : pixels) {
    auto at = known.find(packed(c));
    if (at == known.end()) {
      if (known.size() == kMostColours) return cut(pixels);
      at = known.emplace(packed(c), static_cast<std::uint8_t>(known.size())).first;
      out.palette.push_back(c);
    }
    out.indices.push_back(at->second);
  }
  return out;
}

}  // namespace ganymede::picture
