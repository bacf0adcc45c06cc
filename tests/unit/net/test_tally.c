/* What is counted of messages. */
#include "net/tally.h"

#include "unit/test.h"

static struct tnd_tally tally, sum;
static char first[4096];

static void came(const char *text)
{
    struct tnd_arena a;
    struct tnd_msg msg;

    tnd_arena_init(&a, first, sizeof(first), NULL, 0);
    CHECK_EQ(tnd_msg_parse_datagram(&msg, &a, tnd_slice_str(text)), 0);
    tnd_tally_came(&tally, &msg);
}

TND_TEST(tally_of_messages, "net/tally.h",
         "messages are counted by direction and method or code, and their flaws by rule")
{
    uint64_t flaws = 0;

    memset(&tally, 0, sizeof(tally));
    came("INVITE sip:bob@example.com SIP/2.0\r\nCall-ID: 1\r\n\r\n");
    came("FOO sip:bob@example.com SIP/2.0\r\nCall-ID: 1\r\n\r\n");
    came("SIP/2.0 486 Busy Here\r\nCall-ID: 1\r\n\r\n");
    came("SIP/2.0 486 Busy Here\r\nCall-ID: 1\r\n"); /* without its end */
    tnd_tally_left(&tally, TND_STR("SIP/2.0 180 Ringing\r\n"));
    tnd_tally_left(&tally, TND_STR("BYE sip:bob@example.com SIP/2.0\r\n"));
    tnd_tally_left(&tally, TND_STR("SIP/2.0 9"));
    tnd_tally_left(&tally, TND_STR("SIP/2.0 999 Beyond\r\n"));
    CHECK_EQ(tally.requests[TND_WAY_IN][TND_METHOD_INVITE], 1);
    CHECK_EQ(tally.requests[TND_WAY_IN][TND_METHOD_OTHER], 1);
    CHECK_EQ(tally.requests[TND_WAY_OUT][TND_METHOD_BYE], 1);
    CHECK_EQ(tally.responses[TND_WAY_IN][486 - 100], 2);
    CHECK_EQ(tally.responses[TND_WAY_OUT][180 - 100], 1);
    for (size_t i = 0; i < TND_RULE_COUNT; i++)
        flaws += tally.flaws[i];
    CHECK_EQ(flaws, 1);
    CHECK_EQ(tally.flaws[TND_RULE_HEADER_END], 1);
}

TND_TEST(tally_of_answers, "net/tally.h",
         "final responses are counted by method, code and rule, as many kinds as there is room for")
{
    uint64_t key = tnd_tally_key(TND_METHOD_INVITE, 404, TND_RULE_UAS_USER), all = 0;

    memset(&tally, 0, sizeof(tally));
    memset(&sum, 0, sizeof(sum));
    tnd_tally_answer(&tally, key, 1);
    tnd_tally_answer(&tally, key, 2);
    for (unsigned code = 300; code < 300 + 2 * TND_TALLY_ANSWER_COUNT; code++)
        tnd_tally_answer(&tally, tnd_tally_key(TND_METHOD_BYE, code, 1), 1);
    CHECK_EQ(tally.answers_lost, TND_TALLY_ANSWER_COUNT + 1);
    tnd_tally_add(&sum, &tally);
    tnd_tally_add(&sum, &tally);
    for (size_t i = 0; i < TND_TALLY_ANSWER_COUNT; i++) {
        all += sum.answers[i].count;
        if (sum.answers[i].key == key)
            CHECK_EQ(sum.answers[i].count, 6);
    }
    CHECK_EQ(all + sum.answers_lost, 2 * (3 + 2 * TND_TALLY_ANSWER_COUNT));
    CHECK_EQ(tnd_tally_key_method(key), TND_METHOD_INVITE);
    CHECK_EQ(tnd_tally_key_code(key), 404);
    CHECK_EQ(tnd_tally_key_rule(key), TND_RULE_UAS_USER);
}
