/* Later, elsewhere, or from scratch. */
#include "tandem/dialog/damage.h"
#include "unit/recover/recover_test.h"

static const struct tnd_recover_policy retrying = {.retries = true};

TND_TEST(recover_waits_when_asked_to, "RFC 3261 §20.33",
         "Retry-After is waited for only by those who want that, and not for too long")
{
    static const uint16_t codes[] = {413, 480, 486, 500, 503, 600, 603};

    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
        struct recover_test *t = recover_start();

        CHECK_DOES(t, "give-up", RETRY_AFTER, .code = codes[i], .fields = "Retry-After: 20\r\n");
        t = recover_start_with(&retrying, "sip:bob@example.org", NULL);
        CHECK_DOES(t, "wait-and-retry", RETRY_AFTER, .code = codes[i],
                   .fields = "Retry-After: 20\r\n");
        CHECK(t->last.at == NOW + TND_SEC(20));
        CHECK_STR(t->r.next.uri, "sip:bob@example.org");
        CHECK_DOES(t, "wait-and-retry", RETRY_AFTER, .code = codes[i],
                   .fields = "Retry-After: 0\r\n");
        CHECK(t->last.at == NOW + TND_SEC(1));
        SAY(t, .code = codes[i]);
        CHECK_EQ(t->last.action, TND_RECOVER_GIVE_UP);
        SAY(t, .code = codes[i], .fields = "Retry-After: tomorrow\r\n");
        CHECK_EQ(t->last.action, TND_RECOVER_GIVE_UP);
        CHECK_DOES(t, "give-up", WAIT, .code = codes[i], .fields = "Retry-After: 4294967295\r\n");
        CHECK(t->last.at == NOW);
    }
    struct recover_test *t = recover_start();
    SAY(t, .code = 600, .fields = "Retry-After: 20\r\n");
    CHECK_DETAIL(t, "the user is busy everywhere; it may be tried again in 20 s");
}

TND_TEST(
    recover_never_waits_for_these, "RFC 3261 §21.6.3",
    "who does not exist, or does not want the call, is not called again however long one waits")
{
    static const uint16_t codes[] = {403, 404, 410, 604, 606, 607, 608};

    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
        struct recover_test *t = recover_start_with(&retrying, "sip:bob@example.org", NULL);

        SAY(t, .code = codes[i], .fields = "Retry-After: 5\r\n");
        CHECK_EQ(t->last.action, TND_RECOVER_GIVE_UP);
    }
}

TND_TEST(recover_contacts_before_waiting, "RFC 3261 §8.1.3.4",
         "before anybody waits, the contacts that are left are tried")
{
    struct recover_test *t = recover_start_with(&retrying, "sip:bob@example.org", NULL);

    SAY(t, .code = 302, .fields = "Contact: <sip:a@x.example>, <sip:b@x.example>\r\n");
    CHECK_DOES(t, "follow-contact", CONTACT, .code = 486, .fields = "Retry-After: 5\r\n");
    CHECK_DOES(t, "wait-and-retry", RETRY_AFTER, .code = 486, .fields = "Retry-After: 5\r\n");
    CHECK_STR(t->r.next.uri, "sip:b@x.example");
}

TND_TEST(
    recover_next_server, "RFC 3263 §4.3",
    "who says 503, nothing, or cannot be reached gives way to the next server; who says 408 does not")
{
    struct recover_test *t = recover_start_with(&retrying, "sip:bob@example.org", NULL);

    CHECK_DOES(t, "next-server", NEXT_SERVER, .code = 503, .fields = "Retry-After: 5\r\n",
               .a.has_more_servers = true);
    CHECK_DETAIL(t, "to the next server of sip:bob@example.org");
    CHECK_DOES(t, "wait-and-retry", RETRY_AFTER, .code = 503, .fields = "Retry-After: 5\r\n");
    CHECK_DOES(t, "next-server", NEXT_SERVER, .code = 503, .nobody = true,
               .a.has_more_servers = true);
    CHECK_DOES(t, "next-server", NEXT_SERVER, .code = 408, .nobody = true,
               .a.has_more_servers = true);
    CHECK_DOES(t, "give-up", NOTHING, .code = 430,
               .a.has_more_servers = true); /* RFC 5626 §11.5: as a 400 */
    CHECK_DOES(t, "give-up", NOTHING, .code = 408, .a.has_more_servers = true);
    CHECK_DOES(t, "give-up", NEXT_SERVER, .code = 503, .nobody = true);
}

