#ifndef CDECIMAL_TEXTS_H
#define CDECIMAL_TEXTS_H

#include <stdint.h>
#if defined __x86_64__
#include <immintrin.h>
#elif defined __aarch64__
#include <arm_neon.h>
#endif

// The shortest texts of float32 numbers, eight at a time. Vectors find the digits of all eight; each text is then one
// shuffle of its digits and one store, at a place that depends only on the lengths of the texts before.

#if defined __x86_64__
#define CDECIMAL_INLINE __attribute__((target("sse4.1"))) static inline
#else
#define CDECIMAL_INLINE static inline
#endif

typedef uint16_t cdecimal_half16 __attribute__((ext_vector_type(16)));
typedef uint32_t cdecimal_word8 __attribute__((ext_vector_type(8)));
typedef uint64_t cdecimal_long4 __attribute__((ext_vector_type(4)));

enum {
    // A text is a shuffle of its separator, nine digits and these characters.
    cdecimal_point_byte = 9,
    cdecimal_zero_byte,
    cdecimal_sign_byte,
    cdecimal_separator_byte,
    // At most two of the digits before the last are zeros that lead; one to nine are after the point.
    cdecimal_leading_zeros_limit = 2,
    cdecimal_places_limit = 9,
    // The form of zero comes after those of numbers of usual size; the form of a negative number after its positive one.
    cdecimal_zero_form = 2 * (cdecimal_leading_zeros_limit + 1) * cdecimal_places_limit,
    cdecimal_form_count = cdecimal_zero_form + 2,
};

/// How to write texts with the same sign, the same place of the point and the same number of leading zeros.
typedef struct {
    /// The source of each character.
    uint8_t sources[16];
    /// The length of the text by the position of the last digit that is not zero.
    uint8_t lengths[16];
} cdecimal_form;

/// The digits and the forms of eight numbers.
typedef struct {
    uint8_t bytes[8][16];
    uint32_t forms[8];
} cdecimal_eight;

/// The eight digits of each of four numbers, as characters, the first one in the lowest byte.
CDECIMAL_INLINE void cdecimal_digits(const cdecimal_long4 *numbers, cdecimal_long4 *digits) {
    // Each step puts quotients below their remainders. Masks say how few bits there are: multiplying is quicker then.
    const cdecimal_long4 thousands = (*numbers & 0xffffffff) * 109951163 >> 40;
    const cdecimal_word8 fours = (cdecimal_word8)((*numbers - (thousands & 0x3fff) * 10000) << 32 | thousands);
    const cdecimal_word8 hundreds = (fours & 0x3fff) * 10486 >> 20;
    const cdecimal_half16 pairs = (cdecimal_half16)((fours - (hundreds & 0x7f) * 100) << 16 | hundreds);
    const cdecimal_half16 tens = (pairs * 103) >> 10;
    *digits = (cdecimal_long4)((pairs - tens * 10) << 8 | tens) + 0x3030303030303030;
}

