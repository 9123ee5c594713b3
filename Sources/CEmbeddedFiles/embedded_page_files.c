#include "embedded_pages.h"

// The files that the pages load. A new one is an array here and a line in the table below.

static const unsigned char shared_api_js[] = {
#embed "web/shared/api.js"
};

static const unsigned char shared_code_js[] = {
#embed "web/shared/code.js"
};

static const unsigned char shared_dom_js[] = {
#embed "web/shared/dom.js"
};

static const unsigned char shared_formulas_js[] = {
#embed "web/shared/formulas.js"
};

static const unsigned char shared_key_js[] = {
#embed "web/shared/key.js"
};

static const unsigned char shared_language_js[] = {
#embed "web/shared/language.js"
};

static const unsigned char shared_names_zh_js[] = {
#embed "web/shared/names.zh.js"
};

static const unsigned char shared_problems_js[] = {
#embed "web/shared/problems.js"
};

static const unsigned char shared_regions_js[] = {
#embed "web/shared/regions.js"
};

static const unsigned char shared_starting_values_js[] = {
#embed "web/shared/starting-values.js"
};

static const unsigned char shared_storage_js[] = {
#embed "web/shared/storage.js"
};

static const unsigned char shared_tensors_js[] = {
#embed "web/shared/tensors.js"
};

static const unsigned char playground_address_js[] = {
#embed "web/playground/address.js"
};

static const unsigned char playground_bar_js[] = {
#embed "web/playground/bar.js"
};

static const unsigned char playground_boxes_js[] = {
#embed "web/playground/boxes.js"
};

static const unsigned char playground_code_panel_js[] = {
#embed "web/playground/code-panel.js"
};

static const unsigned char playground_compute_js[] = {
#embed "web/playground/compute.js"
};

static const unsigned char playground_drawing_js[] = {
#embed "web/playground/drawing.js"
};

static const unsigned char playground_editing_js[] = {
#embed "web/playground/editing.js"
};

static const unsigned char playground_events_js[] = {
#embed "web/playground/events.js"
};

static const unsigned char playground_examples_js[] = {
#embed "web/playground/examples.js"
};

static const unsigned char playground_explanation_js[] = {
#embed "web/playground/explanation.js"
};

static const unsigned char playground_export_js[] = {
#embed "web/playground/export.js"
};

static const unsigned char playground_expression_js[] = {
#embed "web/playground/expression.js"
};

static const unsigned char playground_forward_js[] = {
#embed "web/playground/forward.js"
};

static const unsigned char playground_gradient_js[] = {
#embed "web/playground/gradient.js"
};

static const unsigned char playground_lifted_js[] = {
#embed "web/playground/lifted.js"
};

static const unsigned char playground_main_js[] = {
#embed "web/playground/main.js"
};

static const unsigned char playground_op_pictures_js[] = {
#embed "web/playground/op-pictures.js"
};

static const unsigned char playground_photo_js[] = {
#embed "web/playground/photo.js"
};

static const unsigned char playground_photo_webp[] = {
#embed "web/playground/photo.webp"
};

static const unsigned char playground_requests_js[] = {
#embed "web/playground/requests.js"
};

static const unsigned char playground_shift_js[] = {
#embed "web/playground/shift.js"
};

static const unsigned char playground_show_js[] = {
#embed "web/playground/show.js"
};

static const unsigned char playground_stack_js[] = {
#embed "web/playground/stack.js"
};

static const unsigned char playground_stage_js[] = {
#embed "web/playground/stage.js"
};

static const unsigned char playground_state_js[] = {
#embed "web/playground/state.js"
};

static const unsigned char playground_steps_js[] = {
#embed "web/playground/steps.js"
};

static const unsigned char playground_texts_en_js[] = {
#embed "web/playground/texts.en.js"
};

static const unsigned char playground_texts_zh_js[] = {
#embed "web/playground/texts.zh.js"
};

static const unsigned char playground_windows_js[] = {
#embed "web/playground/windows.js"
};

static const unsigned char docs_drawing_js[] = {
#embed "web/docs/drawing.js"
};

static const unsigned char docs_endpoints_js[] = {
#embed "web/docs/endpoints.js"
};

static const unsigned char docs_links_js[] = {
#embed "web/docs/links.js"
};

static const unsigned char docs_main_js[] = {
#embed "web/docs/main.js"
};

static const unsigned char docs_operations_js[] = {
#embed "web/docs/operations.js"
};

static const unsigned char docs_schemas_js[] = {
#embed "web/docs/schemas.js"
};

static const unsigned char docs_search_js[] = {
#embed "web/docs/search.js"
};

static const unsigned char docs_sources_js[] = {
#embed "web/docs/sources.js"
};

