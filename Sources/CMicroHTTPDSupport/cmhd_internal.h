// Between the C files of this target.

#ifndef CMHD_INTERNAL_H
#define CMHD_INTERNAL_H

#include "cmicrohttpd_support.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>

/// Feeds MHD_OPTION_HTTPS_CERT_CALLBACK: shows the identity that is bound to the session's daemon.
int cmhd_tls_retrieve(gnutls_session_t session, const gnutls_datum_t *authorities, int authority_count,
                      const gnutls_pk_algorithm_t *algorithms, int algorithm_count, gnutls_pcert_st **chain,
                      unsigned int *chain_length, gnutls_privkey_t *key);

/// Names the identity that a daemon's handshakes show. False where memory is short.
bool cmhd_tls_bind(struct MHD_Daemon *daemon, struct cmhd_tls_identity *identity);

/// Undoes cmhd_tls_bind(); nothing happens to a daemon that is not bound.
void cmhd_tls_unbind(struct MHD_Daemon *daemon);

#endif
