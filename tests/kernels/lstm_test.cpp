#include "kernels/lstm.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "kernels/levels.hpp"

namespace ganymede::kernels {
namespace {

struct LstmBlock {
  LstmBlock(std::int64_t row_count, int width)
      : gates(random_values(static_cast<std::size_t>(row_count * 4 * width), 1)),
        before(random_values(static_cast<std::size_t>(row_count * width), 2)),
        cell(before.size()),
        state(before.size()),
        bias(random_values(static_cast<std::size_t>(4 * width), 3)),
        state_gradient(random_values(before.size(), 4)),
        cell_gradient(random_values(before.size(), 5)),
        before_gradient(before.size()),
        gate_gradients(gates.size()),
        rows(row_count),
        hidden(width) {}

  LstmCell forward(bool first) {
    return {gates.data(), first ? nullptr : before.data(), cell.data(), state.data(), bias.data(), rows, hidden};
  }
  LstmCellBackward backward(bool first, bool last) {
    return {gates.data(),
            first ? nullptr : before.data(),
            cell.data(),
            state_gradient.data(),
            last ? nullptr : cell_gradient.data(),
            gate_gradients.data(),
            before_gradient.data(),
            rows,
            hidden};
  }
  std::vector<float> all() const {
    std::vector<float> values;
    for (const auto* part : {&gates, &cell, &state, &gate_gradients, &before_gradient})
      values.insert(values.end(), part->begin(), part->end());
    return values;
  }

  std::vector<float> gates, before, cell, state, bias, state_gradient, cell_gradient, before_gradient, gate_gradients;
  std::int64_t rows;
  int hidden;
};

TEST(LstmCell, MatchesPlainLoopsAndLevelsAgree) {
  std::map<std::string, std::vector<float>> results;
  at_every_level([&](const std::string& name) {
    for (const int hidden : {16, 48}) {
      for (const std::int64_t rows : {1, 7}) {
        for (const int end : {0, 1, 2}) {  // in the middle, at the first time, at the last
          LstmBlock fast(rows, hidden), slow(rows, hidden);
          lstm_state(fast.forward(end == 1));
          lstm_state_backward(fast.backward(end == 1, end == 2));
          plain::lstm_state(slow.forward(end == 1));
          plain::lstm_state_backward(slow.backward(end == 1, end == 2));
          const auto found = fast.all();
          const auto wanted = slow.all();
          for (std::size_t i = 0; i < found.size(); ++i) ASSERT_NEAR(found[i], wanted[i], 2e-6) << i;
          results[name].insert(results[name].end(), found.begin(), found.end());
        }
      }
    }
  });
  for (const auto& [name, values] : results) EXPECT_EQ(values, results.begin()->second) << name;
}

// All sums 0 and no bias: i = f = o = 1/2, g = 0, so that c = c'/2 and h = tanh(c'/2)/2.
TEST(LstmCell, OfZeroSumsHalvesTheCell) {
  LstmBlock block(1, 16);
  std::fill(block.gates.begin(), block.gates.end(), 0.0F);
  std::fill(block.bias.begin(), block.bias.end(), 0.0F);
  lstm_state(block.forward(false));
  for (std::size_t i = 0; i < 16; ++i) {
    EXPECT_NEAR(block.cell[i], block.before[i] / 2, 1e-7);
    EXPECT_NEAR(block.state[i], std::tanh(block.before[i] / 2) / 2, 1e-6);
  }
}

}  // namespace
}  // namespace ganymede::kernels
