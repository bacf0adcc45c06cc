/* Redirects: who is called next, what is learned, what is never done. */
#include "unit/recover/recover_test.h"

#define C(uri) "Contact: <" uri ">\r\n"

TND_TEST(recover_follows_by_q, "RFC 3261 §8.1.3.4",
         "contacts are tried by q, equal ones in their order, and the next when one fails")
{
    struct recover_test *t = recover_start();

    CHECK_DOES(t, "follow-contact", 302, .code = 302,
               .fields = "Contact: <sip:a@x.example>;q=0.5, <sip:b@x.example>;q=0.7,\r\n"
                         " <sip:c@x.example>;q=0.7, <sip:d@x.example>;q=0.1\r\n");
    CHECK_STR(t->r.next.uri, "sip:b@x.example");
    CHECK_DETAIL(t, "to sip:b@x.example (q 0.7)");
    CHECK_EQ(t->r.target[t->r.next.target].code, 302);
    CHECK_DOES(t, "follow-contact", CONTACT, .code = 404);
    CHECK_STR(t->r.next.uri, "sip:c@x.example");
    CHECK_DOES(t, "follow-contact", CONTACT, .code = 486, .fields = "Retry-After: 5\r\n");
    CHECK_STR(t->r.next.uri, "sip:a@x.example");
    CHECK_DOES(t, "follow-contact", 302, .code = 302, .fields = C("sip:e@x.example"));
    CHECK_STR(t->r.next.uri, "sip:e@x.example");
    CHECK_EQ(t->r.target[t->r.next.target].depth, 2);
    CHECK_STR(t->r.target[t->r.target[t->r.next.target].parent].uri, "sip:a@x.example");
    CHECK_DOES(t, "follow-contact", CONTACT, .code = 500);
    CHECK_STR(t->r.next.uri, "sip:d@x.example");
    CHECK_DOES(t, "give-up", NOTHING, .code = 404);
    CHECK_STR(t->r.asked, "sip:bob@example.org");
}

TND_TEST(
    recover_no_target_twice, "RFC 3261 §8.1.3.4",
    "a URI equal to one that was tried is not tried again: no redirect to itself, no circle of two")
{
    struct recover_test *t = recover_start();

    CHECK_DOES(t, "give-up", CONTACT, .code = 302, .fields = C("sip:bob@EXAMPLE.org"));
    CHECK_DETAIL(t, "sip:bob@EXAMPLE.org was tried, or waits already");
    CHECK_DOES(t, "follow-contact", 302, .code = 302, .fields = C("sip:%62ob@b.example;x=y"));
    CHECK_DOES(t, "give-up", CONTACT, .code = 302, .fields = C("sip:bob@example.org"));
    CHECK_DOES(t, "give-up", CONTACT, .code = 301, .fields = C("sip:bob@b.example;x=y"));
}

TND_TEST(
    recover_6xx_ends_the_search, "RFC 3261 §21.6",
    "after a 6xx the contacts that are left are not tried; what was cancelled is not tried elsewhere")
{
    static const struct {
        uint16_t code;
        bool ends;
    } ends[] = {{600, true}, {603, true}, {606, true},  {607, true}, {608, true},
                {699, true}, {487, true}, {486, false}, {580, false}};

    for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
        struct recover_test *t = recover_start();

        SAY(t, .code = 300, .fields = C("sip:a@x.example") C("sip:b@x.example"));
        SAY(t, .code = ends[i].code);
        CHECK_EQ(t->last.action, ends[i].ends ? TND_RECOVER_GIVE_UP : TND_RECOVER_FOLLOW_CONTACT);
    }
    CHECK_DOES(recover_start(), "give-up", 6XX, .code = 604);
    CHECK_DOES(recover_start(), "give-up", 487, .code = 487);
}

TND_TEST(recover_contact_as_request_uri, "RFC 3261 §19.1.5",
         "method and headers are no part of the Request-URI, and only harmless headers are sent")
{
    struct recover_test *t = recover_start();

    CHECK_DOES(
        t, "follow-contact", HEADERS, .code = 302,
        .fields =
            C("sip:a@x.example;method=BYE;transport=tcp;lr?Subject=a%20b&Route=%3Csip:evil%3E"
              "&From=x&Priority=urgent&Call-Info=%3Chttp://x%3E&subject=a%0D%0AVia:%20x"
              "&Priority=two%20words&Require=x&i=1&s=c&Priority=normal&Call-Info=%3Chttp://y%3E"));
    CHECK_STR(t->r.next.uri, "sip:a@x.example;transport=tcp;lr");
    CHECK_STR(
        t->r.next.fields,
        "Subject: a b\r\nPriority: urgent\r\nCall-Info: <http://x>\r\nCall-Info: <http://y>\r\n");
    SAY(t, .code = 302, .fields = C("sip:b@x.example"));
    CHECK(!t->r.next.fields.ptr);
}

