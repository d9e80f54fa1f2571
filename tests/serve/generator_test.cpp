#include <cmath>

#include "base/file.hpp"
#include "fit/fit_mark.hpp"
#include "serve/models.hpp"

namespace ganymede::serve {
namespace {

using Json = nlohmann::json;

struct Generators : ModelsServed {
  explicit Generators(bool conditional = false) : ModelsServed(conditional) {}
  run::RunDirectory run = tiny.train("a");

  Json classifier() const { return get("runs/a/classifier").json(); }
  Answer fit() const {
    return ask(port, "POST", "/api/v1/classifier", {{"X-Ganymede-Token", server->token()}}, R"({"run": "a"})");
  }
  /// A script in the program's place.
  void stand_in(const std::string& body) {
    const fs::path program = tiny.root / "bin" / "ganymede";
    write(program, "#!/bin/sh\nprintf '%s\\n' \"$@\" > " + words().string() + "\n" + body + "\n");
    fs::permissions(program, fs::perms::owner_all);
    options.program = program;
    start();
  }
  fs::path words() const { return tiny.root / "bin" / "words"; }
  std::string said() const {
    for (int tries = 0; !fs::exists(words()) && tries < 100; ++tries)
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return fs::exists(words()) ? read_file(words()) : "";
  }
};

struct ConditionalGenerators : Generators {
  ConditionalGenerators() : Generators(true) {}
};

TEST_F(Generators, SayWhatCanBeAsked) {
  start();
  const Json g = get("runs/a/generator").json();
  EXPECT_EQ(g.at("schema"), "ganymede.api.generator/1");
  EXPECT_EQ(g.at("epoch"), 1);
  EXPECT_EQ(g.at("epochs"), (std::vector<int>{0, 1}));
  EXPECT_EQ(g.at("latent").at("dim"), 2);
  EXPECT_EQ(g.at("latent").at("prior"), "normal");
  EXPECT_EQ(g.at("classes"), 0);
  EXPECT_EQ(g.at("screen"), "2d");
  EXPECT_EQ(g.at("kind"), "image");
  EXPECT_EQ(g.at("shape"), (Shape{1, 8, 8}));
  EXPECT_EQ(g.at("seeds").at("z").size(), 16U);
  const Json seen = look({{"run", "a"}, {"seed", 0}, {"count", 16}}).head;
  EXPECT_EQ(g.at("seeds").at("z"), seen.at("z"));
  std::set<std::string> names;
  for (const Json& layer : g.at("layers")) {
    for (const std::string from : layer.at("from")) EXPECT_TRUE(names.contains(from)) << from << " stands before";
    names.insert(layer.at("node"));
  }
  EXPECT_TRUE(names.contains("dense") && names.contains("act1"));
  EXPECT_TRUE(g.at("layers").at(0).at("from").empty()) << "it reads z";
  EXPECT_GT(g.at("layers").at(0).at("parameters"), 0);
  EXPECT_EQ(get("runs/a/generator?epoch=0").json().at("epoch"), 0);
  EXPECT_FALSE(g.at("beyond")) << "the last snapshot is of the end";
  fs::remove(run::latest_snapshot(tiny.root / "runs" / "a" / "snapshots").path);
  const Json later = get("runs/a/generator").json();
  EXPECT_EQ(later.at("epochs"), std::vector<int>{0});
  EXPECT_EQ(later.at("epoch"), 1);
  EXPECT_TRUE(later.at("beyond"));
  EXPECT_EQ(get("runs/a/generator?epoch=7").status, 404);
  EXPECT_EQ(get("runs/a/generator?epoch=x").status, 400);
  EXPECT_EQ(get("runs/b/generator").status, 404);
}

TEST_F(ConditionalGenerators, HaveClasses) {
  start();
  const Json g = get("runs/a/generator").json();
  EXPECT_EQ(g.at("classes"), 3);
  EXPECT_EQ(g.at("class_names").size(), 3U);
}

TEST_F(Generators, HaveDirectionsOfLengthOne) {
  start();
  const auto directions = [&](const std::string& query) {
    return get("runs/a/directions?" + query).json().at("directions");
  };
  for (const std::string kind : {"axes", "random", "principal"}) {
    const Json list = directions("kind=" + kind + "&count=2");
    ASSERT_EQ(list.size(), 2U);
    for (const Json& one : list)
      EXPECT_NEAR(std::hypot(one.at("vector").at(0).get<double>(), one.at("vector").at(1).get<double>()), 1, 1e-6);
    EXPECT_EQ(list.at(0).contains("strength"), kind == "principal");
  }
  EXPECT_EQ(directions("kind=axes").at(1).at("name"), "z2");
  EXPECT_NE(directions("kind=random&seed=1"), directions("kind=random&seed=2"));
  EXPECT_EQ(directions("kind=random&seed=1"), directions("kind=random&seed=1"));
  EXPECT_EQ(get("runs/a/directions?kind=up").status, 400);
  EXPECT_EQ(get("runs/a/directions?count=-1").status, 400);
}

TEST_F(Generators, TheirClassifierIsFoundAndNeverFittedByAsking) {
  start();
  Json known = classifier();
  EXPECT_EQ(known.at("state"), "missing");
  EXPECT_NE(known.at("sentence").get<std::string>().find("steps"), std::string::npos);
  EXPECT_EQ(known.at("class_names").size(), 3U);
  put_classifier();
  known = classifier();
  EXPECT_EQ(known.at("state"), "ready") << "it came meanwhile";
  EXPECT_TRUE(known.contains("error_rate"));
}

TEST_F(Generators, DataThatAreGoneAreASentence) {
  fs::remove_all(tiny.root / "bars");
  start();
  const Json known = classifier();
  EXPECT_EQ(known.at("state"), "impossible");
  EXPECT_NE(known.at("sentence"), "");
  EXPECT_EQ(look({{"run", "a"}}).head.at("classifier"), "impossible");
  EXPECT_EQ(fit().status, 409);
}

TEST_F(Generators, AFitIsAChildThatIsStartedOnce) {
  stand_in("sleep 0.5");
  EXPECT_EQ(ask(port, "POST", "/api/v1/classifier", {}, R"({"run": "a"})").status, 401) << "it starts a process";
  const Answer answer = fit();
  EXPECT_EQ(answer.json().at("state"), "fitting") << answer.body;
  EXPECT_EQ(answer.json().at("done"), 0);
  EXPECT_GT(answer.json().at("total"), 0);
  EXPECT_EQ(said(), "classifier\n" + (tiny.root / "runs" / "a").string() + "\n--quiet\n");
  fs::remove(words());
  EXPECT_EQ(fit().json().at("state"), "fitting") << "and not a second one";
  EXPECT_FALSE(fs::exists(words()));
}

TEST_F(Generators, AFitThatFailsSaysWhy) {
  stand_in("echo 'ganymede: no room on the disk' >&2\nexit 2");
  fit();
  Json known;
  for (int tries = 0; tries < 100; ++tries) {
    known = classifier();
    if (known.at("state") != "fitting") break;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_EQ(known.at("state"), "missing");
  EXPECT_EQ(known.at("sentence"), "the last fit failed: no room on the disk");
}

TEST_F(Generators, AFitOfSomebodyElseIsSeen) {
  start();
  const auto known = evaluate::known_classifier(tiny.recipe, {.backend = engine::cpu_backend(), .places = {}}, "");
  fs::create_directories(known.file.parent_path());
  {
    fit::FitMark mark(known.file);
    mark.show(30, known.steps);
    const Json seen = classifier();
    EXPECT_EQ(seen.at("state"), "fitting");
    EXPECT_EQ(seen.at("done"), 30);
    EXPECT_EQ(seen.at("total"), known.steps);
  }
  EXPECT_EQ(classifier().at("state"), "missing");
}

TEST_F(Generators, WhatIsKeptStaysWithinItsBound) {
  for (const char* name : {"b", "c", "d", "e"}) tiny.train(name);
  put_classifier();
  options.memory_bytes = 4 << 20;
  start();
  for (int i = 0; i < 300; ++i) {
    const std::string name(1, static_cast<char>('a' + i % 5));
    look({{"run", name}, {"epoch", i / 5 % 2}, {"seed", i}, {"want", {{"layers", i % 2 == 0}}}});
    if (i % 10 == 0) stream("map", {{"run", name}, {"side", 8}, {"range", 1 + i / 10}});
    EXPECT_LE(server->kept_bytes(), options.memory_bytes);
  }
  EXPECT_GT(server->kept_bytes(), 0);
}

}  // namespace
}  // namespace ganymede::serve
