#pragma once

// A function compiled for several vector units, of which the loader takes the machine's best. Nothing in such a source
// contracts or reorders, so all give the same bits. A sanitizer is not there yet when the loader asks.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(__clang__)
#define GANYMEDE_FOR_EVERY_UNIT __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define GANYMEDE_FOR_EVERY_UNIT
#endif
