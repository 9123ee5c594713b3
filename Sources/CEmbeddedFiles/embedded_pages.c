#include "embedded_pages.h"

// A page's markup and style are sent in one piece; its modules are files of their own, which import each other by path.

static const unsigned char playground_markup[] = {
#embed "web/playground/page.html"
};

static const unsigned char playground_style[] = {
#embed "web/shared/theme.css" suffix(, )
#embed "web/playground/page.css" suffix(, )
#embed "web/playground/stage.css"
};

static const unsigned char docs_markup[] = {
#embed "web/docs/page.html"
};

static const unsigned char docs_style[] = {
#embed "web/shared/theme.css" suffix(, )
#embed "web/docs/page.css"
};

struct embedded_text embedded_playground_markup(void) { return EMBEDDED_TEXT(playground_markup); }
struct embedded_text embedded_playground_style(void) { return EMBEDDED_TEXT(playground_style); }
struct embedded_text embedded_docs_markup(void) { return EMBEDDED_TEXT(docs_markup); }
struct embedded_text embedded_docs_style(void) { return EMBEDDED_TEXT(docs_style); }
