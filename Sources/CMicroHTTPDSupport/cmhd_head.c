#define _GNU_SOURCE
#include "cmicrohttpd_support.h"

#include <string.h>
#include <strings.h>

// MARK: - Characters (RFC 9110 5.6.2, RFC 3986 3.2.2)

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool is_alphanumeric(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static bool is_one_of(char c, const char *set) { return c != 0 && strchr(set, c) != NULL; }

/// Whether a byte may stand in a token.
static const bool token_bytes[256] = {
    ['0'... '9'] = true, ['A'... 'Z'] = true, ['a'... 'z'] = true, ['!'] = true, ['#'] = true, ['$'] = true,
    ['%'] = true, ['&'] = true, ['\''] = true, ['*'] = true, ['+'] = true, ['-'] = true, ['.'] = true,
    ['^'] = true, ['_'] = true, ['`'] = true, ['|'] = true, ['~'] = true,
};

static bool is_token(const char *text, size_t size) {
    for (size_t i = 0; i < size; i++) {
        if (!token_bytes[(unsigned char) text[i]]) return false;
    }
    return size > 0;
}

static bool is_field_value(const char *text, size_t size) {
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char) text[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f) return false;
    }
    return true;
}

static bool is_host(const char *text, size_t size) {
    for (size_t i = 0; i < size; i++) {
        if (!is_alphanumeric(text[i]) && !is_one_of(text[i], "-._~!$&'()*+,;=:[]%")) return false;
    }
    return size > 0;
}

static bool is_hexadecimal(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

// MARK: - The check

/// The walk over a head's fields.
struct walk {
    struct cmhd_head *head;
    /// Where the next field must start; only with `layout_known`.
    const char *cursor;
    bool layout_known;
    bool is_http_1_0;
    unsigned int fields;
    unsigned int hosts;
    unsigned int lengths;
    unsigned int codings;
};

static void reject(struct cmhd_head *head, int status, const char *detail) {
    if (head->status != 0) return;
    head->status = status;
    head->detail = detail;
}

static void check_method(struct cmhd_head *head, const char *method) {
    static const char *const known[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(method, known[i]) == 0) return;
    }
    if (is_token(method, strlen(method))) {
        reject(head, 501, "the method is not known here");
    } else {
        reject(head, 400, "the method is not a token");
    }
}

static void check_version(struct cmhd_head *head, const char *version) {
    if (strcmp(version, "HTTP/1.1") == 0 || strcmp(version, "HTTP/1.0") == 0) return;
    if (strncmp(version, "HTTP/", 5) == 0 && is_digit(version[5]) && version[6] == '.' && is_digit(version[7]) &&
        version[8] == 0) {
        reject(head, 505, "only HTTP/1.1 and HTTP/1.0 are spoken here");
    } else {
        reject(head, 400, "the request line does not end with an HTTP version");
    }
}

/// Skips `scheme://authority` of an absolute target.
static const char *path_of(const char *target, const char *end) {
    size_t scheme = strncasecmp(target, "http://", 7) == 0 ? 7 : strncasecmp(target, "https://", 8) == 0 ? 8 : 0;
    if (scheme == 0) return target;
    const char *path = target + scheme;
    while (path < end && *path != '/' && *path != '?') path++;
    return is_host(target + scheme, (size_t) (path - target) - scheme) ? path : end;
}

static size_t query_fields(const char *target, size_t size) {
    const char *query = memchr(target, '?', size);
    if (query == NULL) return 0;
    size_t fields = 1;
    for (const char *c = query; c < target + size; c++) fields += *c == '&';
    return fields;
}

static void check_target(struct cmhd_head *head, const char *target, size_t size, const char *method) {
    if (size > CMHD_MAX_TARGET) {
        reject(head, 414, "the request target is longer than 8192 bytes");
        return;
    }
    if (query_fields(target, size) > CMHD_MAX_QUERY_FIELDS) {
        reject(head, 414, "the query has more than 128 fields");
        return;
    }
    const char *end = target + size;
    for (const char *c = target; c < end; c++) {
        if ((unsigned char) *c <= 0x20 || (unsigned char) *c >= 0x7f) {
            reject(head, 400, "the request target has a byte that must be percent-encoded");
        } else if (*c == '#') {
            reject(head, 400, "the request target has a fragment");
        } else if (*c == '%' && (end - c < 3 || !is_hexadecimal(c[1]) || !is_hexadecimal(c[2]))) {
            reject(head, 400, "a percent sign in the request target is not followed by two hexadecimal digits");
        } else if (*c == '%' && c[1] == '0' && c[2] == '0') {
            reject(head, 400, "the request target has a NUL");
        }
    }
    if (size == 1 && *target == '*' && strcmp(method, "OPTIONS") == 0) return;
    const char *path = path_of(target, end);
    if (path == end || *path != '/') reject(head, 400, "the request target is not an absolute path");
}

