/* What no language above assembly can say, and the system calls that Swift can't: their functions are variadic. */
#ifndef SWIFTLET_MACHINE_H
#define SWIFTLET_MACHINE_H

#if __STDC_HOSTED__ && defined(__linux__)
#include <linux/futex.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#if defined(__x86_64__)
/* The register state that the system saves and restores (XCR0). Only where CPUID reports OSXSAVE. */
static inline unsigned long long machine_xgetbv(void) {
  unsigned low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (unsigned long long)high << 32 | low;
}
#endif

/* Asks for the cache line at `place`, which need not be memory of this process. A call in a product's loop would put
   its sums into memory. */
static inline __attribute__((always_inline)) void machine_prefetch(const void *place) { __builtin_prefetch(place); }

/* Reads a byte, though nobody needs it: a page that is not there is a fault here. */
static inline void machine_touch(const void *place) { (void)*(const volatile char *)place; }

/* Tells the processor that this loop only waits: it takes less power, and leaves more to the core's other thread. */
static inline void machine_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  /* YIELD does nothing on most cores; ISB waits for some tens of nanoseconds, as PAUSE does. */
  __asm__ volatile("isb");
#elif defined(__arm__) && __ARM_ARCH >= 7
  __asm__ volatile("yield");
#elif defined(__riscv)
  /* PAUSE, by its number: a fence without effect where the extension Zihintpause is missing. */
  __asm__ volatile(".4byte 0x0100000f");
#endif
}

#if __STDC_HOSTED__ && defined(__linux__)

/* Sleeps while `*word` is `value`. May also return for no reason. */
static inline void machine_futex_wait(unsigned *word, unsigned value) {
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, (void *)0);
}

/* Wakes all that sleep on `word`. */
static inline void machine_futex_wake(unsigned *word) {
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 0x7fffffff);
}

/* The number of the processor that runs this thread, or -1. */
static inline int machine_processor(void) {
  unsigned number;
  return syscall(SYS_getcpu, &number, (void *)0, (void *)0) == 0 ? (int)number : -1;
}

/* Sets a bit for each processor that this thread may run on. Returns the bytes written, or -1. */
static inline long machine_affinity(void *bits, unsigned long size) {
  return syscall(SYS_sched_getaffinity, 0, size, bits);
}

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
