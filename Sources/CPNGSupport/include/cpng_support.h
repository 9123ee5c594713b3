#ifndef CPNG_SUPPORT_H
#define CPNG_SUPPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// libpng reports errors by longjmp, which must never cross a Swift frame. Each function here sets its own jump target
// and returns whether it succeeded; no other libpng call is made from Swift.

#pragma clang assume_nonnull begin

/// What libpng asks of its caller.
typedef struct {
    void *context;
    /// Memory; NULL where it is short.
    void *_Nullable (*_Nonnull take)(void *context, size_t count);
    void (*_Nonnull give)(void *context, void *memory);
    /// Asked between pieces of work of a few milliseconds.
    bool (*_Nonnull is_stopped)(void *context);
    /// Takes what is written; false where there is no memory for it.
    bool (*_Nonnull write)(void *context, const uint8_t *bytes, size_t count);
} cpng_host;

/// Where and why libpng gave up.
typedef struct {
    /// The caller wanted to stop.
    bool is_stopped;
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

/// A reader of `count` bytes at `bytes`, which must outlive it, as must what `host` refers to; NULL where memory is short.
cpng_reader *_Nullable cpng_reader_create(const uint8_t *_Nullable bytes, size_t count, cpng_host host);
void cpng_reader_destroy(cpng_reader *reader);

/// Reads everything before the pixels.
bool cpng_reader_begin(cpng_reader *reader, cpng_layout *layout, cpng_failure *failure);

/// Reads the pixels, row-major and native-endian, into exactly the bytes that the layout asks for, and then the end.
bool cpng_reader_finish(cpng_reader *reader, uint8_t *pixels, cpng_failure *failure);

/// Gives a picture to `write` of `host`, piece by piece.
bool cpng_write(const uint8_t *_Nullable pixels, cpng_layout layout, cpng_host host, cpng_failure *failure);

#pragma clang assume_nonnull end

#endif
