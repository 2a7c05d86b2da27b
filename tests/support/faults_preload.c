/* Faults for the Release program, by LD_PRELOAD: what a machine short of memory, threads or descriptors, or with a clock that somebody sets, does to
   it. PROCTOR_FAULTS names a file of numbers that is mapped and read again at every call, so that a test changes them while the program runs:
   0 bytes: nothing. The program must not be set-user-id; it is for tests alone. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct faults {
    long every_allocation;  /* 0: none fails; n: each n-th of the process does */
    long threads_left;      /* 0: any number; n: one less may be started, then none */
    long every_accept;      /* 0: none fails; n: each n-th does */
    long accept_error;      /* with which errno */
    long clock_offset;      /* seconds that the wall clock is ahead */
    long clock_frozen;      /* 0: it goes; else it stands at this second since 1970 */
    long failed;            /* written here: what has failed so far */
};

static volatile struct faults* faults;

__attribute__((constructor)) static void map_faults(void) {
    const char* name = getenv("PROCTOR_FAULTS");
    const int fd = name ? open(name, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0) return;
    void* mapped = mmap(NULL, sizeof *faults, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (mapped != MAP_FAILED) faults = mapped;
}

/* Whether this call, of those counted in `count`, fails. */
static int fails(long every, long* count) {
    if (every <= 0 || __atomic_add_fetch(count, 1, __ATOMIC_RELAXED) % every != 0) return 0;
    __atomic_add_fetch((long*)&faults->failed, 1, __ATOMIC_RELAXED);
    return 1;
}

static int no_memory(void) {
    static long count;
    if (!faults || !fails(faults->every_allocation, &count)) return 0;
    errno = ENOMEM;
    return 1;
}

extern void* __libc_malloc(size_t);
extern void* __libc_calloc(size_t, size_t);
extern void* __libc_realloc(void*, size_t);
void* malloc(size_t size) { return no_memory() ? NULL : __libc_malloc(size); }
void* calloc(size_t count, size_t size) { return no_memory() ? NULL : __libc_calloc(count, size); }
void* realloc(void* old, size_t size) { return no_memory() ? NULL : __libc_realloc(old, size); }

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*run)(void*), void* argument) {
    static int (*real)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
    if (faults && faults->threads_left > 0 && __atomic_sub_fetch((long*)&faults->threads_left, 1, __ATOMIC_RELAXED) == 0) {
        faults->threads_left = 1;
        __atomic_add_fetch((long*)&faults->failed, 1, __ATOMIC_RELAXED);
        return EAGAIN;
    }
    if (!real) *(void**)&real = dlsym(RTLD_NEXT, "pthread_create");
    return real(thread, attributes, run, argument);
}

int accept(int fd, struct sockaddr* restrict address, socklen_t* restrict size) {
    static int (*real)(int, struct sockaddr*, socklen_t*);
    static long count;
    if (faults && fails(faults->every_accept, &count)) {
        errno = (int)faults->accept_error;
        return -1;
    }
    if (!real) *(void**)&real = dlsym(RTLD_NEXT, "accept");
    return real(fd, address, size);
}

static void set_clock(struct timespec* time) {
    if (!faults) return;
    if (faults->clock_frozen) {
        time->tv_sec = faults->clock_frozen;
        time->tv_nsec = 0;
    }
    time->tv_sec += faults->clock_offset;
}

int clock_gettime(clockid_t clock, struct timespec* now) {
    static int (*real)(clockid_t, struct timespec*);
    if (!real) *(void**)&real = dlsym(RTLD_NEXT, "clock_gettime");
    const int result = real(clock, now);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) set_clock(now);
    return result;
}

int gettimeofday(struct timeval* restrict now, void* restrict zone) {
    (void)zone;
    struct timespec time;
    const int result = clock_gettime(CLOCK_REALTIME, &time);
    now->tv_sec = time.tv_sec;
    now->tv_usec = time.tv_nsec / 1000;
    return result;
}

time_t time(time_t* result) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (result) *result = now.tv_sec;
    return now.tv_sec;
}
