#include <cmath>

#include "explore/dissection.hpp"
#include "explore/look.hpp"
#include "explore/weights.hpp"
#include "picture/image.hpp"
#include "serve/models.hpp"

namespace ganymede::serve {
namespace {

using Json = nlohmann::json;

struct Look : ModelsServed {
  explicit Look(bool conditional = false) : ModelsServed(conditional) {}

  /// What `sample` draws with.
  explore::TrainedGenerator& generator() {
    if (!generator_) {
      const auto directory = run::RunDirectory::open(run.path());
      generator_ = std::make_unique<explore::TrainedGenerator>(
          engine::cpu_backend(), explore::load_weights(directory).snapshot, run.path(), 1);
    }
    return *generator_;
  }
  static std::vector<std::uint8_t> levels(const Tensor& pictures) {
    std::vector<std::uint8_t> list;
    for (const float value : pictures.values<float>()) list.push_back(picture::level_of(value));
    return list;
  }
  void refused(const std::string& body, const std::string& sentence, int status = 400) const {
    const Answer answer = post_text("look", body);
    EXPECT_EQ(answer.status, status) << body.substr(0, 200) << answer.body;
    EXPECT_NE(answer.json().at("error").get<std::string>().find(sentence), std::string::npos) << answer.body;
  }

  run::RunDirectory run = tiny.train("a");

