/* How a thread begins and ends, which C can't say: after the system call two threads are in the same function, on
   different stacks.

   machine_clone (linux.h) passes its first three arguments on: what is shared, the stack, and the word that the
   kernel sets when the thread begins. The word that it clears at the end is the same. A new thread has all registers
   of the one that starts it, but for the stack and the result, which is 0. It calls `body`, then ends itself alone
   (exit, not exit_group): its stack holds nothing to return to. */
#if defined(__linux__)
#include "machine.h"

#if defined(__x86_64__)
/* The word to clear is the kernel's fourth argument. */
__asm__(".text\n.globl machine_clone\n.type machine_clone, @function\nmachine_clone:\n"
        " mov %rcx, %r9\n"
        " mov %rdx, %r10\n"
        " mov $56, %eax\n"
        " syscall\n"
        " test %eax, %eax\n"
        " jz 1f\n"
        " ret\n"
        "1: xor %ebp, %ebp\n"
        " mov %r8, %rdi\n"
        " call *%r9\n"
        " xor %edi, %edi\n"
        " mov $60, %eax\n"
        " syscall\n"
        " ud2\n"
        ".size machine_clone, . - machine_clone\n");
#elif defined(__aarch64__)
/* The fourth is a thread pointer, which without its flag is ignored; the word to clear is the fifth. */
__asm__(".text\n.globl machine_clone\n.type machine_clone, %function\nmachine_clone:\n"
        " mov x5, x4\n"
        " mov x4, x2\n"
        " mov x8, #220\n"
        " svc #0\n"
        " cbz x0, 1f\n"
        " ret\n"
        "1: mov x29, #0\n"
        " mov x30, #0\n"
        " mov x0, x5\n"
        " blr x3\n"
        " mov x0, #0\n"
        " mov x8, #93\n"
        " svc #0\n"
        " brk #1\n"
        ".size machine_clone, . - machine_clone\n");
#elif defined(__arm__)
/* As on aarch64; this function's own fifth argument lies on the stack. */
__asm__(".text\n.arm\n.globl machine_clone\n.type machine_clone, %function\nmachine_clone:\n"
        " push {r4, r5, r7, lr}\n"
        " ldr r5, [sp, #16]\n"
        " mov r4, r2\n"
        " mov r7, #120\n"
        " svc #0\n"
        " cmp r0, #0\n"
        " popne {r4, r5, r7, pc}\n"
        " mov r11, #0\n"
        " mov lr, #0\n"
        " mov r0, r5\n"
        " blx r3\n"
        " mov r0, #0\n"
        " mov r7, #1\n"
        " svc #0\n"
        " udf #0\n"
        ".size machine_clone, . - machine_clone\n");
#elif defined(__riscv)
/* As on aarch64. */
__asm__(".text\n.globl machine_clone\n.type machine_clone, @function\nmachine_clone:\n"
        " mv a5, a4\n"
        " mv a4, a2\n"
        " li a7, 220\n"
        " ecall\n"
        " beqz a0, 1f\n"
        " ret\n"
        "1: li fp, 0\n"
        " mv a0, a5\n"
        " jalr a3\n"
        " li a0, 0\n"
        " li a7, 93\n"
        " ecall\n"
        " ebreak\n"
        ".size machine_clone, . - machine_clone\n");
#endif
#endif
