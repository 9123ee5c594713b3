#include <setjmp.h>

#include "cpng_failure.h"

static void write_bytes(png_structp png, png_bytep source, size_t count) {
    const cpng_host *host = png_get_io_ptr(png);
    cpng_checkpoint(png);
    if (!host->write(host->context, source, count)) png_error(png, "not enough memory");
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
    // Speed before size, as with the other encodings of responses.
    png_set_compression_level(png, 1);
    png_set_IHDR(
        png, info, layout.width, layout.height, layout.bytes_per_sample * 8, color_type(layout.channels),
        PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    const uint16_t probe = 1;
    if (layout.bytes_per_sample == 2 && *(const uint8_t *)&probe == 1) png_set_swap(png);
    size_t stride = (size_t)layout.width * layout.channels * layout.bytes_per_sample;
    // What is easy to compress is written seldom.
    size_t since_checkpoint = 0;
    for (size_t row = 0; row < layout.height; row++) {
        png_write_row(png, pixels + row * stride);
        since_checkpoint += stride;
        if (since_checkpoint < CPNG_CHECKPOINT_DISTANCE) continue;
        since_checkpoint = 0;
        cpng_checkpoint(png);
    }
    png_write_end(png, info);
}

/// Apart from its caller, so that no variable here changes between setjmp and longjmp.
static bool try_to_write(
    png_structp png, png_infop info, const uint8_t *pixels, cpng_layout layout, cpng_host *host) {
    if (setjmp(png_jmpbuf(png))) return false;
    png_set_write_fn(png, host, write_bytes, flush_nothing);
    write_picture(png, info, pixels, layout);
    return true;
}

bool cpng_write(const uint8_t *pixels, cpng_layout layout, cpng_host host, cpng_failure *failure) {
    png_structp png = png_create_write_struct_2(
        PNG_LIBPNG_VER_STRING, failure, cpng_on_error, cpng_on_warning, &host, cpng_take, cpng_give);
    png_infop info = png == NULL ? NULL : png_create_info_struct(png);
    bool written = info != NULL && try_to_write(png, info, pixels, layout, &host);
    png_destroy_write_struct(&png, &info);
    return written;
}
