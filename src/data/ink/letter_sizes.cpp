#include "data/ink/letter_sizes.hpp"

#include <algorithm>

namespace ganymede::data {
namespace {

double median(std::vector<double>& values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

}  // namespace

std::vector<std::optional<LetterSize>> letter_sizes(const InkSet& set) {
  const std::size_t classes = set.class_names.size();
  std::vector<std::optional<LetterSize>> sizes(classes);
  if (!set.lines) return sizes;
  const double capital = set.lines->baseline - set.lines->top;
  std::vector<std::vector<double>> longer(classes), drops(classes);
  for (const Symbol& symbol : set.symbols) {
    const ink::Box box = ink::bounding_box(symbol.ink);
    const auto label = static_cast<std::size_t>(symbol.label);
    longer[label].push_back(std::max(box.width(), box.height()) / capital);
    drops[label].push_back((box.y1 - set.lines->baseline) / capital);
  }
  for (std::size_t k = 0; k < classes; ++k) {
    if (!longer[k].empty()) sizes[k] = {.longer = median(longer[k]), .drop = median(drops[k])};
  }
  return sizes;
}

}  // namespace ganymede::data
