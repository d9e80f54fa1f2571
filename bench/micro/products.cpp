// Rates of the products that training is made of, on one thread, in GFLOP/s and in percent of the peak that the machine
// reaches right then. Pin it: taskset -c 0 micro_products
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "base/philox.hpp"
#include "base/thread_pool.hpp"
#include "kernels/bf16.hpp"
#include "kernels/pair_product.hpp"
#include "kernels/peak.hpp"
#include "kernels/product.hpp"
#include "kernels/unit.hpp"

namespace ganymede::kernels {
namespace {

std::vector<float> numbers(std::int64_t count, std::uint64_t seed) {
  std::vector<float> values(static_cast<std::size_t>(count));
  Random(seed, "bench").normal(0, values);
  return values;
}

std::vector<Bf16> rounded_numbers(std::int64_t count, std::uint64_t seed) {
  const auto values = numbers(count, seed);
  std::vector<Bf16> result(values.size());
  round_rows(values.data(), count, 1, count, result.data(), count);
  return result;
}

// Runs `body` as the case asks; counts its flops beside the peak of this very minute, since clocks change.
template <class F>
void measure(benchmark::State& state, double flops, PeakKind kind, F&& body) {
  using Clock = std::chrono::steady_clock;
  double peak = measure_peak(kind, 0.02);
  const auto start = Clock::now();
  while (state.KeepRunning()) {
    body();
    benchmark::ClobberMemory();
  }
  const double rate =
      flops * static_cast<double>(state.iterations()) / std::chrono::duration<double>(Clock::now() - start).count();
  peak = std::max(peak, measure_peak(kind, 0.02));
  state.counters["GF"] = rate / 1e9;
  state.counters["peak_GF"] = peak / 1e9;
  state.counters["percent"] = 100 * rate / peak;
}

// Arguments: rows, depth, terms.
void f32_panel(benchmark::State& state) {
  flush_denormals();
  const std::int64_t rows = state.range(0);
  const std::int64_t depth = state.range(1);
  const std::int64_t terms = state.range(2);
  const auto a = numbers(terms * rows * depth, 1);
  const auto b = numbers(terms * depth * 64, 2);
  std::vector<float> c(static_cast<std::size_t>(rows * 64));
  measure(state, 2.0 * static_cast<double>(rows * depth * terms * 64), PeakKind::f32, [&] {
    for (std::int64_t t = 0; t < terms; ++t) {
      const std::int64_t next = (t + 1) % terms;
      panel_product(
          {.a = a.data() + t * rows * depth,
           .a_row = depth,
           .b = b.data() + t * depth * 64,
           .c = c.data(),
           .c_row = 64,
           .rows = rows,
           .depth = depth,
           .accumulate = t > 0,
           .next = {{a.data() + next * rows * depth, rows * depth}, {b.data() + next * depth * 64, depth * 64}}});
    }
  });
}

void bf16_pairs(benchmark::State& state, int width) {
  if (unit() != Unit::avx512bf16 && unit() != Unit::amx) {
    state.SkipWithError("no unit for bf16 is in use");
    return;
  }
  const std::int64_t rows = state.range(0);
  const int depth = static_cast<int>(state.range(1));
  const std::int64_t count = state.range(2);
  const auto a = rounded_numbers(count * rows * depth, 1);
  const auto b = rounded_numbers(count * depth * width, 2);
  std::vector<float> c(static_cast<std::size_t>(rows * width));
  std::vector<PairTerm> terms;
  for (std::int64_t t = 0; t < count; ++t) terms.push_back({a.data() + t * rows * depth, b.data() + t * depth * width});
  const PeakKind kind = unit() == Unit::amx ? PeakKind::tiles : PeakKind::dot;
  measure(state, 2.0 * static_cast<double>(rows * depth * count * width), kind, [&] {
    pair_product({.terms = terms,
                  .a_row = depth,
                  .b_row = 2 * width,
                  .c = c.data(),
                  .c_row = width,
                  .rows = rows,
                  .depth = depth,
                  .width = width});
  });
}

using Pack = void (*)(const float*, std::int64_t, std::int64_t, std::int64_t, Bf16*, std::int64_t);

void packing(benchmark::State& state, Pack pack, std::int64_t to_row) {
  const auto from = numbers(256 * 128, 1);
  std::vector<Bf16> to(256 * 128);
  while (state.KeepRunning()) {
    pack(from.data(), 128, 256, 128, to.data(), to_row);
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * 256 * 128 * 6);
}

void sizes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"rows", "depth", "terms"})
      ->Args({32, 64, 6})
      ->Args({32, 64, 25})
      ->Args({84, 128, 1})
      ->Args({256, 64, 1})
      ->Args({256, 64, 9})
      ->Args({256, 128, 25})
      ->Args({256, 1024, 1});
}

BENCHMARK(f32_panel)->Apply(sizes);
BENCHMARK_CAPTURE(bf16_pairs, width_64, 64)->Apply(sizes);
BENCHMARK_CAPTURE(bf16_pairs, width_32, 32)->Apply(sizes);
BENCHMARK_CAPTURE(bf16_pairs, width_16, 16)->Apply(sizes);
BENCHMARK_CAPTURE(packing, rows, round_rows, 128);
BENCHMARK_CAPTURE(packing, pairs, round_pairs, 256);
BENCHMARK_CAPTURE(packing, transposed, round_transposed, 256);
BENCHMARK_CAPTURE(packing, transposed_pairs, round_transposed_pairs, 512);

}  // namespace
}  // namespace ganymede::kernels

BENCHMARK_MAIN();
