#ifndef CPNG_SUPPORT_H
#define CPNG_SUPPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// libpng reports errors by longjmp, which must never cross a Swift frame. Each function here sets its own jump target
// and returns whether it succeeded; no other libpng call is made from Swift.

#pragma clang assume_nonnull begin

/// Where and why libpng gave up.
typedef struct {
    /// The input byte that libpng had come to.
    size_t offset;
    char message[96];
} cpng_failure;

/// The samples of a picture as they are read: after palettes, bits below 8 and transparent colours are expanded.
typedef struct {
    uint32_t width;
    uint32_t height;
    uint8_t channels;
    uint8_t bytes_per_sample;
} cpng_layout;

typedef struct cpng_reader cpng_reader;

/// A reader of `count` bytes at `bytes`, which must outlive it; NULL where memory is short.
cpng_reader *_Nullable cpng_reader_create(const uint8_t *_Nullable bytes, size_t count);
void cpng_reader_destroy(cpng_reader *reader);

/// Reads everything before the pixels.
bool cpng_reader_begin(cpng_reader *reader, cpng_layout *layout, cpng_failure *failure);

/// Reads the pixels, row-major and native-endian, into exactly the bytes that the layout asks for, and then the end.
bool cpng_reader_finish(cpng_reader *reader, uint8_t *pixels, cpng_failure *failure);

/// Writes a picture into memory that the caller gives to `cpng_release`.
bool cpng_write(
    const uint8_t *_Nullable pixels, cpng_layout layout, uint8_t *_Nullable *_Nonnull bytes, size_t *count,
    cpng_failure *failure);

void cpng_release(uint8_t *_Nullable bytes);

#pragma clang assume_nonnull end

#endif
