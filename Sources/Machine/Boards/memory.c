/* The four functions that compilers call for copying, filling and comparing memory. */
#include <stddef.h>
#include <stdint.h>

/* A word that may alias anything, for memory that is aligned to it. */
typedef uintptr_t __attribute__((may_alias)) word;

static int are_aligned(const void *one, const void *other) {
  return (((uintptr_t)one | (uintptr_t)other) & (sizeof(word) - 1)) == 0;
}

/* Forwards: right for areas that overlap only if the target is the lower one. */
static void copy(unsigned char *to, const unsigned char *from, size_t count) {
  if (are_aligned(to, from)) {
    for (; count >= sizeof(word); count -= sizeof(word)) {
      *(word *)(void *)to = *(const word *)(const void *)from;
      to += sizeof(word);
      from += sizeof(word);
    }
  }
  while (count-- > 0) *to++ = *from++;
}

void *memcpy(void *restrict target, const void *restrict source, size_t count) {
  copy(target, source, count);
  return target;
}

void *memmove(void *target, const void *source, size_t count) {
  unsigned char *to = target;
  const unsigned char *from = source;
  if ((uintptr_t)to - (uintptr_t)from >= count) {
    copy(to, from, count);
  } else {
    while (count-- > 0) to[count] = from[count];
  }
  return target;
}

void *memset(void *target, int value, size_t count) {
  unsigned char *to = target;
  if (((uintptr_t)to & (sizeof(word) - 1)) == 0) {
    word filled = (word)-1 / 255 * (unsigned char)value;
    for (; count >= sizeof(word); count -= sizeof(word)) {
      *(word *)(void *)to = filled;
      to += sizeof(word);
    }
  }
  while (count-- > 0) *to++ = (unsigned char)value;
  return target;
}

int memcmp(const void *one, const void *other, size_t count) {
  const unsigned char *left = one;
  const unsigned char *right = other;
  for (; count > 0; count--, left++, right++) {
    if (*left != *right) return *left - *right;
  }
  return 0;
}
