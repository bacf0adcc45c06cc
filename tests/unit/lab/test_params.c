/* The URI parameters: what they make, and that nothing gets through that is not what it has
 * to be. */
#include "unit/lab/lab_test.h"

static void check_contact(const char *param, const char *expected)
{
    struct lab_test t;
    char uri[512];

    snprintf(uri, sizeof(uri), "sip:lab-302@a;contact=%s", param);
    lab_ask(&t, "INVITE", uri, "", NULL);
    CHECK_REFUSED(&t, 302, LAB_CODE);
    CHECK_STR(lab_value(&t, TND_HEADER_CONTACT), expected);
}

TND_TEST(lab_contacts, "RFC 3261 §21.3.3",
         "contact= names the Contacts, which are tried in their order")
{
    check_contact("sip:bob%40example.com", "<sip:bob@example.com>");
    check_contact("sip:bob%40b%3Btransport%3Dtcp", "<sip:bob@b;transport=tcp>");
    check_contact("sip:b%2Csip:c%2C%20mailto:d%40e",
                  "<sip:b>;q=1.0, <sip:c>;q=0.9, <mailto:d@e>;q=0.8");
    check_contact("%3Csip:b%3Bx%3E%3Bq%3D0.3%3Bexpires%3D60%2Csip:c",
                  "<sip:b;x>;q=0.3;expires=60, <sip:c>;q=0.9");
    check_contact("%22A%2C%20%5C%22B%22%20%3Csip:b%3Fsubject%3Dc%3E"
                  "%2Ctel:%2B15551234",
                  "\"A, \\\"B\" <sip:b?subject=c>;q=1.0, <tel:+15551234>;q=0.9");
    check_contact("sip:b%2Csip:c%2Csip:d%2Csip:e%2Csip:f%2Csip:g%2Csip:h%2Csip:i%2Csip:j%2Csip:k",
                  "<sip:b>;q=1.0, <sip:c>;q=0.9, <sip:d>;q=0.8, <sip:e>;q=0.7, <sip:f>;q=0.6, "
                  "<sip:g>;q=0.5, <sip:h>;q=0.4, <sip:i>;q=0.3, <sip:j>;q=0.2, <sip:k>;q=0.1");
    check_contact("sip:%2541%40b", "<sip:%41@b>"); /* unescaped once */
}

TND_TEST(lab_contact_default, "RFC 3261 §21.3",
         "a 3xx without contact= names lab-200 at the same host and port")
{
    struct lab_test t;

    lab_ask(&t, "INVITE", "sips:lab-302@[2001:db8::1]:5099;transport=tcp", "", NULL);
    CHECK_EQ(lab_end(&t), 302);
    CHECK_STR(lab_value(&t, TND_HEADER_CONTACT), "<sips:lab-200@[2001:db8::1]:5099>");
    lab_ask(&t, "INVITE", "sip:lab-485@a", "", NULL); /* RFC 3261 §21.4.23 */
    CHECK_EQ(lab_end(&t), 485);
    CHECK(!tnd_msg_has(t.reply, TND_HEADER_CONTACT));
    lab_ask(&t, "INVITE", "sip:lab-485@a;contact=sip:b", "", NULL);
    CHECK_EQ(lab_end(&t), 485);
    CHECK_STR(lab_value(&t, TND_HEADER_CONTACT), "<sip:b>");
    lab_ask(&t, "INVITE", "sip:lab-486@a;contact=sip:b", "", NULL);
    CHECK_EQ(lab_end(&t), 486);
    CHECK(!tnd_msg_has(t.reply, TND_HEADER_CONTACT));
}

TND_TEST(lab_hosts, "RFC 3261 §20.43", "a host of any kind is a realm and a warning agent")
{
    static const char *const hosts[] = {"192.0.2.1", "[2001:db8::1]", "tandem.example",
                                        "tandem.example:5062"};
    struct tnd_warning warning;
    struct tnd_auth auth;
    struct lab_test t;

    for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
        char realm[64];
        snprintf(realm, sizeof(realm), "\"%s\"", hosts[i]);
        lab_ask(&t, "INVITE", "sip:lab-606@a", "", NULL);
        t.asked.host = tnd_slice_str(hosts[i]);
        CHECK_EQ(lab_end(&t), 606);
        struct tnd_values v = tnd_msg_values(t.reply, TND_HEADER_WARNING);
        CHECK(tnd_warning_next(&v, &warning));
        CHECK_STR(warning.agent, hosts[i]);
        lab_ask(&t, "INVITE", "sip:lab-407@a", "", NULL);
        t.asked.host = tnd_slice_str(hosts[i]);
        CHECK_EQ(lab_end(&t), 407);
        v = tnd_msg_values(t.reply, TND_HEADER_PROXY_AUTHENTICATE);
        CHECK(tnd_challenge_next(&v, &auth));
        CHECK_STR(auth.realm, realm);
    }
}

