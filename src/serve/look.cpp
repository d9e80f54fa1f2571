#include "explore/look.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <numeric>

#include "base/shell_word.hpp"
#include "serve/asked.hpp"
#include "serve/frame.hpp"

namespace ganymede::serve {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t kMostSamples = 64;
constexpr std::int64_t kLastSeed = 1'000'000'000'000;
constexpr std::int64_t kLastElement = 1'000'000'000;
constexpr std::size_t kMostSet = 256;
constexpr std::size_t kMostLayers = 1024;

struct LookWanted {
  std::vector<std::string> set;
  bool picture = true, before = false, classes = true, all_layers = false;
  std::vector<std::string> layers;
  std::string maps;
  std::optional<explore::TapPlace> taps;
};

LookWanted wanted_in(const Body& body) {
  LookWanted w{.set = body.texts("set", kMostSet), .layers = {}};
  w.before = !w.set.empty();
  const auto want = body.object("want");
  if (!want) return w;
  w.picture = want->flag("picture", true);
  w.before = want->flag("before", w.before) && !w.set.empty();
  w.classes = want->flag("classes", true);
  if (want->at("layers").is_array()) {
    w.layers = want->texts("layers", kMostLayers);
  } else {
    w.all_layers = want->flag("layers", false);
  }
  w.maps = want->text("maps");
  if (const auto taps = want->object("taps")) {
    w.taps = {.layer = taps->required_text("layer"),
              .channel = taps->whole("channel", 0, kLastElement).value_or(0),
              .row = taps->whole("row", 0, kLastElement).value_or(0),
              .column = taps->whole("column", 0, kLastElement).value_or(0)};
  }
  return w;
}

// The class of each of `count` samples as "class" says; empty: it says nothing.
std::vector<std::int32_t> classes_in(const Body& body, int known, std::int64_t count) {
  const Json& wanted = body.at("class");
  if (wanted.is_null()) return {};
  if (known == 0) throw HttpError(400, "\"class\": this generator takes no class");
  const auto number = [&](const Json& value) {
    if (!value.is_number_integer() || value.get<std::int64_t>() < 0 || value.get<std::int64_t>() >= known)
      throw HttpError(400, fmt::format("\"class\": wanted numbers from 0 to {}, or \"all\"", known - 1));
    return value.get<std::int32_t>();
  };
  if (wanted.is_number()) return std::vector<std::int32_t>(static_cast<std::size_t>(count), number(wanted));
  if (!wanted.is_array() || static_cast<std::int64_t>(wanted.size()) != count)
    throw HttpError(400, fmt::format("\"class\": wanted a number, a list of {}, or \"all\"", count));
  std::vector<std::int32_t> classes;
  for (const Json& value : wanted) classes.push_back(number(value));
  return classes;
}

// The same point once for each class.
train::NamedSamples in_all_classes(const train::NamedSamples& one, int classes) {
  if (one.count != 1) throw HttpError(400, "\"class\": \"all\" wants one point");
  if (classes > kMostSamples) throw HttpError(400, fmt::format("\"class\": \"all\" would be {} samples", classes));
  train::NamedSamples all{.seed = one.seed, .count = classes, .z = {}, .classes = {}};
  all.classes.resize(static_cast<std::size_t>(classes));
  std::iota(all.classes.begin(), all.classes.end(), 0);
  for (int k = 0; k < classes; ++k) all.z.insert(all.z.end(), one.z.begin(), one.z.end());
  return all;
}

// The condition that all samples are to have; empty where none is told.
std::vector<float> condition_in(const Body& body, const explore::TrainedGenerator& generator) {
  if (!body.has("condition")) return {};
  if (generator.condition_length() == 0) throw HttpError(400, "\"condition\": this generator takes none");
  return body.point("condition", static_cast<std::size_t>(generator.condition_length()));
}

// Those of the seeds, of a z that of seed 0.
void add_conditions(const std::vector<float>& told, const explore::TrainedGenerator& generator, bool by_z,
                    train::NamedSamples& samples) {
  samples.conditions.clear();
  for (std::int64_t i = 0; i < samples.count && generator.condition_length() > 0; ++i) {
    const std::uint64_t seed = by_z ? 0 : samples.seed + static_cast<std::uint64_t>(i);
    const std::vector<float> one = told.empty() ? generator.conditions(seed, 1) : told;
    samples.conditions.insert(samples.conditions.end(), one.begin(), one.end());
  }
}

train::NamedSamples samples_in(const Body& body, explore::TrainedGenerator& generator) {
  const int known = generator.classes();
  const bool all = body.at("class").is_string();
  if (all && known == 0) throw HttpError(400, "\"class\": this generator takes no class");
  if (all) body.choice("class", {"all"});
  const auto dim = static_cast<std::size_t>(generator.latent_dim());
  const std::vector<float> z = body.points("z", dim, kMostSamples);
  const std::int64_t count =
      z.empty() ? body.whole("count", 1, kMostSamples).value_or(1) : static_cast<std::int64_t>(z.size() / dim);
  const std::vector<std::int32_t> classes = all ? std::vector<std::int32_t>() : classes_in(body, known, count);
  train::NamedSamples samples{.seed = 0, .count = count, .z = z, .classes = classes};
  if (!z.empty()) {
    if (known > 0 && classes.empty()) samples.classes.assign(static_cast<std::size_t>(count), 0);
  } else {
    const auto seed = static_cast<std::uint64_t>(body.whole("seed", 0, kLastSeed).value_or(0));
    if (classes.empty()) {
      samples = generator.samples(seed, count);
    } else {
      samples.seed = seed;
      for (std::int64_t i = 0; i < count; ++i) {
        const auto at = static_cast<std::size_t>(i);
        const auto one = generator.samples(seed + static_cast<std::uint64_t>(i), 1, classes[at]);
        samples.z.insert(samples.z.end(), one.z.begin(), one.z.end());
      }
    }
  }
  add_conditions(condition_in(body, generator), generator, !z.empty(), samples);
  return all ? in_all_classes(samples, known) : samples;
}

// Between two classes, where "to_class" says so: the mixtures that a walk is made of.
void mix_classes(const Body& body, int known, train::NamedSamples& samples) {
  const double share = body.number("share", 0, 1, 0);
  if (!body.has("to_class")) {
    if (body.has("share")) throw HttpError(400, "\"share\" is a share of \"to_class\", which is missing");
    return;
  }
  if (known == 0) throw HttpError(400, "\"to_class\": this generator takes no class");
  const auto to_class = static_cast<std::int32_t>(body.whole("to_class", 0, known - 1).value_or(0));
  samples.toward.assign(samples.classes.size(), to_class);
  samples.shares.assign(samples.classes.size(), static_cast<float>(share));
}

Tensor first_of(const Tensor& pictures) {
  Shape shape = pictures.shape();
  shape[0] = 1;
  return Tensor::of<float>(shape, pictures.values<float>().first(static_cast<std::size_t>(element_count(shape))));
}

Json layer_json(const explore::LayerLook& seen) {
  const explore::Activity& a = seen.activity;
  return {{"node", seen.layer.node},
          {"kind", seen.layer.kind},
          {"shape", seen.layer.shape},
          {"zero", a.zero},
          {"near_zero", a.near_zero},
          {"mean", a.mean},
          {"rms", a.rms},
          {"least", a.least},
          {"most", a.most}};
}

Json taps_json(const explore::Taps& taps) {
  Json terms = Json::array();
  for (const explore::TapTerm& term : taps.terms) {
    terms.push_back({{"layer", term.from.layer},
                     {"channel", term.from.channel},
                     {"row", term.from.row},
                     {"column", term.from.column},
                     {"weight", term.weight},
                     {"input", term.input},
                     {"product", term.product}});
  }
  return {{"value", taps.value},       {"bias", taps.bias}, {"count", taps.count},
          {"terms", std::move(terms)}, {"rest", taps.rest}, {"sentence", taps.sentence}};
}

std::span<const float> condition_in_words(const train::NamedSamples& samples) {
  return std::span(samples.conditions).first(samples.conditions.size() / static_cast<std::size_t>(samples.count));
}

// The command line that draws the same.
std::string command_for(const Opened& opened, const Asked& asked, const Body& body, const train::NamedSamples& samples,
                        const std::vector<std::string>& set) {
  if (!samples.toward.empty()) return "";  // no command draws a single mixture of classes
  const bool ablated = !set.empty();
  std::string words = fmt::format("ganymede {} {}", ablated ? "dissect" : "sample", shell_word(opened.run));
  if (asked.wanted.epoch) words += fmt::format(" --epoch {}", *asked.wanted.epoch);
  const auto dim = samples.z.size() / static_cast<std::size_t>(samples.count);
  if (body.has("z")) {
    words += " --z " + z_words(std::span(samples.z).first(dim));
  } else {
    words += fmt::format(" --seed {} --n {}", samples.seed, samples.count);
  }
  if (body.has("condition")) words += " --condition " + z_words(condition_in_words(samples));
  if (body.at("class").is_number()) words += fmt::format(" --class {}", samples.classes.front());
  return words + ablate_words(set) + (ablated ? "" : " -o picture.png");
}

Response look_answer(const Asked& asked, const Body& body, const LookWanted& w, const Opened& opened) {
  const auto begin = std::chrono::steady_clock::now();
  explore::TrainedGenerator& generator = opened.generator();
  explore::LookOptions options{.samples = samples_in(body, generator),
                               .overrides = overrides_of(w.set, generator.network()),
                               .before = w.before,
                               .layers = w.layers,
                               .maps = w.maps,
                               .taps = w.taps};
  mix_classes(body, generator.classes(), options.samples);
  if (w.all_layers) {
    for (const explore::LayerInfo& layer : explore::layers_of(generator.network()))
      options.layers.push_back(layer.node);
  }
  const explore::Look seen = explore::look(generator, options, opened.classifier.get());
  const run::Snapshot& about = generator.about();
  Json head = {{"run", opened.run},
               {"epoch", about.epoch},
               {"step", about.step},
               {"plan", generator.plan() == explore::Plan::exact ? "exact" : "quick"},
               {"classes", options.samples.classes},
               {"conditions",
                options.samples.conditions.empty()
                    ? Json::array()
                    : rows_json(options.samples.conditions, static_cast<std::size_t>(generator.condition_length()))},
               {"z", rows_json(options.samples.z, static_cast<std::size_t>(generator.latent_dim()))}};
  if (w.classes) head["classifier"] = name_of(opened.known.state);
  head["labels"] = seen.judged ? Json(seen.judged->labels) : Json::array();
  NamedArrays arrays;
  if (w.picture) arrays.push_back(sent_pictures(seen.pictures));
  if (seen.judged) arrays.emplace_back("probabilities", seen.judged->probabilities);
  if (seen.before) {
    if (seen.judged_before) head["before_labels"] = seen.judged_before->labels;
    const explore::PictureChange change = explore::change_of(*seen.before, seen.pictures);
    head["change"] = change.samples;
    arrays.push_back(sent_pictures(*seen.before, "before"));
    if (seen.judged_before) arrays.emplace_back("before_probabilities", seen.judged_before->probabilities);
    arrays.emplace_back("difference", explore::change_of(first_of(*seen.before), first_of(seen.pictures)).pixels);
  }
  head["layers"] = Json::array();
  for (const explore::LayerLook& layer : seen.layers) {
    head["layers"].push_back(layer_json(layer));
    arrays.emplace_back("layer:" + layer.layer.node, layer.mean);
  }
  if (!w.maps.empty()) arrays.emplace_back("maps:" + w.maps, seen.maps);
  if (seen.taps) head["taps"] = taps_json(*seen.taps);
  head["command"] = command_for(opened, asked, body, options.samples, w.set);
  head["seconds"] = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return frame_response("look", head, arrays);
}

}  // namespace

Response look_at_samples(const Request& request, const Parts&, Api& api) {
  const auto body = std::make_shared<const Body>(request.body);
  const auto asked = std::make_shared<Asked>(read_asked(*body, "look", api));
  asked->points = true;
  const LookWanted wanted = wanted_in(*body);
  return with_models(asked, api, wanted.classes, false,
                     [=](const Opened& opened) { return look_answer(*asked, *body, wanted, opened); });
}

}  // namespace ganymede::serve
