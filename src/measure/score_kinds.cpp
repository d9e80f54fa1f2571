#include "measure/score_kinds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <numbers>

namespace ganymede::measure {
namespace {

constexpr const char* kLower = "lower is better";
constexpr const char* kHigher = "higher is better";
constexpr const char* kHalf = "nearer to 0.5 is better";
constexpr const char* kReals = "nearer to the reals' own is better";
constexpr const char* kJudge = "nearer to 0.5 is better; not between runs";

constexpr auto kKinds = std::to_array<ScoreKind>(
    {{"frechet", "Fréchet distance", kLower},
     {"frechet_positions", "Fréchet distance over positions", kLower},
     {"kernel", "kernel distance", kLower},
     {"precision", "precision", kHigher},
     {"recall", "recall", kHigher},
     {"density", "density", "higher is better, up to 1", 1},
     {"coverage", "coverage", kHigher},
     {"one_nn", "1-NN accuracy", kHalf},
     {"sliced_wasserstein", "sliced Wasserstein distance", kLower},
     {"ms_ssim", "similarity of pairs (MS-SSIM)", kReals},
     {"inception", "inception-style score", kHigher},
     {"modes", "classes met", kHigher},
     {"mixture_modes", "modes covered", kHigher},
     {"high_quality", "samples near a mode", kHigher},
     {"reverse_kl", "shares of modes (KL)", kLower},
     {"density_js", "densities (JS)", kLower},
     {"class_js", "shares of classes (JS)", kLower},
     {"class_accuracy", "class accuracy", kHigher},
     {"msd", "difference of pairs (MSD)", kReals},
     {"nrmsd", "difference of pairs (NRMSD)", kReals},
     {"path_length", "path length", kLower},
     {"separability", "separability", kLower},
     {"d_accuracy", "own D, its threshold", kJudge, {}, false},
     {"d_best_accuracy", "own D, best threshold", kJudge, {}, false},
     {"val_loss", "real or generated: loss", "higher is better, up to 0.693", std::numbers::ln2},
     {"error_rate", "real or generated: errors", kHalf},
     {"user_study", "people: fakes found", kHalf}});

}  // namespace

std::span<const ScoreKind> list_score_kinds() {
  return kKinds;
}

const ScoreKind* kind_of(std::string_view name) {
  const ScoreKind* found = nullptr;
  for (const ScoreKind& kind : kKinds) {
    const std::string_view stem = kind.stem;
    if (!name.starts_with(stem)) continue;
    // The stem ends there: "msd_..." and "modes10k_..." but not "modesty".
    if (name.size() > stem.size() && name[stem.size()] != '_' &&
        std::isdigit(static_cast<unsigned char>(name[stem.size()])) == 0) {
      continue;
    }
    if (found == nullptr || stem.size() > std::string_view(found->stem).size()) found = &kind;
  }
  return found;
}

std::string words_of(const Score& score) {
  const ScoreKind* kind = kind_of(score.name);
  if (kind == nullptr) return fmt::format("{} ({})", score.name, name_of(score.better));
  return fmt::format("{} ({})", kind->label, kind->direction);
}

std::vector<std::string> screen_names(std::span<const Score> scores) {
  std::vector<std::string> names, words;
  std::ranges::transform(scores, std::back_inserter(words), words_of);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool alone = std::ranges::count(words, words[i]) == 1 || words[i].starts_with(scores[i].name);
    names.push_back(alone ? words[i] : words[i] + " " + scores[i].name);
  }
  return names;
}

double compared_value(const ScoreKind* kind, Better better, double value) {
  if (kind == nullptr || !kind->best) return value;
  return better == Better::lower ? std::max(value, *kind->best) : std::min(value, *kind->best);
}

}  // namespace ganymede::measure
