#include "embedded_files.h"

// #embed keeps the files out of any resource bundle: the binary serves them wherever it is copied to.
static const unsigned char openapi_yaml[] = {
#embed "../../openapi.yaml"
};

static const unsigned char openapi_json[] = {
#embed "../../openapi.json"
};

struct embedded_text embedded_openapi_yaml(void) { return EMBEDDED_TEXT(openapi_yaml); }
struct embedded_text embedded_openapi_json(void) { return EMBEDDED_TEXT(openapi_json); }
