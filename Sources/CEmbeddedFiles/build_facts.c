#include "build_facts.h"

const char *build_instruction_set(void) {
#if defined __x86_64__
#if defined __AVX512F__ && defined __AVX512BW__ && defined __AVX512CD__ && defined __AVX512DQ__ && defined __AVX512VL__
    return "x86-64-v4";
#elif defined __AVX2__ && defined __BMI2__ && defined __FMA__
    return "x86-64-v3";
#elif defined __SSE4_2__ && defined __POPCNT__
    return "x86-64-v2";
#else
    return "x86-64-v1";
#endif
#elif defined __aarch64__
    return "aarch64";
#else
    return "unknown";
#endif
}
