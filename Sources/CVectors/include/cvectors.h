#ifndef CVECTORS_H
#define CVECTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Swift compiles these number by number.

typedef float cvectors_float8 __attribute__((ext_vector_type(8)));
typedef float cvectors_float16 __attribute__((ext_vector_type(16)));
typedef double cvectors_double8 __attribute__((ext_vector_type(8)));

/// The same numbers in double precision.
static inline cvectors_double8 cvectors_widened(cvectors_float8 numbers) {
    return __builtin_convertvector(numbers, cvectors_double8);
}

/// The nearest numbers in single precision.
static inline cvectors_float8 cvectors_narrowed(cvectors_double8 numbers) {
    return __builtin_convertvector(numbers, cvectors_float8);
}

/// Square roots, rounded to nearest; NaN of negative numbers.
static inline cvectors_double8 cvectors_square_roots(cvectors_double8 numbers) {
    return __builtin_elementwise_sqrt(numbers);
}

/// The sum and the product of two numbers in each lane; of nested ones Swift's compiler takes lanes apart.
static inline cvectors_double8 cvectors_sum(cvectors_double8 first, cvectors_double8 second) {
    return first + second;
}
static inline cvectors_float16 cvectors_float_sum(cvectors_float16 first, cvectors_float16 second) {
    return first + second;
}
static inline cvectors_double8 cvectors_product(cvectors_double8 first, cvectors_double8 second) {
    return first * second;
}
static inline cvectors_float16 cvectors_float_product(cvectors_float16 first, cvectors_float16 second) {
    return first * second;
}
static inline cvectors_float16 cvectors_float_difference(cvectors_float16 first, cvectors_float16 second) {
    return first - second;
}

/// Whether every number is at least `low` and at most `high`; false where one is NaN.
static inline bool cvectors_float_all_within(cvectors_float16 numbers, cvectors_float16 low, cvectors_float16 high) {
    return __builtin_reduce_and((numbers >= low) & (numbers <= high)) != 0;
}

// A cast between vectors keeps the bits.
typedef uint32_t cvectors_words16 __attribute__((ext_vector_type(16)));

/// log x of normal numbers above 0; anything of others. The relative error is below 2^-23.5.
static inline cvectors_float16 cvectors_float_logarithms(cvectors_float16 x) {
    // Every processor gives the same bits.
#pragma STDC FP_CONTRACT OFF
    // x = mantissa * 2^power, the mantissa from the root of 1/2 to that of 2.
    const cvectors_words16 moved = (cvectors_words16)x + (0x3f800000 - 0x3f3504f3);
    const cvectors_float16 mantissa = (cvectors_float16)((moved & 0x007fffff) + 0x3f3504f3);
    const cvectors_float16 power = (cvectors_float16)((moved >> 23) | 0x4b000000) - (0x1p23f + 127);
    const cvectors_float16 f = mantissa - 1.0f;
    const cvectors_float16 square = f * f;
    const cvectors_float16 early =
        (f * -0x1.000228p-2f + 0x1.555554p-2f) + (f * -0x1.547228p-3f + 0x1.99a00cp-3f) * square;
    const cvectors_float16 late =
        (f * -0x1.0d86p-3f + 0x1.22d9bcp-3f) + (f * -0x1.38b9dp-4f + 0x1.055eaap-3f) * square;
    const cvectors_float16 series = early + late * (square * square);
    // log 2 in two parts, the first of which times a whole number is exact.
    const cvectors_float16 low = (f * square) * series + power * -0x1.bd0106p-13f;
    return power * 0x1.63p-1f + (f + (low - square * 0.5f));
}

