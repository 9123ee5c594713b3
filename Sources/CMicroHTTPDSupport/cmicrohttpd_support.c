#include "cmicrohttpd_support.h"
