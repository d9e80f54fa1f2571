#include <sys/stat.h>

#include "cli/bars.hpp"
#include "tensor/checked_file.hpp"
#include "tensor/npy.hpp"

namespace ganymede::cli {
namespace {

struct Fault : Cli {
  /// Seven steps an epoch, as tiny.toml has them.
  std::vector<std::string> with_maps(const std::string& name, const std::vector<std::string>& more = {}) const {
    if (!fs::exists(at("bars"))) write_bars(at("bars"), 200, 60);
    std::vector<std::string> words = train(name, {"--quiet", "--set", "latent.dim=2", "--set", "evaluate.map_every=1",
                                                  "--set", "evaluate.map_resolution=8", "--set", "data.source=./bars"});
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  static Child::Before to(int descriptor, const char* path) {
    return [=] { dup2(open(path, O_WRONLY), descriptor); };
  }
  void expect_finished(const std::string& name) const {
    EXPECT_EQ(state(name), "finished");
    expect_equal(name, "whole");
  }
};

TEST_F(Fault, ARunThatSettledStaysSettledWhenResumed) {
  share_classifiers();
  ASSERT_EQ(
      run(with_maps("s", {"--epochs", "8", "--set", "evaluate.map_stop=1", "--set", "evaluate.map_stop_from=2"})).code,
      0);
  const auto step = run::load_latest_checkpoint(run_path("s") / "checkpoints").checkpoint.step;
  ASSERT_EQ(step, 14U) << "the map of epoch 2 settles it";
  EXPECT_TRUE(fs::exists(run_path("s") / "snapshots/epoch-00002.safetensors"));
  const Result again = run({"resume", "s"});
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_TRUE(holds(again.err, "evaluate.map_stop"));
  EXPECT_EQ(run({"resume", "s", "--epochs", "9", "--quiet"}).code, 0);
  EXPECT_EQ(run::load_latest_checkpoint(run_path("s") / "checkpoints").checkpoint.step, step);
  // Told to, it trains on.
  EXPECT_EQ(run({"resume", "s", "--epochs", "3", "--set", "evaluate.map_stop=0", "--accept-changes", "--quiet"}).code,
            0);
  EXPECT_EQ(run::load_latest_checkpoint(run_path("s") / "checkpoints").checkpoint.step, 21U);
}

TEST_F(Fault, WhatOthersDoToMapsDoesNotChangeTraining) {
  share_classifiers();
  ASSERT_EQ(run(with_maps("whole", {"--epochs", "3"})).code, 0);
  const auto told = [&](const std::string& name) {
    std::string lines;
    for (const std::string& line : run::read_event_lines(run_path(name) / "events.jsonl"))
      lines += run::without_times(line) + "\n";
    return lines;
  };
  for (const std::string name : {"other-grid", "deleted", "damaged"}) {
    ASSERT_EQ(run(with_maps(name, {"--epochs", "2"})).code, 0);
    const fs::path maps = run_path(name) / "maps";
    if (name == "other-grid") {
      ASSERT_EQ(run({"map", name, "--resolution", "20", "--quiet"}).code, 0);
    }
    if (name == "deleted") fs::remove_all(maps);
    if (name == "damaged") fs::resize_file(maps / "epoch-00002.npy", 20);
    ASSERT_EQ(run({"resume", name, "--epochs", "3", "--quiet", "--threads", "1"}).code, 0);
    EXPECT_EQ(told(name), told("whole")) << name;
  }
}

TEST_F(Fault, ARunGoesOnWithoutItsConsole) {
  ASSERT_EQ(run(train("whole")).code, 0);
  const auto full = [] {
    dup2(open("/dev/full", O_WRONLY), STDOUT_FILENO);
    dup2(open("/dev/full", O_WRONLY), STDERR_FILENO);
  };
  EXPECT_EQ(run(train("full"), full).code, 0);
  expect_finished("full");
  const auto closed = [] {
    close(STDIN_FILENO);
    close(STDOUT_FILENO);
    close(STDERR_FILENO);
  };
  EXPECT_EQ(run(train("closed"), closed).code, 0);
  expect_finished("closed");
  // No file of the run gets a number that the console writes to.
  Child child(folder(), train("held", {"--epochs", "100000"}), closed);
  ASSERT_TRUE(child.wait_until([&] { return event_count("held") >= 2; }));
  for (const char* number : {"0", "1", "2"})
    EXPECT_EQ(fs::read_symlink("/proc/" + std::to_string(child.pid()) + "/fd/" + number), "/dev/null") << number;
  child.send(SIGINT);
  EXPECT_EQ(child.wait().code, 0);
  const auto broken = [] {
    int ends[2];
    if (pipe(ends) == 0) close(ends[0]);
    dup2(ends[1], STDOUT_FILENO);
    dup2(ends[1], STDERR_FILENO);
  };
  EXPECT_EQ(run(train("pipe"), broken).code, 0);
  expect_finished("pipe");
}

TEST_F(Fault, AResultThatCannotBeWrittenIsAFailureNotACrash) {
  ASSERT_EQ(run(train("a", {"--quiet", "--epochs", "1"})).code, 0);
  const std::vector<std::vector<std::string>> commands = {{"sample", "a", "-o", "x.png", "--json"},
                                                          {"runs"},
                                                          {"runs", "du", "--json"},
                                                          {"options"},
                                                          {"--help"},
                                                          {"report", "a"}};
  for (const auto& command : commands) {
    EXPECT_EQ(run(command, to(STDOUT_FILENO, "/dev/full")).code, 3) << command[0];
  }
  EXPECT_EQ(run({"nonsense"}, to(STDERR_FILENO, "/dev/full")).code, 2);
  EXPECT_EQ(run({"sample", "none", "-o", "x.png"}, to(STDERR_FILENO, "/dev/full")).code, 2);
}

TEST_F(Fault, AClosedTerminalPausesAndNohupDoesNot) {
  for (const bool ignored : {false, true}) {
    const std::string name = ignored ? "nohup" : "hup";
    Child child(folder(), train(name, {"--quiet", "--epochs", ignored ? "3" : "100000"}),
                [=] { signal(SIGHUP, ignored ? SIG_IGN : SIG_DFL); });
    ASSERT_TRUE(child.wait_until([&] { return event_count(name) >= 2; }));
    child.send(SIGHUP);
    child.send(SIGHUP);  // shell and system may both send it
    EXPECT_EQ(child.wait().code, 0);
    EXPECT_EQ(state(name), ignored ? "finished" : "paused");
  }
}

TEST_F(Fault, BracketsWithoutEndAreDamageAndOneBadRunSparesTheOthers) {
  ASSERT_EQ(run(train("a", {"--quiet", "--epochs", "1"})).code, 0);
  fs::copy(run_path("a"), run_path("bad"), fs::copy_options::recursive);
  const std::string brackets(100'000, '[');
  for (const std::string& text :
       {brackets, "{\"schema\": " + brackets + std::string(100'000, ']') + "}", "{\"a\":" + brackets}) {
    write("runs/bad/run.json", text);
    const Result listed = run({"runs"});
    EXPECT_EQ(listed.code, 0) << listed.err;
    EXPECT_TRUE(holds(listed.out, "a ")) << listed.out;
    EXPECT_TRUE(holds(listed.out, "damaged"));
    EXPECT_EQ(run({"resume", "bad"}).code, 2);
    write("runs/a/measures/x.json", text);
    EXPECT_EQ(run({"report", "a"}).code, 2);
  }
  write("runs/a/measures/x.json", "{\"schema\": 7}");
  EXPECT_EQ(run({"report", "a"}).code, 0);
  write("runs/bad/recipe.toml", "a = " + brackets);
  EXPECT_EQ(run({"train", "runs/bad/recipe.toml"}).code, 2);
}

TEST_F(Fault, LinksWithinARunLeadNowhere) {
  ASSERT_EQ(run(train("whole", {"--quiet"})).code, 0);
  ASSERT_EQ(run(train("a", {"--quiet", "--epochs", "1"})).code, 0);
  fs::create_directory(at("outside"));
  for (const char* file : {"samples/latest.png", "losses.png", "report.html", "run.lock"}) {
    const std::string target = "outside/" + fs::path(file).filename().string();
    write(target, "precious");
    fs::remove(run_path("a") / file);
    fs::create_symlink(at(target), run_path("a") / file);
  }
  fs::rename(run_path("a") / "events.jsonl", at("outside/events.jsonl"));
  fs::create_symlink(at("outside/events.jsonl"), run_path("a") / "events.jsonl");
  const std::string events = read("outside/events.jsonl");
  write("runs/a/samples/notes.partial", "mine");
  ASSERT_EQ(run({"resume", "a", "--epochs", "2", "--quiet", "--threads", "1"}).code, 0);
  ASSERT_EQ(run({"report", "a", "--quiet"}).code, 0);
  for (const char* file : {"latest.png", "losses.png", "report.html", "run.lock"})
    EXPECT_EQ(read(std::string("outside/") + file), "precious") << file;
  EXPECT_EQ(read("outside/events.jsonl"), events);
  EXPECT_EQ(read("runs/a/samples/notes.partial"), "mine");
  expect_equal("a", "whole");
  // What -o names is the user's.
  fs::create_symlink(at("outside/latest.png"), at("here.png"));
  ASSERT_EQ(run({"sample", "a", "-o", "here.png", "--quiet"}).code, 0);
  EXPECT_TRUE(fs::is_symlink(at("here.png")));
  EXPECT_NE(read("outside/latest.png"), "precious");
}

TEST_F(Fault, LinkedFoldersWithinARunAreRefused) {
  for (const std::string folder : {"samples", "maps", "snapshots", "checkpoints", "measures"}) {
    ASSERT_EQ(run(train(folder, {"--quiet", "--epochs", "1"})).code, 0);
    fs::rename(run_path(folder) / folder, at(folder));
    fs::create_symlink(at(folder), run_path(folder) / folder);
    write(folder + "/a.1-1.partial", "theirs");
    const Result result = run({"resume", folder, "--epochs", "2", "--quiet"});
    EXPECT_EQ(result.code, 2) << folder;
    EXPECT_TRUE(holds(result.err, folder + ": a link"));
    EXPECT_EQ(read(folder + "/a.1-1.partial"), "theirs");
    EXPECT_EQ(run({"runs", "rm", folder}).code, 0);
    EXPECT_TRUE(fs::exists(at(folder) / "a.1-1.partial"));
  }
}

TEST_F(Fault, DamageOfTheEventsThatACheckpointCountsIsNamed) {
  ASSERT_EQ(run(train("a", {"--quiet", "--epochs", "1"})).code, 0);
  std::string text = read("runs/a/events.jsonl");
  const std::size_t digit = text.find("\"generator_loss\": 0.") + 20;
  text[digit] = text[digit] == '1' ? '2' : '1';  // still JSON
  write("runs/a/events.jsonl", text);
  const Result refused = run({"resume", "a", "--epochs", "2", "--quiet"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_TRUE(holds(refused.err, "events.jsonl: damaged"));
  EXPECT_EQ(read("runs/a/events.jsonl"), text);
  fs::rename(run_path("a") / "events.jsonl", at("moved"));
  const Result resumed = run({"resume", "a", "--epochs", "2"});
  EXPECT_EQ(resumed.code, 0) << resumed.err;
  EXPECT_TRUE(holds(resumed.err, "without what happened before"));
  EXPECT_EQ(run({"resume", "a", "--epochs", "3", "--quiet"}).code, 0);
}

// Version 0.1 knew neither checksum nor monitors nor `settled`, and its runs had no check-ups.
TEST_F(Fault, ACheckpointOfVersionZeroOneGoesOn) {
  share_classifiers();
  ASSERT_EQ(run(with_maps("whole", {"--epochs", "2", "--set", "evaluate.doctor_every=0"})).code, 0);
  ASSERT_EQ(run(with_maps("a", {"--epochs", "1", "--set", "evaluate.doctor_every=0"})).code, 0);
  for (const fs::path& path : run::list_checkpoints(run_path("a") / "checkpoints")) {
    Safetensors file = read_safetensors(path);
    EXPECT_EQ(std::erase_if(file.tensors, [](const auto& entry) { return entry.first.starts_with("monitor."); }), 2U);
    EXPECT_EQ(file.metadata.erase("events_crc32"), 1U);
    auto loop = nlohmann::json::parse(file.metadata.at("loop_state"));
    EXPECT_EQ(loop.erase("settled"), 1U);
    file.metadata["loop_state"] = loop.dump();
    file.metadata.erase("crc32");
    write_checked(path, file.tensors, file.metadata);
  }
  ASSERT_EQ(run({"resume", "a", "--epochs", "2", "--quiet", "--threads", "1"}).code, 0);
  expect_equal("a", "whole");
}

TEST_F(Fault, AnErrorBeforeTheFirstStepLeavesTheNameFree) {
  write_npz(at("grey.npz"), {{"images", Tensor(DType::u8, {40, 28, 28})}});
  const Result result = run(train(
      "a", {"--quiet", "--set", "latent.dim=2", "--set", "evaluate.map_every=1", "--set", "data.source=grey.npz"}));
  EXPECT_EQ(result.code, 2) << result.err;
  EXPECT_TRUE(holds(result.err, "evaluate.map_every: a map is coloured by two classes or more"));
  EXPECT_FALSE(fs::exists(run_path("a")));
  EXPECT_EQ(run(train("a", {"--quiet", "--set", "data.source=grey.npz"})).code, 0);
}

TEST_F(Fault, SeedsStayWithinTheRoot) {
  const Result result = run({"train", "tiny.toml", "--run", "../x", "--seeds", "1", "--quiet"});
  EXPECT_EQ(result.code, 2);
  EXPECT_FALSE(fs::exists(at("x-s1")));
  // Nor do they go on with a run that lies elsewhere.
  fs::create_directories(at("runs"));
  const auto one = [](const std::string& epochs, const std::vector<std::string>& more) {
    std::vector<std::string> words{"train", "tiny.toml", "--seed", "1", "--epochs", epochs, "--quiet"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  ASSERT_EQ(run(one("1", {"--run", "x-s1", "--runs", "."})).code, 0);
  const std::string events = read("x-s1/events.jsonl");
  EXPECT_EQ(run(one("2", {"--run", "../x", "--seeds", "1"})).code, 2);
  EXPECT_TRUE(read("x-s1/events.jsonl") == events);
}

TEST_F(Fault, AHugeNumberInANameIsNotCountedUp) {
  fs::create_directories(run_path("tiny-2147483647"));
  fs::create_directories(run_path("tiny-99999999999999999999"));
  ASSERT_EQ(run({"train", "tiny.toml", "--quiet", "--epochs", "1", "--threads", "1"}).code, 0);
  EXPECT_TRUE(fs::exists(run_path("tiny-001")));
}

TEST_F(Fault, NamesThatAreNoUtf8AreListed) {
  const std::string name = "a\xff";
  ASSERT_EQ(run(train(name, {"--quiet", "--epochs", "1"})).code, 0);
  for (const std::vector<std::string>& command : {std::vector<std::string>{"runs", "--json"},
                                                  {"sample", name, "-o", "\xfe.png", "--json"},
                                                  {"report", name, "--json"}}) {
    const Result result = run(command);
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_TRUE(result.json().is_object());
  }
}

TEST_F(Fault, WeightsThatAreNoNumbersAreSaid) {
  ASSERT_EQ(run(train("a", {"--quiet", "--epochs", "1"})).code, 0);
  const fs::path path = run_path("a") / "snapshots/epoch-00001.safetensors";
  Safetensors file = read_safetensors(path);
  for (auto& [key, tensor] : file.tensors)
    if (key == "generator.dense.weight") tensor.values<float>()[0] = std::numeric_limits<float>::quiet_NaN();
  file.metadata.erase("crc32");
  write_checked(path, file.tensors, file.metadata);
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"sample", "a", "--epoch", "1", "-o", "x.png"}, {"film", "a", "-o", "x.gif"}}) {
    const Result result = run(command);
    EXPECT_TRUE(holds(result.err, "generator.dense.weight")) << command[0];
  }
}

}  // namespace
}  // namespace ganymede::cli
