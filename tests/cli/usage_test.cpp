#include <iterator>
#include <regex>
#include <sstream>

#include "cli/program.hpp"

namespace ganymede::cli {
namespace {

struct Usage : Cli {
  struct Command {
    std::vector<std::string> words;  // "data", "show"
    std::vector<std::string> options, choices;
    std::vector<std::string> with(const std::vector<std::string>& more) const {
      std::vector<std::string> all = words;
      all.insert(all.end(), more.begin(), more.end());
      return all;
    }
  };

  static std::vector<std::string> words_of(const std::string& text) {
    std::istringstream stream(text);
    return {std::istream_iterator<std::string>(stream), {}};
  }
  /// All commands and their subcommands, as the program's own completion script lists them.
  std::vector<Command> commands() const {
    std::vector<Command> found;
    const std::string script = run({"completion", "bash"}).out;
    const std::regex line("\"ganymede ([^\"]+)\"\\) options=\"([^\"]*)\"; choices=\"([^\n]*)\" ;;");
    for (std::sregex_iterator i(script.begin(), script.end(), line), end; i != end; ++i)
      found.push_back({words_of((*i)[1]), words_of((*i)[2]), words_of((*i)[3])});
    EXPECT_GT(found.size(), 20U);
    return found;
  }
};

TEST_F(Usage, EveryCommandHasHelpAndAnExample) {
  const Result help = run({"--help"});
  EXPECT_EQ(help.code, 0);
  for (const Command& command : commands()) {
    const Result own = run(command.with({"--help"}));
    EXPECT_EQ(own.code, 0);
    for (const std::string& option : command.options) EXPECT_TRUE(holds(own.out, option));
    if (command.words.size() > 1) continue;
    EXPECT_TRUE(holds(help.out, "\n  " + command.words[0] + " "));
    EXPECT_TRUE(holds(own.out, "Example: ganymede ") || holds(own.out, "Examples: ganymede ")) << command.words[0];
  }
  const Result version = run({"--version"});
  EXPECT_EQ(version.code, 0);
  EXPECT_TRUE(version.out.starts_with("ganymede 0.")) << version.out;
}

TEST_F(Usage, EveryHelpFitsIntoAHundredColumns) {
  for (const Command& command : commands()) {
    std::istringstream lines(run(command.with({"--help"})).out);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << command.words[0] << ": " << line;
  }
}

TEST_F(Usage, EveryCommandStandsInTheReadmesTable) {
  const std::string page = read_file(fs::path(GANYMEDE_SOURCE_DIR) / "README.md");
  for (const Command& command : commands()) {
    const std::string row = "\n| `" + command.words[0];
    EXPECT_TRUE(holds(page, row + "`") || holds(page, row + " ")) << command.words[0];
  }
}

TEST_F(Usage, EveryNumberIsRefusedOutsideItsLegalRange) {
  const std::regex number("\n  (?:-\\w,)?(--[a-z-]+) ([NX])[ =\n]");
  int seen = 0;
  for (const Command& command : commands()) {
    const std::string help = run(command.with({"--help"})).out;
    for (std::sregex_iterator i(help.begin(), help.end(), number), end; i != end; ++i) {
      const std::string option = (*i)[1];
      std::vector<std::string> bad{"abc", "1e999", "-1e30", "99999999999999999999", "nan", "0x10"};
      if ((*i)[2] == "N") bad.insert(bad.end(), {"-1", "1.5"});
      for (const std::string& value : bad) {
        const Result result = run(command.with({option, value}));
        EXPECT_EQ(result.code, 2) << command.words[0] << " " << option << " " << value;
        EXPECT_TRUE(holds(result.err, ": " + option + " wants a "));
        EXPECT_TRUE(holds(result.err, ", found \"" + value + "\"\n"));
        EXPECT_TRUE(holds(result.err, " from ") || holds(result.err, " above "));
      }
      ++seen;
    }
  }
  EXPECT_GT(seen, 40);
}

TEST_F(Usage, EveryMisspelledOptionNamesANearOne) {
  for (const Command& command : commands()) {
    for (const std::string& option : command.options) {
      const Result result = run(command.with({option + "x"}));
      EXPECT_EQ(result.code, 2);
      EXPECT_TRUE(holds(result.err, "unknown option \"" + option + "x\", did you mean \"--"));
    }
  }
}

TEST_F(Usage, OneSentenceSaysWhatWasWantedAndWhatWasFound) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> wanted = {
      {{"sample", "a", "--n", "abc", "-o", "x.png"},
       "ganymede sample: --n wants a whole number from 1 to 1000000, found \"abc\"\n"},
      {{"sample", "a", "-o", "x.png", "--n"},
       "ganymede sample: --n wants a whole number from 1 to 1000000, found nothing\n"},
      {{"sample", "a", "--seed", "-1", "-o", "x.png"},
       "ganymede sample: --seed wants a whole number from 0 to 1000000000000000000, found \"-1\"\n"},
      {{"film", "a", "-o", "x.gif", "--fps", "100"},
       "ganymede film: --fps wants a number from 0.1 to 50, found \"100\"\n"},
      {{"train", "quick", "--minutes", "0"},
       "ganymede train: --minutes wants a number above 0, at most 10000000, found \"0\"\n"},
      {{"data", "show", "x", "--split", "trian"},
       "ganymede data show: --split wants train or test, found \"trian\", did you mean \"train\"?\n"},
      {{"completion", "cmd"}, "ganymede completion: SHELL wants bash, zsh or fish, found \"cmd\"\n"},
      {{"train"}, "ganymede train: RECIPE is missing: Name of a shipped recipe, or path of a recipe file\n"},
      {{"sample", "a"}, "ganymede sample: --output is missing: FILE.png: one picture;"},
      {{"sample", "a", "-o", "--n", "3"}, "ganymede sample: --output wants a value, found the option --n\n"},
      {{"sample", "a", "b", "-o", "x.png"}, "ganymede sample: wants RUN and nothing more, found \"b\" as well\n"},
      {{"sample", "a", "--n", "3", "--n", "4", "-o", "x.png"}, "ganymede sample: --n wants one value, found 2: 3, 4\n"},
      {{"train", "quick", "--set", "a=1", "--set", "b=2", "--set"}, "--set wants a value, found nothing: KEY=VALUE"},
      {{"train", "quick", "--set"}, "ganymede train: --set wants a value, found nothing: KEY=VALUE"},
      {{"train", "quick", "--steps", "3", "--epochs", "4"}, "--steps exclude each other: give one of them\n"},
      {{"train", "quick", "--json=5"}, "ganymede train: --json takes no value, found \"5\"\n"},
      {{"data"}, "ganymede data: wants a command: list, show, fetch\n"}};
  for (const auto& [arguments, message] : wanted) {
    const Result result = run(arguments);
    EXPECT_EQ(result.code, 2) << message;
    EXPECT_TRUE(holds(result.err, message));
    EXPECT_TRUE(holds(result.err, " --help` shows what there is.\n"));
  }
  EXPECT_FALSE(fs::exists(at("runs")));
}

TEST_F(Usage, ANumberIsReadInDecimalDigitsAlone) {
  EXPECT_TRUE(holds(run({"train", "quick", "--dry-run", "--steps", "010"}).out, "\nsteps = 10 "));
}

TEST_F(Usage, OnThePathItSuggestsCommandsByName) {
  const fs::path folder = fs::path(GANYMEDE_PROGRAM).parent_path();
  const auto with_path = [&](const std::string& path) {
    return run({"runs"}, [path] { setenv("PATH", path.c_str(), 1); }).out;
  };
  EXPECT_TRUE(holds(with_path("/usr/bin:" + folder.string()), "`ganymede train quick`"));
  EXPECT_TRUE(holds(with_path("/usr/bin"), "`" GANYMEDE_PROGRAM " train quick`"));
  write("ganymede", "another program\n");  // which the shell would take
  fs::permissions(at("ganymede"), fs::perms::owner_all);
  EXPECT_TRUE(holds(with_path(this->folder().string() + ":" + folder.string()), "`" GANYMEDE_PROGRAM " train quick`"));
}

TEST_F(Usage, SourceNamesADataSetAndDataAFolder) {
  EXPECT_TRUE(holds(run({"train", "quick", "--source", "mnist", "--dry-run"}).out, "\nsource = \"mnist\" "));
  EXPECT_TRUE(holds(run({"train", "quick", "--set", "data.source=unipen", "--source", "mnist", "--dry-run"}).out,
                    "\nsource = \"mnist\" "));
  const Result set = run({"train", "tiny.toml", "--data", "mnist"});
  EXPECT_EQ(set.code, 2);
  EXPECT_TRUE(holds(set.err, "mnist is a data set: --source mnist"));
  const Result file = run({"train", "tiny.toml", "--data", "tiny.toml"});
  EXPECT_EQ(file.code, 2);
  EXPECT_TRUE(holds(file.err, "--source tiny.toml takes it"));
  EXPECT_FALSE(fs::exists(at("runs")));
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
  int seen = 0;
  for (const Command& command : commands()) {
    if (command.words != std::vector<std::string>{"train"}) continue;
    for (const std::string& recipe : command.choices) {
      const Result result = run({"describe", recipe});
      EXPECT_EQ(result.code, 0) << result.err;
      ++seen;
    }
  }
  EXPECT_GT(seen, 5);
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
