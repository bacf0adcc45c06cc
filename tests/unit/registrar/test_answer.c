/* What a REGISTER is answered with, and what comes of several. */
#include "unit/registrar/registrar_test.h"

TND_TEST(
    registrar_ok, "RFC 3261 §10.3",
    "200 lists all contacts that are registered, each with the seconds that are left, and Date")
{
    struct registrar_test *t = registrar_start();

    CHECK_EQ(registrar_do(t, "Contact: \"A\" <sip:a@b?x=y>;+sip.instance=\"<urn:x>\";q=0.25\r\n"),
             200);
    CHECK_VALUES(t, CONTACT, "<sip:a@b>;+sip.instance=\"<urn:x>\";q=0.25;expires=3600");
    CHECK_VALUES(t, DATE, "Fri, 15 Jan 2027 08:00:00 GMT");
    CHECK_VALUES(t, SUPPORTED, "path");
    CHECK_VALUES(t, PATH, "");
    CHECK_VALUES(t, SERVICE_ROUTE, "");
    CHECK_EQ(t->step.rule, TND_RULE_REGISTRAR_CONTACT);
    t->with.wall += 100;
    CHECK_EQ(registrar_do_as(t, "b", "Contact: <tel:+1>;expires=200;q=1, <sip:c>;q=0.1\r\n"), 200);
    CHECK_VALUES(t, CONTACT,
                 "<sip:a@b>;+sip.instance=\"<urn:x>\";q=0.25;expires=3500 | "
                 "<tel:+1>;q=1.0;expires=200 | <sip:c>;q=0.1;expires=3600");
    t->with.wall += 199;
    CHECK_EQ(registrar_do(t, ""), 200);
    CHECK_EQ(t->step.rule, TND_RULE_REGISTRAR_FETCH);
    PROVES(REGISTRAR_FETCH);
    CHECK_VALUES(t, CONTACT,
                 "<sip:a@b>;+sip.instance=\"<urn:x>\";q=0.25;expires=3301 | "
                 "<tel:+1>;q=1.0;expires=1 | <sip:c>;q=0.1;expires=3401");
    t->with.wall++; /* what has ended meanwhile, the store may still name */
    CHECK_EQ(registrar_do(t, ""), 200);
    CHECK_VALUES(t, CONTACT,
                 "<sip:a@b>;+sip.instance=\"<urn:x>\";q=0.25;expires=3300 | "
                 "<sip:c>;q=0.1;expires=3400");
}

TND_TEST(registrar_q, "RFC 3261 §25.1", "q is written with as many digits as it has")
{
    static const struct {
        int16_t q;
        const char *text;
    } values[] = {{0, "0.0"},     {1, "0.001"},  {10, "0.01"},   {100, "0.1"},
                  {101, "0.101"}, {990, "0.99"}, {999, "0.999"}, {1000, "1.0"}};
    struct registrar_test *t = registrar_start();

    registrar_read(t, "a", "");
    t->count = 1;
    for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
        char text[64];

        snprintf(text, sizeof(text), "<sip:a>;q=%s;expires=1", values[i].text);
        t->bindings[0] = (struct tnd_binding){
            .uri = TND_STR("sip:a"), .q = values[i].q, .until = t->with.wall + 1};
        registrar_answer(t, TND_STORE_OK);
        CHECK_VALUES(t, CONTACT, text);
    }
    t->bindings[0].until = INT64_MAX; /* a store with a longer memory than the law */
    t->bindings[0].q = -1;
    registrar_answer(t, TND_STORE_OK);
    CHECK_VALUES(t, CONTACT, "<sip:a>;expires=4294967295");
}

TND_TEST(registrar_paths, "RFC 3327 §5.3; RFC 3608 §6.3",
         "200 copies the Path of the request, and names the service route; no Record-Route")
{
    struct registrar_test *t = registrar_start();

    t->with.service_route = TND_STR("<sip:hsp.example.com;lr>");
    CHECK_EQ(registrar_do(t, "Path: <sip:p1;lr>\r\nContact: <sip:a>\r\nSupported: path\r\n"
                             "Record-Route: <sip:p0;lr>\r\nPath: <sip:p2;lr>,\r\n <sip:p3;lr>\r\n"),
             200);
    CHECK_VALUES(t, PATH, "<sip:p1;lr> | <sip:p2;lr>,   <sip:p3;lr>");
    CHECK_VALUES(t, SERVICE_ROUTE, "<sip:hsp.example.com;lr>");
    CHECK_VALUES(t, RECORD_ROUTE, "");
    CHECK_STR(t->bindings[0].path, "<sip:p1;lr>, <sip:p2;lr>,   <sip:p3;lr>");
    /* the Path of somebody else's request is none of this one's */
    CHECK_EQ(registrar_do(t, ""), 200);
    CHECK_VALUES(t, PATH, "");
    CHECK_VALUES(t, SERVICE_ROUTE, "<sip:hsp.example.com;lr>");
}

