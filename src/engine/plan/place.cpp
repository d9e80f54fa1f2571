#include <algorithm>

#include "engine/plan/compiler.hpp"

namespace ganymede::engine {

// How it works. Time runs over the passes forward and, in training, back again. The values of a field live from the
// pass that makes them to the last that reads them (on the way back too), its gradient from the last reader's backward
// pass to its maker's. In a program for tangents everything lives to the end, and tangents lie in an arena of their
// own. Fields that share storage (work in place) live as one. ArenaPlan does the rest.

void Compiler::place() {
  const int passes = static_cast<int>(out_.entries.size());
  const auto backward_time = [&](int pass) { return passes + (passes - 1 - pass); };
  const int end = 2 * passes;
  const bool with_tangents = !options_.tangents_for.empty();  // whose passes read everything once more
  std::vector<Storage> values(infos_.size());
  std::vector<Storage> gradients(infos_.size());
  const auto extend = [](Storage& s, std::int64_t size, int first, int last) {
    if (s.size == 0) {
      s = {size, first, last, -1};
    } else {
      s = {std::max(s.size, size), std::min(s.first, first), std::max(s.last, last), -1};
    }
  };
  for (const auto& [field, i] : infos_) {
    const std::int64_t size = field->size(options_.max_samples) + 16;
    const bool kept = is_kept(field);
    // In training values stay for the backward passes, of which the pass that made them is the last to read them; in
    // inference a value dies with its last reader.
    const bool stays =
        with_tangents || kept || i.last_used < 0 || (options_.training && (!options_.one_backward || i.made < 0));
    const int value_end = stays ? end : options_.training ? backward_time(i.made) : i.last_used;
    extend(values[i.value], size, i.made, value_end);
    if (options_.training) {
      extend(gradients[i.gradient], size, i.last_used < 0 || kept ? passes : backward_time(i.last_used),
             i.made < 0 || with_tangents ? end : backward_time(i.made));
    }
  }
  ArenaPlan plan;
  for (Storage& s : values) {
    if (s.size > 0) s.buffer = plan.add(s.size, s.first, s.last);
  }
  for (Storage& s : gradients) {
    if (s.size > 0) s.buffer = plan.add(s.size, s.first, s.last);
  }
  plan.place();
  out_.arena = Buffer(plan.size());
  for (Field& field : out_.fields) {
    const FieldInfo& i = infos_.at(&field);
    field.value = out_.arena.data() + plan.offset(values[i.value].buffer);
    if (options_.training) field.gradient = out_.arena.data() + plan.offset(gradients[i.gradient].buffer);
  }
  if (!with_tangents) return;
  const auto room = [&](const Field& field) { return (field.size(options_.max_samples) + 31) / 16 * 16; };
  std::int64_t total = 0;
  for (const Field& field : out_.fields) total += 2 * room(field);
  out_.tangents = Buffer(total);
  float* at = out_.tangents.data();
  for (Field& field : out_.fields) {
    field.value_tangent = at;
    field.gradient_tangent = at + room(field);
    at += 2 * room(field);
  }
}

}  // namespace ganymede::engine
