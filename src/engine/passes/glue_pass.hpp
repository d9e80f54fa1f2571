#pragma once

#include "engine/plan/pass.hpp"
#include "net/network.hpp"

namespace ganymede::engine {

// Passes that move or join values.

/// Row `class` of the weight, [classes][position][channel]; between two classes the mixture of their rows.
std::unique_ptr<Pass> make_embedding(std::string network, std::string node, Field* out, Parameter* weight);
/// 1 at the class, 0 elsewhere; between two classes 1 - share at the first, share at the second.
std::unique_ptr<Pass> make_one_hot(std::string network, std::string node, Field* out);
/// The condition of each sample, Step::conditions.
std::unique_ptr<Pass> make_given(std::string network, std::string node, Field* out);
/// out = a b; a's gradient shares the output's buffer but in programs for tangents.
std::unique_ptr<Pass> make_multiply(std::string network, std::string node, Field* a, Field* b, Field* out,
                                    GradientNeed a_need, GradientNeed b_need);
/// Joins along the channels (equal positions; a vector beside images becomes constant planes) or the features of flat
/// vectors.
struct ConcatInput {
  Field* field = nullptr;
  GradientNeed need;
};
std::unique_ptr<Pass> make_concat(std::string network, std::string node, std::vector<ConcatInput> inputs, Field* out);
/// The same features in another layout.
std::unique_ptr<Pass> make_relayout(std::string network, std::string node, Field* in, Field* out, GradientNeed need);
/// One value for two users: copies forward, adds backward.
std::unique_ptr<Pass> make_fork(std::string network, std::string node, Field* in, std::vector<Field*> outs,
                                GradientNeed need);
/// Output axis i is input axis order[i].
std::unique_ptr<Pass> make_permute(std::string network, std::string node, const net::Permute& permute, Field* in,
                                   Field* out, GradientNeed need);
std::unique_ptr<Pass> make_pool(std::string network, std::string node, net::Pool pool, Field* in, Field* out,
                                GradientNeed need);

}  // namespace ganymede::engine
