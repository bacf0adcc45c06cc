/* What is written within a dialog, and by what a dialog is found. */
#include "unit/dialog/dialog_test.h"
#include "unit/sip/sip_test.h"

#define CONTACT "Contact: <sip:bob@b.example.org>\r\n"
#define VIA     "Via: SIP/2.0/UDP a.example.com;branch=z9hG4bK1\r\n"
#define TAIL                                                             \
    "Max-Forwards: 70\r\nFrom: Alice <sip:alice@example.com>;tag=A1\r\n" \
    "To: Bob <sip:bob@example.org>;tag=B1\r\nCall-ID: call@a.example.com\r\n"

TND_TEST(dialog_write_plain, "RFC 3261 §12.2.1.1",
         "without routes a request goes to the remote target, which is its Request-URI")
{
    struct dialog_party p;

    CHECK_EQ(dialog_alice(&p, 200, "B1", CONTACT), 0);
    CHECK_EQ(tnd_dialog_next_cseq(&p.d), 314160);
    CHECK_TEXT(dialog_written(&p.d, "BYE", 314160),
               "BYE sip:bob@b.example.org SIP/2.0\r\n" VIA TAIL "CSeq: 314160 BYE\r\n");
    CHECK_STR(tnd_dialog_next_hop(&p.d), "sip:bob@b.example.org");
}

TND_TEST(dialog_write_loose, "RFC 3261 §12.2.1.1",
         "behind a loose router the remote target is the Request-URI, and all routes are in Route")
{
    struct dialog_party p;

    CHECK_EQ(dialog_alice(&p, 200, "B1",
                          CONTACT "Record-Route: <sip:p2;lr>;a=\r\n b\r\n"
                                  "Record-Route: <sip:p1;lr=on;x>\r\n"),
             0);
    CHECK_TEXT(dialog_written(&p.d, "INFO", 7),
               "INFO sip:bob@b.example.org SIP/2.0\r\n" VIA
               "Route: <sip:p1;lr=on;x>, <sip:p2;lr>;a=   b\r\n" TAIL "CSeq: 7 INFO\r\n");
    CHECK_STR(tnd_dialog_next_hop(&p.d), "sip:p1;lr=on;x");
}

TND_TEST(
    dialog_write_strict, "RFC 3261 §12.2.1.1",
    "a strict router is the Request-URI, without what is not allowed there; the target is the last route")
{
    struct dialog_party p;

    CHECK_EQ(dialog_alice(&p, 200, "B1",
                          CONTACT "Record-Route: <sip:p2;lr>, <sip:p1;method=X;transport=tcp>\r\n"),
             0);
    CHECK(!p.d.is_loose);
    CHECK_TEXT(dialog_written(&p.d, "INFO", 7),
               "INFO sip:p1;transport=tcp SIP/2.0\r\n" VIA
               "Route: <sip:p2;lr>, <sip:bob@b.example.org>\r\n" TAIL "CSeq: 7 INFO\r\n");
    CHECK_STR(tnd_dialog_next_hop(&p.d), "sip:p1;method=X;transport=tcp");
    CHECK_EQ(dialog_alice(&p, 200, "B1", CONTACT "Record-Route: sip:p1;lr\r\n"), 0);
    CHECK(!p.d.is_loose); /* lr is a parameter of the field here */
    CHECK_TEXT(dialog_written(&p.d, "INFO", 7),
               "INFO sip:p1 SIP/2.0\r\n" VIA "Route: <sip:bob@b.example.org>\r\n" TAIL
               "CSeq: 7 INFO\r\n");
}

TND_TEST(dialog_write_ack, "RFC 3261 §13.2.2.4",
         "the ACK to a 2xx has the number and the credentials of its INVITE")
{
    static char room[2048];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct dialog_party p;
    const struct tnd_msg *invite;

    CHECK_EQ(dialog_alice(&p, 200, "B1", CONTACT), 0);
    invite = dialog_invite("Authorization: Digest a=b\r\nProxy-Authorization: Digest c=d\r\n"
                           "Require: x\r\nProxy-Authorization: Digest e=f\r\n");
    tnd_dialog_next_cseq(&p.d);
    CHECK(tnd_dialog_ack_write(&w, &p.d, invite, tnd_slice(NULL, 0)));
    CHECK_STR(tnd_writer_slice(&w),
              "ACK sip:bob@b.example.org SIP/2.0\r\n" TAIL "CSeq: 314159 ACK\r\n"
              "Authorization: Digest a=b\r\nProxy-Authorization: Digest c=d\r\n"
              "Proxy-Authorization: Digest e=f\r\n");
    w.len = 0;
    CHECK(!tnd_dialog_ack_write(&w, &p.d, sip_read_str("INVITE sip:b SIP/2.0\r\n\r\n"),
                                tnd_slice(NULL, 0)));
    CHECK_EQ(w.len, 0);
}

