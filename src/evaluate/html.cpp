#include "evaluate/html.hpp"

#include <fmt/format.h>

#include "base/base64.hpp"
#include "picture/png.hpp"

namespace ganymede::evaluate {
namespace {

constexpr const char* kStyle = R"(
:root { color-scheme: light dark; --line: #d8dce2; --soft: #f5f6f8; --ink: #1d2330; --paper: #fff; }
@media (prefers-color-scheme: dark) { :root { --line: #39404d; --soft: #20242c; --ink: #e6e9ee; --paper: #15181d; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1rem; color: var(--ink);
  background: var(--paper); }
h1 { font-size: 1.7rem; } h2 { margin-top: 2.2rem; border-bottom: 1px solid var(--line); } h3 { margin-top: 1.6rem; }
table { border-collapse: collapse; margin: .8rem 0; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; max-width: 100%; }
.facts td { text-align: left; } .facts td:first-child { background: var(--soft); }
code { background: var(--soft); padding: .05rem .25rem; border-radius: 3px; }
caption { text-align: left; color: #6b7280; padding: .3rem 0; caption-side: bottom; }
th, td { border: 1px solid var(--line); padding: .25rem .6rem; text-align: right; white-space: nowrap; }
@media (max-width: 40rem) { body { margin: 1rem auto; } th, td { white-space: normal; padding: .15rem .3rem;
  font-size: .75rem; }
  td:first-child { min-width: 6rem; overflow-wrap: anywhere; } }
th { background: var(--soft); } td:first-child, th:first-child { text-align: left; }
figure { margin: 1rem 0; } figcaption { color: #6b7280; font-size: .9rem; }
figure svg, figure img { max-width: 100%; height: auto; background: #fff; border: 1px solid var(--line); }
.verdict { padding: .6rem .9rem; border-left: 5px solid #9aa3b2; background: var(--soft); margin: .6rem 0; }
.confirmed { border-color: #2e9e5b; } .refuted { border-color: #d0443e; } .cannot { border-color: #d9a300; }
.collapsed { border-color: #d0443e; }
.verdict b { margin-right: .5rem; }
pre { background: var(--soft); padding: .8rem; overflow-x: auto; font-size: .85rem; }
)";

}  // namespace

std::string escape(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (c == '&') {
      safe += "&amp;";
    } else if (c == '<') {
      safe += "&lt;";
    } else if (c == '>') {
      safe += "&gt;";
    } else if (c == '"') {
      safe += "&quot;";
    } else {
      safe += c;
    }
  }
  return safe;
}

namespace {

/// Escaped, with what stands between backticks as code.
std::string with_code(std::string_view text) {
  std::string html = escape(text);
  for (std::size_t open = html.find('`'); open != std::string::npos; open = html.find('`', open)) {
    const std::size_t close = html.find('`', open + 1);
    if (close == std::string::npos) break;
    html.replace(close, 1, "</code>").replace(open, 1, "<code>");
    open = close;
  }
  return html;
}

}  // namespace

Page::Page(std::string title) : title_(std::move(title)) {}

void Page::heading(std::string_view text) {
  body_ += fmt::format("<h2>{}</h2>\n", escape(text));
}

void Page::subheading(std::string_view text) {
  body_ += fmt::format("<h3>{}</h3>\n", escape(text));
}

void Page::paragraph(std::string_view text) {
  body_ += fmt::format("<p>{}</p>\n", with_code(text));
}

void Page::verdict(std::string_view word, std::string_view text) {
  const std::string_view kind = word.substr(0, word.find(' '));
  body_ += fmt::format("<div class=\"verdict {}\"><b>{}</b>{}</div>\n", escape(kind), escape(word), with_code(text));
}

void Page::table(const Table& table) {
  body_ += table.head.empty() ? "<div class=\"scroll\"><table class=\"facts\">" : "<div class=\"scroll\"><table>";
  if (!table.caption.empty()) body_ += fmt::format("<caption>{}</caption>", with_code(table.caption));
  if (!table.head.empty()) {
    body_ += "<tr>";
    for (const std::string& cell : table.head) body_ += fmt::format("<th>{}</th>", escape(cell));
    body_ += "</tr>\n";
  }
  for (const auto& row : table.rows) {
    body_ += "<tr>";
    for (const std::string& cell : row) body_ += fmt::format("<td>{}</td>", escape(cell));
    body_ += "</tr>\n";
  }
  body_ += "</table></div>\n";
}

void Page::svg(std::string_view svg, std::string_view caption) {
  const std::size_t start = svg.find("<svg");  // an XML declaration has no place inside a page
  body_ += fmt::format("<figure>{}<figcaption>{}</figcaption></figure>\n",
                       start == std::string_view::npos ? svg : svg.substr(start), escape(caption));
}

void Page::image(const picture::Image& image, std::string_view caption) {
  body_ += fmt::format(
      "<figure><img alt=\"{0}\" width=\"{1}\" height=\"{2}\" src=\"data:image/png;base64,{3}\"><figcaption>{0}"
      "</figcaption></figure>\n",
      escape(caption), image.width(), image.height(), base64(picture::encode_png(image)));
}

void Page::animation(std::string_view gif, std::string_view caption) {
  body_ +=
      fmt::format("<figure><img alt=\"{0}\" src=\"data:image/gif;base64,{1}\"><figcaption>{0}</figcaption></figure>\n",
                  escape(caption), base64(gif));
}

void Page::details(std::string_view summary, std::string_view text) {
  body_ += fmt::format("<details><summary>{}</summary><pre>{}</pre></details>\n", escape(summary), escape(text));
}

std::string Page::html() const {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width, "
      "initial-scale=1\">\n<title>{0}</title>\n<style>{1}</style>\n<h1>{0}</h1>\n{2}</html>\n",
      escape(title_), kStyle, body_);
}

}  // namespace ganymede::evaluate
