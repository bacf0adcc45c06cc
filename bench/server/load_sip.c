/* Messages read and written. The reader is for what servers under test send over UDP: header
 * fields on one line each, no quoted comma in Via, Route or Contact. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "load.h"

const char *const METHOD_NAMES[METHODS] = {
    [INVITE] = "INVITE",     [ACK] = "ACK",         [BYE] = "BYE",         [CANCEL] = "CANCEL",
    [REGISTER] = "REGISTER", [OPTIONS] = "OPTIONS", [MESSAGE] = "MESSAGE", [OTHER] = "OTHER",
};

static const char COOKIE[] = "branch=z9hG4bK"; /* RFC 3261 §8.1.1.7 */

static const char AGENT[] = "User-Agent: tandem-bench\r\n";
static const char NO_BODY[] = "Content-Length: 0\r\n\r\n";
static const char SDP[] = "v=0\r\n"
                          "o=- 3939393939 3939393939 IN IP4 127.0.0.1\r\n"
                          "s=-\r\n"
                          "c=IN IP4 127.0.0.1\r\n"
                          "t=0 0\r\n"
                          "m=audio 40000 RTP/AVP 0 8 101\r\n"
                          "a=rtpmap:0 PCMU/8000\r\n"
                          "a=rtpmap:8 PCMA/8000\r\n"
                          "a=rtpmap:101 telephone-event/8000\r\n"
                          "a=fmtp:101 0-15\r\n"
                          "a=sendrecv\r\n";
static const char TEXT[] =
    "Hello, this is an instant message of ordinary length, sent by the bench.";

/* ---- text ---- */

struct text text_over(char *space, size_t size)
{
    return (struct text){space, space, space + size};
}

void put_slice(struct text *t, struct slice s)
{
    if (s.size > (size_t)(t->end - t->at))
        die("no room behind \"%.40s\"", t->start);
    memcpy(t->at, s.at, s.size);
    t->at += s.size;
}

void put(struct text *t, ...)
{
    const char *part;
    va_list parts;

    va_start(parts, t);
    while ((part = va_arg(parts, const char *)))
        put_slice(t, (struct slice){part, strlen(part)});
    va_end(parts);
}

static void put_digits(struct text *t, uint32_t number, uint32_t base)
{
    char digits[8];

    for (int i = 7; i >= 0; i--, number /= base)
        digits[i] = "0123456789abcdef"[number % base];
    put_slice(t, (struct slice){digits, sizeof(digits)});
}

void put_hex(struct text *t, uint32_t number)
{
    put_digits(t, number, 16);
}

void put_decimal(struct text *t, uint32_t number)
{
    put_digits(t, number, 10);
}

/* ---- read ---- */

static const struct {
    const char *name;
    char compact; /* 0: none */
    bool list;    /* several values on a line */
} FIELD_NAMES[FIELDS] = {
    [VIA] = {"Via", 'v', true},          [RECORD_ROUTE] = {"Record-Route", 0, true},
    [FROM] = {"From", 'f', false},       [TO] = {"To", 't', false},
    [CALL_ID] = {"Call-ID", 'i', false}, [CSEQ] = {"CSeq", 0, false},
    [CONTACT] = {"Contact", 'm', true},  [MAX_FORWARDS] = {"Max-Forwards", 0, false},
};

static struct slice trim(struct slice s)
{
    for (; s.size && strchr(" \t\r", *s.at); s.size--)
        s.at++;
    while (s.size && strchr(" \t\r", s.at[s.size - 1]))
        s.size--;
    return s;
}

/* What stands before the first such character, which is gone then too. */
static struct slice cut(struct slice *rest, char where)
{
    const char *found = memchr(rest->at, where, rest->size);
    struct slice head = {rest->at, found ? (size_t)(found - rest->at) : rest->size};
    size_t used = head.size + (found ? 1 : 0);

    *rest = (struct slice){rest->at + used, rest->size - used};
    return head;
}

/* Up to the next comma outside of <>. */
static struct slice cut_value(struct slice *rest)
{
    struct slice value = *rest;
    bool inside = false;

    for (value.size = 0; value.size < rest->size; value.size++) {
        char c = rest->at[value.size];

        if (c == ',' && !inside)
            break;
        inside = c == '<' || (inside && c != '>');
    }
    rest->at += value.size;
    rest->size -= value.size;
    if (rest->size)
        cut(rest, ',');
    return trim(value);
}

static bool is_named(struct slice name, enum field f)
{
    if (name.size == 1)
        return FIELD_NAMES[f].compact && (*name.at | 32) == FIELD_NAMES[f].compact;
    return strlen(FIELD_NAMES[f].name) == name.size &&
           !strncasecmp(FIELD_NAMES[f].name, name.at, name.size);
}

