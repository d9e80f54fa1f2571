#include <fmt/format.h>

#include <array>
#include <cmath>
#include <numbers>

#include "base/portable_math.hpp"
#include "base/wording.hpp"
#include "measure/resample.hpp"
#include "picture/scatter.hpp"
#include "study/results.hpp"
#include "study/theory/exhibit.hpp"
#include "study/theory/learned_discriminator.hpp"
#include "theory/divergence.hpp"

namespace ganymede::study {
namespace {

using theory::Density;

constexpr std::array<std::int64_t, 9> kLooks = {0, 10, 30, 100, 300, 600, 1000, 2000, 4000};
constexpr double kPlaneEnd = 3.6;
constexpr int kPlaneCells = 90;

struct Subject {
  std::string name, title;
  Density p, q;
  int points;  // of the lattice that errors are taken over, along an axis
};

std::vector<Subject> subjects() {
  const Density two{.parts = {{.mean = {-2}, .deviation = {0.6}}, {.mean = {2}, .deviation = {0.8}}}};
  const Density round{.parts = {{.mean = {0, 0}, .deviation = {1.5, 1.5}}}};
  return {{"line", "Two Gaussians against one wide one", two, theory::normal(0, 1.8), 801},
          {"plane", "A ring of 5 Gaussians against a round one", theory::ring(5, 2, 0.45), round, 101}};
}

// How far a D is from the best one.
struct Distance {
  double error = 0;   // root of the mean square of D - D*, over both densities alike
  double excess = 0;  // L(D*, G) - L(D, G), nats
};

Distance distance_of(LearnedDiscriminator& learned, const Subject& subject) {
  const std::array both = {subject.p, subject.q};
  const theory::Lattice lattice = theory::lattice_around(both, subject.points, 6);
  const auto dim = static_cast<std::size_t>(lattice.dim());
  std::vector<double> x(dim);
  std::vector<float> places;
  for (long long i = 0; i < lattice.count(); ++i) {
    lattice.place(i, x);
    places.insert(places.end(), x.begin(), x.end());
  }
  const std::vector<float> logits = learned.logits(places);
  Distance sum;
  for (long long i = 0; i < lattice.count(); ++i) {
    lattice.place(i, x);
    const double p = subject.p.at(x), q = subject.q.at(x), s = logits[static_cast<std::size_t>(i)];
    const double best = theory::optimal_logit(subject.p, subject.q, x);
    const double off = portable_sigmoid(s) - portable_sigmoid(best);
    sum.error += (p + q) / 2 * off * off;
    sum.excess +=
        p * (portable_softplus(-s) - portable_softplus(-best)) + q * (portable_softplus(s) - portable_softplus(best));
  }
  return {.error = std::sqrt(sum.error * lattice.cell()), .excess = sum.excess * lattice.cell()};
}

picture::Image plane_of(const std::string& title, const std::function<double(std::span<const double>)>& share) {
  return picture::draw(picture::ScatterPlot{.title = title,
                                            .x = {-kPlaneEnd, kPlaneEnd},
                                            .y = {-kPlaneEnd, kPlaneEnd},
                                            .surface = surface_of_shares(kPlaneCells, kPlaneEnd, share),
                                            .clouds = {},
                                            .side = 250});
}

picture::Image plane_of(LearnedDiscriminator& learned, const std::string& title) {
  std::vector<float> places;
  for (int row = 0; row < kPlaneCells; ++row) {
    for (int column = 0; column < kPlaneCells; ++column) {
      places.push_back(static_cast<float>(-kPlaneEnd + 2 * kPlaneEnd * (column + 0.5) / kPlaneCells));
      places.push_back(static_cast<float>(kPlaneEnd - 2 * kPlaneEnd * (row + 0.5) / kPlaneCells));
    }
  }
  const std::vector<float> logits = learned.logits(places);
  std::size_t at = 0;
  return plane_of(title, [&](std::span<const double>) { return portable_sigmoid(logits[at++]); });
}

// What D says along a line.
picture::Series curve_of(LearnedDiscriminator& learned, const std::string& name) {
  std::vector<float> places;
  for (int i = 0; i <= 160; ++i) places.push_back(static_cast<float>(-6 + 12 * i / 160.0));
  const std::vector<float> logits = learned.logits(places);
  picture::Series series{.name = name, .x = {}, .y = {}};
  for (std::size_t i = 0; i < places.size(); ++i) {
    series.x.push_back(places[i]);
    series.y.push_back(portable_sigmoid(logits[i]));
  }
  return series;
}

struct Course {
  std::vector<std::vector<Distance>> seeds;  // one a look
};

void add_course(Exhibit& exhibit, const Subject& subject, const Course& course) {
  picture::Series error{.name = "error of D: root of the mean square of D - D*", .x = {}, .y = {}},
      excess{.name = "L(D*, G) - L(D, G), nats", .x = {}, .y = {}};
  for (std::size_t look = 1; look < kLooks.size(); ++look) {
    std::vector<double> errors, excesses;
    for (const auto& seed : course.seeds) {
      errors.push_back(seed[look].error);
      excesses.push_back(seed[look].excess);
    }
    error.x.push_back(static_cast<double>(kLooks[look]));
    excess.x.push_back(static_cast<double>(kLooks[look]));
    error.y.push_back(measure::mean_of(errors));
    excess.y.push_back(measure::mean_of(excesses));
  }
  page::Plot plot = curves_plot(subject.title + ": on the way to D*", "updates of D", "distance", {error, excess},
                                fmt::format("Mean over {} seeds.", course.seeds.size()));
  plot.plot.log_x = plot.plot.log_y = true;
  exhibit.add(std::move(plot));
}

void judge_course(Exhibit& exhibit, const Subject& subject, const Course& course) {
  constexpr double kNear = 0.05;
  Arm last{.name = "error at the end", .values = {}, .seeds = course.seeds.size()};
  double least = 1;
  for (const auto& seed : course.seeds) {
    last.values.push_back(seed.back().error);
    for (const Distance& d : seed) least = std::min(least, d.excess);
  }
  exhibit.findings.push_back(
      {.claim = fmt::format("A D that is trained comes to D* ({}): its error ends below {}.", subject.name, kNear),
       .verdict = {},
       .evidence = {},
       .tests = {against(last, kNear, false)}});
  exhibit.findings.push_back(
      {.claim = fmt::format("No D gets more than L(D*, G) ({}).", subject.name),
       .verdict = least > -1e-9 ? kConfirmed : kRefuted,
       .evidence = fmt::format("the least of L(D*, G) - L(D, G) over all looks and seeds: {:.2e} "
                               "nat",
                               least)});
}

}  // namespace

Exhibit learned_exhibit(const TheoryContext& context) {
  Exhibit exhibit;
  exhibit.add(page::Paragraph{fmt::format(
      "The best discriminator is a formula; a real one is a network that sees samples. Here the engine trains one, two "
      "hidden layers of 64, for {} on fresh samples of two densities that stand still, and its shares are "
      "held against p / (p + q).",
      counted(kLooks.back(), "update"))});
  exhibit.numbers = nlohmann::ordered_json::object();
  const int seeds = context.plan.quick ? 2 : 5;
  for (const Subject& subject : subjects()) {
    Course course;
    std::vector<picture::Series> curves;
    std::vector<picture::Image> planes;
    const bool plane = subject.p.dim() == 2;
    for (int seed = 1; seed <= seeds; ++seed) {
      LearnedDiscriminator learned(*context.session.backend, subject.p, subject.q, context.session.threads,
                                   static_cast<std::uint64_t>(seed), kLooks.back());
      course.seeds.emplace_back();
      for (const std::int64_t look : kLooks) {
        learned.train_to(look);
        course.seeds.back().push_back(distance_of(learned, subject));
        if (seed > 1 || (look != 30 && look != 300 && look != kLooks.back())) continue;
        const std::string name = "after " + counted(look, "update");
        if (plane) {
          planes.push_back(plane_of(learned, name));
        } else {
          curves.push_back(curve_of(learned, name));
        }
      }
    }
    if (plane) {
      planes.push_back(plane_of("D*", [&](auto x) { return theory::optimal_discriminator(subject.p, subject.q, x); }));
      exhibit.add(context.figures.png("learned-plane", in_a_row(planes, 0),
                                      subject.title + ": what D says of every place, seed 1, and D* at the right."));
    } else {
      const auto of = [&](const std::string& name, picture::Colour colour, const auto& f) {
        picture::Series series =
            series_of(name, -6, 6, 161, [&](double x) { return f(std::span<const double>(&x, 1)); });
        series.colour = colour;
        return series;
      };
      curves.push_back(
          of("D*", {0, 0, 0}, [&](auto x) { return theory::optimal_discriminator(subject.p, subject.q, x); }));
      curves.push_back(of("p, reals", {150, 205, 185}, [&](auto x) { return subject.p.at(x); }));
      curves.push_back(of("q, fakes", {150, 190, 225}, [&](auto x) { return subject.q.at(x); }));
      exhibit.add(curves_plot(subject.title, "x", "share of real; density", std::move(curves),
                              "Seed 1. Where hardly a sample falls, nothing tells D what to say."));
    }
    add_course(exhibit, subject, course);
    judge_course(exhibit, subject, course);
    nlohmann::ordered_json runs = nlohmann::ordered_json::array();
    for (const auto& seed : course.seeds) {
      std::vector<double> errors, excesses;
      for (const Distance& d : seed) {
        errors.push_back(d.error);
        excesses.push_back(d.excess);
      }
      runs.push_back({{"error", numbers_or_null(errors)}, {"excess", numbers_or_null(excesses)}});
    }
    exhibit.numbers[subject.name] = {{"updates", kLooks}, {"seeds", runs}};
  }
  return exhibit;
}

}  // namespace ganymede::study
