/* Flows: each reaches what the catalogue and the table of recoveries say of its code. */
#include "demo/demo.h"
#include "net/digest_openssl.h"
#include "unit/counted_mem.h"
#include "unit/test.h"

static struct tnd_digest_openssl openssl;
static struct tnd_arena arena;

static bool read_alternative(void *ctx, struct tnd_slice type, struct tnd_slice body,
                             struct tnd_arena *a, struct tnd_alternative *ret, const char **why)
{
    (void)ctx, (void)type, (void)body, (void)a, (void)why;
    *ret = (struct tnd_alternative){.type = TND_STR("emergency")};
    return true;
}

static const struct tnd_alternative_reader reader = {read_alternative, NULL};

/* What is in the arena of an earlier run is gone. */
static struct tnd_demo run(unsigned code, uint64_t seed)
{
    static char first[1 << 10];
    struct tnd_demo_world world = {
        .mem = &counted_mem, .digester = &openssl.digester, .alternatives = &reader, .seed = seed};
    struct tnd_demo demo;

    if (!openssl.ctx)
        CHECK_EQ(tnd_digest_openssl_init(&openssl), 0);
    if (arena.mem)
        tnd_arena_fini(&arena);
    CHECK_EQ(counted_live, 0); /* a world leaves nothing behind */
    tnd_arena_init(&arena, first, sizeof(first), &counted_mem, SIZE_MAX);
    CHECK_EQ(tnd_demo_run(&world, code, &arena, &demo), 0);
    return demo;
}

static struct tnd_slice drawn(const struct tnd_demo *demo, enum tnd_lang lang)
{
    static char room[1 << 18];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_ladder ladder;

    CHECK_EQ(tnd_demo_ladder(demo, lang, &arena, &ladder), 0);
    tnd_ladder_text(&w, &ladder, &(struct tnd_ladder_look){.width = 0});
    CHECK(!tnd_writer_over(&w));
    return tnd_writer_slice(&w);
}

static bool has(struct tnd_slice text, const char *word)
{
    size_t len = strlen(word);

    for (size_t i = 0; i + len <= text.len; i++)
        if (memcmp(text.ptr + i, word, len) == 0)
            return true;
    return false;
}

static size_t count_of(const struct tnd_demo *demo, const char *text)
{
    size_t count = 0;

    for (size_t i = 0; i < demo->line_count; i++)
        count +=
            !demo->line[i].remark && tnd_slice_eq(demo->line[i].line.text, tnd_slice_str(text));
    return count;
}

static size_t remarks_of(const struct tnd_demo *demo, enum tnd_recover_action action)
{
    size_t count = 0;

    for (size_t i = 0; i < demo->line_count; i++)
        count += demo->line[i].remark && demo->line[i].action == action;
    return count;
}

/* What the flow of a code is to show, by the catalogue. */
static unsigned next_of(const struct tnd_explanation *e)
{
    switch (e->code) {
    case 487: /* he has ended it himself */
        return TND_RECOVER_NONE;
    case 491: /* of a call, not of a caller's wish: he does wait */
        return TND_RECOVER_WAIT_AND_RETRY;
    }
    /* nobody calls again and again without being asked to (tnd_recover_policy.retries) */
    return e->next == TND_NEXT_WAIT_AND_RETRY ? (unsigned)TND_RECOVER_GIVE_UP : e->next;
}

TND_TEST(demo_does_what_the_catalogue_says, "tandem/recover.h",
         "each flow shows its code to the caller, who does what the catalogue says he does next")
{
    for (unsigned code = tnd_explain_next(0); code; code = tnd_explain_next(code)) {
        struct tnd_demo demo = run(code, 0);
        struct tnd_explanation e;

        tnd_explain(code, TND_LANG_EN, &e);
        if (!demo.is_seen)
            tnd_test_fail(__FILE__, __LINE__, "the flow of %u does not show it", code);
        if (demo.action != next_of(&e))
            tnd_test_fail(__FILE__, __LINE__, "%u: the flow has %s (%.*s), the catalogue %s", code,
                          tnd_recover_action_name((enum tnd_recover_action)demo.action),
                          TND_FMT(demo.detail),
                          tnd_recover_action_name((enum tnd_recover_action)next_of(&e)));
    }
}

/* Whether the call is made in the end. */
static bool is_to_be_made(const struct tnd_explanation *e, const struct tnd_demo *demo)
{
    if (e->code == 417 || e->code == 439) /* the lab knows no mercy there */
        return false;
    return e->code < 300 || demo->action != TND_RECOVER_GIVE_UP;
}

