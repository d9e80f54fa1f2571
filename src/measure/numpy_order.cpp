#include "measure/numpy_order.hpp"

#include <bit>
#include <numeric>
#include <utility>

namespace ganymede::measure {

std::uint32_t NumPyOrder::up_to(std::uint32_t most) {
  const std::uint32_t mask = most == 0 ? 0 : ~std::uint32_t{0} >> std::countl_zero(most);
  std::uint32_t value = 0;
  do {
    value = static_cast<std::uint32_t>(engine_()) & mask;
  } while (value > most);
  return value;
}

std::vector<std::int64_t> NumPyOrder::permutation(std::int64_t count) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  for (std::size_t i = order.size(); i-- > 1;) std::swap(order[i], order[up_to(static_cast<std::uint32_t>(i))]);
  return order;
}

std::vector<std::int64_t> NumPyOrder::choice(std::int64_t count, std::int64_t size) {
  std::vector<std::int64_t> order = permutation(count);
  order.resize(static_cast<std::size_t>(size));
  return order;
}

}  // namespace ganymede::measure
