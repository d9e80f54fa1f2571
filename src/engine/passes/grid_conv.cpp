#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "engine/passes/conv_pass.hpp"
#include "engine/passes/grid_taps.hpp"
#include "engine/passes/pair_packing.hpp"
#include "kernels/pair_product.hpp"
#include "kernels/unit.hpp"

namespace ganymede::engine {

// How it works. A convolution in bf16 for inference with few samples, whose products would have too few rows if samples
// alone were the rows. Here positions are rows too: the input lies in bf16 on grids padded with zeros,
// [row][column][sample][channel], so that a tap is a constant offset (grid_taps.hpp: of each part of the larger image,
// where the kernel strides) and all taps of a block of positions are one product. What it computes between the end of
// one row and the start of the next is dropped.

namespace {

using kernels::Bf16;

constexpr std::int64_t kTileRows = 16;    // products on tiles come in whole tiles; what is over is garbage
constexpr std::int64_t kMostRows = 256;   // of a product: their sums stay in the second-level cache
constexpr std::int64_t kRounded = 16384;  // numbers of one task: about a microsecond
constexpr std::int64_t kDotRows = 6;      // sums in flight on a dot-product unit

class GridConv : public Pass {
 public:
  explicit GridConv(ConvSpec spec)
      : spec_(std::move(spec)),
        taps_(make_grid_taps(spec_.geometry, spec_.transposed)),
        panels_(spec_.in->channels, spec_.out->channels, spec_.geometry.taps()) {
    nodes = spec_.nodes;
  }

  void forward(const Step& step) override {
    if (stale_) pack(step);
    if (samples_ != step.samples) lay_out(step);
    round_input(step);
    const auto blocks = static_cast<std::int64_t>(blocks_.size());
    step.pool.run(panels_.count() * blocks, [&](std::int64_t task, int worker) {
      multiply(step, blocks_[static_cast<std::size_t>(task % blocks)], static_cast<int>(task / blocks),
               workers_[static_cast<std::size_t>(worker)]);
    });
  }

  void backward(const Step&) override { fail<Error>("internal: {} was compiled for inference", nodes); }
  void parameters_changed() override { stale_ = true; }

  std::int64_t bytes() const override {
    std::int64_t total = panels_.bytes() + grid_.bytes();
    for (const Worker& worker : workers_) total += worker.sums.bytes();
    return total;
  }

  void describe(std::vector<PassInfo>& out) const override {
    const double flops = 2.0 * static_cast<double>(spec_.geometry.links()) * spec_.in->channels * spec_.out->channels;
    out.push_back({spec_.network, nodes, "forward",
                   std::string("pair product on a grid ") + kernels::name_of(kernels::unit()), flops});
  }

 private:
  // Rows [first, last) of one part of the output.
  struct Block {
    const GridTarget* target;
    int first, last;
  };
  struct Worker {
    Buffer sums;
    std::vector<kernels::PairTerm> terms;
  };

  void pack(const Step& step) {
    const std::int64_t row = (spec_.out->channels + 15) / 16 * 16;
    step.pool.run(spec_.geometry.taps(), [&](std::int64_t tap, int) {
      panels_.pack_rows(static_cast<int>(tap), spec_.weight->value.data() + tap * spec_.in->channels * row, row);
    });
    stale_ = false;
  }

  // Another number of samples: other grids, empty ones, and other blocks.
  void lay_out(const Step& step) {
    samples_ = step.samples;
    grid_ = PairBuffer(static_cast<std::int64_t>(taps_.sources.size()) * grid_size());
    const bool tiles = !kernels::is_dot(kernels::unit());
    blocks_.clear();
    std::int64_t most = 0;
    const auto parts = static_cast<int>(taps_.targets.size()) * panels_.count();
    const int shares = step.pool.at_work() / std::gcd(step.pool.at_work(), parts);
    for (const GridTarget& target : taps_.targets) {
      const std::int64_t row = target.width * samples_;
      if (row == 0) continue;
      // Tiles want many rows; else a row of the image at a time, which leaves out most taps that meet zeros.
      const std::int64_t wanted =
          tiles ? std::min<std::int64_t>((target.height + shares - 1) / shares, kMostRows / (taps_.pitch * samples_))
                : (kDotRows + row - 1) / row;
      const int height = std::clamp(static_cast<int>(wanted), 1, target.height);
      for (int y = 0; y < target.height; y += height)
        blocks_.push_back({&target, y, std::min(y + height, target.height)});
      most = std::max(most, rows_of({&target, 0, height}) + kTileRows);
    }
    workers_.resize(static_cast<std::size_t>(step.pool.size()));
    for (Worker& worker : workers_) worker.sums = Buffer(most * kPairPanel);
  }

