/* The header fields that a code asks for: one table. A field that names what would be welcome
 * does not name what was just refused, so that nobody tries the same again: Allow of lab-405,
 * Accept of lab-415, Allow-Events of lab-489. */
#include "lab/parts.h"

#define SDP_TYPE  "application/sdp"
#define TEXT_TYPE "text/plain"

static const char *const methods[] = {"INVITE",  "ACK",     "CANCEL", "BYE",
                                      "OPTIONS", "MESSAGE", "INFO",   "UPDATE"};

static void put_value(struct tnd_writer *w, enum tnd_header kind, const char *value)
{
    tnd_put_field(w, kind, tnd_slice_str(value));
}

static void put_methods(struct tnd_writer *w, const char *but)
{
    bool begun = false;

    tnd_put_field_name(w, TND_HEADER_ALLOW);
    for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++) {
        if (strlen(methods[i]) == strlen(but) && memcmp(methods[i], but, strlen(but)) == 0)
            continue;
        tnd_put_str(w, begun ? ", " : "");
        tnd_put_str(w, methods[i]);
        begun = true;
    }
    tnd_put_line_end(w);
}

void lab_put_allow(struct tnd_writer *w, const struct lab_asking *q)
{
    (void)q;
    put_methods(w, "");
}

static void put_other_methods(struct tnd_writer *w, const struct lab_asking *q)
{
    put_methods(w, tnd_method_name((enum tnd_method)q->asked->request->method));
}

void lab_put_accept(struct tnd_writer *w, const struct lab_asking *q)
{
    switch ((enum tnd_method)q->asked->request->method) {
    case TND_METHOD_MESSAGE: /* RFC 3428 §7 */
        put_value(w, TND_HEADER_ACCEPT, TEXT_TYPE);
        return;
    case TND_METHOD_INVITE:
    case TND_METHOD_OPTIONS:
    case TND_METHOD_UPDATE:
        put_value(w, TND_HEADER_ACCEPT, SDP_TYPE);
        return;
    case TND_METHOD_ACK:
    case TND_METHOD_BYE:
    case TND_METHOD_CANCEL:
    case TND_METHOD_COUNT:
    case TND_METHOD_INFO:
    case TND_METHOD_NOTIFY:
    case TND_METHOD_OTHER:
    case TND_METHOD_PRACK:
    case TND_METHOD_PUBLISH:
    case TND_METHOD_REFER:
    case TND_METHOD_REGISTER:
    case TND_METHOD_SUBSCRIBE:
        put_value(w, TND_HEADER_ACCEPT, ""); /* RFC 3261 §20.1: no type is */
        return;
    }
}

void lab_put_accept_encoding(struct tnd_writer *w, const struct lab_asking *q)
{
    (void)q;
    put_value(w, TND_HEADER_ACCEPT_ENCODING, "identity");
}

/* RFC 6086 §4.2.2: no package at all. */
void lab_put_recv_info(struct tnd_writer *w, const struct lab_asking *q)
{
    (void)q;
    put_value(w, TND_HEADER_RECV_INFO, "");
}

/* RFC 3261 §14.2, RFC 3311 §5.2: "randomly chosen", by the owner's number. */
void lab_put_retry_soon(struct tnd_writer *w, const struct lab_asking *q)
{
    tnd_put_field_name(w, TND_HEADER_RETRY_AFTER);
    tnd_put_number(w, q->asked->number % 11);
    tnd_put_line_end(w);
}

static void put_in_angles(struct tnd_writer *w, struct tnd_slice uri)
{
    tnd_put_char(w, '<');
    tnd_put(w, uri);
    tnd_put_char(w, '>');
}

static void put_own_contact(struct tnd_writer *w, const struct lab_asking *q)
{
    tnd_put_field_name(w, TND_HEADER_CONTACT);
    put_in_angles(w, q->asked->contact);
    tnd_put_line_end(w);
}

/* INVITE: RFC 3261 §13.3.1.4; OPTIONS: §11.2; UPDATE: RFC 3311 §5.2, a target refresh.
 * MESSAGE: no Contact (RFC 3428 §7). */
