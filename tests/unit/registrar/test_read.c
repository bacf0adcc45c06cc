/* What a REGISTER asks for. */
#include "unit/registrar/registrar_test.h"

TND_TEST(registrar_fetch, "RFC 3261 §10.2.3",
         "a REGISTER without Contact changes nothing, and fetches what is there")
{
    struct registrar_test *t = registrar_start();

    registrar_read(t, "a", "Expires: 0\r\n");
    CHECK_EQ(t->step.code, 0);
    CHECK(!t->step.is_change);
    CHECK_EQ(t->step.rule, TND_RULE_NONE);
}

TND_TEST(registrar_contact, "RFC 3261 §10.3",
         "a contact becomes a binding with its Call-ID and CSeq, and where it came from")
{
    struct registrar_test *t = registrar_start();

    t->cseq = 2147483647;
    registrar_read(t, "x@y",
                   "Contact: \"Alice\" <sip:alice@192.0.2.7:5070;ob?x=y>;q=0.75;expires=100"
                   ";+sip.instance=\"<urn:uuid:1>\";reg-id=1\r\n");
    CHECK_EQ(t->step.code, 0);
    CHECK(t->step.is_change && !t->step.change.star);
    CHECK_EQ(t->step.change.count, 1);
    CHECK_EQ(t->step.change.count_max, 3);
    CHECK_EQ(t->step.change.cseq, 2147483647);
    CHECK_STR(t->step.change.call_id, "x@y");
    const struct tnd_binding *b = &t->step.change.contacts[0];
    CHECK_STR(b->uri, "sip:alice@192.0.2.7:5070;ob");
    CHECK_STR(b->call_id, "x@y");
    CHECK_STR(b->params, ";+sip.instance=\"<urn:uuid:1>\";reg-id=1");
    CHECK(!b->path.ptr);
    CHECK_EQ(b->cseq, 2147483647);
    CHECK_EQ(b->q, 750);
    CHECK_EQ(b->until, t->with.wall + 100);
    CHECK(tnd_endpoint_eq(&b->source, &t->with.source));
    CHECK_EQ(b->flow, 11);
    CHECK_EQ(b->life, 12);
}

/* How long the one contact of these lines is for; -1: it is refused as too short. */
static int64_t interval(struct registrar_test *t, const char *lines)
{
    registrar_read(t, "a", lines);
    if (t->step.code == 423)
        return -1;
    CHECK_EQ(t->step.change.count, 1);
    int64_t until = t->step.change.contacts[0].until;
    return until == 0 ? 0 : until - t->with.wall;
}

TND_TEST(registrar_expires, "RFC 3261 §10.3",
         "expires of the contact counts, else Expires, else the default; all of it up to a limit")
{
    struct registrar_test *t = registrar_start();

    CHECK_EQ(interval(t, "Contact: <sip:a>\r\n"), 3600);
    CHECK_EQ(interval(t, "Contact: <sip:a>\r\nExpires: 100\r\n"), 100);
    CHECK_EQ(interval(t, "Contact: <sip:a>;expires=200\r\nExpires: 100\r\n"), 200);
    CHECK_EQ(interval(t, "Contact: <sip:a>;expires=0\r\nExpires: 100\r\n"), 0);
    CHECK_EQ(interval(t, "Contact: <sip:a>;expires=100\r\nExpires: 0\r\n"), 100);
    CHECK_EQ(interval(t, "Contact: <sip:a>\r\nExpires: 0\r\n"), 0);
    CHECK_EQ(interval(t, "Contact: <sip:a>;expires=7200\r\n"), 7200);
    CHECK_EQ(interval(t, "Contact: <sip:a>;expires=7201\r\n"), 7200);
    CHECK_EQ(interval(t, "Contact: <sip:a>;expires=4294967295\r\n"), 7200);
    CHECK_EQ(interval(t, "Contact: <sip:a>\r\nExpires: 4294967295\r\n"), 7200);
    /* RFC 3261 §10.2: malformed is 3600, and so is what is beyond 2^32 - 1 */
    CHECK_EQ(interval(t, "Contact: <sip:a>;expires=4294967296\r\nExpires: 100\r\n"), 3600);
    CHECK_EQ(interval(t, "Contact: <sip:a>;expires=99999999999999999999999\r\n"), 3600);
    CHECK_EQ(interval(t, "Contact: <sip:a>;expires=soon\r\n"), 3600);
    CHECK_EQ(interval(t, "Contact: <sip:a>;expires=\"100\"\r\n"), 3600);
    /* as a parameter of the URI it is none of the contact */
    CHECK_EQ(interval(t, "Contact: <sip:a;expires=100>\r\n"), 3600);
    CHECK_EQ(interval(t, "Contact: sip:a;expires=100\r\n"), 100);
}

