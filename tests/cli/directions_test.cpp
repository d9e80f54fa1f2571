#include <sstream>

#include "cli/bars.hpp"
#include "picture/png.hpp"

namespace ganymede::cli {
namespace {

struct Directions : Cli {
  void points(const std::string& name = "p") const {
    const Result trained = run({"train", "ring", "--run", name, "--threads", "1", "--quiet", "--epochs", "2", "--set",
                                "data.builtin_count=512", "--set", "train.batch=64", "--set", "latent.dim=4"});
    ASSERT_EQ(trained.code, 0) << trained.err;
  }
};

TEST_F(Directions, OfPointsAreFittedKeptAndGoneAlong) {
  points();
  const Result found = run({"directions", "p", "--n", "300", "--resamples", "20", "--json", "--quiet"});
  ASSERT_EQ(found.code, 0) << found.err;
  const auto json = found.json();
  EXPECT_EQ(json.at("schema"), "ganymede.directions_command/1");
  const auto& set = json.at("directions").at(0);
  EXPECT_EQ(set.at("schema"), "ganymede.directions/1");
  EXPECT_EQ(set.at("count"), 300);
  EXPECT_EQ(set.at("held_out"), 90);
  EXPECT_EQ(set.at("attributes").size(), 4U);
  EXPECT_EQ(set.at("entanglement").at("cosines").size(), 4U);
  EXPECT_EQ(set.at("principal").size(), 4U);
  EXPECT_FALSE(set.at("proof").at("rows").empty());
  const fs::path file = run_path("p") / "directions/attributes.json";
  EXPECT_EQ(nlohmann::json::parse(read_file(file)).at("attributes"), set.at("attributes"));
  EXPECT_TRUE(fs::exists(run_path("p") / "directions/attributes.png"));
  const std::string before = read_file(file);
  const Result text = run({"directions", "p", "--n", "300", "--resamples", "20", "--threads", "2"});
  ASSERT_EQ(text.code, 0) << text.err;
  EXPECT_EQ(read_file(file), before) << "the same whatever the threads";
  EXPECT_TRUE(holds(text.out, set.at("entanglement").at("sentence"))) << text.out;
  EXPECT_TRUE(holds(text.out, "One step of 1 on 200 other samples")) << text.out;

  const Result edited = run({"edit", "p", "--seed", "3", "--along", "x", "--from", "-1", "--to", "1", "--steps", "3",
                             "-o", "x.png", "--json"});
  ASSERT_EQ(edited.code, 0) << edited.err;
  const auto moved = edited.json();
  EXPECT_EQ(moved.at("schema"), "ganymede.edit/1");
  EXPECT_EQ(moved.at("at"), (std::vector<double>{-1, 0, 1}));
  EXPECT_LT(moved.at("scores").at("x").at(0), moved.at("scores").at("x").at(2)) << "x rises";
  EXPECT_TRUE(fs::exists(at("x.png")));
  EXPECT_EQ(run({"edit", "p", "--along", "x", "--along", "z2", "--steps", "3", "-o", "grid.png"}).code, 0);
}

TEST_F(Directions, OfPicturesMakeStripsGridsAndFilms) {
  share_classifiers();
  ASSERT_EQ(run(train("a", {"--quiet"})).code, 0);
  const Result found = run({"directions", "a", "--n", "60", "--resamples", "10", "--attributes", "ink,slant", "--name",
                            "mine", "--components", "2"});
  ASSERT_EQ(found.code, 0) << found.err;
  for (const char* file : {"mine.json", "mine.png"})
    EXPECT_TRUE(fs::exists(run_path("a") / "directions" / file)) << file;
  ASSERT_EQ(run({"edit", "a", "--along", "mine/ink", "--steps", "4", "--n", "2", "-o", "strip.png"}).code, 0);
  const picture::Image strip = picture::read_png(at("strip.png")).image;
  EXPECT_GT(strip.width(), 3 * 84);
  EXPECT_GT(strip.height(), 2 * 84);
  EXPECT_EQ(run({"edit", "a", "--along", "ink", "--along", "slant", "--steps", "3", "-o", "grid.png"}).code, 0);
  EXPECT_EQ(run({"edit", "a", "--along", "ink", "--keep", "slant", "-o", "ink.gif", "--steps", "3"}).code, 0);
  EXPECT_TRUE(read("ink.gif").starts_with("GIF89a"));
}

TEST_F(Directions, ByHandComeFromATableOfNamedSamples) {
  points();
  ASSERT_EQ(run({"sample", "p", "--n", "80", "--csv", "mine.csv", "--seed", "5"}).code, 0);
  std::istringstream lines(read("mine.csv"));
  std::string head, text;
  std::getline(lines, head);
  EXPECT_EQ(head, "seed,x,y,radius,angle");
  text = head + ",ticked\n";
  int number = 0;
  for (std::string line; std::getline(lines, line); ++number) {
    const double x = std::stod(line.substr(line.find(',') + 1));
    text += line + (number == 3 ? ",\n" : x > 0 ? ",1\n" : ",0\n");
  }
  EXPECT_EQ(number, 80);
  write("mine.csv", text);
  const Result found = run({"directions", "p", "--scores", "mine.csv", "--attributes", "x,ticked", "--resamples", "10",
                            "--json", "--quiet"});
  ASSERT_EQ(found.code, 0) << found.err;
  const auto set = found.json().at("directions").at(0);
  EXPECT_EQ(set.at("count"), 79);
  for (const auto& one : set.at("attributes"))
    EXPECT_EQ(one.at("kind"), one.at("name") == "x" ? "continuous" : "binary");
  write("bad.csv", "seed,a\n1,yes\n");
  const Result bad = run({"directions", "p", "--scores", "bad.csv"});
  EXPECT_EQ(bad.code, 2);
  EXPECT_TRUE(holds(bad.err, "bad.csv, line 2, column a: wanted a number (of a tick 1 or 0), found \"yes\""))
      << bad.err;
}

TEST_F(Directions, OfAConditionalModelAreMadeClassByClass) {
  share_classifiers();
  write_bars(at("bars"), 90, 60);
  ASSERT_EQ(run(train("c", {"--quiet", "--set", "data.source=./bars", "--set", "generator.condition=embedding", "--set",
                            "discriminator.condition=embedding"}))
                .code,
            0);
  ASSERT_EQ(run({"directions", "c", "--n", "60", "--resamples", "10", "--attributes", "ink"}).code, 0);
  for (const int k : {0, 1, 2}) {
    const auto json = nlohmann::json::parse(read("runs/c/directions/attributes-class-" + std::to_string(k) + ".json"));
    EXPECT_EQ(json.at("class"), k);
  }
  ASSERT_EQ(run({"directions", "c", "--n", "60", "--resamples", "10", "--attributes", "classes", "--class", "1",
                 "--name", "one"})
                .code,
            0);
  EXPECT_EQ(nlohmann::json::parse(read("runs/c/directions/one.json")).at("class"), 1);
}

TEST_F(Directions, ThatAreInterruptedEndAsOthersDoAndLeaveNothing) {
  ASSERT_EQ(run(train("a", {"--quiet"})).code, 0);
  const auto files = [&] {
    return std::distance(fs::directory_iterator(run_path("a") / "directions"), fs::directory_iterator());
  };
  for (const int signal : {SIGINT, SIGTERM}) {
    write("stderr.txt", "");  // of the child before
    Child child(folder(), {"directions", "a", "--n", "100000", "--resamples", "10000"});
    ASSERT_TRUE(child.wait_until([&] { return read("stderr.txt").find("are drawn and scored") != std::string::npos; }));
    child.send(signal);
    const Result result = child.wait();
    EXPECT_EQ(result.code, 1) << result.err;
    EXPECT_TRUE(holds(result.err, "directions: stopped")) << result.err;
    EXPECT_EQ(files(), 0);
  }
  // What a killed one left half written goes away with the next.
  write("runs/a/directions/mine.json.1-1.partial", "{");
  ASSERT_EQ(run({"directions", "a", "--n", "60", "--resamples", "10", "--attributes", "ink"}).code, 0);
  EXPECT_FALSE(fs::exists(run_path("a") / "directions/mine.json.1-1.partial"));
}

TEST_F(Directions, WhatCannotBeSaysSoAndLeavesNothing) {
  points();
  const auto refused = [&](const std::vector<std::string>& arguments, const std::string& why) {
    const Result result = run(arguments);
    EXPECT_EQ(result.code, 2) << arguments.front() << ": " << result.out;
    EXPECT_TRUE(holds(result.err, why)) << result.err;
  };
  refused({"directions", "p", "--attributes", "raduis"}, "did you mean \"radius\"?");
  refused({"directions", "p", "--name", "../x"}, "--name ../x: wanted letters");
  refused({"edit", "p", "--along", "x", "-o", "x.png"}, "`ganymede directions RUN` makes directions");
  refused({"edit", "p", "--along", "z9", "-o", "x.png"}, "z1 to z4");
  refused({"edit", "p", "--along", "z1", "-o", "x.txt"}, "wanted .png");
  refused({"edit", "p", "--along", "z1", "-o", "x.gif"}, "points are drawn in one plot");
  refused({"edit", "p", "--along", "z1", "-o", "x.svg"}, "only symbols of ink");
  refused({"edit", "p", "--along", "z1", "--keep", "z1", "-o", "x.png"}, "no direction");
  refused({"edit", "p", "--along", "z1", "--along", "z2", "--n", "2", "-o", "x.png"}, "a grid of two directions");
  for (const char* file : {"x.png", "x.txt", "x.gif", "x.svg"}) EXPECT_FALSE(fs::exists(at(file))) << file;
  EXPECT_TRUE(fs::is_empty(run_path("p") / "directions"));
  write("runs/p/directions/attributes.json", "{\"schema\": \"ganymede.directions/9\"}");
  refused({"edit", "p", "--along", "x", "-o", "x.png"}, "wanted schema ganymede.directions/1");
}

}  // namespace
}  // namespace ganymede::cli
