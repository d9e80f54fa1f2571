#include "study/theory/exhibit.hpp"
#include "theory/families.hpp"

namespace ganymede::study {

Exhibit families_exhibit(const TheoryContext&) {
  Exhibit exhibit;
  exhibit.add(page::Paragraph{
      "A discriminative model learns p(y | x) and nothing of x itself; a generative one learns p(x). What it says of "
      "that density tells the families apart: an explicit one can be asked for p(x) at a point, exactly, up to a bound "
      "or up to a constant; an implicit one gives samples alone. GANs are of the last kind, so their quality must be "
      "measured on samples."});
  page::Table table{
      .head = {"family", "for example", "density p(x)", "training", "likelihood", "sampling", "compression",
               "representation"},
      .rows = {},
      .caption =
          "After S-THEORY's table (Tomczak 2022). Representation: whether a sample has a code of its own that "
          "the model can be asked for."};
  exhibit.numbers = nlohmann::ordered_json::array();
  for (const theory::Family& one : theory::families()) {
    table.rows.push_back({one.name, one.example, one.density, one.training, one.likelihood, one.sampling,
                          one.compression, one.representation ? "yes" : "no"});
    exhibit.numbers.push_back({{"name", one.name},
                               {"example", one.example},
                               {"density", one.density},
                               {"training", one.training},
                               {"likelihood", one.likelihood},
                               {"sampling", one.sampling},
                               {"compression", one.compression},
                               {"representation", one.representation}});
  }
  exhibit.add(std::move(table));
  return exhibit;
}

}  // namespace ganymede::study
