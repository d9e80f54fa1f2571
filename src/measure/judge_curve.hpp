#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ganymede::measure {

inline constexpr const char* kCurveSchema = "ganymede.curve/1";

/// How a real-or-generated classifier learnt (S-LATENT L5).
struct JudgePoint {
  std::int64_t step = 0;    ///< updates so far
  double epoch = 0;         ///< passes over its training samples so far
  std::int64_t images = 0;  ///< samples of both sides seen so far
  double train_loss = 0;    ///< mean cross-entropy in nats since the last point (early points: since the beginning)
  double val_loss = 0;      ///< the same of held-out samples
  double error_rate = 0;    ///< of them, share judged wrongly; chance 1/2
  std::int64_t judged = 0;  ///< held-out samples of both sides at this point
  double accuracy() const { return 1 - error_rate; }
};

struct JudgeCurve {
  std::string name;                ///< of the val_loss score that the fit ended with
  std::string protocol;            ///< "nk_strong_v1"
  std::vector<JudgePoint> points;  ///< by steps, one or more
};

/// Samples seen at the first point that tells `share` of the held-out ones rightly; none: no point does.
std::optional<std::int64_t> images_until(const JudgeCurve& curve, double share = 0.9);

/// {"schema": "ganymede.curve/1", "name", "protocol", "images_until_90" (null: never), and one list each, a value a
/// point: "steps", "epochs", "images", "train_loss", "val_loss", "error_rate", "judged"}.
nlohmann::ordered_json to_json(const JudgeCurve& curve);
/// The text of one such object; other fields are passed over.
/// @throws DataError with `where`: no JSON, another schema, a list that is missing, of another length or of values out
/// of range.
JudgeCurve parse_curve(std::string_view text, const std::string& where);

}  // namespace ganymede::measure