/// Proves that this field follows the one before it with nothing but `:`, white space and CRLF between.
static bool is_in_place(struct walk *walk, const char *key, size_t key_size, const char *value, size_t value_size) {
    if (key != walk->cursor || key[key_size] != 0 || value <= key + key_size) return false;
    for (const char *c = key + key_size + 1; c < value; c++) {
        if (!is_blank(*c)) return false;
    }
    if (value[value_size] != 0 || value[value_size + 1] != 0) return false;
    walk->cursor = value + value_size + 2;
    return true;
}

static bool is_named(const char *key, size_t key_size, const char *name) {
    return key_size == strlen(name) && strncasecmp(key, name, key_size) == 0;
}

static void check_length(struct walk *walk, const char *value, size_t size) {
    struct cmhd_head *head = walk->head;
    int64_t length = 0;
    if (walk->lengths++ > 0) reject(head, 400, "there is more than one Content-Length");
    if (size == 0) reject(head, 400, "Content-Length is empty");
    for (size_t i = 0; i < size; i++) {
        if (!is_digit(value[i])) {
            reject(head, 400, "Content-Length is not a number");
            return;
        }
        if (__builtin_mul_overflow(length, 10, &length) || __builtin_add_overflow(length, value[i] - '0', &length)) {
            reject(head, 413, "Content-Length is beyond all bounds");
            return;
        }
    }
    head->content_length = length;
}

static void check_coding(struct walk *walk, const char *value, size_t size) {
    if (walk->codings++ > 0) reject(walk->head, 400, "there is more than one Transfer-Encoding");
    if (walk->is_http_1_0) reject(walk->head, 400, "HTTP/1.0 has no Transfer-Encoding");
    if (!is_named(value, size, "chunked")) reject(walk->head, 501, "the only transfer coding known here is chunked");
    walk->head->is_chunked = true;
}

static void check_framing(struct walk *walk, const char *key, size_t key_size, const char *value, size_t value_size) {
    if (is_named(key, key_size, "Content-Length")) {
        check_length(walk, value, value_size);
    } else if (is_named(key, key_size, "Transfer-Encoding")) {
        check_coding(walk, value, value_size);
    } else if (is_named(key, key_size, "Host")) {
        if (walk->hosts++ > 0) reject(walk->head, 400, "there is more than one Host");
        if (!is_host(value, value_size)) reject(walk->head, 400, "Host is empty or has a character it must not have");
    } else if (is_named(key, key_size, "Expect")) {
        if (!is_named(value, value_size, "100-continue")) {
            reject(walk->head, 417, "the only expectation known here is 100-continue");
        }
        walk->head->expects_continue = !walk->is_http_1_0;
    }
}

static void trim(const char **value, size_t *size) {
    while (*size > 0 && is_blank((*value)[*size - 1])) (*size)--;
    while (*size > 0 && is_blank(**value)) (*value)++, (*size)--;
}

/// The name of the field that cmhd_skip_parsing() adds; known by its address.
static const char empty_cookie[] = "Cookie";

static enum MHD_Result check_field(void *context, enum MHD_ValueKind kind, const char *key, size_t key_size,
                                   const char *value, size_t value_size) {
    (void) kind;
    if (key == empty_cookie) return MHD_YES;
    struct walk *walk = context;
    struct cmhd_head *head = walk->head;
    if (++walk->fields > CMHD_MAX_FIELDS) reject(head, 431, "there are too many header fields");
    if (value == NULL || !is_token(key, key_size)) {
        reject(head, 400, "a header field has no clean name and value");
    } else if (walk->layout_known && !is_in_place(walk, key, key_size, value, value_size)) {
        reject(head, 400, "a header field is folded, or its line has stray white space or control characters");
    } else if (!is_field_value(value, value_size)) {
        reject(head, 400, "a header field's value has a control character");
    }
    if (head->status != 0) return MHD_NO;
    trim(&value, &value_size);
    check_framing(walk, key, key_size, value, value_size);
    head->fields_size += key_size + value_size + 2;
    return head->status == 0 ? MHD_YES : MHD_NO;
}

/// Proves that method, target and version follow each other with one space each, and that the fields follow.
static bool is_line_in_place(size_t target_size, const char *url, const char *method, const char *version) {
    return url == method + strlen(method) + 1 && version == url + target_size + 1 && version[8] == 0 &&
           version[9] == 0;
}

static bool ends_where_fields_end(struct MHD_Connection *connection, const char *method, const char *cursor) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return info != NULL && cursor + 2 == method + info->header_size;
}

