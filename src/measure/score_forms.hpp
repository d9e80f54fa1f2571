#pragma once

#include <optional>
#include <string>
#include <vector>

#include "measure/modes.hpp"
#include "measure/pair_difference.hpp"
#include "measure/path_length.hpp"
#include "measure/score.hpp"
#include "measure/separability.hpp"
#include "measure/two_sample.hpp"

namespace ganymede::measure {

// Results of single measures as named scores. `features` or `networks` is the part of the name that the caller knows:
// "digits_v1".

/// "path_length10k_<features>": lower is smoother, for one feature set.
Score score_of(const PathLength& found, const PathLengthOptions& options, const std::string& features);

/// "msd_<features>", "nrmsd_<normaliser>_<features>": averages over classes; floor: that of the reals, where given.
std::vector<Score> scores_of(const PairDifferences& fake, const PairOptions& options, const std::string& features,
                             const std::optional<PairDifferences>& real = {});

/// "two_sample_accuracy_<networks>" (nearer to 1/2 is better) with its p-value in the protocol.
Score score_of(const TwoSampleTest& found, const std::string& networks);

/// "mixture_modes<N>_<mixture>", "high_quality...", "reverse_kl..." of N samples; floors are the reals' own values.
std::vector<Score> scores_of(const MixtureCoverage& fake, const std::string& mixture, double within, std::int64_t least,
                             const std::optional<MixtureCoverage>& real = {});

/// "modes<N>_<features>", "reverse_kl<N>_<features>" of N samples that a classifier counted; floors are the reals' own.
std::vector<Score> scores_of(const ModeCoverage& fake, const std::string& features, const std::string& protocol,
                             const ModeCoverage& real);

/// "separability<N>_<attributes>".
Score score_of(const LinearSeparability& found, std::int64_t count, double keep, const std::string& attributes);

}  // namespace ganymede::measure
