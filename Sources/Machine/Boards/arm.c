/* What compilers call on 32-bit ARM (the run-time ABI, "RTABI"): other names for the memory functions, and the
   arithmetic that processors without a divider, or with 32-bit registers, don't have. */
#if defined(__arm__)
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict target, const void *restrict source, size_t count);
void *memmove(void *target, const void *source, size_t count);
void *memset(void *target, int value, size_t count);

/* For any address, and for addresses known to be multiples of 4 and 8. */
#define FOR_ALIGNMENTS(define) define() define(4) define(8)
#define MEMCPY(n) \
  void __aeabi_memcpy##n(void *target, const void *source, size_t count) { memcpy(target, source, count); }
#define MEMMOVE(n) \
  void __aeabi_memmove##n(void *target, const void *source, size_t count) { memmove(target, source, count); }
#define MEMSET(n) \
  void __aeabi_memset##n(void *target, size_t count, int value) { memset(target, value, count); }
#define MEMCLR(n) \
  void __aeabi_memclr##n(void *target, size_t count) { memset(target, 0, count); }
FOR_ALIGNMENTS(MEMCPY)
FOR_ALIGNMENTS(MEMMOVE)
FOR_ALIGNMENTS(MEMSET)
FOR_ALIGNMENTS(MEMCLR)

/* Binary long division. Swift has trapped before it divides by zero. */
#define DIVIDE(name, number, leading_zeros) \
  static number name(number dividend, number divisor, number *remainder) { \
    number quotient = 0; \
    if (dividend >= divisor) { \
      int shift = leading_zeros(divisor) - leading_zeros(dividend); \
      for (number part = divisor << shift; shift >= 0; shift--, part >>= 1) { \
        quotient <<= 1; \
        if (dividend >= part) { \
          dividend -= part; \
          quotient |= 1; \
        } \
      } \
    } \
    *remainder = dividend; \
    return quotient; \
  }
DIVIDE(divide, uint32_t, __builtin_clz)
DIVIDE(divide_long, uint64_t, __builtin_clzll)

static uint32_t magnitude(int32_t x) { return x < 0 ? 0 - (uint32_t)x : (uint32_t)x; }

uint32_t __aeabi_uidiv(uint32_t dividend, uint32_t divisor) {
  uint32_t remainder;
  return divide(dividend, divisor, &remainder);
}

/* Quotient and remainder in two registers: as a 64-bit number, the quotient is its low half. */
uint64_t __aeabi_uidivmod(uint32_t dividend, uint32_t divisor) {
  uint32_t remainder;
  uint32_t quotient = divide(dividend, divisor, &remainder);
  return (uint64_t)remainder << 32 | quotient;
}

int32_t __aeabi_idiv(int32_t dividend, int32_t divisor) {
  uint32_t remainder;
  uint32_t quotient = divide(magnitude(dividend), magnitude(divisor), &remainder);
  return (int32_t)((dividend ^ divisor) < 0 ? 0 - quotient : quotient);
}

uint64_t __aeabi_idivmod(int32_t dividend, int32_t divisor) {
  uint32_t quotient = (uint32_t)__aeabi_idiv(dividend, divisor);
  uint32_t remainder = (uint32_t)dividend - quotient * (uint32_t)divisor;
  return (uint64_t)remainder << 32 | quotient;
}

__attribute__((used)) static uint64_t machine_divide_long(
    uint64_t dividend, uint64_t divisor, uint64_t *remainder) {
  return divide_long(dividend, divisor, remainder);
}

/* Quotient in r0 and r1, remainder in r2 and r3, which no C function returns. */
__attribute__((naked)) void __aeabi_uldivmod(void) {
  __asm__("push {r11, lr}\n"
          "sub sp, sp, #16\n"
          "add r12, sp, #8\n"
          "str r12, [sp]\n"
          "bl machine_divide_long\n"
          "ldrd r2, r3, [sp, #8]\n"
          "add sp, sp, #16\n"
          "pop {r11, pc}\n");
}

/* A double that is not negative, in integer registers by this function's ABI, to 64 bits, toward zero. */
__attribute__((pcs("aapcs"))) uint64_t __aeabi_d2ulz(double x) {
  uint32_t high = (uint32_t)(x * 0x1p-32);
  return (uint64_t)high << 32 | (uint32_t)(x - (double)high * 0x1p32);
}

/* Shifts of 64 bits, which code that is made small calls. */
uint64_t __aeabi_llsl(uint64_t number, int places) { return number << places; }

uint64_t __aeabi_llsr(uint64_t number, int places) { return number >> places; }
#endif
