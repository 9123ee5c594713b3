#ifndef CPREFETCH_H
#define CPREFETCH_H

// Swift has no word for this. The address may be any: nothing is read from it.

/// Asks for a cache line that is read soon, but not yet, and so belongs into the second-level cache.
static inline void cprefetch(const void *address) { __builtin_prefetch(address, 0, 2); }

#endif