/// Finds the digits of `count` numbers, of eight at most; returns a bit for each that is neither zero nor of usual size.
///
/// Between 2^-9 and 2^18 the distance to the next float32, scaled by the power of ten that leaves it below one, is exact
/// in 32 bits, and so is the product with the significand in 64.
CDECIMAL_INLINE uint32_t cdecimal_find(const float *numbers, int64_t count, cdecimal_eight *eight) {
    cdecimal_word8 bits = 0;
    if (count >= 8) {
        __builtin_memcpy(&bits, numbers, sizeof bits);
    } else {
        for (int64_t lane = 0; lane < count; ++lane) __builtin_memcpy((char *)&bits + 4 * lane, numbers + lane, 4);
    }
    const cdecimal_word8 magnitudes = bits & 0x7fffffff, signs = bits >> 31;
    const cdecimal_word8 smallest = 0x3b000000, one = 0x3f800000;
    const cdecimal_word8 is_usual = (cdecimal_word8)(magnitudes - smallest < 0x48800000 - smallest);
    const cdecimal_word8 is_zero = (cdecimal_word8)(magnitudes == 0);
    const cdecimal_word8 usual = (magnitudes & is_usual) | (one & ~is_usual);

    const cdecimal_word8 scales = 150 - (usual >> 23);
    const cdecimal_word8 significands = (usual & 0x7fffff) | 0x800000;
    // floor(scale * log10(2))
    const cdecimal_word8 places = ((scales & 0x3f) * 1233) >> 12;
    // 10^places, from the low two bits of places and the others.
    const cdecimal_word8 is_odd = places << 31, is_two = places << 30;
    const cdecimal_word8 is_four = places << 29, is_eight = places << 28;
    const cdecimal_word8 low = is_two ? (is_odd ? 1000 : (cdecimal_word8)100) : (is_odd ? 10 : (cdecimal_word8)1);
    const cdecimal_word8 high = is_eight ? 100000000 : is_four ? 10000 : (cdecimal_word8)1;
    // From one number to the next, in units of the last place but one, times 2^32.
    const cdecimal_word8 gaps = low * high << (32 - scales);

    const cdecimal_long4 even = ((cdecimal_long4)significands & 0xffffffff) * ((cdecimal_long4)gaps & 0xffffffff);
    const cdecimal_long4 odd = ((cdecimal_long4)significands >> 32) * ((cdecimal_long4)gaps >> 32);
    const cdecimal_long4 low_half = 0xffffffff;
    const cdecimal_word8 wholes = (cdecimal_word8)(even >> 32 | (odd & ~low_half));
    const cdecimal_word8 fractions = (cdecimal_word8)((even & low_half) | odd << 32);
    // An even number owns the ends of the interval that rounds to it.
    const cdecimal_word8 reach = (gaps >> 1) - (significands & 1);
    const cdecimal_word8 is_below = (cdecimal_word8)(fractions <= reach);
    const cdecimal_word8 is_above = (cdecimal_word8)(fractions + reach < fractions);
    const cdecimal_word8 uppers = wholes - is_above;
    // Ten times the fraction in two parts: above four bits, and those.
    const cdecimal_word8 ends = (fractions & 15) * 10;
    const cdecimal_word8 tenfold = (fractions >> 4) * 10 + (ends >> 4);
    const cdecimal_word8 floors = tenfold >> 28;
    const cdecimal_word8 remainders = tenfold << 4 | (ends & 15);
    const cdecimal_word8 rounds_up = (cdecimal_word8)(remainders > 0x80000000 - (floors & 1));
    // Zero where the interval holds a multiple of ten.
    const cdecimal_word8 last = (floors - rounds_up) & ~(is_below | is_above);

    const cdecimal_long4 halves[2] = {(cdecimal_long4)uppers & low_half, (cdecimal_long4)uppers >> 32};
    const cdecimal_long4 rests[2] = {(cdecimal_long4)last & low_half, (cdecimal_long4)last >> 32};
    for (int half = 0; half < 2; ++half) {
        cdecimal_long4 digits;
        cdecimal_digits(halves + half, &digits);
        const cdecimal_long4 rest = rests[half] + 0x2c2d302e30;
        const cdecimal_long4 first = __builtin_shufflevector(digits, rest, 0, 4, 2, 6);
        const cdecimal_long4 second = __builtin_shufflevector(digits, rest, 1, 5, 3, 7);
        __builtin_memcpy(eight->bytes[4 * half], &first, sizeof first);
        __builtin_memcpy(eight->bytes[4 * half + 2], &second, sizeof second);
    }

    const cdecimal_word8 zeros = 0 - (cdecimal_word8)(uppers < 10000000) - (cdecimal_word8)(uppers < 1000000);
    const cdecimal_word8 usual_forms =
        ((places - 1) & 15) * (2 * (cdecimal_leading_zeros_limit + 1)) + 2 * zeros;
    const cdecimal_word8 forms = (is_zero ? cdecimal_zero_form : usual_forms) + signs;
    __builtin_memcpy(eight->forms, &forms, sizeof forms);

    typedef _Bool flags __attribute__((ext_vector_type(8)));
    const flags unusual = __builtin_convertvector(~(is_usual | is_zero), flags);
    uint8_t mask;
    __builtin_memcpy(&mask, &unusual, sizeof mask);
    return mask;
}

/// Writes a comma and the text of one of the eight numbers; 16 bytes are written, and the number of those that count is
/// returned.
CDECIMAL_INLINE int64_t cdecimal_text(
    const cdecimal_eight *eight, int64_t lane, const cdecimal_form *forms, uint8_t *text) {
    const cdecimal_form *const form = forms + eight->forms[lane];
    // Where cdecimal_find puts a number: the even ones first, and of each kind the first and the third.
    const uint8_t *const bytes = eight->bytes[(lane & 1) * 4 + (lane >> 2 & 1) + (lane & 2)];
#if defined __x86_64__
    const __m128i characters = _mm_loadu_si128((const __m128i *)bytes);
    const __m128i sources = _mm_loadu_si128((const __m128i *)form->sources);
    _mm_storeu_si128((__m128i *)text, _mm_shuffle_epi8(characters, sources));
    const __m128i are_positive = _mm_cmpgt_epi8(characters, _mm_set1_epi8('0'));
    const uint32_t positive_digits = (uint32_t)_mm_movemask_epi8(are_positive) & 0x1ff;
    return form->lengths[31 - __builtin_clz(positive_digits)];
#else
#if defined __aarch64__
    vst1q_u8(text, vqtbl1q_u8(vld1q_u8(bytes), vld1q_u8(form->sources)));
#else
    for (int64_t position = 0; position < 16; ++position) text[position] = bytes[form->sources[position]];
#endif
    int64_t last = 8;
    while (bytes[last] == '0') --last;
    return form->lengths[last];
#endif
}

/// Writes commas and texts of all eight numbers, 16 bytes beyond the end at most; returns how many bytes count.
CDECIMAL_INLINE int64_t cdecimal_texts(const cdecimal_eight *eight, const cdecimal_form *forms, uint8_t *text) {
    uint8_t *next = text;
    // Unrolled, so that the places of the numbers are constants.
#pragma unroll
    for (int64_t lane = 0; lane < 8; ++lane) next += cdecimal_text(eight, lane, forms, next);
    return next - text;
}

#undef CDECIMAL_INLINE
#endif
