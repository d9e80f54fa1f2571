#include "engine/passes/lstm_pass.hpp"

#include <algorithm>
#include <utility>

#include "engine/passes/gates.hpp"
#include "engine/passes/packing.hpp"
#include "kernels/gru.hpp"
#include "kernels/level.hpp"
#include "kernels/lstm.hpp"
#include "kernels/product.hpp"

namespace ganymede::engine {

// How it works. As in gru_pass.cpp a task takes a block of samples through all of time. At each time the products of
// the state a step earlier are added to the sums of all four gates, or are these sums where nothing is fed, and one
// kernel makes gates, cell and state of them. Backward runs from the end: a kernel makes the gradients of the sums and
// of the cell before, and products with the transposed weights send the former back to the state before. The gates'
// gradient of all times then gives that of the weights by products over the batch, and that of the input sequence
// through the convolution before. The constant forget_bias is added to a copy of the bias.

namespace {

constexpr std::int64_t kLstmRows = 32;  // samples of one task; sums over the batch are cut there too

// A block of samples at one time.
struct Moment {
  float *gates = nullptr, *gates_gradient = nullptr;
  float *cell = nullptr, *cell_gradient = nullptr;
  float *state = nullptr, *state_gradient = nullptr;
  // A step earlier, or what it begins with; null where that is zero.
  float *cell_before = nullptr, *cell_before_gradient = nullptr;
  float *state_before = nullptr, *state_before_gradient = nullptr;
};

class LstmPass : public Pass {
 public:
  explicit LstmPass(LstmSpec spec)
      : spec_(std::move(spec)),
        forward_weights_(hidden(), row(), 1),
        backward_weights_(row(), spec_.training ? hidden() : 0, 1),
        bias_(row()) {
    nodes = spec_.nodes;
  }

  void forward(const Step& step) override {
    if (stale_) pack();
    const std::int64_t n = step.samples;
    each_block_of(step, n, [&](std::int64_t first, std::int64_t rows) {
      for (int t = 0; t < steps(); ++t) {
        const Moment at = moment(n, t, first);
        if (at.state_before != nullptr) add_products(at.state_before, at.gates, rows);
        kernels::lstm_state({at.gates, at.cell_before, at.cell, at.state, bias_.data(), rows, stride()});
      }
    });
  }

  void backward(const Step& step) override {
    const std::int64_t n = step.samples;
    const std::int64_t samples = spec_.need.samples(step);
    const std::int64_t blocks = (samples + kLstmRows - 1) / kLstmRows;
    if (sums_.size() < blocks * row()) sums_ = Buffer(blocks * row());
    each_block_of(step, samples, [&](std::int64_t first, std::int64_t rows) {
      float* sums = sums_.data() + first / kLstmRows * row();
      std::fill_n(sums, row(), 0.0F);
      for (int t = steps() - 1; t >= 0; --t) back(moment(n, t, first), t + 1 == steps(), rows, sums);
    });
    if (!step.parameter_gradients) return;
    if (spec_.bias != nullptr) reduce_rows(sums_.data(), blocks, row(), row(), spec_.bias->gradient.data());
    weight_gradient(step);
    step.mark(this, PassPart::backward_weights, step.backward_samples);
  }

  void parameters_changed() override { stale_ = true; }

  void describe(std::vector<PassInfo>& out) const override {
    const int products = steps() - (spec_.start == nullptr ? 1 : 0);
    describe_products(spec_.network, nodes, "recurrent panel product " + kernels::level(),
                      2.0 * products * 4 * hidden() * hidden(), spec_.need, out);
  }

  std::int64_t bytes() const override {
    return forward_weights_.bytes() + backward_weights_.bytes() + bias_.bytes() + sums_.bytes();
  }

 private:
  int hidden() const { return spec_.out->channels; }
  int stride() const { return gate_stride(hidden()); }
  int row() const { return 4 * stride(); }
  int steps() const { return spec_.out->positions(); }

  template <class F>
  void each_block_of(const Step& step, std::int64_t samples, F&& f) const {
    step.pool.run((samples + kLstmRows - 1) / kLstmRows, [&](std::int64_t block, int) {
      f(block * kLstmRows, std::min(kLstmRows, samples - block * kLstmRows));
    });
  }

