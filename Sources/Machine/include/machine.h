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

#endif
