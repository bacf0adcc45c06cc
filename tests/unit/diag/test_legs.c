/* Calls that go through a B2BUA have several Call-IDs. */
#include "unit/diag/diag_test.h"

#include <stdio.h>

#define SESSION \
    "Session-ID: 47755a9de7794ba387653f2099600ef2;remote=00000000000000000000000000000000\r\n"
#define NIL \
    "Session-ID: 00000000000000000000000000000000;remote=00000000000000000000000000000000\r\n"
#define SDP(origin, port) \
    "v=0\r\no=" origin "\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio " port " RTP/AVP 0\r\n"

/* The INVITE that comes to the B2BUA, and the one that it sends. */
static void see_pair(const struct diag_line *one, const struct diag_line *two)
{
    struct diag_line first = *one, second = *two;

    first.first = second.first = INVITE;
    first.cseq = second.cseq = "1 INVITE";
    first.from = 1;
    first.to = second.from = 2;
    second.to = 3;
    second.branch = "2";
    second.from_tag = "x";
    second.ms = second.ms ? second.ms : 10;
    diag_see(&first);
    diag_see(&second);
}

#define PAIR(one, two)                       \
    (diag_start((struct tnd_diag_world){0}), \
     see_pair(&(struct diag_line){UNPACK one}, &(struct diag_line){UNPACK two}), (void)0)
#define UNPACK(...) __VA_ARGS__

static void are_joined(bool is_guess)
{
    const struct tnd_diag_call *call = diag_last();

    CHECK_EQ(call->leg_count, 2);
    CHECK_EQ(call->message_count, 2);
    CHECK_EQ(call->message[1].leg, 1);
    CHECK(tnd_slice_eq(call->call_id, call->leg[0]));
    CHECK(!call->leg_is_guess[0]);
    CHECK_EQ(call->leg_is_guess[1], is_guess);
    CHECK(tnd_diag_take(diag) == NULL);
    diag_stop();
}

static void are_strangers(void)
{
    CHECK_EQ(diag_last()->leg_count, 1);
    CHECK_EQ(diag_next()->leg_count, 1);
    diag_stop();
}

TND_TEST(diag_session_id, "RFC 7989 §6",
         "two INVITEs with one Session-ID are one call, for certain")
{
    PAIR((.call = "one", .more = SESSION), (.call = "two", .more = SESSION, .ms = 9000));
    are_joined(false);
    PAIR((.call = "one", .more = NIL), (.call = "two", .more = NIL));
    are_strangers();
}

TND_TEST(diag_call_id_derived, "diag/diag.h leg_is_guess",
         "a Call-ID that is made of another is of the same call, as a guess, if it comes soon")
{
    static const char *const derived[] = {"5f9a1c27be3d4401-b2b_1", "sbc-5f9a1c27be3d4401@h",
                                          "5f9a1c27be3d4401@192.0.2.2", "b2b.2.5f9a1c27be3d4401"};

    for (size_t i = 0; i < sizeof(derived) / sizeof(*derived); i++) {
        PAIR((.call = "5f9a1c27be3d4401@192.0.2.1"), (.call = derived[i]));
        are_joined(true);
    }
    PAIR((.call = "5f9a1c27be3d4401@192.0.2.1"), (.call = derived[0], .ms = 6000));
    are_strangers();
    PAIR((.call = "1-77@192.0.2.1"), (.call = "1-77@192.0.2.2")); /* alike by chance */
    are_strangers();
    PAIR((.call = "5f9a1c27be3d4401@192.0.2.1"), (.call = "5f9a1c27be3d44010@192.0.2.2"));
    are_strangers();
}

TND_TEST(diag_same_offer, "diag/diag.h leg_is_guess",
         "the same offer, passed on by who got it, is of the same call, as a guess")
{
    PAIR((.call = "one", .body = SDP("al 7 7 IN IP4 192.0.2.1", "4000")),
         (.call = "two", .body = SDP("al 7 7 IN IP4 192.0.2.1", "6000")));
    are_joined(true);
    PAIR((.call = "one", .body = SDP("al 7 7 IN IP4 192.0.2.1", "4000")),
         (.call = "two", .body = SDP("bb 1 1 IN IP4 192.0.2.2", "4000")));
    are_joined(true);
    PAIR((.call = "one", .body = SDP("al 7 7 IN IP4 192.0.2.1", "4000")),
         (.call = "two", .body = SDP("bb 1 1 IN IP4 192.0.2.2", "6000")));
    are_strangers();
    PAIR((.call = "one", .body = SDP("al 7 7 IN IP4 192.0.2.1", "0")),
         (.call = "two", .body = SDP("bb 1 1 IN IP4 192.0.2.2", "0")));
    are_strangers();
}

