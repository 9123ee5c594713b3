#ifndef EMBEDDED_PAGES_H
#define EMBEDDED_PAGES_H

#include "embedded_text.h"

struct embedded_text embedded_playground_markup(void);
struct embedded_text embedded_playground_style(void);

struct embedded_text embedded_docs_markup(void);
struct embedded_text embedded_docs_style(void);

/// A file that a page loads: its folder and its name under `web`.
struct embedded_page_file {
    const char *room;
    const char *name;
    struct embedded_text content;
};

size_t embedded_page_file_count(void);

/// - Parameter index: less than the count.
struct embedded_page_file embedded_page_file(size_t index);

#endif