TND_TEST(demo_ends_as_the_catalogue_says, "tandem/ref/explain.h",
         "what can be mended ends with 2xx, and what cannot with the code itself")
{
    for (unsigned code = tnd_explain_next(0); code; code = tnd_explain_next(code)) {
        struct tnd_demo demo = run(code, 0);
        struct tnd_explanation e;

        tnd_explain(code, TND_LANG_EN, &e);
        bool is_made = is_to_be_made(&e, &demo) && code != 487;
        if (demo.is_made != is_made || (!is_made && demo.last != code))
            tnd_test_fail(__FILE__, __LINE__, "the flow of %u ends with %u", code, demo.last);
    }
}

TND_TEST(demo_of_every_code, "tandem/lab.h", "every code from 100 to 699 has a flow, and no other")
{
    struct tnd_demo_world world = {.mem = &counted_mem};
    struct tnd_demo demo = {.code = 7};

    for (unsigned code = 100; code < 700; code += 7) {
        demo = run(code, 0);
        CHECK(demo.is_seen);
        CHECK_EQ(demo.code, code);
        CHECK(demo.party_count >= 2 && demo.line_count >= 2);
    }
    demo.code = 7;
    CHECK_EQ(tnd_demo_run(&world, 99, &arena, &demo), TND_ENONE);
    CHECK_EQ(tnd_demo_run(&world, 700, &arena, &demo), TND_ENONE);
    CHECK_EQ(demo.code, 7);
    CHECK(!tnd_demo_has(99) && tnd_demo_has(100) && tnd_demo_has(699) && !tnd_demo_has(700));
}

TND_TEST(demo_is_deterministic, "ARCHITECTURE.md", "the same seed gives the same ladder")
{
    static const unsigned codes[] = {302, 481, 491, 580, 600};

    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
        char first[1 << 16];
        struct tnd_demo demo = run(codes[i], 5);
        struct tnd_slice text = drawn(&demo, TND_LANG_EN);
        uint64_t hash = demo.hash;

        CHECK(text.len < sizeof(first));
        memcpy(first, text.ptr, text.len);
        first[text.len] = '\0';
        demo = run(codes[i], 5);
        CHECK_STR(drawn(&demo, TND_LANG_EN), first);
        CHECK(demo.hash == hash);
        demo = run(codes[i], 6);
        CHECK(demo.hash != hash); /* tags and branches are others */
    }
}

TND_TEST(demo_302_keeps_the_address, "RFC 3261 §21.3.3",
         "after a 302 the next call goes to the original address again")
{
    struct tnd_demo demo = run(302, 0);
    struct tnd_slice text = drawn(&demo, TND_LANG_EN);

    CHECK_EQ(count_of(&demo, "302 Moved Temporarily"), 1); /* the forward has ended then */
    CHECK(has(text, "Contact: <sip:bob@hotel.example>;expires=60"));
    CHECK_EQ(demo.line[demo.line_count - 1].line.to, 0);
    CHECK_EQ(remarks_of(&demo, TND_RECOVER_FOLLOW_CONTACT), 1);
    CHECK(has(text, "The forward has ended"));
    CHECK_EQ(count_of(&demo, "200 OK"), 6); /* two calls; the second passes the proxy */
}

TND_TEST(demo_301_changes_the_address, "RFC 3261 §21.3.2",
         "after a 301 the next call goes to the new address at once")
{
    struct tnd_demo demo = run(301, 0);

    CHECK_EQ(count_of(&demo, "301 Moved Permanently"), 1);
    CHECK_EQ(count_of(&demo, "INVITE"), 3);
}

TND_TEST(demo_600_cancels_the_others, "RFC 3261 §16.7",
         "a 600 cancels the other branches, where a 486 ends its own alone")
{
    struct tnd_demo demo = run(600, 0);

    CHECK_EQ(count_of(&demo, "CANCEL"), 2);
    CHECK_EQ(count_of(&demo, "487 Request Terminated"), 2);
    demo = run(486, 0);
    CHECK_EQ(count_of(&demo, "CANCEL"), 0);
    CHECK_EQ(count_of(&demo, "486 Busy Here"), 3); /* two phones, and what the caller gets */
}

TND_TEST(demo_481_is_set_up_again, "RFC 5057 §5.1",
         "a call that the callee has forgotten is ended, and made anew")
{
    struct tnd_demo demo = run(481, 0);

    CHECK(has(drawn(&demo, TND_LANG_EN), "The callee starts again"));
    CHECK_EQ(remarks_of(&demo, TND_RECOVER_REESTABLISH), 1);
    CHECK(demo.is_made);
}

