/* The check without a C library: where it begins, ends, writes, and has its memory. */
#ifndef CHECK_START_H
#define CHECK_START_H

/* Memory of that many bytes, on a boundary of 64. */
#define CHECK_MEMORY_SIZE (1 << 20)
void *check_memory(void);

/* Writes to standard output. */
void check_write(const void *bytes, unsigned long count);

/* Ends the process. */
_Noreturn void check_exit(int status);

#endif
