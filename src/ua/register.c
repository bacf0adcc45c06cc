/* Registrations: REGISTER, again before it expires, and at last with expires 0 (RFC 3261 §10.2). */
#include "ua/call.h"

#include "tandem/sip/origin.h"

enum { EXPIRES_DEFAULT = 3600, RETRY_MIN = 10 }; /* seconds */

static struct tnd_slice registrar_of(const struct tnd_ua *ua, struct tnd_arena *a,
                                     struct tnd_slice asked)
{
    size_t room = ua->from.uri.host.len + 32;
    char *at = tnd_arena_take(a, room);
    struct tnd_writer w = tnd_writer(at, at ? room : 0);
    struct tnd_uri uri = {.scheme = ua->from.uri.scheme,
                          .host = ua->from.uri.host,
                          .host_kind = ua->from.uri.host_kind,
                          .port = ua->from.uri.port};

    if (asked.ptr)
        return tnd_slice_keep(a, asked);
    tnd_uri_write(&w, &uri);
    return tnd_writer_slice(&w);
}

/* Expires, and Contact where it is not ours. */
static struct tnd_slice fields_of(const struct ua_registration *r, struct ua_errand *e,
                                  uint32_t expires)
{
    size_t room = r->contact.len + 64;
    char *at = tnd_arena_take(&e->object.arena, room);
    struct tnd_writer w = tnd_writer(at, at ? room : 0);

    if (r->contact.ptr) {
        tnd_put(&w, TND_STR("Contact: <"));
        tnd_put(&w, r->contact);
        tnd_put(&w, TND_STR(">\r\n"));
    }
    tnd_put(&w, TND_STR("Expires: "));
    tnd_put_number(&w, expires);
    tnd_put(&w, TND_STR("\r\n"));
    return tnd_writer_slice(&w);
}

bool ua_registration_prepare(struct tnd_ua *ua, struct ua_registration *r, struct ua_errand *e)
{
    uint32_t expires = r->expires;

    (void)ua;
    if (e->recover.next.expires > expires)
        expires = r->expires = e->recover.next.expires; /* RFC 3261 §21.4.17 */
    r->names.cseq++;                                    /* RFC 3261 §10.2 */
    e->names = r->names;
    e->text.has_contact = !r->contact.ptr;
    e->fields = fields_of(r, e, r->is_ending ? 0 : expires);
    return e->fields.ptr;
}

static void go(struct tnd_ua *ua, struct ua_registration *r)
{
    struct ua_errand *e = ua_errand_new(ua, &r->object, TND_METHOD_REGISTER, TND_RECOVER_REGISTER,
                                        r->registrar, tnd_slice(NULL, 0));

    if (!e) {
        ua_arm(ua, &r->object, UA_WAIT_REFRESH, ua->now + TND_SEC(RETRY_MIN));
        return;
    }
    e->auth = r->auth;
    e->with = r->with;
    e->is_ending = r->is_ending;
    r->errand = e;
    ua_errand_go(ua, e);
}

static void finish(struct tnd_ua *ua, struct ua_registration *r, enum tnd_ua_cause cause,
                   uint16_t code)
{
    ua_end_told(ua, r->object.serial, cause, code);
    ua_object_end(ua, &r->object);
}

/* RFC 3261 §10.2.4: what our contact was granted. Of a request without one of ours in the response: what
 * Expires says, or what we asked for. */
static uint32_t granted(const struct ua_registration *r, const struct ua_news *news)
{
    struct tnd_values ours = tnd_msg_values(news->request, TND_HEADER_CONTACT);
    struct tnd_values theirs = tnd_msg_values(news->response->msg, TND_HEADER_CONTACT);
    struct tnd_values v = tnd_msg_values(news->response->msg, TND_HEADER_EXPIRES);
    struct tnd_contact mine, contact;
    uint32_t expires;

    if (!tnd_seconds_next(&v, &expires))
        expires = r->expires;
    if (!tnd_contact_next(&ours, &mine))
        return expires;
    while (tnd_contact_next(&theirs, &contact))
        if (!contact.star && tnd_uri_eq(&mine.addr.uri, &contact.addr.uri) && contact.expires >= 0)
            return (uint32_t)contact.expires;
    return expires;
}

/* RFC 3608 §6.1: of each registration anew. */
static void keep_service_route(struct tnd_ua *ua, const struct tnd_msg *response)
{
    struct tnd_values v = tnd_msg_values(response, TND_HEADER_SERVICE_ROUTE);
    struct tnd_addr route;
    struct tnd_writer w = tnd_writer(ua->service_room, sizeof(ua->service_room));

    while (tnd_route_next(&v, &route)) {
        if (w.len > 0)
            tnd_put(&w, TND_STR(", "));
        tnd_addr_write(&w, &route);
    }
    ua->service_route = w.len > 0 ? tnd_writer_slice(&w) : tnd_slice(NULL, 0);
}

