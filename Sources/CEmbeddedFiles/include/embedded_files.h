#ifndef EMBEDDED_FILES_H
#define EMBEDDED_FILES_H

#include <stddef.h>

extern const unsigned char embedded_openapi_yaml[];
extern const size_t embedded_openapi_yaml_size;

#endif
