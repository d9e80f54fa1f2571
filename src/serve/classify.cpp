#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "serve/asked.hpp"
#include "serve/frame.hpp"

namespace ganymede::serve {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostPictures = 64;
constexpr std::int64_t kMostSlopes = 4096;  // each is a picture more that the classifier sees
constexpr float kStep = 0.1F;

// What the classifier is asked for beside the classes of the pictures.
struct Margin {
  int from = 0, to = 0;
};

std::optional<Margin> margin_in(const Body& body, int classes) {
  const auto wanted = body.object("slopes");
  if (!wanted) return {};
  const auto of = [&](const char* name) {
    const auto k = wanted->whole(name, 0, classes - 1);
    if (!k) {
      throw HttpError(400,
                      fmt::format("\"slopes\": wanted {{\"from\": class, \"to\": class}}, \"{}\" is missing", name));
    }
    return static_cast<int>(*k);
  };
  return Margin{of("from"), of("to")};
}

// Numbers as POST look gives pictures, [N, H, W, C], as the classifier takes them, [N, C, H, W].
Tensor pictures_in(const Body& body, const Shape& shape) {
  const auto channels = static_cast<std::size_t>(shape[0]), plane = static_cast<std::size_t>(shape[1] * shape[2]);
  const std::vector<float> sent = body.points("pictures", channels * plane, kMostPictures);
  if (sent.empty()) throw HttpError(400, "\"pictures\": wanted a picture or a list of them, it is missing");
  Tensor pictures(DType::f32,
                  {static_cast<std::int64_t>(sent.size() / (channels * plane)), shape[0], shape[1], shape[2]});
  const auto to = pictures.values<float>();
  for (std::size_t i = 0; i < sent.size(); ++i) {
    const std::size_t n = i / (channels * plane), pixel = i / channels % plane, c = i % channels;
    to[(n * channels + c) * plane + pixel] = std::clamp(sent[i], -1.0F, 1.0F);
  }
  return pictures;
}

// How fast log p(to) - log p(from) of the first picture grows with each of its values: by a step of kStep up, or down
// where there is no room. [H, W, C], as the pictures were sent.
Tensor slopes_of(fit::Classifier& classifier, const Tensor& pictures, Margin margin) {
  const Shape& s = pictures.shape();
  const std::int64_t count = s[1] * s[2] * s[3];
  if (count > kMostSlopes)
    throw HttpError(400, fmt::format("\"slopes\": the pictures have {} values; wanted {} at most", count, kMostSlopes));
  const auto values = pictures.values<float>().first(static_cast<std::size_t>(count));
  Tensor moved(DType::f32, {count + 1, s[1], s[2], s[3]});
  const auto to = moved.values<float>();
  for (std::int64_t i = 0; i <= count; ++i) std::ranges::copy(values, to.begin() + i * count);
  const auto step_of = [&](std::size_t i) { return values[i] + kStep <= 1 ? kStep : -kStep; };
  const auto size = static_cast<std::size_t>(count);
  for (std::size_t i = 0; i < size; ++i) to[(i + 1) * size + i] += step_of(i);
  const Tensor judged = classifier.probabilities(moved);
  const auto p = judged.values<float>();
  const auto classes = static_cast<std::size_t>(judged.shape()[1]);
  const auto log_of = [&](std::size_t row, int k) {
    return std::log(std::max(p[row * classes + static_cast<std::size_t>(k)], std::numeric_limits<float>::min()));
  };
  const auto margin_of_row = [&](std::size_t row) { return log_of(row, margin.to) - log_of(row, margin.from); };
  Tensor slopes(DType::f32, {s[2], s[3], s[1]});
  const auto channels = static_cast<std::size_t>(s[1]), plane = static_cast<std::size_t>(s[2] * s[3]);
  for (std::size_t i = 0; i < size; ++i) {
    const float slope = (margin_of_row(i + 1) - margin_of_row(0)) / step_of(i);
    slopes.values<float>()[i % plane * channels + i / plane] = slope;
  }
  return slopes;
}

Response classify_answer(const Asked& asked, const Body& body, const Opened& opened) {
  if (opened.classifier == nullptr) throw HttpError(409, opened.known.sentence);
  fit::Classifier& classifier = *opened.classifier;
  const Shape shape = classifier.input_shape();
  const net::Network& network = opened.generator().network();
  const Shape drawn = net::infer_shapes(network)[static_cast<std::size_t>(network.index_of(network.outputs.front()))];
  if (train::is_ink(drawn)) throw HttpError(409, "this run draws ink, no pictures");
  const Tensor pictures = pictures_in(body, shape);
  const fit::Classifier::Outputs found = classifier.judge(pictures);
  NamedArrays arrays;
  arrays.emplace_back("probabilities", found.probabilities);
  if (const auto margin = margin_in(body, classifier.class_count()))
    arrays.emplace_back("slopes", slopes_of(classifier, pictures, *margin));
  return frame_response("classify",
                        {{"run", asked.run},
                         {"shape", shape},
                         {"labels", found.labels},
                         {"class_names", classifier.record().class_names}},
                        arrays);
}

}  // namespace

Response classify_pictures(const Request& request, const Parts&, Api& api) {
  const auto body = std::make_shared<const Body>(request.body);
  const auto asked = std::make_shared<const Asked>(read_asked(*body, "classify", api));
  return with_models(asked, api, true, true,
                     [=](const Opened& opened) { return classify_answer(*asked, *body, opened); });
}

}  // namespace ganymede::serve
