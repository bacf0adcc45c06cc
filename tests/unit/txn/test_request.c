/* ACK and CANCEL: made of the INVITE as it was sent, read again. */
#include "unit/sip/sip_test.h"
#include "unit/txn/txn_test.h"

static struct tnd_slice ack_text(const struct tnd_msg *invite, const struct tnd_msg *response)
{
    static char room[8192];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    CHECK(tnd_ack_write(&w, invite, response));
    CHECK(!tnd_writer_over(&w));
    return tnd_writer_slice(&w);
}

static struct tnd_slice cancel_text(const struct tnd_msg *invite, struct tnd_slice fields)
{
    static char room[8192];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    CHECK(tnd_cancel_write(&w, invite, fields));
    CHECK(!tnd_writer_over(&w));
    return tnd_writer_slice(&w);
}

/* The example of RFC 3261 §17.1.1.3. */
#define INVITE                                                     \
    "INVITE sip:bob@biloxi.com SIP/2.0\r\n"                        \
    "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKkjshdyff\r\n" \
    "To: Bob <sip:bob@biloxi.com>\r\n"                             \
    "From: Alice <sip:alice@atlanta.com>;tag=88sja8x\r\n"          \
    "Max-Forwards: 70\r\n"                                         \
    "Call-ID: 987asjd97y7atg\r\n"                                  \
    "CSeq: 986759 INVITE\r\n"

static const struct tnd_msg *answer(const struct tnd_msg *invite, unsigned code)
{
    static char room[8192];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_reply_write(
        &w, invite,
        &(struct tnd_reply){.code = (uint16_t)code, .rport = -1, .to_tag = TND_STR("99sa0xk")});
    return sip_read(tnd_writer_slice(&w));
}

TND_TEST(ack_example, "RFC 3261 §17.1.1.3", "the ACK of the RFC's example")
{
    const struct tnd_msg *invite = sip_read_str(INVITE "\r\n");
    struct tnd_slice text = ack_text(invite, answer(invite, 486));

    CHECK_STR(text, "ACK sip:bob@biloxi.com SIP/2.0\r\n"
                    "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKkjshdyff\r\n"
                    "Max-Forwards: 70\r\n"
                    "From: Alice <sip:alice@atlanta.com>;tag=88sja8x\r\n"
                    "To: Bob <sip:bob@biloxi.com>;tag=99sa0xk\r\n"
                    "Call-ID: 987asjd97y7atg\r\n"
                    "CSeq: 986759 ACK\r\n"
                    "Content-Length: 0\r\n\r\n");
    CHECK_FLAWS(sip_read(text), "");
}

TND_TEST(ack_copies, "RFC 3261 §17.1.1.3",
         "Route and credentials go with the ACK; other Vias, Require, Contact and body do not")
{
    const struct tnd_msg *invite = sip_read_str(
        "INVITE sip:bob@biloxi.com;lr SIP/2.0\r\nv: SIP/2.0/UDP top;branch=z9hG4bKt;rport ,"
        " SIP/2.0/UDP below;branch=z9hG4bKb\r\nVia: SIP/2.0/UDP last;branch=z9hG4bKl\r\n"
        "Route: <sip:p1;lr>,\r\n <sip:p2;lr>\r\nRequire: 100rel\r\nroute: <sip:p3;lr>\r\n"
        "Proxy-Require: x\r\nf: <sip:a>;tag=1\r\nt: <sip:b>\r\ni: c@d\r\nCSeq: 7 INVITE\r\n"
        "Max-Forwards: 3\r\nContact: <sip:a@h>\r\nProxy-Authorization: Digest username=\"a\","
        " realm=\"r\", nonce=\"n\", uri=\"sip:b\", response=\""
        "0123456789abcdef0123456789abcdef"
        "\"\r\nContent-Type: text/plain\r\nl: 2\r\n\r\nhi");
    CHECK_FLAWS(invite, "");
    const struct tnd_msg *ack = sip_read(ack_text(invite, answer(invite, 407)));
    const struct tnd_msg *cancel = sip_read(cancel_text(invite, tnd_slice(NULL, 0)));
    const struct tnd_msg *both[] = {ack, cancel};

    for (size_t i = 0; i < 2; i++) {
        struct tnd_values vias = tnd_msg_values(both[i], TND_HEADER_VIA);
        struct tnd_values routes = tnd_msg_values(both[i], TND_HEADER_ROUTE);
        struct tnd_via via;
        struct tnd_addr route;
        CHECK_FLAWS(both[i], "");
        CHECK_STR(both[i]->uri, "sip:bob@biloxi.com;lr");
        CHECK(tnd_via_next(&vias, &via));
        CHECK_STR(via.text, "SIP/2.0/UDP top;branch=z9hG4bKt;rport");
        CHECK(!tnd_via_next(&vias, &via));
        for (int n = 1; n <= 3; n++) {
            CHECK(tnd_addr_next(&routes, &route));
            CHECK_EQ(route.uri.host.ptr[1], '0' + n);
        }
        CHECK(!tnd_addr_next(&routes, &route));
        CHECK(!tnd_msg_has(both[i], TND_HEADER_REQUIRE));
        CHECK(!tnd_msg_has(both[i], TND_HEADER_PROXY_REQUIRE));
        CHECK(!tnd_msg_has(both[i], TND_HEADER_CONTACT));
        CHECK_EQ(both[i]->body.len, 0);
    }
    CHECK_STR(tnd_msg_value(ack, TND_HEADER_TO), "<sip:b>;tag=99sa0xk");
    CHECK_STR(tnd_msg_value(cancel, TND_HEADER_TO), "<sip:b>");
    CHECK_STR(tnd_msg_value(ack, TND_HEADER_CSEQ), "7 ACK");
    CHECK_STR(tnd_msg_value(cancel, TND_HEADER_CSEQ), "7 CANCEL");
    CHECK(tnd_msg_has(ack, TND_HEADER_PROXY_AUTHORIZATION)); /* RFC 3261 §22.1 */
    CHECK(!tnd_msg_has(cancel, TND_HEADER_PROXY_AUTHORIZATION));
}