TND_TEST(registrar_refreshes, "RFC 3261 §10.3",
         "a contact is found by the comparison of URIs, and refreshed, or removed")
{
    struct registrar_test *t = registrar_start();

    CHECK_EQ(registrar_do(t, "Contact: <sip:alice@PC.example.com;x>\r\n"), 200);
    CHECK_EQ(registrar_do(t, "Contact: <sip:%61lice@pc.example.com>;expires=100\r\n"), 200);
    CHECK_VALUES(t, CONTACT, "<sip:%61lice@pc.example.com>;expires=100");
    CHECK_EQ(registrar_do(t, "Contact: <sip:alice@pc.example.com;transport=tcp>\r\n"), 200);
    CHECK_VALUES(t, CONTACT,
                 "<sip:%61lice@pc.example.com>;expires=100 | "
                 "<sip:alice@pc.example.com;transport=tcp>;expires=3600");
    CHECK_EQ(registrar_do(t, "Contact: <sip:alic%65@pc.example.com>;expires=0\r\n"), 200);
    CHECK_VALUES(t, CONTACT, "<sip:alice@pc.example.com;transport=tcp>;expires=3600");
    CHECK_EQ(registrar_do(t, "Contact: *\r\nExpires: 0\r\n"), 200);
    CHECK_EQ(t->step.rule, TND_RULE_REGISTRAR_STAR);
    CHECK_VALUES(t, CONTACT, "");
}

TND_TEST(registrar_late, "RFC 3261 §10.3",
         "a REGISTER that was overtaken changes nothing and is refused, with * too")
{
    struct registrar_test *t = registrar_start();

    t->cseq = 7;
    CHECK_EQ(registrar_do(t, "Contact: <sip:a>\r\n"), 200);
    t->cseq = 7;
    CHECK_EQ(registrar_do(t, "Contact: <sip:b>, <sip:a>;expires=100\r\n"), 500);
    CHECK_EQ(t->step.rule, TND_RULE_REGISTRAR_CSEQ);
    CHECK_STR(t->step.fact, "7 REGISTER");
    CHECK_STR(t->reply->reason, "CSeq Is Not Higher");
    CHECK_VALUES(t, CONTACT, "");
    t->cseq = 6;
    CHECK_EQ(registrar_do(t, "Contact: *\r\nExpires: 0\r\n"), 500);
    CHECK_EQ(t->step.rule, TND_RULE_REGISTRAR_STAR);
    CHECK_EQ(registrar_do_as(t, "b", "Contact: <sip:a>;expires=100\r\n"), 200);
    CHECK_VALUES(t, CONTACT, "<sip:a>;expires=100");
}

TND_TEST(registrar_full, "TND_BINDING_COUNT_MAX",
         "more contacts than are allowed are refused with 403, and those that are there stay")
{
    struct registrar_test *t = registrar_start();

    CHECK_EQ(registrar_do(t, "Contact: <sip:a>, <sip:b>, <sip:c>\r\n"), 200);
    CHECK_EQ(registrar_do(t, "Contact: <sip:d>\r\n"), 403);
    CHECK_EQ(t->step.rule, TND_RULE_BINDING_COUNT);
    CHECK_STR(t->step.fact, "max_contacts 3");
    CHECK_STR(t->reply->reason, "Too Many Contacts");
    CHECK_EQ(registrar_do(t, "Contact: <sip:d>, <sip:a>;expires=0\r\n"), 200);
    CHECK_VALUES(t, CONTACT, "<sip:b>;expires=3600 | <sip:c>;expires=3600 | <sip:d>;expires=3600");
    CHECK_EQ(registrar_do(t, "Contact: <sip:x>, <sip:y>, <sip:z>, <sip:b>;expires=0, "
                             "<sip:c>;expires=0, <sip:d>;expires=0\r\n"),
             200);
    CHECK_VALUES(t, CONTACT, "<sip:x>;expires=3600 | <sip:y>;expires=3600 | <sip:z>;expires=3600");
}

TND_TEST(registrar_store_failed, "RFC 3261 §10.3",
         "what could not be committed is refused with 500, and nothing is said of contacts")
{
    struct registrar_test *t = registrar_start();

    for (int i = 0; i < 2; i++) {
        registrar_read(t, "a", i ? "" : "Contact: <sip:a>\r\n");
        registrar_answer(t, TND_STORE_FAILED);
        CHECK_EQ(t->step.code, 500);
        CHECK_EQ(t->step.rule, TND_RULE_REGISTRAR_COMMIT);
        CHECK_STR(t->reply->reason, "Registration Not Stored");
        CHECK_VALUES(t, CONTACT, "");
    }
}
