/* The arena of a program that is linked with one: memory that the kernel sets aside when it starts the program. */
#if !defined(__wasm__)
#include "machine.h"

#ifndef MACHINE_ARENA_SIZE
#define MACHINE_ARENA_SIZE 0
#endif

/* At the start of a page, where the kernel's are 4 KiB: so the pages that a plan counts are those that are there. */
static unsigned char arena[MACHINE_ARENA_SIZE + 1 - (MACHINE_ARENA_SIZE > 0)] __attribute__((aligned(4096)));
static int is_taken;

unsigned long machine_arena_size(void) { return MACHINE_ARENA_SIZE; }

void *machine_take_arena(void) {
  if (is_taken || MACHINE_ARENA_SIZE == 0) return (void *)0;
  is_taken = 1;
  return arena;
}
#endif
