// Loaded before the C library (LD_PRELOAD), records what a process does to the files of a ledger:
// every write, truncation, sync, creation and removal in order, with the bytes, the syncs of their
// directory, and the acknowledgements that the process writes into a file named "acknowledged".
// From this record a power cut at any moment is reconstructed. It changes nothing of what the
// process does.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { WRITE = 1, TRUNCATE = 2, SYNC = 3, REMOVE = 4, CREATE = 5 };
enum { NONE = 0, DATABASE = 1, LOG = 2, ROLLBACK = 3, ACKNOWLEDGED = 4, DIRECTORY = 5 };

struct __attribute__((packed)) record {
  uint8_t op;
  uint8_t file;
  uint32_t length;
  uint64_t offset;
};

#define MOST_DESCRIPTORS 4096
static uint8_t file_of[MOST_DESCRIPTORS];
static int record_fd = -1;
static const char *directory;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int (*real_open64)(const char *, int, ...);
static int (*real_close)(int);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite64)(int, const void *, size_t, off64_t);
static int (*real_ftruncate64)(int, off64_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_unlink)(const char *);

__attribute__((constructor)) static void start(void) {
  real_open64 = dlsym(RTLD_NEXT, "open64");
  real_close = dlsym(RTLD_NEXT, "close");
  real_write = dlsym(RTLD_NEXT, "write");
  real_pwrite64 = dlsym(RTLD_NEXT, "pwrite64");
  real_ftruncate64 = dlsym(RTLD_NEXT, "ftruncate64");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_unlink = dlsym(RTLD_NEXT, "unlink");
  directory = getenv("RECORD_DIRECTORY");
  const char *path = getenv("RECORD_WRITES");
  if (path != NULL) record_fd = real_open64(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
}

static uint8_t kind_of(const char *path) {
  if (directory != NULL && strcmp(path, directory) == 0) return DIRECTORY;
  const char *slash = strrchr(path, '/');
  const char *name = slash == NULL ? path : slash + 1;
  if (strcmp(name, "ledger.db") == 0) return DATABASE;
  if (strcmp(name, "ledger.db-wal") == 0) return LOG;
  if (strcmp(name, "ledger.db-journal") == 0) return ROLLBACK;
  if (strcmp(name, "acknowledged") == 0) return ACKNOWLEDGED;
  return NONE;
}

static uint8_t file_at(int fd) {
  return fd >= 0 && fd < MOST_DESCRIPTORS ? file_of[fd] : NONE;
}

static void put(uint8_t op, uint8_t file, uint64_t offset, const void *data, uint32_t length) {
  if (record_fd < 0 || file == NONE) return;
  struct record header = {op, file, length, offset};
  pthread_mutex_lock(&lock);
  if (real_write(record_fd, &header, sizeof header) != sizeof header) abort();
  if (data != NULL && real_write(record_fd, data, length) != (ssize_t)length) abort();
  pthread_mutex_unlock(&lock);
}

static int open_recorded(const char *path, int flags, mode_t mode) {
  uint8_t kind = kind_of(path);
  int is_new = kind != NONE && (flags & O_CREAT) != 0 && access(path, F_OK) != 0;
  int fd = real_open64(path, flags, mode);
  if (fd >= 0 && fd < MOST_DESCRIPTORS) file_of[fd] = kind;
  if (fd >= 0 && is_new) put(CREATE, kind, 0, NULL, 0);
  return fd;
}

int open64(const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  return open_recorded(path, flags, mode);
}

int open(const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  return open_recorded(path, flags, mode);
}

int close(int fd) {
  if (fd >= 0 && fd < MOST_DESCRIPTORS) file_of[fd] = NONE;
  return real_close(fd);
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) {
  ssize_t written = real_pwrite64(fd, data, length, offset);
  if (written > 0) put(WRITE, file_at(fd), (uint64_t)offset, data, (uint32_t)written);
  return written;
}

ssize_t write(int fd, const void *data, size_t length) {
  uint8_t file = file_at(fd);
  off64_t offset = file == NONE ? 0 : lseek64(fd, 0, SEEK_CUR);
  ssize_t written = real_write(fd, data, length);
  if (written > 0) put(WRITE, file, (uint64_t)offset, data, (uint32_t)written);
  return written;
}

int ftruncate64(int fd, off64_t length) {
  int result = real_ftruncate64(fd, length);
  if (result == 0) put(TRUNCATE, file_at(fd), (uint64_t)length, NULL, 0);
  return result;
}

int fsync(int fd) {
  int result = real_fsync(fd);
  if (result == 0) put(SYNC, file_at(fd), 0, NULL, 0);
  return result;
}

int fdatasync(int fd) {
  int result = real_fdatasync(fd);
  if (result == 0) put(SYNC, file_at(fd), 0, NULL, 0);
  return result;
}

int unlink(const char *path) {
  int result = real_unlink(path);
  if (result == 0) put(REMOVE, kind_of(path), 0, NULL, 0);
  return result;
}
