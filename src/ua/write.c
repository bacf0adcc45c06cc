/* What a request of ours says: the head (RFC 3261 §8.1.1), the option tags, who we are, and what its user
 * wants besides. Via and Contact come last, for they depend on the way that an attempt goes. */
#include "ua/call.h"

#include "tandem/transport/request.h"

enum { FIRST_ROOM = 2048, COPY_ROOM = 512, REFRESH_ROOM = 256 };

const struct tnd_slice ua_allow =
    TND_STR_INIT("INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, INFO, MESSAGE");

/* A list of option tags that is being written. */
struct tags {
    struct tnd_writer *w;
    enum tnd_header kind;
    size_t count;
};

static void put_tag(struct tags *tags, struct tnd_slice tag)
{
    if (tags->count++ == 0)
        tnd_put_field_name(tags->w, tags->kind);
    else
        tnd_put(tags->w, TND_STR(", "));
    tnd_put(tags->w, tag);
}

static void end_tags(struct tags *tags)
{
    if (tags->count > 0)
        tnd_put_line_end(tags->w);
}

static bool is_among(const struct tnd_slice *tags, size_t count, struct tnd_slice tag)
{
    for (size_t i = 0; i < count; i++)
        if (tnd_slice_eq_fold(tags[i], tag))
            return true;
    return false;
}

/* Its index among the tags that are not asked for any more; -1: it is none of them. */
static int dropped(const struct ua_errand *e, struct tnd_slice tag)
{
    const struct tnd_recover_next *next = &e->recover.next;

    for (int i = 0; i < next->drop_count; i++)
        if (tnd_slice_eq_fold(next->dropped[i], tag))
            return i;
    return -1;
}

/* What each method offers by itself. */
static const char *const *own_tags(enum tnd_method method)
{
    static const char *const invite[] = {"100rel", "timer", "histinfo", NULL};
    static const char *const in_call[] = {"timer", NULL};
    static const char *const registering[] = {"path", NULL};
    static const char *const none[] = {NULL};

    if (method == TND_METHOD_INVITE || method == TND_METHOD_OPTIONS)
        return invite;
    if (method == TND_METHOD_REGISTER)
        return registering;
    return method == TND_METHOD_UPDATE || method == TND_METHOD_PRACK || method == TND_METHOD_BYE
               ? in_call
               : none;
}

bool ua_has_option(const struct tnd_ua *ua, const struct ua_errand *e, struct tnd_slice tag)
{
    (void)ua;
    for (const char *const *own = own_tags((enum tnd_method)e->method); *own; own++)
        if (tnd_slice_eq_fold(tnd_slice_str(*own), tag))
            return true;
    return e->preconditions && tnd_slice_eq_fold(tag, TND_STR("precondition"));
}

static void put_require(struct tnd_writer *w, const struct ua_errand *e)
{
    struct tags tags = {.w = w, .kind = TND_HEADER_REQUIRE};

    for (size_t i = 0; i < e->with.require_count; i++)
        if (dropped(e, e->with.require[i]) < 0)
            put_tag(&tags, e->with.require[i]);
    /* RFC 3312 §11 */
    if (e->requires_preconditions && dropped(e, TND_STR("precondition")) < 0 &&
        !is_among(e->with.require, e->with.require_count, TND_STR("precondition")))
        put_tag(&tags, TND_STR("precondition"));
    end_tags(&tags);
}

static bool is_supported(const struct ua_errand *e, struct tnd_slice tag)
{
    int at = dropped(e, tag);

    return at < 0 || !e->recover.next.drop_supported[at];
}

/* What was required, and the other side does not know, is offered still (RFC 3261 §8.1.3.5). */
static void put_dropped(struct tags *tags, const struct ua_errand *e)
{
    for (size_t i = 0; i < e->with.require_count; i++) {
        int at = dropped(e, e->with.require[i]);

        if (at >= 0 && !e->recover.next.drop_supported[at])
            put_tag(tags, e->with.require[i]);
    }
}

