/* Showing a parsed message to a person. */
#include "cli/show.h"

#include <stdio.h>

struct tnd_place show_place(const struct show *show, const struct tnd_flaw *flaw)
{
    /* a torn message was parsed from a copy: places are counted from its start */
    size_t offset = (size_t)(flaw->where.ptr - show->msg->text.ptr);
    const char *start = show->bytes.ptr;
    size_t skipped = 0;

    while (skipped + 1 < show->bytes.len && start[skipped] == '\r' && start[skipped + 1] == '\n')
        skipped += 2;
    if (offset > show->bytes.len - skipped)
        offset = show->bytes.len - skipped;
    return tnd_place(show->bytes, start + skipped + offset);
}

/* Text on one line: control characters as escapes. Returns how wide it is. */
static int put_text(struct tnd_slice text)
{
    int width = 0;

    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        if (c < 0x20 || c == 0x7f)
            width += printf("\\x%02x", c);
        else
            width += putchar(c) != EOF && (c & 0xc0) != 0x80;
    }
    return width;
}

static struct tnd_slice line_at(struct tnd_slice bytes, unsigned line)
{
    const char *at = bytes.ptr, *end = tnd_slice_end(bytes);

    for (unsigned i = 1; i < line; i++)
        at = (const char *)memchr(at, '\n', (size_t)(end - at)) + 1;
    const char *lf = memchr(at, '\n', (size_t)(end - at));
    const char *stop = lf ? lf : end;
    return tnd_slice_between(at, stop > at && stop[-1] == '\r' ? stop - 1 : stop);
}

/* The part of the line around the flaw that fits a terminal, and a mark below it. */
static void show_line(const struct show *show, struct tnd_place place)
{
    enum { BEFORE = 50, WIDTH = 100 };
    struct tnd_slice line = line_at(show->bytes, place.line);
    size_t column = place.column - 1 < line.len ? place.column - 1 : line.len;
    size_t from = column > BEFORE ? column - BEFORE : 0;
    size_t to = line.len - from > WIDTH ? from + WIDTH : line.len;

    printf("    ");
    int width = put_text(tnd_slice_between(line.ptr + from, line.ptr + column));
    put_text(tnd_slice_between(line.ptr + column, line.ptr + to));
    printf("\n    %*s%s^%s\n", width, "", show->colour ? "\033[31m" : "",
           show->colour ? "\033[0m" : "");
}

void show_flaw(const struct show *show, const struct tnd_flaw *flaw)
{
    struct tnd_place place = show_place(show, flaw);
    bool advice = tnd_rule_level(flaw->rule) == TND_LEVEL_SHOULD;

    printf("%s:%u:%u: %s: %s%s (%s)\n", show->path, place.line, place.column,
           tnd_rule_name(flaw->rule), advice ? "advice: " : "", tnd_rule_sentence(flaw->rule),
           tnd_rule_law(flaw->rule));
    if (!advice && line_at(show->bytes, place.line).len > 0)
        show_line(show, place);
}

static void put_part(const char *name, struct tnd_slice value)
{
    if (!value.ptr)
        return;
    printf("      %-12s ", name);
    put_text(value);
    putchar('\n');
}

static void put_number(const char *name, int64_t number)
{
    if (number >= 0)
        printf("      %-12s %lld\n", name, (long long)number);
}

static void show_params(struct tnd_slice params)
{
    struct tnd_param p;

    while (tnd_param_next(&params, &p)) {
        printf("      ;%-11.*s ", TND_FMT(p.name));
        put_text(p.value);
        putchar('\n');
    }
}

static void show_uri(const struct tnd_uri *uri)
{
    static const char *const scheme[] = {"other", "sip", "sips", "tel"};

    put_part("scheme", tnd_slice_str(scheme[uri->scheme]));
    put_part(uri->scheme == TND_SCHEME_TEL ? "number" : "user", uri->user);
    put_part("password", uri->password);
    put_part("host", uri->host);
    put_number("port", uri->port);
    show_params(uri->params);
    put_part("headers", uri->headers);
}

static void show_addrs(struct tnd_values *v)
{
    struct tnd_addr addr;

    while (tnd_addr_next(v, &addr)) {
        put_part("display", addr.display);
        show_uri(&addr.uri);
        if (addr.params.len > 0)
            printf("      behind the address:\n");
        show_params(addr.params);
    }
}