  Moment moment(std::int64_t n, int t, std::int64_t first) const {
    const auto in = [&](const Field& field, float* base, int time) {
      return field.at(base, n, time) + first * field.sample_stride();
    };
    const Field &gates = *spec_.gates, &cell = *spec_.cell, &out = *spec_.out;
    Moment at{.gates = in(gates, gates.value, t), .cell = in(cell, cell.value, t), .state = in(out, out.value, t)};
    if (t > 0) {
      at.cell_before = in(cell, cell.value, t - 1);
      at.state_before = in(out, out.value, t - 1);
    } else if (spec_.start != nullptr) {
      at.cell_before = at.state_before = in(*spec_.start, spec_.start->value, 0);
    }
    if (!spec_.training) return at;
    at.gates_gradient = in(gates, gates.gradient, t);
    at.cell_gradient = in(cell, cell.gradient, t);
    at.state_gradient = in(out, out.gradient, t);
    if (t > 0) {
      at.cell_before_gradient = in(cell, cell.gradient, t - 1);
      at.state_before_gradient = in(out, out.gradient, t - 1);
    } else if (spec_.start != nullptr) {
      // The one array for both: the kernel writes what comes from the cell, the products add what comes from the state.
      at.cell_before_gradient = at.state_before_gradient = in(*spec_.start, spec_.start->gradient, 0);
    }
    return at;
  }

  // sums (+)= state U.
  void add_products(const float* state, float* sums, std::int64_t rows) const {
    for (int panel = 0; panel < forward_weights_.count(); ++panel) {
      kernels::panel_product({.a = state,
                              .a_row = stride(),
                              .b = forward_weights_.at(panel, 0),
                              .b_k = forward_weights_.width(panel),
                              .c = sums + panel * 64,
                              .c_row = row(),
                              .rows = rows,
                              .depth = hidden(),
                              .width = forward_weights_.width(panel),
                              .accumulate = spec_.start == nullptr});
    }
  }

  void back(const Moment& at, bool last, std::int64_t rows, float* sums) const {
    kernels::lstm_state_backward({at.gates, at.cell_before, at.cell, at.state_gradient,
                                  last ? nullptr : at.cell_gradient, at.gates_gradient, at.cell_before_gradient, rows,
                                  stride()});
    kernels::add_rows(sums, at.gates_gradient, rows, row());
    if (at.state_before == nullptr) return;
    for (int panel = 0; panel < backward_weights_.count(); ++panel) {
      kernels::panel_product({.a = at.gates_gradient,
                              .a_row = row(),
                              .b = backward_weights_.at(panel, 0),
                              .b_k = backward_weights_.width(panel),
                              .c = at.state_before_gradient + panel * 64,
                              .c_row = stride(),
                              .rows = rows,
                              .depth = row(),
                              .width = backward_weights_.width(panel),
                              .accumulate = true});
    }
  }

  // A task is one panel of the gates: the states before times their gradients, summed over batch and time.
  void weight_gradient(const Step& step) const {
    const std::int64_t n = step.samples;
    step.pool.run(forward_weights_.count(), [&](std::int64_t panel, int) {
      const int width = forward_weights_.width(static_cast<int>(panel));
      float* target = spec_.weight->gradient.data() + panel * 64;
      bool more = false;
      for (int t = 0; t < steps(); ++t) {
        const Moment at = moment(n, t, 0);
        if (at.state_before == nullptr) continue;
        kernels::panel_product({.a = at.state_before,
                                .a_row = 1,
                                .a_k = stride(),
                                .b = at.gates_gradient + panel * 64,
                                .b_k = row(),
                                .c = target,
                                .c_row = row(),
                                .rows = hidden(),
                                .depth = step.backward_samples,
                                .width = width,
                                .accumulate = more});
        more = true;
      }
      for (int r = 0; r < hidden() && !more; ++r) std::fill_n(target + std::int64_t{r} * row(), width, 0.0F);
    });
  }

  void pack() {
    forward_weights_.pack_rows(0, spec_.weight->value.data(), row());
    backward_weights_.pack_columns(0, spec_.weight->value.data(), row());
    std::fill_n(bias_.data(), row(), 0.0F);
    if (spec_.bias != nullptr) std::copy_n(spec_.bias->value.data(), row(), bias_.data());
    for (int h = 0; h < hidden(); ++h) bias_.data()[stride() + h] += spec_.forget_bias;
    stale_ = false;
  }

  LstmSpec spec_;
  Panels forward_weights_;   // [H][gates]
  Panels backward_weights_;  // [gates][H]
  Buffer bias_;              // of the sums, with forget_bias
  Buffer sums_;              // of the gates' gradients, a row a block
  bool stale_ = true;
};

}  // namespace

std::unique_ptr<Pass> make_lstm(LstmSpec spec) {
  return std::make_unique<LstmPass>(std::move(spec));
}

}  // namespace ganymede::engine
