#include "start.h"

int main(int count, char **arguments);

unsigned long *machine_stack;

void *check_memory(void) {
  static _Alignas(64) unsigned char memory[CHECK_MEMORY_SIZE];
  return memory;
}

/* The kernel leaves the arguments at the stack pointer, aligned to 16 bytes, and no return address. */
#if defined(__aarch64__)
enum { WRITE = 64, EXIT = 94 };
__asm__(".globl _start\n_start:\n mov x29, #0\n mov x30, #0\n mov x0, sp\n bl check_start\n");
#elif defined(__arm__)
enum { WRITE = 4, EXIT = 248 };
__asm__(".globl _start\n_start:\n mov r11, #0\n mov lr, #0\n mov r0, sp\n bl check_start\n");
#endif

static long system_call(long number, long a, long b, long c) {
#if defined(__aarch64__)
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
  return x0;
#elif defined(__arm__)
  register long r7 __asm__("r7") = number;
  register long r0 __asm__("r0") = a;
  register long r1 __asm__("r1") = b;
  register long r2 __asm__("r2") = c;
  __asm__ volatile("svc #0" : "+r"(r0) : "r"(r7), "r"(r1), "r"(r2) : "memory");
  return r0;
#endif
}

void check_write(const void *bytes, unsigned long count) { system_call(WRITE, 1, (long)bytes, (long)count); }

_Noreturn void check_exit(int status) {
  for (;;) system_call(EXIT, status, 0, 0);
}

__attribute__((used)) void check_start(unsigned long *stack) {
  machine_stack = stack;
  check_exit(main((int)stack[0], (char **)(stack + 1)));
}
