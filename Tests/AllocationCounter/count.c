// Counts what a program takes from the system between opening its model and its last output.
//
// Test support for Linux with glibc: loaded with LD_PRELOAD it proves "no heap allocation after the model is
// opened" for an ordinary, dynamically linked build, without touching the program.
//
//   cc -O2 -shared -fPIC -o liballocations.so count.c -ldl
//   SWIFTLET_ALLOCATION_REPORT=report.txt LD_PRELOAD=$PWD/liballocations.so program arguments
//
// "Opened" is the last mapping of a page or more of a file that is not executable: it sets all counters to
// zero. "Last write" is the last `write` to standard output: it remembers the counters, so that the program's
// own clean-up doesn't count. At exit the file named by the variable gets one line:
//
//   allocations_between_open_and_last_write=N frees=N writes=N anonymous_map_bytes=N anonymous_maps=N model_maps=N
//
// A test must also ask for model_maps > 0 and writes > 0. With model_maps=0 nothing was opened, and the numbers
// are those since the start; with writes=0 nothing was written after it, and they are those up to the end.
//
// Not seen: static binaries; output through stdio (glibc calls `write` by a private name there), mappings
// that glibc makes for itself (its heap, thread stacks: the malloc behind them is counted), brk and mremap.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

enum { allocations, frees, anonymous_bytes, anonymous_maps, counter_count };

static uint64_t counters[counter_count];
static uint64_t at_last_write[counter_count];
static uint64_t writes;
static uint64_t model_maps;

static void add(uint64_t *counter, uint64_t amount) { __atomic_fetch_add(counter, amount, __ATOMIC_RELAXED); }
static uint64_t read_counter(uint64_t *counter) { return __atomic_load_n(counter, __ATOMIC_RELAXED); }

// The C library's own functions, looked up when first needed. dlsym may allocate: while a thread looks up,
// it is served from a small buffer that is never freed.

static __thread int looking_up __attribute__((tls_model("initial-exec")));
static _Alignas(64) char bootstrap[16384];
static size_t bootstrap_used;

static void *next_function(void **kept, const char *name) {
  void *function = __atomic_load_n(kept, __ATOMIC_ACQUIRE);
  if (function == NULL) {
    looking_up++;
    function = dlsym(RTLD_NEXT, name);
    looking_up--;
    if (function == NULL) abort();
    __atomic_store_n(kept, function, __ATOMIC_RELEASE);
  }
  return function;
}

#define NEXT(name) \
  static void *kept_##name; \
  __typeof__(&name) next_##name = (__typeof__(&name))next_function(&kept_##name, #name)

static void *from_bootstrap(size_t size) {
  size_t rounded = (size + 63) & ~(size_t)63;
  if (rounded < size || rounded > sizeof bootstrap) return NULL;
  size_t start = __atomic_fetch_add(&bootstrap_used, rounded, __ATOMIC_RELAXED);
  return start > sizeof bootstrap - rounded ? NULL : bootstrap + start;
}

static int is_bootstrap(const void *pointer) {
  return (uintptr_t)pointer - (uintptr_t)bootstrap < sizeof bootstrap;
}

void *malloc(size_t size) {
  if (looking_up) return from_bootstrap(size);
  NEXT(malloc);
  add(&counters[allocations], 1);
  return next_malloc(size);
}

void *calloc(size_t count, size_t size) {
  size_t total;
  if (looking_up) return __builtin_mul_overflow(count, size, &total) ? NULL : from_bootstrap(total);
  NEXT(calloc);
  add(&counters[allocations], 1);
  return next_calloc(count, size);
}

void *realloc(void *old, size_t size) {
  if (looking_up || is_bootstrap(old)) {
    void *new = malloc(size);
    if (new != NULL && is_bootstrap(old)) {
      size_t rest = (size_t)(bootstrap + sizeof bootstrap - (char *)old);
      memcpy(new, old, size < rest ? size : rest);
    }
    return new;
  }
  NEXT(realloc);
  add(&counters[allocations], 1);
  return next_realloc(old, size);
}

