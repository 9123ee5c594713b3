#ifndef CMICROHTTPD_SUPPORT_H
#define CMICROHTTPD_SUPPORT_H
#include <microhttpd.h>
#endif