TND_TEST(
    recover_sets_up_again, "RFC 5057 §5.1",
    "a call that the other side has lost is set up once again from scratch, at the address asked for")
{
    static const uint16_t codes[] = {481, 408};

    for (size_t i = 0; i < 2; i++) {
        struct recover_test *t = recover_start();

        SAY(t, .code = 302, .fields = "Contact: <sip:a@x.example>\r\n");
        CHECK_DOES(t, "reestablish", REESTABLISH, .code = codes[i],
                   .a.situation = TND_RECOVER_REINVITE, .a.ends_dialog = true);
        CHECK(t->last.ends_dialog && !t->last.ends_usage);
        CHECK_STR(t->r.next.uri, "sip:bob@example.org");
        SAY(t, .code = 302, .fields = "Contact: <sip:a@x.example>\r\n");
        CHECK_STR(t->r.next.uri, "sip:a@x.example");
        CHECK_DOES(t, "give-up", DIALOG_GONE, .code = 481, .a.situation = TND_RECOVER_REFRESH);
        SAY(t, .code = codes[i], .a.situation = TND_RECOVER_REINVITE);
        CHECK_EQ(t->last.action, TND_RECOVER_GIVE_UP);
        CHECK_DETAIL(t, "the call was set up again once already");
    }
}

TND_TEST(recover_what_destroys_a_dialog, "RFC 5057 §5.1",
         "other codes make a new call only if the owner says that they destroy the one that is")
{
    static const uint16_t codes[] = {404, 410, 416, 482, 483, 484, 485, 502, 604};

    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
        struct recover_test *t = recover_start();

        SAY(t, .code = codes[i], .a.situation = TND_RECOVER_REINVITE);
        CHECK_EQ(t->last.action, TND_RECOVER_GIVE_UP);
        CHECK_DOES(t, "reestablish", REESTABLISH, .code = codes[i],
                   .a.situation = TND_RECOVER_REINVITE, .a.ends_usage = true);
        CHECK(t->last.ends_usage);
    }
}

TND_TEST(
    recover_agrees_with_damage, "RFC 5057 §5.1",
    "each failure that destroys the dialog leads a change of the call to a new one; no other does but 408 and 481")
{
    for (unsigned code = 400; code < 700; code++) {
        enum tnd_rule rule;
        bool is_again =
            tnd_recover_by_table(code, TND_RECOVER_REINVITE, &rule) == TND_RECOVER_REESTABLISH;

        CHECK_EQ(is_again, code == 408 || code == 481 ||
                               tnd_damage(TND_METHOD_INVITE, code) == TND_DAMAGE_DIALOG);
    }
}

TND_TEST(recover_bye_is_over, "RFC 3261 §12.2.1.2",
         "a BYE that nobody knows or answers has done what it was for; other requests have not")
{
    struct recover_test *t = recover_start();

#define IN .a.situation = TND_RECOVER_IN_DIALOG
    CHECK_DOES(t, "none", DIALOG_GONE, .code = 481, .method = "BYE", IN);
    CHECK_DOES(t, "none", DIALOG_GONE, .code = 408, .method = "BYE", IN, .nobody = true);
    CHECK_DOES(t, "give-up", DIALOG_GONE, .code = 481, .method = "INFO", IN);
    SAY(t, .code = 408, .method = "INFO", IN);
    CHECK_EQ(t->last.action, TND_RECOVER_GIVE_UP);
#undef IN
}

TND_TEST(
    recover_glare, "RFC 3261 §14.1",
    "after a 491 the owner of the Call-ID waits 2.1 to 4 seconds, the other up to 2, in steps of 10 ms")
{
    tnd_time least[2] = {INT64_MAX, INT64_MAX}, most[2] = {0, 0};

    for (uint64_t random = 0; random < 2000; random++) {
        for (int is_owner = 0; is_owner < 2; is_owner++) {
            struct recover_test *t = recover_start();
            SAY(t, .code = 491, .random = random, .a.is_owner = is_owner != 0,
                .a.situation = TND_RECOVER_REINVITE);
            CHECK_EQ(t->last.action, TND_RECOVER_WAIT_AND_RETRY);
            tnd_time wait = t->last.at - NOW;
            CHECK_EQ(wait % TND_MS(10), 0);
            least[is_owner] = wait < least[is_owner] ? wait : least[is_owner];
            most[is_owner] = wait > most[is_owner] ? wait : most[is_owner];
        }
    }
    CHECK(least[0] == 0 && most[0] == TND_MS(2000));
    CHECK(least[1] == TND_MS(2100) && most[1] == TND_MS(4000));
    CHECK_DOES(recover_start(), "give-up", 491, .code = 491);
}

TND_TEST(
    recover_too_soon, "RFC 3261 §14.2",
    "a 500 in a dialog with up to 10 seconds is waited for by everybody; one outside, or longer, is not")
{
    struct recover_test *t = recover_start();

    CHECK_DOES(t, "wait-and-retry", TOO_SOON, .code = 500, .fields = "Retry-After: 10\r\n",
               .a.situation = TND_RECOVER_REINVITE);
    CHECK(t->last.at == NOW + TND_SEC(10));
    CHECK_DOES(t, "give-up", RETRY_AFTER, .code = 500, .fields = "Retry-After: 11\r\n",
               .a.situation = TND_RECOVER_REINVITE);
    CHECK_DOES(t, "give-up", RETRY_AFTER, .code = 500, .fields = "Retry-After: 10\r\n");
}
