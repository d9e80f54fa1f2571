#include <signal.h>

#include "base/lock.hpp"
#include "cli/bars.hpp"
#include "picture/image.hpp"
#include "serve/client.hpp"
#include "tensor/npy.hpp"

namespace ganymede::cli {
namespace {

using Json = nlohmann::json;
using serve::Answer;

/// `ganymede serve` over the test's runs.
class Server {
 public:
  explicit Server(const fs::path& folder, std::vector<std::string> more = {}) : folder_(folder) {
    std::vector<std::string> words{"serve", "--port", "0", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    fs::remove(folder / "stdout.txt");
    child_ = std::make_unique<Child>(folder, words);
    const auto printed = [&] {
      const fs::path out = folder_ / "stdout.txt";
      return fs::exists(out) && read_file(out).ends_with("}\n");
    };
    EXPECT_TRUE(child_->wait_until(printed)) << read_file(folder / "stderr.txt");
    facts = Json::parse(read_file(folder / "stdout.txt"));
  }
  Answer get(const std::string& path) const { return serve::get(facts.at("port"), "/api/v1/" + path); }
  Answer control(const Json& wanted) const {
    return serve::ask(facts.at("port"), "POST", "/api/v1/control", {{"X-Ganymede-Token", facts.at("token")}},
                      wanted.dump());
  }
  Json card(const std::string& run) const { return get("runs/" + run).json().at("card"); }
  /// Whether the run's card says so within half a minute.
  bool shows(const std::string& run, const std::function<bool(const Json& card)>& wanted) const {
    for (int i = 0; i < 1500; ++i) {
      const Answer answer = get("runs/" + run);
      if (answer.status == 200 && wanted(answer.json().at("card"))) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    ADD_FAILURE() << get("runs/" + run).body.substr(0, 1000);
    return false;
  }
  bool shows(const std::string& run, const std::string& state) const {
    return shows(run, [&](const Json& card) { return card.at("state") == state; });
  }
  Result stop(int signal) {
    child_->send(signal);
    return child_->wait();
  }

  Json facts;

 private:
  fs::path folder_;
  std::unique_ptr<Child> child_;
};

struct Serve : Cli {
  ~Serve() override {  // a run outlives its server, but not its test
    std::error_code none;
    for (const auto& run : fs::directory_iterator(at("runs"), none)) {
      if (const auto pid = FileLock::holder(run.path() / "run.lock"); pid.value_or(0) > 1)
        kill(static_cast<pid_t>(*pid), SIGKILL);
    }
  }
  /// Long, and an epoch of it is over in a moment.
  static Json long_run(const std::string& name) {
    return {{"action", "start"},
            {"recipe", "quick"},
            {"name", name},
            {"threads", 1},
            {"set",
             {{"data.builtin_count", 96},
              {"generator.width", 2},
              {"discriminator.width", 2},
              {"train.batch", 16},
              {"train.sample_grid", 16},
              {"train.epochs", 100000}}}};
  }
};

TEST_F(Serve, PrintsOneLineWithTheLinkAndCtrlCEndsItAtOnce) {
  Child child(folder(), {"serve", "--port", "0"});
  ASSERT_TRUE(child.wait_until([&] { return fs::exists(at("stdout.txt")) && read("stdout.txt").ends_with("\n"); }));
  EXPECT_TRUE(read("stdout.txt").starts_with("http://127.0.0.1:"));
  EXPECT_TRUE(holds(read("stdout.txt"), "/#token="));
  const auto begin = std::chrono::steady_clock::now();
  child.send(SIGINT);
  const Result result = child.wait();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(result.err, "");
}

TEST_F(Serve, APortInUseAndABadAddressAreErrorsOfTheUser) {
  const Server server(folder());
  const std::string port = std::to_string(server.facts.at("port").get<int>());
  const Result second = run({"serve", "--port", port});
  EXPECT_EQ(second.code, 2);
  EXPECT_TRUE(holds(second.err, "port " + port + " of 127.0.0.1 is in use"));
  EXPECT_EQ(run({"serve", "--port", "0", "--address", "localhost"}).code, 2);
  EXPECT_EQ(run({"serve", "--port", "0", "no-such-run"}).code, 2);
}

TEST_F(Serve, ReadOnlyHasNoTokenToGiveAway) {
  run(train("a"));
  Server server(folder(), {"--read-only"});
  EXPECT_EQ(server.facts.at("token"), nullptr);
  EXPECT_EQ(server.card("a").at("state"), "finished");
  EXPECT_EQ(server.get("runs/a").json().at("recipe").at("options").at("latent.dim"), 3);
  EXPECT_EQ(server.stop(SIGTERM).code, 0);
}

TEST_F(Serve, OpenHandsTheBrowserAPageThatOnlyItsUserCanRead) {
  fs::create_directories(at("bin"));
  write("bin/xdg-open", "#!/bin/sh\necho \"$@\" > " + at("opened").string() + "\n");
  fs::permissions(at("bin/xdg-open"), fs::perms::owner_all);
  Child child(folder(), {"serve", "--port", "0", "--open"}, [&] {
    setenv("PATH", (at("bin").string() + ":/usr/bin:/bin").c_str(), 1);
    setenv("XDG_CACHE_HOME", at("cache").c_str(), 1);
  });
  ASSERT_TRUE(child.wait_until([&] { return fs::exists(at("opened")) && read("opened").ends_with("\n"); }));
  const std::string link = read("stdout.txt").substr(0, read("stdout.txt").find(' '));
  const fs::path page = at("cache/ganymede/open.html");
  EXPECT_EQ(read("opened"), page.string() + "\n");  // and no token, which everybody could read there
  EXPECT_TRUE(holds(read_file(page), link));
  EXPECT_EQ(fs::status(page).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  child.send(SIGTERM);
  EXPECT_EQ(child.wait().code, 0);
}

TEST_F(Serve, ARunIsStartedPausedGoneOnWithAndForkedAndOutlivesItsServer) {
  auto server = std::make_unique<Server>(folder());
  const Answer started = server->control(long_run("first"));
  ASSERT_EQ(started.status, 200) << started.body;
  EXPECT_TRUE(server->shows("first", [](const Json& card) {
    return card.at("state") == "running" && card.at("epoch") > 0 && !card.at("losses").at("generator").empty();
  }));
  EXPECT_EQ(server->control({{"action", "pause"}, {"run", "first"}}).json().at("state"), "pausing");
  ASSERT_TRUE(server->shows("first", "paused"));

  const Json before = server->card("first");
  ASSERT_EQ(server->control({{"action", "epoch"}, {"run", "first"}, {"threads", 1}}).status, 200);
  EXPECT_TRUE(server->shows("first", [&](const Json& card) {
    return card.at("state") == "paused" && card.at("epoch") == before.at("epoch").get<int>() + 1;
  }));

  const Json page = server->get("runs/first").json();
  const Json step = page.at("checkpoints").back().at("step");
  const Answer forked = server->control({{"action", "fork"},
                                         {"run", "first"},
                                         {"checkpoint", step},
                                         {"name", "second"},
                                         {"threads", 1},
                                         {"set", {{"game.label_smoothing", 0.1}}}});
  ASSERT_EQ(forked.status, 200) << forked.body;
  EXPECT_TRUE(server->shows("second",
                            [&](const Json& card) { return card.at("state") == "running" && card.at("step") > step; }));
  EXPECT_EQ(server->card("second").at("parent"), (Json{{"run", "first"}, {"step", step}}));
  EXPECT_EQ(server->get("compare?runs=first,second").json().at("differences").size(), 1U);
  // What cannot go on from there leaves no run behind.
  const Answer impossible = server->control({{"action", "fork"},
                                             {"run", "first"},
                                             {"checkpoint", step},
                                             {"name", "third"},
                                             {"set", {{"generator.width", 3}}}});
  EXPECT_EQ(impossible.status, 400) << impossible.body;
  EXPECT_FALSE(fs::exists(run_path("third")));

  EXPECT_EQ(server->stop(SIGKILL).code, -SIGKILL);
  server = std::make_unique<Server>(folder());
  EXPECT_EQ(server->card("second").at("state"), "running");
  const auto trainer = [&] { return FileLock::holder(run_path("second") / "run.lock").value_or(0); };
  const long first_trainer = trainer();
  const Answer timed = server->control({{"action", "stop_after"}, {"run", "second"}, {"minutes", 0.01}});
  EXPECT_EQ(timed.json().at("state"), "pausing") << timed.body;
  EXPECT_TRUE(server->shows("second", [&](const Json&) { return trainer() > 0 && trainer() != first_trainer; }));
  EXPECT_TRUE(server->shows("second", "paused"));
  EXPECT_EQ(server->stop(SIGINT).code, 0);
}

// What the program's server draws is what its `sample` draws; a child fits the classifier when that is asked for.
TEST_F(Serve, LooksIntoModelsAndFitsTheirClassifier) {
  write_bars(at("bars"), 90, 60);
  ASSERT_EQ(run(train("a", {"--quiet", "--set", "data.source=" + at("bars").string(), "--set", "latent.dim=2"})).code,
            0);
  ASSERT_EQ(run({"sample", "a", "--n", "3", "--seed", "4", "-o", "a.npz"}).code, 0);
  Server server(folder(), {"--memory", "64"});
  const auto look = [&](const Json& wanted) {
    const Answer answer = serve::ask(server.facts.at("port"), "POST", "/api/v1/look",
                                     {{"Content-Type", "application/json"}}, wanted.dump());
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.body;
  };
  const std::string frame = look({{"run", "a"}, {"seed", 4}, {"count", 3}});
  std::string levels;
  const Tensor images = read_npz(at("a.npz")).at("images");
  for (const float value : images.values<float>()) levels += static_cast<char>(picture::level_of(value));
  EXPECT_NE(frame.find(levels), std::string::npos) << "8-bit levels of the bits of sample";
  EXPECT_EQ(server.get("runs/a/classifier").json().at("state"), "missing");
  const Answer fit = serve::ask(server.facts.at("port"), "POST", "/api/v1/classifier",
                                {{"X-Ganymede-Token", server.facts.at("token")}}, R"({"run": "a"})");
  EXPECT_EQ(fit.json().at("state"), "fitting") << fit.body;
  Json known = Json::object();
  for (int tries = 0; tries < 30000 && known.value("state", "") != "ready"; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    known = server.get("runs/a/classifier").json();
  }
  EXPECT_EQ(known.at("state"), "ready") << known;
  EXPECT_NE(look({{"run", "a"}}).find("probabilities"), std::string::npos);
  EXPECT_EQ(server.stop(SIGTERM).code, 0);
}

}  // namespace
}  // namespace ganymede::cli
