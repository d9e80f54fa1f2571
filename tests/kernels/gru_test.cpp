#include "kernels/gru.hpp"

#include <gtest/gtest.h>

#include <map>

#include "kernels/levels.hpp"

namespace ganymede::kernels {
namespace {

struct Block {
  Block(std::int64_t row_count, int width)
      : gates(random_values(static_cast<std::size_t>(row_count * 3 * width), 1)),
        before(random_values(static_cast<std::size_t>(row_count * width), 2)),
        reset(before.size()),
        state(before.size()),
        bias(random_values(static_cast<std::size_t>(3 * width), 3)),
        state_gradient(random_values(before.size(), 4)),
        reset_gradient(random_values(before.size(), 5)),
        before_gradient(random_values(before.size(), 6)),
        gate_gradients(gates.size()),
        rows(row_count),
        hidden(width) {}

  GruCell cell(bool first) {
    return {gates.data(), first ? nullptr : before.data(), reset.data(), state.data(), bias.data(), rows, hidden};
  }
  GruCellBackward backward(bool first) {
    return {gates.data(),
            first ? nullptr : before.data(),
            state_gradient.data(),
            reset_gradient.data(),
            gate_gradients.data(),
            before_gradient.data(),
            rows,
            hidden};
  }
  std::vector<float> all() const {
    std::vector<float> values;
    for (const auto* part : {&gates, &reset, &state, &gate_gradients, &before_gradient})
      values.insert(values.end(), part->begin(), part->end());
    return values;
  }

  std::vector<float> gates, before, reset, state, bias, state_gradient, reset_gradient, before_gradient, gate_gradients;
  std::int64_t rows;
  int hidden;
};

TEST(GruCell, MatchesPlainLoopsAndLevelsAgree) {
  std::map<std::string, std::vector<float>> results;
  at_every_level([&](const std::string& name) {
    for (const int hidden : {16, 48}) {
      for (const std::int64_t rows : {1, 7}) {
        for (const bool first : {true, false}) {
          Block fast(rows, hidden), slow(rows, hidden);
          gru_gates(fast.cell(first));
          gru_state(fast.cell(first));
          gru_state_backward(fast.backward(first));
          gru_gates_backward(fast.backward(first));
          plain::gru_gates(slow.cell(first));
          plain::gru_state(slow.cell(first));
          plain::gru_state_backward(slow.backward(first));
          plain::gru_gates_backward(slow.backward(first));
          const auto found = fast.all();
          const auto wanted = slow.all();
          for (std::size_t i = 0; i < found.size(); ++i) ASSERT_NEAR(found[i], wanted[i], 2e-6);
          results[name].insert(results[name].end(), found.begin(), found.end());
        }
      }
    }
  });
  for (const auto& [name, values] : results) EXPECT_EQ(values, results.begin()->second) << name;
}

TEST(AddRows, AddsEachColumn) {
  at_every_level([](const std::string&) {
    std::vector<float> sum(32, 1), x(96);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i);
    add_rows(sum.data(), x.data(), 3, 32);
    for (std::size_t c = 0; c < 32; ++c) EXPECT_EQ(sum[c], static_cast<float>(1 + 3 * c + 96));
  });
}

}  // namespace
}  // namespace ganymede::kernels
