// Tells the Thread Sanitizer what Swift's Mutex orders.
//
// The quick paths of Synchronization.Mutex are compiled into its callers, where the sanitizer sees their atomics. Where
// threads meet, the library does the rest in functions that are not instrumented, and every access under the lock looks
// like a race. Loaded before that library, these functions call the real ones and name the order that they make.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#define SWIFT_METHOD __attribute__((swiftcall))
#define SWIFT_SELF __attribute__((swift_context)) void *handle

#define LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK_SLOW "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

static void order(const char *function, void *handle) {
    void (*mark)(void *) = (void (*)(void *))dlsym(RTLD_DEFAULT, function);
    if (mark) mark(handle);
}

SWIFT_METHOD void lock_slow(uint32_t thread, SWIFT_SELF) __asm__(LOCK_SLOW);
SWIFT_METHOD void lock_slow(uint32_t thread, SWIFT_SELF) {
    SWIFT_METHOD void (*real)(uint32_t, SWIFT_SELF) =
        (SWIFT_METHOD void (*)(uint32_t, SWIFT_SELF))dlsym(RTLD_NEXT, LOCK_SLOW);
    real(thread, handle);
    order("__tsan_acquire", handle);
}

SWIFT_METHOD void unlock_slow(SWIFT_SELF) __asm__(UNLOCK_SLOW);
SWIFT_METHOD void unlock_slow(SWIFT_SELF) {
    SWIFT_METHOD void (*real)(SWIFT_SELF) = (SWIFT_METHOD void (*)(SWIFT_SELF))dlsym(RTLD_NEXT, UNLOCK_SLOW);
    order("__tsan_release", handle);
    real(handle);
}