void lab_put_accepted(struct tnd_writer *w, const struct lab_asking *q)
{
    uint8_t method = q->asked->request->method;

    if (method == TND_METHOD_INVITE || method == TND_METHOD_UPDATE)
        put_own_contact(w, q);
    else if (method != TND_METHOD_OPTIONS)
        return;
    lab_put_allow(w, q);
    lab_put_accept(w, q);
    if (method == TND_METHOD_OPTIONS) {
        lab_put_accept_encoding(w, q);
        put_value(w, TND_HEADER_ACCEPT_LANGUAGE, "*");
    }
    /* RFC 3312 §11, §12. Departs from RFC 3312 §11: without 100rel, because what lab-580 has to say of
     * preconditions is in its final response. */
    bool reserves = tnd_lab_code(q->asked->uri->user) == 580;
    put_value(w, TND_HEADER_SUPPORTED, reserves ? "precondition" : "");
}

/* RFC 3261 §13.3.1.1, §12.1.1: it makes an early dialog. */
static void put_provisional(struct tnd_writer *w, const struct lab_asking *q)
{
    put_own_contact(w, q);
    if (q->code == 199) /* RFC 6228 §5: MUST say why */
        put_value(w, TND_HEADER_REASON, "SIP;cause=487");
}

/* RFC 3261 §16.6: those of a higher q are tried first; ten of them at most. */
static void put_given_contacts(struct tnd_writer *w, const struct lab_asking *q)
{
    const struct lab_params *p = q->params;

    _Static_assert(TND_LAB_CONTACT_COUNT_MAX == 10, "there are ten steps of 0.1");
    tnd_put_field_name(w, TND_HEADER_CONTACT);
    for (size_t i = 0; i < p->contact_count; i++) {
        tnd_put_str(w, i > 0 ? ", " : "");
        tnd_contact_write(w, &p->contacts[i]);
        if (p->contact_count > 1 && p->contacts[i].q < 0) {
            tnd_put_str(w, i == 0 ? ";q=1." : ";q=0.");
            tnd_put_number(w, i == 0 ? 0 : TND_LAB_CONTACT_COUNT_MAX - i);
        }
    }
    tnd_put_line_end(w);
}

static void put_contacts_if_given(struct tnd_writer *w, const struct lab_asking *q)
{
    if (q->params->contact_count > 0)
        put_given_contacts(w, q);
}

/* lab-200 where the caller found this user. */
static void put_contacts(struct tnd_writer *w, const struct lab_asking *q)
{
    const struct tnd_uri *here = q->asked->uri;
    struct tnd_addr addr = {.uri = {.scheme = here->scheme,
                                    .user = TND_STR("lab-200"),
                                    .host = here->host.ptr ? here->host : q->asked->host,
                                    .port = here->port}};

    if (q->params->contact_count > 0) {
        put_given_contacts(w, q);
        return;
    }
    tnd_put_field_name(w, TND_HEADER_CONTACT);
    tnd_addr_write(w, &addr);
    tnd_put_line_end(w);
}

/* RFC 8760 §2.3: one challenge for each algorithm, the preferred first. */
static void put_challenges(struct tnd_writer *w, const struct lab_asking *q, enum tnd_header kind)
{
    static const enum tnd_algorithm algorithms[] = {TND_ALGORITHM_SHA_256, TND_ALGORITHM_MD5};

    for (size_t i = 0; i < sizeof(algorithms) / sizeof(*algorithms); i++) {
        struct tnd_auth auth = {.scheme = TND_STR("Digest"),
                                .realm = q->asked->host,
                                .nonce = q->asked->nonce,
                                .algorithm_name = tnd_slice_str(tnd_algorithm_name(algorithms[i])),
                                .qop = TND_STR("auth"),
                                .digest = true};
        tnd_put_field_name(w, kind);
        tnd_challenge_write(w, &auth);
        tnd_put_line_end(w);
    }
}

static void put_www_challenges(struct tnd_writer *w, const struct lab_asking *q)
{
    put_challenges(w, q, TND_HEADER_WWW_AUTHENTICATE);
}

static void put_proxy_challenges(struct tnd_writer *w, const struct lab_asking *q)
{
    put_challenges(w, q, TND_HEADER_PROXY_AUTHENTICATE);
}

