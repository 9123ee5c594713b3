#include "cpng_failure.h"

#include <stdio.h>

_Noreturn void cpng_on_error(png_structp png, png_const_charp message) {
    cpng_failure *failure = png_get_error_ptr(png);
    snprintf(failure->message, sizeof failure->message, "%s", message);
    png_longjmp(png, 1);
}

void cpng_on_warning(png_structp png, png_const_charp message) {
    (void)png;
    (void)message;
}

png_voidp cpng_take(png_structp png, png_alloc_size_t count) {
    const cpng_host *host = png_get_mem_ptr(png);
    return host->take(host->context, count);
}

void cpng_give(png_structp png, png_voidp memory) {
    const cpng_host *host = png_get_mem_ptr(png);
    if (memory != NULL) host->give(host->context, memory);
}

void cpng_checkpoint(png_structp png) {
    const cpng_host *host = png_get_mem_ptr(png);
    if (!host->is_stopped(host->context)) return;
    cpng_failure *failure = png_get_error_ptr(png);
    failure->is_stopped = true;
    png_error(png, "stopped");
}
