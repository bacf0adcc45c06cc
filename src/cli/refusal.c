/* The header fields and the body of a refusal: one table, as that of the lab (src/lab/fields.c). */
#include "cli/refusal.h"

#include <stdlib.h>

#include "net/clock.h"
#include "tandem/redirect.h"
#include "tandem/sip/field.h"
#include "tandem/sip/session.h"

enum { SECONDS_LEAST = 7200 }; /* more than a caller asks for by himself */

struct asking {
    struct refuser *r;
    const struct agent_options *o;
    const struct tnd_msg *invite;
    struct tnd_writer *w;
};

int refuser_open(struct refuser *r, struct agent *a)
{
    *r = (struct refuser){.a = a};
    tnd_entropy(&r->key, sizeof(r->key));
    if (!a->password.text.ptr)
        return CLI_OK;
    r->seen = calloc(1, sizeof(*r->seen));
    return r->seen ? CLI_OK : cli_fail("%s: out of memory", a->o->name);
}

void refuser_close(struct refuser *r)
{
    free(r->seen);
    r->seen = NULL;
}

static uint32_t least(const struct agent_options *o)
{
    return o->at_least ? o->at_least : SECONDS_LEAST;
}

static void put_seconds(struct tnd_writer *w, enum tnd_header kind, uint32_t seconds)
{
    tnd_put_field_name(w, kind);
    tnd_put_number(w, seconds);
    tnd_put_line_end(w);
}

static bool has_tag(const struct tnd_msg *msg, enum tnd_header kind, struct tnd_slice wanted)
{
    struct tnd_values v = tnd_msg_values(msg, kind);
    struct tnd_slice tag;

    while (tnd_token_next(&v, &tag))
        if (tnd_slice_eq_fold(tag, wanted))
            return true;
    return false;
}

/* Whether the name and the password are right; of --user alone, else of anybody. */
static enum tnd_auth_result check(const struct refuser *r, const struct tnd_auth_with *with,
                                  const struct tnd_msg *invite, enum tnd_auth_role role)
{
    struct agent *a = r->a;
    int64_t wall = tnd_clock_wall() / TND_SEC(1);
    struct tnd_credentials credentials;
    struct tnd_user user;
    char room[TND_AOR_LEN_MAX];
    struct tnd_writer aor = tnd_writer(room, sizeof(room));
    enum tnd_auth_result result = tnd_auth_read(with, invite, role, wall, &credentials);

    if (!r->seen || result != TND_AUTH_CLAIMED)
        return result == TND_AUTH_CLAIMED ? TND_AUTH_WRONG : result;
    tnd_put(&aor, a->o->user ? tnd_slice_str(a->o->user) : credentials.name);
    tnd_put_char(&aor, '@');
    tnd_put(&aor, with->realm);
    bool is_known = (!a->o->user || tnd_slice_eq(credentials.name, tnd_slice_str(a->o->user))) &&
                    !tnd_writer_over(&aor) &&
                    tnd_user_make(with->digester, tnd_writer_slice(&aor), with->realm,
                                  a->password.text, &user) == 0;
    return tnd_auth_check(with, &credentials, is_known ? &user : NULL, r->seen);
}

/* RFC 3261 §22.2, §22.3 */
static bool put_challenge(const struct asking *q)
{
    static const enum tnd_digest algorithms[] = {TND_DIGEST_SHA_256, TND_DIGEST_MD5};
    struct tnd_auth_with with = {.realm = TND_STR("tandem"),
                                 .algorithms = algorithms,
                                 .algorithm_count = sizeof(algorithms) / sizeof(*algorithms),
                                 .digester = &q->r->a->digest.digester,
                                 .key = &q->r->key};
    enum tnd_auth_role role = q->o->respond == 407 ? TND_AUTH_PROXY : TND_AUTH_REGISTRAR;
    enum tnd_auth_result result = check(q->r, &with, q->invite, role);

    if (result == TND_AUTH_GOOD)
        return false;
    tnd_auth_challenge_write(q->w, &with, q->invite, role, result == TND_AUTH_STALE,
                             tnd_clock_wall() / TND_SEC(1));
    return true;
}

/* RFC 3261 §21.4.15: what is required of --unsupported, or all that is. */
static bool put_unsupported(const struct asking *q)
{
    static const enum tnd_header kinds[] = {TND_HEADER_REQUIRE, TND_HEADER_PROXY_REQUIRE};
    struct tnd_slice tag;
    size_t count = 0;

    for (size_t i = 0; i < 2; i++) {
        struct tnd_values v = tnd_msg_values(q->invite, kinds[i]);

        while (tnd_token_next(&v, &tag)) {
            bool is_named = q->o->unsupported_count == 0;

            for (size_t j = 0; j < q->o->unsupported_count; j++)
                is_named |= tnd_slice_eq_fold(tag, q->o->unsupported[j]);
            if (is_named)
                tnd_put_field(q->w, TND_HEADER_UNSUPPORTED, tag);
            count += is_named;
        }
    }
    return count > 0;
}

/* RFC 3261 §21.4.16: what of --require Supported does not list; without it, of what we know ourselves. */
static bool put_required(const struct asking *q)
{
    static const struct tnd_slice known[] = {TND_STR_INIT("100rel"), TND_STR_INIT("precondition")};
    const struct tnd_slice *tags = q->o->require_count > 0 ? q->o->require : known;
    size_t count = q->o->require_count > 0 ? q->o->require_count : sizeof(known) / sizeof(*known);
    bool is_missing = false;

    for (size_t i = 0; i < count; i++) {
        if (has_tag(q->invite, TND_HEADER_SUPPORTED, tags[i]))
            continue;
        tnd_put_field(q->w, TND_HEADER_REQUIRE, tags[i]);
        is_missing = true;
    }
    return is_missing;
}

