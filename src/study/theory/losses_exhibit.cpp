#include <fmt/format.h>

#include <cmath>

#include "base/portable_math.hpp"
#include "picture/player_colours.hpp"
#include "study/theory/exhibit.hpp"
#include "theory/losses.hpp"

namespace ganymede::study {
namespace {

using theory::GeneratorLoss;

constexpr picture::Colour kOfReals{0, 158, 115};
constexpr double kLeastShare = 0.004;  // of real, to which curves are drawn

double logit_of(double share) {
  return portable_log(share / (1 - share));
}

}  // namespace

// BCE in both players' form, over what D says of a sample.
Exhibit losses_exhibit(const TheoryContext&) {
  Exhibit exhibit;
  exhibit.add(page::Paragraph{
      "D gives each sample the share of real D(x) = sigmoid(s). Its loss is the binary cross-entropy BCE(y, t) = -t "
      "log y - (1 - t) log(1 - y) with y = D(x): of a real t = 1, so -log D(x); of a fake t = 0, so -log(1 - D(G(z))). "
      "The game's own loss of G is the same with the sign turned, log(1 - D(G(z))); in practice G descends BCE with t "
      "= 1 at its fakes, -log D(G(z)). Both fall as D takes the fakes for real."});
  const auto over_share = [](const std::string& name, picture::Colour colour, const std::function<double(double)>& f) {
    picture::Series series =
        series_of(name, kLeastShare, 1 - kLeastShare, 249, [&](double d) { return f(logit_of(d)); });
    series.colour = colour;
    return series;
  };
  exhibit.add(curves_plot(
      "Binary cross-entropy of both players", "D(x), the share of real that D gives a sample", "loss, nats",
      {over_share("D at a real, BCE(D, 1)", kOfReals, [](double s) { return theory::binary_cross_entropy(s, 1); }),
       over_share("D at a fake, BCE(D, 0)", picture::kDiscriminatorColour,
                  [](double s) { return theory::binary_cross_entropy(s, 0); }),
       over_share("G, log(1 - D)", picture::kGeneratorColour,
                  [](double s) { return theory::generator_loss(GeneratorLoss::saturating, s); }),
       over_share("G, -log D", {204, 121, 167},
                  [](double s) { return theory::generator_loss(GeneratorLoss::non_saturating, s); })},
      "What each player pays for one sample. G's -log D is BCE(D, 1) at a fake, so both lie on one curve: D at a real "
      "and G at a fake want the same of D(x)."));
  const double none = theory::discriminator_loss(0, 0);
  exhibit.findings.push_back(
      identity("A D that cannot tell, D = 1/2, pays 2 log 2 for a real and a fake.", none, 2 * std::log(2.0), 1e-14));
  exhibit.numbers = {{"undecided_discriminator_loss", none},
                     {"undecided_generator_loss", theory::generator_loss(GeneratorLoss::non_saturating, 0)}};
  return exhibit;
}

}  // namespace ganymede::study
