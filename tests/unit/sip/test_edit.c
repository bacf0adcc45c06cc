/* Edited copies: what was asked for changes, the rest is the original byte for byte. */
#include "unit/dying.h"
#include "unit/sip/sip_test.h"

static struct tnd_slice written(const struct tnd_edits *e)
{
    static char room[65536];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    CHECK(!e->over);
    tnd_edits_write(&w, e);
    CHECK(!tnd_writer_over(&w));
    return tnd_writer_slice(&w);
}

/* The first value of a Route, as tnd_edit_remove_first() wants it. */
static struct tnd_slice first_route(const struct tnd_msg *msg)
{
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_ROUTE);
    struct tnd_addr route;

    CHECK(tnd_addr_next(&v, &route));
    return tnd_slice_between(tnd_msg_value(msg, TND_HEADER_ROUTE).ptr, tnd_slice_end(route.params));
}

TND_TEST(edit_nothing, "RFC 3261 §16.6", "a copy without changes is the message byte for byte")
{
    struct tnd_edits e;

    for (const struct tnd_slice *s = sip_samples; s->ptr; s++) {
        tnd_edits_init(&e, sip_read(*s));
        CHECK(tnd_slice_eq(written(&e), *s));
    }
    /* what came before and behind it does not go along */
    tnd_edits_init(&e, sip_read_str("\r\n\r\n" SIP_LINE SIP_HEAD "l: 0\r\n\r\njunk"));
    CHECK_STR(written(&e), SIP_LINE SIP_HEAD "l: 0\r\n\r\n");
}

TND_TEST(edit_uri, "RFC 3261 §16.6", "the Request-URI is replaced")
{
    struct tnd_edits e;

    tnd_edits_init(&e, sip_request_with(""));
    tnd_edit_uri(&e, TND_STR("sip:new@[2001:db8::1]:5070;lr"));
    CHECK_STR(written(&e), "OPTIONS sip:new@[2001:db8::1]:5070;lr SIP/2.0\r\n" SIP_HEAD "\r\n");
    CHECK_FLAWS(sip_read(written(&e)), "");
}

TND_TEST(edit_room, "RFC 3261 §16.6",
         "a copy goes behind what was written before, if it fits there")
{
    const struct tnd_msg *msg = sip_request_with("");
    char room[2048];
    struct tnd_edits e;

    tnd_edits_init(&e, msg);
    tnd_edit_uri(&e, TND_STR("sip:a"));
    size_t len = written(&e).len;
    for (size_t size = 0; size <= len + 5; size++) {
        struct tnd_writer w = tnd_writer(room, size);

        memset(room, '#', sizeof(room));
        tnd_put(&w, TND_STR("12345"));
        tnd_edits_write(&w, &e);
        CHECK_EQ(w.len, len + 5);
        CHECK_EQ(room[size], '#');
    }
    CHECK(memcmp(room, "12345OPTIONS sip:a SIP/2.0", 26) == 0);
}

TND_TEST(edit_insert, "RFC 3261 §16.6", "lines are put in front of a field or behind the last")
{
    const struct tnd_msg *msg = sip_request_with("Z: y\r\n\r\nbody");
    struct tnd_edits e;

    tnd_edits_init(&e, msg);
    tnd_edit_insert(&e, tnd_msg_field(msg, TND_HEADER_VIA), TND_STR("Via: SIP/2.0/UDP me\r\n"));
    tnd_edit_insert(&e, NULL, TND_STR("Path: <sip:me>\r\n"));
    CHECK_STR(written(&e),
              SIP_LINE "Via: SIP/2.0/UDP me\r\n" SIP_HEAD "Z: y\r\nPath: <sip:me>\r\n\r\nbody\r\n");
    tnd_edits_init(&e, sip_read_str("x\n\n")); /* no field at all */
    tnd_edit_insert(&e, NULL, TND_STR("Z: y\r\n"));
    CHECK_STR(written(&e), "x\nZ: y\r\n\n");
}