TND_TEST(registrar_brief, "RFC 3261 §10.3",
         "more than zero, less than an hour and less than the minimum is too brief")
{
    struct registrar_test *t = registrar_start();

    CHECK_EQ(interval(t, "Contact: <sip:a>;expires=60\r\n"), 60);
    CHECK_REFUSED(t, "Contact: <sip:b>;expires=59\r\n", 423, REGISTRAR_BRIEF);
    CHECK_VALUES(t, MIN_EXPIRES, "60");
    CHECK_STR(t->step.fact, "sip:b");
    CHECK_REFUSED(t, "Contact: <sip:b>\r\nExpires: 1\r\n", 423, REGISTRAR_BRIEF);
    CHECK_REFUSED(t, "Contact: <sip:b>, <sip:c>;expires=59\r\n", 423, REGISTRAR_BRIEF);
    t->with.min_expires = t->with.default_expires = 7000;
    CHECK_EQ(interval(t, "Contact: <sip:a>;expires=3599\r\n"), -1);
    CHECK_EQ(interval(t, "Contact: <sip:a>;expires=3600\r\n"), 3600);
}

TND_TEST(
    registrar_star, "RFC 3261 §10.3",
    "the contact * removes all, if it is the only one and Expires is 0; else the request is bad")
{
    struct registrar_test *t = registrar_start();

    registrar_read(t, "a", "Contact: *\r\nExpires: 0\r\n");
    CHECK(t->step.code == 0 && t->step.is_change && t->step.change.star);
    CHECK_EQ(t->step.change.count, 0);
    CHECK_EQ(t->step.change.cseq, 1);
    CHECK_STR(t->step.change.call_id, "a");
    CHECK_REFUSED(t, "Contact: *\r\n", 400, REGISTRAR_STAR_ALONE);
    CHECK_REFUSED(t, "Contact: *\r\nExpires: 1\r\n", 400, REGISTRAR_STAR_ALONE);
    CHECK_REFUSED(t, "Contact: *\r\nContact: <sip:a>\r\nExpires: 0\r\n", 400, REGISTRAR_STAR_ALONE);
    t->is_broken = true; /* a list that holds a star is against the grammar: §25.1 */
    CHECK_REFUSED(t, "Contact: <sip:a>, *\r\nExpires: 0\r\n", 400, VALUE_END);
    CHECK_REFUSED(t, "Contact: <sip:a>\r\nContact: *\r\nExpires: 0\r\n", 400, VALUE_END);
    CHECK_REFUSED(t, "Contact: *, <sip:a>\r\nExpires: 0\r\n", 400, VALUE_END);
    CHECK_REFUSED(t, "Contact: *\r\nContact: *\r\nExpires: 0\r\n", 400, REGISTRAR_STAR_ALONE);
    CHECK_REFUSED(t, "Contact: *;expires=0\r\nExpires: 0\r\n", 400, VALUE_END);
}

TND_TEST(registrar_schemes, "RFC 3261 §10.2.1", "a contact may be of any scheme")
{
    struct registrar_test *t = registrar_start();

    registrar_read(t, "a",
                   "Contact: <sips:a@b>, <tel:+1-201-555-0123>\r\n"
                   "Contact: <mailto:alice@example.com?subject=x>\r\n");
    CHECK_URIS(t, "sips:a@b tel:+1-201-555-0123 mailto:alice@example.com?subject=x");
}