/* RFC 4028 §6 */
static bool put_min_se(const struct asking *q)
{
    struct tnd_values v = tnd_msg_values(q->invite, TND_HEADER_SESSION_EXPIRES);
    struct tnd_session_expires se;

    put_seconds(q->w, TND_HEADER_MIN_SE, least(q->o));
    return !tnd_session_expires_next(&v, &se) || se.seconds < least(q->o);
}

/* RFC 3261 §21.4.17 */
static bool put_min_expires(const struct asking *q)
{
    struct tnd_values v = tnd_msg_values(q->invite, TND_HEADER_EXPIRES);
    uint32_t seconds;

    put_seconds(q->w, TND_HEADER_MIN_EXPIRES, least(q->o));
    return !tnd_seconds_next(&v, &seconds) || seconds < least(q->o);
}

/* RFC 3261 §21.4.6: not INVITE. */
static bool put_allow(const struct asking *q)
{
    tnd_put_field(q->w, TND_HEADER_ALLOW, TND_STR("OPTIONS, MESSAGE"));
    return true;
}

/* RFC 3261 §21.4.13: not what was refused. */
static bool put_accept(const struct asking *q)
{
    tnd_put_field(q->w, TND_HEADER_ACCEPT, TND_STR("text/plain"));
    return true;
}

/* RFC 3261 §21.4.26, §21.6.4 */
static bool put_warning(const struct asking *q)
{
    tnd_put_field(q->w, TND_HEADER_WARNING, TND_STR("399 tandem \"As it was asked to respond\""));
    return true;
}

static const struct {
    uint16_t code;
    bool (*put)(const struct asking *q); /* false: the request has what is asked for */
} rows[] = {
    {401, put_challenge},   {405, put_allow},    {407, put_challenge}, {415, put_accept},
    {420, put_unsupported}, {421, put_required}, {422, put_min_se},    {423, put_min_expires},
    {488, put_warning},     {606, put_warning},
};

/* RFC 3261 §21.3.5: as the server has it (tandem/redirect.h). */
static void describe_alternative(const struct refuser *r, const struct tnd_msg *invite,
                                 struct refusal *ret)
{
    struct tnd_route route = {.action = TND_ROUTE_ALTERNATIVE,
                              .text =
                                  tnd_slice_str(r->a->o->alternative ? r->a->o->alternative : "")};
    struct tnd_redirect_answer answer;
    struct tnd_uri uri;

    if (!tnd_msg_uri(invite, &uri, NULL) ||
        tnd_redirect_by_route(&route, &uri, &r->a->work, &answer) != 0 ||
        answer.body.len > sizeof(ret->body))
        return;
    memcpy(ret->body, answer.body.ptr, answer.body.len);
    ret->body_len = answer.body.len;
}

bool refuser_judge(struct refuser *r, const struct tnd_msg *invite, struct refusal *ret)
{
    const struct agent_options *o = r->a->o;
    struct tnd_writer w = tnd_writer(ret->fields, sizeof(ret->fields));
    struct asking q = {r, o, invite, &w};

    ret->code = o->respond;
    ret->fields_len = ret->body_len = 0;
    if (o->respond < 300)
        return false;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        if (rows[i].code == o->respond && !rows[i].put(&q))
            return false;
    if (o->retry_after) /* RFC 3261 §20.33 */
        put_seconds(&w, TND_HEADER_RETRY_AFTER, o->retry_after);
    if (!tnd_writer_over(&w)) /* else more tags are required than anybody knows */
        ret->fields_len = w.len;
    if (o->respond == 380)
        describe_alternative(r, invite, ret);
    return true;
}

/* Values of Contact, the first with the highest q: RFC 3261 §20.10. */
static struct tnd_slice contacts(const struct agent_options *o, char *room, size_t size)
{
    struct tnd_writer w = tnd_writer(room, size);

    for (size_t i = 0; i < o->contact_count; i++) {
        char q[16];

        snprintf(q, sizeof(q), ">;q=0.%03u", (unsigned)(999 - i * 10));
        tnd_put_str(&w, i > 0 ? ", <" : "<");
        tnd_put(&w, o->contact[i]);
        tnd_put_str(&w, o->contact_count > 1 ? q : ">");
    }
    return o->contact_count > 0 ? tnd_writer_slice(&w) : tnd_slice(NULL, 0);
}

void refusal_say(const struct refusal *refusal, struct agent *a, tnd_ua_id call)
{
    char room[REFUSAL_CONTACTS_SIZE];
    bool has_body = refusal->body_len > 0;

    tnd_ua_refuse(
        a->ua, a->phone.now, call,
        &(struct tnd_ua_refusal){
            .code = refusal->code,
            .contacts = contacts(a->o, room, sizeof(room)),
            .fields = tnd_slice(refusal->fields, refusal->fields_len),
            .content_type = has_body ? TND_STR("application/3gpp-ims+xml") : tnd_slice(NULL, 0),
            .body = has_body ? tnd_slice(refusal->body, refusal->body_len) : tnd_slice(NULL, 0)});
}
