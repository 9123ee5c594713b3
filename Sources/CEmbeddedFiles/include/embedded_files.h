#ifndef EMBEDDED_FILES_H
#define EMBEDDED_FILES_H

#include "embedded_text.h"

struct embedded_text embedded_openapi_yaml(void);
struct embedded_text embedded_openapi_json(void);

#endif
