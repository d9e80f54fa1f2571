#include "cli/program.hpp"

namespace ganymede::cli {
namespace {

using Usage = Cli;

TEST_F(Usage, HelpAndVersionSucceed) {
  const Result help = run({"--help"});
  EXPECT_EQ(help.code, 0);
  for (const char* command : {"train", "resume", "sample", "film", "describe", "check", "options", "runs", "data",
                              "partition", "bench", "doctor", "completion"}) {
    EXPECT_TRUE(holds(help.out, command));
    const Result own = run({command, "--help"});
    EXPECT_EQ(own.code, 0);
    EXPECT_TRUE(holds(own.out, "Example: ganymede ")) << command;
  }
  const Result version = run({"--version"});
  EXPECT_EQ(version.code, 0);
  EXPECT_TRUE(version.out.starts_with("ganymede 0.")) << version.out;
}

TEST_F(Usage, WithoutACommandItSaysWhatThereIs) {
  const Result result = run({});
  EXPECT_EQ(result.code, 2);
  EXPECT_TRUE(holds(result.err, "completion"));
}

TEST_F(Usage, UnknownCommandsAndOptionsNameTheNearest) {
  const Result command = run({"trian", "quick"});
  EXPECT_EQ(command.code, 2);
  EXPECT_TRUE(holds(command.err, "unknown command \"trian\", did you mean \"train\"?"));
  const Result option = run({"train", "quick", "--epoch=3"});
  EXPECT_EQ(option.code, 2);
  EXPECT_TRUE(holds(option.err, "unknown option \"--epoch=3\", did you mean \"--epochs\"?"));
  EXPECT_TRUE(holds(option.err, "ganymede train --help"));
  EXPECT_EQ(run({"runs", "remove"}).code, 2);
}

TEST_F(Usage, BadValuesOfOptionsExitWith2) {
  EXPECT_EQ(run({"train", "quick", "--threads", "-1"}).code, 2);
  EXPECT_EQ(run({"train", "quick", "--epochs", "many"}).code, 2);
  EXPECT_EQ(run({"train", "quick", "--epochs", "3", "--steps", "4"}).code, 2);
  EXPECT_EQ(run({"completion", "cmd"}).code, 2);
}

TEST_F(Usage, UnknownRecipesAndRunsNameTheNearest) {
  const Result recipe = run({"train", "dcgna"});
  EXPECT_EQ(recipe.code, 2);
  EXPECT_TRUE(holds(recipe.err, "dcgan"));
  fs::create_directories(folder() / "runs");
  const Result no_run = run({"resume", "nothing"});
  EXPECT_EQ(no_run.code, 2);
  EXPECT_TRUE(holds(no_run.err, "nothing"));
}

TEST_F(Usage, AnUnknownKeyIsNamedWithFileLineAndTheNearestKey) {
  write("wrong.toml", "schema = 1\n[train]\nepochs = 1\nbatchs = 3\n");
  const Result result = run({"train", "wrong.toml"});
  EXPECT_EQ(result.code, 2);
  EXPECT_TRUE(holds(result.err, "wrong.toml:4:"));
  EXPECT_TRUE(holds(result.err, "train.batch"));
  EXPECT_FALSE(fs::exists(at("runs")));
}

TEST_F(Usage, EveryShippedRecipeIsFoundAndSound) {
  for (const char* recipe : {"quick", "dcgan", "digits-2d", "digits-3d", "digits-4d", "digits-cgan-3d"}) {
    const Result result = run({"describe", recipe});
    EXPECT_EQ(result.code, 0) << result.err;
  }
}

TEST_F(Usage, DescribeCountsAsTheStudyDoes) {
  // S-LATENT L2, to the unit.
  const std::map<std::string, std::array<int, 3>> wanted = {{"digits-2d", {1101632, 1076160, 212865}},
                                                            {"digits-3d", {1114176, 1088704, 212865}},
                                                            {"digits-4d", {1126720, 1101248, 212865}},
                                                            {"digits-cgan-3d", {1114206, 1088734, 220705}}};
  for (const auto& [recipe, counts] : wanted) {
    const auto json = run({"describe", recipe, "--json"}).json();
    EXPECT_EQ(json.at("schema"), "ganymede.describe/1");
    EXPECT_EQ(json.at("generator").at("parameters"), counts[0]) << recipe;
    EXPECT_EQ(json.at("generator").at("trainable"), counts[1]) << recipe;
    EXPECT_EQ(json.at("discriminator").at("parameters"), counts[2]) << recipe;
  }
  EXPECT_TRUE(holds(run({"describe", "digits-2d"}).out, "1,101,632"));
}

TEST_F(Usage, DescribeShowsThePlan) {
  const Result table = run({"describe", "tiny.toml", "--plan"});
  EXPECT_EQ(table.code, 0) << table.err;
  EXPECT_TRUE(holds(table.out, "backward"));
  const auto json = run({"describe", "tiny.toml", "--plan", "--json"}).json();
  EXPECT_FALSE(json.at("plan").at("passes").empty());
  EXPECT_FALSE(json.at("plan").at("name").get<std::string>().empty());
}

TEST_F(Usage, OptionsListsEveryKey) {
  const auto json = run({"options", "--json"}).json();
  EXPECT_EQ(json.at("schema"), "ganymede.options/1");
  const Result all = run({"options"});
  for (const auto& option : json.at("options")) EXPECT_TRUE(holds(all.out, option.at("key")));
  const Result some = run({"options", "optimizer"});
  EXPECT_TRUE(holds(some.out, "generator.optimizer.learning_rate"));
  EXPECT_EQ(some.out.find("train.batch"), std::string::npos);
  const Result none = run({"options", "train.bach"});
  EXPECT_EQ(none.code, 2);
  EXPECT_TRUE(holds(none.err, "train.batch"));
}

TEST_F(Usage, DataListsShowsAndSaysHowToGetWhatIsMissing) {
  const Result list = run({"data", "list"});
  EXPECT_EQ(list.code, 0);
  EXPECT_TRUE(holds(list.out, "mnist"));
  EXPECT_TRUE(holds(list.out, "data fetch mnist"));
  const auto json = run({"data", "list", "--json"}).json();
  EXPECT_EQ(json.at("schema"), "ganymede.data_list/1");

  const Result show = run({"data", "show", "builtin-digits", "--limit", "50", "-o", "sheet.png"});
  EXPECT_EQ(show.code, 0) << show.err;
  EXPECT_TRUE(fs::exists(at("sheet.png")));
  const auto shown = run({"data", "show", "builtin-digits", "--limit", "50", "--json"}).json();
  EXPECT_EQ(shown.at("count"), 50);
  EXPECT_EQ(shown.at("classes").size(), 10U);

  const Result missing = run({"train", "tiny.toml", "--set", "data.source=mnist"});
  EXPECT_EQ(missing.code, 2);
  EXPECT_TRUE(holds(missing.err, "data fetch mnist"));
  EXPECT_FALSE(fs::exists(at("runs")));
  EXPECT_EQ(run({"data", "fetch", "cifar"}).code, 2);
}

TEST_F(Usage, DataShowsDrawsAndExportsInk) {
  const Result show = run({"data", "show", "builtin-ink", "--limit", "78", "-o", "sheet.svg", "--ink", "mine.json"});
  EXPECT_EQ(show.code, 0) << show.err;
  EXPECT_TRUE(holds(show.out, "78 kept"));
  EXPECT_TRUE(fs::exists(at("sheet.svg")));
  const auto again = run({"data", "show", "./mine.json", "--class", "A", "--prepared", "-o", "a.png", "--json"}).json();
  EXPECT_EQ(again.at("schema"), "ganymede.data_show_ink/1");
  EXPECT_EQ(again.at("count"), 2);
  EXPECT_TRUE(fs::exists(at("a.png")));
  EXPECT_EQ(run({"data", "show", "builtin-ink", "--limit", "78", "--class", "ab"}).code, 2);
  EXPECT_EQ(run({"data", "show", "builtin-ink", "--limit", "78", "-o", "sheet.gif"}).code, 2);
}

TEST_F(Usage, PartitionIsCreatedOnceAndShown) {
  EXPECT_EQ(run({"partition", "create", "p.safetensors", "--classes", "5", "--dim", "8"}).code, 0);
  const Result again = run({"partition", "create", "p.safetensors"});
  EXPECT_EQ(again.code, 2);
  EXPECT_TRUE(holds(again.err, "is there already"));
  const auto json = run({"partition", "show", "p.safetensors", "--samples", "100", "-o", "p.png", "--json"}).json();
  EXPECT_EQ(json.at("schema"), "ganymede.partition_show/1");
  EXPECT_EQ(json.at("samplers").size(), 4U);
  EXPECT_TRUE(fs::exists(at("p.png")));
  EXPECT_EQ(run({"partition", "show", "tiny.toml"}).code, 2);
}

TEST_F(Usage, DoctorReportsTheMachine) {
  const Result text = run({"doctor"});
  EXPECT_EQ(text.code, 0) << text.err;
  for (const char* part : {"cpu", "level", "threads", "mnist", "disk", "ffmpeg"}) EXPECT_TRUE(holds(text.out, part));
  EXPECT_EQ(run({"doctor", "--json"}).json().at("schema"), "ganymede.doctor/1");
}

TEST_F(Usage, CompletionScriptsAreSoundShell) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const Result script = run({"completion", shell});
    EXPECT_EQ(script.code, 0);
    EXPECT_TRUE(holds(script.out, "digits-cgan-3d")) << shell;
    EXPECT_TRUE(holds(script.out, "accept-changes")) << shell;
  }
  write("ganymede.bash", run({"completion", "bash"}).out);
  const std::string complete =
      "cd '" + folder().string() +
      "' && bash -c 'source ganymede.bash; COMP_WORDS=(ganymede runs d); COMP_CWORD=2; _ganymede; echo "
      "${COMPREPLY[@]}; COMP_WORDS=(ganymede train --ep); _ganymede; echo ${COMPREPLY[@]}' > out.txt";
  ASSERT_EQ(std::system(complete.c_str()), 0);
  EXPECT_EQ(read("out.txt"), "du\n--epochs\n");
}

}  // namespace
}  // namespace ganymede::cli
