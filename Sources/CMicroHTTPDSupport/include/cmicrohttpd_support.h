// What Swift cannot do with libmicrohttpd itself: variadic calls, va_list logging, checks on raw head bytes, GnuTLS.

#ifndef CMICROHTTPD_SUPPORT_H
#define CMICROHTTPD_SUPPORT_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

// MARK: - Daemons (cmhd_daemon.c)

/// Receives one finished log line of libmicrohttpd, control bytes made harmless.
typedef void (*cmhd_log_sink)(void *context, const char *message);

/// Names the certificates and keys that new handshakes use. Locks itself.
struct cmhd_tls_identity;

/// What a daemon is started with. Every callback gets `context`.
struct cmhd_daemon_settings {
    void *context;
    cmhd_log_sink log;
    MHD_AccessHandlerCallback on_access;
    void *(*on_target)(void *context, const char *target, struct MHD_Connection *connection);
    MHD_RequestCompletedCallback on_completed;
    MHD_NotifyConnectionCallback on_connection;
    size_t connection_memory;
    size_t thread_stack;
    unsigned int connection_limit;
    unsigned int idle_seconds;
    /// Without TLS: NULL.
    struct cmhd_tls_identity *identity;
    /// PEM text, or NULL where clients need no certificate.
    const char *client_authorities;
};

/// Starts a daemon of one epoll thread that has no listening socket; feed it with MHD_add_connection().
struct MHD_Daemon *cmhd_start_daemon(const struct cmhd_daemon_settings *settings);

/// Stops it, as MHD_stop_daemon() does; none of its connections may be suspended.
void cmhd_stop_daemon(struct MHD_Daemon *daemon);

/// What MHD_OPTION_NOTIFY_CONNECTION stored for this connection; NULL where that has not happened.
void *cmhd_connection_context(struct MHD_Connection *connection);

/// The connection's socket, or -1.
int cmhd_connection_socket(struct MHD_Connection *connection);

/// The peer's address, NULL where unknown; lives as long as the connection.
const struct sockaddr *cmhd_connection_address(struct MHD_Connection *connection);

/// Sends what the kernel takes at once, past libmicrohttpd, and ends the sending direction.
///
/// For responses that libmicrohttpd cannot send, such as one in the middle of a body. Through the TLS session where there
/// is one, so call it on the connection's own thread.
void cmhd_send_last(struct MHD_Connection *connection, const void *bytes, size_t size);

/// How many bytes the peer of a TCP socket has acknowledged since it was opened; -1 for other sockets.
int64_t cmhd_acknowledged_bytes(int socket);

// MARK: - The strict head check (cmhd_head.c)

/// A head's framing, or the rejection of the head.
struct cmhd_head {
    /// 0 where the head is sound, else the status that rejects it.
    int status;
    /// Why it is rejected: a static text.
    const char *detail;
    /// -1 where no Content-Length was sent.
    int64_t content_length;
    bool is_chunked;
    bool expects_continue;
    /// What cmhd_copy_fields() needs.
    size_t fields_size;
};

/// The most header fields a head may have.
#define CMHD_MAX_FIELDS 128
/// The longest request target.
#define CMHD_MAX_TARGET 8192
/// The most fields that a query may have.
#define CMHD_MAX_QUERY_FIELDS 128

/// What libmicrohttpd keeps of a field besides its text.
#define CMHD_FIELD_MEMORY 64

/// Checks a request's head as strictly as RFC 9112 lets a server be.
///
/// libmicrohttpd 0.9.75 accepts heads that proxies read otherwise. It parses in place and only overwrites separators,
/// so with `layout_known` the check also proves that nothing but clean separators lies between the parts it reported.
/// Call it in the first call of the access handler only.
///
/// - target: the request target as the MHD_OPTION_URI_LOG_CALLBACK saw it, and its length.
/// - url, method, version: as the access handler gets them.
void cmhd_check_head(struct MHD_Connection *connection, const char *target, size_t target_size, const char *url,
                     const char *method, const char *version, bool layout_known, struct cmhd_head *head);

/// The bytes that a head takes in the connection's memory.
///
/// The head of the response must fit next to it: where it does not, libmicrohttpd closes the connection without a
/// response.
size_t cmhd_head_memory(struct MHD_Connection *connection);

/// Keeps libmicrohttpd from parsing what nobody asks it for: the fields of the query and the cookies.
///
/// It would store each field in the connection's memory, and close the connection without a response where that is used
/// up. Call it in the MHD_OPTION_URI_LOG_CALLBACK, once the target is copied.
///
/// - target: the target in libmicrohttpd's own buffer; the query is cut off.
void cmhd_skip_parsing(struct MHD_Connection *connection, char *target);

/// Whether libmicrohttpd will reject this head, of which it may not have read all, for its Content-Length.
///
/// It does so before it calls the access handler, and sends the head of its response twice.
///
/// - Returns: the status of the rejection, with a static text in `detail`; 0 where it will not.
int cmhd_length_rejection(struct MHD_Connection *connection, const char **detail);

/// The room that cmhd_copy_fields() needs for all fields, whatever the check said of them.
size_t cmhd_fields_size(struct MHD_Connection *connection);

/// Copies the header fields as `name NUL value NUL`, one after the other, white space around values removed.
///
/// Returns the bytes written, at most `size`.
size_t cmhd_copy_fields(struct MHD_Connection *connection, char *destination, size_t size);

// MARK: - TLS (cmhd_tls.c)

/// Reads a PEM chain and its key. NULL on failure, with a static text in `error`.
struct cmhd_tls_identity *cmhd_tls_identity_create(const char *certificates, size_t certificates_size,
                                                   const char *key, size_t key_size, const char **error);

/// Replaces what new handshakes use. False on failure, and then nothing has changed.
bool cmhd_tls_identity_replace(struct cmhd_tls_identity *identity, const char *certificates,
                               size_t certificates_size, const char *key, size_t key_size, const char **error);

/// Call it after the last daemon that uses it has stopped.
void cmhd_tls_identity_free(struct cmhd_tls_identity *identity);

/// Sends a request as a TLS client over a connected socket, and reads the first bytes of the response.
///
/// The server's certificate is not verified: this asks a service on the same machine how it is. The client's own
/// certificate and key are PEM files, or NULL.
///
/// - Returns: how many bytes were read; -1 where the handshake or the exchange failed.
ssize_t cmhd_tls_exchange(int socket, const char *certificate_file, const char *key_file, const char *request,
                          size_t request_size, char *response, size_t response_size);

/// Whether `authorities` is PEM text of at least one certificate.
bool cmhd_tls_are_certificates(const char *authorities, size_t size);

/// Whether the peer has shown a certificate that the daemon's client authorities vouch for.
bool cmhd_tls_peer_is_trusted(struct MHD_Connection *connection);

#endif
