// Lets one of a program's system calls fail, or ends the program at it.
//
// Test support for Linux with glibc: loaded with LD_PRELOAD it shows what a program does at each point at which the
// system can let it down, without touching the program.
//
//   cc -O2 -shared -fPIC -o libinject.so inject.c -ldl
//   SWIFTLET_FAULT=kill SWIFTLET_FAULT_AT=7 LD_PRELOAD=$PWD/libinject.so program arguments
//
// Calls are counted from 1 on. SWIFTLET_FAULT says what happens at call SWIFTLET_FAULT_AT:
//
//   count   nothing
//   kill    SIGKILL before the call
//   half    SIGKILL after a write of half of its bytes, or before any other call
//   stop    SIGSTOP before the call
//   NUMBER  the call fails with this error number, then all goes on
//   once    a read or write takes one byte alone; one of a byte, and fsync, are interrupted by a signal
//   slow    from here on, every read and write takes one byte alone
//   back    from here on, clocks run backwards, a second at each look
//
// SWIFTLET_FAULT_CALLS names what is counted: "write" (open for writing, write, pwrite, fsync, ftruncate, rename,
// unlink, mkstemp), "map" (mapping a page or more of a file that is not executable), or "read". The program's standard
// error is left alone. At exit SWIFTLET_FAULT_REPORT gets the count. Not seen: static binaries, and what the C library
// calls by private names.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum kind { KIND_WRITE, KIND_MAP, KIND_READ };
enum fault { COUNT, KILL, HALF, ERROR, ONCE, SLOW, BACK, STOP };

static enum kind counted;
static enum fault fault;
static int error_number;
static long at = -1;
static long calls;
static const char *report_path;
static pid_t program;

static void die(void) {
  syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
  for (;;) pause();
}

// What happens at this call: one of `fault`, or COUNT for an ordinary call.
static enum fault next_call(enum kind kind) {
  if (kind != counted || at < 0) return COUNT;
  long number = __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
  if (fault == COUNT || fault == BACK || number < at) return COUNT;
  if (number > at && fault != SLOW) return COUNT;
  if (fault == KILL) die();
  if (fault == STOP) syscall(SYS_kill, syscall(SYS_getpid), SIGSTOP);
  if (fault == ERROR) errno = error_number;
  return fault;
}

#define NEXT(name) \
  static __typeof__(&name) next_##name; \
  if (next_##name == NULL) next_##name = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

// A call that changes something and has no bytes.
#define CHANGE(name, ...) \
  do { \
    NEXT(name); \
    switch (next_call(KIND_WRITE)) { \
      case HALF: die(); break; \
      case ERROR: return -1; \
      default: break; \
    } \
    return next_##name(__VA_ARGS__); \
  } while (0)

// A call that takes some of `count` bytes.
#define BYTES(kind, name, file, bytes, count, ...) \
  do { \
    NEXT(name); \
    enum fault now = (file) == STDERR_FILENO ? COUNT : next_call(kind); \
    if (now == ERROR) return -1; \
    if (now == ONCE && (count) <= 1) { \
      errno = EINTR; \
      return -1; \
    } \
    size_t some = now == HALF ? (count) / 2 : (now == ONCE || now == SLOW) && (count) > 0 ? 1 : (count); \
    ssize_t taken = next_##name(file, bytes, some __VA_OPT__(, ) __VA_ARGS__); \
    if (now == HALF) die(); \
    return taken; \
  } while (0)

ssize_t write(int file, const void *bytes, size_t count) { BYTES(KIND_WRITE, write, file, bytes, count); }

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
  BYTES(KIND_WRITE, pwrite, file, bytes, count, offset);
}

ssize_t read(int file, void *bytes, size_t count) { BYTES(KIND_READ, read, file, bytes, count); }

int fsync(int file) {
  NEXT(fsync);
  enum fault now = next_call(KIND_WRITE);
  if (now == HALF) die();
  if (now == ONCE) errno = EINTR;
  return now == ERROR || now == ONCE ? -1 : next_fsync(file);
}
int ftruncate(int file, off_t size) { CHANGE(ftruncate, file, size); }
int unlink(const char *path) { CHANGE(unlink, path); }
int rename(const char *old, const char *new) { CHANGE(rename, old, new); }
int renameat(int from, const char *old, int to, const char *new) { CHANGE(renameat, from, old, to, new); }
int mkstemp(char *template) { CHANGE(mkstemp, template); }

int open(const char *path, int flags, ...) {
  NEXT(open);
  va_list rest;
  va_start(rest, flags);
  mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  if ((flags & O_ACCMODE) != O_RDONLY) CHANGE(open, path, flags, mode);
  return next_open(path, flags, mode);
}

void *mmap(void *address, size_t length, int protection, int flags, int file, off_t offset) {
  NEXT(mmap);
  int is_model = (flags & MAP_ANONYMOUS) == 0 && length >= 4096 && (protection & PROT_EXEC) == 0;
  if (is_model && next_call(KIND_MAP) == ERROR) return MAP_FAILED;
  return next_mmap(address, length, protection, flags, file, offset);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  static long looks;
  NEXT(clock_gettime);
  int result = next_clock_gettime(clock, time);
  if (fault == BACK && result == 0) time->tv_sec -= __atomic_add_fetch(&looks, 1, __ATOMIC_RELAXED);
  return result;
}

__attribute__((constructor)) static void start(void) {
  const char *what = getenv("SWIFTLET_FAULT"), *where = getenv("SWIFTLET_FAULT_AT");
  const char *which = getenv("SWIFTLET_FAULT_CALLS");
  static const char *const names[] = {"count", "kill", "half", "", "once", "slow", "back", "stop"};
  report_path = getenv("SWIFTLET_FAULT_REPORT");
  program = getpid();
  unsetenv("LD_PRELOAD");  // not for programs that this one starts
  if (what == NULL) return;
  counted = which == NULL || strcmp(which, "write") == 0 ? KIND_WRITE : strcmp(which, "map") == 0 ? KIND_MAP : KIND_READ;
  fault = ERROR;
  for (int i = 0; i < 8; i++)
    if (strcmp(what, names[i]) == 0) fault = (enum fault)i;
  if (fault == ERROR) error_number = atoi(what);
  at = where == NULL ? 1 : atol(where);
}

__attribute__((destructor)) static void report(void) {
  if (report_path == NULL || getpid() != program) return;
  char line[32];
  int length = snprintf(line, sizeof line, "%ld\n", __atomic_load_n(&calls, __ATOMIC_RELAXED));
  long file = syscall(SYS_openat, AT_FDCWD, report_path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file < 0) return;
  syscall(SYS_write, file, line, length);
  syscall(SYS_close, file);
}
