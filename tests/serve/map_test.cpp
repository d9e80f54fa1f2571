#include "explore/weights.hpp"
#include "serve/catalogue.hpp"
#include "serve/models.hpp"
#include "serve/newest.hpp"

namespace ganymede::serve {
namespace {

using Json = nlohmann::json;

struct Maps : ModelsServed {
  explicit Maps(bool conditional = false) : ModelsServed(conditional) {}
  run::RunDirectory run = tiny.train("a");

  /// Labels of all elements, as the pieces gave them; each exactly once.
  static std::vector<int> labels_in(const std::vector<Frame>& frames) {
    std::vector<int> labels(frames.at(1).head.at("total"), -1);
    for (const Frame& frame : frames) {
      if (!frame.arrays.contains("points")) continue;
      const auto points = frame.values<std::int32_t>("points");
      const auto found = frame.values<std::uint8_t>("labels");
      EXPECT_EQ(points.size(), found.size());
      for (std::size_t i = 0; i < points.size(); ++i) {
        EXPECT_EQ(labels.at(static_cast<std::size_t>(points[i])), -1);
        labels[static_cast<std::size_t>(points[i])] = found[i];
      }
    }
    return labels;
  }
};

struct ConditionalMaps : Maps {
  ConditionalMaps() : Maps(true) {}
};

TEST_F(Maps, AreThoseOfTheCommandCoarseFirst) {
  put_classifier();
  start();
  const std::vector<Frame> frames = stream("map", {{"run", "a"}, {"side", 40}});
  const Json& first = frames.front().head;
  EXPECT_EQ(first.at("schema"), "ganymede.api.map/1");
  EXPECT_EQ(first.at("dims"), 2);
  EXPECT_EQ(first.at("side"), 40);
  EXPECT_EQ(first.at("axis").size(), 40U);
  EXPECT_EQ(first.at("axis").front(), -1);
  EXPECT_EQ(first.at("class_names").size(), 3U);
  EXPECT_EQ(frames.at(1).head.at("spacing"), 4);
  int spacing = 4, done = 0;
  for (std::size_t i = 1; i + 1 < frames.size(); ++i) {
    EXPECT_LE(frames[i].head.at("spacing"), spacing) << "finer and finer";
    spacing = frames[i].head.at("spacing");
    EXPECT_GT(frames[i].head.at("done"), done);
    done = frames[i].head.at("done");
  }
  EXPECT_EQ(done, 1600);
  const Json& last = frames.back().head;
  EXPECT_TRUE(last.at("done"));
  EXPECT_EQ(last.at("command"), "ganymede map a --resolution 40");

  const auto opened = run::RunDirectory::open(run.path());
  explore::TrainedGenerator generator(engine::cpu_backend(), explore::load_weights(opened).snapshot, run.path(), 1);
  const auto known = evaluate::known_classifier(tiny.recipe, {.backend = engine::cpu_backend(), .places = {}}, "");
  fit::Classifier classifier(engine::cpu_backend(), fit::load_classifier(known.file), 1);
  const explore::ClassMap map = generator.map(classifier, {.side = 40});
  const auto& expected = map.parts.front().labels;
  EXPECT_EQ(labels_in(frames), std::vector<int>(expected.begin(), expected.end()));
  EXPECT_EQ(last.at("shares"), explore::area_shares(map));
}

TEST_F(Maps, AFinishedOneIsSentAgainAtOnce) {
  put_classifier();
  start();
  const auto first = stream("map", {{"run", "a"}, {"side", 60}}), again = stream("map", {{"run", "a"}, {"side", 60}});
  EXPECT_GT(first.size(), 3U);
  EXPECT_EQ(again.size(), first.size()) << "in the same frames";
  EXPECT_EQ(labels_in(first), labels_in(again));
  EXPECT_EQ(first.front().head, again.front().head);
  EXPECT_EQ(first.back().head, again.back().head);
  const auto other = stream("map", {{"run", "a"}, {"side", 60}, {"set", {"act1:channel=0"}}});
  EXPECT_GT(other.size(), 3U) << "another map";
}

TEST_F(Maps, AreTheSameOnOneCoreBesideSomebodyWhoTrains) {
  put_classifier();
  start();
  const Catalogue catalogue(run.path().parent_path(), {});
  EXPECT_TRUE(catalogue.somebody_trains());
  const std::vector<int> beside = labels_in(stream("map", {{"run", "a"}, {"side", 24}}));
  { const run::RunDirectory ended = std::move(run); }  // and its lock is free
  EXPECT_FALSE(catalogue.somebody_trains());
  start();  // anew: nothing is kept
  EXPECT_EQ(labels_in(stream("map", {{"run", "a"}, {"side", 24}})), beside);
}

TEST_F(Maps, EqualRequestsHaveEqualBytes) {
  put_classifier();
  start();
  const auto body_of = [&](const std::string& endpoint, const Json& wanted, int* chunks = nullptr) {
    Client client(port);
    client.send(text_of(port, endpoint, wanted.dump()));
    client.until("\r\n\r\n");
    const std::string body = client.rest(30'000);
    if (chunks != nullptr) {
      *chunks = 0;
      for (std::size_t at = 0; at < body.size(); ++*chunks)
        at = body.find("\r\n", at) + 4 + std::stoul(body.substr(at), nullptr, 16);
    }
    return unchunked(body);
  };
  const Json map = {{"run", "a"}, {"side", 90}},
             walk = {{"run", "a"}, {"from", {-1, 0}}, {"to", {1, 1}}, {"steps", 23}};
  int made = 0, kept = 0;
  const std::string first = body_of("map", map, &made), way = body_of("walk", walk);
  EXPECT_EQ(body_of("map", map, &kept), first) << "kept";
  EXPECT_GT(made, 40);
  EXPECT_EQ(kept, 4) << "first frame, all pieces at once, the last, and the end";
  EXPECT_EQ(body_of("walk", walk), way);
  start();  // another server, which has to make it anew while it is asked for much else
  std::thread busy([&] {
    for (int i = 0; i < 60; ++i) look({{"run", "a"}, {"seed", i}, {"want", {{"layers", true}}}});
  });
  EXPECT_EQ(body_of("map", map), first);
  EXPECT_EQ(body_of("walk", walk), way);
  busy.join();
}

TEST_F(Maps, PlanesAreMapsOfTheirOwn) {
  put_classifier();
  start();
  const Json plane = {{"origin", {0, 0}}, {"u", {1, 0}}, {"v", {0, 1}}};
  const auto whole = stream("map", {{"run", "a"}, {"side", 20}});
  const auto same = stream("map", {{"run", "a"}, {"side", 20}, {"plane", plane}});
  EXPECT_EQ(labels_in(whole), labels_in(same)) << "the plane of both axes is the map itself";
  EXPECT_EQ(same.front().head.at("mass"), nullptr);
  EXPECT_EQ(same.back().head.at("command"), "ganymede map a --resolution 20 --through 0,0 --right 1,0 --up 0,1");
  const Json flat = {{"origin", {0.5, -0.5}}, {"u", {0, 0}}, {"v", {0, 0}}};
  const auto one = labels_in(stream("map", {{"run", "a"}, {"side", 8}, {"plane", flat}}));
  EXPECT_EQ(std::set<int>(one.begin(), one.end()).size(), 1U) << "all of its points are one";
}

TEST_F(ConditionalMaps, AreOfOneClassAndSayHowOftenItIsMet) {
  put_classifier();
  start();
  const auto frames = stream("map", {{"run", "a"}, {"side", 10}, {"class", 1}});
  EXPECT_EQ(frames.front().head.at("wanted"), 1);
  const Json& last = frames.back().head;
  EXPECT_EQ(last.at("wanted_share"), last.at("shares").at(1));
  EXPECT_EQ(last.at("command"), "ganymede map a --resolution 10 --class 1");
}

TEST_F(Maps, OfFourDimensionsAreCubesAtAFourthCoordinate) {
  tiny.recipe.latent.dim = 4;
  const run::RunDirectory deep = tiny.train("deep");
  put_classifier();
  start();
  const auto frames = stream("map", {{"run", "deep"}, {"side", 6}, {"fourth", 0.5}});
  EXPECT_EQ(frames.front().head.at("dims"), 3);
  EXPECT_EQ(frames.front().head.at("fourth"), 0.5);
  EXPECT_EQ(frames.back().head.at("command"), "ganymede map deep --resolution 6 --fourth 0.5");
  const auto opened = run::RunDirectory::open(deep.path());
  explore::TrainedGenerator generator(engine::cpu_backend(), explore::load_weights(opened).snapshot, deep.path(), 1);
  const auto known = evaluate::known_classifier(tiny.recipe, {.backend = engine::cpu_backend(), .places = {}}, "");
  fit::Classifier classifier(engine::cpu_backend(), fit::load_classifier(known.file), 1);
  const explore::ClassMap map = generator.map(classifier, {.side = 6, .fourth = {0.5}});
  const auto& expected = map.parts.front().labels;
  EXPECT_EQ(labels_in(frames), std::vector<int>(expected.begin(), expected.end()));
}

TEST_F(Maps, WantAClassifier) {
  start();
  const Answer answer = post("map", {{"run", "a"}});
  EXPECT_EQ(answer.status, 400);
  EXPECT_NE(answer.json().at("error").get<std::string>().find("no classifier of"), std::string::npos) << answer.body;
}

TEST_F(Maps, HostileBodiesAreSentences) {
  put_classifier();
  start();
  const auto refused = [&](const Json& wanted, const std::string& sentence) {
    const Answer answer = post("map", wanted);
    EXPECT_EQ(answer.status, 400) << wanted << answer.body;
    EXPECT_NE(answer.json().at("error").get<std::string>().find(sentence), std::string::npos) << answer.body;
  };
  refused({{"run", "a"}, {"side", 201}}, "from 2 to 200");
  refused({{"run", "a"}, {"side", 1}}, "from 2 to 200");
  refused({{"run", "a"}, {"axis", "log"}}, "linear, quantile");
  refused({{"run", "a"}, {"range", 0}}, "wanted a number");
  refused({{"run", "a"}, {"range", 1e308}}, "wanted a number");
  refused({{"run", "a"}, {"class", 0}}, "takes no class");
  refused({{"run", "a"}, {"plane", {{"origin", {0, 0}}}}}, "\"u\" is missing");
  refused({{"run", "a"}, {"plane", {{"origin", {0}}, {"u", {1, 0}}, {"v", {0, 1}}}}}, "wanted 2 numbers");
  refused({{"run", "a"}, {"plane", 3}}, "wanted an object");
  refused({{"run", "a"}, {"set", {"nothing"}}}, "no layer");
}

TEST_F(Maps, AClientThatGoesAwayStopsItsMap) {
  put_classifier();
  start();
  for (int i = 0; i < 40; ++i) {  // more than may be under way
    Client client(port);
    client.send(text_of(port, "map", Json{{"run", "a"}, {"side", 200}, {"range", 1 + i}}.dump()));
    EXPECT_TRUE(client.until("\r\n\r\n").starts_with("HTTP/1.1 200")) << i;
    if (i % 10 == 9) std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  for (int tries = 0; server->connections() > 0 && tries < 100; ++tries)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(server->connections(), 0U);
}

TEST_F(Maps, ANewerOneOfItsViewStopsIt) {
  put_classifier();
  start();
  Client old(port);
  old.send(text_of(port, "map", Json{{"run", "a"}, {"side", 200}, {"view", "v"}, {"serial", 1}}.dump()));
  old.until("\r\n\r\n");
  const auto frames = stream("map", {{"run", "a"}, {"side", 10}, {"view", "v"}, {"serial", 2}});
  EXPECT_TRUE(frames.back().head.at("done"));
  EXPECT_NE(old.rest(10'000).find(R"({"error":"overtaken")"), std::string::npos);
}

TEST_F(Maps, ALookWaitsForAPieceAndNotForTheMap) {
  put_classifier();
  start();
  look({{"run", "a"}});
  Client map(port);
  map.send(text_of(port, "map", Json{{"run", "a"}, {"side", 200}}.dump()));
  map.until("\"spacing\"");
  int before_the_end = 0;
  for (int i = 0; i < 5; ++i) {
    look({{"run", "a"}, {"seed", i}});
    ++before_the_end;
  }
  EXPECT_EQ(before_the_end, 5);
  EXPECT_NE(map.rest(60'000).find("\"shares\""), std::string::npos) << "and the map went on";
}

TEST_F(Maps, ACollapsedFolderIsAFrameWithASentence) {
  put_classifier();
  start();
  look({{"run", "a"}});
  fs::remove_all(run.path());
  EXPECT_EQ(post("map", {{"run", "a"}}).status, 404);
}

TEST_F(Maps, WalksComeWithTheirEndsFirst) {
  put_classifier();
  start();
  const auto frames = stream("walk", {{"run", "a"}, {"from", {-1, -1}}, {"to", {1, 1}}, {"steps", 9}});
  EXPECT_EQ(frames.front().head.at("schema"), "ganymede.api.walk/1");
  EXPECT_EQ(frames.front().shape("line"), (Shape{201, 2}));
  EXPECT_EQ(frames.at(1).head.at("pictures"), (std::vector<int>{0, 8}));
  std::map<int, std::string> pictures;
  for (const Frame& frame : frames) {
    if (!frame.arrays.contains("picture")) continue;
    const auto which = frame.head.at("pictures").get<std::vector<int>>();
    EXPECT_EQ(frame.values<std::int32_t>("labels").size(), which.size());
    for (std::size_t i = 0; i < which.size(); ++i) pictures[which[i]] = frame.arrays.at("picture").substr(64 * i, 64);
  }
  ASSERT_EQ(pictures.size(), 9U);
  EXPECT_EQ(pictures[4], look({{"run", "a"}, {"z", {0, 0}}}).arrays.at("picture"));
  EXPECT_EQ(pictures[2], look({{"run", "a"}, {"z", {-0.5, -0.5}}}).arrays.at("picture"));
  const Json& last = frames.back().head;
  EXPECT_TRUE(last.at("done"));
  EXPECT_EQ(last.at("areas").front().at("first"), 0);
  EXPECT_EQ(last.at("areas").back().at("last"), 200);
  EXPECT_NE(last.at("words"), "");
  EXPECT_EQ(last.at("command"), "ganymede interpolate a --from -1,-1 --to 1,1 --steps 9 -o walk.png");
}

TEST_F(ConditionalMaps, WalksGoFromOneClassToAnother) {
  put_classifier();
  start();
  const Json z = {0.25, -1};
  const Json wanted = {{"run", "a"}, {"from", z}, {"to", z}, {"class", 2}, {"to_class", 0}, {"steps", 5}};
  const auto frames = stream("walk", wanted);
  const auto at_end = [&](int k) { return look({{"run", "a"}, {"z", {z, z}}, {"class", k}}).arrays.at("picture"); };
  EXPECT_EQ(frames.at(1).arrays.at("picture"), at_end(2).substr(0, 64) + at_end(0).substr(0, 64));
  std::set<std::string> pictures;
  for (const Frame& frame : frames) {
    const std::string bytes = frame.arrays.contains("picture") ? frame.arrays.at("picture") : "";
    for (std::size_t i = 0; i < bytes.size(); i += 64) pictures.insert(bytes.substr(i, 64));
  }
  EXPECT_EQ(pictures.size(), 5U) << "and others in between";
  EXPECT_EQ(frames.back().head.at("areas").back().at("last"), 200);
  EXPECT_EQ(frames.back().head.at("command"),
            "ganymede interpolate a --from 0.25,-1 --to 0.25,-1 --steps 5 --class 2 --to-class 0 -o walk.png");
  EXPECT_EQ(post("walk", {{"run", "a"}, {"from", z}, {"to", z}, {"to_class", 3}}).status, 400);
}

TEST_F(Maps, WalksWithoutAClassifierHavePicturesAlone) {
  start();
  const auto frames = stream("walk", {{"run", "a"}, {"from", {0, 0}}, {"to", {1, 1}}, {"path", "slerp"}});
  EXPECT_FALSE(frames.back().head.contains("areas"));
  EXPECT_FALSE(frames.at(1).arrays.contains("labels"));
  EXPECT_EQ(post("walk", {{"run", "a"}, {"from", {0, 0}}}).status, 400);
  EXPECT_EQ(post("walk", {{"run", "a"}, {"from", {0, 0}}, {"to", {0, 0}}, {"to_class", 0}}).status, 400);
  EXPECT_EQ(post("walk", {{"run", "a"}, {"from", {0, 0}}, {"to", {0, 0}}, {"steps", 65}}).status, 400);
  EXPECT_EQ(post("walk", {{"run", "a"}, {"from", {0, 0}}, {"to", {0, 1e300}}}).status, 400);
}

TEST(Newest, KnowsWhoWasOvertaken) {
  Newest newest;
  const auto first = newest.take("look", "v", 1), same_view_of_map = newest.take("map", "v", 1);
  EXPECT_FALSE(newest.overtaken(first));
  const auto second = newest.take("look", "v", 2);
  EXPECT_TRUE(newest.overtaken(first));
  EXPECT_FALSE(newest.overtaken(second));
  EXPECT_FALSE(newest.overtaken(same_view_of_map));
  EXPECT_TRUE(newest.overtaken(newest.take("look", "v", 1))) << "late";
  EXPECT_FALSE(newest.overtaken(newest.take("look", "", 0))) << "without a view";
  for (int i = 0; i < 5000; ++i) newest.take("look", std::to_string(i), 1);
  EXPECT_FALSE(newest.overtaken(newest.take("look", "v", 1))) << "forgotten, so that views cost bounded memory";
}

}  // namespace
}  // namespace ganymede::serve