TND_TEST(dialog_written_is_read, "RFC 3261 §12.2.1.1",
         "what is written is a request without a flaw, in the dialog of the other side")
{
    static char text[4096];
    struct dialog_party a, b;

    CHECK_EQ(dialog_bob(&b, "Contact: <sip:alice@a.example.com>\r\n"), 0);
    CHECK_EQ(dialog_alice(&a, 200, "B1", CONTACT), 0);
    snprintf(text, sizeof(text), "%s\r\n",
             dialog_written(&a.d, "OPTIONS", tnd_dialog_next_cseq(&a.d)));
    CHECK_FLAWS(sip_read_str(text), "");
    snprintf(text + 2048, 2048, "%s", dialog_key_text(&b.d));
    CHECK_TEXT(dialog_message_key_text(sip_read_str(text)), text + 2048);
}

TND_TEST(
    dialog_key, "RFC 3261 §12",
    "a message has the key of the dialog with its Call-ID and tags, at the side that it came to")
{
    struct dialog_party p;
    char key[256];

    CHECK_EQ(dialog_alice(&p, 200, "B1", CONTACT), 0);
    snprintf(key, sizeof(key), "%s", dialog_key_text(&p.d));
    CHECK_TEXT(key, "dcall@a.example.com\na1\nb1\n");
    CHECK_TEXT(dialog_message_key_text(dialog_response(200, "b1", "")), key);
    CHECK_TEXT(dialog_message_key_text(dialog_request("BYE", 9, "")), key);
    CHECK(strcmp(dialog_message_key_text(dialog_response(200, "B2", "")), key) != 0);
    CHECK(strcmp(dialog_message_key_text(dialog_invite("")), key) != 0);
    CHECK_TEXT(dialog_message_key_text(sip_read_str("BYE sip:b SIP/2.0\r\n\r\n")), "");
    PROVES(DIALOG_ID);
}

static const char *id_key(const struct tnd_dialog_id *id, bool is_null)
{
    static char room[256];
    struct tnd_writer w = tnd_writer(room, sizeof(room) - 1);

    tnd_dialog_id_key(&w, id, is_null);
    room[w.len] = '\0';
    return room;
}

TND_TEST(dialog_replaces, "RFC 3891 §3",
         "Replaces finds a dialog by our tag and theirs; 603, 486 and 481 say that it may not")
{
    struct tnd_dialog_id id = {.call_id = TND_STR("call@a.example.com"),
                               .to_tag = TND_STR("A1"),
                               .from_tag = TND_STR("0")};
    struct dialog_party p;
    enum tnd_rule rule;

    CHECK_EQ(dialog_alice(&p, 200, "0", CONTACT), 0);
    CHECK_TEXT(id_key(&id, false), dialog_key_text(&p.d));
    CHECK_EQ(dialog_alice(&p, 200, "", CONTACT), 0);
    CHECK_TEXT(id_key(&id, true), dialog_key_text(&p.d));
    CHECK_EQ(tnd_dialog_replaced(&p.d, &id, &rule), 0);
    id.early_only = true;
    CHECK_EQ(tnd_dialog_replaced(&p.d, &id, &rule), 486);
    CHECK_EQ(rule, TND_RULE_REPLACES_EARLY_ONLY);
    PROVES(REPLACES_EARLY_ONLY);
    tnd_dialog_terminate(&p.d);
    CHECK_EQ(tnd_dialog_replaced(&p.d, &id, &rule), 603);
    CHECK_EQ(rule, TND_RULE_REPLACES_TERMINATED);
    PROVES(REPLACES_TERMINATED);
    CHECK_EQ(dialog_alice(&p, 180, "B1", CONTACT), 0);
    CHECK_EQ(tnd_dialog_replaced(&p.d, &id, &rule), 0);
    CHECK_EQ(dialog_bob(&p, CONTACT), 0);
    CHECK_EQ(tnd_dialog_replaced(&p.d, &id, &rule), 481);
    CHECK_EQ(rule, TND_RULE_REPLACES_EARLY);
    PROVES(REPLACES_EARLY);
}
