#include <sys/resource.h>

#include <csignal>
#include <thread>

#include "base/child_process.hpp"
#include "data/ink/ink_json.hpp"
#include "data/ink/own_ink.hpp"
#include "serve/ink_sets.hpp"
#include "serve/served.hpp"

namespace ganymede::serve {
namespace {

using Json = nlohmann::json;

/// A server that keeps what is drawn in a folder of its own.
struct InkServed : Served {
  InkServed() {
    data = folder / "data";
    fs::create_directories(data);
    options.data = data;
  }
  Answer post(const Json& body, bool token = true) const { return send(body.dump(), token); }
  Answer send(const std::string& body, bool token = true) const {
    Headers headers = {{"Content-Type", "application/json"}};
    if (token) headers.emplace_back("X-Ganymede-Token", server->token());
    return ask(port, "POST", "/api/v1/ink", headers, body);
  }
  Json done(const Json& body) const {
    const Answer answer = post(body);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.status == 200 ? answer.json() : Json();
  }
  void refused(const Json& body, int status, const std::string& sentence) const {
    const Answer answer = post(body);
    EXPECT_EQ(answer.status, status) << answer.body;
    const std::string error = answer.json().at("error");
    EXPECT_NE(error.find(sentence), std::string::npos) << error;
  }
  Json shown(const std::string& name = "mine") const { return get("/api/v1/ink/" + name).json(); }
  data::InkSet kept(const std::string& name = "mine") const {
    return data::read_ink_json(data / name / data::kInkFile);
  }
  static Json strokes(double x) { return Json::array({{{"x", {x, x + 10}}, {"y", {20, 70}}, {"t", {0, 0.25}}}}); }
  static Json put(const std::string& label, int place, double x) {
    return {{"action", "put"}, {"name", "mine"}, {"label", label}, {"place", place}, {"strokes", strokes(x)}};
  }
  Json create() const {
    return done(
        {{"action", "create"}, {"name", "mine"}, {"classes", {"I", "♥"}}, {"lines", {{"top", 20}, {"baseline", 70}}}});
  }