TND_TEST(lab_retry_after, "RFC 3261 §20.33", "retry-after= is in a final response from 300 on")
{
    struct lab_test t;

    lab_ask(&t, "INVITE", "sip:lab-600@a;retry-after=4294967295;ring=1", "", NULL);
    lab_next(&t);
    CHECK(!tnd_msg_has(t.reply, TND_HEADER_RETRY_AFTER));
    CHECK_EQ(lab_end(&t), 600);
    CHECK_STR(lab_value(&t, TND_HEADER_RETRY_AFTER), "4294967295");
    lab_ask(&t, "INVITE", "sip:lab-200@a;retry-after=5", "", NULL);
    CHECK_EQ(lab_end(&t), 200);
    CHECK(!tnd_msg_has(t.reply, TND_HEADER_RETRY_AFTER));
}

TND_TEST(lab_max_body, "RFC 3261 §21.4.11", "max-body= is the longest body that lab-413 takes")
{
    struct lab_test t;

    lab_ask(&t, "INVITE", "sip:lab-413@a", LAB_SDP_TYPE, LAB_SDP);
    CHECK_EQ(lab_end(&t), 413);
    lab_ask(&t, "INVITE", "sip:lab-413@a;max-body=50", LAB_SDP_TYPE, LAB_SDP);
    CHECK_EQ(lab_end(&t), 413);
    lab_ask(&t, "INVITE", "sip:lab-413@a;max-body=500", LAB_SDP_TYPE, LAB_SDP);
    CHECK_EQ(lab_end(&t), 200);
    lab_ask(&t, "INVITE", "sip:lab-486@a;max-body=500", LAB_SDP_TYPE, LAB_SDP);
    CHECK_EQ(lab_end(&t), 486);
}

TND_TEST(lab_body, "RFC 3261 §7.4", "body= is the text of the final response, where it has one")
{
    struct lab_test t;

    lab_ask(&t, "INVITE", "sip:lab-486@a;body=Not%20now%2C%20gr%C3%BC%C3%9Fe%09x;ring=0", "", NULL);
    lab_next(&t);
    CHECK_EQ(t.reply->body.len, 0);
    CHECK_EQ(lab_end(&t), 486);
    CHECK_STR(t.reply->body, "Not now, gr\xc3\xbc\xc3\x9f"
                             "e\tx");
    CHECK_STR(lab_value(&t, TND_HEADER_CONTENT_TYPE), "text/plain;charset=UTF-8");
    lab_ask(&t, "OPTIONS", "sip:lab-200@a;body=x", "", NULL);
    CHECK_EQ(lab_end(&t), 200);
    CHECK_STR(t.reply->body, "x");
    lab_ask(&t, "REGISTER", "sip:lab-200@a;body=x", "", NULL);
    CHECK_REFUSED(&t, 405, LAB_METHOD);
    CHECK_EQ(t.reply->body.len, 0);
}

static void check_step(struct lab_test *t, unsigned code, tnd_time due)
{
    lab_next(t);
    CHECK_EQ(t->step.is_reply ? t->reply->code : 0, code);
    CHECK_EQ(t->step.due, due);
}

