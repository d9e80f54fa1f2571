#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "engine/conv_pass.hpp"
#include "engine/packing.hpp"
#include "kernels/level.hpp"
#include "kernels/product.hpp"

namespace ganymede::engine {
namespace {

// A task is a block of rows of the image: the products of all positions of the smaller image that reach it, then for
// each pixel the sum of its links. Products at the border of two blocks are made twice.
class FewThinConv : public Pass {
 public:
  explicit FewThinConv(ConvSpec spec)
      : spec_(std::move(spec)), panels_(spec_.in->channels, spec_.geometry.taps() * spec_.out->channels, 1) {
    nodes = spec_.nodes;
  }

  void forward(const Step& step) override {
    if (stale_) panels_.pack_columns(0, spec_.weight->value.data(), spec_.in->sample_stride());
    stale_ = false;
    workers_.resize(static_cast<std::size_t>(step.pool.size()));
    const int height = spec_.geometry.big_height;
    const int blocks = std::min(height, step.pool.size());
    step.pool.run(blocks, [&](std::int64_t block, int worker) {
      scatter(step, static_cast<int>(height * block / blocks), static_cast<int>(height * (block + 1) / blocks),
              workers_[static_cast<std::size_t>(worker)]);
    });
  }

  void backward(const Step&) override { fail<Error>("internal: {} was compiled for inference", nodes); }
  void parameters_changed() override { stale_ = true; }

  std::int64_t bytes() const override {
    std::int64_t total = panels_.bytes();
    for (const Worker& worker : workers_) total += worker.products.bytes();
    return total;
  }

  void describe(std::vector<PassInfo>& out) const override {
    const double flops = 2.0 * static_cast<double>(spec_.geometry.links()) * spec_.in->channels * spec_.out->channels;
    out.push_back({spec_.network, nodes, "forward", "product and scatter by rows " + kernels::level(), flops});
  }

 private:
  struct Worker {
    Buffer products;  // [small position][sample][tap, channel]
    std::vector<std::int32_t> from, to;
  };

  // Rows [top, bottom) of the image.
  void scatter(const Step& step, int top, int bottom, Worker& worker) const {
    const Geometry& g = spec_.geometry;
    const Field& wide = *spec_.in;
    const Field& thin = *spec_.out;
    const std::int64_t n = step.samples;
    const int columns = (g.taps() * thin.channels + 15) / 16 * 16;
    // Small rows y with top <= y stride + tap row - g.top < bottom for some tap row.
    const int first = std::clamp((top + g.top - g.kernel.h + 1 + g.stride.h - 1) / g.stride.h, 0, g.small_height);
    const int last = std::clamp((bottom - 1 + g.top) / g.stride.h + 1, first, g.small_height);
    worker.from.clear();
    worker.to.clear();
    for (int p = first * g.small_width; p < last * g.small_width; ++p) {
      for (std::int64_t s = 0; s < n; ++s) {
        worker.from.push_back(static_cast<std::int32_t>(p * wide.position_stride(n) + s * wide.sample_stride()));
        worker.to.push_back(static_cast<std::int32_t>(worker.to.size()) * columns);
      }
    }
    const auto rows = static_cast<std::int64_t>(worker.from.size());
    if (worker.products.size() < rows * columns) worker.products = Buffer(rows * columns);
    float* products = worker.products.data();
    for (int panel = 0; panel < panels_.count(); ++panel) {
      kernels::gathered_rows_product({.a = wide.value,
                                      .b = panels_.at(panel, 0),
                                      .b_k = panels_.width(panel),
                                      .c = products + panel * 64,
                                      .rows = rows,
                                      .depth = wide.channels,
                                      .width = panels_.width(panel)},
                                     worker.from.data(), worker.to.data());
    }
    for (int position = top * g.big_width; position < bottom * g.big_width; ++position) {
      float* to = thin.at(thin.value, n, position);
      for (std::int64_t s = 0; s < n; ++s) {
        for (int c = 0; c < thin.channels; ++c) {
          float sum = 0;
          for (const Geometry::Link& link : g.by_big[static_cast<std::size_t>(position)]) {
            sum += products[((link.small - first * g.small_width) * n + s) * columns + link.tap * thin.channels + c];
          }
          to[s * thin.channels + c] = sum;
        }
      }
    }
  }

  ConvSpec spec_;
  Panels panels_;  // [wide][tap, thin channel]
  std::vector<Worker> workers_;
  bool stale_ = true;
};

}  // namespace

std::unique_ptr<Pass> make_few_thin_conv(ConvSpec spec) {
  return std::make_unique<FewThinConv>(std::move(spec));
}

}  // namespace ganymede::engine
