#include <set>

#include "explore/attributes/direction_file.hpp"
#include "explore/attributes/scores.hpp"
#include "serve/models.hpp"

namespace ganymede::serve {
namespace {

using Json = nlohmann::json;

struct TickServed : ModelsServed {
  run::RunDirectory run = tiny.train("a");

  Frame tick(const Json& body) const {
    const Answer answer = post("tick", body);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.status == 200 ? frames_of(answer.body).at(0) : Frame{};
  }
  Answer keep(const Json& body, bool token = true) const {
    Headers headers = {{"Content-Type", "application/json"}};
    if (token) headers.emplace_back("X-Ganymede-Token", server->token());
    Client client(port);
    client.send(request_text(port, "POST", "/api/v1/tick/keep", headers, body.dump()));
    return client.answer();
  }
  void refused(const Json& body, const std::string& sentence, int status = 400) const {
    const Answer answer = post("tick", body);
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_NE(answer.body.find(sentence), std::string::npos) << answer.body;
  }
  /// The first seeds, yes where the first number of z is above 0.
  Json ticked(int count) const {
    const Frame seen = look({{"run", "a"}, {"seed", 0}, {"count", count}});
    Json ticks = Json::array();
    for (int i = 0; i < count; ++i)
      ticks.push_back({i, seen.head.at("z").at(static_cast<std::size_t>(i)).at(0).get<double>() > 0});
    return ticks;
  }
};

TEST_F(TickServed, OffersThirtyAndThenThoseNearestToThePlane) {
  start();
  const Frame first = tick({{"run", "a"}});
  ASSERT_EQ(first.head.at("seeds").size(), 30U);
  EXPECT_EQ(first.head.at("seeds").back(), 29);
  EXPECT_TRUE(first.head.at("plane").is_null());
  EXPECT_EQ(first.shape("picture"), (std::vector<std::int64_t>{30, 8, 8, 1}));
  EXPECT_EQ(first.arrays.at("picture"), look({{"run", "a"}, {"count", 30}}).arrays.at("picture"));
  const Json ticks = ticked(30);
  const Frame now = tick({{"run", "a"}, {"ticks", ticks}, {"offer", 8}});
  const Json& plane = now.head.at("plane");
  EXPECT_GT(plane.at("accuracy"), 0.8);
  EXPECT_EQ(plane.at("judged"), 30);
  EXPECT_GT(plane.at("low"), plane.at("commonest"));
  EXPECT_EQ(plane.at("told"), true);
  const std::vector<float> normal = now.values<float>("normal");
  ASSERT_EQ(normal.size(), 2U);
  EXPECT_GT(normal[0], 0.9F);
  // None of 200 others of the pool lies nearer to the plane.
  const auto distance = [&](int seed) {
    const Json z = look({{"run", "a"}, {"seed", seed}}).head.at("z").at(0);
    return std::abs(normal[0] * z.at(0).get<double>() + normal[1] * z.at(1).get<double>() +
                    plane.at("offset").get<double>());
  };
  std::set<int> offered;
  double farthest = 0;
  for (const int seed : now.head.at("seeds")) {
    EXPECT_GE(seed, 30);
    EXPECT_LT(seed, 2030);
    offered.insert(seed);
    farthest = std::max(farthest, distance(seed));
  }
  EXPECT_EQ(offered.size(), 8U);
  for (int seed = 30; seed < 2030; seed += 10) {
    if (offered.contains(seed)) continue;
    EXPECT_GE(distance(seed), farthest - 1e-5) << seed;
  }
  const Frame more = tick({{"run", "a"}, {"ticks", ticks}, {"offer", 8}, {"shown", now.head.at("seeds")}});
  for (const int seed : more.head.at("seeds")) EXPECT_FALSE(offered.contains(seed)) << "it was shown";
}

TEST_F(TickServed, KeepsADirectionThatEditTakes) {
  start();
  const Json body = {{"run", "a"}, {"ticks", ticked(20)}, {"name", "to-the-right"}};
  EXPECT_EQ(keep(body, false).status, 401);
  EXPECT_TRUE(fs::is_empty(run.path() / "directions"));
  const Answer answer = keep(body);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json().at("file"), "directions/to-the-right.json");
  EXPECT_EQ(answer.json().at("command"), "ganymede edit a --along to-the-right -o to-the-right.png");
  const auto kept = explore::read_directions(run.path() / "directions/to-the-right.json");
  ASSERT_FALSE(kept.empty());
  EXPECT_EQ(kept[0].name, "to-the-right");
  EXPECT_GT(kept[0].vector[0], 0.8);
  const auto table = explore::parse_scores(read_file(run.path() / "directions/to-the-right.csv"), "x");
  EXPECT_EQ(table.seeds.size(), 20U);
  EXPECT_EQ(keep(body).status, 409);
  Json again = body;
  again["replace"] = true;
  EXPECT_EQ(keep(again).status, 200);
}

TEST_F(TickServed, RefusesWhatAreNoTicks) {
  start();
  refused({{"run", "a"}, {"ticks", 3}}, "a list");
  refused({{"run", "a"}, {"ticks", {{0}}}}, "[seed, true or false]");
  refused({{"run", "a"}, {"ticks", {{0, 1}}}}, "[seed, true or false]");
  refused({{"run", "a"}, {"ticks", {{-1, true}}}}, "a seed");
  refused({{"run", "a"}, {"ticks", {{2030, true}}}}, "a seed");
  refused({{"run", "a"}, {"ticks", {{0, true}, {0, false}}}}, "twice");
  refused({{"run", "a"}, {"shown", {"x"}}}, "a seed");
  refused({{"run", "a"}, {"offer", 61}}, "offer");
  refused({{"run", "a"}, {"class", 0}}, "class");
  refused({{"run", "b"}}, "", 404);
  Json many = Json::array();
  for (int i = 0; i < 501; ++i) many.push_back({i, true});
  refused({{"run", "a"}, {"ticks", many}}, "500");
  for (const char* name : {"", "../up", "a/b", ".hidden", "-x"})
    EXPECT_EQ(keep({{"run", "a"}, {"ticks", ticked(20)}, {"name", name}}).status, 400) << name;
  EXPECT_EQ(keep({{"run", "a"}, {"ticks", {{0, true}}}, {"name", "x"}}).status, 400);
}

TEST_F(TickServed, WritesIntoNoFolderThatLeadsElsewhere) {
  fs::create_directories(tiny.root / "elsewhere");
  fs::remove(run.path() / "directions");
  fs::create_directory_symlink(tiny.root / "elsewhere", run.path() / "directions");
  start();
  EXPECT_GE(keep({{"run", "a"}, {"ticks", ticked(20)}, {"name", "x"}, {"replace", true}}).status, 400);
  EXPECT_TRUE(fs::is_empty(tiny.root / "elsewhere"));
}

}  // namespace
}  // namespace ganymede::serve
