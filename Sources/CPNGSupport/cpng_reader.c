#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "cpng_failure.h"

struct cpng_reader {
    png_structp png;
    png_infop info;
    const uint8_t *bytes;
    size_t count;
    size_t offset;
    int passes;
    bool has_all_rows;
    size_t trailing_count;
    cpng_host host;
    cpng_layout layout;
    cpng_failure failure;
};

/// Compressed bytes that libpng takes at a time, and that a picture may have behind its last row. libpng inflates all that
/// follows and throws it away, and a kilobyte can be a megabyte then.
#define TRAILING_LIMIT ((size_t)1024)

/// Ends the reading where the compressed data goes on behind the picture's last row.
static void check_trailing_data(cpng_reader *reader, size_t count) {
    static const uint32_t image_data = 0x49444154;
    if (!reader->has_all_rows || png_get_io_chunk_type(reader->png) != image_data) return;
    if ((png_get_io_state(reader->png) & PNG_IO_MASK_LOC) != PNG_IO_CHUNK_DATA) return;
    reader->trailing_count += count;
    if (reader->trailing_count > TRAILING_LIMIT) png_error(reader->png, "compressed data follows the last row");
}

/// libpng calls this with the samples of a row, before it looks for the end of the compressed data.
static void note_row(png_structp png, png_row_infop row, png_bytep samples) {
    (void)row;
    (void)samples;
    cpng_reader *reader = png_get_user_transform_ptr(png);
    if (png_get_current_pass_number(png) == reader->passes - 1) {
        reader->has_all_rows = png_get_current_row_number(png) == reader->layout.height - 1;
    }
}

static void read_bytes(png_structp png, png_bytep destination, size_t count) {
    cpng_reader *reader = png_get_io_ptr(png);
    cpng_checkpoint(png);
    check_trailing_data(reader, count);
    if (count > reader->count - reader->offset) {
        reader->offset = reader->count;
        png_error(png, "the file ends too early");
    }
    memcpy(destination, reader->bytes + reader->offset, count);
    reader->offset += count;
}

/// Skips ancillary chunks but transparency: profiles and texts may be compressed, and nobody reads them.
static void skip_ancillary_chunks(png_structp png) {
    // A negative count stands for libpng's own list of chunks that do not change the samples.
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
}

cpng_reader *cpng_reader_create(const uint8_t *bytes, size_t count, cpng_host host) {
    cpng_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL) return NULL;
    reader->bytes = bytes;
    reader->count = count;
    reader->host = host;
    reader->png = png_create_read_struct_2(
        PNG_LIBPNG_VER_STRING, &reader->failure, cpng_on_error, cpng_on_warning, &reader->host, cpng_take, cpng_give);
    if (reader->png != NULL) reader->info = png_create_info_struct(reader->png);
    if (reader->info == NULL) {
        cpng_reader_destroy(reader);
        return NULL;
    }
    png_set_read_fn(reader->png, reader, read_bytes);
    return reader;
}

void cpng_reader_destroy(cpng_reader *reader) {
    png_destroy_read_struct(&reader->png, &reader->info, NULL);
    free(reader);
}

static bool failed(cpng_reader *reader, cpng_failure *failure) {
    *failure = reader->failure;
    failure->offset = reader->offset;
    return false;
}

static void expand_to_whole_samples(png_structp png) {
    png_set_expand(png);
    const uint16_t probe = 1;
    if (*(const uint8_t *)&probe == 1) png_set_swap(png);
}

/// What the picture will be once it is expanded.
static cpng_layout expanded_layout(png_structp png, png_infop info) {
    int color = png_get_color_type(png, info);
    bool has_alpha = (color & PNG_COLOR_MASK_ALPHA) != 0 || png_get_valid(png, info, PNG_INFO_tRNS) != 0;
    return (cpng_layout){
        .width = png_get_image_width(png, info),
        .height = png_get_image_height(png, info),
        .channels = ((color & PNG_COLOR_MASK_COLOR) != 0 ? 3 : 1) + (has_alpha ? 1 : 0),
        .bytes_per_sample = png_get_bit_depth(png, info) == 16 ? 2 : 1,
    };
}

bool cpng_reader_begin(cpng_reader *reader, cpng_layout *layout, cpng_failure *failure) {
    png_structp png = reader->png;
    if (setjmp(png_jmpbuf(png))) return failed(reader, failure);
    skip_ancillary_chunks(png);
    png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
    png_set_compression_buffer_size(png, TRAILING_LIMIT);
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_read_info(png, reader->info);
    reader->layout = expanded_layout(png, reader->info);
    *layout = reader->layout;
    return true;
}

bool cpng_reader_finish(cpng_reader *reader, uint8_t *pixels, cpng_failure *failure) {
    png_structp png = reader->png;
    if (setjmp(png_jmpbuf(png))) return failed(reader, failure);
    expand_to_whole_samples(png);
    reader->passes = png_set_interlace_handling(png);
    png_set_read_user_transform_fn(png, note_row);
    png_set_user_transform_info(png, reader, 0, 0);
    // libpng takes memory for rows here, which is why the caller has had its say about the size before.
    png_read_update_info(png, reader->info);
    size_t stride = (size_t)reader->layout.width * reader->layout.channels * reader->layout.bytes_per_sample;
    if (png_get_rowbytes(png, reader->info) != stride) png_error(png, "the samples are not as announced");
    size_t since_checkpoint = 0;
    for (int pass = 0; pass < reader->passes; pass++) {
        for (size_t row = 0; row < reader->layout.height; row++) {
            // The last pass of an interlaced picture has rows of odd numbers only: none is left for an even one.
            if (pass == 6 && row % 2 == 0 && row + 1 == reader->layout.height) reader->has_all_rows = true;
            png_read_row(png, pixels + row * stride, NULL);
            since_checkpoint += stride;
            if (since_checkpoint < CPNG_CHECKPOINT_DISTANCE) continue;
            since_checkpoint = 0;
            cpng_checkpoint(png);
        }
    }
    png_read_end(png, NULL);
    if (reader->offset != reader->count) png_error(png, "bytes follow the end of the picture");
    return true;
}
