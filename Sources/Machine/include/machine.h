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
/* The stack as the kernel made it: the count of arguments, the arguments, NULL, the environment, NULL, and the
   auxiliary vector, pairs of type and value that end with type 0. Kept by the program's entry. */
extern unsigned long *machine_stack;

/* An entry of the auxiliary vector; 0 if there is none of this type. */
static inline unsigned long machine_auxiliary_value(unsigned long type) {
  unsigned long *place = machine_stack + 1 + machine_stack[0] + 1;
  while (*place != 0) place++;
  for (place++; place[0] != 0; place += 2) {
    if (place[0] == type) return place[1];
  }
  return 0;
}
#endif

#endif