TND_TEST(lab_waits, "RFC 3261 §13.3.1.1",
         "ring= is a 180 and its seconds, delay= the seconds before the final response")
{
    struct lab_test t;

    lab_ask(&t, "INVITE", "sip:lab-486@a;ring=2;delay=0.5", "", NULL);
    check_step(&t, 180, TND_MS(2500));
    CHECK_EQ(t.step.rule, TND_RULE_LAB_RING);
    PROVES(LAB_RING);
    CHECK_STR(lab_value(&t, TND_HEADER_CONTACT), "<sip:lab-200@192.0.2.1:5062>");
    check_step(&t, 486, -1);
    lab_ask(&t, "INVITE", "sip:lab-200@a;ring=0.001", "", NULL);
    check_step(&t, 180, TND_MS(1));
    check_step(&t, 200, -1);
    lab_ask(&t, "INVITE", "sip:lab-183@a;ring=1.25;delay=179-", "", NULL);
    CHECK_REFUSED(&t, 400, LAB_PARAM);
    lab_ask(&t, "INVITE", "sip:lab-183@a;ring=1.25;delay=178.75", "", NULL);
    check_step(&t, 180, TND_MS(1250));
    check_step(&t, 183, TND_MS(178750));
    check_step(&t, 200, -1);
    lab_ask(&t, "INVITE", "sip:lab-183@a;ring=1", "", NULL);
    check_step(&t, 180, TND_SEC(1));
    check_step(&t, 183, TND_SEC(1));
    check_step(&t, 200, -1);
    lab_ask(&t, "INVITE", "sip:lab-100@a;delay=0", "", NULL);
    check_step(&t, 100, 0);
    check_step(&t, 200, -1);
    lab_ask(&t, "INVITE", "sip:lab-404@a;delay=007.07", "", NULL);
    check_step(&t, 0, TND_MS(7070));
    check_step(&t, 404, -1);
    lab_ask(&t, "INVITE", "sip:lab-404@a;delay=0.000", "", NULL);
    check_step(&t, 404, -1);
    lab_ask(&t, "OPTIONS", "sip:lab-404@a;delay=25.000;ring=180", "", NULL);
    check_step(&t, 0, TND_SEC(25));
    check_step(&t, 404, -1);
}

TND_TEST(lab_waits_bound, "TND_LAB_WAIT_MAX", "longer waits are refused, not cut")
{
    static const char *const uris[] = {"sip:lab-200@a;ring=180.001", "sip:lab-200@a;delay=181",
                                       "sip:lab-180@a;ring=90;delay=90.001",
                                       "sip:lab-200@a;ring=99999999999999999999999"};
    struct lab_test t;

    for (size_t i = 0; i < sizeof(uris) / sizeof(*uris); i++) {
        lab_ask(&t, "INVITE", uris[i], "", NULL);
        CHECK_REFUSED(&t, 400, LAB_WAIT);
        CHECK(lab_holds(t.reply->reason, i == 1 ? "Bad delay" : "Bad ring and delay"));
    }
    lab_ask(&t, "OPTIONS", "sip:lab-200@a;delay=25.001", "", NULL);
    CHECK_REFUSED(&t, 400, LAB_WAIT_OTHER);
    CHECK(lab_holds(t.reply->reason, "Bad delay"));
}

/* The parameter, and the name that the reason phrase has. */
static const struct {
    const char *param, *name;
} bad[] = {
    {"delay", "delay"},
    {"delay=x", "delay"},
    {"delay=-1", "delay"},
    {"delay=1.", "delay"},
    {"delay=.5", "delay"},
    {"delay=1.2345", "delay"},
    {"delay=1.2.3", "delay"},
    {"delay=1%30", "delay"},
    {"delay=1.%0d", "delay"},
    {"ring=1e3", "ring"},
    {"ring=+1", "ring"},
    {"ring", "ring"},
    {"retry-after=1.5", "retry-after"},
    {"retry-after=4294967296", "retry-after"},
    {"retry-after=5%0d%0aX:%20y", "retry-after"},
    {"retry-after", "retry-after"},
    {"max-body", "max-body"},
    {"max-body=-1", "max-body"},
    {"max-body=4294967296", "max-body"},
    {"contact", "contact"},
    {"contact=x", "contact"},
    {"contact=*", "contact"},
    {"contact=%2C", "contact"},
    {"contact=sip:a%2C", "contact"},
    {"contact=%20", "contact"},
    {"contact=sip:a%0d%0aX:%20y", "contact"},
    {"contact=%3Csip:a%3E%0d%0aX:%20y", "contact"},
    {"contact=%3Csip:a%3E%3Bx%3D%22%0d%0a%22", "contact"},
    {"contact=%22%0a%20%22%3Csip:a%3E", "contact"},
    {"contact=%22a%3Csip:a%3E", "contact"},
    {"contact=%3Csip:a", "contact"},
    {"contact=sip:a%3E", "contact"},
    {"contact=sip:a%25zz%40b", "contact"},
    {"contact=sip:a%00", "contact"},
    {"contact=%22%ff%22%3Csip:a%3E", "contact"},
    {"contact=%3Csip:a%3E%20%3Csip:b%3E", "contact"},
    {"contact=%3Csip:a%3E%3Bq%3D2", "contact"},
    {"unsupported", "unsupported"},
    {"unsupported=a%2C", "unsupported"},
    {"unsupported=a%20b", "unsupported"},
    {"unsupported=a%0d%0aX:%20y", "unsupported"},
    {"unsupported=%22a%22", "unsupported"},
    {"body", "body"},
    {"body=a%0d%0ab", "body"},
    {"body=%7f", "body"},
    {"body=%c3", "body"},
    {"body=%00", "body"},
};