TND_TEST(registrar_same_twice, "RFC 3261 §10.3",
         "contacts are processed in turn: of two that are the same the later one counts")
{
    struct registrar_test *t = registrar_start();

    registrar_read(t, "a", "Contact: <sip:a@b>;expires=0, <sip:c@d>, <sip:%61@B;x>;q=0.1\r\n");
    CHECK_URIS(t, "sip:c@d sip:%61@B;x");
    CHECK_EQ(t->step.change.contacts[1].q, 100);
    registrar_read(t, "a", "Contact: <sip:a@b>, <sip:a@b>;expires=0\r\n");
    CHECK_URIS(t, "-sip:a@b");
    registrar_read(t, "a", "Contact: <sip:a@b?x=1>, <sip:a@b?x=2>\r\n");
    CHECK_URIS(t, "sip:a@b");
    /* RFC 3261 §19.1.4: the first two differ, and the third equals both */
    registrar_read(t, "a", "Contact: <sip:a@b;x=1>, <sip:a@b;x=2>, <sip:a@b>\r\n");
    CHECK_URIS(t, "sip:a@b");
    registrar_read(t, "a", "Contact: <sip:a%3bb@b>, <sip:a;b@b>, <sip:A@b>, <sip:a@b:5060>\r\n");
    CHECK_URIS(t, "sip:a%3bb@b sip:a;b@b sip:A@b sip:a@b:5060"); /* "%3b" is not ";" */
}

TND_TEST(registrar_params, "RFC 5626 §6",
         "parameters of a contact are kept as they were, but for q and expires")
{
    struct registrar_test *t = registrar_start();

    registrar_read(t, "a",
                   "Contact: <sip:a> ; expires = 100 ; +sip.instance = \"<urn:x>\" ; Q=0.1 "
                   ";methods=\"INVITE,\r\n BYE\";flag; reg-id=2\r\n");
    CHECK_STR(t->step.change.contacts[0].params,
              ";+sip.instance=\"<urn:x>\";methods=\"INVITE,   BYE\";flag;reg-id=2");
    CHECK_EQ(t->step.change.contacts[0].q, 100);
    CHECK_EQ(t->step.change.contacts[0].until, t->with.wall + 100);
    registrar_read(t, "a", "Contact: <sip:a>;q=1\r\n");
    CHECK(!t->step.change.contacts[0].params.ptr);
}

#define PATHS(text) "Path: " text "\r\nSupported: path\r\nContact: <sip:a>\r\n"

TND_TEST(registrar_path, "RFC 3327 §5.3",
         "a Path is kept with each contact, in its order, if the user agent supports that")
{
    struct registrar_test *t = registrar_start();

    registrar_read(t, "a",
                   "Path: <sip:p1;lr>\r\nContact: <sip:a>, <sip:b>\r\nSupported: x, Path\r\n"
                   "Path: <sip:p2;lr>,\r\n <sip:p3;lr>;a=b\r\n");
    CHECK_STR(t->step.change.contacts[0].path, "<sip:p1;lr>, <sip:p2;lr>,   <sip:p3;lr>;a=b");
    CHECK_STR(t->step.change.contacts[1].path, "<sip:p1;lr>, <sip:p2;lr>,   <sip:p3;lr>;a=b");
    CHECK_REFUSED(t, "Path: <sip:p1;lr>\r\nContact: <sip:a>\r\n", 420, REGISTRAR_PATH);
    CHECK_VALUES(t, UNSUPPORTED, "path");
    CHECK_REFUSED(t, "Path: <sip:p1;lr>\r\nSupported: outbound\r\n", 420, REGISTRAR_PATH);
    CHECK_REFUSED(t, "Path: <sip:p1;lr>\r\nSupported:\r\nRequire: path\r\n", 420, REGISTRAR_PATH);
    t->is_broken = true; /* a user agent does not use it, so the verdict passes it */
    CHECK_REFUSED(t, PATHS("sip:p1"), 400, NAME_ADDR);
    CHECK_EQ(tnd_msg_verdict(t->msg, TND_AS_UAS).action, TND_PROCESS);
    CHECK_REFUSED(t, PATHS("<sip:p1>, x"), 400, ADDR_ANGLE);
    CHECK_REFUSED(t, PATHS("<sip:p1>;x=\"\x01\""), 400, CONTROL_CHAR);
    CHECK_EQ(tnd_msg_verdict(t->msg, TND_AS_UAS).action, TND_PROCESS);
    CHECK_REFUSED(t, "Path:\r\nSupported: path\r\n", 400, VALUE_EMPTY);
}

TND_TEST(registrar_flawed, "RFC 3261 §21.4.1",
         "what cannot be read is refused, also where nobody has looked before")
{
    struct registrar_test *t = registrar_start();

    t->is_broken = true;
    CHECK_REFUSED(t, "Contact: <sip:a>, <sip:%zz@b>\r\n", 400, URI_ESCAPE);
    CHECK_REFUSED(t, "Contact: <sip:a\tb@c>\r\n", 400, URI_END);
    CHECK_REFUSED(t, "Contact: <sip:a>\r\nExpires: x\r\n", 400, DELTA_SECONDS);
    CHECK_REFUSED(t, "Contact: <sip:a>;q=2\r\n", 400, PARAM_VALUE);
}

