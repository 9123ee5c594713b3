#ifndef CPREFETCH_H
#define CPREFETCH_H

#include <stddef.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

// Swift has no words for these.

/// Asks for a cache line that is read soon, but not yet, and so belongs into the second-level cache.
///
/// The address may be any: nothing is read from it.
static inline void cprefetch(const void *address) { __builtin_prefetch(address, 0, 2); }

/// Copies whole cache lines, both of which start at one, past the caches where the processor can.
static inline void cstream(void *target, const void *source, size_t byteCount) {
#ifdef __SSE2__
    __m128i *to = target;
    const __m128i *from = source;
    for (size_t place = 0; place < byteCount / sizeof(__m128i); place += 4) {
        __m128i first = _mm_load_si128(from + place), second = _mm_load_si128(from + place + 1);
        __m128i third = _mm_load_si128(from + place + 2), fourth = _mm_load_si128(from + place + 3);
        _mm_stream_si128(to + place, first);
        _mm_stream_si128(to + place + 1, second);
        _mm_stream_si128(to + place + 2, third);
        _mm_stream_si128(to + place + 3, fourth);
    }
#else
    memcpy(target, source, byteCount);
#endif
}

/// Ends a run of ``cstream``: what it wrote is seen before what is written next.
static inline void cstreamed(void) {
#ifdef __SSE2__
    _mm_sfence();
#endif
}

#endif
