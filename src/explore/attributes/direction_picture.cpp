#include "explore/attributes/direction_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "explore/attributes/direction_file.hpp"
#include "picture/font.hpp"

namespace ganymede::explore {
namespace {

constexpr picture::Colour kMatrixBlue{33, 102, 172}, kMatrixRed{178, 24, 43}, kMatrixText{30, 30, 30},
    kMatrixFaint{150, 150, 150};
constexpr int kMatrixCell = 40, kMatrixGap = 28, kMatrixEdge = 14, kMatrixHead = 56, kMatrixTitle = 24;
constexpr double kMatrixNameSize = 9;

picture::Colour colour_of_share(double v) {
  return picture::mix(picture::kWhite, v < 0 ? kMatrixBlue : kMatrixRed, std::sqrt(std::min(1.0, std::fabs(v))) * 0.9);
}

// Words that fit into a width, in lines.
std::vector<std::string> lines_of_sentence(const std::string& text, double size, int width) {
  std::vector<std::string> lines(1);
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string word = text.substr(begin, end - begin);
    const std::string longer = lines.back().empty() ? word : lines.back() + " " + word;
    if (picture::text_width(longer, size) > width && !lines.back().empty()) {
      lines.push_back(word);
    } else {
      lines.back() = longer;
    }
    begin = end + 1;
  }
  return lines;
}

}  // namespace

picture::Image draw_directions(const KeptDirections& kept) {
  const AttributeDirections& found = kept.found;
  const auto n = static_cast<int>(found.attributes.size());
  int names = 0;
  for (const AttributeDirection& one : found.attributes)
    names = std::max(names, picture::text_width(one.name, kMatrixNameSize));
  names += 8;
  const int side = std::max(n * kMatrixCell, 150), width = 2 * kMatrixEdge + names + 3 * side + 2 * kMatrixGap;
  const std::vector<std::string> words = lines_of_sentence(found.entanglement.sentence, 9, width - 2 * kMatrixEdge);
  const int top = kMatrixHead + 16 * static_cast<int>(words.size() - 1) + kMatrixTitle;
  picture::Image image(top + n * kMatrixCell + names + kMatrixEdge, width, 3, picture::kWhite);
  std::string title = fmt::format("{}, epoch {}: attributes and z", kept.run, kept.epoch);
  if (kept.only) title += ", class " + kept.only_name;
  picture::draw_text(image, kMatrixEdge, 22, title, 11, kMatrixText, picture::Align::left, true);
  for (std::size_t i = 0; i < words.size(); ++i)
    picture::draw_text(image, kMatrixEdge, 42 + 16 * static_cast<double>(i), words[i], 9, kMatrixText);
  const std::pair<const char*, const std::vector<double>*> matrices[] = {
      {"cosines N'N", &found.entanglement.cosines},
      {"model Sigma = L N'N L", &found.entanglement.model},
      {"measured covariance", &found.entanglement.measured}};
  for (int m = 0; m < 3; ++m) {
    const int left = kMatrixEdge + names + m * (side + kMatrixGap);
    picture::draw_text(image, left, top - 8, matrices[m].first, 9, kMatrixText, picture::Align::left, true);
    for (int i = 0; i < n; ++i) {
      const AttributeDirection& row = found.attributes[static_cast<std::size_t>(i)];
      const picture::Colour ink = row.told ? kMatrixText : kMatrixFaint;
      if (m == 0) {
        picture::draw_text(image, left - 6, top + i * kMatrixCell + kMatrixCell / 2.0 + 4, row.name, kMatrixNameSize,
                           ink, picture::Align::right);
      }
      picture::draw_text_upwards(image, left + i * kMatrixCell + kMatrixCell / 2.0 + 4, top + n * kMatrixCell + 6,
                                 row.name, kMatrixNameSize, ink, picture::Align::right);
      for (int j = 0; j < n; ++j) {
        const double v = (*matrices[m].second)[static_cast<std::size_t>(i * n + j)];
        image.fill_rectangle(top + i * kMatrixCell, left + j * kMatrixCell, kMatrixCell - 1, kMatrixCell - 1,
                             colour_of_share(v));
        picture::draw_text(image, left + j * kMatrixCell + kMatrixCell / 2.0,
                           top + i * kMatrixCell + kMatrixCell / 2.0 + 4, fmt::format("{:.2f}", v), 8,
                           std::fabs(v) > 0.45 ? picture::kWhite : kMatrixText, picture::Align::centre);
      }
    }
  }
  return image;
}

}  // namespace ganymede::explore
