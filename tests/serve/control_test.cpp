#include <linux/capability.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <thread>

#include "base/file.hpp"
#include "base/lock.hpp"
#include "run/checkpoint.hpp"
#include "run/networks.hpp"
#include "serve/child.hpp"
#include "serve/served.hpp"

namespace ganymede::serve {
namespace {

/// A script in the program's place: it puts its words down, and does what the test wants.
struct Controls : Served {
  Controls() { options.patience = 2; }

  void stand_in(const std::string& body) {
    write(folder / ".bin" / "ganymede", "#!/bin/sh\nprintf '%s\\n' \"$@\" > " + words().string() + "\n" + body + "\n");
    fs::permissions(folder / ".bin" / "ganymede", fs::perms::owner_all);
    options.program = folder / ".bin" / "ganymede";
    start();
  }
  /// A paused one of the recipe quick, that can be forked.
  static fs::path make_run_with_checkpoint(const fs::path& root, const std::string& name, std::uint64_t step) {
    const run::Recipe recipe = run::find_recipe("quick");
    run::RunInfo info;
    info.state = run::RunState::paused;
    info.recipe = "quick";
    info.step = step;
    const run::RunDirectory run = run::RunDirectory::create(root, name, recipe, info);
    const run::Networks networks = run::build_networks(recipe, {});
    run::Checkpoint state;
    state.tensors.emplace("generator.w", Tensor(DType::f32, {2}));
    state.recipe = recipe;
    state.generator = networks.generator;
    state.discriminator = networks.discriminator;
    state.plan = "f32";
    state.step = step;
    state.loop_state = "{}";
    run::save_checkpoint(run.checkpoints(), state);
    return run.path();
  }
  fs::path words() const { return folder / ".bin" / "words"; }
  std::string said() const { return fs::exists(words()) ? read_file(words()) : ""; }
};

TEST_F(Controls, StartHandsRecipeAndKeysOn) {
  stand_in("exit 0");
  const Answer answer =
      control({{"action", "start"},
               {"recipe", "quick"},
               {"name", "new"},
               {"minutes", 1.5},
               {"threads", 1},
               {"set", {{"train.batch", 48}, {"data.source", "mnist"}, {"snapshot.epochs", {1, 2}}}}});
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json().at("run"), "new");
  EXPECT_EQ(said(), "train\nquick\n--run\nnew\n--runs\n" + folder.path().string() +
                        "\n--quiet\n--set\ndata.source=\"mnist\"\n--set\nsnapshot.epochs=[1,2]\n--set\ntrain.batch=48\n"
                        "--minutes\n1.5\n--threads\n1\n");
}

TEST_F(Controls, WithoutANameARunIsCalledAsTheProgramWould) {
  make_run("quick-006");
  stand_in("exit 0");
  EXPECT_EQ(control({{"action", "start"}, {"recipe", "quick"}}).json().at("run"), "quick-007");
}

TEST_F(Controls, WhatCannotBeIsRefusedBeforeAnythingStarts) {
  make_run("paused", run::RunState::paused);
  const run::RunDirectory alive = make_run("alive", run::RunState::running);
  stand_in("exit 0");
  const auto refused = [&](const nlohmann::json& wanted, int status, const std::string& sentence) {
    const Answer answer = control(wanted);
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_NE(answer.json().at("error").get<std::string>().find(sentence), std::string::npos) << answer.body;
  };
  refused({{"action", "start"}}, 400, "\"recipe\" is missing");
  refused({{"action", "go_on"}, {"run", std::string("paused\0", 7)}}, 404, "there is no run");
  refused({{"action", "stop_after"}, {"run", "alive"}, {"minutes", 1e300}}, 400, "10000000 at most");
  refused({{"action", "start"}, {"recipe", "/etc/passwd"}}, 400, "no recipe");
  refused({{"action", "start"}, {"recipe", "quick"}, {"set", {{"train.batsh", 1}}}}, 400,
          "did you mean \"train.batch\"");
  refused({{"action", "start"}, {"recipe", "quick"}, {"set", {{"train.batch", 0}}}}, 400, "train.batch must be");
  refused({{"action", "start"}, {"recipe", "quick"}, {"set", {{"train.batch", nullptr}}}}, 400, "wanted a number");
  refused({{"action", "start"}, {"recipe", "quick"}, {"set", {{"elu", 1}}}}, 400, "no key");
  refused({{"action", "start"}, {"recipe", "quick"}, {"set", 3}}, 400, "must be an object");
  refused({{"action", "start"}, {"recipe", "quick"}, {"name", "../x"}}, 400, "plain file name");
  refused({{"action", "start"}, {"recipe", "quick"}, {"name", "--runs"}}, 400, "plain file name");
  refused({{"action", "start"}, {"recipe", "quick"}, {"name", "paused"}}, 409, "already");
  refused({{"action", "start"}, {"recipe", "quick"}, {"minutes", -1}}, 400, "above 0");
  refused({{"action", "start"}, {"recipe", "quick"}, {"threads", "many"}}, 400, "whole number");
  refused({{"action", "pause"}, {"run", "paused"}}, 409, "not being trained");
  refused({{"action", "pause"}, {"run", "missing"}}, 404, "no run");
  refused({{"action", "pause"}, {"run", "../paused"}}, 404, "no run");
  refused({{"action", "go_on"}, {"run", "alive"}}, 409, "already");
  refused({{"action", "stop_after"}, {"run", "paused"}}, 400, "\"minutes\" is missing");
  refused({{"action", "fork"}, {"run", "paused"}}, 400, "\"checkpoint\"");
  refused({{"action", "fork"}, {"run", "paused"}, {"checkpoint", 3}}, 404, "no checkpoint of step 3");
  refused({{"action", "dance"}}, 400, "no action");
  refused({{"action", 3}}, 400, "must be a text");
  refused(nlohmann::json::array(), 400, "JSON object");
  for (const char* body : {"", "{", "[[[[", "\"x\"", "nul"})
    EXPECT_EQ(ask(port, "POST", "/api/v1/control", {{"X-Ganymede-Token", server->token()}}, body).status, 400) << body;
  EXPECT_EQ(said(), "");
}

TEST_F(Controls, WhatTheChildSaysIsTheAnswer) {
  make_run("a", run::RunState::paused);
  stand_in("echo 'ganymede: the data are missing: fetch them' >&2\nexit 2");
  const Answer answer = control({{"action", "go_on"}, {"run", "a"}});
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.json().at("error"), "the data are missing: fetch them");
}

