#ifndef CPNG_FAILURE_H
#define CPNG_FAILURE_H

#include <png.h>

#include "cpng_support.h"

/// Leaves `message` in the `cpng_failure` that is libpng's error pointer, and jumps.
_Noreturn void cpng_on_error(png_structp png, png_const_charp message);

/// Warnings change nothing about the pixels.
void cpng_on_warning(png_structp png, png_const_charp message);

#endif
