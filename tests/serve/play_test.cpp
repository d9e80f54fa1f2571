#include <thread>

#include "playground/drawn.hpp"
#include "playground/live_game.hpp"
#include "playground/presets.hpp"
#include "serve/models.hpp"

namespace ganymede::serve {
namespace {

using Json = nlohmann::json;

/// A server that plays small games.
struct Playing : ::testing::Test {
  Playing() {
    options.root = folder.path();
    options.version = "test";
    options.backend = &engine::cpu_backend();
  }
  void start() {
    server = std::make_unique<Server>(options);
    port = server->port();
  }
  Answer post(const Json& body, const std::string& token) const {
    return ask(port, "POST", "/api/v1/play", {{"X-Ganymede-Token", token}}, body.dump());
  }
  Answer post(const Json& body) const { return post(body, server->token()); }
  Frame frame(const Json& body) const {
    const Answer answer = post(body);
    EXPECT_EQ(answer.status, 200) << answer.body;
    if (answer.status != 200) return {};
    EXPECT_EQ(answer.header("content-type"), "application/vnd.ganymede.frames");
    return frames_of(answer.body).front();
  }
  Frame begin(const std::string& preset = "ring", Json more = {}) const {
    more["action"] = "begin";
    more["preset"] = preset;
    more["set"]["train.batch"] = 64;
    more["set"]["data.builtin_count"] = "640";
    more["want"] = {{"reals", true}, {"settings", true}};
    return frame(more);
  }
  /// So many moves, each asked for by itself: of several at once the time says how many there are.
  Frame move(const Json& game, int count, Json more = {}) const {
    more["action"] = "move";
    more["game"] = game;
    for (int i = 1; i < count; ++i) frame(more);
    return frame(more);
  }
  Answer get(const std::string& target) const { return serve::get(port, "/api/v1/" + target); }

