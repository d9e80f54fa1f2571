#include "page/takeaway.hpp"

#include "base/error.hpp"

namespace ganymede::page {

std::string_view takeaway_template() {
  return R"(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Ganymede</title>
<p>This page holds a model that was trained with Ganymede. What would run it was not built into the program.</p>
<script type="application/json" id="ganymede-model">@MODEL@</script>
</html>
)";
}

std::string takeaway_page(std::string_view page_template, std::string_view model) {
  constexpr std::string_view kMark = "@MODEL@";
  const std::size_t at = page_template.find(kMark);
  if (at == std::string_view::npos || page_template.find(kMark, at + 1) != std::string_view::npos)
    throw Error("the template of the page to take away wants its mark @MODEL@ once");
  std::string page(page_template.substr(0, at));
  page.reserve(page_template.size() + model.size() + model.size() / 16);
  for (const char c : model) {
    switch (c) {
      case '<':
        page += "\\u003c";
        break;
      case '>':
        page += "\\u003e";
        break;
      case '&':
        page += "\\u0026";
        break;
      default:
        page += c;
    }
  }
  page += page_template.substr(at + kMark.size());
  return page;
}

}  // namespace ganymede::page