TND_TEST(cancel_example, "RFC 3261 §9.1", "a CANCEL, with the Reason for it")
{
    const struct tnd_msg *invite = sip_read_str(INVITE "\r\n");
    struct tnd_slice text =
        cancel_text(invite, TND_STR("Reason: SIP;cause=200;text=\"Call completed elsewhere\"\r\n"));

    CHECK_STR(text, "CANCEL sip:bob@biloxi.com SIP/2.0\r\n"
                    "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKkjshdyff\r\n"
                    "Max-Forwards: 70\r\n"
                    "From: Alice <sip:alice@atlanta.com>;tag=88sja8x\r\n"
                    "To: Bob <sip:bob@biloxi.com>\r\n"
                    "Call-ID: 987asjd97y7atg\r\n"
                    "CSeq: 986759 CANCEL\r\n"
                    "Reason: SIP;cause=200;text=\"Call completed elsewhere\"\r\n"
                    "Content-Length: 0\r\n\r\n");
    CHECK_FLAWS(sip_read(text), "");
}

TND_TEST(ack_cancel_need, "RFC 3261 §17.1.1.3",
         "without what they copy nothing is written; a fold becomes a space")
{
    static const char *const lacking[] = {
        "INVITE sip:b SIP/2.0\r\n" SIP_FROM SIP_TO SIP_CALL "CSeq: 1 INVITE\r\n\r\n",
        "INVITE sip:b SIP/2.0\r\n" SIP_VIA SIP_TO SIP_CALL "CSeq: 1 INVITE\r\n\r\n",
        "INVITE sip:b SIP/2.0\r\n" SIP_VIA SIP_FROM SIP_TO "CSeq: 1 INVITE\r\n\r\n",
        "INVITE sip:b SIP/2.0\r\n" SIP_VIA SIP_FROM SIP_TO SIP_CALL "CSeq: x INVITE\r\n\r\n",
        "SIP/2.0 200 OK\r\n" SIP_VIA SIP_FROM SIP_TO SIP_CALL "CSeq: 1 INVITE\r\n\r\n",
    };
    struct tnd_writer w = tnd_writer(NULL, 0);

    for (size_t i = 0; i < sizeof(lacking) / sizeof(*lacking); i++) {
        CHECK(!tnd_ack_write(&w, sip_read_str(lacking[i]), sip_request_with("")));
        CHECK(!tnd_cancel_write(&w, sip_read_str(lacking[i]), tnd_slice(NULL, 0)));
    }
    const struct tnd_msg *invite = sip_read_str(INVITE "\r\n");
    CHECK(!tnd_ack_write(&w, invite, sip_read_str("SIP/2.0 404 No\r\n\r\n")));
    CHECK_EQ(w.len, 0);
    CHECK(strstr(
        ack_text(invite, sip_read_str("SIP/2.0 404 No\r\nTo: B\r\n <sip:b>;tag=2\r\n\r\n")).ptr,
        "\r\nTo: B   <sip:b>;tag=2\r\n"));
}
