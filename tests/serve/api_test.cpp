#include <zlib.h>

#include "run/options.hpp"
#include "serve/served.hpp"
#include "web/files.hpp"

namespace ganymede::serve {
namespace {

std::string unzipped(const std::string& bytes) {
  std::string result(16 << 20, '\0');
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  result.resize(stream.total_out);
  inflateEnd(&stream);
  return result;
}

struct Endpoints : Served {};

TEST_F(Endpoints, EveryAnswerCarriesSchemaVersionAndWhatForbidsTheForeign) {
  make_run("a");
  start();
  for (const char* path : {"runs", "runs/a", "recipes", "options", "compare?runs=a,a", "nothing"}) {
    const Answer answer = get(std::string("/api/v1/") + path);
    EXPECT_TRUE(answer.json().at("schema").get<std::string>().starts_with("ganymede.api.")) << path;
    EXPECT_EQ(answer.json().at("version"), "test");
    EXPECT_EQ(answer.header("x-content-type-options"), "nosniff");
    EXPECT_TRUE(answer.header("content-security-policy").starts_with("default-src 'none';"));
    EXPECT_EQ(answer.header("referrer-policy"), "no-referrer");
    EXPECT_EQ(answer.header("access-control-allow-origin"), "");
  }
}

TEST_F(Endpoints, CardsTellWhatARunDoes) {
  run::RunDirectory alive = make_run("alive", run::RunState::running);
  make_run("killed", run::RunState::running);
  make_run("done");
  for (int step = 11; step <= 15; ++step) write(alive.events_path(), step_line(step), true);
  write(alive.events_path(), "{\"event\": \"warning\", \"reason\": \"loss\", \"loss\": \"inf\"}\n", true);
  fs::create_directories(folder / "broken");
  write(folder / "broken" / "run.json", "{");
  fs::create_directories(folder / "no run");
  start();
  const auto list = get("/api/v1/runs").json();
  EXPECT_EQ(list.at("root"), folder.path().string());
  std::map<std::string, nlohmann::json> cards;
  for (const auto& card : list.at("runs")) cards[card.at("name")] = card;
  EXPECT_EQ(cards.size(), 4U);
  const auto& card = cards["alive"];
  EXPECT_EQ(card.at("state"), "running");
  EXPECT_TRUE(card.at("alive"));
  EXPECT_EQ(card.at("recipe"), "quick");
  EXPECT_EQ(card.at("seed"), 7);
  EXPECT_EQ(card.at("step"), 15);  // the events are ahead of run.json
  EXPECT_EQ(card.at("total_steps"), 20);
  EXPECT_NEAR(card.at("seconds_left"), 5 * 32 / 100.0, 1e-9);  // 5 steps of 32 images at 100 a second
  EXPECT_EQ(card.at("losses").at("discriminator"), (std::vector<double>{11, 12, 13, 14, 15}));
  EXPECT_EQ(card.at("warnings").at(0).at("reason"), "loss");
  EXPECT_EQ(get(card.at("picture")).body, "a picture");
  EXPECT_EQ(cards["killed"].at("state"), "interrupted");
  EXPECT_EQ(cards["killed"].at("seconds_left"), nullptr);
  EXPECT_EQ(cards["done"].at("state"), "finished");
  EXPECT_EQ(cards["broken"].at("state"), "damaged");
  EXPECT_NE(cards["broken"].at("reason"), "");
}

TEST_F(Endpoints, ChosenRunsAreServedAlone) {
  make_run("a");
  make_run("b");
  options.runs = {folder / "b"};
  start();
  EXPECT_EQ(get("/api/v1/runs").json().at("runs").size(), 1U);
  EXPECT_EQ(get("/api/v1/runs/b").status, 200);
  const Answer other = get("/api/v1/runs/a");
  EXPECT_EQ(other.status, 404);
  EXPECT_EQ(other.json().at("error"), "there is no run \"a\", did you mean \"b\"?");
}

TEST_F(Endpoints, ARunIsDescribedWithItsFiles) {
  const fs::path run = make_run("a b", run::RunState::paused, {"train.batch=48"}).path();
  write(run / "snapshots" / "epoch-00003.safetensors", "weights");
  write(run / "checkpoints" / "step-0000000010.safetensors", "everything");
  write(run / "checkpoints" / ".hidden.safetensors", "");
  write(run / "samples" / "epoch-0003.png", "picture");
  write(run / "samples" / "note.exe", "");
  write(run / "maps" / "film.gif", "gif");
  write(run / "measures" / "kid.json", "{}");
  start();
  const Answer answer = get("/api/v1/runs/a%20b");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto page = answer.json();
  EXPECT_EQ(page.at("card").at("state"), "paused");
  EXPECT_EQ(page.at("run").at("schema"), "ganymede.run/1");
  EXPECT_EQ(page.at("recipe").at("options").at("train.batch"), 48);
  EXPECT_EQ(page.at("recipe").at("options").at("game.loss"), "non_saturating");
  ASSERT_EQ(page.at("checkpoints").size(), 1U);
  EXPECT_EQ(page.at("checkpoints")[0].at("step"), 10);
  EXPECT_EQ(page.at("checkpoints")[0].at("bytes"), 10);
  EXPECT_EQ(page.at("snapshots")[0].at("epoch"), 3);
  EXPECT_EQ(page.at("samples").size(), 2U);
  EXPECT_EQ(page.at("films")[0].at("file"), "maps/film.gif");
  EXPECT_EQ(page.at("measures")[0].at("file"), "measures/kid.json");
  EXPECT_EQ(get(page.at("snapshots")[0].at("address")).body, "weights");
}

TEST_F(Endpoints, FilesComeWithTypeRangeAndAreNotSentTwice) {
  const run::RunDirectory run = make_run("a");
  write(run.samples() / "x.png", "0123456789");
  write(run.path() / "report.html", "<script>alert(1)</script>");
  start();
  const std::string path = "/api/v1/runs/a/files/samples/x.png";
  const Answer whole = get(path);
  EXPECT_EQ(whole.status, 200);
  EXPECT_EQ(whole.header("content-type"), "image/png");
  EXPECT_EQ(whole.body, "0123456789");
  EXPECT_EQ(get(path, {{"If-None-Match", whole.header("etag")}}).status, 304);
  EXPECT_EQ(get(path, {{"If-Modified-Since", whole.header("last-modified")}}).status, 304);
  EXPECT_EQ(get(path, {{"If-None-Match", "\"other\""}}).status, 200);
  const Answer head = ask(port, "HEAD", path);
  EXPECT_EQ(head.header("content-length"), "10");
  const auto part = [&](const std::string& range) { return get(path, {{"Range", range}}); };
  EXPECT_EQ(part("bytes=2-4").status, 206);
  EXPECT_EQ(part("bytes=2-4").body, "234");
  EXPECT_EQ(part("bytes=2-4").header("content-range"), "bytes 2-4/10");
  EXPECT_EQ(part("bytes=8-").body, "89");
  EXPECT_EQ(part("bytes=-3").body, "789");
  EXPECT_EQ(part("bytes=5-99999").body, "56789");
  EXPECT_EQ(part("bytes=10-").status, 416);
  for (const char* other : {"bytes=4-2", "bytes=x-", "bytes=-", "lines=1-2", "bytes=0-1,3-4"})
    EXPECT_EQ(part(other).status, 200) << other;
  EXPECT_EQ(get(path, {{"Range", "bytes=2-4"}, {"If-Range", "\"other\""}}).status, 200);
  write(run.samples() / "x.png", "new");
  EXPECT_EQ(get(path, {{"If-None-Match", whole.header("etag")}}).body, "new");
  // A page of a run's folder runs no script, whoever wrote it.
  EXPECT_TRUE(get("/api/v1/runs/a/files/report.html").header("content-security-policy").starts_with("sandbox;"));
}

TEST_F(Endpoints, NoPathAndNoLinkLeavesTheRunsFolder) {
  const run::RunDirectory run = make_run("a");
  const ganymede::testing::FreshFolder outside;
  write(outside / "secret.png", "secret");
  write(outside / "run.json", "{}");
  fs::create_symlink(outside / "secret.png", run.samples() / "link.png");
  fs::create_directory_symlink(outside.path(), folder / "linked");
  fs::remove_all(run.path() / "maps");
  fs::create_directory_symlink(outside.path(), run.path() / "maps");
  write(run.path() / "private.txt", "private");
  write(run.path() / "samples" / "deep" / "x.png", "deep");
  start();
  for (const std::string target :
       {"/api/v1/runs/a/files/samples/link.png", "/api/v1/runs/a/files/maps/secret.png",
        "/api/v1/runs/linked/files/secret.png", "/api/v1/runs/linked", "/api/v1/runs/linked/events",
        "/api/v1/runs/a/files/../../x.png", "/api/v1/runs/a/files/%2e%2e/%2e%2e/x.png",
        "/api/v1/runs/..%2f/files/x.png", "/api/v1/runs/a/files//etc/passwd", "/api/v1/runs/a/files/%2fetc%2fpasswd",
        "/api/v1/runs/a/files/samples/latest.png%00.txt", "/api/v1/runs/a/files/private.txt",
        "/api/v1/runs/a/files/samples/deep/x.png", "/api/v1/runs/a/files/samples", "/api/v1/runs/a/files/run.lock",
        "/api/v1/runs/./files/x.png", "/api/v1/compare?runs=../a,linked", "/..%2f..%2fetc/passwd"}) {
    const Answer answer = get(target);
    EXPECT_TRUE(answer.status == 404 || answer.status == 400) << target << " " << answer.status;
    EXPECT_EQ(answer.body.find("secret\""), std::string::npos);
    EXPECT_TRUE(answer.json().contains("error"));
  }
  const auto list = get("/api/v1/runs").json();
  EXPECT_EQ(list.at("runs").size(), 1U);
  EXPECT_TRUE(get("/api/v1/runs/a").json().at("maps").empty());
}

TEST_F(Endpoints, RecipesAndOptionsAreWhatAFormIsMadeOf) {
  start();
  const auto recipes = get("/api/v1/recipes").json().at("recipes");
  EXPECT_EQ(recipes.size(), run::shipped_recipes().size());
  const auto list = get("/api/v1/options").json().at("options");
  ASSERT_EQ(list.size(), run::options().size());
  for (const auto& option : list) {
    EXPECT_NE(option.at("help"), "");
    EXPECT_NE(option.at("legal"), "");
    EXPECT_TRUE(option.contains("default") && option.contains("type") && option.at("conditions").is_array());
    for (const auto& recipe : recipes) EXPECT_TRUE(recipe.at("options").contains(option.at("key").get<std::string>()));
    if (option.at("key") == "train.batch") {
      EXPECT_EQ(option.at("type"), "integer");
      EXPECT_EQ(option.at("min"), 1);
    }
    if (option.at("key") == "game.loss") {
      EXPECT_TRUE(option.at("choices").is_array());
    }
  }
}

TEST_F(Endpoints, CompareNamesWhatDiffers) {
  make_run("a");
  make_run("b", run::RunState::finished, {"train.batch=48"});
  make_run("c", run::RunState::finished, {"latent.dim=5"});
  start();
  const auto answer = get("/api/v1/compare?runs=a,b,c").json();
  EXPECT_EQ(answer.at("runs"), (std::vector<std::string>{"a", "b", "c"}));
  std::map<std::string, std::vector<std::string>> values;
  for (const auto& difference : answer.at("differences")) values[difference.at("key")] = difference.at("values");
  ASSERT_EQ(values.size(), 2U);
  EXPECT_EQ(values["train.batch"][1], "48");
  EXPECT_EQ(values["train.batch"][0], values["train.batch"][2]);
  EXPECT_EQ(values["latent.dim"][2], "5");
  EXPECT_EQ(get("/api/v1/compare?runs=a").status, 400);
  EXPECT_EQ(get("/api/v1/compare").status, 400);
  EXPECT_EQ(get("/api/v1/compare?runs=a,missing").status, 404);
}

TEST_F(Endpoints, EveryAddressOfThePageIsThePageAndItsFilesAreKept) {
  make_run("<script>alert(1)<");
  start();
  const Answer page = get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.header("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.body, web::find("index.html")->bytes);
  for (const char* address : {"/compare?runs=a,b", "/run/a", "/run/%3Cscript%3E/space?z=1,2"})
    EXPECT_EQ(get(address).body, page.body) << address;
  EXPECT_EQ(get("/run/a/other").status, 404);
  const Answer astray = get("/run/a/other", {{"Accept", "text/html,application/xhtml+xml"}});
  EXPECT_EQ(astray.status, 404);
  EXPECT_EQ(astray.body, page.body) << "which says so, with the way back";
  EXPECT_TRUE(get("/api/v1/nothing", {{"Accept", "text/html"}}).json().contains("error"));
  for (const web::File& file : web::files()) {
    if (!file.path.starts_with("assets/")) continue;
    const Answer asset = get("/" + std::string(file.path));
    EXPECT_EQ(asset.body, file.bytes) << file.path;
    EXPECT_NE(asset.header("content-type"), "application/octet-stream") << file.path;
    EXPECT_NE(asset.header("cache-control").find("immutable"), std::string::npos);
  }
  EXPECT_EQ(get("/assets/missing.js").status, 404);
  EXPECT_EQ(get("/assets/%2e%2e/index.html").status, 400);
}

TEST_F(Endpoints, ThePageIsSentCompressedToThoseWhoTakeIt) {
  start();
  for (const web::File& file : web::files()) {
    if (!file.path.starts_with("assets/")) continue;
    const Answer asset = get("/" + std::string(file.path), {{"Accept-Encoding", "gzip, deflate, br"}});
    EXPECT_EQ(asset.header("content-encoding"), "gzip");
    EXPECT_TRUE(unzipped(asset.body) == file.bytes) << file.path;
  }
}

TEST_F(Endpoints, OtherAddressesAndMethodsAreRefusedInASentence) {
  start();
  EXPECT_EQ(get("/api/v1/nothing").status, 404);
  EXPECT_EQ(get("/api/v2/runs").status, 404);
  EXPECT_EQ(get("/api/v1/control").status, 405);
  const Headers token = {{"X-Ganymede-Token", server->token()}};
  EXPECT_EQ(ask(port, "POST", "/api/v1/runs", token, "{}").status, 405);
  EXPECT_EQ(ask(port, "DELETE", "/api/v1/runs/a", token).status, 405);
  EXPECT_EQ(ask(port, "POST", "/api/v1/control", {}, "{}").status, 401);
  EXPECT_EQ(get("/api/v1/runs", {{"Host", "evil.example"}}).status, 421);
  EXPECT_EQ(get("/api/v1/runs", {{"Origin", "http://evil.example"}}).status, 403);
}

TEST_F(Endpoints, AConnectionAnswersOneRequestAfterTheOther) {
  make_run("a");
  start();
  Client client(port);
  const std::string text = request_text(port, "GET", "/api/v1/runs/a");
  client.send(text + text);  // the second before the first is answered
  EXPECT_EQ(client.answer().status, 200);
  EXPECT_EQ(client.answer().status, 200);
  client.send(request_text(port, "GET", "/api/v1/nothing"));
  EXPECT_EQ(client.answer().status, 404);
  client.send(text);
  EXPECT_EQ(client.answer().status, 200);
}

TEST_F(Endpoints, BeyondLoopbackEverythingWantsTheToken) {
  make_run("a");
  options.address = "0.0.0.0";
  start();
  EXPECT_EQ(get("/api/v1/runs").status, 401);
  EXPECT_EQ(get("/").status, 401);
  EXPECT_EQ(get("/api/v1/runs", {{"X-Ganymede-Token", server->token()}}).status, 200);
  const Answer welcome = get("/?token=" + server->token());
  EXPECT_EQ(welcome.status, 303);
  const std::string cookie = welcome.header("set-cookie");
  EXPECT_EQ(get("/api/v1/runs", {{"Cookie", cookie.substr(0, cookie.find(';'))}}).status, 200);
  EXPECT_NE(server->link().find("?token=" + server->token()), std::string::npos);
}

TEST_F(Endpoints, APortInUseIsAnError) {
  start();
  options.port = port;
  try {
    const Server second(options);
    ADD_FAILURE() << "two servers on one port";
  } catch (const std::exception& error) {
    EXPECT_NE(std::string(error.what()).find("is in use"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace ganymede::serve
