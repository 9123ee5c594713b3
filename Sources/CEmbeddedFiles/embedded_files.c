#include "embedded_files.h"

// #embed keeps the files out of any resource bundle: the binary serves them wherever it is copied to.
static const unsigned char embedded_openapi_yaml[] = {
#embed "../../openapi.yaml"
};
const size_t embedded_openapi_yaml_size = sizeof embedded_openapi_yaml;

const unsigned char *embedded_openapi_yaml_pointer(void) { return embedded_openapi_yaml; }
