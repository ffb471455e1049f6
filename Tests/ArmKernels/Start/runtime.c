/* What compilers call: memory functions, and on 32-bit ARM their other names and the division of integers. */
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict target, const void *restrict source, size_t count) {
  unsigned char *to = target;
  const unsigned char *from = source;
  while (count-- > 0) *to++ = *from++;
  return target;
}

void *memmove(void *target, const void *source, size_t count) {
  unsigned char *to = target;
  const unsigned char *from = source;
  if (to <= from) return memcpy(target, source, count);
  while (count-- > 0) to[count] = from[count];
  return target;
}

void *memset(void *target, int value, size_t count) {
  unsigned char *to = target;
  while (count-- > 0) *to++ = (unsigned char)value;
  return target;
}

#if defined(__arm__)
/* For any address, and for addresses known to be multiples of 4 and 8. */
#define FOR_ALIGNMENTS(define) define() define(4) define(8)
#define MEMCPY(n) void __aeabi_memcpy##n(void *to, const void *from, size_t count) { memcpy(to, from, count); }
#define MEMMOVE(n) void __aeabi_memmove##n(void *to, const void *from, size_t count) { memmove(to, from, count); }
#define MEMSET(n) void __aeabi_memset##n(void *to, size_t count, int value) { memset(to, value, count); }
#define MEMCLR(n) void __aeabi_memclr##n(void *to, size_t count) { memset(to, 0, count); }
FOR_ALIGNMENTS(MEMCPY)
FOR_ALIGNMENTS(MEMMOVE)
FOR_ALIGNMENTS(MEMSET)
FOR_ALIGNMENTS(MEMCLR)

/* Binary long division. Swift has trapped before it divides by zero. */
static uint32_t divide(uint32_t dividend, uint32_t divisor) {
  uint32_t quotient = 0;
  if (dividend < divisor) return 0;
  for (int shift = __builtin_clz(divisor) - __builtin_clz(dividend); shift >= 0; shift--) {
    quotient <<= 1;
    if (dividend >= divisor << shift) {
      dividend -= divisor << shift;
      quotient |= 1;
    }
  }
  return quotient;
}

static uint32_t magnitude(int32_t x) { return x < 0 ? 0 - (uint32_t)x : (uint32_t)x; }

uint32_t __aeabi_uidiv(uint32_t dividend, uint32_t divisor) { return divide(dividend, divisor); }

int32_t __aeabi_idiv(int32_t dividend, int32_t divisor) {
  uint32_t quotient = divide(magnitude(dividend), magnitude(divisor));
  return (int32_t)((dividend ^ divisor) < 0 ? 0 - quotient : quotient);
}

/* Quotient and remainder in two registers: as a 64-bit number, the quotient is its low half. */
uint64_t __aeabi_uidivmod(uint32_t dividend, uint32_t divisor) {
  uint32_t quotient = divide(dividend, divisor);
  return (uint64_t)(dividend - quotient * divisor) << 32 | quotient;
}

uint64_t __aeabi_idivmod(int32_t dividend, int32_t divisor) {
  uint32_t quotient = (uint32_t)__aeabi_idiv(dividend, divisor);
  return (uint64_t)((uint32_t)dividend - quotient * (uint32_t)divisor) << 32 | quotient;
}
#endif
