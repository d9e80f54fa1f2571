#include "explore/handwriting/hand.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "base/error.hpp"
#include "data/ink/ink_picture.hpp"
#include "data/ink/ink_source.hpp"
#include "ink/moves.hpp"
#include "ink/smooth.hpp"
#include "latent/paths.hpp"
#include "play/game.hpp"

namespace ganymede::explore {
namespace {

constexpr picture::Colour kInkColour{24, 32, 72};
constexpr double kWidest = 1.4;  // of a letter's height
constexpr double kPenShare = 0.1;

std::vector<float> z_named(TrainedGenerator& generator, std::uint64_t seed, int label) {
  return generator.samples(seed, 1, label).z;
}

/// Between which lines a letter usually stands, in capitals above the baseline.
struct Zone {
  double top = 1, bottom = 0;
};

bool is_among(const std::string& name, std::string_view letters) {
  return name.size() == 1 && letters.find(name[0]) != std::string_view::npos;
}

Zone zone_of(const std::string& name) {
  if (is_among(name, "acemnorsuvwxz")) return {0.62, 0};
  if (is_among(name, "gpqy")) return {0.62, -0.38};
  if (is_among(name, "j")) return {0.95, -0.38};
  if (is_among(name, ".")) return {0.1, 0};
  if (is_among(name, ",;")) return {0.12, -0.2};
  if (is_among(name, "-=+~:*")) return {0.6, 0.2};
  if (is_among(name, "'\"^`")) return {1, 0.65};
  if (is_among(name, "_")) return {0, -0.1};
  // One letter with a mark above it.
  const bool is_marked = name.size() > 1 && name.size() <= 2;
  if (is_marked && upper_case_letter(name) != name) return {0.95, 0};
  if (is_marked && lower_case_letter(name) != name) return {1.3, 0};
  return {};
}

}  // namespace

std::vector<std::string> letters_of(const TrainedGenerator& generator) {
  const net::Network& network = generator.network();
  const int output = network.index_of(network.outputs.front());
  const Shape shape = net::infer_shapes(network).at(static_cast<std::size_t>(output));
  if (!train::is_ink(shape))
    fail<ConfigError>("write: wanted a run on ink, found one that draws samples of shape {}", to_string(shape));
  const int classes = generator.classes();
  if (classes == 0) {
    fail<ConfigError>(
        "write: this generator takes no class, so it cannot be asked for a letter; train one with generator.condition "
        "and discriminator.condition = \"concat\"");
  }
  std::vector<std::string> names = generator.class_names();
  for (int k = static_cast<int>(names.size()); k < classes; ++k) names.push_back(std::to_string(k));
  return names;
}

std::vector<ink::Ink> draw_letters(TrainedGenerator& generator, std::span<const int> labels,
                                   const HandOptions& options) {
  const run::Recipe::Latent& latent = generator.about().recipe.latent;
  const bool is_round = latent.prior == "normal" && latent.sampler == "gaussian";
  const auto dim = static_cast<std::size_t>(generator.latent_dim());
  const std::size_t free = dim - static_cast<std::size_t>(play::width_of(generator.codes()));
  std::map<int, std::vector<float>> hands;  // z of each class
  train::NamedSamples samples{.seed = options.seed, .count = std::ssize(labels)};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    auto found = hands.find(labels[i]);
    if (found == hands.end()) found = hands.emplace(labels[i], z_named(generator, options.seed, labels[i])).first;
    const std::span<const float> hand = std::span(found->second).first(free);
    const std::vector<float> own = z_named(generator, options.seed + 1 + i, labels[i]);
    std::vector<float> z = found->second;
    const auto walk = is_round ? latent::slerp : latent::lerp;
    walk(hand, std::span(own).first(free), options.variation, std::span(z).first(free));
    samples.z.insert(samples.z.end(), z.begin(), z.end());
    samples.classes.push_back(labels[i]);
  }
  std::vector<ink::Ink> letters;
  if (labels.empty()) return letters;
  const Tensor drawn = generator.draw(samples);
  constexpr std::size_t kEach = ink::kMoves * ink::kMoveValues;
  for (std::size_t i = 0; i < labels.size(); ++i)
    letters.push_back(ink::decode(ink::moves_of(drawn.values<float>().subspan(i * kEach, kEach))));
  return letters;
}