  fs::path data;
};

TEST_F(InkServed, KeepsWhatIsDrawnInTheOrderOfItsBoxes) {
  start();
  create();
  done(put("I", 0, 1));
  done(put("♥", 0, 2));
  const Json answer = done(put("I", 1, 3));
  EXPECT_EQ(answer.at("schema"), "ganymede.api.ink_changed/1");
  EXPECT_EQ(answer.at("symbols"), 3);
  EXPECT_EQ(answer.at("classes"), Json({{{"name", "I"}, {"count", 2}}, {{"name", "♥"}, {"count", 1}}}));
  EXPECT_EQ(answer.at("symbol").at("fate"), "kept");
  EXPECT_EQ(answer.at("symbol").at("moves"), 1);
  done(put("I", 0, 5));  // drawn again
  const data::InkSet set = kept();
  ASSERT_EQ(set.symbols.size(), 3u);
  EXPECT_EQ(set.symbols[0].ink, (ink::Ink{{{5, 20}, {15, 70}}}));
  EXPECT_EQ(set.symbols[0].times, (std::vector<std::vector<double>>{{0, 0.25}}));
  EXPECT_EQ(set.symbols[2].ink[0][0].x, 3);
  EXPECT_EQ(set.lines, (data::InkLines{.top = 20, .baseline = 70}));
  done({{"action", "erase"}, {"name", "mine"}, {"label", "I"}, {"place", 0}});
  const Json now = shown();
  EXPECT_EQ(now.at("schema"), "ganymede.api.ink_set/1");
  EXPECT_EQ(now.at("own"), true);
  EXPECT_EQ(now.at("lines").at("baseline"), 70);
  EXPECT_EQ(now.at("symbols").size(), 2u);
  EXPECT_EQ(now.at("symbols")[1].at("strokes")[0].at("x"), Json({3, 13}));
}

TEST_F(InkServed, GoesOnWithASetAfterTheServerHasEnded) {
  start();
  create();
  done(put("I", 0, 1));
  server.reset();
  start();
  done(put("I", 1, 2));
  EXPECT_EQ(kept().symbols.size(), 2u);
  const Json list = get("/api/v1/ink").json();
  EXPECT_EQ(list.at("schema"), "ganymede.api.ink/1");
  EXPECT_EQ(list.at("folder"), data.string());
  ASSERT_EQ(list.at("sets").size(), 1u);
  EXPECT_EQ(list.at("sets")[0].at("name"), "mine");
  EXPECT_EQ(list.at("sets")[0].at("symbols"), 2);
}

TEST_F(InkServed, SendsTheFileAndTakesItsSymbolsBack) {
  start();
  create();
  done(put("I", 0, 1));
  done(put("♥", 0, 2));
  const Answer file = get("/api/v1/ink/mine/file");
  EXPECT_EQ(file.header("content-disposition"), "attachment; filename=\"mine.json\"");
  EXPECT_EQ(file.body, read_file(data / "mine" / data::kInkFile));
  const Json document = Json::parse(file.body);
  done({{"action", "create"}, {"name", "copy"}, {"classes", document.at("classes")}, {"lines", document.at("lines")}});
  done({{"action", "add"}, {"name", "copy"}, {"symbols", document.at("symbols")}});
  EXPECT_EQ(get("/api/v1/ink/copy/file").body, file.body);
}

TEST_F(InkServed, ClassesComeAndGoWithTheirSymbols) {
  start();
  create();
  done(put("I", 0, 1));
  done(put("♥", 0, 2));
  done({{"action", "add_class"}, {"name", "mine"}, {"label", "Ž"}});
  const Json left = done({{"action", "remove_class"}, {"name", "mine"}, {"label", "I"}});
  EXPECT_EQ(left.at("classes"), Json({{{"name", "♥"}, {"count", 1}}, {{"name", "Ž"}, {"count", 0}}}));
  refused({{"action", "add_class"}, {"name", "mine"}, {"label", "Ž"}}, 400, "already");
  refused({{"action", "remove_class"}, {"name", "mine"}, {"label", "I"}}, 400, "no class");
}

TEST_F(InkServed, SaysWhatTheNetworksWouldNotSee) {
  start();
  create();
  Json six = put("I", 0, 0);
  six["strokes"] = Json::array();
  for (int i = 0; i < 6; ++i) six["strokes"].push_back({{"x", {i, i}}, {"y", {0, 9}}});
  EXPECT_EQ(done(six).at("symbol").at("fate"), "more than 5 strokes");
  Json dot = put("I", 1, 0);
  dot["strokes"] = Json::array({{{"x", {4}}, {"y", {4}}}});
  EXPECT_EQ(done(dot).at("symbol").at("fate"), "without extent");
  EXPECT_EQ(shown().at("symbols")[0].at("seen"), Json::array());
}

TEST_F(InkServed, AFolderThatIsNotThereIsRefusedWithTheWayOut) {
  options.data = folder / "my data";
  const auto said = [&]() -> std::string {
    try {
      start();
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "";
  };
  const std::string path = (folder / "my data").string();
  EXPECT_EQ(said(), "--data " + path + ": no such folder: make it (mkdir -p '" + path + "')");
  write(folder / "my data", "x");
  EXPECT_NE(said().find("that is a file"), std::string::npos);
}

TEST_F(InkServed, TheCommandNamesAFolderThatIsNotSearchedByDefault) {
  start();
  create();
  const std::string command = shown().at("command");
  EXPECT_EQ(command, "ganymede train ink-quick --source mine --data " + data.string() +
                         " --set data.copies=10 --set snapshot.every=40 --steps 4000");
  EXPECT_EQ(shown().at("data"), data.string());
  server.reset();
  ::setenv("GANYMEDE_DATA", data.c_str(), 1);
  start();
  const Json now = shown();
  ::unsetenv("GANYMEDE_DATA");
  EXPECT_EQ(now.at("data"), nullptr);
  EXPECT_EQ(now.at("command").get<std::string>().find("--data"), std::string::npos);
}

TEST_F(InkServed, ASetThatIsRemovedIsMovedAside) {
  start();
  for (const char* moved : {"mine", "mine-2"}) {
    create();
    done(put("I", 0, 1));
    const std::string text = read_file(data / "mine" / data::kInkFile);
    const Json answer = done({{"action", "remove"}, {"name", "mine"}});
    EXPECT_EQ(answer.at("schema"), "ganymede.api.ink_removed/1");
    EXPECT_EQ(answer.at("path"), (data / ".removed" / moved).string());
    EXPECT_EQ(read_file(data / ".removed" / moved / data::kInkFile), text);
    EXPECT_FALSE(fs::exists(data / "mine"));
  }
  EXPECT_EQ(get("/api/v1/ink").json().at("sets").size(), 0u);
  refused({{"action", "remove"}, {"name", "mine"}}, 404, "no set");
  for (const char* name : {"../data", ".removed", ".", ""})
    EXPECT_NE(post({{"action", "remove"}, {"name", name}}).status, 200) << name;
}

TEST_F(InkServed, OnlyASetOfItsOwnFolderIsRemoved) {
  write(folder / "given" / "theirs" / "ink.json", R"({"schema": "ganymede.ink/1", "classes": ["I"], "symbols": []})");
  ::setenv("GANYMEDE_DATA", (folder / "given").c_str(), 1);
  start();
  ::unsetenv("GANYMEDE_DATA");
  refused({{"action", "remove"}, {"name", "theirs"}}, 403, "another folder");
  create();
  EXPECT_EQ(post({{"action", "remove"}, {"name", "mine"}}, false).status, 401);
  fs::create_directories(folder / "elsewhere");
  fs::create_directory_symlink(folder / "elsewhere", data / ".removed");
  EXPECT_NE(post({{"action", "remove"}, {"name", "mine"}}).status, 200);
  EXPECT_TRUE(fs::is_empty(folder / "elsewhere"));
  EXPECT_EQ(kept().symbols.size(), 0u);
}

TEST_F(InkServed, ANameIsCheckedWithoutMakingASet) {
  start();
  done({{"action", "create"}, {"name", "mine"}, {"classes", {"I"}}, {"check", true}});
  EXPECT_FALSE(fs::exists(data / "mine"));
  refused({{"action", "create"}, {"name", "a b"}, {"check", true}}, 400, "\"name\"");
  refused({{"action", "create"}, {"name", "x"}, {"classes", {"I", "I"}}, {"check", true}}, 400, "already");
  create();
  refused({{"action", "create"}, {"name", "mine"}, {"check", true}}, 409, "already");
}

TEST_F(InkServed, RefusesNamesThatAreNone) {
  fs::create_directories(folder / "outside");
  start();
  create();
  for (const char* name :
       {"../outside", "..", ".", "/tmp/x", "a/b", "a\\b", "mnist", "builtin-ink", ".hidden", "a b", "a.json", "-x"}) {
    refused({{"action", "create"}, {"name", name}}, 400, "\"name\"");
    refused({{"action", "put"}, {"name", name}, {"label", "I"}, {"place", 0}, {"strokes", strokes(0)}}, 404, "no set");
  }
  refused({{"action", "create"}, {"name", std::string(61, 'a')}}, 400, "at most 60");
  refused({{"action", "create"}, {"name", std::string("a\0b", 3)}}, 400, "\"name\"");
  refused({{"action", "create"}, {"name", ""}}, 400, "name");
  refused({{"action", "create"}, {"name", 7}}, 400, "name");
  refused({{"action", "create"}, {"name", "mine"}}, 409, "already");
  for (const char* path :
       {"/api/v1/ink/..%2foutside", "/api/v1/ink/nobody", "/api/v1/ink/nobody/file", "/api/v1/ink/.."}) {
    const int status = get(path).status;
    EXPECT_TRUE(status == 404 || status == 400) << path << " " << status;
  }
  EXPECT_TRUE(fs::is_empty(folder / "outside"));
  int entries = 0;
  for ([[maybe_unused]] const auto& entry : fs::recursive_directory_iterator(data)) ++entries;
  EXPECT_EQ(entries, 3);  // mine, its file and the lock
}

TEST_F(InkServed, RefusesWhatIsNoInkAndLeavesTheFileAsItWas) {
  start();
  create();
  done(put("I", 0, 1));
  const std::string before = read_file(data / "mine" / data::kInkFile);
  const auto with = [&](const char* key, const Json& value) {
    Json body = put("I", 0, 1);
    body[key] = value;
    return body;
  };
  refused(with("action", "burn"), 400, "put, erase");
  refused(with("label", "A"), 400, "no class \"A\"");
  refused(with("label", ""), 400, "label");
  refused(with("place", 2), 400, "0 to 1");
  refused(with("place", -1), 400, "place");
  refused(with("place", 0.5), 400, "place");
  refused(with("place", nullptr), 400, "place");
  refused(with("strokes", Json::array()), 400, "at least one stroke");
  refused(with("strokes", "x"), 400, "wanted a list");
  refused(with("strokes", Json::array({{{"x", {1}}, {"y", Json::array()}}})), 400, "1 and 0");
  refused(with("strokes", Json::array({{{"x", {"1"}}, {"y", {1}}}})), 400, "wanted a number");
  refused(with("strokes", Json::array({{{"x", {1e300}}, {"y", {1}}}})), 400, "10^12");
  refused(with("strokes", Json::array({{{"x", {1}}, {"y", {1}}, {"z", {1}}}})), 400, "unknown key");
  Json many = Json::array();
  for (int i = 0; i < 65; ++i) many.push_back({{"x", {1}}, {"y", {1}}});
  refused(with("strokes", many), 400, "64 strokes");
  const std::vector<int> long_list(8193, 1);
  refused(with("strokes", Json::array({{{"x", long_list}, {"y", long_list}}})), 400, "8192 points");
  refused({{"action", "add"}, {"name", "mine"}, {"symbols", Json::array()}}, 400, "1 to 1000");
  refused({{"action", "add"}, {"name", "mine"}, {"symbols", {{{"label", "A"}, {"strokes", strokes(0)}}}}}, 400,
          "not among");
  refused({{"action", "erase"}, {"name", "mine"}, {"label", "I"}, {"place", 7}}, 400, "no symbol 7");
  refused({{"action", "create"}, {"name", "other"}, {"lines", {{"top", 2}, {"baseline", 1}}}}, 400, "above");
  refused({{"action", "create"}, {"name", "other"}, {"classes", {"a", "a"}}}, 400, "already");
  refused({{"action", "create"}, {"name", "other"}, {"classes", {"a\nb"}}}, 400, "a class's name");
  for (const char* text : {"", "[]", "{", "[[[[", "{\"action\": \"put\"}", "{\"name\": \"mine\"}"})
    EXPECT_EQ(send(text).status, 400) << text;
  EXPECT_EQ(send(std::string(300 << 10, ' ')).status, 413);
  EXPECT_FALSE(fs::exists(data / "other"));
  EXPECT_EQ(read_file(data / "mine" / data::kInkFile), before);
}

TEST_F(InkServed, WantsTheTokenAndARuleOfReadOnlyForbidsChanges) {
  start();
  EXPECT_EQ(post({{"action", "create"}, {"name", "mine"}}, false).status, 401);
  EXPECT_FALSE(fs::exists(data / "mine"));
  create();
  server.reset();
  options.read_only = true;
  start();
  refused(put("I", 0, 1), 403, "read-only");
  EXPECT_EQ(shown().at("symbols").size(), 0u);
}

TEST_F(InkServed, WritesNoLinkAndNothingOfOtherFolders) {
  fs::create_directories(folder / "elsewhere" / "linked");
  write(folder / "elsewhere" / "linked" / "ink.json",
        R"({"schema": "ganymede.ink/1", "classes": ["I"], "symbols": []})");
  fs::create_directory_symlink(folder / "elsewhere" / "linked", data / "mine");
  start();
  EXPECT_EQ(post(put("I", 0, 1)).status, 404);
  refused({{"action", "create"}, {"name", "mine"}}, 409, "is a link, which is not followed");
  EXPECT_EQ(kept().symbols.size(), 0u);
  // A folder of this name that holds something else is left alone.
  write(data / "other" / "precious.txt", "x");
  refused({{"action", "create"}, {"name", "other"}}, 409, "a folder that holds no set");
  write(data / "file", "x");
  refused({{"action", "create"}, {"name", "file"}}, 409, "a file");
  fs::create_directories(data / "within");
  fs::create_symlink(folder / "elsewhere" / "linked" / "ink.json", data / "within" / "ink.json");
  refused({{"action", "create"}, {"name", "within"}}, 409, "a link");
}

TEST_F(InkServed, ADamagedSetIsSaidToBeOneAndNotOverwritten) {
  write(data / "mine" / "ink.json", "{\"schema\": 7}");
  start();
  EXPECT_NE(get("/api/v1/ink").json().at("sets")[0].at("fault").get<std::string>().find("wanted a text"),
            std::string::npos);
  refused(put("I", 0, 1), 409, "ink.json is broken (mine.schema: wanted a text");
  EXPECT_EQ(get("/api/v1/ink/mine").status, 409);
  EXPECT_NE(get("/api/v1/ink/mine").body.find("mend it or move it away"), std::string::npos);
  EXPECT_EQ(read_file(data / "mine" / "ink.json"), "{\"schema\": 7}");
}

// Two servers on one folder: none of what either was asked for is lost.
TEST_F(InkServed, TwoServersKeepAllThatIsDrawn) {
  InkSets one(data.string()), other(data.string());
  one.create("mine", data::InkSet{.symbols = {}, .class_names = {"I"}, .writers = {""}});
  constexpr int kEach = 40;
  const auto draw = [](InkSets& sets) {
    for (int i = 0; i < kEach; ++i) {
      sets.change("mine", [](data::InkSet& set) {
        set.writers = {""};
        set.symbols.push_back({.ink = {{{0, 0}, {1, 1}}}, .times = {}, .label = 0, .writer = 0});
      });
    }
  };
  std::thread beside([&] { draw(other); });
  draw(one);
  beside.join();
  EXPECT_EQ(kept().symbols.size(), std::size_t{2 * kEach});
  // Nor do both make a set of one name.
  std::atomic<int> made = 0;
  const auto make = [&](InkSets& sets) {
    for (int i = 0; i < 20; ++i) {
      try {
        sets.create("set-" + std::to_string(i), {});
        ++made;
      } catch (const HttpError& error) {
        EXPECT_EQ(error.status(), 409);
      }
    }
  };
  std::thread maker([&] { make(other); });
  make(one);
  maker.join();
  EXPECT_EQ(made, 20);
}

TEST_F(InkServed, AFullDiskLeavesNoFolderAndNoChange) {
  // The status of what `work` throws where no file may grow beyond so many bytes.
  const auto status_with = [](rlim_t bytes, const std::function<void()>& work) {
    testing::ChildProcess child([&] {
      const rlimit limit{bytes, bytes};
      ::setrlimit(RLIMIT_FSIZE, &limit);
      ::signal(SIGXFSZ, SIG_IGN);
      try {
        work();
      } catch (const HttpError& error) {
        return error.status() - 400;  // fits an exit code
      }
      return 0;
    });
    return child.wait() + 400;
  };
  InkSets sets(data.string());
  EXPECT_EQ(status_with(10, [&] { sets.create("mine", {}); }), 507);
  EXPECT_FALSE(fs::exists(data / "mine"));
  sets.create("mine", {});
  const std::string before = read_file(data / "mine" / data::kInkFile);
  const auto add = [](data::InkSet& set) { set.class_names.push_back(std::string(30, 'a')); };
  EXPECT_EQ(status_with(10, [&] { sets.change("mine", add); }), 507);
  EXPECT_EQ(read_file(data / "mine" / data::kInkFile), before);
  fs::create_directories(data / "empty");  // as one that was left so
  sets.create("empty", {});
  EXPECT_EQ(kept("empty").symbols.size(), 0u);
}

TEST_F(InkServed, WhatCannotBeKeptIsSaidToBeSo) {
  start();
  create();
  const std::string before = read_file(data / "mine" / data::kInkFile);
  fs::remove(data / ".ink.lock");
  fs::create_directories(data / ".ink.lock");
  refused(put("I", 0, 1), 507, "cannot keep it");
  refused(put("I", 0, 1), 507, "nothing was changed");
  EXPECT_EQ(read_file(data / "mine" / data::kInkFile), before);
}

Json symbol_of(const std::string& label, double x) {
  return {{"label", label}, {"strokes", InkServed::strokes(x)}};
}

TEST_F(InkServed, AnUploadIsThereWholeOrNotAtAll) {
  start();
  const std::string upload =
      done({{"action", "begin"}, {"name", "mine"}, {"labels", {"heart", "B", "A"}}}).at("upload");
  done({{"action", "add"}, {"upload", upload}, {"first", 0}, {"symbols", {symbol_of("A", 1), symbol_of("B", 2)}}});
  EXPECT_EQ(get("/api/v1/ink/mine").status, 404);
  EXPECT_EQ(get("/api/v1/ink").json().at("sets").size(), 0u);
  Json wrong = symbol_of("A", 1);
  wrong["strokes"][0]["x"] = {"a", "b"};
  refused({{"action", "add"}, {"upload", upload}, {"first", 700}, {"symbols", {symbol_of("B", 1), wrong}}}, 400,
          "symbols[701].strokes[0].x");
  Json empty = symbol_of("A", 1);
  for (int i = 0; i < 70; ++i) empty["strokes"].push_back(empty["strokes"][0]);
  refused({{"action", "add"}, {"upload", upload}, {"first", 700}, {"symbols", {empty}}}, 400, "symbols[700]: ");
  done({{"action", "add"}, {"upload", upload}, {"symbols", {symbol_of("heart", 3)}}});
  const Json answer = done({{"action", "finish"}, {"upload", upload}, {"name", "mine"}});
  EXPECT_EQ(answer.at("symbols"), 3);
  EXPECT_EQ(kept().class_names, (std::vector<std::string>{"A", "B", "heart"}));
  EXPECT_EQ(kept().symbols.size(), 3u);
  refused({{"action", "finish"}, {"upload", upload}, {"name", "other"}}, 404, "upload");
  refused({{"action", "begin"}, {"name", "mine"}}, 409, "already");
}

TEST_F(InkServed, AnUploadThatIsGivenUpLeavesItsNameFree) {
  start();
  const Json begin = {{"action", "begin"}, {"name", "mine"}, {"classes", {"I", "♥"}}};
  const std::string first = done(begin).at("upload"), second = done(begin).at("upload");
  EXPECT_NE(first, second);
  done({{"action", "cancel"}, {"upload", first}});
  refused({{"action", "add"}, {"upload", first}, {"symbols", {symbol_of("I", 1)}}}, 404, "upload");
  create();
  refused({{"action", "finish"}, {"upload", second}, {"name", "mine"}}, 409, "already");
  EXPECT_EQ(kept().symbols.size(), 0u);
  for (const char* id : {"..", "../mine", "", "mine", "0123456789abcdef/.."})
    EXPECT_NE(post({{"action", "cancel"}, {"upload", id}}).status, 200) << id;
  EXPECT_TRUE(fs::exists(data / "mine" / data::kInkFile));
  // What was left by an upload that broke off goes with the next one, a day later.
  const fs::path left = data / ".uploads" / second;
  ASSERT_TRUE(fs::exists(left));
  done({{"action", "begin"}, {"name", "other"}});
  EXPECT_TRUE(fs::exists(left));
  fs::last_write_time(left, fs::file_time_type::clock::now() - std::chrono::hours(25));
  fs::last_write_time(left / data::kInkFile, fs::file_time_type::clock::now() - std::chrono::hours(25));
  done({{"action", "begin"}, {"name", "other"}});
  EXPECT_FALSE(fs::exists(left));
}

TEST_F(InkServed, ClassesOfLabelsStandInTheOrderOfTheFormat) {
  start();
  done({{"action", "create"}, {"name", "mine"}, {"labels", {"Ž", "1", "B", "Č", "A"}}});
  EXPECT_EQ(kept().class_names, (std::vector<std::string>{"A", "B", "Č", "Ž", "1"}));
  done({{"action", "create"}, {"name", "words"}, {"labels", {"zebra", "A"}}});
  EXPECT_EQ(kept("words").class_names, (std::vector<std::string>{"A", "zebra"}));
  refused({{"action", "create"}, {"name", "both"}, {"labels", {"A"}}, {"classes", {"A"}}}, 400, "\"labels\"");
}

TEST_F(InkServed, NoFieldIsIgnored) {
  start();
  create();
  Json body = put("I", 0, 1);
  body["foo"] = 1;
  refused(body, 400, "unknown key \"foo\"");
  body = put("I", 0, 1);
  body.erase("action");
  refused(body, 400, "\"action\" is missing");
  refused({{"action", "add_class"}, {"name", "mine"}, {"label", "x"}, {"place", 1}}, 400, "unknown key \"place\"");
  refused({{"action", "create"}, {"name", "other"}, {"label", "x"}}, 400, "unknown key \"label\"");
  EXPECT_EQ(kept().symbols.size(), 0u);
  EXPECT_FALSE(fs::exists(data / "other"));
}

TEST_F(InkServed, WritersAreTextAndTimesRunForward) {
  start();
  create();
  const auto with = [&](const char* key, const Json& value) {
    Json body = put("I", 0, 1);
    body[key] = value;
    return body;
  };
  refused(with("writer", "a\x1b[2J"), 400, "writer");
  refused(with("strokes", Json::array({{{"x", {0, 1}}, {"y", {0, 1}}, {"t", {0, -1}}}})), 400, "t");
  refused(with("strokes", Json::array({{{"x", {0, 1}}, {"y", {0, 1}}, {"t", {0.5, 0.25}}}})), 400, "run backwards");
  refused(with("strokes", Json::array({{{"x", {0}}, {"y", {0}}, {"t", {1}}}, {{"x", {0}}, {"y", {1}}, {"t", {0.5}}}})),
          400, "run backwards");
  done(with("strokes", Json::array({{{"x", {0, 2}}, {"y", {0, 1}}, {"t", {0.5, 0.5}}}})));
  EXPECT_EQ(kept().symbols.size(), 1u);
}

}  // namespace
}  // namespace ganymede::serve