/// e^x where x is from `low` to `high`, 0 below, and e^high above; NaN stays. The relative error is below 2^-23.5.
///
/// - Parameters:
///   - low: -86 at least, so that every result but 0 is a normal number.
///   - high: 88 at most.
static inline cvectors_float16 cvectors_float_exponentials(cvectors_float16 x, float low, float high) {
    // Every processor gives the same bits.
#pragma STDC FP_CONTRACT OFF
    const cvectors_float16 below = high < x ? high : x;
    const cvectors_float16 exponents = below < low ? low : below;
    // Adding 1.5 * 2^23 rounds to a whole number, which is then in the lowest bits.
    const cvectors_float16 shifted = exponents * 0x1.715476p0f + 0x1.8p23f;
    const cvectors_float16 whole = shifted - 0x1.8p23f;
    // log 2 in two parts, the first of which times a whole number is exact.
    const cvectors_float16 rest = (exponents - whole * 0x1.63p-1f) - whole * -0x1.bd0106p-13f;
    const cvectors_float16 square = rest * rest;
    const cvectors_float16 early =
        (rest * 0x1.555492p-3f + 0x1.fffffcp-2f) + (rest * 0x1.1239e2p-7f + 0x1.5558f2p-5f) * square;
    const cvectors_float16 series = early + (square * 0x1.6a2434p-10f) * square;
    const cvectors_float16 fraction = 1.0f + (rest + square * series);
    // What is no number stays none, whatever this power is.
    const cvectors_float16 power = (cvectors_float16)(((cvectors_words16)shifted << 23) + 0x3f800000);
    const cvectors_float16 none = 0.0f;
    return below < low ? none : fraction * power;
}

/// Numbers above `high` as `high`, below `low` as `low`; NaN stays. One instruction each, which comparisons are not.
static inline cvectors_double8 cvectors_clamped(cvectors_double8 numbers, cvectors_double8 low, cvectors_double8 high) {
    const cvectors_double8 below = high < numbers ? high : numbers;
    return below < low ? low : below;
}

/// Whether every number is at least `low` and at most `high`; false where one is NaN.
static inline bool cvectors_all_within(cvectors_double8 numbers, cvectors_double8 low, cvectors_double8 high) {
    return __builtin_reduce_and((numbers >= low) & (numbers <= high)) != 0;
}

typedef _Float16 cvectors_half16 __attribute__((ext_vector_type(16)));
typedef uint16_t cvectors_ushort16 __attribute__((ext_vector_type(16)));
typedef uint32_t cvectors_uint16 __attribute__((ext_vector_type(16)));

static inline void cvectors_read_float16_vector(const void *numbers, void *results) {
    cvectors_half16 some;
    __builtin_memcpy(&some, numbers, sizeof some);
    const cvectors_float16 converted = __builtin_convertvector(some, cvectors_float16);
    __builtin_memcpy(results, &converted, sizeof converted);
}

static inline void cvectors_write_float16_vector(const void *numbers, void *results) {
    cvectors_float16 some;
    __builtin_memcpy(&some, numbers, sizeof some);
    const cvectors_half16 converted = __builtin_convertvector(some, cvectors_half16);
    __builtin_memcpy(results, &converted, sizeof converted);
}

static inline void cvectors_read_bfloat16_vector(const void *numbers, void *results) {
    cvectors_ushort16 some;
    __builtin_memcpy(&some, numbers, sizeof some);
    const cvectors_uint16 converted = __builtin_convertvector(some, cvectors_uint16) << 16;
    __builtin_memcpy(results, &converted, sizeof converted);
}

static inline float cvectors_from_bfloat16(uint16_t upper) {
    const uint32_t bits = (uint32_t)upper << 16;
    float number;
    __builtin_memcpy(&number, &bits, sizeof number);
    return number;
}

/// The upper halves of the bits of float32 numbers, or of one, rounded to nearest even; NaN stays NaN.
///
/// - Parameter nan: all bits where a number is NaN, none elsewhere.
#define CVECTORS_UPPER_HALF(bits, nan)                                                                          \
    /* Adding just under half of the last kept bit carries exactly when rounding to nearest even goes up. */     \
    (((((bits) + 0x7fff + (((bits) >> 16) & 1)) & ~(nan)) | (((bits) | 0x400000) & (nan))) >> 16)

