#include "engine/passes/gru_pass.hpp"

#include <algorithm>
#include <utility>

#include "engine/passes/gates.hpp"
#include "engine/passes/packing.hpp"
#include "kernels/gru.hpp"
#include "kernels/level.hpp"
#include "kernels/product.hpp"
#include "net/network.hpp"

namespace ganymede::engine {

// How it works. Time is a loop that cannot be cut; samples can: a task takes a block of samples through all of time,
// and no thread waits for another. The gates hold the input's share of their sums already. At each time the products of
// the state a step earlier are added to those of r and u, a kernel makes r, u and the reset state, the products of that
// are added to n's, and a kernel makes n and the new state. Backward runs the same loop from the end. What it leaves in
// the gates' gradient gives the gradient of the weights by products over the batch, and that of the input through the
// convolution before.

namespace {

constexpr std::int64_t kGruRows = 16;  // samples of one task; sums over the batch are cut there too

// A block of samples at one time and cell.
struct Place {
  int cell = 0;
  float *gates = nullptr, *gates_gradient = nullptr;
  float *state = nullptr, *state_gradient = nullptr;
  float *reset = nullptr, *reset_gradient = nullptr;
  float *before = nullptr, *before_gradient = nullptr;  // the state a step earlier; null at the first
};

class GruPass : public Pass {
 public:
  explicit GruPass(GruSpec spec)
      : spec_(std::move(spec)),
        gates_forward_(hidden(), 2 * stride(), spec_.kernel),
        candidate_forward_(hidden(), stride(), spec_.kernel),
        gates_backward_(2 * stride(), spec_.training ? hidden() : 0, spec_.kernel),
        candidate_backward_(stride(), spec_.training ? hidden() : 0, spec_.kernel),
        no_bias_(spec_.bias == nullptr ? 3 * stride() : 0) {
    nodes = spec_.nodes;
  }

  void forward(const Step& step) override {
    if (stale_) pack(step);
    const std::int64_t n = step.samples;
    each_block(step, n, [&](std::int64_t first, std::int64_t rows) {
      for (int t = 0; t < steps(); ++t) {
        const Place origin = place(n, t, 0, first);
        for (int w = 0; w < cells(); ++w) {
          const Place at = place(n, t, w, first);
          if (t > 0) to_gates(n, w, origin.before, gates_forward_, at.gates, rows);
          kernels::gru_gates(forward_cell(at, rows));
        }
        for (int w = 0; w < cells(); ++w) {
          const Place at = place(n, t, w, first);
          if (t > 0) to_gates(n, w, origin.reset, candidate_forward_, at.gates + 2 * stride(), rows);
          kernels::gru_state(forward_cell(at, rows));
        }
      }
    });
  }

  void backward(const Step& step) override {
    const std::int64_t n = step.samples;
    const std::int64_t samples = spec_.need.samples(step);
    const std::int64_t blocks = (samples + kGruRows - 1) / kGruRows;
    if (sums_.size() < blocks * 3 * stride()) sums_ = Buffer(blocks * 3 * stride());
    each_block(step, samples, [&](std::int64_t first, std::int64_t rows) {
      float* sums = sums_.data() + first / kGruRows * 3 * stride();
      std::fill_n(sums, 3 * stride(), 0.0F);
      for (int t = steps() - 1; t >= 0; --t) back(n, t, first, rows, sums);
    });
    if (!step.parameter_gradients) return;
    if (spec_.bias != nullptr)
      reduce_rows(sums_.data(), blocks, 3 * stride(), 3 * stride(), spec_.bias->gradient.data());
    weight_gradient(step);
    step.mark(this, PassPart::backward_weights, step.backward_samples);
  }

  void parameters_changed() override { stale_ = true; }

  void describe(std::vector<PassInfo>& out) const override {
    double links = 0;
    for (int w = 0; w < cells(); ++w) each_link(w, [&](int, int) { ++links; });
    const double flops = 2.0 * links * (steps() - 1) * 3 * hidden() * hidden();
    describe_products(spec_.network, nodes, "recurrent panel product " + kernels::level(), flops, spec_.need, out);
  }

