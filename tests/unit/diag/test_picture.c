/* Calls as ladders. */
#include "unit/diag/diag_test.h"

#include <stdio.h>

static char room[1 << 21];
static struct tnd_arena arena;

/* Without what was found in it. */
static struct tnd_diag_call bare_last(void)
{
    struct tnd_diag_call call = *diag_last();

    call.finding_count = 0;
    return call;
}

static struct tnd_ladder draw(const struct tnd_diag_call *call)
{
    struct tnd_ladder ladder = {.party_count = 0};

    tnd_arena_init(&arena, room, sizeof(room), NULL, 0);
    CHECK_EQ(tnd_diag_ladder(call, TND_LANG_EN, &arena, &ladder), 0);
    return ladder;
}

TND_TEST(
    diag_ladder_parties, "diag/diag.h",
    "parties stand from the left as they come in, and each message is a line with what matters")
{
    diag_start((struct tnd_diag_world){0});
    SEE(.ms = 5, .from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE",
        .more = "Require: foo\r\n");
    SEE(.ms = 6, .from = 2, .to = 3, .first = INVITE, .cseq = "1 INVITE", .branch = "2");
    SEE(.ms = 507, .from = 2, .to = 3, .first = INVITE, .cseq = "1 INVITE", .branch = "2");
    SEE(.ms = 509, .from = 2, .to = 1, .first = "SIP/2.0 420 Bad Extension", .cseq = "1 INVITE",
        .to_tag = "b", .more = "Unsupported: foo\r\n");
    struct tnd_diag_call call = bare_last();
    struct tnd_ladder l = draw(&call);
    CHECK_STR(l.title, "INVITE sip:alice@example.org > sip:bob@example.org: 420 Bad Extension");
    CHECK_EQ(l.party_count, 3);
    CHECK_STR(l.party[2], "192.0.2.3:5060");
    CHECK_EQ(l.line[0].at, 0);
    CHECK_STR(l.line[0].text, "INVITE");
    CHECK_STR(l.line[0].fact[0], "Require: foo");
    CHECK(l.line[1].from == 1 && l.line[1].to == 2 && l.line[1].at == TND_MS(1));
    CHECK_EQ(l.line[2].tone, TND_LADDER_FAINT);
    CHECK_EQ(l.line[2].fact_count, 0);
    CHECK_STR(l.line[3].text, "420 Bad Extension");
    CHECK(l.line[3].from == 1 && l.line[3].to == 0);
    CHECK_EQ(l.line[3].tone, TND_LADDER_BAD);
    diag_stop();
}

TND_TEST(
    diag_ladder_remarks, "diag/diag.h",
    "a finding is a remark behind the last message that proves it, at the party whose doing it is")
{
    struct tnd_diag_finding finding = {.rule = 1,
                                       .severity = TND_DIAG_ERROR,
                                       .place = diag_end_of(1),
                                       .detail = TND_STR("foo"),
                                       .evidence = {{.message = 1}, {.message = 0}},
                                       .evidence_count = 2};
    char text[512];

    diag_start((struct tnd_diag_world){0});
    diag_see_answered(0);
    struct tnd_diag_call call = bare_last();
    call.finding = &finding;
    call.finding_count = 1;
    struct tnd_ladder l = draw(&call);
    CHECK_EQ(l.line_count, 5);
    CHECK(l.line[2].from == 0 && l.line[2].to == 0);
    CHECK_EQ(l.line[2].tone, TND_LADDER_BAD);
    snprintf(text, sizeof(text), "%s (foo)", tnd_diag_rule_text(1, TND_LANG_EN));
    CHECK_STR(l.line[2].text, text);
    finding.flaw =
        TND_RULE_MAX_FORWARDS; /* then that is the detail, in the language of the ladder */
    l = draw(&call);
    snprintf(text, sizeof(text), "%s (MAX_FORWARDS: %s (%s))", tnd_diag_rule_text(1, TND_LANG_EN),
             tnd_rule_sentence(TND_RULE_MAX_FORWARDS), tnd_rule_law(TND_RULE_MAX_FORWARDS));
    CHECK_STR(l.line[2].text, text);
    diag_stop();
}

