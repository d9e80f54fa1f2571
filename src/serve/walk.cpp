#include "explore/walk.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <numeric>

#include "base/shell_word.hpp"
#include "serve/frame.hpp"
#include "serve/model_stream.hpp"

namespace ganymede::serve {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostWalkSet = 256;
constexpr std::size_t kWalkPiece = 2;  // pictures that are sent together

struct WalkWanted {
  std::vector<float> from, to;
  explore::WalkOptions options;
  std::vector<std::string> set;
};

WalkWanted walk_in(const Body& body, const explore::TrainedGenerator& generator) {
  const auto dim = static_cast<std::size_t>(generator.latent_dim());
  WalkWanted w{.from = body.point("from", dim),
               .to = body.point("to", dim),
               .options = {.steps = static_cast<int>(body.whole("steps", 2, 64).value_or(12))},
               .set = body.texts("set", kMostWalkSet)};
  if (body.choice("path", {"line", "slerp"}) == "slerp") w.options.kind = latent::PathKind::slerp;
  const int known = generator.classes();
  const auto class_in = [&](const char* name) {
    const auto k = body.whole(name, 0, std::max(known - 1, 0));
    if (k && known == 0) throw HttpError(400, fmt::format("\"{}\": this generator takes no class", name));
    return k ? std::optional(static_cast<int>(*k)) : std::nullopt;
  };
  const std::optional<int> only = class_in("class"), to_class = class_in("to_class");
  if (known > 0) {
    w.options.only = only.value_or(0);
    w.options.to_class = to_class.value_or(*w.options.only);
  }
  if (const auto length = static_cast<std::size_t>(generator.condition_length()); length > 0) {
    const auto told = [&](const char* name, const std::vector<float>& otherwise) {
      return body.has(name) ? body.point(name, length) : otherwise;
    };
    w.options.condition = told("condition", generator.conditions(0, 1));
    w.options.to_condition = told("to_condition", w.options.condition);
  } else if (body.has("condition") || body.has("to_condition")) {
    throw HttpError(400, "\"condition\": this generator takes none");
  }
  w.options.overrides = overrides_of(w.set, generator.network());
  return w;
}

// The command that draws the same.
std::string walk_command(const Asked& asked, const WalkWanted& w) {
  std::string words = fmt::format("ganymede interpolate {}", shell_word(asked.run));
  if (asked.wanted.epoch) words += fmt::format(" --epoch {}", *asked.wanted.epoch);
  words += fmt::format(" --from {} --to {} --steps {}", z_words(w.from), z_words(w.to), w.options.steps);
  if (w.options.kind == latent::PathKind::slerp) words += " --path slerp";
  if (w.options.only) words += fmt::format(" --class {}", *w.options.only);
  if (!w.options.condition.empty()) {
    words +=
        fmt::format(" --condition {} --to-condition {}", z_words(w.options.condition), z_words(w.options.to_condition));
  }
  if (w.options.to_class != w.options.only) words += fmt::format(" --to-class {}", *w.options.to_class);
  return words + ablate_words(w.set) + " -o walk.png";
}

// 0, n - 1, the middle, then halfway between those that are there, and so on.
std::vector<std::int64_t> coarse_first(std::int64_t n) {
  std::vector<std::int64_t> order;
  std::vector<bool> there(static_cast<std::size_t>(n), false);
  const auto add = [&](std::int64_t i) {
    if (!there[static_cast<std::size_t>(i)]) order.push_back(i);
    there[static_cast<std::size_t>(i)] = true;
  };
  for (std::int64_t parts = 1; static_cast<std::int64_t>(order.size()) < n; parts *= 2) {
    for (std::int64_t p = 0; p <= parts; ++p) add((p * (n - 1) + parts / 2) / parts);
  }
  return order;
}

class WalkStream : public ModelStream {
 public:
  WalkStream(std::shared_ptr<const Asked> asked, Api& api, Opened opened_models, WalkWanted wanted)
      : ModelStream(std::move(asked), api, std::move(opened_models)),
        w_(std::move(wanted)),
        steps_(latent::path(w_.from, w_.to, w_.options.steps, w_.options.kind)),
        line_(latent::path(w_.from, w_.to, explore::kWalkPoints, w_.options.kind)),
        order_(coarse_first(w_.options.steps)) {}