/* Before it expires, however short that is (RFC 3261 §10.2.4). */
static tnd_time refresh_in(uint32_t expires)
{
    return expires > 0 ? TND_SEC((tnd_time)expires) * 9 / 10 : TND_SEC(RETRY_MIN);
}

static void registered(struct tnd_ua *ua, struct ua_registration *r, const struct ua_news *news)
{
    uint32_t expires = news->request ? granted(r, news) : r->expires;
    struct tnd_ua_event *event = ua_tell(ua, TND_UA_REGISTERED, r->object.serial);

    event->expires = expires;
    event->method = TND_METHOD_REGISTER;
    event->code = news->code;
    ua_tell_msg(ua, event, news->response->msg);
    keep_service_route(ua, news->response->msg);
    r->until = ua->now + TND_SEC((tnd_time)expires);
    if (r->is_once)
        finish(ua, r, TND_UA_DONE, news->code);
    else
        ua_arm(ua, &r->object, UA_WAIT_REFRESH, ua->now + refresh_in(expires));
}

/* A refresh that fails is tried again while the registration lasts. */
static void refused(struct tnd_ua *ua, struct ua_registration *r, uint16_t code)
{
    tnd_time left = r->until - ua->now;

    if (r->until > 0 && left > TND_SEC(2 * RETRY_MIN))
        ua_arm(ua, &r->object, UA_WAIT_REFRESH, ua->now + left / 2);
    else
        finish(ua, r, TND_UA_REFUSED, code);
}

void ua_registration_news(struct tnd_ua *ua, struct ua_registration *r, struct ua_errand *e,
                          const struct ua_news *news)
{
    if (!news->is_last)
        return;
    bool was_ending = e->is_ending;
    r->errand = NULL;
    if (was_ending || (r->is_ending && news->code / 100 != 2 && r->until == 0))
        finish(ua, r, TND_UA_BY_US, news->code);
    else if (r->is_ending)
        ua_registration_end(ua, r);
    else if (news->code / 100 == 2)
        registered(ua, r, news);
    else
        refused(ua, r, news->code);
}

void ua_registration_timer(struct tnd_ua *ua, struct ua_registration *r, uint8_t id)
{
    if (id == UA_WAIT_REFRESH && !r->errand)
        go(ua, r);
}

/* RFC 3261 §10.2.2. What is under way is awaited, for REGISTERs go one after another (§10.2). */
void ua_registration_end(struct tnd_ua *ua, struct ua_registration *r)
{
    r->is_ending = true;
    ua_disarm(ua, &r->object, UA_WAIT_REFRESH);
    if (r->errand)
        return;
    go(ua, r);
}

static int fill(struct tnd_ua *ua, struct ua_registration *r,
                const struct tnd_ua_registration *registration)
{
    struct tnd_arena *a = &r->object.arena;
    char *aor = tnd_arena_take(a, ua->from.uri.text.len);

    if (!aor)
        return TND_ENOMEM;
    memcpy(aor, ua->from.uri.text.ptr, ua->from.uri.text.len);
    r->registrar = registrar_of(ua, a, registration->registrar);
    r->contact = tnd_slice_keep(a, registration->contact);
    r->expires = registration->expires ? registration->expires : EXPIRES_DEFAULT;
    r->is_once = registration->once;
    r->auth = ua_auth_new(ua, a);
    if (!ua_with_keep(a, &registration->with, &r->with))
        return TND_ENOMEM;
    return ua_names_new(ua, a, tnd_slice(aor, ua->from.uri.text.len), &r->names) ? 0 : TND_ENOMEM;
}

int tnd_ua_register(struct tnd_ua *ua, tnd_time now, const struct tnd_ua_registration *registration,
                    tnd_ua_id *ret)
{
    struct tnd_uri uri;
    int err = ua_begin(ua, now);

    if (err)
        return err;
    if ((registration->registrar.ptr && ua_uri_read(registration->registrar, &uri) != 0) ||
        (registration->contact.ptr && ua_uri_read(registration->contact, &uri) != 0))
        return ua_done(ua, TND_ESYNTAX);
    struct ua_registration *r = ua_object_new(ua, UA_REGISTRATION, sizeof(*r));
    if (!r)
        return ua_done(ua, TND_ENOMEM);
    if (fill(ua, r, registration) != 0) {
        ua_object_end(ua, &r->object);
        return ua_done(ua, TND_ENOMEM);
    }
    *ret = r->object.serial;
    go(ua, r);
    return ua_done(ua, 0);
}
