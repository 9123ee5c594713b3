#ifndef EMBEDDED_TEXT_H
#define EMBEDDED_TEXT_H

#include <stddef.h>

/// Bytes of the binary.
struct embedded_text {
    const unsigned char *bytes;
    size_t size;
};

/// A whole array as a text.
#define EMBEDDED_TEXT(array) ((struct embedded_text){array, sizeof array})

#endif
