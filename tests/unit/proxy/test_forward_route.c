/* Route on its way through: what named us goes, strict routers before and behind us; our
 * Record-Route and its token; URIs that become Request-URIs. */
#include "tandem/sip/origin.h"
#include "unit/proxy/forward_test.h"

static struct tnd_slice copy_of(const struct tnd_msg *msg, struct tnd_forward_with with)
{
    static char room[8192];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_via top;

    CHECK(tnd_msg_via(msg, &top, NULL));
    with.top = &top;
    with.rport = -1;
    with.max_forwards = 70;
    with.lines = TND_STR("Via: ours\r\n");
    tnd_forward_request_write(&w, msg, &with);
    CHECK(!tnd_writer_over(&w));
    return tnd_writer_slice(&w);
}

/* The value of Route with this number, from 0. */
static struct tnd_addr route_at(const struct tnd_msg *msg, unsigned number)
{
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_ROUTE);
    struct tnd_addr route;

    do
        CHECK(tnd_route_next(&v, &route));
    while (number-- > 0);
    return route;
}

/* lines, after used values were taken off the front, and the last one if last, are left. */
static void check_routes(const char *lines, unsigned used, int last, const char *left)
{
    const struct tnd_msg *msg = sip_request_with(lines);
    struct tnd_forward_with with = {.route_added = {NULL, 0}};
    struct tnd_addr used_route, last_route;
    char expected[2048];

    if (used > 0) {
        used_route = route_at(msg, used - 1);
        with.route_used = &used_route;
    }
    if (last >= 0) {
        last_route = route_at(msg, (unsigned)last);
        with.route_last = &last_route;
    }
    snprintf(expected, sizeof(expected),
             SIP_LINE "Via: ours\r\n" SIP_VIA SIP_FROM SIP_TO SIP_CALL SIP_CSEQ
                      "Max-Forwards: 69\r\n%sContent-Length: 0\r\n\r\n",
             left);
    CHECK_STR(copy_of(msg, with), expected);
}

TND_TEST(forward_route_used, "RFC 3261 §16.4",
         "the values of Route that name us are taken off the front")
{
    check_routes("Route: <sip:a;lr>\r\nX: y\r\n", 1, -1, "X: y\r\n");
    check_routes("Route: <sip:a;lr>,<sip:b;lr>\r\n", 1, -1, "Route: <sip:b;lr>\r\n");
    check_routes("Route: A <sip:a;lr>;x=y , B <sip:b;lr>\r\n", 1, -1, "Route: B <sip:b;lr>\r\n");
    check_routes("Route: <sip:a;lr>\r\n\t, <sip:b;lr>\r\n", 1, -1, "Route: <sip:b;lr>\r\n");
    check_routes("Route: <sip:a;lr>\r\nX: y\r\nRoute: <sip:b;lr>\r\n", 1, -1,
                 "X: y\r\nRoute: <sip:b;lr>\r\n");
    check_routes("Route: <sip:a;lr>\r\nX: y\r\nRoute: <sip:b;lr>, <sip:c>\r\n", 2, -1,
                 "X: y\r\nRoute: <sip:c>\r\n");
    check_routes("Route: <sip:a;lr>, <sip:b;lr>\r\nRoute: <sip:c>\r\n", 2, -1,
                 "Route: <sip:c>\r\n");
    check_routes("Route: <sip:a;lr>, <sip:b;lr>, <sip:c>\r\n", 2, -1, "Route: <sip:c>\r\n");
    check_routes("Route: <sip:a;lr>, <sip:b;lr>\r\nRoute: <sip:c>\r\n", 3, -1, "");
    check_routes("Route: <sip:a;lr>\r\n", 0, -1, "Route: <sip:a;lr>\r\n");
}

TND_TEST(forward_route_last, "RFC 3261 §16.4",
         "the last value of Route, which became the Request-URI, is taken off")
{
    check_routes("Route: <sip:a>\r\n", 0, 0, "");
    check_routes("Route: <sip:a>, B <sip:b>;x\r\n", 0, 1, "Route: <sip:a>\r\n");
    check_routes("Route: <sip:a>\r\n ,\r\n <sip:b>\r\n", 0, 1, "Route: <sip:a>\r\n");
    check_routes("Route: <sip:a>\r\nX: y\r\nRoute: <sip:b>\r\n", 0, 1,
                 "Route: <sip:a>\r\nX: y\r\n");
    check_routes("Route: <sip:a>, <sip:b>\r\n", 1, 1, "");
    check_routes("Route: <sip:a>\r\nRoute: <sip:b>\r\n", 1, 1, "");
    check_routes("Route: <sip:a>, <sip:b>, <sip:c>\r\n", 1, 2, "Route: <sip:b>\r\n");
    check_routes("Route: <sip:a>, <sip:b>\r\nRoute: <sip:c>, <sip:d>\r\n", 1, 3,
                 "Route: <sip:b>\r\nRoute: <sip:c>\r\n");
}