static void add_value(struct values *v, struct slice value)
{
    if (v->count < VALUES_MAX)
        v->value[v->count++] = value;
}

static void read_field(struct slice line, struct message *ret)
{
    struct slice name = trim(cut(&line, ':'));

    for (enum field f = VIA; f < FIELDS; f++) {
        if (!is_named(name, f))
            continue;
        if (!FIELD_NAMES[f].list)
            add_value(&ret->field[f], trim(line));
        while (FIELD_NAMES[f].list && line.size)
            add_value(&ret->field[f], cut_value(&line));
        return;
    }
}

static enum method method_of(struct slice name)
{
    for (enum method m = INVITE; m < OTHER; m++)
        if (strlen(METHOD_NAMES[m]) == name.size && !memcmp(METHOD_NAMES[m], name.at, name.size))
            return m;
    return OTHER;
}

static bool read_start(struct slice line, struct message *ret)
{
    struct slice first = cut(&line, ' ');

    if (first.size == 7 && !memcmp(first.at, "SIP/2.0", 7)) {
        ret->code = line.size >= 3 ? atoi(line.at) : 0;
        return ret->code >= 100 && ret->code < 700;
    }
    ret->code = 0;
    ret->method = method_of(first);
    ret->uri = cut(&line, ' ');
    return ret->uri.size > 0;
}

struct slice sip_first(const struct message *m, enum field f)
{
    return m->field[f].count ? m->field[f].value[0] : (struct slice){"", 0};
}

bool sip_read(struct slice bytes, struct message *ret)
{
    struct slice rest = bytes, line, cseq;

    ret->bytes = bytes;
    for (enum field f = VIA; f < FIELDS; f++)
        ret->field[f].count = 0;
    if (!memchr(bytes.at, '\n', bytes.size) || !read_start(trim(cut(&rest, '\n')), ret))
        return false;
    while ((line = trim(cut(&rest, '\n'))).size)
        read_field(line, ret);
    cseq = sip_first(ret, CSEQ);
    cut(&cseq, ' ');
    if (ret->code)
        ret->method = method_of(trim(cseq));
    for (enum field f = VIA; f < FIELDS; f++)
        if (!ret->field[f].count && f != RECORD_ROUTE && f != CONTACT && f != MAX_FORWARDS)
            return false;
    return true;
}

struct slice sip_uri_of(struct slice value)
{
    if (!memchr(value.at, '<', value.size))
        return cut(&value, ';');
    cut(&value, '<');
    return cut(&value, '>');
}

/* Our token in the branch of the topmost Via. */
bool sip_call_of_branch(const struct message *m, struct slice *ret)
{
    struct slice via = sip_first(m, VIA);
    const char *at = memmem(via.at, via.size, COOKIE, strlen(COOKIE));

    if (!at)
        return false;
    at += strlen(COOKIE);
    *ret = (struct slice){at, (size_t)(via.at + via.size - at)};
    return true;
}

bool sip_has_tag(struct slice to)
{
    return memmem(to.at, to.size, ";tag=", 5) != NULL;
}

/* ---- write ---- */

/* What the requests of a call do not have in common. */
struct head {
    enum method method;
    const char *uri;
    const char *branch; /* behind the token: each transaction has its own */
    struct slice to;
    const char *route; /* header lines, or "" */
    const char *cseq;
};

static void put_head(struct text *t, const struct call *c, const struct head *h)
{
    const char *caller = opt.end[CALLER].text;

    PUT(t, METHOD_NAMES[h->method], " ", h->uri, " SIP/2.0\r\n");
    PUT(t, "Via: SIP/2.0/UDP ", caller, ";rport;", COOKIE, c->token, h->branch, "\r\n", h->route);
    PUT(t, "Max-Forwards: 70\r\n");
    PUT(t, "From: \"Load Test\" <sip:caller@", caller, ">;tag=c", c->token, "\r\nTo: ");
    put_slice(t, h->to);
    PUT(t, "\r\nCall-ID: ", c->token, "@127.0.0.1\r\n");
    PUT(t, "CSeq: ", h->cseq, " ", METHOD_NAMES[h->method], "\r\n");
}

static void put_body(struct text *t, const char *type, const char *body)
{
    char length[16];

    snprintf(length, sizeof(length), "%zu", strlen(body));
    PUT(t, "Content-Type: ", type, "\r\nContent-Length: ", length, "\r\n\r\n", body);
}

static void put_contacts(struct text *t, const struct call *c)
{
    char branch[] = "b0";
    int count = opt.branches ? opt.branches : 1;

    PUT(t, "Contact: ");
    for (int i = 0; i < count; i++) {
        branch[1] = (char)('0' + i);
        PUT(t, i ? ", " : "", "<sip:", opt.branches ? branch : opt.prefix);
        put_decimal(t, c->aor);
        PUT(t, "@", opt.end[CALLEE].text, ">");
    }
    PUT(t, "\r\n");
}