/* RFC 3261 §21.4.16: what a 421 asked for, and the policy offers. */
static void put_added(struct tags *tags, const struct tnd_ua *ua, const struct ua_errand *e)
{
    const struct tnd_recover_next *next = &e->recover.next;

    for (uint8_t i = 0; i < next->add_count; i++)
        if (!ua_has_option(ua, e, next->added[i]) &&
            !is_among(e->with.supported, e->with.supported_count, next->added[i]))
            put_tag(tags, next->added[i]);
}

static void put_supported(struct tnd_writer *w, const struct tnd_ua *ua, const struct ua_errand *e)
{
    struct tags tags = {.w = w, .kind = TND_HEADER_SUPPORTED};

    for (const char *const *own = own_tags((enum tnd_method)e->method); *own; own++)
        if (is_supported(e, tnd_slice_str(*own)))
            put_tag(&tags, tnd_slice_str(*own));
    if (e->preconditions && is_supported(e, TND_STR("precondition")))
        put_tag(&tags, TND_STR("precondition"));
    for (size_t i = 0; i < e->with.supported_count; i++)
        if (is_supported(e, e->with.supported[i]) && !ua_has_option(ua, e, e->with.supported[i]))
            put_tag(&tags, e->with.supported[i]);
    put_dropped(&tags, e);
    put_added(&tags, ua, e);
    end_tags(&tags);
}

/* From, To, Call-ID and CSeq of what is in no dialog (RFC 3261 §8.1.1). */
static void put_names(struct tnd_writer *w, const struct ua_errand *e)
{
    struct tnd_cseq cseq = {.number = e->names.cseq,
                            .method_name =
                                tnd_slice_str(tnd_method_name((enum tnd_method)e->method))};

    tnd_put_field(w, TND_HEADER_MAX_FORWARDS, TND_STR("70"));
    tnd_put_field(w, TND_HEADER_FROM, e->names.from);
    tnd_put_field(w, TND_HEADER_TO, e->names.to);
    tnd_put_field(w, TND_HEADER_CALL_ID, e->names.call_id);
    tnd_put_field_name(w, TND_HEADER_CSEQ);
    tnd_cseq_write(w, &cseq);
    tnd_put_line_end(w);
}

static bool says_allow(enum tnd_method method)
{
    return method == TND_METHOD_INVITE || method == TND_METHOD_OPTIONS ||
           method == TND_METHOD_UPDATE;
}

/* RFC 3261 §20.5, §20.41 */
static void put_ourselves(struct tnd_writer *w, const struct tnd_ua *ua, const struct ua_errand *e)
{
    if (e->recover.next.is_smaller)
        return;
    if (says_allow((enum tnd_method)e->method))
        tnd_put_field(w, TND_HEADER_ALLOW, ua_allow);
    if (ua->config.agent.ptr)
        tnd_put_field(w, TND_HEADER_USER_AGENT, ua->config.agent);
}

/* Those of the call, of the registration, or its own. None in an ACK, which has those of its INVITE
 * (RFC 3261 §22.1). */
struct tnd_auth_client *ua_auth_of(const struct ua_errand *e)
{
    if (e->method == TND_METHOD_ACK)
        return NULL;
    if (e->leg)
        return e->leg->call ? e->leg->call->auth : NULL;
    return e->auth;
}

static bool put_credentials(struct tnd_writer *w, const struct ua_errand *e)
{
    struct tnd_slice method = tnd_slice_str(tnd_method_name((enum tnd_method)e->method));

    return tnd_auth_client_write(ua_auth_of(e), w, method, e->text.uri, e->body) == 0;
}

/* RFC 3261 §21.4.17. A registration says it itself. */
static void put_expires(struct tnd_writer *w, const struct ua_errand *e)
{
    if (e->method == TND_METHOD_REGISTER || e->recover.next.expires == 0)
        return;
    tnd_put_field_name(w, TND_HEADER_EXPIRES);
    tnd_put_number(w, e->recover.next.expires);
    tnd_put_line_end(w);
}

static bool put_rest(struct tnd_writer *w, const struct tnd_ua *ua, const struct ua_errand *e,
                     struct tnd_slice credentials)
{
    if (!e->leg)
        put_names(w, e);
    tnd_put(w, credentials);
    put_require(w, e);
    put_supported(w, ua, e);
    put_ourselves(w, ua, e);
    ua_history_put(w, e);
    put_expires(w, e);
    tnd_put(w, e->fields);
    tnd_put(w, e->with.fields);
    if (!e->leg)
        tnd_put(w, e->recover.next.fields); /* RFC 3261 §8.1.3.4 */
    tnd_put_body(w, e->content_type, e->body);
    return !tnd_writer_over(w);
}

