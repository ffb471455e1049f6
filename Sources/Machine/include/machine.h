/* What no language above assembly can say. */
#ifndef SWIFTLET_MACHINE_H
#define SWIFTLET_MACHINE_H

#if defined(__x86_64__)
/* The register state that the system saves and restores (XCR0). Only where CPUID reports OSXSAVE. */
static inline unsigned long long machine_xgetbv(void) {
  unsigned low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (unsigned long long)high << 32 | low;
}
#endif

#if __STDC_HOSTED__ && defined(__linux__)
#include <sys/auxv.h>

/* An entry of the vector that the kernel gives to every program; 0 if there is none of this type. */
static inline unsigned long machine_auxiliary_value(unsigned long type) { return getauxval(type); }
#endif

#if !__STDC_HOSTED__ && !defined(__wasm__)
#include "linux.h"
#endif

#if defined(__wasm__)
/* Adds pages of 64 KiB to the memory. Returns how many there were, or -1 if there can't be so many. */
static inline unsigned long machine_memory_grow(unsigned long pages) {
  return __builtin_wasm_memory_grow(0, pages);
}
#endif

#endif
