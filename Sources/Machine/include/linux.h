/* Linux without a C library: the system-call instruction, new threads, and what the kernel leaves on the stack of a new process. */
#ifndef SWIFTLET_MACHINE_LINUX_H
#define SWIFTLET_MACHINE_LINUX_H

/* Calls the kernel. Returns what it returned: an error is its number, negated (-4095 to -1). */
static inline long machine_system_call(
    long number, long a, long b, long c, long d, long e, long f) {
#if defined(__x86_64__)
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
#elif defined(__aarch64__)
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  register long x5 __asm__("x5") = f;
  __asm__ volatile("svc #0"
                   : "+r"(x0)
                   : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                   : "memory");
  return x0;
#elif defined(__arm__)
  register long r7 __asm__("r7") = number;
  register long r0 __asm__("r0") = a;
  register long r1 __asm__("r1") = b;
  register long r2 __asm__("r2") = c;
  register long r3 __asm__("r3") = d;
  register long r4 __asm__("r4") = e;
  register long r5 __asm__("r5") = f;
  __asm__ volatile("svc #0"
                   : "+r"(r0)
                   : "r"(r7), "r"(r1), "r"(r2), "r"(r3), "r"(r4), "r"(r5)
                   : "memory");
  return r0;
#elif defined(__riscv)
  register long a7 __asm__("a7") = number;
  register long a0 __asm__("a0") = a;
  register long a1 __asm__("a1") = b;
  register long a2 __asm__("a2") = c;
  register long a3 __asm__("a3") = d;
  register long a4 __asm__("a4") = e;
  register long a5 __asm__("a5") = f;
  __asm__ volatile("ecall"
                   : "+r"(a0)
                   : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5)
                   : "memory");
  return a0;
#endif
}

/* Starts a thread that calls `body(argument)` on a stack that ends at `stack`, and then ends. `flags` are the kernel's
   CLONE_...; `*word` gets the thread's number, and 0 at its end. Returns the number, or an error as above. */
long machine_clone(
    unsigned long flags, void *stack, unsigned *word, void *(*body)(void *), void *argument);

/* The stack as the kernel made it: the count of arguments, the arguments, NULL, the environment, NULL, and the
   auxiliary vector, pairs of type and value that end with type 0. Kept by the program's entry. */
extern unsigned long *machine_stack;

/* The size of the arena that the program is linked with, or 0; and the arena, to the first that asks, else NULL. */
unsigned long machine_arena_size(void);
void *machine_take_arena(void);

/* What `machine_signal` calls, and the handler of signals to give to the kernel: it aligns the stack first, which the
   kernel does too, but not every emulator of x86-64. */
extern void (*machine_signal_handler)(int);
void machine_signal(int number);

static inline unsigned long machine_set_signal_handler(void (*handler)(int)) {
  machine_signal_handler = handler;
  return (unsigned long)machine_signal;
}

static inline int machine_argument_count(void) { return (int)machine_stack[0]; }

static inline char **machine_arguments(void) { return (char **)(machine_stack + 1); }

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