static inline uint16_t cvectors_to_bfloat16(float number) {
    uint32_t bits;
    __builtin_memcpy(&bits, &number, sizeof bits);
    const uint32_t nan = (bits & 0x7fffffff) > 0x7f800000 ? UINT32_MAX : 0;
    return (uint16_t)CVECTORS_UPPER_HALF(bits, nan);
}

static inline void cvectors_write_bfloat16_vector(const void *numbers, void *results) {
    cvectors_uint16 some;
    __builtin_memcpy(&some, numbers, sizeof some);
    const cvectors_uint16 nan = (cvectors_uint16)((some & 0x7fffffff) > 0x7f800000);
    const cvectors_ushort16 converted = __builtin_convertvector(CVECTORS_UPPER_HALF(some, nan), cvectors_ushort16);
    __builtin_memcpy(results, &converted, sizeof converted);
}

/// Reads or writes `count` numbers of 16 bits, rounded to nearest even.
///
/// The last vector takes some numbers again; fewer than a vector are converted one by one.
#define CVECTORS_CONVERT(name, source, target, conversion)                                                      \
    static inline void cvectors_##name(const void *numbers, void *results, size_t count) {                      \
        const source *cells = (const source *)numbers;                                                          \
        target *converted = (target *)results;                                                                  \
        size_t first = 0;                                                                                       \
        for (; first + 16 <= count; first += 16) cvectors_##name##_vector(cells + first, converted + first);    \
        if (count >= 16 && first < count) {                                                                     \
            cvectors_##name##_vector(cells + count - 16, converted + count - 16);                               \
        } else {                                                                                                \
            for (; first < count; ++first) converted[first] = conversion(cells[first]);                         \
        }                                                                                                       \
    }
CVECTORS_CONVERT(read_float16, _Float16, float, (float))
CVECTORS_CONVERT(write_float16, float, _Float16, (_Float16))
CVECTORS_CONVERT(read_bfloat16, uint16_t, float, cvectors_from_bfloat16)
CVECTORS_CONVERT(write_bfloat16, float, uint16_t, cvectors_to_bfloat16)

typedef int32_t cvectors_int16 __attribute__((ext_vector_type(16)));
typedef int64_t cvectors_long8 __attribute__((ext_vector_type(8)));

/// A bit for each number that equals `number`, or is NaN as that is; the first number has the lowest.
#define CVECTORS_MATCH(vector, scalar, count)                                                                       \
    static inline uint64_t cvectors_match_##vector(cvectors_##vector numbers, scalar number) {                      \
        typedef bool bits __attribute__((ext_vector_type(count)));                                                    \
        const cvectors_##vector sought = number;                                                                      \
        const bits found = __builtin_convertvector((numbers == sought) | ((numbers != numbers) & (sought != sought)), \
                                                   bits);                                                             \
        uint##count##_t word;                                                                                         \
        __builtin_memcpy(&word, &found, sizeof word);                                                                 \
        return word;                                                                                                  \
    }
CVECTORS_MATCH(float16, float, 16)
CVECTORS_MATCH(double8, double, 8)
CVECTORS_MATCH(int16, int32_t, 16)
CVECTORS_MATCH(long8, int64_t, 8)

typedef uint8_t cvectors_byte16 __attribute__((ext_vector_type(16)));
typedef uint32_t cvectors_word4 __attribute__((ext_vector_type(4)));

/// Writes the 16 characters of base64 for 12 bytes; 16 bytes are read.
static inline void cvectors_base64(const void *bytes, void *text) {
    cvectors_byte16 source;
    __builtin_memcpy(&source, bytes, sizeof source);
    // Three bytes per word, the first one the highest; masks leave the fourth out.
    const cvectors_word4 triples = (cvectors_word4)__builtin_shufflevector(
        source, source, 2, 1, 0, 0, 5, 4, 3, 3, 8, 7, 6, 6, 11, 10, 9, 9);
    const cvectors_byte16 digits =
        (cvectors_byte16)(((triples >> 18) & 0x3f) | ((triples >> 4) & 0x3f00) | ((triples << 10) & 0x3f0000) |
                          ((triples << 24) & 0x3f000000));
    // From each range of the alphabet to the next the distance between digit and character changes.
    const cvectors_byte16 characters =
        digits + 'A' + ((cvectors_byte16)(digits > 25) & ('a' - 'Z' - 1)) -
        ((cvectors_byte16)(digits > 51) & ('z' + 1 - '0')) - ((cvectors_byte16)(digits > 61) & ('9' + 1 - '+')) +
        ((cvectors_byte16)(digits > 62) & ('/' - '+' - 1));
    __builtin_memcpy(text, &characters, sizeof characters);
}

