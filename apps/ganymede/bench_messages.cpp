#include "bench_messages.hpp"

#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "bench/spread.hpp"

namespace ganymede::app {
namespace {

// All processes do it so many times, after a tenth of that to warm up.
bench::Spread timed(int times, const std::function<void()>& work) {
  using Clock = std::chrono::steady_clock;
  for (int i = 0; i < times / 10 + 1; ++i) work();
  std::vector<double> seconds;
  for (int i = 0; i < times; ++i) {
    const auto begin = Clock::now();
    work();
    seconds.push_back(std::chrono::duration<double>(Clock::now() - begin).count());
  }
  return bench::spread_of(std::move(seconds));
}

}  // namespace

int bench_messages(const run::Networks& networks, const Output& output, cluster::Joined* group) {
  if (group == nullptr || !cluster::is_power_of_two(group->size())) {
    fail<UserError>("--messages: wanted 2, 4, 8 ... processes, as in: mpirun -n 2 {} bench --messages", program_name());
  }
  const int partner = group->rank() ^ 1;
  const auto exchange = [&](std::size_t bytes, int times) {
    const std::vector<std::byte> out(bytes);
    std::vector<std::byte> in(bytes);
    return timed(times, [&] { group->exchange(partner, out, in); });
  };
  constexpr std::size_t kSmall = 8, kLarge = std::size_t{16} << 20;
  const bench::Spread small = exchange(kSmall, 2000);
  const bench::Spread large = exchange(kLarge, 20);
  struct Sum {
    const char* of;
    std::int64_t numbers;
    bench::Spread seconds = {};
  };
  std::vector<Sum> sums = {{"generator", net::count_parameters(networks.generator).total},
                           {"discriminator", net::count_parameters(networks.discriminator).total}};
  for (Sum& sum : sums) {
    std::vector<float> values(static_cast<std::size_t>(sum.numbers), 0.0F);
    sum.seconds = timed(50, [&] { cluster::sum_in_tree(*group, std::span(values)); });
  }
  if (!group->is_first()) return 0;
  const double rate = static_cast<double>(kLarge) / large.median;
  if (output.json) {
    nlohmann::json of_sums = nlohmann::json::object();
    for (const Sum& sum : sums) of_sums[sum.of] = {{"numbers", sum.numbers}, {"seconds", sum.seconds.median}};
    print(nlohmann::json{{"schema", "ganymede.messages/1"},
                         {"processes", group->size()},
                         {"alpha_seconds", small.median},
                         {"bytes_per_second", rate},
                         {"sums", of_sums}});
    return 0;
  }
  TextTable table("lrr");
  table.add({"", "median", "least"});
  table.add({"exchange of 8 bytes", fmt::format("{:.1f} us", 1e6 * small.median),
             fmt::format("{:.1f} us", 1e6 * small.least)});
  table.add({"exchange of 16 MiB, each way", fmt::format("{:.2f} GB/s", 1e-9 * rate),
             fmt::format("{:.2f} GB/s", 1e-9 * static_cast<double>(kLarge) / large.most)});
  for (const Sum& sum : sums) {
    table.add({fmt::format("sum of the {}'s {} numbers", sum.of, with_thousands(sum.numbers)),
               fmt::format("{:.2f} ms", 1e3 * sum.seconds.median), fmt::format("{:.2f} ms", 1e3 * sum.seconds.least)});
  }
  print(fmt::format("{} processes\n", group->size()) + table.str());
  return 0;
}

}  // namespace ganymede::app
