#include "cmhd_internal.h"

#include <pthread.h>
#include <stdlib.h>

/// The longest certificate chain.
#define MAX_CHAIN 16

/// One chain and its key. Handshakes hold no reference, so a generation lives until its identity is freed.
struct generation {
    gnutls_pcert_st chain[MAX_CHAIN];
    unsigned int chain_length;
    gnutls_privkey_t key;
    struct generation *older;
};

struct cmhd_tls_identity {
    pthread_mutex_t lock;
    struct generation *newest;
};

/// GnuTLS hands the certificate callback nothing of ours, only the session; this finds the way back.
struct binding {
    struct MHD_Daemon *daemon;
    struct cmhd_tls_identity *identity;
    struct binding *next;
};

static pthread_mutex_t bindings_lock = PTHREAD_MUTEX_INITIALIZER;
static struct binding *bindings;

static void free_generation(struct generation *generation) {
    for (unsigned int i = 0; i < generation->chain_length; i++) gnutls_pcert_deinit(&generation->chain[i]);
    if (generation->key != NULL) gnutls_privkey_deinit(generation->key);
    free(generation);
}

/// Whether the key signs what the first certificate verifies.
static bool key_matches(struct generation *generation) {
    gnutls_pubkey_t public_key;
    if (gnutls_pubkey_init(&public_key) < 0) return false;
    unsigned char shown[64], owned[64];
    size_t shown_size = sizeof shown, owned_size = sizeof owned;
    bool matches = gnutls_pubkey_get_key_id(generation->chain[0].pubkey, GNUTLS_KEYID_USE_SHA256, shown,
                                            &shown_size) == 0 &&
                   gnutls_pubkey_import_privkey(public_key, generation->key, 0, 0) == 0 &&
                   gnutls_pubkey_get_key_id(public_key, GNUTLS_KEYID_USE_SHA256, owned, &owned_size) == 0 &&
                   shown_size == owned_size;
    for (size_t i = 0; matches && i < shown_size; i++) matches = shown[i] == owned[i];
    gnutls_pubkey_deinit(public_key);
    return matches;
}

static struct generation *read_generation(const char *certificates, size_t certificates_size, const char *key,
                                          size_t key_size, const char **error) {
    const gnutls_datum_t chain_text = {(unsigned char *) certificates, (unsigned int) certificates_size};
    const gnutls_datum_t key_text = {(unsigned char *) key, (unsigned int) key_size};
    struct generation *generation = calloc(1, sizeof *generation);
    *error = "out of memory";
    if (generation == NULL) return NULL;
    unsigned int length = MAX_CHAIN;
    if (gnutls_pcert_list_import_x509_raw(generation->chain, &length, &chain_text, GNUTLS_X509_FMT_PEM, 0) < 0) {
        *error = "the certificate file holds no PEM certificate chain";
    } else {
        generation->chain_length = length;
        if (gnutls_privkey_init(&generation->key) < 0 ||
            gnutls_privkey_import_x509_raw(generation->key, &key_text, GNUTLS_X509_FMT_PEM, NULL, 0) < 0) {
            *error = "the key file holds no unencrypted PEM private key";
        } else if (!key_matches(generation)) {
            *error = "the private key does not belong to the first certificate";
        } else {
            return generation;
        }
    }
    free_generation(generation);
    return NULL;
}

struct cmhd_tls_identity *cmhd_tls_identity_create(const char *certificates, size_t certificates_size,
                                                   const char *key, size_t key_size, const char **error) {
    struct generation *generation = read_generation(certificates, certificates_size, key, key_size, error);
    if (generation == NULL) return NULL;
    struct cmhd_tls_identity *identity = calloc(1, sizeof *identity);
    if (identity == NULL) {
        *error = "out of memory";
        free_generation(generation);
        return NULL;
    }
    pthread_mutex_init(&identity->lock, NULL);
    identity->newest = generation;
    return identity;
}

bool cmhd_tls_identity_replace(struct cmhd_tls_identity *identity, const char *certificates,
                               size_t certificates_size, const char *key, size_t key_size, const char **error) {
    struct generation *generation = read_generation(certificates, certificates_size, key, key_size, error);
    if (generation == NULL) return false;
    pthread_mutex_lock(&identity->lock);
    generation->older = identity->newest;
    identity->newest = generation;
    pthread_mutex_unlock(&identity->lock);
    return true;
}

void cmhd_tls_identity_free(struct cmhd_tls_identity *identity) {
    for (struct generation *generation = identity->newest; generation != NULL;) {
        struct generation *older = generation->older;
        free_generation(generation);
        generation = older;
    }
    pthread_mutex_destroy(&identity->lock);
    free(identity);
}