void *reallocarray(void *old, size_t count, size_t size) {
  size_t total;
  if (__builtin_mul_overflow(count, size, &total)) {
    errno = ENOMEM;
    return NULL;
  }
  return realloc(old, total);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
  NEXT(posix_memalign);
  add(&counters[allocations], 1);
  return next_posix_memalign(result, alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  NEXT(aligned_alloc);
  add(&counters[allocations], 1);
  return next_aligned_alloc(alignment, size);
}

void *memalign(size_t alignment, size_t size);
void *memalign(size_t alignment, size_t size) {
  NEXT(memalign);
  add(&counters[allocations], 1);
  return next_memalign(alignment, size);
}

void *valloc(size_t size) { return memalign((size_t)sysconf(_SC_PAGESIZE), size); }

void free(void *pointer) {
  if (pointer == NULL || is_bootstrap(pointer)) return;
  NEXT(free);
  add(&counters[frees], 1);
  next_free(pointer);
}

static void mapped(size_t length, int protection, int flags, int file) {
  if ((flags & MAP_ANONYMOUS) != 0 || file < 0) {
    add(&counters[anonymous_bytes], length);
    add(&counters[anonymous_maps], 1);
  } else if (length >= 4096 && (protection & PROT_EXEC) == 0) {
    for (int i = 0; i < counter_count; i++) __atomic_store_n(&counters[i], 0, __ATOMIC_RELAXED);
    __atomic_store_n(&writes, 0, __ATOMIC_RELAXED);
    add(&model_maps, 1);
  }
}

void *mmap(void *address, size_t length, int protection, int flags, int file, off_t offset) {
  NEXT(mmap);
  void *result = next_mmap(address, length, protection, flags, file, offset);
  if (result != MAP_FAILED) mapped(length, protection, flags, file);
  return result;
}

void *mmap64(void *address, size_t length, int protection, int flags, int file, off64_t offset) {
  NEXT(mmap64);
  void *result = next_mmap64(address, length, protection, flags, file, offset);
  if (result != MAP_FAILED) mapped(length, protection, flags, file);
  return result;
}

ssize_t write(int file, const void *bytes, size_t count) {
  NEXT(write);
  if (file == STDOUT_FILENO) {
    for (int i = 0; i < counter_count; i++)
      __atomic_store_n(&at_last_write[i], read_counter(&counters[i]), __ATOMIC_RELAXED);
    add(&writes, 1);
  }
  return next_write(file, bytes, count);
}

// The report. System calls are made directly, so that they don't count themselves.

static const char *report_path;
static pid_t program;

__attribute__((constructor)) static void start(void) {
  report_path = getenv("SWIFTLET_ALLOCATION_REPORT");
  program = getpid();
  unsetenv("LD_PRELOAD");  // programs that this one starts are not to write over its report
}

static void report(void) {
  if (report_path == NULL || getpid() != program) return;
  uint64_t *last = read_counter(&writes) > 0 ? at_last_write : counters;
  char line[256];
  int length = snprintf(
    line, sizeof line,
    "allocations_between_open_and_last_write=%llu frees=%llu writes=%llu anonymous_map_bytes=%llu "
    "anonymous_maps=%llu model_maps=%llu\n",
    (unsigned long long)read_counter(&last[allocations]), (unsigned long long)read_counter(&last[frees]),
    (unsigned long long)read_counter(&writes), (unsigned long long)read_counter(&last[anonymous_bytes]),
    (unsigned long long)read_counter(&last[anonymous_maps]), (unsigned long long)read_counter(&model_maps));
  long file = syscall(SYS_openat, AT_FDCWD, report_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0 || syscall(SYS_write, file, line, (size_t)length) != length) {
    static const char message[] = "liballocations: cannot write SWIFTLET_ALLOCATION_REPORT\n";
    (void)!syscall(SYS_write, STDERR_FILENO, message, sizeof message - 1);
  }
  if (file >= 0) syscall(SYS_close, file);
  report_path = NULL;
}

__attribute__((destructor)) static void finish(void) { report(); }

// A program that ends by `_exit` skips destructors.
void _exit(int status) {
  report();
  for (;;) syscall(SYS_exit_group, status);
}
