#include "study/results.hpp"

#include <nlohmann/json.hpp>

#include "base/json.hpp"

namespace ganymede::study {

std::string results_text(nlohmann::ordered_json measured, const Judgement& judgement, const page::Document& document) {
  using Json = nlohmann::ordered_json;
  measured["tests"] = judgement.tests;
  measured["correction"] = "Holm";
  measured["findings"] = Json::array();
  for (const Finding& finding : judgement.findings) {
    measured["findings"].push_back(
        {{"claim", finding.claim},
         {"verdict", finding.verdict},
         {"evidence", finding.evidence},
         {"points", finding.points.empty() ? std::vector{finding.evidence} : finding.points}});
  }
  measured["page"] = page::to_json(document);
  return json_text(measured, 1) + "\n";
}

nlohmann::ordered_json numbers_or_null(const std::vector<double>& values) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const double v : values) list.push_back(number_or_null(v));
  return list;
}

}  // namespace ganymede::study
