#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "data/points/point_sets.hpp"
#include "playground/drawn.hpp"
#include "playground/export.hpp"
#include "playground/presets.hpp"
#include "run/recipe_file.hpp"
#include "serve/api.hpp"
#include "serve/body.hpp"
#include "serve/frame.hpp"
#include "serve/games.hpp"
#include "serve/recipe_json.hpp"

namespace ganymede::serve {
namespace {

using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t kMostMoves = 1000;
constexpr std::int64_t kMostMilliseconds = 200, kUsualMilliseconds = 25;
constexpr std::int64_t kBesideTraining = 8;  // of an answer: then a game takes about a quarter of one core
constexpr std::size_t kMostDrawnValues = 2 * playground::kMostDrawn;

Games& games_of(const Api& api) {
  if (api.games == nullptr) throw HttpError(503, "this server plays no games");
  return *api.games;
}

// {"game.unroll": 5}, or as --set has them: {"game.unroll": "5"}.
std::vector<std::string> knobs_in(const Body& body) {
  std::vector<std::string> sets;
  const Json& wanted = body.at("set");
  if (wanted.is_null()) return sets;
  if (!wanted.is_object()) throw HttpError(400, "\"set\" must be an object of keys and values");
  for (const auto& [key, value] : wanted.items())
    sets.push_back(value.is_string() ? key + "=" + value.get<std::string>() : assignment_of(key, value));
  return sets;
}

std::optional<data::Dataset> drawn_in(const Body& body) {
  const Json& list = body.at("points");
  if (list.is_null()) return {};
  if (!list.is_array() || list.empty() || !list.front().is_array())
    throw HttpError(400, "\"points\": wanted a list of points, [[x, y], ...] or [[x], ...]");
  const std::size_t dim = list.front().size();
  std::vector<float> points;
  for (const Json& point : list) {
    if (!point.is_array() || point.size() != dim || points.size() > kMostDrawnValues)
      throw HttpError(400, "\"points\": wanted up to 8,192 points, all of as many coordinates");
    for (const Json& value : point) {
      if (!value.is_number()) throw HttpError(400, "\"points\": coordinates are numbers");
      points.push_back(value.get<float>());
    }
  }
  return playground::drawn_points(points, static_cast<int>(dim));
}

const playground::Preset& preset_in(const Body& body) {
  const std::string name = body.required_text("preset");
  if (const playground::Preset* preset = playground::find_preset(name)) return *preset;
  std::vector<std::string> names;
  for (const playground::Preset& one : playground::presets()) names.push_back(one.name);
  throw HttpError(404, fmt::format("there is no preset \"{}\"; there are {}", name, fmt::join(names, ", ")));
}

run::Recipe recipe_in(const Body& body) {
  run::Recipe recipe = run::find_recipe(preset_in(body).name);
  run::apply_sets(recipe, knobs_in(body));
  return recipe;
}

struct Want {
  playground::SceneWish scene;
  bool reals = false, settings = false;
};

Want want_in(const Body& body) {
  Want w;
  const auto want = body.object("want");
  if (!want) return w;
  w.scene = {.fakes = want->whole("fakes", 1, playground::kMostFakes).value_or(w.scene.fakes),
             .surface = want->flag("surface", true),
             .manifold = want->flag("manifold", true),
             .arrows = want->flag("arrows", true),
             .ahead = want->flag("ahead", false)};
  w.reals = want->flag("reals", false);
  w.settings = want->flag("settings", false);
  return w;
}

const char* name_of(play::Phase phase) {
  switch (phase) {
    case play::Phase::both:
      return "both";
    case play::Phase::discriminator:
      return "discriminator";
    case play::Phase::generator:
      return "generator";
  }
  return "";
}

// Moves until there are enough or the time is over: one at least.
std::int64_t move(playground::LiveGame& game, const Body& body, bool beside_training) {
  static const std::vector<std::string> kWords = {"step", "update", "discriminator", "generator"};
  const auto word = std::ranges::find(kWords, body.choice("move", kWords)) - kWords.begin();
  const auto what = static_cast<playground::Move>(word);
  const std::int64_t count = body.whole("count", 1, kMostMoves).value_or(1);
  const std::int64_t time = body.whole("milliseconds", 1, kMostMilliseconds).value_or(kUsualMilliseconds);
  const auto end = Clock::now() + std::chrono::milliseconds(beside_training ? std::min(time, kBesideTraining) : time);
  std::int64_t made = 0;
  do {
    game.move(what);
    ++made;
  } while (made < count && game.fault().empty() && Clock::now() < end);
  return made;
}

Json range_json(const picture::Range& range) {
  return {range.low, range.high};
}

Tensor rows_of(const std::vector<float>& values, std::int64_t columns) {
  return Tensor::of<float>({std::ssize(values) / columns, columns}, values);
}

void add_judged(const playground::Judged& judged, const std::string& prefix, const playground::Scene& scene,
                std::int64_t dim, NamedArrays& arrays) {
  if (!judged.shares.empty())
    arrays.emplace_back(prefix + "shares", Tensor::of<float>({scene.rows, scene.columns}, judged.shares));
  if (!judged.pushes.empty()) arrays.emplace_back(prefix + "pushes", rows_of(judged.pushes, dim));
}

Tensor curves_of(const std::vector<playground::Measured>& measured) {
  std::vector<float> rows;
  for (const playground::Measured& one : measured) {
    for (const double value : {one.step, one.generator_loss, one.discriminator_loss, one.real_accuracy,
                               one.fake_accuracy, one.generator_gradient, one.discriminator_gradient})
      rows.push_back(static_cast<float>(value));
  }
  constexpr std::int64_t kColumns = 7;
  return Tensor::of<float>({std::ssize(measured), kColumns}, rows);
}

Json turned_json(const playground::LiveGame& game) {
  Json list = Json::array();
  for (const playground::Turned& one : game.turned())
    list.push_back({{"step", one.step}, {"key", one.key}, {"before", one.before}, {"after", one.after}});
  return list;
}

Response scene_answer(const std::string& name, Games::Game& game, const Want& want, std::int64_t moves,
                      Clock::time_point begin) {
  playground::LiveGame& live = game.live;
  const auto moved = Clock::now();
  const playground::Scene scene = game.stage.scene(want.scene);
  const train::Position& position = live.course().position();
  const data::PointFrame& frame = game.stage.frame();
  const std::int64_t dim = live.dim();
  Json head = {
      {"game", name},
      {"preset", game.preset},
      {"dim", dim},
      {"latent", live.recipe().latent.dim},
      {"beginnings", live.beginnings()},
      {"step", position.step},
      {"updates", position.tick},
      {"epoch", position.epoch},
      {"batch", position.batch},
      {"moves", moves},
      {"phase", position.tick == 0 ? "" : name_of(live.course().last().phase)},
      {"next", name_of(live.course().next())},
      {"frame", {{"x", range_json(frame.x)}, {"y", range_json(frame.y)}}},
      {"js", scene.js},
      {"js_floor", game.stage.js_floor(want.scene.fakes)},
      {"modes", scene.modes ? Json(*scene.modes) : Json(nullptr)},
      {"of_modes", scene.of_modes},
      {"near_mode", scene.near_mode},
      {"ahead", scene.ahead ? live.recipe().game.unroll > 0 ? live.recipe().game.unroll : playground::kAhead : 0},
      {"no_arrows", scene.no_arrows},
      {"fault", live.fault()}};
  if (want.settings) {
    head["drawn"] = live.is_drawn();
    head["settings"] = recipe_json(live.recipe()).at("options");
    head["turned"] = turned_json(live);
    head["command"] = playground::command_of(live, game.preset);
  }
  NamedArrays arrays;
  arrays.emplace_back("fakes", rows_of(scene.fakes, dim));
  if (want.reals) arrays.emplace_back("reals", rows_of(game.stage.reals(), dim));
  if (scene.side > 0) {
    const std::int64_t z = live.recipe().latent.dim;
    const Shape shape = z == 1 ? Shape{scene.side, dim} : Shape{scene.side, scene.side, dim};
    arrays.emplace_back("manifold", Tensor::of<float>(shape, scene.manifold));
    if (want.reals) arrays.emplace_back("manifold_z", rows_of(scene.manifold_z, z));
  }
  add_judged(scene.now, "", scene, dim, arrays);
  if (scene.ahead) add_judged(*scene.ahead, "ahead_", scene, dim, arrays);
  arrays.emplace_back("curves", curves_of(live.take_measured()));
  head["seconds_moves"] = std::chrono::duration<double>(moved - begin).count();
  head["seconds_scene"] = std::chrono::duration<double>(Clock::now() - moved).count();
  return frame_response("play", head, arrays);
}

Json preset_json(const playground::Preset& preset) {
  Json turns = Json::object();
  for (const playground::Turn& turn : preset.turns) turns[turn.key] = turn.value;
  return {{"name", preset.name},
          {"title", preset.title},
          {"fails", preset.fails},
          {"look_at", preset.look_at},
          {"why", preset.why},
          {"cure", preset.cure},
          {"cure_set", std::move(turns)},
          {"cure_anew", preset.cure_anew},
          {"cure_name", preset.cure_name},
          {"steps_a_frame", preset.steps_a_frame},
          {"description", run::find_recipe(preset.name).description},
          {"command", "ganymede train " + preset.name}};
}

Response text_file(std::string text, const char* type, const std::string& name) {
  return {.headers = {{"Content-Type", type},
                      {"Cache-Control", "no-store"},
                      {"Content-Disposition", fmt::format("attachment; filename=\"{}\"", name)}},
          .body = std::move(text)};
}

}  // namespace

Response list_games(const Request&, const Parts&, Api& api) {
  Json presets = Json::array(), sets = Json::array();
  for (const playground::Preset& preset : playground::presets()) presets.push_back(preset_json(preset));
  for (const data::PointSet& set : data::point_sets()) {
    if (set.dim <= 2) sets.push_back({{"name", set.name}, {"sentence", set.sentence}, {"dim", set.dim}});
  }
  const GameLimits limits = api.games == nullptr ? GameLimits{} : api.games->limits();
  return json_response("games", {{"presets", std::move(presets)},
                                 {"sources", std::move(sets)},
                                 {"playing", api.games == nullptr ? 0 : api.games->count()},
                                 {"most_games", limits.games},
                                 {"idle_seconds", std::chrono::duration<double>(limits.idle).count()},
                                 {"drawn_points", {playground::kLeastDrawn, playground::kMostDrawn}}});
}

Response play_game(const Request& request, const Parts&, Api& api) {
  const auto begin = Clock::now();
  Games& games = games_of(api);
  const Body body(request.body);
  const std::string action = body.choice("action", {"look", "begin", "move", "turn", "anew", "end"});
  const Want want = want_in(body);
  if (action == "begin") {
    auto drawn = drawn_in(body);
    const auto [name, game] = games.begin(recipe_in(body), std::move(drawn), preset_in(body).name);
    return scene_answer(name, *game, want, 0, begin);
  }
  const std::string name = body.required_text("game");
  const std::shared_ptr<Games::Game> game = games.find(name);
  if (action == "end") {
    games.end(name);
    return frame_response("play", {{"game", name}, {"ended", true}}, {});
  }
  std::int64_t moves = 0;
  if (action == "move") moves = move(game->live, body, games.beside_training(api.runs));
  if (action == "turn") game->live.turn(knobs_in(body));
  if (action == "anew") game->live.begin_anew();
  return scene_answer(name, *game, want, moves, begin);
}

Response send_game_recipe(const Request&, const Parts& parts, Api& api) {
  const auto game = games_of(api).find(parts.at(0));
  return text_file(playground::recipe_file(game->live, game->preset), "application/toml; charset=utf-8",
                   game->preset + "-played.toml");
}

Response send_game_points(const Request&, const Parts& parts, Api& api) {
  const auto game = games_of(api).find(parts.at(0));
  if (!game->live.is_drawn())
    throw HttpError(404, "the points of this game are drawn by the program: its recipe names them (data.source)");
  return text_file(playground::csv_of(game->live.setup().dataset), "text/csv; charset=utf-8", playground::kDrawnFile);
}

}  // namespace ganymede::serve