TND_TEST(lab_params_bad, "RFC 3261 §21.4.1",
         "what cannot be obeyed is refused at once, with a reason that names it, to any user")
{
    static const char *const users[] = {"302", "200", "183", "420"};
    struct lab_test t;
    char uri[256], name[64];

    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        for (size_t u = 0; u < 4; u++) {
            snprintf(uri, sizeof(uri), "sip:lab-%s@a;lr;%s;x=y", users[u], bad[i].param);
            snprintf(name, sizeof(name), "Bad %s parameter", bad[i].name);
            lab_ask(&t, "INVITE", uri, "", NULL);
            CHECK_REFUSED(&t, 400, LAB_PARAM);
            CHECK_STR(tnd_slice(t.reply->reason.ptr, strlen(name)), name);
            CHECK_EQ(t.reply->field_count, 6);
        }
    }
}

TND_TEST(lab_body_no_place, "RFC 3428 §7",
         "a 2xx to INVITE or MESSAGE has no place for a body of body=")
{
    struct lab_test t;

    lab_ask(&t, "INVITE", "sip:lab-180@a;body=x", "", NULL);
    CHECK_REFUSED(&t, 400, LAB_PARAM);
    lab_ask(&t, "MESSAGE", "sip:lab-200@a;body=x", "", NULL);
    CHECK_REFUSED(&t, 400, LAB_PARAM);
    CHECK_EQ(t.reply->body.len, 0);
}

/* A Request-URI of so many values. */
static void ask_with_list(struct lab_test *t, const char *start, const char *value, size_t count)
{
    char uri[1024];
    size_t len = (size_t)snprintf(uri, sizeof(uri), "%s%s", start, value);

    for (size_t i = 1; i < count; i++)
        len += (size_t)snprintf(uri + len, sizeof(uri) - len, "%%2C%s", value);
    lab_ask(t, "INVITE", uri, "", NULL);
}

TND_TEST(lab_params_count, "TND_LAB_CONTACT_COUNT_MAX", "lists have a bound")
{
    struct lab_test t;

    ask_with_list(&t, "sip:lab-302@a;contact=", "sip:a", TND_LAB_CONTACT_COUNT_MAX);
    CHECK_REFUSED(&t, 302, LAB_CODE);
    ask_with_list(&t, "sip:lab-302@a;contact=", "sip:a", TND_LAB_CONTACT_COUNT_MAX + 1);
    CHECK_REFUSED(&t, 400, LAB_CONTACT_COUNT);
    ask_with_list(&t, "sip:lab-420@a;unsupported=", "b", TND_LAB_TAG_COUNT_MAX);
    CHECK_REFUSED(&t, 420, LAB_CODE);
    ask_with_list(&t, "sip:lab-420@a;unsupported=", "b", TND_LAB_TAG_COUNT_MAX + 1);
    CHECK_REFUSED(&t, 400, LAB_TAG_COUNT);
}

TND_TEST(lab_params_others, "RFC 3261 §19.1.1", "other URI parameters do not matter")
{
    struct lab_test t;

    lab_ask(&t, "INVITE", "sip:lab-486@a;transport=tcp;user=phone;lr;x=%0d%0a;delays=x", "", NULL);
    CHECK_REFUSED(&t, 486, LAB_CODE);
}
