/* Reliable provisional responses (RFC 3262): who sends them, and who gets them. */
#include "tandem/dialog/provisional.h"

#include "unit/dialog/dialog_test.h"

static const struct tnd_dialog_timing timing = {TND_MS(500), TND_SEC(4)};

static struct tnd_dialog_acts out;
static tnd_time now;

#define CHECK_BY(rule)                                \
    do {                                              \
        CHECK(dialog_acts_by(&out, TND_RULE_##rule)); \
        PROVES(rule);                                 \
    } while (0)

static void start(struct tnd_reliable_uas *u)
{
    now = 0;
    tnd_reliable_uas_start(u, &timing, 7, 100);
}

static const char *add(struct tnd_reliable_uas *u, bool is_described)
{
    CHECK_EQ(tnd_reliable_uas_add(u, is_described, now, &out), 0);
    return dialog_acts_text(&out, now);
}

static const char *prack(struct tnd_reliable_uas *u, uint32_t rseq)
{
    tnd_reliable_uas_prack(
        u, &(struct tnd_rack){.rseq = rseq, .cseq = 7, .method = TND_METHOD_INVITE}, now, &out);
    return dialog_acts_text(&out, now);
}

static const char *fire(struct tnd_reliable_uas *u, int ms)
{
    now = TND_MS(ms);
    tnd_reliable_uas_timer(u, now, &out);
    return dialog_acts_text(&out, now);
}

static const char * final(struct tnd_reliable_uas *u, unsigned code)
{
    tnd_reliable_uas_final(u, code, &out);
    return dialog_acts_text(&out, now);
}

TND_TEST(
    reliable_sent, "RFC 3262 §3",
    "responses go one after the other, each with the next RSeq when the one before is acknowledged")
{
    struct tnd_reliable_uas u;

    start(&u);
    CHECK_TEXT(add(&u, false), "SEND_RELIABLE#100 PROVISIONAL+500");
    CHECK_BY(RELIABLE_SENT);
    CHECK_TEXT(add(&u, false), "ABSORB");
    CHECK_BY(RELIABLE_WAITS);
    CHECK_TEXT(add(&u, false), "ABSORB");
    CHECK_TEXT(prack(&u, 100), "PASS -PROVISIONAL SEND_RELIABLE#101 PROVISIONAL+500");
    CHECK_BY(RELIABLE_PRACK);
    CHECK_TEXT(prack(&u, 101), "PASS -PROVISIONAL SEND_RELIABLE#102 PROVISIONAL+500");
    CHECK_TEXT(prack(&u, 102), "PASS -PROVISIONAL");
    CHECK_TEXT(add(&u, false), "SEND_RELIABLE#103 PROVISIONAL+500");
}

TND_TEST(
    reliable_again, "RFC 3262 §3",
    "a response is sent again after T1, 2*T1, 4*T1... without a cap; after 64*T1 the INVITE gets a 5xx")
{
    struct tnd_reliable_uas u;

    start(&u);
    add(&u, true);
    add(&u, true);
    CHECK_TEXT(fire(&u, 500), "SEND_AGAIN#100 PROVISIONAL+1000");
    CHECK_BY(RELIABLE_AGAIN);
    CHECK_TEXT(fire(&u, 1500), "SEND_AGAIN#100 PROVISIONAL+2000");
    CHECK_TEXT(fire(&u, 3500), "SEND_AGAIN#100 PROVISIONAL+4000");
    CHECK_TEXT(fire(&u, 7500), "SEND_AGAIN#100 PROVISIONAL+8000");
    CHECK_TEXT(fire(&u, 15500), "SEND_AGAIN#100 PROVISIONAL+16000");
    CHECK_TEXT(fire(&u, 31500), "SEND_AGAIN#100 PROVISIONAL+500");
    CHECK_TEXT(final(&u, 200), "ABSORB");
    CHECK_TEXT(fire(&u, 32000), "REFUSE_INVITE 504");
    CHECK_BY(RELIABLE_NO_PRACK);
    CHECK_EQ(tnd_reliable_uas_add(&u, false, now, &out), TND_ESTATE);
    CHECK_TEXT(final(&u, 486), "ABSORB");
    CHECK_TEXT(prack(&u, 100), "PASS"); /* late, and taken */
    CHECK_TEXT(prack(&u, 100), "REFUSE 481");
}

TND_TEST(reliable_prack_stray, "RFC 3262 §3",
         "a PRACK that names no response that waits is refused with 481")
{
    struct tnd_reliable_uas u;
    struct tnd_rack rack = {.rseq = 100, .cseq = 7, .method = TND_METHOD_INVITE};

    start(&u);
    CHECK_TEXT(prack(&u, 99), "REFUSE 481"); /* before anything was sent */
    CHECK_BY(RELIABLE_PRACK_STRAY);
    add(&u, false);
    CHECK_TEXT(prack(&u, 99), "REFUSE 481");
    CHECK_TEXT(prack(&u, 101), "REFUSE 481");
    rack.cseq = 8;
    tnd_reliable_uas_prack(&u, &rack, now, &out);
    CHECK_TEXT(dialog_acts_text(&out, now), "REFUSE 481");
    rack.cseq = 7;
    rack.method = TND_METHOD_UPDATE;
    tnd_reliable_uas_prack(&u, &rack, now, &out);
    CHECK_TEXT(dialog_acts_text(&out, now), "REFUSE 481");
    CHECK_TEXT(prack(&u, 100), "PASS -PROVISIONAL");
    CHECK_TEXT(prack(&u, 100), "REFUSE 481");
}

TND_TEST(reliable_final, "RFC 3262 §3, §5",
         "a 2xx waits for what has a description, even if that waits itself; a refusal for nothing")
{
    struct tnd_reliable_uas u;

    start(&u);
    CHECK_TEXT(final(&u, 200), "SEND_FINAL");
    start(&u);
    add(&u, false);
    CHECK_TEXT(final(&u, 200), "-PROVISIONAL SEND_FINAL");
    CHECK_BY(RELIABLE_FINAL);
    CHECK_TEXT(prack(&u, 100), "PASS");
    start(&u);
    add(&u, true);
    CHECK_TEXT(final(&u, 200), "ABSORB");
    CHECK_BY(RELIABLE_FINAL_WAITS);
    CHECK_EQ(tnd_reliable_uas_add(&u, false, now, &out), TND_ESTATE);
    CHECK_TEXT(prack(&u, 100), "PASS -PROVISIONAL SEND_FINAL");
    start(&u);
    add(&u, false);
    add(&u, false);
    add(&u, true);
    add(&u, false);
    CHECK_TEXT(final(&u, 200), "ABSORB");
    CHECK_TEXT(prack(&u, 100), "PASS -PROVISIONAL SEND_RELIABLE#101 PROVISIONAL+500");
    CHECK_TEXT(prack(&u, 101), "PASS -PROVISIONAL SEND_RELIABLE#102 PROVISIONAL+500");
    CHECK_TEXT(prack(&u, 102), "PASS -PROVISIONAL SEND_FINAL"); /* the last says nothing more */
    start(&u);
    add(&u, true);
    CHECK_TEXT(final(&u, 200), "ABSORB");
    CHECK_TEXT(final(&u, 487), "-PROVISIONAL SEND_FINAL"); /* it was cancelled */
    CHECK_TEXT(prack(&u, 100), "PASS");
}

TND_TEST(reliable_bound, "TND_RELIABLE_WAITING_COUNT_MAX", "how many wait has a bound")
{
    struct tnd_reliable_uas u;

    start(&u);
    for (int i = 0; i <= TND_RELIABLE_WAITING_COUNT_MAX; i++)
        add(&u, i == TND_RELIABLE_WAITING_COUNT_MAX);
    CHECK_EQ(tnd_reliable_uas_add(&u, true, now, &out), TND_ESPACE);
    CHECK_TEXT(final(&u, 200), "ABSORB");
    for (uint32_t i = 0; i < TND_RELIABLE_WAITING_COUNT_MAX; i++)
        prack(&u, 100 + i);
    CHECK_TEXT(prack(&u, 100 + TND_RELIABLE_WAITING_COUNT_MAX), "PASS -PROVISIONAL SEND_FINAL");
}

static const char *got(struct tnd_reliable_uac *u, uint32_t rseq)
{
    tnd_reliable_uac_receive(u, rseq, &out);
    return dialog_acts_text(&out, 0);
}

TND_TEST(
    reliable_uac, "RFC 3262 §4",
    "the first may have any RSeq; then only the next is taken; again, a gap and too late are not")
{
    struct tnd_reliable_uac u = {0};

    CHECK_TEXT(got(&u, 4294967294), "PASS SEND_PRACK#4294967294");
    CHECK_BY(RELIABLE_TAKEN);
    CHECK_TEXT(got(&u, 4294967294), "ABSORB");
    CHECK_BY(RELIABLE_DUPLICATE);
    CHECK_TEXT(got(&u, 4294967295), "PASS SEND_PRACK#4294967295");
    CHECK_TEXT(got(&u, 1), "ABSORB"); /* it does not wrap */
    u = (struct tnd_reliable_uac){0};
    got(&u, 5);
    CHECK_TEXT(got(&u, 7), "ABSORB");
    CHECK_BY(RELIABLE_GAP);
    CHECK_TEXT(got(&u, 6), "PASS SEND_PRACK#6");
    CHECK_TEXT(got(&u, 7), "PASS SEND_PRACK#7");
    CHECK_TEXT(got(&u, 4), "ABSORB");
    tnd_reliable_uac_final(&u);
    CHECK_TEXT(got(&u, 8), "ABSORB");
    CHECK_BY(RELIABLE_LATE);
}
