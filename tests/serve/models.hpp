#pragma once

#include <stdlib.h>

#include <cstring>
#include <map>
#include <set>

#include "engine/executor.hpp"
#include "evaluate/known_classifier.hpp"
#include "explore/tiny.hpp"
#include "fit/untrained_classifier.hpp"
#include "serve/served.hpp"

namespace ganymede::serve {

/// A frame as a client reads it.
struct Frame {
  nlohmann::json head;
  std::map<std::string, std::string> arrays;  ///< bytes by name

  template <class T>
  std::vector<T> values(const std::string& name) const {
    const std::string& bytes = arrays.at(name);
    std::vector<T> list(bytes.size() / sizeof(T));
    std::memcpy(list.data(), bytes.data(), bytes.size());
    return list;
  }
  std::vector<std::int64_t> shape(const std::string& name) const {
    for (const auto& one : head.at("arrays")) {
      if (one.at("name") == name) return one.at("shape");
    }
    return {};
  }
};

/// All frames of a body; lengths that do not fit are failures.
inline std::vector<Frame> frames_of(std::string body) {
  static const std::map<std::string, std::size_t> kSizes = {{"u8", 1}, {"i32", 4}, {"f32", 4}};
  std::vector<Frame> frames;
  while (!body.empty()) {
    std::uint32_t lengths[2] = {};
    if (body.size() < sizeof lengths) ADD_FAILURE() << "a frame is cut";
    std::memcpy(lengths, body.data(), std::min(body.size(), sizeof lengths));
    const std::size_t whole = 8 + std::size_t{lengths[0]} + lengths[1];
    if (lengths[0] % 8 != 0 || lengths[1] % 8 != 0 || body.size() < whole) {
      ADD_FAILURE() << "a frame of " << lengths[0] << " and " << lengths[1] << " bytes in " << body.size();
      return frames;
    }
    Frame frame{.head = nlohmann::json::parse(body.substr(8, lengths[0])), .arrays = {}};
    for (const auto& one : frame.head.value("arrays", nlohmann::json::array())) {
      std::size_t bytes = kSizes.at(one.at("type"));
      for (const std::size_t extent : one.at("shape")) bytes *= extent;
      const std::size_t offset = one.at("offset");
      EXPECT_EQ(offset % 8, 0U);
      EXPECT_LE(offset + bytes, lengths[1]);
      frame.arrays[one.at("name")] = body.substr(8 + lengths[0] + offset, bytes);
    }
    frames.push_back(std::move(frame));
    body.erase(0, whole);
  }
  return frames;
}

/// A chunked body as one text.
inline std::string unchunked(const std::string& body) {
  std::string text;
  for (std::size_t at = 0; at < body.size();) {
    const std::size_t line = body.find("\r\n", at);
    if (line == std::string::npos) break;
    const std::size_t size = std::stoul(body.substr(at, line - at), nullptr, 16);
    text += body.substr(line + 2, size);
    at = line + 2 + size + 2;
  }
  return text;
}

/// A server over runs that were trained for a moment.
struct ModelsServed : ::testing::Test {
  explicit ModelsServed(bool conditional = false) : tiny(conditional) {
    options.root = tiny.root / "runs";
    options.version = "test";
    options.backend = &engine::cpu_backend();
    options.limits.poll = std::chrono::milliseconds(20);
    ::setenv("XDG_CACHE_HOME", (tiny.root / "cache").c_str(), 1);
  }
  ~ModelsServed() override { ::unsetenv("XDG_CACHE_HOME"); }

  void start() {
    server = std::make_unique<Server>(options);
    port = server->port();
  }
  /// A classifier of the bars in the cache, untrained: its answers are anybody's, and always the same.
  void put_classifier() const {
    const data::Dataset train = evaluate::open_whole(tiny.recipe, data::Split::train, {});
    const data::Dataset test = evaluate::open_whole(tiny.recipe, data::Split::test, {});
    fit::testing::keep_untrained(train, test, {});
  }
  static std::string text_of(int port, const std::string& endpoint, const std::string& body) {
    return request_text(port, "POST", "/api/v1/" + endpoint, {{"Content-Type", "application/json"}}, body);
  }
  Answer post(const std::string& endpoint, const nlohmann::json& body) const {
    return post_text(endpoint, body.dump());
  }
  Answer post_text(const std::string& endpoint, const std::string& body) const {
    Client client(port);
    client.send(text_of(port, endpoint, body));
    return client.answer();
  }
  Frame look(const nlohmann::json& body) const {
    const Answer answer = post("look", body);
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.header("content-type"), "application/vnd.ganymede.frames");
    const std::vector<Frame> frames = frames_of(answer.body);
    EXPECT_EQ(frames.size(), 1U);
    return frames.empty() ? Frame{} : frames.front();
  }
  std::vector<Frame> stream(const std::string& endpoint, const nlohmann::json& body) const {
    Client client(port);
    client.send(text_of(port, endpoint, body.dump()));
    const std::string head = client.until("\r\n\r\n");
    EXPECT_TRUE(head.starts_with("HTTP/1.1 200")) << head << client.rest(1000);
    return frames_of(unchunked(client.rest(30'000)));
  }
  Answer get(const std::string& target) const { return serve::get(port, "/api/v1/" + target); }

  explore::testing::TinyRuns tiny;
  ServerOptions options;
  std::unique_ptr<Server> server;
  int port = 0;
};

}  // namespace ganymede::serve