TND_TEST(edit_remove_first, "RFC 3261 §16.7",
         "the first value of a list goes, with its comma or with its field")
{
    static const struct {
        const char *lines, *expected;
    } cases[] = {
        {"Via: SIP/2.0/UDP a;branch=1, SIP/2.0/UDP b\r\n", "Via: SIP/2.0/UDP b\r\n"},
        {"v:SIP/2.0/UDP a ,SIP/2.0/UDP b,SIP/2.0/UDP c\r\n", "v:SIP/2.0/UDP b,SIP/2.0/UDP c\r\n"},
        {"Via: SIP / 2.0/UDP a;x=\"1,2\"\r\n ,\r\n\t SIP/2.0/UDP b\r\n", "Via: SIP/2.0/UDP b\r\n"},
        {"Via: SIP/2.0/UDP a\r\nVia: SIP/2.0/UDP b\r\n", "Via: SIP/2.0/UDP b\r\n"},
        {"Via: SIP/2.0/UDP a \r\n", ""},
        {"Via: SIP/2.0/UDP\r\n a\r\n ;x\r\nVia: SIP/2.0/UDP b\r\n", "Via: SIP/2.0/UDP b\r\n"},
        {"Via: SIP/2.0/UDP a\r\n \r\n\t\r\nVia: SIP/2.0/UDP b\r\n", "Via: SIP/2.0/UDP b\r\n"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        char text[512], expected[512];
        struct tnd_edits e;
        struct tnd_via via;

        snprintf(text, sizeof(text), SIP_LINE SIP_TO "%sZ: y\r\n\r\n", cases[i].lines);
        snprintf(expected, sizeof(expected), SIP_LINE SIP_TO "%sZ: y\r\n\r\n", cases[i].expected);
        const struct tnd_msg *msg = sip_read_str(text);
        CHECK(tnd_msg_via(msg, &via, NULL));
        tnd_edits_init(&e, msg);
        tnd_edit_remove_first(&e, tnd_msg_field(msg, TND_HEADER_VIA), via.text);
        CHECK_STR(written(&e), expected);
    }
}

TND_TEST(edit_route, "RFC 3261 §16.4", "a Route is popped value by value until it is gone")
{
    static const char *const left[] = {"<sip:b;lr>\r\n ,<sip:c;lr>;x|<sip:d>|",
                                       "<sip:c;lr>;x|<sip:d>|", "<sip:d>|", ""};
    static char copy[1024];
    const struct tnd_msg *msg = sip_request_with(
        "Route: <sip:a;lr>  , <sip:b;lr>\r\n ,<sip:c;lr>;x\r\nZ: y\r\nRoute: <sip:d>\r\n");

    for (unsigned i = 0; i < 4; i++) {
        struct tnd_edits e;
        tnd_edits_init(&e, msg);
        tnd_edit_remove_first(&e, tnd_msg_field(msg, TND_HEADER_ROUTE), first_route(msg));
        struct tnd_slice text = written(&e);
        memcpy(copy, text.ptr, text.len);
        msg = sip_read(tnd_slice(copy, text.len));
        CHECK_FLAWS(msg, "");

        struct tnd_writer w = tnd_writer(copy, sizeof(copy));
        for (const struct tnd_field *f = tnd_msg_field(msg, TND_HEADER_ROUTE); f;
             f = f->next ? &msg->fields[f->next] : NULL) {
            tnd_put(&w, tnd_field_value(msg, f));
            tnd_put_char(&w, '|');
        }
        CHECK_STR(tnd_writer_slice(&w), left[i]);
    }
    CHECK_STR(tnd_msg_value(msg, TND_HEADER_OTHER), "y");
}

TND_TEST(edit_value, "RFC 3261 §16.6", "a value is replaced, the name and the white space stay")
{
    const struct tnd_msg *msg =
        sip_request_with("Max-Breadth :\t 60 \r\nSubject:\r\nZ: a\r\n b\r\n");
    struct tnd_edits e;

    tnd_edits_init(&e, msg);
    tnd_edit_value(&e, tnd_msg_field(msg, TND_HEADER_MAX_FORWARDS), TND_STR("69"));
    tnd_edit_value(&e, tnd_msg_field(msg, TND_HEADER_MAX_BREADTH), TND_STR("30"));
    tnd_edit_value(&e, tnd_msg_field(msg, TND_HEADER_SUBJECT), TND_STR(" new"));
    tnd_edit_value(&e, tnd_msg_field(msg, TND_HEADER_OTHER), TND_STR(""));
    CHECK_STR(written(&e), SIP_LINE SIP_VIA SIP_FROM SIP_TO SIP_CALL SIP_CSEQ
              "Max-Forwards: 69\r\nMax-Breadth :\t 30 \r\nSubject: new\r\nZ: \r\n\r\n");
}

TND_TEST(edit_order, "RFC 3261 §16.6", "the copy does not depend on the order of the changes")
{
    static const unsigned orders[][4] = {{0, 1, 2, 3}, {3, 2, 1, 0}, {1, 3, 0, 2}, {2, 0, 3, 1},
                                         {3, 0, 1, 2}, {0, 2, 1, 3}, {1, 0, 3, 2}, {2, 3, 0, 1}};
    static const char expected[] =
        "OPTIONS sip:new SIP/2.0\r\nVia: SIP/2.0/UDP me\r\n" SIP_FROM SIP_TO SIP_CALL SIP_CSEQ
        "Max-Forwards: 69\r\n\r\n";
    const struct tnd_msg *msg = sip_request_with("");
    const struct tnd_field *via = tnd_msg_field(msg, TND_HEADER_VIA);

    for (size_t i = 0; i < sizeof(orders) / sizeof(*orders); i++) {
        struct tnd_edits e;
        tnd_edits_init(&e, msg);
        for (unsigned j = 0; j < 4; j++)
            switch (orders[i][j]) {
            case 0:
                tnd_edit_uri(&e, TND_STR("sip:new"));
                break;
            case 1:
                tnd_edit_insert(&e, via, TND_STR("Via: SIP/2.0/UDP me\r\n"));
                break;
            case 2: /* at the same place as the one before */
                tnd_edit_remove(&e, via);
                break;
            case 3:
                tnd_edit_value(&e, tnd_msg_field(msg, TND_HEADER_MAX_FORWARDS), TND_STR("69"));
                break;
            }
        CHECK_STR(written(&e), expected);
    }
}

TND_TEST(edit_same_place, "RFC 3261 §16.6",
         "changes at the same place stay in the order they were given")
{
    const struct tnd_msg *msg = sip_request_with("Z: y\r\n");
    const struct tnd_field *f = tnd_msg_field(msg, TND_HEADER_OTHER);
    struct tnd_edits e;

    tnd_edits_init(&e, msg);
    tnd_edit_insert(&e, f, TND_STR("A: 1\r\n"));
    tnd_edit_insert(&e, f, TND_STR("A: 2\r\n"));
    tnd_edit_remove(&e, f);
    tnd_edit_insert(&e, f, TND_STR("A: 3\r\n"));
    tnd_edit_insert(&e, NULL, TND_STR("A: 4\r\n")); /* behind what was cut */
    CHECK_STR(written(&e), SIP_LINE SIP_HEAD "A: 1\r\nA: 2\r\nA: 3\r\nA: 4\r\n\r\n");
}

TND_TEST(edit_forwarding, "RFC 3261 §16.6",
         "a request changed as a proxy does reads as what was asked for")
{
    const struct tnd_msg *msg = sip_read(sip_samples[0]);
    struct tnd_edits e;
    struct tnd_values v;
    struct tnd_via via;
    struct tnd_addr route;
    struct tnd_uri uri;

    tnd_edits_init(&e, msg);
    tnd_edit_value(&e, tnd_msg_field(msg, TND_HEADER_MAX_FORWARDS), TND_STR("69"));
    tnd_edit_remove_first(&e, tnd_msg_field(msg, TND_HEADER_ROUTE), first_route(msg));
    tnd_edit_insert(&e, &msg->fields[1], TND_STR("Record-Route: <sip:me;lr>\r\n"));
    tnd_edit_insert(&e, tnd_msg_field(msg, TND_HEADER_VIA),
                    TND_STR("Via: SIP/2.0/UDP me;branch=z9hG4bKnew\r\n"));
    tnd_edit_uri(&e, TND_STR("sip:bob@192.0.2.4"));
    const struct tnd_msg *copy = sip_read_stream(written(&e));

    CHECK_FLAWS(copy, "");
    CHECK(tnd_msg_uri(copy, &uri, NULL));
    CHECK_STR(uri.host, "192.0.2.4");
    v = tnd_msg_values(copy, TND_HEADER_VIA);
    CHECK(tnd_via_next(&v, &via));
    CHECK_STR(via.branch, "z9hG4bKnew");
    CHECK(tnd_via_next(&v, &via));
    CHECK_STR(via.branch, "z9hG4bK74bf9");
    CHECK(!tnd_via_next(&v, &via));
    v = tnd_msg_values(copy, TND_HEADER_ROUTE);
    CHECK(tnd_addr_next(&v, &route));
    CHECK_STR(route.uri.host, "ss2.biloxi.example.com");
    CHECK(!tnd_addr_next(&v, &route));
    CHECK_STR(tnd_msg_value(copy, TND_HEADER_RECORD_ROUTE), "<sip:me;lr>");
    CHECK(tnd_slice_eq(copy->body, msg->body));
    CHECK_EQ(copy->field_count, msg->field_count + 2);
}

TND_TEST(edit_count, "TND_EDIT_COUNT_MAX",
         "as many changes as the limit are made, of more the copy is told over")
{
    const struct tnd_msg *msg = sip_request_with("");
    struct tnd_edits e;

    tnd_edits_init(&e, msg);
    for (unsigned i = 0; i < TND_EDIT_COUNT_MAX; i++)
        tnd_edit_insert(&e, NULL, TND_STR("A: 1\r\n"));
    CHECK(!e.over);
    CHECK_EQ(written(&e).len, msg->text.len + TND_EDIT_COUNT_MAX * 6);
    tnd_edit_insert(&e, NULL, TND_STR("A: 1\r\n"));
    CHECK(e.over);
    struct tnd_writer w = tnd_writer(NULL, 0);
    tnd_edits_write(&w, &e);
    CHECK(tnd_writer_over(&w));
    CHECK_EQ(e.count, TND_EDIT_COUNT_MAX);
}

TND_TEST(edit_overflow, "TND_ESPACE",
         "in too little room nothing is written beyond it, and the need is counted")
{
    struct tnd_edits e;
    char room[1024];

    tnd_edits_init(&e, sip_request_with(""));
    tnd_edit_uri(&e, TND_STR("sip:new"));
    tnd_edit_insert(&e, NULL, TND_STR("A: 1\r\n"));
    size_t len = written(&e).len;
    for (size_t size = 0; size <= len; size++) {
        struct tnd_writer w = tnd_writer(size ? room : NULL, size);
        memset(room, '#', sizeof(room));
        tnd_edits_write(&w, &e);
        CHECK_EQ(w.len, len);
        for (size_t i = size; i < sizeof(room); i++)
            CHECK_EQ(room[i], '#');
    }
}

static void overlap(void *ctx)
{
    const struct tnd_msg *msg = ctx;
    struct tnd_edits e;

    tnd_edits_init(&e, msg);
    tnd_edit_remove(&e, &msg->fields[2]);
    tnd_edit_value(&e, &msg->fields[2], TND_STR("x"));
}

static void overlap_backwards(void *ctx)
{
    const struct tnd_msg *msg = ctx;
    struct tnd_edits e;

    tnd_edits_init(&e, msg);
    tnd_edit_value(&e, &msg->fields[2], TND_STR("x"));
    tnd_edit_remove(&e, &msg->fields[2]);
}

static void cut_elsewhere(void *ctx)
{
    struct tnd_edits e;

    tnd_edits_init(&e, ctx);
    tnd_edit(&e, tnd_slice(tnd_slice_end(((const struct tnd_msg *)ctx)->text), 1),
             tnd_slice(NULL, 0));
}

TND_TEST(edit_misuse, "RFC 3261 §16.6",
         "changes that overlap, or lie outside of the message, are our own mistake")
{
    void *msg = (void *)(uintptr_t)sip_request_with("");

    check_dies(overlap, msg);
    check_dies(overlap_backwards, msg);
    check_dies(cut_elsewhere, msg);
}
