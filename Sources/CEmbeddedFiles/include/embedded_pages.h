#ifndef EMBEDDED_PAGES_H
#define EMBEDDED_PAGES_H

#include "embedded_text.h"

struct embedded_text embedded_playground_markup(void);
struct embedded_text embedded_playground_style(void);
struct embedded_text embedded_playground_script(void);

struct embedded_text embedded_docs_markup(void);
struct embedded_text embedded_docs_style(void);
struct embedded_text embedded_docs_script(void);

#endif