  ganymede::testing::FreshFolder folder;
  ServerOptions options;
  std::unique_ptr<Server> server;
  int port = 0;
};

TEST_F(Playing, ListsWhatCanBePlayed) {
  start();
  const Json answer = get("play").json();
  EXPECT_EQ(answer.at("schema"), "ganymede.api.games/1");
  ASSERT_EQ(answer.at("presets").size(), playground::presets().size());
  EXPECT_EQ(answer.at("presets")[0].at("name"), playground::presets()[0].name);
  EXPECT_FALSE(answer.at("presets")[0].at("cure_set").empty());
  EXPECT_EQ(answer.at("drawn_points"), (Json{16, 8192}));
}

TEST_F(Playing, BeginsAndMoves) {
  start();
  const Frame first = begin();
  EXPECT_EQ(first.head.at("schema"), "ganymede.api.play/1");
  EXPECT_EQ(first.head.at("step"), 0);
  EXPECT_EQ(first.head.at("phase"), "");
  EXPECT_EQ(first.head.at("next"), "both");
  EXPECT_EQ(first.head.at("settings").at("train.batch"), 64);
  EXPECT_EQ(first.head.at("command"), "ganymede train ring --set data.builtin_count=640 --set train.batch=64");
  EXPECT_EQ(first.shape("reals"), (Shape{640, 2}));
  EXPECT_EQ(first.shape("fakes"), (Shape{1000, 2}));
  EXPECT_EQ(first.shape("shares"), (Shape{55, 55}));
  EXPECT_EQ(first.shape("pushes"), (Shape{150, 2}));
  EXPECT_EQ(first.shape("curves"), (Shape{0, 7}));
  const Json game = first.head.at("game");
  const Frame moved = move(game, 3);
  EXPECT_EQ(moved.head.at("step"), 3);
  EXPECT_EQ(moved.head.at("moves"), 1);
  EXPECT_EQ(moved.shape("curves"), (Shape{1, 7}));
  EXPECT_EQ(moved.values<float>("curves")[0], 3) << "the first column is the step";
  EXPECT_FALSE(moved.arrays.contains("reals")) << "they are sent where they are wanted";
  EXPECT_NE(moved.arrays.at("fakes"), first.arrays.at("fakes"));
  const Frame some = frame({{"action", "move"}, {"game", game}, {"count", 2}, {"milliseconds", 200}});
  EXPECT_EQ(some.head.at("step"), 3 + some.head.at("moves").get<int>());
  EXPECT_EQ(some.shape("curves"), (Shape{some.head.at("moves").get<std::int64_t>(), 7}));
  const Frame alone = frame({{"action", "move"}, {"game", game}, {"move", "discriminator"}});
  EXPECT_EQ(alone.head.at("phase"), "discriminator");
  EXPECT_EQ(alone.arrays.at("fakes"), some.arrays.at("fakes"));
  EXPECT_NE(alone.arrays.at("shares"), some.arrays.at("shares"));
  const Frame anew = frame({{"action", "anew"}, {"game", game}});
  EXPECT_EQ(anew.head.at("step"), 0);
  EXPECT_EQ(anew.arrays.at("fakes"), first.arrays.at("fakes"));
}

TEST_F(Playing, TheSameActionsGiveTheSameFrames) {
  start();
  const auto play = [&] {
    const Json game = begin("grid").head.at("game");
    move(game, 4);
    frame({{"action", "turn"}, {"game", game}, {"set", {{"game.unroll", 2}, {"game.loss", "hinge"}}}});
    return move(game, 4, {{"want", {{"ahead", true}}}});
  };
  const Frame a = play(), b = play();
  EXPECT_EQ(a.arrays, b.arrays);
  EXPECT_TRUE(a.arrays.contains("ahead_shares"));
  EXPECT_EQ(a.head.at("ahead"), 2);
}

TEST_F(Playing, TellsWhetherATurnBeganItAnew) {
  start();
  const Json game = begin().head.at("game");
  frame({{"action", "move"}, {"game", game}});
  const Frame rate =
      frame({{"action", "turn"}, {"game", game}, {"set", {{"generator.optimizer.learning_rate", 0.01}}}});
  EXPECT_EQ(rate.head.at("step"), 1);
  EXPECT_EQ(rate.head.at("beginnings"), 1);
  const Frame width = frame({{"action", "turn"}, {"game", game}, {"set", {{"generator.widths", "[16]"}}}});
  EXPECT_EQ(width.head.at("step"), 0);
  EXPECT_EQ(width.head.at("beginnings"), 2);
}

TEST_F(Playing, RecipeIsWhatTrainTakes) {
  start();
  const Json game = begin("fail-oscillation", {{"set", {{"game.penalty", "r1"}}}}).head.at("game");
  const Answer answer = get("play/" + game.get<std::string>() + "/recipe");
  EXPECT_EQ(answer.status, 200);
  EXPECT_NE(answer.header("content-disposition").find("fail-oscillation-played.toml"), std::string::npos);
  const run::Recipe recipe = run::parse_recipe(answer.body, "x.toml", run::UselessKeys::refuse);
  EXPECT_EQ(recipe.game.penalty, play::Penalty::r1);
  EXPECT_EQ(recipe.train.batch, 64);
  EXPECT_TRUE(recipe.generator.layers.has_value());
  EXPECT_EQ(get("play/" + game.get<std::string>() + "/points").status, 404) << "the program draws them";
}

TEST_F(Playing, DrawnPointsAreItsDataAndComeBack) {
  start();
  Json points = Json::array();
  for (int i = 0; i < 32; ++i) points.push_back({0.125 * i, 0.5 * (i % 3)});
  Json body = {
      {"action", "begin"}, {"preset", "ring"}, {"points", points}, {"want", {{"reals", true}, {"settings", true}}}};
  const Frame first = frame(body);
  EXPECT_EQ(first.shape("reals"), (Shape{32, 2}));
  EXPECT_TRUE(first.head.at("drawn").get<bool>());
  EXPECT_EQ(first.head.at("command"), "");
  EXPECT_TRUE(first.head.at("modes").is_null());
  const Answer csv = get("play/" + first.head.at("game").get<std::string>() + "/points");
  EXPECT_TRUE(csv.body.starts_with("x,y\n0,0\n0.125,0.5\n0.25,1\n")) << csv.body;
  for (const Json& bad :
       {Json{{"x", 1}}, Json::array(), Json{{0, 1}, {1}}, Json{{0, "a"}}, Json{{0, 1}, {1, 1}}, Json{{0, 1, 2}}}) {
    body["points"] = bad;
    EXPECT_EQ(post(body).status, 400) << bad;
  }
  body["points"] = points;
  body["preset"] = "fail-oscillation";  // networks of one coordinate
  EXPECT_EQ(post(body).status, 400);
}

TEST_F(Playing, WantsTheTokenAndIsForbiddenToReaders) {
  start();
  EXPECT_EQ(post({{"action", "begin"}, {"preset", "ring"}}, "").status, 401);
  EXPECT_EQ(ask(port, "POST", "/api/v1/play", {}, "{}").status, 401);
  options.read_only = true;
  server.reset();
  start();
  EXPECT_EQ(post({{"action", "begin"}, {"preset", "ring"}}).status, 403);
}

TEST_F(Playing, RefusesWhatItCannotPlay) {
  start();
  const Json game = begin().head.at("game");
  const std::vector<std::pair<Json, int>> cases = {
      {{{"action", "fly"}}, 400},
      {{{"action", "begin"}}, 400},
      {{{"action", "begin"}, {"preset", "dcgan"}}, 404},
      {{{"action", "begin"}, {"preset", "ring"}, {"set", {{"game.lose", "hinge"}}}}, 400},
      {{{"action", "begin"}, {"preset", "ring"}, {"set", {{"data.source", "/etc/passwd"}}}}, 400},
      {{{"action", "begin"}, {"preset", "ring"}, {"set", {{"train.from", "/"}}}}, 400},
      {{{"action", "begin"}, {"preset", "ring"}, {"set", {{"data.builtin_count", 100000000}}}}, 400},
      {{{"action", "begin"}, {"preset", "ring"}, {"set", {{"generator.widths", "[512,512,512]"}}}}, 400},
      {{{"action", "begin"}, {"preset", "ring"}, {"set", 7}}, 400},
      {{{"action", "move"}, {"game", game}, {"count", 100000}}, 400},
      {{{"action", "move"}, {"game", game}, {"milliseconds", 100000}}, 400},
      {{{"action", "move"}, {"game", game}, {"move", "both"}}, 400},
      {{{"action", "turn"}, {"game", game}, {"set", {{"game.unroll", 3}, {"game.penalty", "r1"}}}}, 400},
      {{{"action", "look"}, {"game", game}, {"want", {{"fakes", 1000000}}}}, 400},
      {{{"action", "look"}}, 400},
      {{{"action", "look"}, {"game", "nobody"}}, 404},
  };
  for (const auto& [body, status] : cases) {
    const Answer answer = post(body);
    EXPECT_EQ(answer.status, status) << body << answer.body;
    EXPECT_NE(answer.json().at("error"), "") << body;
  }
  EXPECT_EQ(frame({{"action", "look"}, {"game", game}}).head.at("step"), 0) << "the game is as it was";
}

TEST_F(Playing, IsGoneWhenNobodyLooks) {
  options.games.idle = std::chrono::milliseconds(2000);
  start();
  const Json game = begin().head.at("game");
  for (int i = 0; i < 30; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    frame({{"action", "look"}, {"game", game}});
  }
  EXPECT_EQ(server->games(), 1U) << "somebody looks";
  for (int i = 0; i < 500 && server->games() > 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(server->games(), 0U);
  EXPECT_EQ(post({{"action", "look"}, {"game", game}}).status, 404);
}

TEST_F(Playing, ThereAreSoManyAndTheSilentMakeRoom) {
  options.games.games = 2;
  options.games.patience = std::chrono::hours(1);
  start();
  begin();
  begin();
  const Answer third = post({{"action", "begin"}, {"preset", "normal-1d"}});
  EXPECT_EQ(third.status, 503) << third.body;
  options.games.patience = std::chrono::milliseconds(0);
  server.reset();
  start();
  const Json old = begin().head.at("game"), newer = begin().head.at("game");
  frame({{"action", "look"}, {"game", old}});
  frame({{"action", "look"}, {"game", newer}});
  begin();
  EXPECT_EQ(server->games(), 2U);
  EXPECT_EQ(post({{"action", "look"}, {"game", old}}).status, 404) << "it was silent for longest";
  frame({{"action", "look"}, {"game", newer}});
  frame({{"action", "end"}, {"game", newer}});
  EXPECT_EQ(server->games(), 1U);
}

}  // namespace
}  // namespace ganymede::serve
