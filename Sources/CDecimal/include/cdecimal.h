#ifndef CDECIMAL_H
#define CDECIMAL_H

#include "cdecimal_texts.h"

#if defined __x86_64__
#include <immintrin.h>
#include <stdint.h>

// Decimal digits in vectors, which Swift has no words for: sixteen comparisons as sixteen bits, and bytes moved by as far
// as the text says. In a header, so that it becomes part of the caller's loop. Every x86-64-v2 processor has SSE4.1.
#define CDECIMAL_INLINE __attribute__((target("sse4.1"))) static inline
#define CDECIMAL_RARELY(condition) __builtin_expect(condition, 0)

/// A number that was written as digits, perhaps with a point among them.
typedef struct {
    /// The digits without the point.
    uint64_t significand;
    /// How many digits come behind the point.
    int64_t places;
    /// How many characters there are; 0 where the text has another form, which says nothing about its validity.
    int64_t length;
} cdecimal_number;

/// Sixteen bytes of ones and sixteen of zeros.
extern const uint8_t cdecimal_ones[32] __attribute__((visibility("hidden")));
/// Where to take bytes from: for sixteen bytes nothing, then each from its own place.
extern const uint8_t cdecimal_places[32] __attribute__((visibility("hidden")));

/// What sixteen characters are worth as digits; 0 to 9 only where they are some.
CDECIMAL_INLINE __m128i cdecimal_values(const uint8_t *text) {
    return _mm_sub_epi8(_mm_loadu_si128((const __m128i *)text), _mm_set1_epi8('0'));
}

CDECIMAL_INLINE __m128i cdecimal_are_digits(__m128i values) {
    return _mm_cmpeq_epi8(_mm_min_epu8(values, _mm_set1_epi8(9)), values);
}

/// The digits with those before the point (-1 where none is here) moved to take its place, and a zero before them.
CDECIMAL_INLINE __m128i cdecimal_without_point(__m128i digits, int64_t point) {
    const __m128i moved = _mm_loadu_si128((const __m128i *)(cdecimal_ones + 15 - point));
    return _mm_blendv_epi8(digits, _mm_slli_si128(digits, 1), moved);
}

/// The first `count` digits, moved to the end of the sixteen, with zeros before them.
CDECIMAL_INLINE __m128i cdecimal_first(__m128i digits, int64_t count) {
    return _mm_shuffle_epi8(digits, _mm_loadu_si128((const __m128i *)(cdecimal_places + count)));
}

/// The number that sixteen digits make.
CDECIMAL_INLINE uint64_t cdecimal_integer(__m128i digits) {
    const __m128i pairs = _mm_maddubs_epi16(digits, _mm_set1_epi16(0x010a));
    const __m128i fours = _mm_madd_epi16(pairs, _mm_set1_epi32(0x00010064));
    const __m128i eights = _mm_madd_epi16(_mm_packus_epi32(fours, fours), _mm_set1_epi32(0x00012710));
    const uint64_t both = (uint64_t)_mm_cvtsi128_si64(eights);
    return (uint32_t)both * 100000000ull + (both >> 32);
}

/// A number of 16 to 31 characters with a point among the first fifteen: the last sixteen, and what is before them.
///
/// Lengths vary from number to number, so a branch on them would be mispredicted. Out of line, so that the loop over
/// short numbers keeps its registers.
__attribute__((target("sse4.1"), noinline)) static cdecimal_number cdecimal_long(
    const uint8_t *text, __m128i digits, int64_t point) {
    const cdecimal_number none = {0, 0, 0};
    const __m128i more = cdecimal_are_digits(cdecimal_values(text + 16));
    const uint32_t others = ~(uint32_t)_mm_movemask_epi8(more) & 0xffff;
    const int64_t cut = others ? __builtin_ctz(others) : 16;
    if (cut == 16 || (text[16 + cut] | 0x20) == 'e') return none;

    __m128i last = cdecimal_values(text + cut);
    last = _mm_and_si128(last, cdecimal_are_digits(last));
    const int64_t point_in_last = point < cut ? -1 : point - cut;
    const int64_t point_before = point < cut ? point : cut;
    static const uint64_t scales[2] = {1000000000000000, 10000000000000000};
    const uint64_t lower = cdecimal_integer(cdecimal_without_point(last, point_in_last));
    const uint64_t upper =
        cdecimal_integer(cdecimal_first(cdecimal_without_point(digits, point_before), cut + (point >= cut)));
    // 922 · 10^16 is beyond 2^63.
    if (upper >= 922) return none;
    const cdecimal_number taken = {upper * scales[point < cut] + lower, 15 + cut - point, 16 + cut};
    return taken;
}

/// Takes a number of up to 31 characters and fewer than 2^63 without its point; reads 32 bytes, whatever they are.
CDECIMAL_INLINE cdecimal_number cdecimal_take(const uint8_t *text) {
    const cdecimal_number none = {0, 0, 0};
    const __m128i values = cdecimal_values(text);
    const __m128i are_digits = cdecimal_are_digits(values);
    const uint32_t sign = text[0] == '-';
    const uint32_t others = ~(uint32_t)_mm_movemask_epi8(are_digits) & ~sign;
    const int64_t point = __builtin_ctz(others), whole = point - sign;
    if (CDECIMAL_RARELY(whole == 0 || point > 14 || (whole > 1 && text[sign] == '0'))) return none;

    const __m128i digits = _mm_and_si128(values, are_digits);
    int64_t end = point, count = point + 1;
    if (text[point] == '.') {
        end = count = __builtin_ctz(others & (others - 1));
        if (end > 15) return cdecimal_long(text, digits, point);
        if (CDECIMAL_RARELY(end - point < 2)) return none;
    }
    if (CDECIMAL_RARELY((text[end] | 0x20) == 'e')) return none;
    const uint64_t significand = cdecimal_integer(cdecimal_first(cdecimal_without_point(digits, point), count));
    const cdecimal_number taken = {significand, end - point - (end != point), end};
    return taken;
}

#undef CDECIMAL_INLINE
#undef CDECIMAL_RARELY
#endif

#endif