/* sip_repeat() as a C string. */
static const char *repeat(const char *before, const char *text, size_t count, const char *after)
{
    static char str[8192];
    struct tnd_slice s = sip_repeat(before, text, count, after);

    CHECK(s.len < sizeof(str));
    memcpy(str, s.ptr, s.len);
    str[s.len] = '\0';
    return str;
}

TND_TEST(registrar_contact_count, "TND_BINDING_COUNT_MAX",
         "more contacts than can be removed and added are refused, whatever is asked of them")
{
    struct registrar_test *t = registrar_start();
    const char *six = repeat("Contact: <sip:a>", ", <sip:b>;expires=0", 5, "\r\n");

    registrar_read(t, "a", six);
    CHECK_URIS(t, "sip:a -sip:b");
    const char *seven = repeat("Contact: <sip:a>", ", <sip:b>;expires=0", 6, "\r\n");
    CHECK_REFUSED(t, seven, 403, REGISTRAR_CONTACT_COUNT);
    CHECK_STR(t->step.fact, "max_contacts 3");
    t->with.max_contacts = TND_BINDING_COUNT_MAX;
    const char *most = repeat("Contact: <sip:a>", ", <sip:b>", 199, "\r\n");
    registrar_read(t, "a", most);
    CHECK_URIS(t, "sip:a sip:b");
    const char *too_many = repeat("Contact: <sip:a>", ", <sip:b>", 200, "\r\n");
    CHECK_REFUSED(t, too_many, 403, REGISTRAR_CONTACT_COUNT);
    t->is_broken = true; /* 257 nobody reads */
    const char *beyond = repeat("Contact: <sip:a>", ", <sip:b>", 256, "\r\n");
    CHECK_REFUSED(t, beyond, 403, REGISTRAR_CONTACT_COUNT);
    CHECK_EQ(tnd_msg_verdict(t->msg, TND_AS_UAS).code, 513);
}

TND_TEST(registrar_param_count, "TND_REGISTER_PARAM_COUNT_MAX",
         "the URIs of all contacts together have so many parameters, not more, wherever they are")
{
    struct registrar_test *t = registrar_start();
    char contact[512], lines[4096];
    int len = 0;

    for (int i = 0; i < 64; i++) /* each parameter has a name of its own */
        len += snprintf(contact + len, sizeof(contact) - (size_t)len, ";p%d", i);
    snprintf(lines, sizeof(lines),
             "Contact: <sip:a%s>, <sip:b%s>\r\nContact: <sip:c%s>;x, <sip:d%s>;y;z\r\n", contact,
             contact, contact, contact);
    t->with.max_contacts = 4;
    registrar_read(t, "a", lines);
    CHECK_EQ(t->step.change.count, 4);
    snprintf(lines + strlen(lines), sizeof(lines) - strlen(lines), "Contact: <sip:e;f>\r\n");
    CHECK_REFUSED(t, lines, 513, REGISTRAR_PARAM_COUNT);
    CHECK_STR(t->step.fact, "sip:e;f");
}

TND_TEST(registrar_binding_len, "TND_BINDING_LEN_MAX",
         "URI, Call-ID, Path and parameters of a contact are at most as long as can be kept")
{
    struct registrar_test *t = registrar_start();
    const char *fits = repeat("Contact: <sip:a>;x=", "y", 4096 - 9, "\r\n");

    registrar_read(t, "a", fits);
    CHECK_EQ(t->step.change.contacts[0].params.len, 4096 - 6);
    const char *param = repeat("Contact: <sip:a>;x=", "y", 4096 - 8, "\r\n");
    CHECK_REFUSED(t, param, 513, BINDING_LEN);
    CHECK_STR(t->step.fact, "sip:a");
    const char *uri = repeat("Contact: <sip:", "y", 4092, ">\r\n");
    CHECK_REFUSED(t, uri, 513, BINDING_LEN);
    const char *path =
        repeat("Contact: <sip:a>\r\nSupported: path\r\nPath: <sip:", "y", 4090, ">\r\n");
    CHECK_REFUSED(t, path, 513, BINDING_LEN);
}
