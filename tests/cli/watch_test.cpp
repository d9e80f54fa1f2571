#include <signal.h>

#include "cli/program.hpp"
#include "serve/client.hpp"

namespace ganymede::cli {
namespace {

/// `train --watch`: a server beside the training.
struct Watched : Cli {
  static std::vector<std::string> watched(const std::string& name, const std::string& port) {
    return train(name, {"--quiet", "--epochs", "100000", "--watch", "--port", port});
  }
  /// The port in the link that is told first; 0 where none is told.
  int told_port(Child& child) const {
    const std::string begin = "watch it: http://127.0.0.1:";
    std::string said;
    child.wait_until([&] {
      if (fs::exists(at("stderr.txt"))) said = read("stderr.txt");
      return said.find("(as long as it trains)") != std::string::npos;
    });
    return said.starts_with(begin) ? std::stoi(said.substr(begin.size())) : 0;
  }
  /// Whether the server answers (or no longer does) within half a minute.
  static bool answers(int port, bool wanted) {
    for (int i = 0; i < 1500; ++i) {
      bool heard = false;
      try {
        heard = serve::get(port, "/api/v1/runs").status == 200;
      } catch (const std::exception&) {
      }
      if (heard == wanted) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
  }
};

TEST_F(Watched, TheServerIsThereAsLongAsItTrains) {
  Child child(folder(), watched("a", "0"));
  const int port = told_port(child);
  ASSERT_GT(port, 0) << read("stderr.txt");
  EXPECT_TRUE(answers(port, true));
  EXPECT_TRUE(child.wait_until([&] { return serve::get(port, "/api/v1/runs/a").status == 200; }));
  child.send(SIGINT);
  EXPECT_EQ(child.wait().code, 0);
  EXPECT_TRUE(answers(port, false));
  EXPECT_EQ(state("a"), "paused");
}

TEST_F(Watched, TheServerEndsWithATrainingThatIsKilled) {
  Child child(folder(), watched("a", "0"));
  const int port = told_port(child);
  ASSERT_GT(port, 0) << read("stderr.txt");
  child.send(SIGKILL);
  child.wait();
  EXPECT_TRUE(answers(port, false));
}

TEST_F(Watched, APortThatIsInUseIsSaidBeforeARunBegins) {
  Child child(folder(), watched("a", "0"));
  const int port = told_port(child);
  ASSERT_GT(port, 0) << read("stderr.txt");
  fs::create_directories(at("other"));
  const Result refused =
      Child(at("other"), {"train", "quick", "--run", "b", "--watch", "--port", std::to_string(port)}).wait();
  EXPECT_EQ(refused.code, 2);
  EXPECT_TRUE(holds(refused.err, "--watch: ")) << refused.err;
  EXPECT_FALSE(fs::exists(at("other/runs/b")));
  child.send(SIGKILL);
  child.wait();
}

TEST_F(Watched, TheLinkIsToldAgainAtTheEnd) {
  const Result result = run(train("a", {"--watch", "--port", "0"}));
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_TRUE(holds(result.out, "watch again: "));
  EXPECT_TRUE(holds(result.out, " serve --open\n"));
  EXPECT_EQ(run(train("b", {"--port", "0"})).code, 2) << "a port of nothing";
}

TEST_F(Watched, SoItIsWithARunThatGoesOn) {
  ASSERT_EQ(run(train("a", {"--quiet"})).code, 0);
  Child child(folder(), {"resume", "a", "--quiet", "--epochs", "100000", "--watch", "--port", "0"});
  const int port = told_port(child);
  ASSERT_GT(port, 0) << read("stderr.txt");
  EXPECT_TRUE(child.wait_until([&] { return serve::get(port, "/api/v1/runs/a").status == 200; }));
  child.send(SIGINT);
  EXPECT_EQ(child.wait().code, 0);
  EXPECT_TRUE(answers(port, false));
  EXPECT_EQ(state("a"), "paused");
}

}  // namespace
}  // namespace ganymede::cli