static const unsigned char docs_texts_js[] = {
#embed "web/docs/texts.js"
};

static const struct embedded_page_file files[] = {
    {"shared", "api.js", EMBEDDED_TEXT(shared_api_js)},
    {"shared", "code.js", EMBEDDED_TEXT(shared_code_js)},
    {"shared", "dom.js", EMBEDDED_TEXT(shared_dom_js)},
    {"shared", "formulas.js", EMBEDDED_TEXT(shared_formulas_js)},
    {"shared", "key.js", EMBEDDED_TEXT(shared_key_js)},
    {"shared", "language.js", EMBEDDED_TEXT(shared_language_js)},
    {"shared", "names.zh.js", EMBEDDED_TEXT(shared_names_zh_js)},
    {"shared", "problems.js", EMBEDDED_TEXT(shared_problems_js)},
    {"shared", "regions.js", EMBEDDED_TEXT(shared_regions_js)},
    {"shared", "starting-values.js", EMBEDDED_TEXT(shared_starting_values_js)},
    {"shared", "storage.js", EMBEDDED_TEXT(shared_storage_js)},
    {"shared", "tensors.js", EMBEDDED_TEXT(shared_tensors_js)},
    {"playground", "address.js", EMBEDDED_TEXT(playground_address_js)},
    {"playground", "bar.js", EMBEDDED_TEXT(playground_bar_js)},
    {"playground", "boxes.js", EMBEDDED_TEXT(playground_boxes_js)},
    {"playground", "code-panel.js", EMBEDDED_TEXT(playground_code_panel_js)},
    {"playground", "compute.js", EMBEDDED_TEXT(playground_compute_js)},
    {"playground", "drawing.js", EMBEDDED_TEXT(playground_drawing_js)},
    {"playground", "editing.js", EMBEDDED_TEXT(playground_editing_js)},
    {"playground", "events.js", EMBEDDED_TEXT(playground_events_js)},
    {"playground", "examples.js", EMBEDDED_TEXT(playground_examples_js)},
    {"playground", "explanation.js", EMBEDDED_TEXT(playground_explanation_js)},
    {"playground", "export.js", EMBEDDED_TEXT(playground_export_js)},
    {"playground", "expression.js", EMBEDDED_TEXT(playground_expression_js)},
    {"playground", "forward.js", EMBEDDED_TEXT(playground_forward_js)},
    {"playground", "gradient.js", EMBEDDED_TEXT(playground_gradient_js)},
    {"playground", "lifted.js", EMBEDDED_TEXT(playground_lifted_js)},
    {"playground", "main.js", EMBEDDED_TEXT(playground_main_js)},
    {"playground", "op-pictures.js", EMBEDDED_TEXT(playground_op_pictures_js)},
    {"playground", "photo.js", EMBEDDED_TEXT(playground_photo_js)},
    {"playground", "photo.webp", EMBEDDED_TEXT(playground_photo_webp)},
    {"playground", "requests.js", EMBEDDED_TEXT(playground_requests_js)},
    {"playground", "shift.js", EMBEDDED_TEXT(playground_shift_js)},
    {"playground", "show.js", EMBEDDED_TEXT(playground_show_js)},
    {"playground", "stack.js", EMBEDDED_TEXT(playground_stack_js)},
    {"playground", "stage.js", EMBEDDED_TEXT(playground_stage_js)},
    {"playground", "state.js", EMBEDDED_TEXT(playground_state_js)},
    {"playground", "steps.js", EMBEDDED_TEXT(playground_steps_js)},
    {"playground", "texts.en.js", EMBEDDED_TEXT(playground_texts_en_js)},
    {"playground", "texts.zh.js", EMBEDDED_TEXT(playground_texts_zh_js)},
    {"playground", "windows.js", EMBEDDED_TEXT(playground_windows_js)},
    {"docs", "drawing.js", EMBEDDED_TEXT(docs_drawing_js)},
    {"docs", "endpoints.js", EMBEDDED_TEXT(docs_endpoints_js)},
    {"docs", "links.js", EMBEDDED_TEXT(docs_links_js)},
    {"docs", "main.js", EMBEDDED_TEXT(docs_main_js)},
    {"docs", "operations.js", EMBEDDED_TEXT(docs_operations_js)},
    {"docs", "schemas.js", EMBEDDED_TEXT(docs_schemas_js)},
    {"docs", "search.js", EMBEDDED_TEXT(docs_search_js)},
    {"docs", "sources.js", EMBEDDED_TEXT(docs_sources_js)},
    {"docs", "texts.js", EMBEDDED_TEXT(docs_texts_js)},
};

size_t embedded_page_file_count(void) { return sizeof files / sizeof *files; }
struct embedded_page_file embedded_page_file(size_t index) { return files[index]; }
