#include "cmhd_internal.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// 1.2 and 1.3 only, with ciphers and curves of at least 128 bits.
static const char tls_priorities[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";

/// Feeds MHD_OPTION_EXTERNAL_LOGGER. The text may hold bytes of a request, so nothing but printable ASCII leaves here.
static void log_line(void *context, const char *format, va_list arguments) {
    const struct cmhd_daemon_settings *settings = context;
    char line[512];
    if (vsnprintf(line, sizeof line, format, arguments) < 0) return;
    size_t length = strlen(line);
    while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == ' ')) line[--length] = 0;
    for (size_t i = 0; i < length; i++) {
        if (line[i] < 0x20 || line[i] > 0x7e) line[i] = '?';
    }
    settings->log(settings->context, line);
}

/// Leaves the target as sent: libmicrohttpd's own decoding would cut it at a %00.
static size_t keep_escapes(void *context, struct MHD_Connection *connection, char *text) {
    (void) context;
    (void) connection;
    return strlen(text);
}

static void add_option(struct MHD_OptionItem *items, size_t *count, enum MHD_OPTION option, intptr_t value,
                       const void *pointer) {
    items[(*count)++] = (struct MHD_OptionItem){option, value, (void *) pointer};
}

struct MHD_Daemon *cmhd_start_daemon(const struct cmhd_daemon_settings *settings) {
    struct MHD_OptionItem items[16];
    size_t count = 0;
    // The logger comes first: whatever the options after it complain about would go to standard error otherwise.
    add_option(items, &count, MHD_OPTION_EXTERNAL_LOGGER, (intptr_t) log_line, settings);
    add_option(items, &count, MHD_OPTION_URI_LOG_CALLBACK, (intptr_t) settings->on_target, settings->context);
    add_option(items, &count, MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t) keep_escapes, NULL);
    add_option(items, &count, MHD_OPTION_NOTIFY_COMPLETED, (intptr_t) settings->on_completed, settings->context);
    add_option(items, &count, MHD_OPTION_NOTIFY_CONNECTION, (intptr_t) settings->on_connection, settings->context);
    add_option(items, &count, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (intptr_t) settings->connection_memory, NULL);
    add_option(items, &count, MHD_OPTION_THREAD_STACK_SIZE, (intptr_t) settings->thread_stack, NULL);
    add_option(items, &count, MHD_OPTION_CONNECTION_LIMIT, settings->connection_limit, NULL);
    add_option(items, &count, MHD_OPTION_CONNECTION_TIMEOUT, settings->idle_seconds, NULL);
    add_option(items, &count, MHD_OPTION_STRICT_FOR_CLIENT, 0, NULL);
    if (settings->identity != NULL) {
        add_option(items, &count, MHD_OPTION_HTTPS_PRIORITIES, 0, tls_priorities);
        add_option(items, &count, MHD_OPTION_HTTPS_CERT_CALLBACK, 0, (const void *) cmhd_tls_retrieve);
        if (settings->client_authorities != NULL)
            add_option(items, &count, MHD_OPTION_HTTPS_MEM_TRUST, 0, settings->client_authorities);
    }
    add_option(items, &count, MHD_OPTION_END, 0, NULL);

    unsigned int flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ITC | MHD_USE_ERROR_LOG |
                         MHD_ALLOW_SUSPEND_RESUME;
    if (settings->identity != NULL) flags |= MHD_USE_TLS;
    struct MHD_Daemon *daemon = MHD_start_daemon(flags, 0, NULL, NULL, settings->on_access, settings->context,
                                                 MHD_OPTION_ARRAY, items, MHD_OPTION_END);
    if (daemon != NULL && settings->identity != NULL && !cmhd_tls_bind(daemon, settings->identity)) {
        MHD_stop_daemon(daemon);
        return NULL;
    }
    return daemon;
}

void cmhd_stop_daemon(struct MHD_Daemon *daemon) {
    MHD_stop_daemon(daemon);
    cmhd_tls_unbind(daemon);
}

void *cmhd_connection_context(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

int cmhd_connection_socket(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info == NULL ? -1 : info->connect_fd;
}

const struct sockaddr *cmhd_connection_address(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info == NULL ? NULL : info->client_addr;
}

void cmhd_send_last(struct MHD_Connection *connection, const void *bytes, size_t size) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    gnutls_session_t session = info == NULL ? NULL : info->tls_session;
    int socket = cmhd_connection_socket(connection);
    if (session != NULL) {
        gnutls_record_send(session, bytes, size);
        gnutls_bye(session, GNUTLS_SHUT_WR);
    } else {
        send(socket, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    shutdown(socket, SHUT_WR);
}

int64_t cmhd_acknowledged_bytes(int socket) {
    struct tcp_info info = {0};
    socklen_t size = sizeof info;
    if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return -1;
    size_t needed = offsetof(struct tcp_info, tcpi_bytes_acked) + sizeof info.tcpi_bytes_acked;
    return size < needed ? -1 : (int64_t) info.tcpi_bytes_acked;
}
