#include "page/pages.hpp"

#include <algorithm>

#include "page/run_report.hpp"
#include "page/study_page.hpp"

namespace ganymede::page {
namespace {

std::string page_of_run(const std::filesystem::path& folder) {
  return run_report(run::RunDirectory::open(folder));
}

}  // namespace

// A new page is one more entry here.
const std::vector<PageKind>& pages() {
  static const std::vector<PageKind> all = {
      {.name = "run",
       .sentence = "how a run stands: losses, samples through the epochs, maps, scores, settings",
       .file = "run.json",
       .schemas = {"ganymede.run/1"},
       .make = page_of_run},
      {.name = "study",
       .sentence = "what a study found: verdicts and their tests, tables beside the published ones, figures",
       .file = "results.json",
       .schemas = study_schemas(),
       .make = study_page}};
  return all;
}

const PageKind* page_kind_of(const std::filesystem::path& folder) {
  const auto found = std::ranges::find_if(pages(), [&](const PageKind& kind) {
    std::error_code ignored;
    return std::filesystem::is_regular_file(folder / kind.file, ignored);
  });
  return found == pages().end() ? nullptr : &*found;
}

}  // namespace ganymede::page