TEST_F(Controls, GoingOnAndOneEpochMoreAreResumes) {
  make_run("a", run::RunState::paused);
  make_run("b", run::RunState::finished);
  stand_in("exit 0");
  const std::string a = "resume\n" + (folder / "a").string() + "\n--quiet\n";
  EXPECT_EQ(control({{"action", "go_on"}, {"run", "a"}}).status, 200);
  EXPECT_EQ(said(), a);
  EXPECT_EQ(control({{"action", "epoch"}, {"run", "a"}}).status, 200);
  EXPECT_EQ(said(), a + "--pause-after\n1\n");
  EXPECT_EQ(control({{"action", "epoch"}, {"run", "b"}}).status, 200);
  EXPECT_EQ(said(), "resume\n" + (folder / "b").string() + "\n--quiet\n--epochs\n2\n");
  EXPECT_EQ(control({{"action", "stop_after"}, {"run", "a"}, {"minutes", 3}}).status, 200);
  EXPECT_EQ(said(), a + "--minutes\n3\n");
}

TEST_F(Controls, ARunGoesOnWithTheDataAndThreadsThatItWasStartedWith) {
  const auto started_with = [&](run::RunDirectory& run, const fs::path& data) {
    run::RunInfo info = run.info();
    info.data = data.string();
    info.threads = 3;
    run.write_info(info);
  };
  run::RunDirectory alive = make_run("alive", run::RunState::running),
                    paused = make_run("paused", run::RunState::paused);
  fs::create_directories(folder / ".data");
  started_with(alive, folder / ".data");
  started_with(paused, folder / ".gone");
  paused = make_run("other", run::RunState::paused);
  started_with(paused, folder / ".data");
  paused = make_run("last", run::RunState::paused);
  stand_in("exit 0");
  EXPECT_EQ(control({{"action", "go_on"}, {"run", "other"}}).status, 200);
  EXPECT_EQ(said(),
            "resume\n" + (folder / "other").string() + "\n--quiet\n--data\n" + (folder / ".data").string() + "\n")
      << "threads may be another machine's";
  EXPECT_EQ(control({{"action", "go_on"}, {"run", "paused"}}).status, 200);
  EXPECT_EQ(said(), "resume\n" + (folder / "paused").string() + "\n--quiet\n") << "the folder is gone";
}

TEST_F(Controls, AFailureAfterTheAnswerStandsOnTheCard) {
  make_run("a", run::RunState::paused);
  options.patience = 0.1;
  stand_in("sleep 0.5\necho 'ganymede: the disk is full' >&2\nexit 3");
  EXPECT_EQ(control({{"action", "go_on"}, {"run", "a"}}).json().at("state"), "starting");
  std::string reason;
  for (int tries = 0; reason.empty() && tries < 150; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    reason = get("/api/v1/runs/a").json().at("card").at("reason");
  }
  EXPECT_EQ(reason, "the disk is full");
}