void cmhd_check_head(struct MHD_Connection *connection, const char *target, size_t target_size, const char *url,
                     const char *method, const char *version, bool layout_known, struct cmhd_head *head) {
    *head = (struct cmhd_head){.content_length = -1};
    check_version(head, version);
    check_method(head, method);
    check_target(head, target, target_size, method);
    if (head->status != 0) return;
    if (layout_known && !is_line_in_place(target_size, url, method, version)) {
        reject(head, 400, "the request line has stray white space or control characters");
        return;
    }
    struct walk walk = {.head = head, .cursor = version + 10, .layout_known = layout_known};
    walk.is_http_1_0 = strcmp(version, "HTTP/1.0") == 0;
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, check_field, &walk);
    if (head->status == 0 && layout_known && !ends_where_fields_end(connection, method, walk.cursor)) {
        reject(head, 400, "the head does not end where its last header field ends");
    }
    if (walk.lengths > 0 && walk.codings > 0) {
        reject(head, 400, "there are both a Content-Length and a Transfer-Encoding");
    }
    if (walk.hosts == 0 && !walk.is_http_1_0) reject(head, 400, "there is no Host");
}

size_t cmhd_head_memory(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    int fields = MHD_get_connection_values(connection, MHD_HEADER_KIND, NULL, NULL);
    return (info == NULL ? 0 : info->header_size) + (size_t) fields * CMHD_FIELD_MEMORY;
}

// MARK: - Around libmicrohttpd's own parsing

void cmhd_skip_parsing(struct MHD_Connection *connection, char *target) {
    // It has found the question mark already, and parses what follows up to the next NUL.
    char *query = strchr(target, '?');
    if (query != NULL && query[1] != 0) query[1] = 0;
    // It parses the first field of this name only.
    MHD_set_connection_value_n(connection, MHD_HEADER_KIND, empty_cookie, sizeof empty_cookie - 1, "", 0);
}

/// The first fields of the two names that libmicrohttpd looks at for a body's length.
struct lengths {
    bool is_coded;
    const char *value;
    size_t value_size;
};

static enum MHD_Result find_length(void *context, enum MHD_ValueKind kind, const char *key, size_t key_size,
                                   const char *value, size_t value_size) {
    (void) kind;
    struct lengths *lengths = context;
    if (is_named(key, key_size, "Transfer-Encoding")) lengths->is_coded = true;
    if (lengths->value == NULL && is_named(key, key_size, "Content-Length")) {
        lengths->value = value;
        lengths->value_size = value_size;
    }
    return MHD_YES;
}

int cmhd_length_rejection(struct MHD_Connection *connection, const char **detail) {
    struct lengths lengths = {0};
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, find_length, &lengths);
    if (lengths.is_coded || lengths.value == NULL) return 0;
    uint64_t length = 0;
    for (size_t i = 0; i < lengths.value_size; i++) {
        if (!is_digit(lengths.value[i])) {
            *detail = "Content-Length is not a plain number";
            return 400;
        }
        if (__builtin_mul_overflow(length, 10, &length) ||
            __builtin_add_overflow(length, (uint64_t) (lengths.value[i] - '0'), &length)) {
            *detail = "Content-Length is beyond all bounds";
            return 413;
        }
    }
    *detail = "Content-Length is empty";
    return lengths.value_size == 0 ? 400 : 0;
}

// MARK: - Copying the fields

struct copy {
    char *next;
    char *end;
};

static enum MHD_Result copy_field(void *context, enum MHD_ValueKind kind, const char *key, size_t key_size,
                                  const char *value, size_t value_size) {
    (void) kind;
    if (key == empty_cookie || value == NULL) return MHD_YES;
    struct copy *copy = context;
    trim(&value, &value_size);
    if ((size_t) (copy->end - copy->next) < key_size + value_size + 2) return MHD_NO;
    copy->next = mempcpy(copy->next, key, key_size);
    *copy->next++ = 0;
    copy->next = mempcpy(copy->next, value, value_size);
    *copy->next++ = 0;
    return MHD_YES;
}

static enum MHD_Result add_size(void *context, enum MHD_ValueKind kind, const char *key, size_t key_size,
                                const char *value, size_t value_size) {
    (void) kind;
    (void) key;
    (void) value;
    *(size_t *) context += key_size + value_size + 2;
    return MHD_YES;
}

size_t cmhd_fields_size(struct MHD_Connection *connection) {
    size_t size = 0;
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, add_size, &size);
    return size;
}

size_t cmhd_copy_fields(struct MHD_Connection *connection, char *destination, size_t size) {
    struct copy copy = {destination, destination + size};
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, copy_field, &copy);
    return (size_t) (copy.next - destination);
}
