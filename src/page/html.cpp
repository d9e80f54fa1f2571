#include "page/html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/base64.hpp"
#include "base/markup.hpp"
#include "picture/png.hpp"

namespace ganymede::page {
namespace {

// Nothing is wider than the page but what scrolls in a box of its own: tables and, on a phone, plots, whose words
// would be too small to read.
constexpr const char* kStyle = R"(
:root { color-scheme: light dark; --line: #d8dce2; --soft: #f5f6f8; --ink: #1d2330; --paper: #fff; --quiet: #5b6472; }
@media (prefers-color-scheme: dark) { :root { --line: #39404d; --soft: #20242c; --ink: #e6e9ee; --paper: #15181d;
  --quiet: #a3acba; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1rem; color: var(--ink);
  background: var(--paper); }
h1 { font-size: 1.7rem; } h2 { margin-top: 2.2rem; border-bottom: 1px solid var(--line); } h3 { margin-top: 1.6rem; }
p, li, figcaption, .verdict { overflow-wrap: break-word; max-width: 60rem; }
.scroll { overflow-x: auto; max-width: 100%; }
table { border-collapse: separate; border-spacing: 0; font-variant-numeric: tabular-nums;
  border: solid var(--line); border-width: 1px 0 0 1px; }
th, td { border: solid var(--line); border-width: 0 1px 1px 0; padding: .25rem .6rem; text-align: right;
  white-space: nowrap; background: var(--paper); }
th { background: var(--soft); white-space: normal; vertical-align: bottom; }
td.text, th.text { text-align: left; }
td:first-child, th:first-child { text-align: left; position: sticky; left: 0; white-space: normal; min-width: 5.5rem; }
.facts td { text-align: left; white-space: normal; } .facts td:first-child { background: var(--soft); }
code { background: var(--soft); padding: .05rem .25rem; border-radius: 3px; }
figure { margin: 1rem 0; } figcaption { color: var(--quiet); font-size: .9rem; margin-top: .3rem; }
figure svg, figure img { display: block; box-sizing: border-box; max-width: 100%; height: auto; background: #fff;
  border: 1px solid var(--line); }
.verdict { padding: .6rem .9rem; border-left: 5px solid #9aa3b2; background: var(--soft); margin: .6rem 0; }
.confirmed { border-color: #2e9e5b; } .refuted { border-color: #d0443e; } .cannot { border-color: #d9a300; }
.collapsed { border-color: #d0443e; } .warning { border-color: #d9a300; }
.verdict b { margin-right: .5rem; } .evidence { margin: .4rem 0 1.4rem; padding-left: 1.4rem; font-size: .92rem; }
details pre { max-width: 100%; box-sizing: border-box; }
@media (max-width: 40rem) { body { margin: 1rem auto; } th, td { padding: .15rem .35rem; font-size: .8rem; }
  td:first-child { max-width: 9rem; }
  figure .scroll svg { max-width: none; width: 38rem; } }
pre { background: var(--soft); padding: .8rem; overflow-x: auto; font-size: .85rem; }
)";

/// Escaped, with what stands between backticks as code.
std::string with_code(std::string_view text) {
  std::string html;
  for (;;) {
    const std::size_t open = text.find('`');
    const std::size_t close = open == std::string_view::npos ? open : text.find('`', open + 1);
    if (close == std::string_view::npos) return html + escape_markup(text);
    html += escape_markup(text.substr(0, open)) + "<code>" + escape_markup(text.substr(open + 1, close - open - 1)) +
            "</code>";
    text.remove_prefix(close + 1);
  }
}

}  // namespace

namespace {

/// Numbers stand right, words left. A column holds words if no cell of it begins as a number or an interval does; [C].
std::vector<bool> columns_of_words(const Table& table) {
  std::size_t columns = table.head.size();
  for (const auto& row : table.rows) columns = std::max(columns, row.size());
  std::vector<bool> words(columns), numbers(columns);
  for (const auto& row : table.rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (row[c].empty() || row[c] == "-") continue;
      const auto first = static_cast<unsigned char>(row[c][0]);
      const bool number = std::isdigit(first) != 0 || first == '-' || first == '+' || first == '<' || first == '[';
      (number ? numbers : words)[c] = true;
    }
  }
  for (std::size_t c = 0; c < columns; ++c) words[c] = words[c] && !numbers[c];
  return words;
}

}  // namespace

Page::Page(std::string title) : title_(std::move(title)) {}

void Page::heading(std::string_view text) {
  body_ += fmt::format("<h2>{}</h2>\n", escape_markup(text));
}

void Page::subheading(std::string_view text) {
  body_ += fmt::format("<h3>{}</h3>\n", escape_markup(text));
}

void Page::paragraph(std::string_view text) {
  body_ += fmt::format("<p>{}</p>\n", with_code(text));
}

void Page::verdict(std::string_view word, std::string_view text) {
  const std::string_view kind = word.substr(0, word.find(' '));
  body_ += fmt::format("<div class=\"verdict {}\"><b>{}</b>{}</div>\n", escape_markup(kind), escape_markup(word),
                       with_code(text));
}

void Page::evidence(const std::vector<std::string>& points) {
  body_ += "<ul class=\"evidence\">";
  for (const std::string& point : points) body_ += fmt::format("<li>{}</li>", with_code(point));
  body_ += "</ul>\n";
}

void Page::table(const Table& table) {
  body_ += "<figure><div class=\"scroll\">";
  body_ += table.head.empty() ? "<table class=\"facts\">" : "<table>";
  const std::vector<bool> words = columns_of_words(table);
  const auto add_row = [&](const std::vector<std::string>& row, const char* tag) {
    body_ += "<tr>";
    for (std::size_t c = 0; c < row.size(); ++c) {
      const char* kind = !table.head.empty() && words[c] ? " class=\"text\"" : "";
      body_ += fmt::format("<{0}{1}>{2}</{0}>", tag, kind, with_code(row[c]));
    }
    body_ += "</tr>\n";
  };
  if (!table.head.empty()) add_row(table.head, "th");
  for (const auto& row : table.rows) add_row(row, "td");
  // Outside the box that scrolls: a caption as wide as its table would be cut off on a phone.
  body_ += "</table></div>";
  if (!table.caption.empty()) body_ += fmt::format("<figcaption>{}</figcaption>", with_code(table.caption));
  body_ += "</figure>\n";
}

void Page::svg(std::string_view svg, std::string_view caption) {
  const std::size_t start = svg.find("<svg");  // an XML declaration has no place inside a page
  body_ +=
      fmt::format("<figure><div class=\"scroll\">{}</div>", start == std::string_view::npos ? svg : svg.substr(start));
  if (!caption.empty()) body_ += fmt::format("<figcaption>{}</figcaption>", with_code(caption));
  body_ += "</figure>\n";
}

void Page::image(const picture::Image& image, std::string_view caption) {
  embed("image/png", picture::encode_png(image), caption,
        fmt::format(" width=\"{}\" height=\"{}\"", image.width(), image.height()));
}

void Page::drawing(std::string_view svg, std::string_view caption) {
  embed("image/svg+xml", svg, caption, "");
}

void Page::animation(std::string_view gif, std::string_view caption) {
  embed("image/gif", gif, caption, "");
}

void Page::embed(std::string_view type, std::string_view bytes, std::string_view caption, std::string_view size) {
  std::string spoken(caption);
  std::erase(spoken, '`');
  body_ += fmt::format("<figure><img alt=\"{}\"{} src=\"data:{};base64,{}\"><figcaption>{}</figcaption></figure>\n",
                       escape_markup(spoken), size, type, base64(bytes), with_code(caption));
}

void Page::details(std::string_view summary, std::string_view text) {
  body_ += fmt::format("<details><summary>{}</summary><pre>{}</pre></details>\n", escape_markup(summary),
                       escape_markup(text));
}

std::string Page::html() const {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width, "
      "initial-scale=1\">\n<title>{0}</title>\n<style>{1}</style>\n<h1>{0}</h1>\n{2}</html>\n",
      escape_markup(title_), kStyle, body_);
}

}  // namespace ganymede::page
