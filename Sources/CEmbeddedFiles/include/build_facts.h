#ifndef BUILD_FACTS_H
#define BUILD_FACTS_H

/// The processor level that this binary needs, as the compiler's own macros tell it.
const char *build_instruction_set(void);

#endif
