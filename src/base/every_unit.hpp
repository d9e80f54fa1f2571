#pragma once

// One source for several vector units: a loop over many numbers stands in an always inlined function template, of
// which the machine's best unit takes its own copy. `fused`: the unit has fused multiply-add, which such a loop may ask
// for by name. Nothing contracts or reorders by itself, and so all copies give the same bits.
//
//   template <bool fused> [[gnu::always_inline]] inline void add(const A& a, B& b) { ... }
//   GANYMEDE_FOR_EVERY_UNIT(add_all, add, (const A& a, B& b), (a, b))    // void add_all(const A& a, B& b)

// NOLINTBEGIN(bugprone-macro-parentheses): what stands there are declarations
#if defined(__x86_64__)
#define GANYMEDE_FOR_EVERY_UNIT(name, body, parameters, arguments)                                             \
  [[gnu::target("avx512f")]] void name##_avx512 parameters {                                                   \
    body<true> arguments;                                                                                      \
  }                                                                                                            \
  [[gnu::target("avx2,fma")]] void name##_avx2 parameters {                                                    \
    body<true> arguments;                                                                                      \
  }                                                                                                            \
  void name##_plain parameters {                                                                               \
    body<false> arguments;                                                                                     \
  }                                                                                                            \
  void name parameters {                                                                                       \
    static const auto best = __builtin_cpu_supports("avx512f")                                 ? name##_avx512 \
                             : __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? name##_avx2   \
                                                                                               : name##_plain; \
    best arguments;                                                                                            \
  }
#else
#define GANYMEDE_FOR_EVERY_UNIT(name, body, parameters, arguments) \
  void name parameters {                                           \
    body<false> arguments;                                         \
  }
#endif
// NOLINTEND(bugprone-macro-parentheses)
