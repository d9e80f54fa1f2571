#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/shell_word.hpp"
#include "explore/growing_map.hpp"
#include "explore/plane.hpp"
#include "serve/frame.hpp"
#include "serve/model_stream.hpp"

namespace ganymede::serve {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t kMostPlaneSide = 200, kMostCubeSide = 64;
constexpr std::size_t kMostMapSet = 256;
constexpr std::int64_t kMapPieces = 64;  // that a map is sent in, about

Json numbers_json(const std::vector<float>& values) {
  Json list = Json::array();
  for (const float value : values) list.push_back(short_number(value));
  return list;
}

// What is mapped, as the body says.
struct MapWanted {
  explore::MapOptions options;
  std::optional<explore::Plane> plane;
  std::vector<std::string> set;
};

MapWanted map_in(const Body& body, const explore::TrainedGenerator& generator) {
  if (generator.condition_length() > 0)
    throw HttpError(409, "this generator's pictures depend on a vector besides z: it has no map");
  MapWanted w{.options = {.fourth = {}, .wanted = {}}, .plane = {}, .set = body.texts("set", kMostMapSet)};
  const auto dim = static_cast<std::size_t>(generator.latent_dim());
  if (const auto plane = body.object("plane"))
    w.plane = {.origin = plane->point("origin", dim), .u = plane->point("u", dim), .v = plane->point("v", dim)};
  const bool flat = w.plane || dim == 2;
  w.options.side = static_cast<int>(body.whole("side", 2, flat ? kMostPlaneSide : kMostCubeSide)
                                        .value_or(explore::default_side(flat ? 2 : 3, false)));
  if (body.choice("axis", {"linear", "quantile"}) == "quantile") w.options.axis = explore::MapAxis::quantile;
  w.options.range = body.number("range", 1e-6, 100, 1);
  if (dim == 4 && !flat) w.options.fourth = {body.number("fourth", -kFarthest, kFarthest, 0)};
  const int known = generator.classes();
  const auto wanted = body.whole("class", 0, std::max(known - 1, 0));
  if (wanted && known == 0) throw HttpError(400, "\"class\": this generator takes no class");
  if (known > 0) w.options.wanted = {static_cast<std::int32_t>(wanted.value_or(0))};
  return w;
}

// The command that draws the same.
std::string map_command(const Asked& asked, const MapWanted& w) {
  std::string words = fmt::format("ganymede map {}", shell_word(asked.run));
  if (asked.wanted.epoch) words += fmt::format(" --epoch {}", *asked.wanted.epoch);
  words += fmt::format(" --resolution {}", w.options.side);
  if (w.options.axis == explore::MapAxis::quantile) {
    words += " --quantiles";
  } else if (w.options.range != 1) {
    words += fmt::format(" --range {}", w.options.range);
  }
  if (!w.options.fourth.empty()) words += fmt::format(" --fourth {}", w.options.fourth.front());
  if (!w.options.wanted.empty()) words += fmt::format(" --class {}", w.options.wanted.front());
  if (w.plane) {
    words += fmt::format(" --through {} --right {} --up {}", z_words(w.plane->origin), z_words(w.plane->u),
                         z_words(w.plane->v));
  }
  return words + ablate_words(w.set);
}

class MapStream : public ModelStream {
 public:
  MapStream(std::shared_ptr<const Asked> asked, Api& api, Opened opened_models, MapWanted wanted, std::string key)
      : ModelStream(std::move(asked), api, std::move(opened_models)), wanted_(std::move(wanted)), key_(std::move(key)) {
    kept_ = models().shelf().find<explore::ClassMap>(key_);
    if (kept_ == nullptr) growing_.emplace(source(), wanted_.options);
    order_.emplace(map());
  }

 private:
  explore::MapSource source() const {
    explore::MapSource source =
        generator().source(*opened().classifier, overrides_of(wanted_.set, generator().network()));
    return wanted_.plane ? explore::on_plane(std::move(source), *wanted_.plane) : source;
  }
  const explore::ClassMap& map() const { return kept_ != nullptr ? *kept_ : growing_->map(); }

  Piece step() override {
    if (!begun_) {
      begun_ = true;
      return {.bytes = first()};
    }
    if (growing_) {
      if (!sending_) sending_ = next_sent();
      if (sending_) return grow();
      keep();
    } else if (!told_) {
      told_ = true;
      std::string bytes;
      while ((sending_ = next_sent())) bytes += sent();
      return {.bytes = std::move(bytes)};
    }
    return {.bytes = last(), .end = true};
  }

