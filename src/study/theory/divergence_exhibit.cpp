#include <fmt/format.h>

#include <array>
#include <cmath>
#include <numbers>

#include "study/theory/exhibit.hpp"
#include "theory/divergence.hpp"

namespace ganymede::study {
namespace {

using theory::Density;

constexpr picture::Colour kOfP{0, 158, 115}, kOfQ{0, 114, 178}, kForth{213, 94, 0}, kBack{204, 121, 167};
constexpr double kExact = 1e-10;

struct Normals {
  std::string name;
  double m0, s0, m1, s1;
};

struct Distances {
  double forth = 0, back = 0, js = 0;
};

Distances distances_of(const Normals& n) {
  const std::array both = {theory::normal(n.m0, n.s0), theory::normal(n.m1, n.s1)};
  const theory::Lattice lattice = theory::lattice_around(both, 3001);
  return {theory::kl(both[0], both[1], lattice), theory::kl(both[1], both[0], lattice),
          theory::js(both[0], both[1], lattice)};
}

void add_table(Exhibit& exhibit) {
  page::Table table{
      .head = {"p and q", "KL(p || q), nat", "by its formula", "KL(q || p), nat", "by its formula", "JS, bit",
               "JS at most"},
      .rows = {},
      .caption = "Integrals beside the closed form log(s1 / s0) + (s0^2 + (m0 - m1)^2) / (2 s1^2) - 1/2."};
  exhibit.numbers["normals"] = nlohmann::ordered_json::array();
  double worst = 0;
  for (const Normals& n : {Normals{"N(0, 1), N(1, 1)", 0, 1, 1, 1},
                           {"N(0, 1), N(0, 3^2)", 0, 1, 0, 3},
                           {"N(0, 1), N(2, 0.5^2)", 0, 1, 2, 0.5},
                           {"N(0, 1), N(6, 1)", 0, 1, 6, 1}}) {
    const Distances d = distances_of(n);
    const double forth = theory::kl_of_normals(n.m0, n.s0, n.m1, n.s1),
                 back = theory::kl_of_normals(n.m1, n.s1, n.m0, n.s0);
    worst = std::max({worst, std::abs(d.forth - forth), std::abs(d.back - back)});
    table.rows.push_back({n.name, fmt::format("{:.6f}", d.forth), fmt::format("{:.6f}", forth),
                          fmt::format("{:.6f}", d.back), fmt::format("{:.6f}", back),
                          fmt::format("{:.4f}", theory::bits(d.js)), "1"});
    exhibit.numbers["normals"].push_back(
        {{"densities", n.name}, {"kl_forth", d.forth}, {"kl_back", d.back}, {"js_bits", theory::bits(d.js)}});
  }
  exhibit.add(std::move(table));
  const Distances lecture = distances_of({"", 0, 1, 1, 1});
  exhibit.findings.push_back(identity("KL of N(0, 1) from N(1, 1) is 0.5 nat, both ways alike.",
                                      std::max(lecture.forth, lecture.back), 0.5, kExact));
  exhibit.findings.push_back(identity("Their JS is 0.1607 bit.", theory::bits(lecture.js), 0.1607, 0.00005));
  const Distances uneven = distances_of({"", 0, 1, 0, 3});
  exhibit.findings.push_back(
      {.claim = "KL is not symmetric: variances that differ show it, means alone do not.",
       .verdict = std::abs(uneven.forth - uneven.back) > 0.1 && worst < kExact ? kConfirmed : kRefuted,
       .evidence = fmt::format("of N(0, 1) and N(0, 3^2): {:.4f} and {:.4f} nat; closed forms and integrals at most "
                               "{:.0e} apart",
                               uneven.forth, uneven.back, worst)});
}

// Densities and integrands of two normals.
void add_integrands(Exhibit& exhibit, const Normals& n, const std::string& caption) {
  const Density p = theory::normal(n.m0, n.s0), q = theory::normal(n.m1, n.s1);
  const double low = std::min(n.m0 - 4 * n.s0, n.m1 - 3 * n.s1), high = std::max(n.m0 + 4 * n.s0, n.m1 + 3 * n.s1);
  const auto curve = [&](const std::string& name, picture::Colour colour, const auto& f) {
    picture::Series series =
        series_of(name, low, high, 241, [&](double x) { return f(std::span<const double>(&x, 1)); });
    series.colour = colour;
    return series;
  };
  const Distances d = distances_of(n);
  exhibit.add(
      curves_plot("What is integrated: " + n.name, "x", "density; integrand, nats",
                  {curve("p", kOfP, [&](auto x) { return p.at(x); }), curve("q", kOfQ, [&](auto x) { return q.at(x); }),
                   curve(fmt::format("p log(p / q), area {:.3f}", d.forth), kForth,
                         [&](auto x) { return theory::kl_integrand(p, q, x); }),
                   curve(fmt::format("q log(q / p), area {:.3f}", d.back), kBack,
                         [&](auto x) { return theory::kl_integrand(q, p, x); }),
                   curve(fmt::format("of JS, area {:.3f}", d.js), {60, 60, 60},
                         [&](auto x) { return theory::js_integrand(p, q, x); })},
                  caption));
}

void add_sliding(Exhibit& exhibit) {
  const auto js_at = [](double d) { return theory::bits(distances_of({"", 0, 1, d, 1}).js); };
  auto js = series_of("JS, at most 1", 0, 6, 61, js_at);
  auto kl = series_of("KL = d^2 / (2 log 2), without bound", 0, 2, 41,
                      [](double d) { return theory::bits(theory::kl_of_normals(0, 1, d, 1)); });
  js.colour = picture::Colour{60, 60, 60}, kl.colour = kForth;
  exhibit.add(curves_plot("Both as the densities move apart", "d: N(0, 1) and N(d, 1)", "bit", {js, kl},
                          "JS ends at one bit: one yes or no tells the densities apart. From there on it no longer "
                          "says how far they are."));
}

}  // namespace

Exhibit divergence_exhibit(const TheoryContext&) {
  Exhibit exhibit;
  exhibit.add(page::Paragraph{
      "KL(p || q) is the integral of p log(p / q), from 0 to infinity and not symmetric. JS(p || q) is the mean of KL "
      "from p and from q to their middle m = (p + q) / 2: symmetric, from 0 to log 2, which is 1 bit."});
  exhibit.numbers = nlohmann::ordered_json::object();
  add_table(exhibit);
  add_integrands(exhibit, {"N(0, 1) and N(1, 1)", 0, 1, 1, 1},
                 "The lecture's pair: the two integrands of KL are mirror images, so both areas are 0.5 though the "
                 "curves differ. An integrand is negative where the other density is the larger.");
  add_integrands(
      exhibit, {"N(0, 1) and N(0, 3^2)", 0, 1, 0, 3},
      "Variances that differ: q is wide. KL(q || p) pays dearly where q is and p is not; KL(p || q) hardly.");
  add_sliding(exhibit);
  return exhibit;
}

}  // namespace ganymede::study