static bool is_of_type(const struct tnd_msg *msg, struct tnd_slice type, struct tnd_slice subtype)
{
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_CONTENT_TYPE);
    struct tnd_media_type media;

    return tnd_media_type_next(&v, &media) && tnd_media_type_is(&media, type, subtype);
}

static void put_other_types(struct tnd_writer *w, const struct lab_asking *q)
{
    const struct tnd_msg *request = q->asked->request;

    if (is_of_type(request, TND_STR("application"), TND_STR("sdp")))
        put_value(w, TND_HEADER_ACCEPT, TEXT_TYPE);
    else if (is_of_type(request, TND_STR("text"), TND_STR("plain")))
        put_value(w, TND_HEADER_ACCEPT, SDP_TYPE);
    else
        put_value(w, TND_HEADER_ACCEPT, SDP_TYPE ", " TEXT_TYPE);
    if (tnd_msg_has(request, TND_HEADER_CONTENT_ENCODING))
        lab_put_accept_encoding(w, q);
}

static void put_event(struct tnd_writer *w, const struct lab_asking *q)
{
    struct tnd_values v = tnd_msg_values(q->asked->request, TND_HEADER_EVENT);
    struct tnd_event event;
    bool is_presence =
        tnd_event_next(&v, &event) && tnd_slice_eq_fold(event.package, TND_STR("presence"));

    put_value(w, TND_HEADER_ALLOW_EVENTS, is_presence ? "dialog" : "presence");
}

/* A list of tags that is bounded in number and, line by line, in length. */
struct tag_list {
    struct tnd_writer *w;
    size_t count, line_start;
};

enum { TAG_LINE_LEN = 4096 };

static void put_tag(struct tag_list *l, struct tnd_slice tag)
{
    if (l->count == TND_LIST_COUNT_MAX)
        return;
    if (l->count > 0 && l->w->len - l->line_start + tag.len <= TAG_LINE_LEN) {
        tnd_put_str(l->w, ", ");
    } else {
        if (l->count > 0)
            tnd_put_line_end(l->w);
        l->line_start = l->w->len;
        tnd_put_field_name(l->w, TND_HEADER_UNSUPPORTED);
    }
    tnd_put(l->w, tag);
    l->count++;
}

static void put_required(struct tag_list *l, const struct tnd_msg *request, enum tnd_header kind)
{
    struct tnd_values v = tnd_msg_values(request, kind);
    struct tnd_slice tag;

    while (tnd_token_next(&v, &tag))
        put_tag(l, tag);
}

bool lab_requires(const struct tnd_msg *request)
{
    return tnd_msg_has(request, TND_HEADER_REQUIRE) ||
           tnd_msg_has(request, TND_HEADER_PROXY_REQUIRE);
}

static void put_unsupported(struct tnd_writer *w, const struct lab_asking *q)
{
    struct tag_list l = {w, 0, w->len};

    for (size_t i = 0; i < q->params->tag_count; i++)
        put_tag(&l, q->params->tags[i]);
    if (q->params->tag_count == 0) {
        put_required(&l, q->asked->request, TND_HEADER_REQUIRE);
        put_required(&l, q->asked->request, TND_HEADER_PROXY_REQUIRE);
    }
    tnd_put_line_end(w);
}

static void put_extension(struct tnd_writer *w, const struct lab_asking *q)
{
    put_value(w, TND_HEADER_REQUIRE, lab_extension(q->asked->request));
}

static void put_seconds(struct tnd_writer *w, enum tnd_header kind, uint32_t seconds)
{
    tnd_put_field_name(w, kind);
    tnd_put_number(w, seconds);
    tnd_put_line_end(w);
}

static void put_min_se(struct tnd_writer *w, const struct lab_asking *q)
{
    (void)q;
    put_seconds(w, TND_HEADER_MIN_SE, TND_LAB_SESSION_MIN);
}

static void put_min_expires(struct tnd_writer *w, const struct lab_asking *q)
{
    (void)q;
    put_seconds(w, TND_HEADER_MIN_EXPIRES, TND_LAB_EXPIRES_MIN);
}