TEST_F(Controls, ReadOnlyForbidsThemAll) {
  make_run("a", run::RunState::paused);
  options.read_only = true;
  stand_in("exit 0");
  EXPECT_EQ(control({{"action", "go_on"}, {"run", "a"}}).status, 403);
  EXPECT_EQ(said(), "");
}

TEST_F(Controls, NoSignalGoesToAProcessThatTheLockOnlyNames) {
  // Somebody else holds the lock, and has written the number of a process that has nothing to do with it.
  const run::RunDirectory run = make_run("a", run::RunState::running);
  const Child victim("/bin/sleep", {"60"});
  write(run.path() / "run.lock", std::to_string(victim.pid()) + "\n");
  stand_in("exit 0");
  EXPECT_EQ(FileLock::holder(run.path() / "run.lock"), victim.pid());
  EXPECT_FALSE(holder_of(run.path()));
  const Answer answer = control({{"action", "pause"}, {"run", "a"}});
  EXPECT_EQ(answer.status, 409) << answer.body;
  EXPECT_EQ(::kill(victim.pid(), 0), 0);
  ::kill(victim.pid(), SIGKILL);
}

TEST_F(Controls, ASecondPauseTakesBackWhatShouldFollow) {
  const fs::path run = make_run("a", run::RunState::paused).path();
  const Child trainer("/bin/sh", {"-c", "exec 9>" + (run / "run.lock").string() +
                                            "; flock 9; echo $$ >&9; trap : TERM; while :; do sleep 0.02; done"});
  for (int i = 0; i < 1000 && !holder_of(run); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  ASSERT_EQ(holder_of(run), trainer.pid());
  stand_in("exit 0");
  EXPECT_EQ(control({{"action", "stop_after"}, {"run", "a"}, {"minutes", 1}}).json().at("state"), "pausing");
  for (int i = 0; i < 3; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_EQ(control({{"action", "pause"}, {"run", "a"}}).json().at("state"), "pausing");
  }
  ::kill(trainer.pid(), SIGKILL);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_EQ(said(), "");
}

TEST_F(Controls, ANameThatIsServedFromElsewhereIsTaken) {
  const ganymede::testing::FreshFolder elsewhere;
  const fs::path served = make_run_with_checkpoint(elsewhere.path(), "quick-001", 3);
  options.runs = {served};
  stand_in("exit 0");
  const Answer named = control({{"action", "start"}, {"recipe", "quick"}, {"name", "quick-001"}});
  EXPECT_EQ(named.status, 409) << named.body;
  EXPECT_EQ(said(), "");
  const Answer fork = control({{"action", "fork"}, {"run", "quick-001"}, {"checkpoint", 3}, {"name", "quick-001"}});
  EXPECT_EQ(fork.status, 409) << fork.body;
  EXPECT_EQ(said(), "");
  EXPECT_EQ(control({{"action", "fork"}, {"run", "quick-001"}, {"checkpoint", 3}}).json().at("run"), "quick-002");
  EXPECT_EQ(control({{"action", "start"}, {"recipe", "quick"}}).json().at("run"), "quick-003");
}

TEST_F(Controls, ATakenNameOfAForkIsAConflictAsThatOfAStart) {
  make_run("other");
  make_run_with_checkpoint(folder.path(), "a", 3);
  stand_in("exit 0");
  const Answer answer = control({{"action", "fork"}, {"run", "a"}, {"checkpoint", 3}, {"name", "other"}});
  EXPECT_EQ(answer.status, 409) << answer.body;
  EXPECT_EQ(answer.json().at("error"), "there is a run \"other\" already");
}

TEST_F(Controls, AForkGoesOnWithItsChangesUntilItHasACheckpointOfItsOwn) {
  make_run_with_checkpoint(folder.path(), "a", 3);
  stand_in("exit 0");
  const Answer fork = control(
      {{"action", "fork"}, {"run", "a"}, {"checkpoint", 3}, {"name", "b"}, {"set", {{"game.label_smoothing", 0.1}}}});
  ASSERT_EQ(fork.status, 200) << fork.body;
  const std::string resume = "resume\n" + (folder / "b").string() + "\n--quiet\n";
  EXPECT_EQ(said(), resume + "--accept-changes\n");
  EXPECT_EQ(control({{"action", "go_on"}, {"run", "b"}}).status, 200);
  EXPECT_EQ(said(), resume + "--accept-changes\n");
  write(folder / "b" / "checkpoints" / "step-0000000004.safetensors", "its own");
  EXPECT_EQ(control({{"action", "go_on"}, {"run", "b"}}).status, 200);
  EXPECT_EQ(said(), resume);
}

TEST_F(Controls, ARunWhoseMapSettledBecomesNoLonger) {
  const std::vector<std::string> sets = {"latent.dim=2", "evaluate.map_every=1", "evaluate.map_stop=0.1"};
  write(make_run("settled", run::RunState::finished, sets).events_path(),
        "{\"event\": \"map\", \"step\": 10, \"settled\": true}\n", true);
  write(make_run("at_length", run::RunState::finished, sets).events_path(), "{\"event\": \"map\", \"step\": 10}\n",
        true);
  stand_in("exit 0");
  const Answer answer = control({{"action", "epoch"}, {"run", "settled"}});
  EXPECT_EQ(answer.status, 409) << answer.body;
  EXPECT_NE(answer.body.find("its map had settled"), std::string::npos) << answer.body;
  EXPECT_EQ(said(), "");
  EXPECT_EQ(control({{"action", "epoch"}, {"run", "at_length"}}).status, 200);
}

TEST_F(Controls, AChildThatSaysNothingIsAFaultOfTheServerAndNamed) {
  make_run("a", run::RunState::paused);
  stand_in("case $(cat " + (folder / ".bin" / "end").string() + ") in code) exit 3;; esac; kill -KILL $$");
  write(folder / ".bin" / "end", "code");
  const Answer code = control({{"action", "go_on"}, {"run", "a"}});
  EXPECT_EQ(code.status, 500);
  EXPECT_EQ(code.json().at("error"), "the program ended with exit code 3 and without a word");
  write(folder / ".bin" / "end", "signal");
  const Answer signal = control({{"action", "go_on"}, {"run", "a"}});
  EXPECT_EQ(signal.status, 500);
  EXPECT_EQ(signal.json().at("error"), "the program was ended by signal 9 (Killed)");
}

// Root may signal everybody but without this capability, which the server's threads inherit from who starts it.
class WithoutKill {
 public:
  WithoutKill() {
    ok_ = ::geteuid() == 0 && ::syscall(SYS_capget, &header_, before_) == 0;
    __user_cap_data_struct less[2] = {before_[0], before_[1]};
    less[0].effective &= ~(1U << CAP_KILL);
    ok_ = ok_ && ::syscall(SYS_capset, &header_, less) == 0;
  }
  ~WithoutKill() {
    if (ok_) ::syscall(SYS_capset, &header_, before_);
  }
  WithoutKill(const WithoutKill&) = delete;
  WithoutKill& operator=(const WithoutKill&) = delete;
  bool ok() const { return ok_; }

 private:
  __user_cap_header_struct header_{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct before_[2] = {};
  bool ok_ = false;
};

TEST_F(Controls, NothingFollowsAPauseThatCouldNotBeAskedFor) {
  const fs::path run = make_run("a", run::RunState::paused).path();
  const Child trainer("/bin/sh",
                      {"-c", "exec 9>" + (run / "run.lock").string() +
                                 "; flock 9; echo $$ >&9; exec setpriv --reuid=65534 --clear-groups " + "sleep 60"});
  for (int i = 0; i < 1000 && !holder_of(run); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  {
    const WithoutKill without;
    if (!without.ok() || holder_of(run) != trainer.pid() || ::kill(trainer.pid(), 0) == 0) {
      ::kill(trainer.pid(), SIGKILL);
      GTEST_SKIP() << "needs a process of another user that can be seen";
    }
    stand_in("exit 0");
  }
  EXPECT_EQ(control({{"action", "stop_after"}, {"run", "a"}, {"minutes", 1}}).status, 409);
  ::kill(trainer.pid(), SIGKILL);
  std::this_thread::sleep_for(std::chrono::milliseconds(400));
  EXPECT_EQ(said(), "");
}

TEST(ChildOfServer, LivesInASessionOfItsOwnWithNoFileOfOurs) {
  const ganymede::testing::FreshFolder folder;
  const std::ofstream kept(folder / "kept");  // would be inherited
  Child child("/bin/sh", {"-c", "ls /proc/self/fd >&2; cut -d' ' -f6 /proc/$$/stat >&2; exit 7"});
  std::optional<int> code;
  for (int i = 0; i < 1000 && !(code = child.ended()); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_EQ(code, 7);
  EXPECT_EQ(child.words(), "0\n1\n2\n3\n" + std::to_string(child.pid()) + "\n");  // 3 is the folder that ls reads
  EXPECT_THROW(Child("/nonexistent/program", {}), std::exception);
}

}  // namespace
}  // namespace ganymede::serve