  std::int64_t bytes() const override {
    return gates_forward_.bytes() + candidate_forward_.bytes() + gates_backward_.bytes() + candidate_backward_.bytes() +
           sums_.bytes() + no_bias_.bytes();
  }

 private:
  int hidden() const { return spec_.out->channels; }
  int stride() const { return gate_stride(hidden()); }
  int steps() const { return spec_.out->height; }
  int cells() const { return spec_.out->width; }

  template <class F>
  void each_block(const Step& step, std::int64_t samples, F&& f) const {
    step.pool.run((samples + kGruRows - 1) / kGruRows, [&](std::int64_t block, int) {
      f(block * kGruRows, std::min(kGruRows, samples - block * kGruRows));
    });
  }

  // Calls f(v, tap) with the cells of the state before that cell w of the gates is made of.
  template <class F>
  void each_link(int w, F&& f) const {
    const int shift = net::padding_before(true, 0, cells(), spec_.kernel, 1);
    for (int k = 0; k < spec_.kernel; ++k) {
      if (const int v = w + k - shift; v >= 0 && v < cells()) f(v, k);
    }
  }

  // Calls f(w, tap) with the cells of the gates that cell v of the state before goes into.
  template <class F>
  void each_use(int v, F&& f) const {
    const int shift = net::padding_before(true, 0, cells(), spec_.kernel, 1);
    for (int k = 0; k < spec_.kernel; ++k) {
      if (const int w = v - k + shift; w >= 0 && w < cells()) f(w, k);
    }
  }

  Place place(std::int64_t n, int t, int w, std::int64_t first) const {
    const auto in = [&](const Field& field, float* base, int time) {
      return field.at(base, n, std::int64_t{time} * cells() + w) + first * field.sample_stride();
    };
    const Field &gates = *spec_.gates, &out = *spec_.out, &reset = *spec_.reset;
    Place at{.cell = w,
             .gates = in(gates, gates.value, t),
             .state = in(out, out.value, t),
             .reset = in(reset, reset.value, t)};
    if (t > 0) at.before = in(out, out.value, t - 1);
    if (!spec_.training) return at;
    at.gates_gradient = in(gates, gates.gradient, t);
    at.state_gradient = in(out, out.gradient, t);
    at.reset_gradient = in(reset, reset.gradient, t);
    if (t > 0) at.before_gradient = in(out, out.gradient, t - 1);
    return at;
  }

  const float* bias() const { return spec_.bias != nullptr ? spec_.bias->value.data() : no_bias_.data(); }
  kernels::GruCell forward_cell(const Place& at, std::int64_t rows) const {
    return {at.gates, at.before, at.reset, at.state, bias(), rows, stride()};
  }
  kernels::GruCellBackward backward_cell(const Place& at, std::int64_t rows) const {
    return {at.gates,           at.before, at.state_gradient, at.reset_gradient, at.gates_gradient,
            at.before_gradient, rows,      stride()};
  }

  // target += sum over the links of cell w of state[v] U[tap]; `origin` is the state's cell 0.
  void to_gates(std::int64_t n, int w, const float* origin, const Panels& panels, float* target,
                std::int64_t rows) const {
    for (int panel = 0; panel < panels.count(); ++panel) {
      each_link(w, [&](int v, int tap) {
        kernels::panel_product({.a = origin + v * spec_.out->position_stride(n),
                                .a_row = stride(),
                                .b = panels.at(panel, tap),
                                .b_k = panels.width(panel),
                                .c = target + panel * 64,
                                .c_row = 3 * stride(),
                                .rows = rows,
                                .depth = panels.depth(),
                                .width = panels.width(panel),
                                .accumulate = true});
      });
    }
  }

  // The way back; `origin` is cell 0 of the gates' gradient, at the first of the gates in question.
  void to_state(std::int64_t n, int v, const float* origin, const Panels& panels, float* target, std::int64_t rows,
                bool accumulate) const {
    for (int panel = 0; panel < panels.count(); ++panel) {
      bool more = accumulate;
      each_use(v, [&](int w, int tap) {
        kernels::panel_product({.a = origin + w * spec_.gates->position_stride(n),
                                .a_row = 3 * stride(),
                                .b = panels.at(panel, tap),
                                .b_k = panels.width(panel),
                                .c = target + panel * 64,
                                .c_row = stride(),
                                .rows = rows,
                                .depth = panels.depth(),
                                .width = panels.width(panel),
                                .accumulate = more});
        more = true;
      });
    }
  }