/* Each use of a nonce counts, so they are written once. */
static bool write_credentials(struct tnd_ua *ua, const struct ua_errand *e, struct tnd_slice *ret)
{
    enum { ROOM = 8192 };
    char *at = ua_auth_of(e) ? tnd_arena_take(&ua->work, ROOM) : NULL;
    struct tnd_writer w = tnd_writer(at, at ? ROOM : 0);

    if (ua_auth_of(e) && (!at || !put_credentials(&w, e) || tnd_writer_over(&w)))
        return false;
    *ret = tnd_writer_slice(&w);
    return true;
}

static bool write_rest(struct tnd_ua *ua, struct ua_errand *e)
{
    struct tnd_slice credentials = {NULL, 0};
    struct tnd_writer count = tnd_writer(NULL, 0);

    if (!write_credentials(ua, e, &credentials))
        return false;
    put_rest(&count, ua, e, credentials);
    char *at = tnd_arena_take(&e->object.arena, count.len);
    struct tnd_writer w = tnd_writer(at, at ? count.len : 0);
    if (!at || !put_rest(&w, ua, e, credentials))
        return false;
    e->text.rest = tnd_writer_slice(&w);
    return true;
}

/* RFC 3261 §8.1.2: a configured proxy is a route set of one; behind it, what the registrar wants to be
 * passed (RFC 3608 §6.1). */
static bool write_route(const struct tnd_ua *ua, struct ua_errand *e)
{
    struct tnd_slice service =
        e->method == TND_METHOD_REGISTER ? tnd_slice(NULL, 0) : ua->service_route;
    size_t room = ua->config.proxy.len + service.len + 16;
    char *at = tnd_arena_take(&e->object.arena, room);
    struct tnd_writer w = tnd_writer(at, at ? room : 0);
    struct tnd_slice lr;

    if (!at)
        return false;
    if (ua->config.proxy.ptr) {
        bool is_loose = tnd_param_find(ua->proxy.params, TND_STR("lr"), &lr);

        tnd_put_char(&w, '<');
        tnd_put(&w, ua->config.proxy);
        tnd_put(&w, is_loose ? TND_STR(">") : TND_STR(";lr>"));
    }
    if (ua->config.proxy.ptr && service.ptr)
        tnd_put(&w, TND_STR(", "));
    tnd_put(&w, service);
    e->text.route = w.len > 0 ? tnd_writer_slice(&w) : tnd_slice(NULL, 0);
    return true;
}

/* Where a telephone number is asked for that names no host. */
static struct tnd_slice own_domain(const struct tnd_ua *ua, struct tnd_arena *a)
{
    size_t room = ua->from.uri.host.len + 16;
    char *at = tnd_arena_take(a, room);
    struct tnd_writer w = tnd_writer(at, at ? room : 0);
    struct tnd_uri uri = {.scheme = TND_SCHEME_SIP,
                          .host = ua->from.uri.host,
                          .host_kind = ua->from.uri.host_kind,
                          .port = ua->from.uri.port};

    tnd_uri_write(&w, &uri);
    return tnd_writer_slice(&w);
}

static bool find_hop(const struct tnd_ua *ua, struct ua_errand *e)
{
    struct tnd_marks room;
    struct tnd_values v;
    struct tnd_addr first;
    struct tnd_uri uri;

    e->text.hop = e->text.uri;
    if (e->text.route.ptr) {
        v = tnd_values(e->text.route, &room);
        if (!tnd_addr_next(&v, &first))
            return false;
        e->text.hop = first.uri.text;
    } else if (ua_uri_read(e->text.uri, &uri) == 0 && uri.scheme == TND_SCHEME_TEL) {
        e->text.hop = own_domain(ua, &e->object.arena);
    }
    return e->text.hop.ptr;
}

static bool makes_contact(enum tnd_method method)
{
    return method == TND_METHOD_INVITE || method == TND_METHOD_UPDATE ||
           method == TND_METHOD_OPTIONS;
}

