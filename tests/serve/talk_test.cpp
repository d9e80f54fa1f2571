#include "serve/models.hpp"

// The web socket of looks (RFC 6455), as a browser speaks it.

namespace ganymede::serve {
namespace {

using Json = nlohmann::json;

std::string handshake(int port, const std::string& path, const std::string& more = "") {
  return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
         "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
         more + "\r\n";
}

/// A message of a client: one frame, masked (section 5.2).
std::string words(const std::string& text, char kind = 1) {
  std::string bytes{static_cast<char>(0x80 | kind)};
  const std::size_t size = text.size();
  if (size < 126) {
    bytes += static_cast<char>(0x80 | size);
  } else if (size < 65536) {
    bytes += {static_cast<char>(0x80 | 126), static_cast<char>(size >> 8), static_cast<char>(size)};
  } else {
    bytes += static_cast<char>(0x80 | 127);
    for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(size >> shift);
  }
  const std::string mask = "\x12\x34\x56\x78";
  bytes += mask;
  for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(text[i] ^ mask[i % 4]);
  return bytes;
}

struct Heard {
  int kind = 0;  ///< 1 text, 2 binary, 8 the end, 0 nothing came
  std::string body;
};

Heard hear(Client& client) {
  Heard heard;
  for (bool last = false; !last;) {
    const std::string head = client.take(2);
    if (head.size() < 2) return {};
    const auto first = static_cast<unsigned char>(head[0]);
    std::size_t size = static_cast<unsigned char>(head[1]);
    if (size >= 126) {
      const std::string length = client.take(size == 126 ? 2 : 8);
      size = 0;
      for (const char byte : length) size = size << 8 | static_cast<unsigned char>(byte);
    }
    last = (first & 0x80) != 0;
    if ((first & 0x0F) != 0) heard.kind = first & 0x0F;
    heard.body += client.take(size);
  }
  return heard;
}

struct Talk : ModelsServed {
  run::RunDirectory run = tiny.train("a");

  Client talk() {
    Client client(port);
    client.send(handshake(port, "/api/v1/looks"));
    const Answer answer = client.answer(false);
    EXPECT_EQ(answer.status, 101);
    EXPECT_EQ(answer.header("sec-websocket-accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") << "the example of section 1.3";
    return client;
  }
  int refused(const std::string& request) const {
    Client client(port);
    client.send(request);
    return client.answer().status;
  }
};

TEST_F(Talk, AnswersEachWishInItsTurnWithTheFrameOfLook) {
  start();
  Client client = talk();
  const Json first = {{"run", "a"}, {"z", {0.5, -0.25}}, {"want", {{"layers", true}}}};
  const Json second = {{"run", "a"}, {"seed", 3}, {"count", 5}};
  client.send(words(first.dump()) + words(second.dump()));
  for (const Json& wish : {first, second}) {
    const Heard heard = hear(client);
    ASSERT_EQ(heard.kind, 2);
    const Frame frame = frames_of(heard.body).at(0), posted = look(wish);
    EXPECT_EQ(frame.arrays, posted.arrays);
    EXPECT_EQ(frame.head.at("z"), posted.head.at("z"));
    EXPECT_EQ(frame.head.at("command"), posted.head.at("command"));
  }
}

TEST_F(Talk, SaysAnErrorWithItsStatusAndGoesOn) {
  start();
  Client client = talk();
  const auto fault = [&](const std::string& wish) {
    client.send(words(wish));
    const Heard heard = hear(client);
    EXPECT_EQ(heard.kind, 1) << wish;
    return Json::parse(heard.body);
  };
  EXPECT_EQ(fault("no json").at("status"), 400);
  EXPECT_EQ(fault("").at("status"), 400);
  EXPECT_EQ(fault("[1, 2]").at("status"), 400);
  EXPECT_EQ(fault(std::string(1000, '[')).at("status"), 400);
  EXPECT_EQ(fault(R"({"run": "../a"})").at("status"), 404);
  const Json missing = fault(R"({"run": "b"})");
  EXPECT_EQ(missing.at("status"), 404);
  EXPECT_NE(missing.at("answer").at("error").get<std::string>().find("b"), std::string::npos);
  client.send(words(R"({"run": "a", "z": [0, 0]})"));
  EXPECT_EQ(hear(client).kind, 2) << "it still looks";
}

TEST_F(Talk, IsRefusedToPagesElsewhereAndOtherHosts) {
  start();
  EXPECT_EQ(refused(handshake(port, "/api/v1/looks", "Origin: http://elsewhere.example\r\n")), 403);
  EXPECT_EQ(refused(handshake(port, "/api/v1/looks", "Sec-Fetch-Site: cross-site\r\n")), 403);
  EXPECT_EQ(refused(handshake(port, "/api/v1/runs")), 404);
  EXPECT_EQ(refused(handshake(port + 1, "/api/v1/looks")), 421);
  Client own(port);
  own.send(handshake(port, "/api/v1/looks", "Origin: http://127.0.0.1:" + std::to_string(port) + "\r\n"));
  EXPECT_EQ(own.answer(false).status, 101);
}

TEST_F(Talk, WantsTheTokenWhereOthersCanReachTheServer) {
  options.address = "0.0.0.0";
  start();
  EXPECT_EQ(refused(handshake(port, "/api/v1/looks")), 401);
}

TEST_F(Talk, IsBoundedInSizeTimeAndNumber) {
  options.limits.body_bytes = 4096;
  options.limits.streams = 2;
  options.limits.answer = std::chrono::milliseconds(300);
  start();
  {
    Client client = talk();
    client.send(words(std::string(5000, ' ')));
    EXPECT_TRUE(client.ends_within(5000)) << "a message that is too long";
  }
  {
    Client client = talk();
    client.send(words("{}", 3));
    EXPECT_TRUE(client.ends_within(5000)) << "a kind of frame that there is not";
  }
  {
    Client first = talk(), second = talk();
    EXPECT_EQ(refused(handshake(port, "/api/v1/looks")), 503);
    // Neither answers the server's pings.
    EXPECT_TRUE(first.ends_within(10000));
    EXPECT_TRUE(second.ends_within(10000));
  }
  EXPECT_TRUE(talk().send(words("{}"))) << "their places are free again";
}

TEST_F(Talk, EndsWithTheServer) {
  start();
  Client client = talk();
  client.send(words(R"({"run": "a", "seed": 1, "count": 64, "want": {"layers": true}})"));
  server.reset();
  EXPECT_TRUE(client.ends_within(5000));
}

}  // namespace
}  // namespace ganymede::serve
