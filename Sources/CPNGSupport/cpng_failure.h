#ifndef CPNG_FAILURE_H
#define CPNG_FAILURE_H

#include <png.h>

#include "cpng_support.h"

/// Leaves `message` in the `cpng_failure` that is libpng's error pointer, and jumps.
_Noreturn void cpng_on_error(png_structp png, png_const_charp message);

/// libpng's memory, from the `cpng_host` that is its memory pointer.
png_voidp cpng_take(png_structp png, png_alloc_size_t count);
void cpng_give(png_structp png, png_voidp memory);

/// Bytes of pixels between two looks at whether to stop: a few milliseconds.
#define CPNG_CHECKPOINT_DISTANCE ((size_t)1 << 20)

/// Jumps where the caller wants to stop.
void cpng_checkpoint(png_structp png);

/// Warnings change nothing about the pixels.
void cpng_on_warning(png_structp png, png_const_charp message);

#endif
