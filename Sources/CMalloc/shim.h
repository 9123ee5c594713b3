#include <malloc.h>
#include <pthread.h>

/// The headers show this only with _GNU_SOURCE.
int pthread_setattr_default_np(const pthread_attr_t *attributes);
