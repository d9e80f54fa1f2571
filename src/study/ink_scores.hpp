#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/thread_pool.hpp"
#include "data/catalogue.hpp"
#include "study/ink_measures.hpp"

namespace ganymede::study {

// What studies of ink measure alike: S-INK (ink_measures.cpp) and the distributed one.

/// f32 [N, 1, T, 3] as generators give it, as classifiers take it: [N, T, 3].
Tensor as_moves(const Tensor& images);

/// Share of each class that was taken for it, [K]; NaN for a class that nothing was wanted of.
ClassValues accuracy_of(std::span<const std::int32_t> found, std::span<const std::int32_t> wanted, int classes);
/// One number of the pairs of each class, [K]; NaN for those without a pair.
ClassValues values_by_class(const measure::PairDifferences& pairs, double measure::PairDifference::*what, int classes);
/// Of features [N, F].
double frechet_of(const Tensor& features, const Tensor& real_features, ThreadPool& pool);
/// Classes of which protocol.learnt is recognised; classes whose MSD is below protocol.collapsed of the real one's.
std::int64_t learnt_of(const ClassValues& accuracy, const InkProtocol& protocol);
std::int64_t collapsed_of(const ClassValues& msd, const InkReference& reference, const InkProtocol& protocol);

/// The real symbols of a recipe's set themselves, all of a split: no copies, no part.
data::Dataset open_symbols(const run::Recipe& recipe, data::Split split, const std::vector<data::SearchPlace>& places,
                           std::int64_t builtin_symbols);
/// The first `per_class` of every class, so that real and generated sets are made up alike.
data::Dataset balanced(const data::Dataset& all, std::int64_t per_class);

}  // namespace ganymede::study
