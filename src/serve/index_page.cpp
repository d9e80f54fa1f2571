#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/markup.hpp"
#include "base/text.hpp"
#include "serve/api.hpp"

namespace ganymede::serve {
namespace {

using Json = nlohmann::ordered_json;

// Everything that comes from a run is shown as text.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : escape_markup(text)) result += c == '\'' ? "&#39;" : std::string(1, c);
  return result;
}

std::string text_of(const Json& card, const char* name) {
  const auto found = card.find(name);
  return found != card.end() && found->is_string() ? escaped(found->get<std::string>()) : "";
}

double number_of(const Json& card, const char* name) {
  const auto found = card.find(name);
  return found != card.end() && found->is_number() ? found->get<double>() : 0;
}

// One loss as a line in a field of 240 x 48.
std::string line_of(const Json& values, double low, double high, const char* player) {
  std::string points;
  const auto count = static_cast<double>(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i].is_number()) continue;
    const double share = high > low ? (values[i].get<double>() - low) / (high - low) : 0.5;
    points += fmt::format("{:.1f},{:.1f} ", 240 * static_cast<double>(i) / std::max(1.0, count - 1), 46 - 44 * share);
  }
  return fmt::format("<polyline class=\"{}\" points=\"{}\"/>", player, points);
}

std::string sparkline(const Json& losses) {
  double low = INFINITY, high = -INFINITY;
  for (const char* player : {"generator", "discriminator"}) {
    for (const Json& value : losses.at(player)) {
      if (!value.is_number()) continue;
      low = std::min(low, value.get<double>());
      high = std::max(high, value.get<double>());
    }
  }
  if (!(low <= high)) return "";
  return "<svg viewBox=\"0 0 240 48\" role=\"img\" aria-label=\"the last losses of generator and discriminator\">" +
         line_of(losses.at("generator"), low, high, "generator") +
         line_of(losses.at("discriminator"), low, high, "discriminator") + "</svg>";
}

std::string progress_of(const Json& card) {
  const double step = number_of(card, "step"), total = number_of(card, "total_steps");
  if (total <= 0) return "";
  std::string text = fmt::format(
      "<progress max=\"{0:.0f}\" value=\"{1:.0f}\">{1:.0f} of {0:.0f}</progress>"
      "<p>epoch {2:.0f}, step {3} of {4}",
      total, std::min(step, total), number_of(card, "epoch"), with_thousands(static_cast<std::int64_t>(step)),
      with_thousands(static_cast<std::int64_t>(total)));
  if (const double left = number_of(card, "seconds_left"); left > 0) text += ", " + human_duration(left) + " left";
  return text + "</p>";
}

std::string card_of(const Json& card) {
  std::string text = fmt::format("<li class=\"{}\"><h2>{}</h2>", text_of(card, "state"), text_of(card, "name"));
  if (card.at("picture").is_string())
    text += fmt::format("<img src=\"{}\" alt=\"the last samples\" loading=\"lazy\">", text_of(card, "picture"));
  text += fmt::format("<p><strong>{}</strong> {}</p>", text_of(card, "state"), text_of(card, "reason"));
  text += progress_of(card);
  text += sparkline(card.at("losses"));
  if (card.contains("recipe"))
    text += fmt::format("<p>{}, seed {}</p>", text_of(card, "recipe"), card.at("seed").get<std::uint64_t>());
  if (!card.at("warnings").empty()) text += "<p><strong>its losses grew without bound</strong></p>";
  return text + "</li>\n";
}

constexpr const char* kStyle =
    ":root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }\n"
    "body { max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }\n"
    "ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr)); gap: 1rem; padding: 0; }\n"
    "li { list-style: none; border: 1px solid #8886; border-radius: .5rem; padding: 1rem; overflow-wrap: anywhere; }\n"
    "li.running { border-color: #2a7; }\n"
    "h2 { font-size: 1.1rem; margin: 0 0 .5rem; } p { margin: .4rem 0; }\n"
    "img { width: 100%; image-rendering: pixelated; border-radius: .25rem; }\n"
    "svg { width: 100%; height: 3rem; } polyline { fill: none; stroke-width: 1.5; vector-effect: non-scaling-stroke; "
    "}\n"
    ".generator { stroke: #d95f02; } .discriminator { stroke: #1f78b4; } progress { width: 100%; }\n";

}  // namespace

Response index_page(const Request&, const Parts&, Api& api) {
  const Json list = Json::parse(api.cards.all());
  std::string cards;
  for (const Json& card : list.at("runs")) cards += card_of(card);
  if (cards.empty()) cards = "<li>No runs yet: <code>ganymede train quick</code> makes the first.</li>";
  return {.headers = {{"Content-Type", "text/html; charset=utf-8"}, {"Cache-Control", "no-store"}},
          .body = fmt::format("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                              "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                              "<meta http-equiv=\"refresh\" content=\"10\"><title>Ganymede: runs</title>"
                              "<link rel=\"stylesheet\" href=\"/style.css\"></head>\n<body><h1>Runs</h1>\n"
                              "<p>in {}, every ten seconds anew. Orange: generator's loss, blue: discriminator's.</p>\n"
                              "<ul>\n{}</ul></body></html>\n",
                              escaped(list.at("root").get<std::string>()), cards)};
}

Response style_sheet(const Request&, const Parts&, Api&) {
  return {.headers = {{"Content-Type", "text/css"}, {"Cache-Control", "no-cache"}}, .body = kStyle};
}

}  // namespace ganymede::serve
