#ifndef CVECTORS_H
#define CVECTORS_H

#include <stdbool.h>

// Swift compiles these number by number.

typedef float cvectors_float8 __attribute__((ext_vector_type(8)));
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

/// Whether every number is at least `low` and at most `high`; false where one is NaN.
static inline bool cvectors_all_within(cvectors_double8 numbers, cvectors_double8 low, cvectors_double8 high) {
    return __builtin_reduce_and((numbers >= low) & (numbers <= high)) != 0;
}

#endif
