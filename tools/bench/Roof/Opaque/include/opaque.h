/* What no language above assembly can say: that a value may have changed, without an instruction. The compiler then
   can't move out of a loop what is computed from it. */
#ifndef SWIFTLET_ROOF_OPAQUE_H
#define SWIFTLET_ROOF_OPAQUE_H

#if defined(__SSE2__)
#include <emmintrin.h>
static inline __attribute__((always_inline)) __m128i opaque128(__m128i value) {
  __asm__ volatile("" : "+x"(value));
  return value;
}
#endif

#if defined(__AVX2__)
#include <immintrin.h>
static inline __attribute__((always_inline)) __m256i opaque256(__m256i value) {
  __asm__ volatile("" : "+x"(value));
  return value;
}
#endif

#endif
