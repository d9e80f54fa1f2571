#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/portable_math.hpp"
#include "measure/resample.hpp"
#include "study/theory/exhibit.hpp"
#include "study/theory/learned_discriminator.hpp"
#include "theory/losses.hpp"

namespace ganymede::study {
namespace {

using theory::Density;
using theory::GeneratorLoss;

constexpr picture::Colour kSaturating{213, 94, 0}, kNonSaturating{0, 114, 178}, kGreen{0, 158, 115},
    kGrey{150, 150, 150};
constexpr double kFar = 4;  // of two densities that hardly overlap

struct OneLoss {
  GeneratorLoss loss;
  play::Loss played;
  picture::Colour colour;
};
constexpr std::array kLosses = {OneLoss{GeneratorLoss::saturating, play::Loss::saturating, kSaturating},
                                OneLoss{GeneratorLoss::non_saturating, play::Loss::non_saturating, kNonSaturating}};

// So few that each is a dot, and the line between them the curve on which they lie.
constexpr std::uint32_t kFakesShown = 40;

// Slopes over what D says of a fake.
void add_over_share(Exhibit& exhibit) {
  std::vector<picture::Series> all;
  for (const OneLoss& one : kLosses) {
    picture::Series series = series_of(theory::name_of(one.loss), 0.005, 0.995, 199, [&](double d) {
      return std::abs(theory::generator_slope(one.loss, portable_log(d / (1 - d))));
    });
    series.colour = one.colour;
    all.push_back(std::move(series));
  }
  exhibit.add(curves_plot("How strongly D's logit at a fake is pushed",
                          "D(G(z)): 0 a fake that D is sure of, 1 taken for real", "|dL / ds|", std::move(all),
                          "With s D's logit: D for log(1 - D), 1 - D for -log D. The game's own loss is weakest where "
                          "G is worst."));
}

// Two densities that hardly overlap, the best D between them, and the gradient at samples of the fakes.
void add_samples(Exhibit& exhibit) {
  const Density p = theory::normal(0), q = theory::normal(kFar);
  const auto curve = [&](const std::string& name, picture::Colour colour, const auto& f) {
    picture::Series series =
        series_of(name, -3.5, kFar + 3.5, 221, [&](double x) { return f(std::span<const double>(&x, 1)); });
    series.colour = colour;
    return series;
  };
  exhibit.add(curves_plot("Two densities that hardly overlap, and the best D", "x", "density; share of real",
                          {curve("p, reals", kGreen, [&](auto x) { return p.at(x); }),
                           curve("q, fakes", kGrey, [&](auto x) { return q.at(x); }),
                           curve("D*", {0, 0, 0}, [&](auto x) { return theory::optimal_discriminator(p, q, x); })},
                          "D* is right about nearly every sample: at the fakes it lies on 0."));
  std::vector<double> fakes;
  const Random random(11, "theory.vanishing");
  for (std::uint32_t i = 0; i < kFakesShown; ++i) {
    RandomSequence next(random, i);
    double x = 0;
    q.draw(next, std::span(&x, 1));
    fakes.push_back(x);
  }
  std::ranges::sort(fakes);
  std::vector<picture::Series> gradients;
  for (const OneLoss& one : kLosses) {
    picture::Series series{.name = theory::name_of(one.loss) + std::string(", at samples of q"),
                           .x = fakes,
                           .y = {},
                           .colour = one.colour};
    for (const double x : fakes) series.y.push_back(theory::gradient_of_shifted(one.loss, kFar, x));
    gradients.push_back(std::move(series));
  }
  page::Plot plot =
      curves_plot("The gradient that G gets there", "x of a fake", "|dL / dx|, logarithmic", std::move(gradients),
                  "The same fakes by both losses: log(1 - D) gives most of them next to nothing, -log D "
                  "gives them the most.");
  plot.plot.log_y = true;
  exhibit.add(std::move(plot));
}

// Mean length of the push that a trained D gives to its fakes.
double pushed(double d, play::Loss loss, const LearnedDiscriminator& learned) {
  const Density q = theory::normal(d);
  std::vector<float> fakes;
  const Random random(12, "theory.vanishing");
  for (std::uint32_t i = 0; i < 2000; ++i) {
    RandomSequence next(random, i);
    double x = 0;
    q.draw(next, std::span(&x, 1));
    fakes.push_back(static_cast<float>(x));
  }
  double sum = 0;
  for (const float one : learned.push(fakes, loss)) sum += std::abs(one);
  return sum / static_cast<double>(fakes.size());
}

void add_over_distance(Exhibit& exhibit, const TheoryContext& context) {
  std::vector<picture::Series> all;
  for (const OneLoss& one : kLosses) {
    picture::Series series = series_of(theory::name_of(one.loss) + std::string(", best D"), 0.1, 8, 80,
                                       [&](double d) { return theory::mean_gradient_of_shifted(one.loss, d).mean; });
    series.colour = one.colour;
    all.push_back(std::move(series));
  }
  page::Table table{.head = {"d", "log(1 - D): best D", "trained D", "-log D: best D", "trained D"},
                    .rows = {},
                    .caption = "Mean |dL/dx| over the fakes. The trained D is the engine's, after 1,500 updates."};
  exhibit.numbers["distances"] = nlohmann::ordered_json::array();
  std::array<picture::Series, 2> measured = {
      picture::Series{.name = "log(1 - D), trained D", .x = {}, .y = {}, .colour = picture::Colour{150, 60, 0}},
      picture::Series{.name = "-log D, trained D", .x = {}, .y = {}, .colour = picture::Colour{0, 60, 110}}};
  for (const double d : {0.5, 1.0, 2.0, 3.0, 4.0, 6.0}) {
    LearnedDiscriminator learned(*context.session.backend, theory::normal(0), theory::normal(d),
                                 context.session.threads, 1, 1500);
    learned.train_to(1500);
    std::vector<std::string> row = {fmt::format("{:g}", d)};
    nlohmann::ordered_json numbers = {{"distance", d}};
    for (std::size_t i = 0; i < kLosses.size(); ++i) {
      const double wanted = theory::mean_gradient_of_shifted(kLosses[i].loss, d).mean,
                   found = pushed(d, kLosses[i].played, learned);
      measured[i].x.push_back(d);
      measured[i].y.push_back(found);
      row.push_back(fmt::format("{:.3g}", wanted));
      row.push_back(fmt::format("{:.3g}", found));
      numbers[i == 0 ? "saturating" : "non_saturating"] = {{"best", wanted}, {"trained", found}};
    }
    table.rows.push_back(std::move(row));
    exhibit.numbers["distances"].push_back(std::move(numbers));
  }
  all.insert(all.end(), measured.begin(), measured.end());
  page::Plot plot =
      curves_plot("The mean gradient as the fakes move away", "d: reals N(0, 1), fakes N(d, 1)",
                  "mean |dL / dx|, logarithmic", std::move(all),
                  "Near the reals both are alike; far away log(1 - D) falls faster than any power, -log D "
                  "grows with the distance.");
  plot.plot.log_y = true;
  exhibit.add(std::move(plot));
  exhibit.add(std::move(table));
}

}  // namespace

// S-THEORY T2: where the gradient of each loss of G vanishes.
Exhibit vanishing_exhibit(const TheoryContext& context) {
  Exhibit exhibit;
  exhibit.add(page::Paragraph{
      "Early in training the fakes are bad and D tells them at once. Then log(1 - D) is flat: its gradient is "
      "proportional to D, which is 0 there. -log D has the same equilibrium and is steep where the other is flat; it "
      "is flat where D takes the fakes for real, and there nothing is left to learn."});
  add_over_share(exhibit);
  exhibit.numbers = nlohmann::ordered_json::object();
  add_samples(exhibit);
  add_over_distance(exhibit, context);
  const double far = theory::mean_gradient_of_shifted(GeneratorLoss::saturating, 8).mean,
               near = theory::mean_gradient_of_shifted(GeneratorLoss::saturating, 1).mean,
               other = theory::mean_gradient_of_shifted(GeneratorLoss::non_saturating, 8).mean;
  exhibit.findings.push_back(
      {.claim = "Behind the best D the gradient of log(1 - D) vanishes with the distance, that of -log D does not.",
       .verdict = far < near / 100 && other > 1 ? kConfirmed : kRefuted,
       .evidence = fmt::format("mean |dL/dx| of fakes N(8, 1): {:.2g} and {:.3g}; of N(1, 1) log(1 - D) has {:.2g}",
                               far, other, near)});
  const auto& rows = exhibit.numbers["distances"];
  const double trained = rows[4]["saturating"]["trained"].get<double>(),
               trained_near = rows[1]["saturating"]["trained"].get<double>(),
               trained_other = rows[4]["non_saturating"]["trained"].get<double>();
  exhibit.findings.push_back(
      {.claim = "So it is behind a D that is trained.",
       .verdict = trained < trained_near && trained_other > 10 * trained ? kConfirmed : kRefuted,
       .evidence = fmt::format("fakes N(4, 1): log(1 - D) {:.2g}, -log D {:.3g}; N(1, 1): log(1 - D) {:.2g}", trained,
                               trained_other, trained_near)});
  return exhibit;
}

}  // namespace ganymede::study
