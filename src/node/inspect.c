/* What a new request deserves, in the order of RFC 3261 §16.3 for who passes requests on and of
 * §8.2 for who serves them. Nobody registers here yet: beyond the lab there is only the server
 * itself, and a request for anybody else goes nowhere. */
#include "base/ascii.h"
#include "node/node.h"

/* The server itself (RFC 3261 §11.2, §20.5): it answers OPTIONS. */
static const struct tnd_slice SERVER_ALLOW = TND_STR_INIT("Allow: OPTIONS\r\n");
static const struct tnd_slice SERVER_OPTIONS = TND_STR_INIT("Allow: OPTIONS\r\n"
                                                            "Accept: application/sdp\r\n"
                                                            "Accept-Encoding: identity\r\n"
                                                            "Accept-Language: en\r\n"
                                                            "Supported:\r\n");

/* A request, and what has been found out about whom it is for. */
struct inspection {
    struct tnd_node *n;
    struct node_got *got;
    struct node_answer *answer;
    bool is_ours;   /* the Request-URI is in a domain of ours, and no Route leads away */
    bool is_server; /* it is for the server itself */
    unsigned lab;   /* it is for this lab user; 0: for none */
};

static bool refuse(struct inspection *i, uint16_t code, enum tnd_rule rule, struct tnd_slice fact)
{
    *i->answer = (struct node_answer){.code = code, .rule = rule, .fact = fact, .says_why = true};
    return true;
}

/* A Route that names us is used up (RFC 3261 §16.4); another one leads away. */
static bool leads_away(const struct tnd_node *n, const struct node_got *got)
{
    struct tnd_values routes = tnd_msg_values(got->msg, TND_HEADER_ROUTE);
    struct tnd_addr route;

    while (tnd_addr_next(&routes, &route))
        if (!node_is_ours(n, &got->flow, &route.uri))
            return true;
    return false;
}

static void find_target(struct inspection *i)
{
    const struct tnd_uri *uri = &i->got->uri;

    i->is_ours = uri->scheme != TND_SCHEME_TEL && node_is_ours(i->n, &i->got->flow, uri) &&
                 !leads_away(i->n, i->got);
    i->is_server = i->is_ours && !uri->user.ptr && !i->got->is_passed;
    if (i->is_ours && i->n->config->lab && !i->got->is_passed)
        i->lab = tnd_lab_code(uri->user);
}

static bool is_for_registrar(const struct inspection *i)
{
    return i->got->is_passed && i->got->pass.is_register;
}

/* RFC 3261 §16.3, step 3. Not for what ends here. Departs from nothing: OPTIONS may be answered
 * as though it had arrived, and so is by the server, which tells who asks where it got to. */
static bool has_no_hops_left(struct inspection *i)
{
    struct tnd_values v = tnd_msg_values(i->got->msg, TND_HEADER_MAX_FORWARDS);
    uint32_t hops;

    if (i->is_server || i->lab || is_for_registrar(i) || !tnd_max_forwards_next(&v, &hops) ||
        hops > 0)
        return false;
    if (i->got->msg->method != TND_METHOD_OPTIONS)
        return refuse(i, 483, TND_RULE_PROXY_MAX_FORWARDS, i->got->msg->uri);
    *i->answer =
        (struct node_answer){.code = 200, .rule = TND_RULE_UAS_OPTIONS, .fields = SERVER_OPTIONS};
    return true;
}

/* The registrar knows an extension, and one user of the lab. */
static bool is_supported(const struct inspection *i, enum tnd_header kind, struct tnd_slice tag)
{
    if (i->lab == 580 && kind == TND_HEADER_REQUIRE && /* RFC 3312 §11 */
        tnd_slice_eq_fold(tag, TND_STR("precondition")))
        return true;
    return is_for_registrar(i) && tnd_slice_eq_fold(tag, TND_STR("path"));
}

/* The option tags of these fields that are not known, joined (RFC 3261 §8.2.2.3). Absent: there is
 * none, or no memory. */
static struct tnd_slice unsupported(struct inspection *i, const enum tnd_header *kinds,
                                    size_t kind_count)
{
    size_t room = 0;

    for (size_t k = 0; k < kind_count; k++)
        for (const struct tnd_field *f = tnd_msg_field(i->got->msg, kinds[k]); f;
             f = f->next ? &i->got->msg->fields[f->next] : NULL)
            room += 2 * (size_t)f->value_len + 2;
    if (room == 0)
        return tnd_slice(NULL, 0);
    char *at = tnd_arena_take(i->got->a, room);
    struct tnd_writer w = tnd_writer(at, at ? room : 0);
    for (size_t k = 0; k < kind_count; k++) {
        struct tnd_values v = tnd_msg_values(i->got->msg, kinds[k]);
        struct tnd_slice tag;

        while (tnd_token_next(&v, &tag)) {
            if (is_supported(i, kinds[k], tag))
                continue;
            if (w.len > 0)
                tnd_put(&w, TND_STR(", "));
            tnd_put(&w, tag);
        }
    }
    return w.len > 0 ? tnd_writer_slice(&w) : tnd_slice(NULL, 0);
}