TND_TEST(recover_not_from_sips_to_sip, "RFC 3261 §8.1.3.4",
         "who asked for SIPS is told of insecure contacts and not led to them")
{
    struct recover_test *t =
        recover_start_with(&(struct tnd_recover_policy){0}, "sips:bob@example.org", NULL);

    CHECK_DOES(t, "give-up", SIPS, .code = 302, .fields = C("sip:a@x.example"));
    CHECK_DETAIL(t, "sip:a@x.example is not secure, unlike sips:bob@example.org");
    CHECK_DOES(t, "follow-contact", 302, .code = 302,
               .fields = C("sip:a@x.example") C("sips:b@x.example"));
    CHECK_STR(t->r.next.uri, "sips:b@x.example");
    CHECK_DETAIL(t, "to sips:b@x.example (q 1.0); not all contacts: "
                    "sip:a@x.example is not secure, unlike sips:bob@example.org");
}

TND_TEST(recover_contacts_that_are_none, "RFC 3261 §8.1.3.4",
         "what cannot be called is told: no contact, an asterisk, another scheme, nonsense")
{
    struct recover_test *t = recover_start();

    SAY(t, .code = 302);
    CHECK_DETAIL(t, "the response names no Contact");
    SAY(t, .code = 302, .fields = "Contact: *\r\n");
    CHECK_DETAIL(t, "the Contact is an asterisk");
    SAY(t, .code = 302, .fields = C("mailto:bob@example.org"));
    CHECK_DETAIL(t, "mailto:bob@example.org is no URI of SIP, SIPS or tel");
    SAY(t, .code = 302, .fields = "Contact: <sip:\r\n");
    CHECK_EQ(t->last.action, TND_RECOVER_GIVE_UP);
    SAY(t, .code = 302, .fields = "Contact:\r\n");
    CHECK_EQ(t->last.action, TND_RECOVER_GIVE_UP);
    SAY(t, .code = 302, .fields = C("tel:+1234"));
    CHECK_STR(t->r.next.uri, "tel:+1234");
}

TND_TEST(recover_learns_301, "RFC 3261 §21.3.2",
         "the contact of a 301 is for good, through 301s only")
{
    struct recover_test *t = recover_start();

    CHECK_DOES(t, "follow-contact", 301, .code = 301, .fields = C("sip:a@x.example"));
    CHECK_STR(t->last.learned, "sip:a@x.example");
    CHECK(t->last.learned_until == INT64_MAX);
    SAY(t, .code = 301, .fields = C("sip:b@x.example"));
    CHECK_STR(t->last.learned, "sip:b@x.example");
    SAY(t, .code = 302, .fields = C("sip:c@x.example") "Expires: 60\r\n");
    CHECK(!t->last.learned.ptr);
    SAY(t, .code = 301, .fields = C("sip:d@x.example"));
    CHECK(!t->last.learned.ptr);
    t = recover_start();
    SAY(t, .code = 301, .fields = C("sip:a@x.example"), .method = "REGISTER",
        .a.situation = TND_RECOVER_REGISTER);
    CHECK_EQ(t->last.action, TND_RECOVER_FOLLOW_CONTACT);
    CHECK(!t->last.learned.ptr);
}

TND_TEST(recover_learns_302_while_it_lasts, "RFC 3261 §21.3.3",
         "the contact of a 302 is for as long as it says, and without a time for this call alone")
{
    struct recover_test *t = recover_start();

    SAY(t, .code = 302, .fields = C("sip:a@x.example"));
    CHECK(!t->last.learned.ptr);
    t = recover_start();
    SAY(t, .code = 302, .fields = "Contact: <sip:a@x.example>;expires=60\r\nExpires: 5\r\n");
    CHECK_STR(t->last.learned, "sip:a@x.example");
    CHECK(t->last.learned_until == WALL_SECONDS + (int64_t)60 * 1000000);
    t = recover_start();
    SAY(t, .code = 302, .fields = C("sip:a@x.example") "Expires: 4294967295\r\n");
    CHECK(t->last.learned_until == WALL_SECONDS + (int64_t)4294967295 * 1000000);
    t = recover_start();
    SAY(t, .code = 302, .fields = "Contact: <sip:a@x.example>;expires=0\r\n");
    CHECK(!t->last.learned.ptr);
    t = recover_start();
    SAY(t, .code = 300, .fields = "Contact: <sip:a@x.example>;expires=60\r\n");
    CHECK(!t->last.learned.ptr);
}