TND_TEST(
    demo_408_is_lost, "RFC 3261 §17.1.1.2",
    "what nobody answers is lost, and sent again after twice the time, until the next server is asked")
{
    struct tnd_demo demo = run(408, 0);
    size_t lost = 0, again = 0;

    for (size_t i = 0; i < demo.line_count; i++) {
        lost += demo.line[i].line.is_lost;
        again += demo.line[i].line.tone == TND_LADDER_FAINT;
    }
    CHECK_EQ(lost, 7);
    CHECK_EQ(again, 6);
    CHECK_EQ(demo.line[demo.line_count - 1].line.from, 2);
}

/* The first line of a message with that text whose fact begins so. */
static const struct tnd_ladder_line *line_with(const struct tnd_demo *demo, const char *text,
                                               const char *fact)
{
    for (size_t i = 0; i < demo->line_count; i++) {
        const struct tnd_ladder_line *l = &demo->line[i].line;

        if (demo->line[i].remark || !tnd_slice_eq(l->text, tnd_slice_str(text)))
            continue;
        for (size_t k = 0; k < l->fact_count; k++)
            if (l->fact[k].len >= strlen(fact) && memcmp(l->fact[k].ptr, fact, strlen(fact)) == 0)
                return l;
    }
    return NULL;
}

TND_TEST(demo_bodies_are_corrected, "RFC 3261 §8.1.3.5",
         "after a 413 or a 415 the INVITE has the session description alone, and is answered")
{
    static const unsigned codes[] = {413, 415};

    for (size_t i = 0; i < 2; i++) {
        struct tnd_demo demo = run(codes[i], 0);
        const struct tnd_ladder_line *with, *without;

        with = line_with(&demo, "INVITE", "Content-Type: multipart/mixed");
        without = line_with(&demo, "INVITE", "Content-Type: application/sdp");
        CHECK(with && without && with < without);
        CHECK_EQ(count_of(&demo, "INVITE"), 2);
        CHECK_EQ(has(drawn(&demo, TND_LANG_EN), "Accept: application/sdp"), codes[i] == 415);
        CHECK(demo.is_made);
    }
}

TND_TEST(demo_416_writes_a_sip_uri, "RFC 3261 §19.1.6",
         "after a 416 the number of a tel URI is called as the user of a SIP URI")
{
    struct tnd_demo demo = run(416, 0);

    CHECK(line_with(&demo, "INVITE", "tel:+12025550123"));
    CHECK(line_with(&demo, "INVITE", "sip:+12025550123@example.com;user=phone"));
    CHECK(demo.is_made);
}

TND_TEST(demo_488_offers_anew, "RFC 3261 §21.4.26",
         "after a 488 another offer is made, which has a codec in common with the callee")
{
    struct tnd_demo demo = run(488, 0);
    struct tnd_slice text = drawn(&demo, TND_LANG_EN);

    CHECK(has(text, ":4000, G722, sendrecv"));
    CHECK(has(text, "Warning: 305"));
    CHECK(has(text, ":4000, PCMU PCMA, sendrecv"));
    CHECK(demo.is_made);
}

TND_TEST(demo_417_shows_what_is_dropped, "RFC 4412 §4.6.2",
         "what the caller offered and then leaves out is seen, for it is why it asks again")
{
    const unsigned codes[] = {417, 439};
    const char *const offered[] = {"resource-priority", "outbound"};

    for (size_t i = 0; i < 2; i++) {
        struct tnd_demo demo = run(codes[i], 0);
        struct tnd_slice text = drawn(&demo, TND_LANG_EN);

        CHECK(has(text, "Supported: "));
        CHECK(has(text, offered[i]));
    }
}

TND_TEST(demo_580_relaxes, "RFC 3312 §8",
         "after a 580 the caller does not insist any more, and the lines of the description say so")
{
    struct tnd_demo demo = run(580, 0);
    struct tnd_slice text = drawn(&demo, TND_LANG_EN);

    CHECK(has(text, "des qos mandatory local sendrecv"));
    CHECK(has(text, "des qos optional local sendrecv"));
}

TND_TEST(demo_speaks, "po/", "remarks and parties are said in every language")
{
    struct tnd_demo demo;

    for (unsigned code = tnd_explain_next(0); code; code = tnd_explain_next(code)) {
        demo = run(code, 0);
        for (int lang = 0; lang < TND_LANG_COUNT; lang++) {
            CHECK(tnd_text_is_translated((enum tnd_lang)lang, demo.about));
            for (size_t i = 0; i < demo.party_count; i++)
                CHECK(tnd_text_is_translated((enum tnd_lang)lang, demo.party[i]));
            for (size_t i = 0; i < demo.line_count; i++)
                CHECK(!demo.line[i].remark ||
                      tnd_text_is_translated((enum tnd_lang)lang, demo.line[i].remark));
        }
    }
}