TND_TEST(diag_ladder_sides, "RFC 3261 §12.2.1.1",
         "where a log names neither end, the tag of From tells the caller from the callee")
{
    diag_start((struct tnd_diag_world){0});
    SEE(.first = INVITE, .cseq = "1 INVITE");
    SEE(.ms = 1, .first = OK, .cseq = "1 INVITE", .to_tag = "b");
    SEE(.ms = 2, .first = "BYE sip:alice@192.0.2.1 SIP/2.0", .cseq = "1 BYE", .branch = "4",
        .from_tag = "b", .to_tag = "a");
    SEE(.ms = 3, .first = OK, .cseq = "1 BYE", .branch = "4", .from_tag = "b", .to_tag = "a");
    struct tnd_diag_call call = bare_last();
    struct tnd_ladder l = draw(&call);
    CHECK_EQ(l.party_count, 2);
    CHECK_STR(l.party[0], "caller");
    CHECK_STR(l.party[1], "callee");
    CHECK(l.line[0].from == 0 && l.line[1].from == 1);
    CHECK(l.line[2].from == 1 && l.line[2].to == 0);
    CHECK(l.line[3].from == 0 && l.line[3].to == 1);
    diag_stop();
}

TND_TEST(diag_ladder_ports, "RFC 3261 §18.1.1",
         "the port that a client has for a connection makes no other party of it")
{
    struct tnd_endpoint phone = diag_end_of(1), server = diag_end_of(2);
    static const char bytes[] = "OPTIONS sip:bob@example.org SIP/2.0\r\nCall-ID: one\r\n\r\n";

    diag_start((struct tnd_diag_world){0});
    phone.transport = server.transport = TND_TRANSPORT_TCP;
    for (uint16_t port = 40000; port < 40003; port++) {
        phone.port = port;
        tnd_diag_feed(diag,
                      &(struct tnd_diag_seen){
                          .at = port, .from = phone, .to = server, .bytes = tnd_slice_str(bytes)});
    }
    struct tnd_diag_call call = bare_last();
    struct tnd_ladder l = draw(&call);
    CHECK_EQ(l.party_count, 2);
    CHECK_EQ(l.line_count, 3);
    CHECK_STR(l.line[2].aside, "TCP");
    diag_stop();
}

TND_TEST(diag_ladder_bounds, "diag/ladder.h",
         "parties and lines beyond the bounds are left out, and it is said so")
{
    char branch[16];

    diag_start((struct tnd_diag_world){0});
    for (unsigned i = 0; i < 250; i++) {
        snprintf(branch, sizeof(branch), "b%u", i);
        SEE(.ms = i, .from = 1 + i % 9, .to = 2 + i % 9, .first = INVITE, .cseq = "1 INVITE",
            .branch = branch);
    }
    struct tnd_diag_call call = bare_last();
    struct tnd_ladder l = draw(&call);
    CHECK_EQ(l.party_count, TND_LADDER_PARTY_COUNT_MAX);
    CHECK_STR(l.party[TND_LADDER_PARTY_COUNT_MAX - 1], "...");
    CHECK_EQ(l.line_count, TND_LADDER_LINE_COUNT_MAX);
    CHECK_STR(l.line[TND_LADDER_LINE_COUNT_MAX - 1].text, "... +51");
    for (size_t i = 0; i < l.line_count; i++)
        CHECK(l.line[i].from < l.party_count && l.line[i].to < l.party_count);
    diag_stop();
}

TND_TEST(diag_ladder_no_memory, "base/arena",
         "without room there is no ladder, and nothing is drawn")
{
    struct tnd_ladder ladder = {.party_count = 77};

    diag_start((struct tnd_diag_world){0});
    diag_see_answered(0);
    const struct tnd_diag_call *call = diag_last();
    for (size_t size = 0; size < 8000; size += 100) {
        tnd_arena_init(&arena, room, size, NULL, 0);
        CHECK(tnd_diag_ladder(call, TND_LANG_EN, &arena, &ladder) == 0 || ladder.party_count == 77);
        ladder.party_count = 77;
    }
    diag_stop();
}