  // One step of time of one block: from the gradient of its states to those of the sums and of the states before.
  void back(std::int64_t n, int t, std::int64_t first, std::int64_t rows, float* sums) const {
    const float* origin = place(n, t, 0, first).gates_gradient;
    for (int w = 0; w < cells(); ++w) kernels::gru_state_backward(backward_cell(place(n, t, w, first), rows));
    for (int w = 0; w < cells(); ++w) {
      const Place at = place(n, t, w, first);
      if (t > 0) to_state(n, w, origin + 2 * stride(), candidate_backward_, at.reset_gradient, rows, false);
      kernels::gru_gates_backward(backward_cell(at, rows));
    }
    for (int w = 0; w < cells(); ++w) {
      const Place at = place(n, t, w, first);
      if (t > 0) to_state(n, w, origin, gates_backward_, at.before_gradient, rows, true);
      kernels::add_rows(sums, at.gates_gradient, rows, 3 * stride());
    }
  }

  // A task is one tap and one panel of the gates: r and u are made of the state before, n of its reset.
  void weight_gradient(const Step& step) const {
    const std::int64_t n = step.samples;
    const int gate_panels = gates_forward_.count();
    const int panels = gate_panels + candidate_forward_.count();
    step.pool.run(std::int64_t{1} * spec_.kernel * panels, [&](std::int64_t task, int) {
      const int tap = static_cast<int>(task / panels);
      const int panel = static_cast<int>(task % panels);
      const bool candidate = panel >= gate_panels;
      const int column = candidate ? 2 * stride() + (panel - gate_panels) * 64 : panel * 64;
      const int width = candidate ? candidate_forward_.width(panel - gate_panels) : gates_forward_.width(panel);
      float* target = spec_.weight->gradient.data() + std::int64_t{1} * tap * hidden() * 3 * stride() + column;
      bool more = false;
      for (int t = 1; t < steps(); ++t) {
        for (int w = 0; w < cells(); ++w) {
          each_link(w, [&](int v, int k) {
            if (k != tap) return;
            const Place source = place(n, t, v, 0);
            kernels::panel_product({.a = candidate ? source.reset : source.before,
                                    .a_row = 1,
                                    .a_k = stride(),
                                    .b = place(n, t, w, 0).gates_gradient + column,
                                    .b_k = 3 * stride(),
                                    .c = target,
                                    .c_row = 3 * stride(),
                                    .rows = hidden(),
                                    .depth = step.backward_samples,
                                    .width = width,
                                    .accumulate = more});
            more = true;
          });
        }
      }
      for (int r = 0; r < hidden() && !more; ++r) std::fill_n(target + r * 3 * stride(), width, 0.0F);
    });
  }

  void pack(const Step& step) {
    const int row = 3 * stride();
    step.pool.run(spec_.kernel, [&](std::int64_t task, int) {
      const int tap = static_cast<int>(task);
      const float* matrix = spec_.weight->value.data() + task * hidden() * row;
      gates_forward_.pack_rows(tap, matrix, row);
      candidate_forward_.pack_rows(tap, matrix + 2 * stride(), row);
      gates_backward_.pack_columns(tap, matrix, row);
      candidate_backward_.pack_columns(tap, matrix + 2 * stride(), row);
    });
    stale_ = false;
  }

  GruSpec spec_;
  Panels gates_forward_, candidate_forward_;    // per tap [H][gates]
  Panels gates_backward_, candidate_backward_;  // per tap [gates][H]
  Buffer no_bias_;
  Buffer sums_;  // of the gates' gradients, a row a block
  bool stale_ = true;
};

}  // namespace

std::unique_ptr<Pass> make_gru(GruSpec spec) {
  return std::make_unique<GruPass>(std::move(spec));
}

}  // namespace ganymede::engine