  std::int64_t row_size() const { return panels_.depth(); }
  std::int64_t grid_size() const { return (taps_.cells() * samples_ + kTileRows) * row_size(); }
  Bf16* cell(int source, int y, int x) const {
    return grid_.data() + source * grid_size() + taps_.cell(y, x) * samples_ * row_size();
  }
  std::int64_t rows_of(const Block& block) const {
    return (std::int64_t{block.last - block.first - 1} * taps_.pitch + block.target->width) * samples_;
  }

  void round_input(const Step& step) {
    const Field& in = *spec_.in;
    const std::int64_t tasks = in.size(samples_) / kRounded + 1;
    const int height = taps_.sources.front().height;  // no other is higher
    const auto rows = static_cast<std::int64_t>(taps_.sources.size()) * height;
    step.pool.run(tasks, [&](std::int64_t task, int) {
      for (std::int64_t row = rows * task / tasks; row < rows * (task + 1) / tasks; ++row) {
        const int number = static_cast<int>(row / height);
        const int y = static_cast<int>(row % height);
        const GridImage& source = taps_.sources[static_cast<std::size_t>(number)];
        if (y >= source.height) continue;
        for (int x = 0; x < source.width; ++x) {
          kernels::round_rows(in.at(in.value, samples_, source.position(y, x)), in.sample_stride(), samples_,
                              in.sample_stride(), cell(number, y, x), row_size());
        }
      }
    });
  }

  void multiply(const Step& step, const Block& block, int panel, Worker& worker) const {
    worker.terms.clear();
    for (const GridTap& tap : block.target->taps) {
      const int height = taps_.sources[static_cast<std::size_t>(tap.source)].height;
      if (block.last - 1 + tap.y < 0 || block.first + tap.y >= height) continue;  // nothing but zeros
      worker.terms.push_back({cell(tap.source, block.first + tap.y, tap.x), panels_.at(panel, tap.tap)});
    }
    std::int64_t rows = rows_of(block);
    if (!kernels::is_dot(kernels::unit())) rows = (rows + kTileRows - 1) / kTileRows * kTileRows;
    const int width = panels_.width(panel);
    kernels::pair_product({.terms = worker.terms,
                           .a_row = row_size(),
                           .b_row = panels_.row(panel),
                           .c = worker.sums.data(),
                           .c_row = kPairPanel,
                           .rows = rows,
                           .depth = panels_.depth(),
                           .width = width});
    const Field& out = *spec_.out;
    for (int y = block.first; y < block.last; ++y) {
      for (int x = 0; x < block.target->width; ++x) {
        const std::int64_t row = (std::int64_t{y - block.first} * taps_.pitch + x) * samples_;
        float* to = out.at(out.value, step.samples, block.target->position(y, x)) + panel * kPairPanel;
        for (std::int64_t s = 0; s < samples_; ++s)
          std::copy_n(worker.sums.data() + (row + s) * kPairPanel, width, to + s * out.sample_stride());
      }
    }
  }

  ConvSpec spec_;
  GridTaps taps_;
  PairPanels panels_;
  PairBuffer grid_;  // [source][cell][sample][channel to 32]
  std::int64_t samples_ = 0;
  std::vector<Block> blocks_;
  std::vector<Worker> workers_;
  bool stale_ = true;
};

}  // namespace

std::unique_ptr<Pass> make_mixed_grid_conv(ConvSpec spec) {
  return std::make_unique<GridConv>(std::move(spec));
}

}  // namespace ganymede::engine
