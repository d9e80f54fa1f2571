#include "serve/routes.hpp"

#include <algorithm>
#include <sstream>

#include "base/file.hpp"
#include "serve/served.hpp"
#include "web/files.hpp"

namespace ganymede::serve {
namespace {

struct EveryRoute : Served {
  /// The address with these in the place of the stars.
  static std::string address(const Route& route, const std::string& one, const std::string& rest) {
    std::string text = route.pattern;
    const auto put = [&](std::string_view stars, const std::string& part) {
      if (const std::size_t at = text.find(stars); at != std::string::npos) text.replace(at, stars.size(), part);
    };
    put("**", rest);
    put("*", one);
    return text;
  }
};

TEST_F(EveryRoute, StandsInThePageOfTheApi) {
  const std::string page = read_file(fs::path(GANYMEDE_SOURCE_DIR) / "docs/api.md");
  std::string headings;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("## ")) headings += line.substr(3) + ", ";
  }
  const std::string api = "/api/v1/";
  for (const Route& route : routes()) {
    const std::string where = address(route, "NAME", "PATH");
    if (where.starts_with(api)) {
      const std::string heading = std::string(route.method) + " " + where.substr(api.size()) + ", ";
      EXPECT_NE(headings.find(heading), std::string::npos) << heading;
    } else {
      EXPECT_NE(page.find("`" + where + "`"), std::string::npos) << where;
    }
  }
}

TEST_F(EveryRoute, IsFoundByItsMethodAlone) {
  for (const Route& route : routes()) {
    Request request;
    request.method = route.method;
    std::istringstream parts(address(route, "a", "b/c").substr(1));
    for (std::string part; std::getline(parts, part, '/');) request.path.push_back(part);
    EXPECT_EQ(find_route(request).route, &route) << route.pattern;
    request.method = "PATCH";
    EXPECT_THROW(find_route(request), HttpError) << route.pattern;
  }
}

TEST_F(EveryRoute, ForbidsTheForeignAndWantsTheTokenForAChange) {
  make_run("a");
  options.data = folder / "data";
  write(folder / "data" / "a" / "ink.json", R"({"schema": "ganymede.ink/1", "symbols": []})");
  start();
  constexpr std::string_view kAssets = "assets/";
  const auto is_one = [&](const web::File& one) { return one.path.starts_with(kAssets); };
  const std::string an_asset(std::ranges::find_if(web::files(), is_one)->path.substr(kAssets.size()));
  for (const Route& route : routes()) {
    SCOPED_TRACE(route.pattern);
    const bool reads = std::string_view(route.method) == "GET";
    const bool is_asset = std::string_view(route.pattern) == "/assets/**";
    const std::string file = is_asset ? an_asset : "samples/latest.png";
    const Answer answer = ask(port, route.method, address(route, "a", file));
    if (reads) {
      const bool fine = answer.status == 200 || answer.status == 400 || answer.status == 503;
      EXPECT_TRUE(fine) << answer.status;  // 400: wants a query; 503: this server runs no models
    } else {
      EXPECT_EQ(answer.status, route.changes ? 401 : 415);
    }
    EXPECT_EQ(answer.header("x-content-type-options"), "nosniff");
    EXPECT_NE(answer.header("content-security-policy"), "");
    EXPECT_EQ(answer.header("access-control-allow-origin"), "");
  }
}

}  // namespace
}  // namespace ganymede::serve