static void put_location_error(struct tnd_writer *w, const struct lab_asking *q)
{
    (void)q;
    put_value(w, TND_HEADER_GEOLOCATION_ERROR, "100;code=\"Cannot Process Location\"");
}

static void put_alert_error(struct tnd_writer *w, const struct lab_asking *q)
{
    (void)q;
    put_value(w, TND_HEADER_ALERTMSG_ERROR, "100;code=\"Cannot process the alert payload\"");
}

static void put_missing(struct tnd_writer *w, const struct lab_asking *q)
{
    tnd_put_field_name(w, TND_HEADER_PERMISSION_MISSING);
    put_in_angles(w, q->asked->contact);
    tnd_put_line_end(w);
}

static void put_security(struct tnd_writer *w, const struct lab_asking *q)
{
    (void)q;
    put_value(w, TND_HEADER_SECURITY_SERVER, "tls;q=0.1");
    put_value(w, TND_HEADER_REQUIRE, "sec-agree");
}

void lab_put_warning(struct tnd_writer *w, const struct lab_asking *q)
{
    struct tnd_warning warning = {
        .agent = q->asked->host, .text = TND_STR("\"As the user is called\""), .code = 399};

    if (q->code == 580)
        warning.text =
            TND_STR("\"No resources can be reserved here: preconditions may be optional\"");
    tnd_put_field_name(w, TND_HEADER_WARNING);
    tnd_warning_write(w, &warning);
    tnd_put_line_end(w);
}

/* Codes that need more than their number. Of RFC 3329, 5360 and 8876 nothing more is known
 * here than the registries of IANA say. 608 has no Call-Info: it would be a signed one. */
static const struct {
    uint16_t code;
    lab_put *put;
} rows[] = {
    {401, put_www_challenges},    /* RFC 3261 §21.4.2, §22.2 */
    {405, put_other_methods},     /* RFC 3261 §21.4.6 */
    {407, put_proxy_challenges},  /* RFC 3261 §21.4.8, §22.3 */
    {415, put_other_types},       /* RFC 3261 §21.4.13 */
    {420, put_unsupported},       /* RFC 3261 §21.4.15 */
    {421, put_extension},         /* RFC 3261 §21.4.16 */
    {422, put_min_se},            /* RFC 4028 §6 */
    {423, put_min_expires},       /* RFC 3261 §21.4.17, §20.23 */
    {424, put_location_error},    /* RFC 6442 §4.3, §4.4 */
    {425, put_alert_error},       /* RFC 8876 */
    {469, lab_put_recv_info},     /* RFC 6086 §4.2.2 */
    {470, put_missing},           /* RFC 5360 */
    {485, put_contacts_if_given}, /* RFC 3261 §21.4.23 */
    {488, lab_put_warning},       /* RFC 3261 §21.4.26, §13.3.1.3 */
    {489, put_event},             /* RFC 6665 §8.2.2, §4.4.4 */
    {494, put_security},          /* RFC 3329 */
    {580, lab_put_warning},       /* RFC 3312 §8 */
    {606, lab_put_warning},       /* RFC 3261 §21.6.4 */
};

void lab_put_code(struct tnd_writer *w, const struct lab_asking *q)
{
    if (q->code < 200)
        put_provisional(w, q);
    if (q->code >= 300 && q->code < 400) /* RFC 3261 §21.3; what is unknown is a 300 */
        put_contacts(w, q);
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        if (rows[i].code == q->code)
            rows[i].put(w, q);
    if (q->code >= 300 && q->params->retry_after >= 0) { /* RFC 3261 §20.33 */
        tnd_put_field_name(w, TND_HEADER_RETRY_AFTER);
        tnd_put_number(w, (uint64_t)q->params->retry_after);
        tnd_put_line_end(w);
    }
}

/* Written twice: to know how much it is, and into that much room. */
struct tnd_slice lab_fields(const struct lab_asking *q, lab_put *put)
{
    struct tnd_writer count = tnd_writer(NULL, 0);

    put(&count, q);
    struct tnd_writer w = tnd_writer(tnd_arena_take(q->asked->a, count.len), count.len);
    if (!w.ptr)
        return (struct tnd_slice){NULL, 0};
    put(&w, q);
    return tnd_writer_slice(&w);
}
