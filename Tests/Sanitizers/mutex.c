// Tells ThreadSanitizer of the locks that it cannot see; preloaded by `run thread`.
//
// Swift's `Mutex` on Linux is taken with one atomic instruction, which is compiled into whoever uses it and which the
// sanitizer sees. Only where two threads want it at once does it call the three functions below, which wait in the kernel.
// They are in libswiftSynchronization, which is not compiled for the sanitizer. So whatever two threads did under the same
// lock would be reported as a race whenever they met there. Nothing is suppressed here: what is not under the lock is
// reported as before.
//
// See stdlib/public/Synchronization/Mutex/LinuxImpl.swift in github.com/swiftlang/swift.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *self

// The sanitizer has these. Programs without it do not, and need nothing to be said.
__attribute__((weak)) void __tsan_acquire(void *address);
__attribute__((weak)) void __tsan_release(void *address);

static void *original(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (found == NULL) {
        fprintf(stderr, "mutex.c: the Swift library has no %s; its Mutex has changed\n", name);
        abort();
    }
    return found;
}

// Mutex._lockSlow(_: UInt32)
SWIFT void lock_slow(uint32_t thread, SELF) __asm__("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
SWIFT void lock_slow(uint32_t thread, SELF) {
    SWIFT void (*next)(uint32_t, SELF) = original("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
    next(thread, self);
    if (__tsan_acquire) __tsan_acquire(self);
}

// Mutex._tryLockSlow() -> Bool
SWIFT bool try_lock_slow(SELF) __asm__("$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF");
SWIFT bool try_lock_slow(SELF) {
    SWIFT bool (*next)(SELF) = original("$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF");
    bool isLocked = next(self);
    if (isLocked && __tsan_acquire) __tsan_acquire(self);
    return isLocked;
}

// Mutex._unlockSlow()
SWIFT void unlock_slow(SELF) __asm__("$s15Synchronization12_MutexHandleV11_unlockSlowyyF");
SWIFT void unlock_slow(SELF) {
    SWIFT void (*next)(SELF) = original("$s15Synchronization12_MutexHandleV11_unlockSlowyyF");
    if (__tsan_release) __tsan_release(self);
    next(self);
}