 private:
  std::unique_ptr<explore::TrainedGenerator> generator_;
};

struct ConditionalLook : Look {
  ConditionalLook() : Look(true) {}
};

TEST_F(Look, DrawsTheBitsOfSample) {
  start();
  const Frame seen = look({{"run", "a"}, {"seed", 5}, {"count", 7}});
  EXPECT_EQ(seen.shape("picture"), (Shape{7, 8, 8, 1}));
  EXPECT_EQ(seen.values<std::uint8_t>("picture"), levels(generator().draw(5, 7)));
  const Json z = seen.head.at("z");
  EXPECT_EQ(look({{"run", "a"}, {"z", z}}).arrays.at("picture"), seen.arrays.at("picture")) << "by seed as by z";
  EXPECT_EQ(look({{"run", "a"}, {"z", z.at(2)}}).values<std::uint8_t>("picture"), levels(generator().draw(7, 1)));
  EXPECT_EQ(seen.head.at("schema"), "ganymede.api.look/1");
  EXPECT_EQ(seen.head.at("plan"), "exact");
  EXPECT_EQ(seen.head.at("command"), "ganymede sample a --seed 5 --n 7 -o picture.png");
  EXPECT_EQ(look({{"run", "a"}, {"z", {0.5, -1.25}}}).head.at("command"),
            "ganymede sample a --z 0.5,-1.25 -o picture.png");
}

TEST_F(Look, TheSameRequestHasTheSameBytes) {
  put_classifier();
  start();
  const Json wanted = {{"run", "a"}, {"seed", 3}, {"want", {{"layers", true}, {"maps", "conv1"}}}};
  const Frame once = look(wanted);
  look({{"run", "a"}, {"seed", 4}, {"count", 3}, {"set", {"act1:channel=1"}}});
  const Frame again = look(wanted);
  EXPECT_EQ(once.arrays, again.arrays);
  Json a = once.head, b = again.head;
  a.erase("seconds"), b.erase("seconds");
  EXPECT_EQ(a, b);
}

TEST_F(Look, TellsTheClassAndItsProbabilities) {
  put_classifier();
  start();
  const Frame seen = look({{"run", "a"}, {"seed", 1}, {"count", 4}});
  EXPECT_EQ(seen.head.at("classifier"), "ready");
  const auto probabilities = seen.values<float>("probabilities");
  ASSERT_EQ(probabilities.size(), 12U);
  for (std::size_t i = 0; i < 4; ++i) {
    const auto row = std::span(probabilities).subspan(3 * i, 3);
    EXPECT_NEAR(row[0] + row[1] + row[2], 1, 1e-6);
    EXPECT_EQ(seen.head.at("labels").at(i), std::ranges::max_element(row) - row.begin());
  }
  const Frame without = look({{"run", "a"}, {"want", {{"classes", false}}}});
  EXPECT_FALSE(without.arrays.contains("probabilities"));
  EXPECT_TRUE(without.head.at("labels").empty());
}

TEST_F(Look, WithoutAClassifierThePictureIsThereAllTheSame) {
  start();
  const Frame seen = look({{"run", "a"}});
  EXPECT_EQ(seen.head.at("classifier"), "missing");
  EXPECT_TRUE(seen.arrays.contains("picture"));
  EXPECT_FALSE(seen.arrays.contains("probabilities"));
  EXPECT_FALSE(fs::exists(tiny.root / "cache/ganymede/classifiers")) << "nothing is fitted in a request";
}

TEST_F(Look, ShowsLayersOfTheFirstSample) {
  start();
  const Frame seen = look({{"run", "a"}, {"seed", 2}, {"count", 3}, {"want", {{"layers", true}, {"maps", "act1"}}}});
  const explore::Dissection inside = generator().inspect(generator().samples(2, 1));
  ASSERT_EQ(seen.head.at("layers").size(), inside.layers.size());
  for (std::size_t i = 0; i < inside.layers.size(); ++i) {
    const explore::LayerView& view = inside.layers[i];
    const Json& layer = seen.head.at("layers").at(i);
    EXPECT_EQ(layer.at("node"), view.layer.node);
    EXPECT_EQ(layer.at("near_zero"), view.activity.near_zero);
    EXPECT_EQ(layer.at("most"), view.activity.most);
    const auto expected = explore::mean_map(view, 0);
    EXPECT_EQ(seen.shape("layer:" + view.layer.node), expected.shape());
    EXPECT_EQ(seen.arrays.at("layer:" + view.layer.node),
              std::string(reinterpret_cast<const char*>(expected.bytes().data()), expected.bytes().size()));
    if (view.layer.node != "act1") continue;
    EXPECT_EQ(seen.shape("maps:act1"), view.layer.shape);
    const auto values = view.values.values<float>();
    EXPECT_EQ(seen.values<float>("maps:act1"), std::vector<float>(values.begin(), values.end()));
  }
  EXPECT_EQ(seen.values<std::uint8_t>("picture"), levels(generator().draw(2, 3)));
}

TEST_F(Look, TakesAwayAndSaysWhatThatChanges) {
  put_classifier();
  start();
  const Frame seen = look({{"run", "a"}, {"seed", 2}, {"count", 2}, {"set", {"act1:channel=2,value=1.5"}}});
  const auto samples = generator().samples(2, 2);
  const auto change = explore::parse_ablation("act1:channel=2,value=1.5", generator().network());
  const Tensor before = generator().draw(samples), after = generator().draw(samples, {change});
  EXPECT_EQ(seen.values<std::uint8_t>("before"), levels(before));
  EXPECT_EQ(seen.values<std::uint8_t>("picture"), levels(after));
  EXPECT_EQ(seen.head.at("change"), explore::change_of(before, after).samples);
  EXPECT_EQ(seen.head.at("before_labels").size(), 2U);
  EXPECT_EQ(seen.shape("before_probabilities"), (Shape{2, 3}));
  EXPECT_EQ(seen.shape("difference"), (Shape{8, 8}));
  EXPECT_EQ(seen.head.at("command"), "ganymede dissect a --seed 2 --n 2 --ablate act1:channel=2,value=1.5");
}

TEST_F(Look, TapsAddUpToTheValue) {
  start();
  const Json place = {{"layer", "conv1"}, {"channel", 1}, {"row", 1}, {"column", 1}};
  const Json taps = look({{"run", "a"}, {"seed", 9}, {"want", {{"taps", place}}}}).head.at("taps");
  double sum = taps.at("bias").get<double>() + taps.at("rest").get<double>();
  for (const Json& term : taps.at("terms")) sum += term.at("product").get<double>();
  EXPECT_NEAR(sum, taps.at("value"), 1e-5);
  EXPECT_GT(taps.at("count"), 1);
  EXPECT_NE(taps.at("sentence"), "");
}

TEST_F(ConditionalLook, TakesClassesByNumberListAndAll) {
  start();
  const auto pictures = [&](const std::vector<std::int32_t>& classes) {
    return levels(generator().draw(std::vector<float>(2 * classes.size(), 0.25F), classes));
  };
  const Json z = {0.25, 0.25};
  EXPECT_EQ(look({{"run", "a"}, {"z", z}}).values<std::uint8_t>("picture"), pictures({0}));
  EXPECT_EQ(look({{"run", "a"}, {"z", z}, {"class", 2}}).values<std::uint8_t>("picture"), pictures({2}));
  EXPECT_EQ(look({{"run", "a"}, {"z", {z, z}}, {"class", {2, 1}}}).values<std::uint8_t>("picture"), pictures({2, 1}));
  const Frame all = look({{"run", "a"}, {"z", z}, {"class", "all"}});
  EXPECT_EQ(all.values<std::uint8_t>("picture"), pictures({0, 1, 2}));
  EXPECT_EQ(all.head.at("classes"), (std::vector<int>{0, 1, 2}));
  EXPECT_EQ(look({{"run", "a"}, {"seed", 7}, {"class", 1}}).values<std::uint8_t>("picture"),
            levels(generator().draw(generator().samples(7, 1, 1))));
  refused(Json{{"run", "a"}, {"class", 3}}.dump(), "from 0 to 2");
  refused(Json{{"run", "a"}, {"count", 2}, {"class", {1}}}.dump(), "a list of 2");
  refused(Json{{"run", "a"}, {"class", "many"}}.dump(), "wanted one of all");
}

TEST_F(ConditionalLook, TakesMixturesOfTwoClasses) {
  start();
  const Json z = {0.25, 0.25};
  const auto at = [&](double share, const Json& more = Json::object()) {
    Json wanted = {{"run", "a"}, {"z", z}, {"class", 2}, {"to_class", 0}, {"share", share}};
    wanted.update(more);
    return look(wanted);
  };
  const auto of_class = [&](int k) { return look({{"run", "a"}, {"z", z}, {"class", k}}).arrays.at("picture"); };
  EXPECT_EQ(at(0).arrays.at("picture"), of_class(2));
  EXPECT_EQ(at(1).arrays.at("picture"), of_class(0));
  const Frame half = at(0.5);
  EXPECT_EQ(half.values<std::uint8_t>("picture"),
            levels(generator().draw(train::NamedSamples{
                .count = 1, .z = {0.25F, 0.25F}, .classes = {2}, .toward = {0}, .shares = {0.5F}})));
  EXPECT_NE(half.arrays.at("picture"), of_class(2));
  EXPECT_NE(half.arrays.at("picture"), of_class(0));
  EXPECT_EQ(half.head.at("command"), "");
  EXPECT_EQ(at(0.5, {{"want", {{"layers", true}}}}).arrays.at("picture"), half.arrays.at("picture"));
  refused(Json{{"run", "a"}, {"z", z}, {"class", 2}, {"to_class", 3}}.dump(), "to_class");
  refused(Json{{"run", "a"}, {"z", z}, {"class", 2}, {"to_class", 1}, {"share", 1.5}}.dump(), "share");
  refused(Json{{"run", "a"}, {"z", z}, {"class", 2}, {"share", 0.5}}.dump(), "missing");
}

TEST_F(Look, InkComesAsStrokes) {
  tiny.recipe = run::find_recipe("ink-quick");
  run::apply_sets(tiny.recipe, {"data.builtin_count=78", "generator.width=4", "discriminator.width=8", "train.batch=39",
                                "train.epochs=1", "train.sample_grid=39"});
  const run::RunDirectory ink = tiny.train("ink");
  start();
  const Frame seen = look({{"run", "ink"}, {"seed", 2}, {"count", 3}, {"want", {{"classes", false}}}});
  EXPECT_EQ(seen.shape("strokes"), (Shape{3, 10, 3}));
  EXPECT_FALSE(seen.arrays.contains("picture"));
  const auto opened = run::RunDirectory::open(ink.path());
  explore::TrainedGenerator drawn(engine::cpu_backend(), explore::load_weights(opened).snapshot, ink.path(), 1);
  const Tensor moves = drawn.draw(2, 3);
  const auto values = moves.values<float>();
  EXPECT_EQ(seen.values<float>("strokes"), std::vector<float>(values.begin(), values.end()));
  const Frame alphabet =
      look({{"run", "ink"}, {"seed", 2}, {"class", "all"}, {"want", {{"classes", false}, {"layers", true}}}});
  EXPECT_EQ(alphabet.shape("strokes"), (Shape{39, 10, 3})) << "the whole alphabet at one z";
  const Json generator = get("runs/ink/generator").json();
  EXPECT_EQ(generator.at("kind"), "ink");
  EXPECT_EQ(generator.at("shape"), (Shape{10, 3}));
  EXPECT_EQ(generator.at("screen"), "plane");
}

TEST_F(Look, HostileBodiesAreSentences) {
  start();
  std::string deep(100'000, '['), long_list = R"({"run": "a", "z": [0)";
  for (int i = 0; i < 100'000; ++i) long_list += ",0";
  refused("", "must be a JSON object");
  refused("[]", "must be a JSON object");
  refused("{", "must be a JSON object (the body: no JSON: ");
  refused("{\"run\": \"a\", \"z\": " + deep, "nested deeper");
  refused(long_list + "]}", "wanted 2 numbers, found a list of 100001");
  refused(R"({"z": [0, 0]})", "\"run\" is missing");
  refused(R"({"run": 3})", "\"run\": wanted a text, found 3");
  refused(R"({"run": "b"})", "no run", 404);
  refused(R"({"run": "../a"})", "no run", 404);
  refused(R"({"run": "a", "epoch": -1})", "whole number");
  refused(R"({"run": "a", "epoch": 1e308})", "whole number");
  refused(R"({"run": "a", "epoch": 99})", "", 404);
  refused(R"({"run": "a", "z": [1e308, 0]})", "wanted numbers from");
  refused(R"({"run": "a", "z": [1e999, 0]})", "JSON");
  refused(R"({"run": "a", "z": [NaN, 0]})", "JSON");
  refused(R"({"run": "a", "z": [null, 0]})", "wanted numbers from");
  refused(R"({"run": "a", "z": ["0", 0]})", "wanted numbers from");
  refused(R"({"run": "a", "z": [0, 0, 0]})", "wanted 2 numbers");
  refused(R"({"run": "a", "z": [[0, 0], [0]]})", "wanted 2 numbers");
  refused(R"({"run": "a", "z": {}})", "wanted 2 numbers, found an object");
  refused(R"({"run": "a", "count": 65})", "from 1 to 64");
  refused(R"({"run": "a", "count": 1.5})", "whole number");
  refused(R"({"run": "a", "seed": 18446744073709551615})", "whole number");
  refused(R"({"run": "a", "class": 1})", "takes no class");
  refused(R"({"run": "a", "class": "all"})", "takes no class");
  refused(R"({"run": "a", "plan": "fast"})", "wanted one of exact, quick");
  refused(R"({"run": "a", "set": ["act9"]})", "no layer \"act9\"");
  refused(R"({"run": "a", "set": ["act1:channel=99"]})", "channels 0 to");
  refused(R"({"run": "a", "set": ["act1:value=nan"]})", "finite");
  refused(R"({"run": "a", "set": [3]})", "wanted texts");
  refused(R"({"run": "a", "set": "act1"})", "wanted a list");
  refused(Json{{"run", "a"}, {"set", std::vector<std::string>(257, "act1")}}.dump(), "at most 256");
  refused(R"({"run": "a", "want": []})", "wanted an object");
  refused(R"({"run": "a", "want": {"layers": ["act9"]}})", "no layer \"act9\"");
  refused(R"({"run": "a", "want": {"layers": 1}})", "true or false");
  refused(R"({"run": "a", "want": {"maps": "z"}})", "no layer \"z\"");
  refused(R"({"run": "a", "want": {"taps": {"layer": "act1", "channel": 99}}})", "there is no channel 99");
  refused(R"({"run": "a", "want": {"taps": {"layer": "act1", "row": -1}}})", "whole number");
  refused(Json{{"run", "a"}, {"view", std::string(65, 'v')}}.dump(), "at most 64 bytes");
  refused(R"({"run": "a", "view": "v", "serial": "1"})", "wanted a number");
  refused("{\"run\": \"" + std::string(300'000, 'a') + "\"}", "longer than", 413);
  EXPECT_EQ(look({{"run", "a"}}).head.at("run"), "a");
}

TEST_F(Look, TheNewestOfAViewWins) {
  start();
  look({{"run", "a"}});
  EXPECT_EQ(post("look", {{"run", "a"}, {"view", "v"}, {"serial", 5}}).status, 200);
  const Answer late = post("look", {{"run", "a"}, {"view", "v"}, {"serial", 4}});
  EXPECT_EQ(late.status, 409);
  EXPECT_EQ(late.json().at("error"), "overtaken");
  EXPECT_EQ(post("look", {{"run", "a"}, {"view", "w"}, {"serial", 4}}).status, 200) << "another view";
  // Twenty at once: those that wait when the last one comes are dropped, the last one is answered.
  std::vector<Client> clients;
  for (int i = 6; i < 26; ++i) {
    clients.emplace_back(port);
    const Json wanted = {{"run", "a"}, {"view", "v"}, {"serial", i}, {"count", 64}, {"want", {{"layers", true}}}};
    clients.back().send(text_of(port, "look", wanted.dump()));
  }
  std::vector<int> statuses;
  for (Client& client : clients) statuses.push_back(client.answer().status);
  EXPECT_EQ(statuses.back(), 200);
  for (const int status : statuses) EXPECT_TRUE(status == 200 || status == 409) << status;
}

TEST_F(Look, AskingWantsNoTokenButJson) {
  options.read_only = true;
  start();
  EXPECT_EQ(post("look", {{"run", "a"}}).status, 200);
  EXPECT_EQ(ask(port, "POST", "/api/v1/look", {}, R"({"run": "a"})").status, 415);
  EXPECT_EQ(ask(port, "POST", "/api/v1/look", {{"Content-Type", "text/plain"}}, R"({"run": "a"})").status, 415);
  EXPECT_EQ(ask(port, "POST", "/api/v1/look", {{"Content-Type", "application/json"}, {"Origin", "http://evil.example"}},
                R"({"run": "a"})")
                .status,
            403);
  EXPECT_EQ(ask(port, "POST", "/api/v1/look", {{"Content-Type", "application/json; charset=utf-8"}}, R"({"run": "a"})")
                .status,
            200);
  EXPECT_EQ(ask(port, "POST", "/api/v1/classifier", {{"Content-Type", "application/json"}}, R"({"run": "a"})").status,
            403)
      << "read-only";
}

TEST_F(Look, WeightsBehindALinkAreNotLoaded) {
  start();
  const fs::path snapshots = run.snapshots();
  fs::rename(snapshots, tiny.root / "elsewhere");
  fs::create_directory_symlink(tiny.root / "elsewhere", snapshots);
  EXPECT_EQ(post("look", {{"run", "a"}}).status, 409);
}

TEST(LookWithoutModels, SaysSo) {
  ganymede::testing::FreshFolder folder;
  ServerOptions options{.root = folder.path()};
  const Server server(options);
  const Answer answer = ask(server.port(), "POST", "/api/v1/look", {{"Content-Type", "application/json"}}, "{}");
  EXPECT_EQ(answer.status, 503);
}

}  // namespace
}  // namespace ganymede::serve
