#include "processor_level.h"

#if defined __x86_64__
#include <cpuid.h>

/// One bit of a cpuid answer.
static int has(unsigned leaf, int in_ecx, int bit) {
    unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
    if (!__get_cpuid_count(leaf, 0, &eax, &ebx, &ecx, &edx)) return 0;
    return (in_ecx ? ecx : ebx) >> bit & 1;
}

int processor_level(void) {
    __builtin_cpu_init();
    // The builtin also asks whether the operating system saves the wide registers, which cpuid alone does not tell.
    const int v2 = __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt") && has(1, 1, 13);
    const int movbe = has(1, 1, 22), f16c = has(1, 1, 29), lzcnt = has(0x80000001, 1, 5);
    const int v3 = v2 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                   __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma") && movbe && f16c && lzcnt;
    const int v4 = v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                   __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                   __builtin_cpu_supports("avx512vl");
    return v4 ? 4 : v3 ? 3 : v2 ? 2 : 1;
}
#else
int processor_level(void) { return 0; }
#endif