/* The Call-ID is that of the user, and CSeq grows: a second one renews the first (RFC 3261 §10.2). */
static void put_register(struct text *t, const struct call *c)
{
    PUT(t, "REGISTER sip:", opt.domain, " SIP/2.0\r\n");
    PUT(t, "Via: SIP/2.0/UDP ", opt.end[CALLER].text, ";rport;", COOKIE, c->token, "r\r\n");
    PUT(t, "Max-Forwards: 70\r\n");
    PUT(t, "From: <", c->callee, ">;tag=c", c->token, "\r\nTo: <", c->callee, ">\r\n");
    PUT(t, "Call-ID: reg-");
    put_decimal(t, c->aor);
    PUT(t, "-", run_id(), "@127.0.0.1\r\nCSeq: ");
    put_decimal(t, 10000000 + c->number);
    PUT(t, " REGISTER\r\n");
    put_contacts(t, c);
    PUT(t, "Expires: 3600\r\n", AGENT, NO_BODY);
}

static void put_invite_fields(struct text *t)
{
    PUT(t, "Contact: <sip:caller@", opt.end[CALLER].text, ">\r\n");
    PUT(t, "Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, MESSAGE, UPDATE, PRACK\r\n");
    PUT(t, "Supported: replaces, timer\r\n", AGENT);
    put_body(t, "application/sdp", SDP);
}

void sip_write_first(struct text *t, const struct call *c, enum method method)
{
    char space[sizeof(c->callee) + 2];
    struct text to = text_over(space, sizeof(space));

    if (method == REGISTER) {
        put_register(t, c);
        return;
    }
    PUT(&to, "<", c->callee, ">");
    put_head(t, c,
             &(struct head){.method = method,
                            .uri = c->callee,
                            .branch = "i",
                            .to = {to.start, (size_t)(to.at - to.start)},
                            .route = "",
                            .cseq = "1"});
    if (method == INVITE)
        put_invite_fields(t);
    else if (method == MESSAGE)
        put_body(t, "text/plain", TEXT);
    else
        PUT(t, AGENT, "Accept: application/sdp\r\n", NO_BODY);
}

/* From the INVITE, with the To of the response (RFC 3261 §17.1.1.3). */
void sip_write_ack(struct text *t, const struct call *c, struct slice to)
{
    put_head(
        t, c,
        &(struct head){
            .method = ACK, .uri = c->callee, .branch = "i", .to = to, .route = "", .cseq = "1"});
    PUT(t, NO_BODY);
}

/* The ACK of a 2xx, or BYE: along the route set, to the remote target (RFC 3261 §12.2.1.1). */
void sip_write_in_dialog(struct text *t, const struct call *c, enum method method)
{
    put_head(t, c,
             &(struct head){.method = method,
                            .uri = c->target,
                            .branch = method == ACK ? "a" : "b",
                            .to = {c->to, strlen(c->to)},
                            .route = c->route,
                            .cseq = method == ACK ? "1" : "2"});
    PUT(t, AGENT, NO_BODY);
}

static void put_values(struct text *t, const struct message *m, enum field f)
{
    for (int i = 0; i < m->field[f].count; i++) {
        PUT(t, FIELD_NAMES[f].name, ": ");
        put_slice(t, m->field[f].value[i]);
        PUT(t, "\r\n");
    }
}

static void put_to(struct text *t, const struct message *m, const char *token, unsigned branch)
{
    char number[] = {(char)('0' + branch), 0};

    PUT(t, "To: ");
    put_slice(t, sip_first(m, TO));
    if (!sip_has_tag(sip_first(m, TO)))
        PUT(t, ";tag=u", number, token);
    PUT(t, "\r\n");
}

void sip_write_response(struct text *t, const struct call *c, const struct message *request,
                        int code, const char *reason, unsigned branch, enum extras extras)
{
    char digits[8];

    snprintf(digits, sizeof(digits), "%d ", code);
    PUT(t, "SIP/2.0 ", digits, reason, "\r\n");
    put_values(t, request, VIA);
    if (extras & WITH_CONTACT)
        put_values(t, request, RECORD_ROUTE);
    put_values(t, request, FROM);
    put_to(t, request, c->token, branch);
    put_values(t, request, CALL_ID);
    put_values(t, request, CSEQ);
    if (extras & WITH_CONTACT)
        PUT(t, "Contact: <sip:uas@", opt.end[CALLEE].text, ">\r\n");
    PUT(t, "User-Agent: tandem-bench\r\n");
    if (extras & WITH_SDP)
        put_body(t, "application/sdp", SDP);
    else
        PUT(t, NO_BODY);
}