typedef uint8_t cvectors_byte32 __attribute__((ext_vector_type(32)));
typedef int8_t cvectors_signed32 __attribute__((ext_vector_type(32)));
typedef uint32_t cvectors_word8 __attribute__((ext_vector_type(8)));

/// A bit for each of 32 bytes that is not zero.
static inline uint32_t cvectors_bits(const void *bytes) {
    typedef bool bits __attribute__((ext_vector_type(32)));
    cvectors_byte32 some;
    __builtin_memcpy(&some, bytes, sizeof some);
    const bits found = __builtin_convertvector(some != 0, bits);
    uint32_t word;
    __builtin_memcpy(&word, &found, sizeof word);
    return word;
}

/// Reads the 24 bytes of 32 characters of base64; 28 bytes are written. False where a character is none of base64.
static inline bool cvectors_base64_bytes(const void *text, void *bytes) {
    cvectors_byte32 characters;
    __builtin_memcpy(&characters, text, sizeof characters);
    const cvectors_byte32 are_upper = (cvectors_byte32)(characters - 'A' < 26);
    const cvectors_byte32 are_lower = (cvectors_byte32)(characters - 'a' < 26);
    const cvectors_byte32 are_digits = (cvectors_byte32)(characters - '0' < 10);
    const cvectors_byte32 are_plus = (cvectors_byte32)(characters == '+');
    const cvectors_byte32 are_slash = (cvectors_byte32)(characters == '/');
    const cvectors_byte32 are_others = ~(are_upper | are_lower | are_digits | are_plus | are_slash);
    if (cvectors_bits(&are_others) != 0) return false;
    // From characters to their values.
    const cvectors_byte32 distances = (are_upper & (uint8_t)(0 - 'A')) | (are_lower & (uint8_t)(26 - 'a')) |
                                      (are_digits & (uint8_t)(52 - '0')) | (are_plus & (uint8_t)(62 - '+')) |
                                      (are_slash & (uint8_t)(63 - '/'));
    const cvectors_word8 values = (cvectors_word8)(characters + distances);
    const cvectors_byte32 triples =
        (cvectors_byte32)(((values & 0x3f) << 18) | ((values & 0x3f00) << 4) | ((values & 0x3f0000) >> 10) |
                          (values >> 24));
    const cvectors_byte16 first = __builtin_shufflevector(
        triples, triples, 2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 3, 7, 11, 15);
    const cvectors_byte16 second = __builtin_shufflevector(
        triples, triples, 18, 17, 16, 22, 21, 20, 26, 25, 24, 30, 29, 28, 19, 23, 27, 31);
    __builtin_memcpy(bytes, &first, sizeof first);
    __builtin_memcpy((char *)bytes + 12, &second, sizeof second);
    return true;
}

/// How many of 32 characters of JSON come before the first quote, backslash or control character, or byte beyond ASCII.
static inline int64_t cvectors_plain_characters(const void *text) {
    cvectors_byte32 characters;
    __builtin_memcpy(&characters, text, sizeof characters);
    // Bytes beyond ASCII are negative.
    const cvectors_byte32 are_special =
        (cvectors_byte32)((characters == '"') | (characters == '\\') | ((cvectors_signed32)characters < ' '));
    const uint32_t found = cvectors_bits(&are_special);
    return found == 0 ? 32 : __builtin_ctz(found);
}

#endif