static void show_contacts(struct tnd_values *v)
{
    struct tnd_contact contact;

    while (tnd_contact_next(v, &contact)) {
        if (contact.star)
            continue;
        put_part("display", contact.addr.display);
        show_uri(&contact.addr.uri);
        if (contact.addr.params.len > 0)
            printf("      behind the address:\n");
        show_params(contact.addr.params);
    }
}

static void show_vias(struct tnd_values *v)
{
    struct tnd_via via;

    while (tnd_via_next(v, &via)) {
        put_part("transport", via.transport);
        put_part("host", via.host);
        put_number("port", via.port);
        show_params(via.params);
    }
}

static void show_parts(const struct show *show, const struct tnd_field *f)
{
    struct tnd_values v = tnd_field_values(show->msg, f);

    if (f->kind == TND_HEADER_VIA)
        show_vias(&v);
    else if (f->kind == TND_HEADER_CONTACT)
        show_contacts(&v);
    else if (f->kind == TND_HEADER_FROM || f->kind == TND_HEADER_TO ||
             f->kind == TND_HEADER_ROUTE || f->kind == TND_HEADER_RECORD_ROUTE ||
             f->kind == TND_HEADER_PATH || f->kind == TND_HEADER_REFER_TO ||
             f->kind == TND_HEADER_P_ASSERTED_IDENTITY || f->kind == TND_HEADER_DIVERSION ||
             f->kind == TND_HEADER_HISTORY_INFO)
        show_addrs(&v);
}

/* A value on one line: RFC 3261 §7.3.1 lets a fold be read as a single space. */
static void put_unfolded(struct tnd_slice value)
{
    for (size_t i = 0; i < value.len;) {
        size_t end = i;

        while (end < value.len && value.ptr[end] != '\r' && value.ptr[end] != '\n')
            end++;
        put_text(tnd_slice_between(value.ptr + i, value.ptr + end));
        if (end == value.len)
            return;
        putchar(' ');
        for (i = end; i < value.len && strchr(" \t\r\n", value.ptr[i]) && value.ptr[i];)
            i++;
    }
}

static void show_field(const struct show *show, const struct tnd_field *f)
{
    const struct tnd_msg *msg = show->msg;
    struct tnd_slice name = tnd_field_name(msg, f);

    if (f->kind != TND_HEADER_OTHER)
        name = tnd_slice_str(tnd_header_name((enum tnd_header)f->kind));
    printf("  %s%.*s%s: ", show->colour ? "\033[1m" : "", TND_FMT(name),
           show->colour ? "\033[0m" : "");
    put_unfolded(tnd_field_value(msg, f));
    putchar('\n');
    show_parts(show, f);
}

static void show_first_line(const struct tnd_msg *msg)
{
    struct tnd_uri uri;

    if (msg->kind == TND_MSG_RESPONSE) {
        printf("response %u ", msg->code);
        put_text(msg->reason);
        printf("\n");
        return;
    }
    printf("request %.*s to ", TND_FMT(msg->method_name));
    put_text(msg->uri);
    printf("\n");
    if (tnd_msg_uri(msg, &uri, NULL))
        show_uri(&uri);
}

void show_structure(const struct show *show)
{
    const struct tnd_msg *msg = show->msg;

    show_first_line(msg);
    for (uint32_t i = 1; i <= msg->field_count; i++)
        show_field(show, &msg->fields[i]);
    struct tnd_slice type = tnd_msg_value(msg, TND_HEADER_CONTENT_TYPE);
    printf("  body: %zu bytes", msg->body.len);
    if (type.ptr && msg->body.len > 0)
        printf(" of %.*s", TND_FMT(type));
    printf("\n");
    size_t rest = (size_t)(tnd_slice_end(show->bytes) - tnd_slice_end(msg->text));
    if (rest > 0)
        printf("  behind it: %zu bytes that are no part of the message\n", rest);
}

static void show_verdict(const struct show *show, enum tnd_stand stand, const char *who)
{
    struct tnd_verdict v = tnd_msg_verdict(show->msg, stand);
    char room[256];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    if (v.action == TND_PROCESS)
        return;
    tnd_verdict_reason(&w, show->msg, &v);
    if (v.action == TND_DROP)
        printf("%s: %s drops it without an answer\n", show->path, who);
    else
        printf("%s: %s answers %u %.*s\n", show->path, who, v.code, TND_FMT(tnd_writer_slice(&w)));
}

void show_verdicts(const struct show *show)
{
    show_verdict(show, TND_AS_PROXY, "a proxy");
    show_verdict(show, TND_AS_UAS, "a user agent");
}
