/* The table: each code in each situation, and what is done when the response says nothing more. */
#include "unit/recover/recover_test.h"

static const uint16_t codes[] = {
#define CODE(code, phrase, law) code,
#include "tandem/ref/codes.def"
#undef CODE
};
enum { CODE_COUNT = sizeof(codes) / sizeof(*codes) };

struct row {
    unsigned code;
    const char *situations, *how, *text;
};

static const struct row rows[] = {
#define RECOVER(code, situations, action, rule, how, text) {code, #situations, #how, text},
#include "recover/table.h"
#undef RECOVER
};
enum { ROW_COUNT = sizeof(rows) / sizeof(*rows) };

TND_TEST(recover_table_has_each_code, "RFC 3261 §8.1.3.2",
         "each registered code has a row of its own, and no row is of another code")
{
    PROVES(RECOVER_CLASS);
    for (size_t i = 0; i < CODE_COUNT; i++) {
        size_t count = 0;

        for (size_t k = 0; k < ROW_COUNT; k++)
            count += rows[k].code == codes[i];
        CHECK(count > 0);
    }
    for (size_t k = 0; k < ROW_COUNT; k++)
        CHECK(tnd_code_law(rows[k].code) != NULL);
}

TND_TEST(
    recover_table_ends_each_code, "RFC 3261 §8.1.3.5",
    "the last row of each code is for any situation and always applies, and the rows are in order")
{
    PROVES(RECOVER_NOTHING);
    for (size_t k = 0; k < ROW_COUNT; k++) {
        bool is_last = k + 1 == ROW_COUNT || rows[k + 1].code != rows[k].code;

        CHECK(k == 0 || rows[k - 1].code <= rows[k].code);
        CHECK(strlen(rows[k].text) > 5);
        CHECK_EQ(is_last,
                 strcmp(rows[k].how, "stop") == 0 && strcmp(rows[k].situations, "ANY") == 0);
    }
}

/* Without fields, password, other servers or wish to wait, what changes nothing is all that can be done. */
static bool needs_nothing(enum tnd_recover_action action)
{
    return action == TND_RECOVER_NONE || action == TND_RECOVER_GIVE_UP ||
           action == TND_RECOVER_REESTABLISH || action == TND_RECOVER_WAIT_AND_RETRY;
}

TND_TEST(recover_bare_responses, "RFC 3261 §8.1.3.5",
         "a response that names nothing to change ends the attempts, with a reason in one line")
{
    for (size_t i = 0; i < CODE_COUNT; i++) {
        for (int s = 0; s < TND_RECOVER_SITUATION_COUNT; s++) {
            struct recover_test *t = recover_start();
            enum tnd_rule rule;

            SAY(t, .code = codes[i], .a.situation = (uint8_t)s);
            CHECK(needs_nothing((enum tnd_recover_action)t->last.action));
            CHECK(t->last.rule != TND_RULE_NONE);
            CHECK(t->last.detail.len > 5 && !memchr(t->last.detail.ptr, '\n', t->last.detail.len));
            CHECK_EQ(t->last.code, codes[i]);
            CHECK(codes[i] < 300 ? t->last.action == TND_RECOVER_NONE : true);
            CHECK_EQ(tnd_recover_by_table(codes[i], (enum tnd_recover_situation)s, &rule) <
                         TND_RECOVER_ACTION_COUNT,
                     1);
            CHECK(rule != TND_RULE_NONE);
            CHECK(strlen(tnd_recover_text(codes[i], (enum tnd_recover_situation)s)) > 5);
        }
    }
}

TND_TEST(recover_unknown_code, "RFC 3261 §8.1.3.2",
         "a code that nobody has registered is treated as x00 of its class")
{
    static const uint16_t unknown[] = {299, 399, 499, 599, 699};

    for (size_t i = 0; i < sizeof(unknown) / sizeof(*unknown); i++) {
        enum tnd_rule rule, of_class;

        CHECK_EQ(tnd_recover_by_table(unknown[i], TND_RECOVER_INITIAL, &rule),
                 tnd_recover_by_table(unknown[i] / 100 * 100, TND_RECOVER_INITIAL, &of_class));
        CHECK_EQ(rule, of_class);
    }
    struct recover_test *t = recover_start();
    CHECK_DOES(t, "give-up", CLASS, .code = 499);
    CHECK_DOES(t, "follow-contact", CONTACT, .code = 399,
               .fields = "Contact: <sip:b@b.example>\r\n");
    CHECK_DOES(t, "give-up", CLASS, .code = 699);
}

TND_TEST(recover_words, "RFC 3261 §8.1.3", "actions and situations have a name each")
{
    for (int i = 0; i < TND_RECOVER_ACTION_COUNT; i++)
        for (int k = 0; k < i; k++)
            CHECK(strcmp(tnd_recover_action_name((enum tnd_recover_action)i),
                         tnd_recover_action_name((enum tnd_recover_action)k)) != 0);
    for (int i = 0; i < TND_RECOVER_SITUATION_COUNT; i++)
        CHECK(strlen(tnd_recover_situation_name((enum tnd_recover_situation)i)) > 3);
}

TND_TEST(recover_tells_what_was_welcome, "RFC 3261 §20.43",
         "what the response says of its reason is told: the field of its code, and Warning")
{
    struct recover_test *t = recover_start();

    CHECK_DOES(t, "give-up", NOTHING, .code = 405, .fields = "Allow: OPTIONS, ACK\r\n");
    CHECK_DETAIL(t, "the method is not allowed there; Allow: OPTIONS, ACK");
    CHECK_DOES(t, "give-up", NOTHING, .code = 488,
               .fields = "Warning: 304 example.org \"no common\r\n codec\"\r\n");
    CHECK_DETAIL(t, "the session is not acceptable there; warning 304: \"no common   codec\"");
    CHECK_DOES(t, "give-up", FORBIDDEN, .code = 403);
    CHECK_DOES(t, "give-up", 485, .code = 485, .fields = "Contact: <sip:bob.b@example.org>\r\n");
    CHECK_DETAIL(t, "the name fits several users, one of whom a person must choose; "
                    "Contact: <sip:bob.b@example.org>");
    CHECK_DOES(t, "give-up", 305, .code = 305, .fields = "Contact: <sip:proxy.example>\r\n");
    CHECK_EQ(t->r.target_count, 1);
}
