#include "serve/model_stream.hpp"

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "serve/frame.hpp"

namespace ganymede::serve {

ModelStream::ModelStream(std::shared_ptr<const Asked> asked, Api& api, Opened opened)
    : asked_(std::move(asked)),
      models_(models_of(api)),
      all_cores_(!api.runs.somebody_trains()),
      opened_(std::move(opened)),
      place_(models_.take_place()) {}

Source::Piece ModelStream::next() {
  try {
    models_.newest().check(asked_->ticket);
    models_.use_all_cores(all_cores_);
    Piece piece = step();
    models_.make_room();
    return piece;
  } catch (const std::exception& fault) {
    return {.bytes = frame({{"error", printable(fault.what())}}), .end = true};
  }
}

Response stream_response(std::unique_ptr<ModelStream> stream) {
  return {.headers = {{"Content-Type", kFrameType}, {"Cache-Control", "no-store"}}, .source = std::move(stream)};
}

}  // namespace ganymede::serve