TND_TEST(diag_load_generator, "diag/diag.h leg_is_guess",
         "offers that strangers have in common, as those of a load generator, join nothing")
{
    static const char body[] = SDP("user1 53655765 2353687637 IN IP4 192.0.2.1", "6000");

    diag_start((struct tnd_diag_world){0});
    SEE(.from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE", .call = "1-9", .body = body);
    SEE(.ms = 1, .from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE", .call = "2-9",
        .body = body);
    SEE(.ms = 2, .from = 2, .to = 3, .first = INVITE, .cseq = "1 INVITE", .call = "x-9",
        .body = body); /* of which of the two? */
    CHECK_EQ(tnd_diag_stats(diag)->open, 3);
    diag_stop();
}

static void see_loopback(uint16_t from, uint16_t to, const char *call)
{
    static const uint8_t octets[] = {127, 0, 0, 1};
    static char room[1024];
    int len = snprintf(room, sizeof(room),
                       INVITE "\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK%s\r\nCall-ID: %s\r\n"
                              "CSeq: 1 INVITE\r\n\r\n" SDP("al 7 7 IN IP4 127.0.0.1", "4000"),
                       call, call);

    tnd_diag_feed(diag,
                  &(struct tnd_diag_seen){.from = tnd_endpoint(TND_TRANSPORT_UDP, octets, 4, from),
                                          .to = tnd_endpoint(TND_TRANSPORT_UDP, octets, 4, to),
                                          .bytes = tnd_slice(room, (size_t)len)});
}

TND_TEST(diag_same_machine, "diag/diag.h leg_is_guess",
         "elements that share the address of the machine itself are told apart by their ports")
{
    diag_start((struct tnd_diag_world){0});
    see_loopback(5061, 5060, "one");
    see_loopback(5060, 5070, "two");
    are_joined(true);
    diag_start((struct tnd_diag_world){0});
    see_loopback(5061, 5060, "one");
    see_loopback(5061, 5060, "two");
    are_strangers();
}

TND_TEST(diag_legs_max, "diag/diag.h TND_DIAG_LEG_COUNT_MAX",
         "a call has no more legs than the bound; a further one is a call of its own")
{
    char call[16];

    diag_start((struct tnd_diag_world){0});
    for (int i = 0; i < TND_DIAG_LEG_COUNT_MAX + 1; i++) {
        snprintf(call, sizeof(call), "leg-%d", i);
        SEE(.ms = i, .from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE", .call = call,
            .more = SESSION);
    }
    CHECK_EQ(diag_last()->leg_count, TND_DIAG_LEG_COUNT_MAX);
    CHECK_EQ(diag_next()->leg_count, 1);
    diag_stop();
}

TND_TEST(diag_legs_apart, "RFC 3261 §17.1.3",
         "each leg has transactions and dialogs of its own; the call is over when all are")
{
    diag_start((struct tnd_diag_world){0});
    SEE(.from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE", .more = SESSION);
    SEE(.ms = 1, .from = 2, .to = 3, .first = INVITE, .cseq = "1 INVITE", .call = "two",
        .more = SESSION);
    SEE(.ms = 2, .from = 3, .to = 2, .first = OK, .cseq = "1 INVITE", .call = "two", .to_tag = "b");
    SEE(.ms = 3, .from = 2, .to = 1, .first = "SIP/2.0 503 Service Unavailable", .cseq = "1 INVITE",
        .to_tag = "c");
    tnd_diag_pass(diag, TND_SEC(100));
    CHECK(tnd_diag_take(diag) == NULL); /* the second leg talks */
    const struct tnd_diag_call *call = diag_last();
    CHECK_EQ(call->message[2].request, 1);
    CHECK_EQ(call->message[3].request, 0);
    CHECK_EQ(call->result, TND_DIAG_FAILED); /* for the caller */
    CHECK_EQ(call->code, 503);
    diag_stop();
}
