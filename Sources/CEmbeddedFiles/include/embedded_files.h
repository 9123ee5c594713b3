#ifndef EMBEDDED_FILES_H
#define EMBEDDED_FILES_H

#include <stddef.h>

extern const size_t embedded_openapi_yaml_size;

/// The first of `embedded_openapi_yaml_size` bytes; a function because Swift cannot name an array of unknown length.
const unsigned char *embedded_openapi_yaml_pointer(void);

#endif
