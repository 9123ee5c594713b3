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