bool cmhd_tls_bind(struct MHD_Daemon *daemon, struct cmhd_tls_identity *identity) {
    struct binding *binding = malloc(sizeof *binding);
    if (binding == NULL) return false;
    pthread_mutex_lock(&bindings_lock);
    *binding = (struct binding){daemon, identity, bindings};
    bindings = binding;
    pthread_mutex_unlock(&bindings_lock);
    return true;
}

void cmhd_tls_unbind(struct MHD_Daemon *daemon) {
    pthread_mutex_lock(&bindings_lock);
    for (struct binding **link = &bindings; *link != NULL; link = &(*link)->next) {
        if ((*link)->daemon != daemon) continue;
        struct binding *gone = *link;
        *link = gone->next;
        free(gone);
        break;
    }
    pthread_mutex_unlock(&bindings_lock);
}

static struct cmhd_tls_identity *identity_of(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_DAEMON);
    struct cmhd_tls_identity *identity = NULL;
    pthread_mutex_lock(&bindings_lock);
    for (struct binding *binding = bindings; info != NULL && binding != NULL; binding = binding->next) {
        if (binding->daemon == info->daemon) identity = binding->identity;
    }
    pthread_mutex_unlock(&bindings_lock);
    return identity;
}

int cmhd_tls_retrieve(gnutls_session_t session, const gnutls_datum_t *authorities, int authority_count,
                      const gnutls_pk_algorithm_t *algorithms, int algorithm_count, gnutls_pcert_st **chain,
                      unsigned int *chain_length, gnutls_privkey_t *key) {
    (void) authorities;
    (void) authority_count;
    (void) algorithms;
    (void) algorithm_count;
    // libmicrohttpd makes its connection the session's pointer.
    struct MHD_Connection *connection = gnutls_session_get_ptr(session);
    struct cmhd_tls_identity *identity = connection == NULL ? NULL : identity_of(connection);
    if (identity == NULL) return -1;
    pthread_mutex_lock(&identity->lock);
    struct generation *generation = identity->newest;
    pthread_mutex_unlock(&identity->lock);
    *chain = generation->chain;
    *chain_length = generation->chain_length;
    *key = generation->key;
    return 0;
}

bool cmhd_tls_are_certificates(const char *authorities, size_t size) {
    const gnutls_datum_t text = {(unsigned char *) authorities, (unsigned int) size};
    gnutls_x509_crt_t *list = NULL;
    unsigned int count = 0;
    if (gnutls_x509_crt_list_import2(&list, &count, &text, GNUTLS_X509_FMT_PEM, 0) < 0) return false;
    for (unsigned int i = 0; i < count; i++) gnutls_x509_crt_deinit(list[i]);
    gnutls_free(list);
    return count > 0;
}

bool cmhd_tls_peer_is_trusted(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    if (info == NULL || info->tls_session == NULL) return false;
    // MHD_OPTION_HTTPS_MEM_TRUST only asks for a certificate: a client with none, or a rogue one, gets this far.
    unsigned int status = 0;
    return gnutls_certificate_verify_peers2(info->tls_session, &status) == 0 && status == 0;
}

static ssize_t exchange(gnutls_session_t session, const char *request, size_t request_size, char *response,
                        size_t response_size) {
    int result;
    do result = gnutls_handshake(session);
    while (result < 0 && gnutls_error_is_fatal(result) == 0 && result != GNUTLS_E_AGAIN);
    if (result < 0 || gnutls_record_send(session, request, request_size) != (ssize_t) request_size) return -1;
    size_t count = 0;
    while (count < response_size) {
        ssize_t received = gnutls_record_recv(session, response + count, response_size - count);
        // TLS 1.3 tells of its tickets this way.
        if (received < 0 && gnutls_error_is_fatal((int) received) == 0 && received != GNUTLS_E_AGAIN) continue;
        if (received <= 0) break;
        count += (size_t) received;
    }
    return (ssize_t) count;
}

ssize_t cmhd_tls_exchange(int socket, const char *certificate_file, const char *key_file, const char *request,
                          size_t request_size, char *response, size_t response_size) {
    gnutls_certificate_credentials_t credentials = NULL;
    gnutls_session_t session = NULL;
    ssize_t count = -1;
    if (gnutls_certificate_allocate_credentials(&credentials) == 0 &&
        (certificate_file == NULL || key_file == NULL ||
         gnutls_certificate_set_x509_key_file(credentials, certificate_file, key_file, GNUTLS_X509_FMT_PEM) >= 0) &&
        gnutls_init(&session, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL) == 0 && gnutls_set_default_priority(session) == 0 &&
        gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials) == 0) {
        gnutls_transport_set_int(session, socket);
        count = exchange(session, request, request_size, response, response_size);
    }
    if (session != NULL) gnutls_deinit(session);
    if (credentials != NULL) gnutls_certificate_free_credentials(credentials);
    return count;
}