HandSizes sizes_of(const run::Recipe& recipe, std::span<const std::string> names,
                   const std::vector<data::SearchPlace>& places) {
  HandSizes sizes{.of = std::vector<std::optional<data::LetterSize>>(names.size()), .from = "usual"};
  const std::string& source = recipe.data.source;
  if (data::find_source(source) != nullptr || !data::is_ink_source(source, places)) return sizes;
  const data::InkSet set = data::open_ink(source, data::Split::train, places);
  const std::vector<std::optional<data::LetterSize>> found = data::letter_sizes(set);
  for (std::size_t k = 0; k < names.size(); ++k) {
    const auto same = std::ranges::find(set.class_names, names[k]);
    if (same == set.class_names.end()) continue;
    sizes.of[k] = found[static_cast<std::size_t>(same - set.class_names.begin())];
    if (sizes.of[k]) sizes.from = source;
  }
  return sizes;
}

data::LetterSize usual_size(const std::string& name, const ink::Ink& ink) {
  const Zone zone = zone_of(name);
  const ink::Box box = ink::bounding_box(ink);
  const double reach = std::max(box.height(), box.width() / kWidest);
  const double scale = reach > 0 ? (zone.top - zone.bottom) / reach : 0;
  return {.longer = scale * std::max(box.width(), box.height()), .drop = -zone.bottom};
}

std::vector<ink::LinePiece> line_pieces(TrainedGenerator& generator, const HandText& text, const HandSizes& sizes,
                                        const HandOptions& options) {
  const std::vector<std::string> names = letters_of(generator);
  std::vector<int> labels;
  for (const TextPiece& piece : text.pieces) {
    if (piece.label >= 0) labels.push_back(piece.label);
  }
  std::vector<ink::Ink> drawn = draw_letters(generator, labels, options);
  std::vector<ink::LinePiece> pieces;
  std::size_t next = 0;
  for (const TextPiece& piece : text.pieces) {
    if (piece.label < 0) {
      const bool is_end = piece.label == TextPiece::kNewLine;
      pieces.push_back({.kind = is_end ? ink::LinePiece::Kind::new_line : ink::LinePiece::Kind::space});
      continue;
    }
    ink::Ink& ink = drawn[next++];
    if (ink.empty()) {  // the pen never touched the paper: the letter's place stays empty
      pieces.push_back({.kind = ink::LinePiece::Kind::space});
      continue;
    }
    const auto k = static_cast<std::size_t>(piece.label);
    const data::LetterSize size = k < sizes.of.size() && sizes.of[k] ? *sizes.of[k] : usual_size(names[k], ink);
    pieces.push_back(
        {.kind = ink::LinePiece::Kind::letter, .ink = std::move(ink), .longer = size.longer, .drop = size.drop});
  }
  return pieces;
}

void draw_lines(picture::Canvas& canvas, const ink::Lines& lines, double capital, const WritingStyle& style) {
  const double pen = style.pen > 0 ? style.pen : kPenShare * capital;
  std::vector<picture::CanvasPoint> line;
  for (const ink::PlacedLetter& letter : lines.letters) {
    const ink::Ink ink = style.smooth ? ink::smoothed(letter.ink) : letter.ink;
    for (std::size_t s = 0; s < ink.size(); ++s) {
      const picture::Colour colour = style.colours ? data::stroke_colour(static_cast<int>(s)) : kInkColour;
      line.clear();
      for (const ink::Point& p : ink[s]) line.push_back({p.x, p.y});
      if (line.size() == 1) canvas.dot(line[0], pen * 0.6, colour);
      if (line.size() > 1) canvas.line(line, pen, colour);
    }
  }
}

}  // namespace ganymede::explore
