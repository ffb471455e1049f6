/* Where a process begins: no C library has run before. */
#if !defined(__wasm__)
#include "machine.h"

int main(int count, char **arguments);

unsigned long *machine_stack;

/* The kernel leaves the arguments at the stack pointer, aligned to 16 bytes, and no return address. */
#if defined(__x86_64__)
__asm__(".globl _start\n_start:\n xor %ebp, %ebp\n mov %rsp, %rdi\n call machine_start\n ud2\n");
#elif defined(__aarch64__)
__asm__(".globl _start\n_start:\n mov x29, #0\n mov x30, #0\n mov x0, sp\n bl machine_start\n brk #1\n");
#elif defined(__arm__)
__asm__(".globl _start\n_start:\n mov r11, #0\n mov lr, #0\n mov r0, sp\n bl machine_start\n udf #0\n");
#elif defined(__riscv)
__asm__(".globl _start\n_start:\n"
        ".option push\n.option norelax\n la gp, __global_pointer$\n.option pop\n"
        " li fp, 0\n mv a0, sp\n call machine_start\n ebreak\n");
#endif

/* Never returns: `main` ends with the system call that ends the process. */
__attribute__((used)) void machine_start(unsigned long *stack) {
  machine_stack = stack;
  main((int)stack[0], (char **)(stack + 1));
  __builtin_trap();
}

void (*machine_signal_handler)(int);

#if defined(__x86_64__)
__attribute__((force_align_arg_pointer))
#endif
void machine_signal(int number) { machine_signal_handler(number); }
#endif
