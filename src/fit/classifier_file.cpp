#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "base/json.hpp"
#include "fit/classifier.hpp"
#include "fit/networks.hpp"
#include "net/description.hpp"
#include "tensor/checked_file.hpp"

namespace ganymede::fit {
namespace {

constexpr const char* kSchema = "ganymede.classifier/1";

// A network that Classifier can run: one input, one output of as many logits as there are classes, features, and every
// parameter.
void check(const ClassifierRecord& record, const std::filesystem::path& path) {
  const net::Network& n = record.network;
  try {
    const std::vector<Shape> shapes = net::infer_shapes(n);
    const int features = n.index_of(kFeatures);
    const auto is_input = [](const net::Node& node) { return std::holds_alternative<net::Input>(node.layer); };
    const bool one_input = std::count_if(n.nodes.begin(), n.nodes.end(), is_input) == 1 && is_input(n.nodes.front()) &&
                           std::get<net::Input>(n.nodes.front().layer).role != net::Role::class_index;
    const Shape logits = n.outputs.size() == 1 ? shapes[static_cast<std::size_t>(n.index_of(n.outputs[0]))] : Shape{};
    const auto classes = static_cast<std::int64_t>(record.class_names.size());
    const bool fits = logits.size() == 1 && (logits[0] == classes || (logits[0] == 1 && classes == 2));
    if (!one_input || features < 0 || shapes[static_cast<std::size_t>(features)].size() != 1 || !fits) {
      fail<DataError>("{}: its network {} is no classifier of {} classes", path.string(), n.name, classes);
    }
    for (const net::Parameter& p : net::parameters(n)) {
      const auto found = record.parameters.find(n.name + "." + p.name);
      if (found == record.parameters.end() || found->second.shape() != p.shape || found->second.dtype() != DType::f32) {
        fail<DataError>("{}: wanted a tensor {}.{} of shape {}", path.string(), n.name, p.name, to_string(p.shape));
      }
    }
  } catch (const DataError&) {
    throw;
  } catch (const UserError& error) {
    fail<DataError>("{}: its network does not fit together: {}", path.string(), error.what());
  }
}

}  // namespace

void to_json(nlohmann::json& object, const CurvePoint& p) {
  object = {{"step", p.step},
            {"epoch", p.epoch},
            {"train_loss", p.train_loss},
            {"train_accuracy", p.train_accuracy},
            {"validation_loss", p.validation.loss},
            {"validation_errors", p.validation.errors},
            {"validation_count", p.validation.count}};
}
void from_json(const nlohmann::json& object, CurvePoint& p) {
  object.at("step").get_to(p.step);
  object.at("epoch").get_to(p.epoch);
  object.at("train_loss").get_to(p.train_loss);
  object.at("train_accuracy").get_to(p.train_accuracy);
  object.at("validation_loss").get_to(p.validation.loss);
  object.at("validation_errors").get_to(p.validation.errors);
  object.at("validation_count").get_to(p.validation.count);
}

void save_classifier(const std::filesystem::path& path, const ClassifierRecord& record) {
  write_checked(path, record.parameters,
                {{"schema", kSchema},
                 {"network", net::to_json(record.network)},
                 {"protocol", record.protocol},
                 {"data", record.data},
                 {"data_hash", record.data_hash},
                 {"validation_hash", record.validation_hash},
                 {"classes", json_text(nlohmann::json(record.class_names))},
                 {"seed", fmt::format("{}", record.seed)},
                 {"plan", record.plan},
                 {"steps", fmt::format("{}", record.steps)},
                 {"seconds", fmt::format("{}", record.seconds)},
                 {"validation_error", fmt::format("{}", record.validation_error())},
                 {"curve", nlohmann::json(record.curve).dump()}});
}

ClassifierRecord load_classifier(const std::filesystem::path& path) {
  Safetensors file = read_checked(path, kSchema);
  const Metadata& fields = file.metadata;
  ClassifierRecord record{.network = net::from_json(text_field(fields, "network", path)),
                          .parameters = std::move(file.tensors),
                          .protocol = text_field(fields, "protocol", path),
                          .data = text_field(fields, "data", path),
                          .data_hash = text_field(fields, "data_hash", path),
                          .validation_hash = text_field(fields, "validation_hash", path),
                          .class_names = {},
                          .seed = count_field(fields, "seed", path),
                          .plan = text_field(fields, "plan", path),
                          .steps = static_cast<std::int64_t>(count_field(fields, "steps", path)),
                          .seconds = number_field(fields, "seconds", path),
                          .curve = {}};
  try {
    record.class_names = parse_json(text_field(fields, "classes", path), path.string()).get<std::vector<std::string>>();
    record.curve = parse_json(text_field(fields, "curve", path), path.string()).get<std::vector<CurvePoint>>();
  } catch (const nlohmann::json::exception& error) {
    fail<DataError>("{}: its classes or its curve cannot be read: {}", path.string(), error.what());
  }
  check(record, path);
  return record;
}

}  // namespace ganymede::fit