/* What its user has to say this time. */
static bool prepare(struct tnd_ua *ua, struct ua_errand *e)
{
    if (e->leg)
        return ua_leg_prepare(ua, e->leg, e);
    e->text.uri = e->recover.next.uri;
    if (e->owner && e->owner->kind == UA_CALL)
        return ua_call_prepare(ua, (struct ua_call *)e->owner, e);
    if (e->owner && e->owner->kind == UA_REGISTRATION)
        return ua_registration_prepare(ua, (struct ua_registration *)e->owner, e);
    e->names.cseq++;
    return true;
}

bool ua_write_attempt(struct tnd_ua *ua, struct ua_errand *e)
{
    e->text.has_contact = makes_contact((enum tnd_method)e->method);
    if (!prepare(ua, e) || !e->text.uri.ptr)
        return false;
    if (!e->leg && (!write_route(ua, e) || !find_hop(ua, e)))
        return false;
    return write_rest(ua, e);
}

static void put_via(struct tnd_writer *w, const struct tnd_endpoint *own,
                    const struct tnd_endpoint *to, const char branch[UA_BRANCH_LEN])
{
    char host[TND_ENDPOINT_LEN_MAX];
    struct tnd_writer host_w = tnd_writer(host, sizeof(host));

    ua_put_host(&host_w, own);
    tnd_put_field_name(w, TND_HEADER_VIA);
    tnd_request_via_write(w, &(struct tnd_request_via){
                                 .transport = (enum tnd_transport)to->transport,
                                 .host = tnd_writer_slice(&host_w),
                                 .port = own->port,
                                 .branch = tnd_slice(branch, UA_BRANCH_LEN),
                                 .rport = true, /* RFC 3581 §3 */
                             });
    tnd_put_line_end(w);
}

static void put_copy(struct tnd_writer *w, const struct tnd_ua *ua, const struct ua_errand *e,
                     const struct tnd_endpoint *own, struct tnd_slice via)
{
    struct tnd_slice method = tnd_slice_str(tnd_method_name((enum tnd_method)e->method));

    if (e->leg) {
        ua_leg_put_head(w, e->leg, e, via);
    } else {
        tnd_put_request_line(w, method, e->text.uri);
        tnd_put(w, via);
        if (e->text.route.ptr)
            tnd_put_field(w, TND_HEADER_ROUTE, e->text.route);
    }
    if (e->text.has_contact) {
        tnd_put_field_name(w, TND_HEADER_CONTACT);
        ua_put_contact(w, ua, own);
        tnd_put_line_end(w);
    }
    tnd_put(w, e->text.rest);
}

struct tnd_slice ua_write_copy(struct tnd_ua *ua, const struct ua_errand *e,
                               const struct tnd_endpoint *to, const char branch[UA_BRANCH_LEN])
{
    char lines[COPY_ROOM];
    struct tnd_writer via = tnd_writer(lines, sizeof(lines));
    const struct tnd_endpoint *own = ua_address_for(ua, to);

    put_via(&via, own, to, branch);
    for (size_t room = FIRST_ROOM + e->text.rest.len;;) {
        char *at = tnd_arena_take(&ua->work, room);
        struct tnd_writer w = tnd_writer(at, at ? room : 0);

        if (!at)
            return tnd_slice(NULL, 0);
        put_copy(&w, ua, e, own, tnd_writer_slice(&via));
        if (!tnd_writer_over(&w))
            return tnd_writer_slice(&w);
        room = w.len;
    }
}

/* RFC 4028 §7.1, §7.4; §7.3 after a 422. */
struct tnd_slice ua_refresh_lines(struct ua_errand *e, const struct tnd_refresh *refresh,
                                  struct tnd_refresh_fields *asked)
{
    char *at = tnd_arena_take(&e->object.arena, REFRESH_ROOM);
    struct tnd_writer w = tnd_writer(at, at ? REFRESH_ROOM : 0);
    uint32_t min = e->recover.next.min_se;

    tnd_refresh_ask(refresh, asked);
    if (min > asked->min)
        asked->min = min;
    if (asked->expires && min > asked->expires)
        asked->expires = min;
    tnd_refresh_write(&w, asked);
    return tnd_writer_slice(&w);
}