 private:
  std::size_t dim() const { return w_.from.size(); }

  Piece step() override {
    if (!begun_) {
      begun_ = true;
      return {.bytes = first()};
    }
    const auto begin = std::chrono::steady_clock::now();
    if (at_ < order_.size()) {
      // The ends first: they are what a hand has just moved. Always as many, so that equal requests have equal answers.
      const std::size_t count = std::min(kWalkPiece, order_.size() - at_);
      std::string bytes = pictures(std::span(order_).subspan(at_, count));
      at_ += count;
      return {.bytes = std::move(bytes)};
    }
    fit::Classifier* classifier = opened().classifier.get();
    if (classifier != nullptr && labels_.size() < static_cast<std::size_t>(explore::kWalkPoints)) {
      const std::size_t count =
          std::min(static_cast<std::size_t>(pace_.samples()), explore::kWalkPoints - labels_.size());
      std::vector<std::int64_t> which(count);
      std::iota(which.begin(), which.end(), std::ssize(labels_));
      const Tensor drawn = draw(line_, which);
      const auto found = generator().classify(*classifier, drawn);
      labels_.insert(labels_.end(), found.begin(), found.end());
      pace_.took(static_cast<std::int64_t>(count), seconds_since(begin));
      return {};
    }
    return {.bytes = last(), .end = true};
  }

  // These points of those [n, Z].
  Tensor draw(const std::vector<float>& points, std::span<const std::int64_t> which) const {
    train::NamedSamples samples{.count = std::ssize(which), .z = {}, .classes = {}};
    for (const std::int64_t i : which) {
      const auto one = std::span(points).subspan(static_cast<std::size_t>(i) * dim(), dim());
      samples.z.insert(samples.z.end(), one.begin(), one.end());
    }
    explore::set_classes(w_.options, which, std::ssize(points) / static_cast<std::int64_t>(dim()), samples);
    explore::set_conditions(w_.options, which, std::ssize(points) / static_cast<std::int64_t>(dim()), samples);
    return generator().draw(samples, w_.options.overrides);
  }

  std::string first() const {
    const Json head = {{"run", opened().run}, {"epoch", generator().about().epoch}, {"steps", w_.options.steps}};
    return frame(
        with_schema("walk", head),
        {{"line", Tensor::of<float>({explore::kWalkPoints, std::ssize(w_.from)}, std::span<const float>(line_))}});
  }

  std::string pictures(std::span<const std::int64_t> which) const {
    const Tensor drawn = draw(steps_, which);
    NamedArrays arrays{sent_pictures(drawn)};
    if (opened().classifier != nullptr) {
      const auto labels = generator().classify(*opened().classifier, drawn);
      arrays.emplace_back("labels",
                          Tensor::of<std::int32_t>({std::ssize(labels)}, std::span<const std::int32_t>(labels)));
    }
    return frame({{"pictures", std::vector<std::int64_t>(which.begin(), which.end())}}, arrays);
  }

  std::string last() const {
    Json head = {{"done", true}};
    std::string words;
    if (!labels_.empty()) {
      const auto areas = explore::areas_crossed(labels_);
      head["areas"] = Json::array();
      for (const explore::Crossed& area : areas)
        head["areas"].push_back({{"label", area.label}, {"first", area.first}, {"last", area.last}});
      words = explore::words_of(areas, explore::kWalkPoints, opened().classifier->record().class_names);
    }
    head["words"] = words;
    head["command"] = walk_command(asked(), w_);
    return frame(head);
  }

  WalkWanted w_;
  std::vector<float> steps_, line_;
  std::vector<std::int64_t> order_;     // of the pictures
  std::vector<std::int32_t> labels_{};  // of the line's points
  std::size_t at_ = 0;
  Pace pace_;
  bool begun_ = false;
};

}  // namespace

Response make_walk(const Request& request, const Parts&, Api& api) {
  const auto body = std::make_shared<const Body>(request.body);
  const auto asked = std::make_shared<const Asked>(read_asked(*body, "walk", api));
  return with_models(asked, api, true, false, [=, &api](Opened opened) {
    WalkWanted wanted = walk_in(*body, opened.generator());
    return stream_response(std::make_unique<WalkStream>(asked, api, std::move(opened), std::move(wanted)));
  });
}

}  // namespace ganymede::serve