TND_TEST(
    recover_forgets_what_is_not_true, "RFC 3261 §21.3.2",
    "a learned address that does not exist any more is forgotten, and the one asked for is called")
{
    static const uint16_t codes[] = {404, 410, 604};

    for (size_t i = 0; i < 3; i++) {
        struct recover_test *t = recover_start_with(&(struct tnd_recover_policy){0},
                                                    "sip:bob@example.org", "sip:a@x.example");

        CHECK_STR(t->r.next.uri, "sip:a@x.example");
        CHECK_DOES(t, "follow-contact", LEARNED, .code = codes[i]);
        CHECK(t->last.forgets);
        CHECK_STR(t->r.next.uri, "sip:bob@example.org");
        SAY(t, .code = codes[i]);
        CHECK_EQ(t->last.action, TND_RECOVER_GIVE_UP);
        CHECK(!t->last.forgets);
    }
    struct recover_test *t = recover_start_with(&(struct tnd_recover_policy){0},
                                                "sip:bob@example.org", "sip:a@x.example");
    SAY(t, .code = 301, .fields = C("sip:b@x.example"));
    CHECK(!t->last.learned.ptr); /* the learned one may have been for a while only */
}

TND_TEST(recover_redirects_in_a_dialog, "RFC 5057 §5.1",
         "a redirect within a call is not followed: nobody knows what it would mean")
{
    struct recover_test *t = recover_start();

    SAY(t, .code = 302, .fields = C("sip:a@x.example"), .a.situation = TND_RECOVER_REINVITE);
    CHECK_EQ(t->last.action, TND_RECOVER_GIVE_UP);
    CHECK_EQ(t->r.target_count, 1);
}

TND_TEST(recover_tel_as_sip, "RFC 3261 §8.1.3.5",
         "a number whose scheme is not understood is called as a SIP URI of the caller's domain")
{
    struct recover_test *t =
        recover_start_with(&(struct tnd_recover_policy){0}, "tel:+1-201;x=y", NULL);

    CHECK_DOES(t, "adjust", 416, .code = 416);
    CHECK_STR(t->r.next.uri, "sip:+1-201;x=y@example.com;user=phone");
    CHECK_DOES(t, "give-up", 416, .code = 416);
    t = recover_start();
    CHECK_DOES(t, "give-up", 416, .code = 416);
    CHECK_DETAIL(t, "sip:bob@example.org cannot be written in another scheme");
}

static bool read_alternative(void *ctx, struct tnd_slice type, struct tnd_slice body,
                             struct tnd_arena *a, struct tnd_alternative *ret, const char **why)
{
    CHECK(ctx == NULL && type.len > 0 && a);
    *why = "it is not XML";
    if (!tnd_slice_eq(body, TND_STR("<good/>")))
        return false;
    ret->type = TND_STR("emergency");
    ret->reason = TND_STR("call 112");
    return true;
}

#define TYPE "Content-Type: application/3gpp-ims+xml\r\n"

TND_TEST(
    recover_380, "RFC 3261 §21.3.5",
    "the alternative is read and told, its contacts are tried; what cannot be read is not guessed at")
{
    static const struct tnd_alternative_reader reader = {read_alternative, NULL};
    struct recover_test *t = recover_start();

    CHECK_DOES(t, "follow-alternative", 380, .code = 380, .body = "<good/>",
               .fields = TYPE C("sip:112@psap.example"), .a.alternatives = &reader);
    CHECK_DETAIL(t, "to sip:112@psap.example (q 1.0); it offers: emergency, call 112");
    CHECK_STR(t->last.alternative.type, "emergency");
    CHECK(t->r.target[1].is_alternative);
    CHECK_DOES(t, "give-up", 380, .code = 380, .body = "<good/>", .fields = TYPE,
               .a.alternatives = &reader);
    CHECK_DETAIL(t, "the response names no Contact; it offers: emergency, call 112");
    CHECK_STR(t->last.alternative.type, "emergency");
    CHECK_DOES(t, "give-up", 380, .code = 380, .body = "<bad>", .fields = TYPE,
               .a.alternatives = &reader);
    CHECK_DETAIL(t, "the response names no Contact; its description (application/3gpp-ims+xml) "
                    "cannot be read: it is not XML");
    CHECK(!t->last.alternative.type.ptr);
    SAY(t, .code = 380, .body = "x", .fields = TYPE);
    CHECK_DETAIL(t, "the response names no Contact; its description (application/3gpp-ims+xml) "
                    "cannot be read: nobody here can read it");
    SAY(t, .code = 380);
    CHECK_DETAIL(t, "the response names no Contact; the response does not describe it");
}
