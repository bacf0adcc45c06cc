/* Routes, History-Info, Diversion, Referred-By. */
#include "unit/sip/probe.h"

TND_TEST(routes_are_in_angles, "RFC 3261 §25.1", "a route that is not in <> is refused")
{
    CHECK_GOOD(route, struct tnd_addr, "<sip:bigbox3.site3.atlanta.com;lr>, \"x\" <sip:a>;y", 2);
    CHECK_FLAW(route, struct tnd_addr, "sip:a;lr", NAME_ADDR, "sip:a");
}

TND_TEST(history_is_read, "RFC 7044 §5.1", "an entry has an index and how it came about")
{
    struct tnd_values v = probe(TND_STR(
        "<sip:bob@example.com>;index=1, <sip:bob@192.0.2.4?Reason=SIP%3Bcause%3D302>;index=1.1;rc=1,"
        "<sip:office@example.com;cause=480>;index=1.2;mp=1.1 , <sip:o@b>;index=1.2.10;np=1.2"));
    struct tnd_history h;

    CHECK(tnd_history_next(&v, &h));
    CHECK_STR(h.index, "1");
    CHECK_EQ(tnd_history_cause(&h), 0);
    CHECK(tnd_history_next(&v, &h));
    CHECK_STR(h.rc, "1");
    CHECK_EQ(tnd_history_cause(&h), 302);
    CHECK(tnd_history_next(&v, &h));
    CHECK_STR(h.mp, "1.1");
    CHECK_EQ(tnd_history_cause(&h), 480);
    CHECK(tnd_history_next(&v, &h));
    CHECK_STR(h.index, "1.2.10");
    CHECK_STR(h.np, "1.2");
    CHECK(!tnd_history_next(&v, &h));
    CHECK_EQ(v.c.flaw.rule, TND_RULE_NONE);
}

static unsigned cause_of(const char *text)
{
    struct tnd_history h;

    READ(history, text, &h);
    return tnd_history_cause(&h);
}

TND_TEST(history_cause_is_of_sip, "RFC 7044 §5",
         "the cause is the SIP one of the Reason, escapes undone")
{
    CHECK_EQ(cause_of("<sip:a@b?Privacy=none&Reason=Q.850%3Bcause%3D17%2CSIP%20%3Bcause%3D486"
                      "%3Btext%3D%22Busy%20Here%22>;index=1"),
             486);
    CHECK_EQ(cause_of("<sip:a@b;cause=302?Reason=Q.850%3Bcause%3D17>;index=1"), 302);
    CHECK_EQ(cause_of("<sip:a@b;cause=700>;index=1"), 0);
    CHECK_EQ(cause_of("<sip:a@b?Reason=%22%00%0d%0a>;index=1"), 0);
    CHECK_EQ(cause_of("<tel:+1;cause=99>;index=0"), 0);
}

TND_TEST(history_flaws, "RFC 7044 §5", "an entry is a name-addr with one index of numbers and dots")
{
    CHECK_FLAW(history, struct tnd_history, "<sip:a>", HISTORY_INDEX, "sip:a");
    CHECK_FLAW(history, struct tnd_history, "sip:a;index=1", NAME_ADDR, "sip:a");
    CHECK_FLAW(history, struct tnd_history, "<sip:a>;index", PARAM_VALUE, "index");
    CHECK_FLAW(history, struct tnd_history, "<sip:a>;index=1.", PARAM_VALUE, "index");
    CHECK_FLAW(history, struct tnd_history, "<sip:a>;index=.1", PARAM_VALUE, "index");
    CHECK_FLAW(history, struct tnd_history, "<sip:a>;index=1..1", PARAM_VALUE, "index");
    CHECK_FLAW(history, struct tnd_history, "<sip:a>;index=01", PARAM_VALUE, "index");
    CHECK_FLAW(history, struct tnd_history, "<sip:a>;index=1;index=2", PARAM_VALUE, "index=2");
    CHECK_FLAW(history, struct tnd_history, "<sip:a>;index=1;rc=x", PARAM_VALUE, "rc");
}

TND_TEST(diversion_is_read, "RFC 5806 §4", "a diversion says why, how often, and how private")
{
    struct tnd_diversion d;

    READ(diversion,
         "\"John\" <sip:+19195551000@gw;user=phone>;reason=user-busy;counter=3; limit = 10"
         ";privacy=\"full\";screen=yes;x=y",
         &d);
    CHECK_STR(d.addr.display, "\"John\"");
    CHECK_STR(d.reason, "user-busy");
    CHECK_EQ(d.counter, 3);
    CHECK_EQ(d.limit, 10);
    CHECK_STR(d.privacy, "\"full\"");
    CHECK_STR(d.screen, "yes");
    READ(diversion, "<sip:WeSellPizza@p4.isp.com>", &d);
    CHECK_EQ(d.counter, -1);
    CHECK(!d.reason.ptr);
}

TND_TEST(diversion_flaws, "RFC 5806 §4", "a count has one or two digits")
{
    CHECK_FLAW(diversion, struct tnd_diversion, "<sip:a>;counter=100", PARAM_VALUE, "counter");
    CHECK_FLAW(diversion, struct tnd_diversion, "<sip:a>;limit=x", PARAM_VALUE, "limit");
    CHECK_FLAW(diversion, struct tnd_diversion, "<sip:a>;reason=a;reason=b", PARAM_VALUE,
               "reason=b");
    CHECK_FLAW(diversion, struct tnd_diversion, "sip:a;reason=b", NAME_ADDR, "sip:a");
}

TND_TEST(referred_by_is_read, "RFC 3892 §3",
         "Referred-By is an address with perhaps a cid in quotes")
{
    struct tnd_referred_by by;

    READ(referred_by, "sip:r@ref.example;cid=\"2UWQFN309shb3@ref.example\"", &by);
    CHECK_STR(by.addr.uri.user, "r");
    CHECK_STR(by.cid, "\"2UWQFN309shb3@ref.example\"");
    CHECK_FLAW(referred_by, struct tnd_referred_by, "<sip:a>;cid=b", PARAM_VALUE, "cid");
    CHECK_FLAW(referred_by, struct tnd_referred_by, "<sip:a>;cid", PARAM_VALUE, "cid");
}

TND_TEST(origins_are_written_as_read, "RFC 7044 §5", "what is read and written is stable")
{
    CHECK_STABLE(history, history, struct tnd_history, "B o b <sip:a@b?Reason=SIP>;index=1 ;rc=1 ");
    CHECK_STABLE(diversion, diversion, struct tnd_diversion, "<tel:+1>;reason=\"a b\";counter=01");
    CHECK_STABLE(referred_by, referred_by, struct tnd_referred_by, "sip:a;cid=\"b@c\"");
}
