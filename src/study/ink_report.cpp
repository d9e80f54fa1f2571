#include "study/ink_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "base/text.hpp"
#include "base/wording.hpp"
#include "data/ink/ink_dataset.hpp"
#include "data/ink/ink_picture.hpp"
#include "data/ink/ink_source.hpp"
#include "evaluate/trained_generator.hpp"
#include "evaluate/weights.hpp"
#include "measure/p_values.hpp"
#include "measure/resample.hpp"
#include "page/html.hpp"
#include "picture/player_colours.hpp"
#include "picture/plot.hpp"
#include "run/events.hpp"
#include "run/recipe_file.hpp"
#include "study/sampler_plots.hpp"
#include "train/sources.hpp"

namespace ganymede::study {
namespace {

using page::Page;
using page::Table;

// Table 2 of the study, as printed.
constexpr double kPublishedMsd[] = {0.016761, 0.038333};    // without, with partition
constexpr double kPublishedNrmsd[] = {0.067375, 0.105576};  // without, with partition

using What = std::function<double(const InkMeasures&)>;

std::string with_interval(const std::vector<double>& values) {
  if (values.size() < 2) return mean_and_spread(values, "{:.5f}");
  const measure::Interval i = measure::mean_interval(values);
  return fmt::format("{:.5f} [{:.5f}, {:.5f}]", measure::mean_of(values), std::max(i.low, 0.0), i.high);
}

std::int64_t failed(const InkArmResult& arm) {
  return std::count_if(arm.runs.begin(), arm.runs.end(), [](const InkRunResult& r) { return r.failed; });
}

std::string steps_text(const InkArmResult& arm) {
  std::string text;
  for (const InkRunResult& run : arm.runs) {
    const std::string one = run.failed                             ? "failed"
                            : run.measures.steps_until_quality < 0 ? "not reached"
                                                                   : with_thousands(run.measures.steps_until_quality);
    text += (text.empty() ? "" : ", ") + one;
  }
  return text;
}

std::string interval_text(const measure::Interval& i) {
  return fmt::format(" [{:.5f}, {:.5f}]", i.low, i.high);
}

// What the pairs of each run leave open, apart from what seeds do.
Table run_table(const InkResults& results) {
  Table t{.head = {"run", "MSD", "NRMSD (range)", "recognised"},
          .rows = {},
          .caption = "Each run with the 95 % interval over its pairs (symbols of the draw resampled)." +
                     results.failed_text()};
  for (const InkArmResult& arm : results.arms) {
    for (const InkRunResult& one : arm.runs) {
      if (one.failed) continue;
      const InkMeasures& m = one.measures;
      t.rows.push_back({one.run, fmt::format("{:.5f}", m.msd.mean) + interval_text(m.msd_interval),
                        fmt::format("{:.5f}", m.nrmsd.mean) + interval_text(m.nrmsd_interval),
                        fmt::format("{:.1f} %", 100 * m.accuracy.mean)});
    }
  }
  return t;
}

Table table_2(const InkResults& results) {
  Table t{
      .head = {"sampler", "MSD", "NRMSD (range)", "MSD, two draws", "NRMSD / deviation", "NRMSD / quartile range"},
      .rows = {},
      .caption =
          "Mean over classes of all pairs of one class, then over seeds, with the 95 % interval over seeds (Student, "
          "cut at 0); "
          "of the real symbols over pairs. NRMSD divides the root of each pair's MSD by the range of the real vectors' "
          "values; the published pairs imply divisors of 1.92 and 1.85. Two draws: pairs of one symbol of each draw." +
          results.failed_text()};
  const auto published = [&](const char* name, int i) {
    t.rows.push_back(
        {name, fmt::format("{:.6f}", kPublishedMsd[i]), fmt::format("{:.6f}", kPublishedNrmsd[i]), "", "", ""});
  };
  published("published: without partition", 0);
  published("published: with partition", 1);
  const measure::PairDifference& real = results.real_pairs.average;
  t.rows.push_back({"real symbols", fmt::format("{:.5f}", real.msd) + interval_text(real.msd_interval),
                    fmt::format("{:.5f}", real.nrmsd) + interval_text(real.nrmsd_interval), "", "", ""});
  for (const InkArmResult& arm : results.arms) {
    t.rows.push_back({arm.title, with_interval(arm.values([](auto& m) { return m.msd.mean; })),
                      with_interval(arm.values([](auto& m) { return m.nrmsd.mean; })),
                      mean_and_spread(arm.values([](auto& m) { return m.msd_between; }), "{:.5f}"),
                      mean_and_spread(arm.values([](auto& m) { return m.nrmsd_deviation; })),
                      mean_and_spread(arm.values([](auto& m) { return m.nrmsd_quartiles; }))});
  }
  return t;
}

double mean_of_numbers(const std::vector<double>& values) {
  double sum = 0, count = 0;
  for (const double v : values) {
    if (!std::isnan(v)) sum += v, ++count;
  }
  return count > 0 ? sum / count : std::nan("");
}

Table realism_table(const InkResults& results) {
  Table t{
      .head = {"sampler", "recognised", "classes learnt", "classes collapsed", "Fréchet distance", "told from real",
               "class distance"},
      .rows = {},
      .caption =
          fmt::format("Recognised: share of generated symbols that a classifier of real ones takes for their class; it "
                      "reads {:.1f} % of {} symbols of {}. Learnt: at least half of the class recognised. Collapsed: "
                      "MSD below a quarter of the real one. Fréchet distance: of the classifier's features, as many "
                      "symbols of each class on both sides. Told from real: accuracy of a classifier two-sample test "
                      "(300 steps, judged on symbols that it never saw; chance 50 %). Class distance: energy distance "
                      "of the moves to real symbols of the class, mean over classes; {:.3f} between real ones of two "
                      "groups of writers. Mean ± standard deviation over seeds.",
                      100 * results.classifier_accuracy, with_thousands(results.held_out),
                      results.one_split ? "the one split that there is" : "writers that it never saw",
                      mean_of_numbers(results.real_distances)) +
          results.failed_text()};
  for (const InkArmResult& arm : results.arms) {
    const auto cell = [&](const What& what, const char* form) { return mean_and_spread(arm.values(what), form); };
    const auto percent = [&](const What& what) {
      const std::string text = cell([&](auto& m) { return 100 * what(m); }, "{:.1f}");
      return text == "-" ? text : text + " %";
    };
    t.rows.push_back({arm.title, percent([](auto& m) { return m.accuracy.mean; }),
                      cell([](auto& m) { return static_cast<double>(m.learnt); }, "{:.1f}"),
                      cell([](auto& m) { return static_cast<double>(m.collapsed); }, "{:.1f}"),
                      cell([](auto& m) { return m.frechet; }, "{:.2f}"),
                      percent([](auto& m) { return m.two_sample.accuracy; }),
                      cell([](auto& m) { return m.distance.mean; }, "{:.3f}")});
  }
  return t;
}

// "0.031", "< 1e-300": for a column that is called p.
std::string p_alone(double p) {
  const std::string text = measure::p_text(p);
  return text.starts_with("p = ") ? text.substr(4) : text.substr(text.find_first_not_of("p "));
}

// Each run's two-sample test by itself.
Table two_sample_table(const InkResults& results) {
  Table t{.head = {"run", "told from real", "p"},
          .rows = {},
          .caption =
              "Classifier two-sample test of each run, 95 % interval (exact); p of chance, one-sided, of the "
              "symbols of this run: what it says does not extend to other seeds, so it is no verdict." +
              results.failed_text()};
  for (const InkArmResult& arm : results.arms) {
    for (const InkRunResult& one : arm.runs) {
      if (one.failed) continue;
      const measure::TwoSampleTest& test = one.measures.two_sample;
      t.rows.push_back({one.run,
                        fmt::format("{:.1f} % [{:.1f}, {:.1f}] of {}", 100 * test.accuracy, 100 * test.interval.low,
                                    100 * test.interval.high, with_thousands(test.count)),
                        p_alone(test.p_value)});
    }
  }
  return t;
}

// The weights as training left them beside their moving average.
Table plain_table(const InkResults& results) {
  Table t{.head = {"sampler", "recognised", "classes learnt", "classes collapsed", "MSD", "NRMSD (range)",
                   "Fréchet distance"},
          .rows = {},
          .caption = "Moving average of G's weights / the weights as training left them; means over seeds." +
                     results.failed_text()};
  for (const InkArmResult& arm : results.arms) {
    const auto both = [&](const What& averaged, const What& plain, const char* form) {
      const auto mean = [&](const What& what) {
        const auto values = arm.values(what);
        return values.empty() ? "-" : fmt::format(fmt::runtime(form), measure::mean_of(values));
      };
      return mean(averaged) + " / " + mean(plain);
    };
    t.rows.push_back({arm.title,
                      both([](auto& m) { return 100 * m.accuracy.mean; },
                           [](auto& m) { return 100 * m.plain_accuracy; }, "{:.1f} %"),
                      both([](auto& m) { return static_cast<double>(m.learnt); },
                           [](auto& m) { return static_cast<double>(m.plain_learnt); }, "{:.1f}"),
                      both([](auto& m) { return static_cast<double>(m.collapsed); },
                           [](auto& m) { return static_cast<double>(m.plain_collapsed); }, "{:.1f}"),
                      both([](auto& m) { return m.msd.mean; }, [](auto& m) { return m.plain_msd; }, "{:.5f}"),
                      both([](auto& m) { return m.nrmsd.mean; }, [](auto& m) { return m.plain_nrmsd; }, "{:.5f}"),
                      both([](auto& m) { return m.frechet; }, [](auto& m) { return m.plain_frechet; }, "{:.2f}")});
  }
  return t;
}

Table stability_table(const InkResults& results) {
  Table t{.head = {"sampler", "spread of D's loss", "of G's loss", "gradient norm of D", "its relative spread",
                   "gradient norm of G", "its relative spread", "steps until 70 %", "failed", "draws per z"},
          .rows = {},
          .caption =
              "Over the second half of each run; mean ± standard deviation over seeds. Steps until 70 % of the "
              "symbols of a snapshot are recognised, for each seed. Failed: stopped by a guard (NaN)." +
              results.failed_text()};
  for (const InkArmResult& arm : results.arms) {
    const auto cell = [&](const What& what) { return mean_and_spread(arm.values(what), "{:.3f}"); };
    t.rows.push_back({arm.title, cell([](auto& m) { return m.discriminator_loss_deviation; }),
                      cell([](auto& m) { return m.generator_loss_deviation; }),
                      cell([](auto& m) { return m.discriminator_gradient_norm; }),
                      cell([](auto& m) { return m.discriminator_gradient_deviation; }),
                      cell([](auto& m) { return m.generator_gradient_norm; }),
                      cell([](auto& m) { return m.generator_gradient_deviation; }), steps_text(arm),
                      fmt::format("{} of {}", failed(arm), arm.runs.size()),
                      mean_and_spread(arm.values([](auto& m) { return m.draws_per_sample; }), "{:.1f}")});
  }
  return t;
}

Table class_table(const InkResults& results) {
  Table t{.head = {"class", "real MSD", "real distance"},
          .rows = {},
          .caption =
              "Recognised (%), MSD and distance to the real symbols (energy distance of the moves) of each class, mean "
              "over seeds. Real distance: between held-out writers and others." +
              results.failed_text()};
  for (const InkArmResult& arm : results.arms) {
    t.head.push_back(arm.name + ", %");
    t.head.emplace_back("MSD");
    t.head.emplace_back("distance");
  }
  for (std::size_t c = 0; c < results.class_names.size(); ++c) {
    std::vector<std::string> row = {results.class_names[c], "-", fmt::format("{:.3f}", results.real_distances.at(c))};
    for (const measure::PairDifference& one : results.real_pairs.classes) {
      if (one.label == static_cast<std::int32_t>(c)) row[1] = fmt::format("{:.4f}", one.msd);
    }
    for (const InkArmResult& arm : results.arms) {
      const auto mean = [&](const What& what) {
        const auto values = arm.values(what);
        return values.empty() ? std::nan("") : measure::mean_of(values);
      };
      row.push_back(fmt::format("{:.0f}", 100 * mean([c](auto& m) { return m.accuracy.by_class[c]; })));
      row.push_back(fmt::format("{:.4f}", mean([c](auto& m) { return m.msd.by_class[c]; })));
      row.push_back(fmt::format("{:.3f}", mean([c](auto& m) { return m.distance.by_class[c]; })));
    }
    t.rows.push_back(std::move(row));
  }
  return t;
}

Table agreement_table(const InkResults& results) {
  Table t{.head = {"models", "pairs", "z in one cell", "same symbol", "z as drawn in training", "same along walks",
                   "distance of changes"},
          .rows = {},
          .caption =
              "Every two seeds: share of z ~ N(0, I) that both partitions give one class; share of z whose two symbols "
              "the classifier takes for one; the same for z as the first model's sampler draws them; on straight "
              "walks; mean distance between the nearest changes of class on both walks, in walk lengths." +
              results.failed_text()};
  const auto row = [&](const char* name, const std::vector<Agreement>& all) {
    const auto cell = [&](double Agreement::*what) {
      std::vector<double> values;
      for (const Agreement& one : all) values.push_back(one.*what);
      return mean_and_spread(values, "{:.3f}");
    };
    t.rows.push_back({name, std::to_string(all.size()), cell(&Agreement::cells), cell(&Agreement::symbols),
                      cell(&Agreement::drawn), cell(&Agreement::walks), cell(&Agreement::crossings)});
  };
  row("one partition for all", results.shared);
  row("a partition each", results.own);
  return t;
}

// Accuracy over steps, one line a sampler: the mean over its seeds.
std::string accuracy_plot(const InkResults& results) {
  picture::LinePlot plot{.title = "Symbols recognised while training", .x_label = "steps", .y_label = "share"};
  for (const InkArmResult& arm : results.arms) {
    picture::Series series{.name = arm.name, .x = {}, .y = {}};
    std::map<std::int64_t, std::vector<double>> by_step;
    for (const InkRunResult& run : arm.runs) {
      for (const auto& [step, accuracy] : run.measures.accuracy_curve) by_step[step].push_back(accuracy);
    }
    for (const auto& [step, values] : by_step) {
      series.x.push_back(static_cast<double>(step));
      series.y.push_back(measure::mean_of(values));
    }
    plot.series.push_back(std::move(series));
  }
  return picture::to_svg(plot);
}

std::string loss_plot(const std::filesystem::path& run, const std::string& title) {
  picture::LinePlot plot{.title = title, .x_label = "steps", .y_label = "loss", .width = 900, .height = 320};
  picture::Series d{.name = "D", .x = {}, .y = {}, .colour = picture::kDiscriminatorColour},
      g{.name = "G", .x = {}, .y = {}, .colour = picture::kGeneratorColour};
  for (const auto& event : run::read_events(run / "events.jsonl")) {
    if (event.at("event") != "step" || !event.at("discriminator_loss").is_number()) continue;
    d.x.push_back(event.at("step"));
    d.y.push_back(event.at("discriminator_loss"));
    g.x.push_back(event.at("step"));
    g.y.push_back(event.at("generator_loss"));
  }
  plot.series = {d, g};
  return picture::to_svg(plot);
}

std::string real_sheet(const run::Recipe& recipe, const std::vector<data::SearchPlace>& places) {
  data::InkSet set = data::open_ink(recipe.data.source, data::Split::train, places, 2000);
  data::keep_first_of_each_class(set, 8);
  const data::InkSet prepared = data::prepared_symbols(set, train::open_options(recipe).ink.prepare);
  return data::sheet_svg(data::class_sheet(prepared, 8));
}

// The generated alphabet twice, from two latent draws (I6).
std::string alphabets(const run::RunDirectory& run, int threads) {
  evaluate::TrainedGenerator generator(evaluate::load_weights(run).snapshot, run.path(), threads);
  const Tensor drawn = generator.draw(0, 2 * generator.classes());
  std::vector<ink::Ink> inks;
  return data::sheet_svg(train::ink_sheet(drawn, inks));
}

void add_figures(Page& page, const InkResults& results, const std::filesystem::path& root,
                 const train::SessionOptions& session) {
  const run::Recipe& recipe = results.plan.arms.front().runs.front().recipe;
  page.heading("Figures");
  page.subheading("Preprocessed real symbols");
  page.svg(real_sheet(recipe, session.places),
           "First stroke blue, the second red, the third green, then further colours; eight symbols of each class.");
  for (const InkArmResult& arm : results.arms) {
    page.subheading(arm.title);
    bool first = true;
    for (const InkRunResult& one : arm.runs) {
      if (one.failed) continue;
      const run::RunDirectory run = run::RunDirectory::open(root / one.run);
      page.svg(alphabets(run, session.threads),
               fmt::format("{}: the alphabet from two latent draws; {:.1f} % recognised, MSD {:.4f}", one.run,
                           100 * one.measures.accuracy.mean, one.measures.msd.mean));
      if (first) page.svg(loss_plot(run.path(), "Losses of " + one.run), "");
      first = false;
    }
  }
}

}  // namespace

std::string ink_report(const InkResults& results, const std::filesystem::path& root,
                       const train::SessionOptions& session) {
  const InkPlan& plan = results.plan;
  const run::Recipe& recipe = plan.arms.front().runs.front().recipe;
  Page page("Does a partitioned latent space help a conditional GAN on vector handwriting?");
  page.paragraph(fmt::format(
      "Data: {} ({} symbols of {} classes to train the classifier; the GANs saw up to {} of each class, ten noisy "
      "copies each). Five ways of drawing z, {} each, {} of 64 symbols. G: {} parameters, three ConvGRU layers "
      "and a convolution over time; D: a perceptron of three layers. Training took {} in all.{}",
      results.classifier_data, with_thousands(results.real_symbols), results.class_names.size(), plan.quick ? 100 : 300,
      counted(plan.seeds, "seed"), counted(plan.steps, "step"), with_thousands(results.parameters),
      human_duration(results.seconds),
      plan.quick ? " This is the quick version: few steps and seeds; what it cannot tell, the full one may." : ""));
  page.paragraph(fmt::format(
      "{} Real symbols on the other side of every score are {}.",
      recipe.game.ema_decay > 0
          ? fmt::format(
                "The weights that are judged are the moving average of G's (decay {:g}), which the study does not "
                "have; the weights as training left them stand beside them under \"The plain weights\".",
                recipe.game.ema_decay)
          : std::string("The weights that are judged are those that training left."),
      results.one_split ? "those of the one split that there is: the models were trained on them"
                        : "of writers that neither the models nor the classifiers saw"));
  page.heading("What the study found, and what these runs say");
  const Judgement judgement = judge_ink(results);
  for (const Finding& finding : judgement.findings) {
    page.verdict(finding.verdict, finding.claim);
    page.evidence(finding.points.empty() ? std::vector{finding.evidence} : finding.points);
  }
  page.paragraph(correction_text(judgement.tests) +
                 " With few seeds \"cannot tell\" is the expected answer for small differences; more --seeds, or more "
                 "--steps, go on from these runs." +
                 results.failed_text());
  page.heading("Diversity (Table 2)");
  page.table(table_2(results));
  page.table(run_table(results));
  page.heading("Realism beside diversity");
  page.table(realism_table(results));
  page.svg(accuracy_plot(results), "Mean over seeds, at every snapshot." + results.failed_text());
  page.table(two_sample_table(results));
  if (recipe.game.ema_decay > 0) {
    page.subheading("The plain weights");
    page.table(plain_table(results));
  }
  page.heading("Stability");
  page.table(stability_table(results));
  page.heading("What the samplers make of z");
  page.paragraph(
      "The generator is meant to learn from z of one law. A partition gives every class a law of its own: a z that is "
      "moved towards its centroid is shorter than a Gaussian one, and its coordinates are no longer normal.");
  const latent::Partition partition = latent::make_partition(static_cast<int>(results.class_names.size()),
                                                             recipe.latent.dim, recipe.latent.partition_seed);
  for (const picture::LinePlot& plot : sampler_plots(survey_samplers(partition, 3900, recipe.latent.sigma)))
    page.svg(picture::to_svg(plot), "");
  page.heading("Models that share a partition");
  page.table(agreement_table(results));
  page.heading("Class by class");
  page.table(class_table(results));
  add_figures(page, results, root, session);
  page.heading("Settings");
  page.details("Recipe of the first run", run::to_toml(recipe));
  return page.html();
}

std::string ink_json(const InkResults& results) {
  using Json = nlohmann::ordered_json;
  Json json = {{"schema", "ganymede.study_ink/1"},
               {"study", "ink"},
               {"data", results.plan.data},
               {"quick", results.plan.quick},
               {"seeds", results.plan.seeds},
               {"steps", results.plan.steps},
               {"one_split", results.one_split},
               {"classifier_accuracy", results.classifier_accuracy},
               {"real_msd", results.real_pairs.average.msd},
               {"real_nrmsd", results.real_pairs.average.nrmsd}};
  for (const InkArmResult& arm : results.arms) {
    Json runs = Json::array();
    for (const InkRunResult& one : arm.runs) {
      Json run = {{"run", one.run}, {"failed", one.failed}};
      if (!one.failed) run["measures"] = Json::parse(to_json(one.measures, results.plan.steps));
      runs.push_back(std::move(run));
    }
    json["samplers"][arm.name] = std::move(runs);
  }
  const auto agreement = [](const std::vector<Agreement>& all) {
    Json list = Json::array();
    for (const Agreement& a : all)
      list.push_back({{"cells", a.cells},
                      {"symbols", a.symbols},
                      {"drawn", a.drawn},
                      {"walks", a.walks},
                      {"crossings", a.crossings}});
    return list;
  };
  json["shared_partition"] = agreement(results.shared);
  json["own_partitions"] = agreement(results.own);
  json["real_distance_by_class"] = Json::array();
  for (const double v : results.real_distances)
    json["real_distance_by_class"].push_back(std::isnan(v) ? Json(nullptr) : Json(v));
  const Judgement judgement = judge_ink(results);
  json["tests"] = judgement.tests;
  json["correction"] = "Holm";
  for (const Finding& finding : judgement.findings)
    json["findings"].push_back(
        {{"claim", finding.claim}, {"verdict", finding.verdict}, {"evidence", finding.evidence}});
  return json_text(json, 1) + "\n";
}

}  // namespace ganymede::study
