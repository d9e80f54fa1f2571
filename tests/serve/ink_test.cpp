#include "data/ink/ink_json.hpp"
#include "data/ink/own_ink.hpp"
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
  EXPECT_EQ(entries, 2);  // mine and its file
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
  for (const char* text : {"", "[]", "{", "[[[[", "{\"action\": \"put\"}"}) EXPECT_EQ(send(text).status, 400) << text;
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
  refused({{"action", "create"}, {"name", "mine"}}, 409, "already");
  EXPECT_EQ(kept().symbols.size(), 0u);
  // A folder of this name that holds something else is left alone.
  write(data / "other" / "precious.txt", "x");
  refused({{"action", "create"}, {"name", "other"}}, 409, "already");
}

TEST_F(InkServed, ADamagedSetIsSaidToBeOneAndNotOverwritten) {
  write(data / "mine" / "ink.json", "{\"schema\": 7}");
  start();
  EXPECT_NE(get("/api/v1/ink").json().at("sets")[0].at("fault").get<std::string>().find("wanted a text"),
            std::string::npos);
  refused(put("I", 0, 1), 400, "schema");
  EXPECT_EQ(get("/api/v1/ink/mine").status, 400);
  EXPECT_EQ(read_file(data / "mine" / "ink.json"), "{\"schema\": 7}");
}

}  // namespace
}  // namespace ganymede::serve