TND_TEST(
    forward_route_added, "RFC 3261 §16.6",
    "in front of a strict router the Request-URI becomes the last Route, and the first Route takes its place")
{
    const struct tnd_msg *msg =
        sip_request_with("Route: <sip:us;lr>, <sip:strict>\r\nRoute: <sip:c;lr>\r\nX: y\r\n");
    struct tnd_addr strict = route_at(msg, 1);

    CHECK_STR(
        copy_of(msg, (struct tnd_forward_with){.uri = strict.uri.text,
                                               .route_used = &strict,
                                               .route_added = TND_STR("sip:bob@h")}),
        "OPTIONS sip:strict SIP/2.0\r\nVia: ours\r\n" SIP_VIA SIP_FROM SIP_TO SIP_CALL SIP_CSEQ
        "Max-Forwards: 69\r\nRoute: <sip:c;lr>\r\nRoute: <sip:bob@h>\r\nX: y\r\n"
        "Content-Length: 0\r\n\r\n");
    msg = sip_request_with("Route: <sip:strict>\r\n");
    strict = route_at(msg, 0);
    CHECK_STR(
        copy_of(msg, (struct tnd_forward_with){.uri = strict.uri.text,
                                               .route_used = &strict,
                                               .route_added = TND_STR("sip:bob@h")}),
        "OPTIONS sip:strict SIP/2.0\r\nVia: ours\r\n" SIP_VIA SIP_FROM SIP_TO SIP_CALL SIP_CSEQ
        "Max-Forwards: 69\r\nRoute: <sip:bob@h>\r\nContent-Length: 0\r\n\r\n");
    /* one that a Path leads to */
    CHECK_STR(copy_of(sip_request_with(""),
                      (struct tnd_forward_with){.uri = TND_STR("sip:strict"),
                                                .route_added = TND_STR("sip:bob@h")}),
              "OPTIONS sip:strict SIP/2.0\r\nVia: ours\r\nRoute: <sip:bob@h>\r\n" SIP_VIA SIP_FROM
                  SIP_TO SIP_CALL SIP_CSEQ "Max-Forwards: 69\r\nContent-Length: 0\r\n\r\n");
}

static struct tnd_uri uri_of(const char *text)
{
    struct tnd_uri uri;
    struct tnd_flaw flaw;

    CHECK_EQ(tnd_uri_parse(tnd_slice_str(text), &uri, &flaw), 0);
    return uri;
}

static struct tnd_slice record_route(struct tnd_record_route rr)
{
    static char room[256];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_record_route_write(&w, &rr);
    return tnd_writer_slice(&w);
}

TND_TEST(forward_record_route_form, "RFC 3261 §16.6", "a Record-Route is a SIP or SIPS URI with lr")
{
    CHECK_STR(record_route((struct tnd_record_route){.host = TND_STR("192.0.2.1:5070")}),
              "<sip:192.0.2.1:5070;lr>");
    CHECK_STR(record_route((struct tnd_record_route){.host = TND_STR("[2001:db8::1]"),
                                                     .transport = TND_TRANSPORT_TCP,
                                                     .is_sips = true,
                                                     .token = "0123456789abcdef0123456789abcdef"}),
              "<sips:[2001:db8::1];transport=tcp;lr;tnd=0123456789abcdef"
              "0123456789abcdef>");
}

/* The Request-URI is as our Record-Route; the routes are these lines. */
static enum tnd_rule strict(const char *uri_text, const char *lines, struct tnd_addr *last)
{
    struct forward_call call = {.method = "BYE", .uri = uri_text, .lines = lines};
    struct tnd_txn_parts parts = forward_parts(&call);
    struct tnd_uri uri;

    CHECK(tnd_msg_uri(parts.msg, &uri, NULL));
    return tnd_request_is_strict(&parts, &uri, last);
}

TND_TEST(route_strict, "RFC 3261 §16.4",
         "a Request-URI that we put into Record-Route stands for the last Route")
{
    struct tnd_addr last;

    static const char *const ours = "sip:us;lr;tnd=0123456789abcdef0123456789abcdef";

    PROVES(PROXY_STRICT);
    CHECK_EQ(strict(ours, "Route: <sip:p2;lr>\r\nRoute: <sip:p3;lr>, Bob <sip:bob@192.0.2.9>\r\n",
                    &last),
             TND_RULE_PROXY_STRICT);
    CHECK_STR(last.uri.text, "sip:bob@192.0.2.9");
    CHECK_EQ(strict(ours, "", &last), 0); /* we are the target */
    CHECK_EQ(strict("sip:us;lr", "Route: <sip:p2;lr>\r\n", &last), 0);
    CHECK_EQ(strict(ours, "Route: <sip:p2;lr>, nonsense\r\n", &last), 0);
}

static struct tnd_slice request_uri(const char *text, bool is_maddr_ours)
{
    static char room[512];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_uri uri = uri_of(text);

    tnd_request_uri_write(&w, &uri, is_maddr_ours);
    return tnd_writer_slice(&w);
}

TND_TEST(forward_uri_params, "RFC 3261 §16.6", "what may not stand in a Request-URI is left out")
{
    CHECK_STR(request_uri("sip:a@b", false), "sip:a@b");
    CHECK_STR(request_uri("sip:a?b:c@h:5070;lr;Method=INVITE;x=y?to=z", false),
              "sip:a?b:c@h:5070;lr;x=y");
    CHECK_STR(request_uri("sips:h;method=REGISTER", false), "sips:h");
    CHECK_STR(request_uri("sip:h;methods=x?a=b", false), "sip:h;methods=x");
    CHECK_STR(request_uri("tel:+1234;method=x", false), "tel:+1234;method=x");
    CHECK_STR(request_uri("im:a@b?c=d", true), "im:a@b?c=d");
}

TND_TEST(forward_uri_maddr, "RFC 3261 §16.4",
         "a maddr that names us goes, and the port and transport with it")
{
    CHECK_STR(request_uri("sip:a@b:5070;x;Maddr=192.0.2.1;transport=tcp;y", true), "sip:a@b;x;y");
    CHECK_STR(request_uri("sip:a@b:5070;maddr=192.0.2.1;transport=tcp", false),
              "sip:a@b:5070;maddr=192.0.2.1;transport=tcp");
}
