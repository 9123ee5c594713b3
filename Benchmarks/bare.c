/* libmicrohttpd and nothing else: how fast a service on it could be at best.
 *
 * Answers every request with a constant, or GET and POST /bytes/N with N bytes, on a free port, which it prints.
 */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char answer[] =
    "{\"output\":[[6,8],[14,16]],\"output_shape\":[2,2],\"indices\":[[5,7],[13,15]],\"index_base\":\"plane\"}";

static struct MHD_Response *constant;
static char begun;

static struct MHD_Response *response_of(size_t size) {
    void *bytes = malloc(size);
    if (!bytes) exit(1);
    memset(bytes, 1, size);
    return MHD_create_response_from_buffer(size, bytes, MHD_RESPMEM_MUST_FREE);
}

static enum MHD_Result handle(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *upload, size_t *upload_size, void **context) {
    (void)cls, (void)method, (void)version, (void)upload;
    if (!*context) {
        *context = &begun;
        return MHD_YES;
    }
    if (*upload_size) {
        *upload_size = 0;
        return MHD_YES;
    }
    if (strncmp(url, "/bytes/", 7) != 0) return MHD_queue_response(connection, MHD_HTTP_OK, constant);
    struct MHD_Response *large = response_of(strtoull(url + 7, NULL, 10));
    MHD_add_response_header(large, "Server", "bare-libmicrohttpd");
    enum MHD_Result queued = MHD_queue_response(connection, MHD_HTTP_OK, large);
    MHD_destroy_response(large);
    return queued;
}

int main(void) {
    constant = MHD_create_response_from_buffer(sizeof answer - 1, (void *)answer, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(constant, "Content-Type", "application/json");
    MHD_add_response_header(constant, "Server", "bare-libmicrohttpd");
    struct sockaddr_in loopback = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG, 0, NULL, NULL, &handle, NULL,
        MHD_OPTION_THREAD_POOL_SIZE, 2u, MHD_OPTION_CONNECTION_LIMIT, 200u,
        MHD_OPTION_SOCK_ADDR, &loopback, MHD_OPTION_END);
    if (!daemon) return 1;
    printf("listening on http://127.0.0.1:%u\n", MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    for (;;) pause();
}
