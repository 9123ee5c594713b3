#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "cpng_failure.h"

/// Memory that grows by doubling.
typedef struct {
    uint8_t *bytes;
    size_t count;
    size_t capacity;
} buffer;

static void write_bytes(png_structp png, png_bytep source, size_t count) {
    buffer *target = png_get_io_ptr(png);
    if (count > target->capacity - target->count) {
        size_t capacity = target->capacity * 2 + count;
        uint8_t *bytes = realloc(target->bytes, capacity);
        if (bytes == NULL) png_error(png, "not enough memory");
        target->bytes = bytes;
        target->capacity = capacity;
    }
    memcpy(target->bytes + target->count, source, count);
    target->count += count;
}

static void flush_nothing(png_structp png) { (void)png; }

static int color_type(uint8_t channels) {
    switch (channels) {
    case 1: return PNG_COLOR_TYPE_GRAY;
    case 2: return PNG_COLOR_TYPE_GRAY_ALPHA;
    case 3: return PNG_COLOR_TYPE_RGB;
    default: return PNG_COLOR_TYPE_RGB_ALPHA;
    }
}

static void write_picture(png_structp png, png_infop info, const uint8_t *pixels, cpng_layout layout) {
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    // Speed before size, as with the other encodings of answers.
    png_set_compression_level(png, 1);
    png_set_IHDR(
        png, info, layout.width, layout.height, layout.bytes_per_sample * 8, color_type(layout.channels),
        PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    const uint16_t probe = 1;
    if (layout.bytes_per_sample == 2 && *(const uint8_t *)&probe == 1) png_set_swap(png);
    size_t stride = (size_t)layout.width * layout.channels * layout.bytes_per_sample;
    for (size_t row = 0; row < layout.height; row++) png_write_row(png, pixels + row * stride);
    png_write_end(png, info);
}

/// Apart from its caller, so that no variable here changes between setjmp and longjmp.
static bool try_to_write(
    png_structp png, png_infop info, const uint8_t *pixels, cpng_layout layout, buffer *target) {
    if (setjmp(png_jmpbuf(png))) return false;
    png_set_write_fn(png, target, write_bytes, flush_nothing);
    write_picture(png, info, pixels, layout);
    return true;
}

bool cpng_write(
    const uint8_t *pixels, cpng_layout layout, uint8_t **bytes, size_t *count, cpng_failure *failure) {
    buffer target = {0};
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, failure, cpng_on_error, cpng_on_warning);
    png_infop info = png == NULL ? NULL : png_create_info_struct(png);
    bool written = info != NULL && try_to_write(png, info, pixels, layout, &target);
    png_destroy_write_struct(&png, &info);
    if (!written) {
        free(target.bytes);
        return false;
    }
    *bytes = target.bytes;
    *count = target.count;
    return true;
}

void cpng_release(uint8_t *bytes) { free(bytes); }