static bool needs_more(struct inspection *i, enum tnd_rule rule, struct tnd_slice tags)
{
    if (!tags.ptr)
        return false;
    refuse(i, 420, rule, tags);
    i->answer->unsupported = tags;
    return true;
}

/* RFC 3261 §16.3, step 5. Who also serves the request says at once what else is not known. */
static bool asks_too_much_of_proxy(struct inspection *i)
{
    static const enum tnd_header kinds[] = {TND_HEADER_PROXY_REQUIRE, TND_HEADER_REQUIRE};
    bool serves = i->is_server || i->lab;

    if (!tnd_msg_has(i->got->msg, TND_HEADER_PROXY_REQUIRE))
        return false;
    return needs_more(i, TND_RULE_PROXY_REQUIRE, unsupported(i, kinds, serves ? 2 : 1));
}

/* RFC 3261 §8.2.2.3. lab-420 sees to that itself. */
static bool asks_too_much(struct inspection *i)
{
    if (i->lab == 420)
        return false;

    static const enum tnd_header kind = TND_HEADER_REQUIRE;

    return needs_more(i, TND_RULE_UAS_REQUIRE, unsupported(i, &kind, 1));
}

/* RFC 3261 §12.2.2: a tag in To that we never gave, or that is of a dialog that we forgot. */
static bool has_no_dialog(struct inspection *i)
{
    char room[NODE_TAG_SIZE];
    struct tnd_slice tag = i->got->parts.to_tag;

    if (!tag.ptr)
        return false;
    if (i->lab &&
        tnd_slice_eq_fold(tag, node_tag(i->n, &i->got->parts, NODE_TAG_DIALOG, i->lab, room)))
        return false;
    return refuse(i, 481, TND_RULE_UAS_NO_DIALOG, tag);
}

/* RFC 3261 §8.2.2.2: it has come already, by another way. */
static bool is_merged(struct inspection *i)
{
    const struct tnd_msg *msg = i->got->msg;

    i->got->merged = node_merged_key_of(i->got->a, i->got);
    if (!node_find_by_merged(i->n, i->got->merged))
        return false;
    return refuse(i, 482, TND_RULE_TXN_MERGED, tnd_msg_value(msg, TND_HEADER_VIA));
}

static bool at_server(struct inspection *i)
{
    if (i->got->msg->method != TND_METHOD_OPTIONS) {
        refuse(i, 405, TND_RULE_UAS_METHOD, i->got->msg->method_name);
        i->answer->fields = SERVER_ALLOW; /* RFC 3261 §8.2.1 */
        return true;
    }
    if (asks_too_much(i))
        return true;
    *i->answer =
        (struct node_answer){.code = 200, .rule = TND_RULE_UAS_OPTIONS, .fields = SERVER_OPTIONS};
    return true;
}

/* SIGTERM came: what is there goes on, nothing new begins. What we sent to ourselves is there. */
static bool is_too_late(struct inspection *i)
{
    if (!i->n->config->draining || i->got->parts.to_tag.ptr ||
        (i->got->is_passed && i->got->pass.is_spiral))
        return false;
    refuse(i, 503, TND_RULE_UAS_DRAINING, tnd_slice(NULL, 0));
    i->answer->fields = TND_STR("Retry-After: 30\r\n");
    return true;
}

/* RFC 3261 §16.3. A registrar serves its request, and understands Path (RFC 3327). */
static bool is_refused_passage(struct inspection *i)
{
    static const enum tnd_header require = TND_HEADER_REQUIRE;

    if (is_for_registrar(i) && needs_more(i, TND_RULE_UAS_REQUIRE, unsupported(i, &require, 1)))
        return true;
    return node_inspect_pass(i->n, i->got, i->answer);
}

static bool is_refused(struct inspection *i)
{
    if (is_too_late(i) || has_no_hops_left(i) || asks_too_much_of_proxy(i))
        return true;
    if (i->got->is_passed)
        return is_refused_passage(i);
    if (!i->is_ours)
        return refuse(i, 404, TND_RULE_UAS_REQUEST_URI, i->got->msg->uri);
    if (has_no_dialog(i))
        return true;
    if (i->is_server)
        return at_server(i);
    if (!i->lab)
        return refuse(i, 404, TND_RULE_UAS_USER, i->got->uri.user);
    return is_merged(i) || asks_too_much(i);
}

enum node_way node_inspect(struct tnd_node *n, struct node_got *got, struct node_answer *ret,
                           unsigned *ret_code)
{
    struct inspection i = {.n = n, .got = got, .answer = ret};

    find_target(&i);
    *ret_code = got->lab = i.lab;
    if (is_refused(&i))
        return NODE_ANSWER;
    return got->is_passed ? NODE_PASS : NODE_SERVE;
}
