#include "embedded_pages.h"

// Each array joins the small source files of one page in the order in which the browser is to read them.
// A script is one ES module, so all its files share one scope.

static const unsigned char playground_markup[] = {
#embed "web/playground/page.html"
};

static const unsigned char playground_style[] = {
#embed "web/shared/theme.css" suffix(, )
#embed "web/playground/page.css" suffix(, )
#embed "web/playground/grid.css"
};

static const unsigned char playground_script[] = {
#embed "web/shared/dom.js" suffix(, )
#embed "web/shared/language.js" suffix(, )
#embed "web/shared/key.js" suffix(, )
#embed "web/shared/api.js" suffix(, )
#embed "web/shared/starting-values.js" suffix(, )
#embed "web/shared/formulas.js" suffix(, )
#embed "web/shared/names.zh.js" suffix(, )
#embed "web/playground/texts.en.js" suffix(, )
#embed "web/playground/texts.zh.js" suffix(, )
#embed "web/playground/examples.js" suffix(, )
#embed "web/playground/state.js" suffix(, )
#embed "web/playground/tensors.js" suffix(, )
#embed "web/playground/requests.js" suffix(, )
#embed "web/playground/geometry.js" suffix(, )
#embed "web/playground/grid.js" suffix(, )
#embed "web/playground/input-map.js" suffix(, )
#embed "web/playground/output-map.js" suffix(, )
#embed "web/playground/explanation.js" suffix(, )
#embed "web/playground/steps.js" suffix(, )
#embed "web/playground/layer-form.js" suffix(, )
#embed "web/playground/gradient.js" suffix(, )
#embed "web/playground/shift.js" suffix(, )
#embed "web/playground/stack.js" suffix(, )
#embed "web/playground/picture.js" suffix(, )
#embed "web/playground/request-panel.js" suffix(, )
#embed "web/playground/main.js"
};

static const unsigned char docs_markup[] = {
#embed "web/docs/page.html"
};

static const unsigned char docs_style[] = {
#embed "web/shared/theme.css" suffix(, )
#embed "web/docs/page.css"
};

static const unsigned char docs_script[] = {
#embed "web/shared/dom.js" suffix(, )
#embed "web/shared/language.js" suffix(, )
#embed "web/shared/key.js" suffix(, )
#embed "web/shared/api.js" suffix(, )
#embed "web/shared/starting-values.js" suffix(, )
#embed "web/shared/formulas.js" suffix(, )
#embed "web/shared/names.zh.js" suffix(, )
#embed "web/docs/texts.js" suffix(, )
#embed "web/docs/drawing.js" suffix(, )
#embed "web/docs/operations.js" suffix(, )
#embed "web/docs/schemas.js" suffix(, )
#embed "web/docs/endpoints.js" suffix(, )
#embed "web/docs/main.js"
};

struct embedded_text embedded_playground_markup(void) { return EMBEDDED_TEXT(playground_markup); }
struct embedded_text embedded_playground_style(void) { return EMBEDDED_TEXT(playground_style); }
struct embedded_text embedded_playground_script(void) { return EMBEDDED_TEXT(playground_script); }

struct embedded_text embedded_docs_markup(void) { return EMBEDDED_TEXT(docs_markup); }
struct embedded_text embedded_docs_style(void) { return EMBEDDED_TEXT(docs_style); }
struct embedded_text embedded_docs_script(void) { return EMBEDDED_TEXT(docs_script); }