  // Which points go together does not depend on the time that they take, so that equal requests have equal answers.
  std::optional<explore::MapOrder::Points> next_sent() {
    const std::int64_t points = (map().points() / kMapPieces + 63) / 64 * 64;
    return order_->next(std::clamp<std::int64_t>(points, 64, explore::kMapPiece));
  }

  // Some points more of the piece that goes next, which is sent when all are known.
  Piece grow() {
    const auto begin = std::chrono::steady_clock::now();
    const auto missing = std::ssize(sending_->points) - known_;
    const auto piece = growing_->next(std::min<std::int64_t>(pace_.samples(), missing));
    const auto count = std::ssize(piece->points);
    pace_.took(count, seconds_since(begin));
    known_ += count;
    if (known_ < std::ssize(sending_->points)) return {};
    known_ = 0;
    std::string bytes = sent();
    sending_.reset();
    return {.bytes = std::move(bytes)};
  }

  std::string first() const {
    const explore::MapPart& part = map().parts.front();
    Json head = {{"run", opened().run},
                 {"epoch", generator().about().epoch},
                 {"dims", map().dims()},
                 {"side", map().side},
                 {"axis", numbers_json(map().axis)},
                 {"mass", wanted_.plane ? Json(nullptr) : Json(map().mass)},
                 {"class_names", map().class_names}};
    if (part.wanted) head["wanted"] = *part.wanted;
    if (part.fourth) head["fourth"] = *part.fourth;
    head["classifier"] = opened().known.sentence;
    return frame(with_schema("map", head));
  }

  std::string sent() {
    const std::vector<std::int64_t>& points = sending_->points;
    const std::vector<std::int32_t>& labels = map().parts[sending_->part].labels;
    done_ += std::ssize(points);
    Tensor places(DType::i32, {std::ssize(points)}), classes(DType::u8, {std::ssize(points)});
    std::ranges::transform(points, places.values<std::int32_t>().begin(),
                           [](std::int64_t p) { return static_cast<std::int32_t>(p); });
    std::ranges::transform(points, classes.values<std::uint8_t>().begin(), [&](std::int64_t p) {
      return static_cast<std::uint8_t>(labels[static_cast<std::size_t>(p)]);
    });
    return frame({{"spacing", sending_->spacing}, {"done", done_}, {"total", map().points()}},
                 {{"points", std::move(places)}, {"labels", std::move(classes)}});
  }

  std::string last() const {
    Json head = {{"done", true}, {"shares", explore::area_shares(map())}};
    if (const auto share = explore::wanted_share(map())) head["wanted_share"] = *share;
    head["command"] = map_command(asked(), wanted_);
    return frame(head);
  }

  void keep() {
    auto whole = std::make_shared<explore::ClassMap>(growing_->map());
    const auto bytes = static_cast<std::int64_t>(sizeof(explore::ClassMap) + 4 * whole->parts.front().labels.size());
    models().shelf().put(key_, std::move(whole), [bytes] { return bytes; });
  }

  MapWanted wanted_;
  std::string key_;
  std::shared_ptr<explore::ClassMap> kept_;       // one that was made before
  std::optional<explore::GrowingMap> growing_{};  // or one that is made now
  std::optional<explore::MapOrder> order_{};      // of what is sent
  std::optional<explore::MapOrder::Points> sending_{};
  std::int64_t known_ = 0;  // points of those
  std::int64_t done_ = 0;
  Pace pace_;
  bool begun_ = false, told_ = false;
};

// Everything that a map depends on.
std::string key_of_map(const Opened& opened, const Body& body) {
  std::string key = "map " + opened.stamp + opened.known.file.string();
  for (const char* field : {"class", "fourth", "side", "axis", "range", "plane", "set"})
    key += "\n" + body.at(field).dump();
  return key;
}

}  // namespace

Response make_map(const Request& request, const Parts&, Api& api) {
  const auto body = std::make_shared<const Body>(request.body);
  const auto asked = std::make_shared<const Asked>(read_asked(*body, "map", api));
  return with_models(asked, api, true, true, [=, &api](Opened opened) {
    MapWanted wanted = map_in(*body, opened.generator());
    if (opened.classifier == nullptr) throw HttpError(400, opened.known.sentence);
    if (opened.classifier->class_count() > 256)
      throw HttpError(400, fmt::format("a map shows at most 256 classes, not {}", opened.classifier->class_count()));
    std::string key = key_of_map(opened, *body);
    return stream_response(
        std::make_unique<MapStream>(asked, api, std::move(opened), std::move(wanted), std::move(key)));
  });
}

}  // namespace ganymede::serve
