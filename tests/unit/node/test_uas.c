/* Calls to the lab: transactions, CANCEL, the 2xx and its ACK, dialogs. */
#include <stdio.h>

#include "unit/node/play.h"
#include "unit/test.h"

static struct play p;

#define BUSY    "sip:lab-486@example.com"
#define ANSWERS "sip:lab-200@example.com"
#define RINGS   "sip:lab-200@example.com;ring=5"
#define MANY    ((tnd_time)64 * 500000) /* 64*T1 */

TND_TEST(node_absorbs, "RFC 3261 §17.2.1",
         "an INVITE that comes again gets the same answer, unserved")
{
    char first[PLAY_TEXT_SIZE];

    play_open(&p);
    play_say(&p, "INVITE", BUSY, "");
    CHECK_EQ(play_code(&p), 486);
    memcpy(first, play_text(&p), sizeof(first));
    play_say(&p, "INVITE", BUSY, "");
    CHECK_STR(tnd_slice_str(play_text(&p)), first);
    CHECK_EQ(tnd_node_stats(p.node)->served, 1);
    CHECK_EQ(tnd_node_stats(p.node)->absorbed, 1);
    play_close(&p);
}

TND_TEST(node_final_again, "RFC 3261 §17.2.1", "a final response is sent again until its ACK comes")
{
    play_open(&p);
    play_say(&p, "INVITE", BUSY, "");
    play_wait(&p, TND_MS(1600)); /* at 500 and 1500 ms */
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 486), 2);
    play_say(&p, "ACK", BUSY, "");
    CHECK_EQ(p.out_count, 0);
    play_wait(&p, TND_SEC(60));
    CHECK_EQ(p.out_count, 0);
    CHECK_EQ(tnd_node_stats(p.node)->transactions, 0);
    CHECK_EQ(tnd_node_due(p.node), TND_NEVER_DUE);
    play_close(&p);
}

TND_TEST(node_forgets_response, "RFC 3261 §17.2.1",
         "an acknowledged response is not kept any longer")
{
    static char large[3000];

    snprintf(large, sizeof(large), ";body=%02900d", 0); /* too large for a pool */
    play_open(&p);
    char uri[3100];
    snprintf(uri, sizeof(uri), BUSY "%s", large);
    play_say(&p, "INVITE", uri, "");
    CHECK_EQ(play_code(&p), 486);
    size_t held = p.mem.live_size;
    play_say(&p, "ACK", uri, "");
    play_input(&p, &(struct tnd_input){.kind = TND_IN_TICK});
    CHECK(p.mem.live_size <= held - 2900);
    play_say(&p, "INVITE", uri, ""); /* overtaken by its own ACK: absorbed */
    CHECK_EQ(p.out_count, 0);
    CHECK_EQ(tnd_node_stats(p.node)->transactions, 1);
    play_close(&p);
}

TND_TEST(node_no_ack, "RFC 3261 §17.2.1", "without an ACK the transaction ends after 64*T1")
{
    play_open(&p);
    play_say(&p, "INVITE", BUSY, "");
    play_wait(&p, MANY - 1);
    CHECK_EQ(tnd_node_stats(p.node)->transactions, 1);
    play_wait(&p, 1);
    CHECK_EQ(tnd_node_stats(p.node)->transactions, 0);
    play_close(&p);
}

TND_TEST(node_100, "RFC 3261 §17.2.1", "an INVITE that is not answered soon gets a 100")
{
    play_open(&p);
    play_say(&p, "INVITE", BUSY ";delay=1", "Timestamp: 54\r\n");
    CHECK_EQ(p.out_count, 0);
    play_wait(&p, TND_MS(200));
    CHECK_EQ(play_code(&p), 100);
    CHECK(play_has(&p, "\r\nTimestamp: 54\r\n"));
    CHECK(!*play_to_tag(&p)); /* §8.2.6.2 */
    play_say(&p, "INVITE", BUSY ";delay=1", "");
    CHECK_EQ(play_code(&p), 100);
    play_wait(&p, TND_MS(800));
    CHECK_EQ(play_code(&p), 486);
    play_close(&p);
}

TND_TEST(node_2xx_again, "RFC 3261 §13.3.1.4",
         "a 2xx is sent again, over TCP too, until its ACK comes")
{
    PROVES(UAS_2XX_ACK);
    for (int tcp = 0; tcp < 2; tcp++) {
        char tag[64];

        play_open(&p);
        p.flow = tcp ? play_tcp() : play_udp();
        play_say(&p, "INVITE", ANSWERS, "Contact: <sip:alice@198.51.100.7>\r\n");
        CHECK_EQ(play_code(&p), 200);
        snprintf(tag, sizeof(tag), "%s", play_to_tag(&p));
        play_wait(&p, TND_SEC(12)); /* at 0.5, 1.5, 3.5, 7.5, 11.5 s: T2 is 4 s */
        CHECK_EQ(play_count(&p, TND_OUT_SEND, 200), 5);
        play_say(&p, "INVITE", ANSWERS, ""); /* RFC 6026 §7.1: absorbed */
        CHECK_EQ(p.out_count, 0);
        p.to_tag = "another";
        p.branch = "z9hG4bKack";
        play_say(&p, "ACK", ANSWERS, "");
        play_wait(&p, TND_SEC(4));
        CHECK_EQ(play_count(&p, TND_OUT_SEND, 200), 1); /* that was not its ACK */
        p.to_tag = tag;
        play_say(&p, "ACK", ANSWERS, "");
        CHECK_EQ(p.out_count, 0);
        play_wait(&p, TND_SEC(60));
        CHECK_EQ(p.out_count, 0);
        CHECK_EQ(tnd_node_stats(p.node)->transactions, 0);
        play_close(&p);
    }
}

TND_TEST(node_ack_case, "RFC 3261 §7.3.1", "an ACK whose tag is in other letters is an ACK")
{
    char tag[64];

    play_open(&p);
    play_say(&p, "INVITE", ANSWERS, "Contact: <sip:alice@198.51.100.7>\r\n");
    snprintf(tag, sizeof(tag), "%s", play_to_tag(&p));
    CHECK(strpbrk(tag, "abcdef"));
    for (char *c = tag; *c; c++)
        *c = *c >= 'a' ? (char)(*c - 'a' + 'A') : *c;
    p.to_tag = tag;
    p.branch = "z9hG4bKack";
    play_say(&p, "ACK", ANSWERS, "");
    play_wait(&p, TND_SEC(4));
    CHECK_EQ(p.out_count, 0);
    play_close(&p);
}

TND_TEST(node_2xx_no_ack, "RFC 6026 §8.7",
         "a 2xx without an ACK is sent again for 64*T1 and no longer")
{
    play_open(&p);
    play_say(&p, "INVITE", ANSWERS, "Contact: <sip:alice@198.51.100.7>\r\n");
    play_wait(&p, TND_SEC(200));
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 200), 10);
    CHECK_EQ(tnd_node_stats(p.node)->transactions, 0);
    play_close(&p);
}

TND_TEST(node_dialog, "RFC 3261 §12.2.2", "a dialog is known by its tag, after a restart too")
{
    char tag[64];

    play_open(&p);
    play_say(&p, "INVITE", ANSWERS, "Contact: <sip:alice@198.51.100.7>\r\n");
    snprintf(tag, sizeof(tag), "%s", play_to_tag(&p));
    play_close(&p);
    play_open(&p);
    p.to_tag = tag;
    p.branch = "z9hG4bKbye";
    p.cseq = 2;
    play_say(&p, "BYE", "sip:lab-200@192.0.2.1", "");
    CHECK_EQ(play_code(&p), 200);
    play_say(&p, "BYE", "sip:lab-201@192.0.2.1", ""); /* the dialog is another user's */
    CHECK_EQ(play_code(&p), 481);
    p.from_tag = "mallory";
    play_say(&p, "BYE", "sip:lab-200@192.0.2.1", "");
    CHECK_EQ(play_code(&p), 481);
    play_close(&p);
}

TND_TEST(node_forgets, "RFC 3261 §12.2.2", "lab-481 answers a call, and forgets it")
{
    char tag[64];

    play_open(&p);
    play_say(&p, "INVITE", "sip:lab-481@example.com", "Contact: <sip:alice@198.51.100.7>\r\n");
    CHECK_EQ(play_code(&p), 200);
    snprintf(tag, sizeof(tag), "%s", play_to_tag(&p));
    p.to_tag = tag;
    p.branch = "z9hG4bKack";
    play_say(&p, "ACK", "sip:lab-481@192.0.2.1", "");
    play_wait(&p, TND_SEC(40));
    CHECK_EQ(p.out_count, 0); /* the ACK was understood all the same */
    p.branch = "z9hG4bKbye";
    p.cseq = 2;
    play_say(&p, "BYE", "sip:lab-481@192.0.2.1", "");
    CHECK_EQ(play_code(&p), 481);
    play_close(&p);
}

TND_TEST(node_one_tag, "RFC 3261 §8.2.6.2",
         "all responses to a request have the same tag, and so has that to its CANCEL")
{
    static const char *const uris[] = {"sip:lab-200@example.com;ring=1",
                                       "sip:lab-481@example.com;ring=1"};
    char tag[64];

    for (unsigned i = 0; i < 4; i++) {
        play_open(&p);
        play_say(&p, "INVITE", uris[i % 2], "");
        CHECK_EQ(play_code(&p), 180);
        snprintf(tag, sizeof(tag), "%s", play_to_tag(&p));
        if (i < 2) {
            play_wait(&p, TND_SEC(1));
            CHECK_EQ(play_code(&p), 200);
            CHECK_STR(tnd_slice_str(play_to_tag(&p)), tag);
        }
        play_say(&p, "CANCEL", uris[i % 2], "");
        CHECK_EQ(play_count(&p, TND_OUT_SEND, 0), i < 2 ? 1 : 2);
        for (; p.out_count > 0; p.out_count--, p.outs[0] = p.outs[1])
            CHECK_STR(tnd_slice_str(play_to_tag(&p)), tag);
        play_close(&p);
    }
}

TND_TEST(node_cancel, "RFC 3261 §9.2", "a CANCEL gets 200, and its INVITE 487 with the same To tag")
{
    char tag[64];

    PROVES(UAS_CANCEL);
    PROVES(UAS_CANCELLED);
    play_open(&p);
    play_say(&p, "INVITE", RINGS, "");
    CHECK_EQ(play_code(&p), 180);
    snprintf(tag, sizeof(tag), "%s", play_to_tag(&p));
    play_say(&p, "CANCEL", RINGS, "");
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 200), 1);
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 487), 1);
    CHECK_STR(tnd_slice_str(play_to_tag(&p)), tag);
    play_say(&p, "CANCEL", RINGS, ""); /* sent again: its 200 was lost */
    CHECK_EQ(play_code(&p), 200);
    play_say(&p, "ACK", RINGS, "");
    play_wait(&p, TND_SEC(60));
    CHECK_EQ(p.out_count, 0); /* it does not ring on */
    play_say(&p, "CANCEL", RINGS, "");
    CHECK_EQ(play_code(&p), 481);
    play_close(&p);
}

TND_TEST(node_cancel_late, "RFC 3261 §9.2", "a CANCEL behind the final response changes nothing")
{
    play_open(&p);
    play_say(&p, "INVITE", BUSY, "");
    play_say(&p, "CANCEL", BUSY, "");
    CHECK_EQ(play_code(&p), 200);
    play_say(&p, "INVITE", BUSY, "");
    CHECK_EQ(play_code(&p), 486);
    play_close(&p);
}

TND_TEST(node_cancel_other, "RFC 3261 §9.2",
         "a CANCEL of another request than INVITE gets 200 and has no effect")
{
    play_open(&p);
    play_say(&p, "MESSAGE", "sip:lab-486@example.com;delay=2", "");
    play_say(&p, "CANCEL", "sip:lab-486@example.com;delay=2", "");
    CHECK_EQ(play_code(&p), 200);
    play_wait(&p, TND_SEC(2));
    CHECK_EQ(play_code(&p), 486);
    play_close(&p);
}

TND_TEST(node_cancel_again, "RFC 3261 §9.2",
         "a CANCEL that comes again is answered as before, whatever became of its INVITE")
{
    play_open(&p);
    play_say(&p, "CANCEL", RINGS, ""); /* has overtaken its INVITE */
    CHECK_EQ(play_code(&p), 481);
    play_say(&p, "INVITE", RINGS, "");
    CHECK_EQ(play_code(&p), 180);
    play_say(&p, "CANCEL", RINGS, "");
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 0), 1);
    CHECK_EQ(play_code(&p), 481);
    p.cseq = 2;
    p.branch = "z9hG4bKsecond";
    play_say(&p, "INVITE", RINGS, "");
    play_say(&p, "CANCEL", RINGS, "");
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 200), 1);
    play_say(&p, "ACK", RINGS, "");
    play_wait(&p, TND_SEC(6)); /* the INVITE's transaction is over */
    play_say(&p, "CANCEL", RINGS, "");
    CHECK_EQ(play_code(&p), 200);
    play_close(&p);
}

TND_TEST(node_counts_transactions, "tandem/node.h",
         "a transaction that has ended is not counted, though its last output has not been taken")
{
    play_open(&p);
    p.flow = play_tcp();
    play_say(&p, "OPTIONS", "sip:lab-200@192.0.2.1;delay=1", "");
    CHECK_EQ(tnd_node_stats(p.node)->transactions, 1);
    p.now += TND_SEC(1);
    play_input(&p, &(struct tnd_input){.kind = TND_IN_TICK});
    CHECK_EQ(play_code(&p), 200); /* RFC 3261 §17.2.2: timer J is zero here */
    CHECK_EQ(tnd_node_stats(p.node)->transactions, 0);
    play_close(&p);
}

TND_TEST(node_merged, "RFC 3261 §8.2.2.2", "a request that came by another way already gets 482")
{
    PROVES(TXN_MERGED);
    play_open(&p);
    play_say(&p, "INVITE", RINGS, "");
    p.branch = "z9hG4bKother";
    play_say(&p, "INVITE", RINGS, "");
    CHECK_EQ(play_code(&p), 482);
    play_say(&p, "INVITE", "sip:LAB-%32%30%30@example.com", ""); /* the same user */
    CHECK_EQ(play_code(&p), 482);
    play_say(&p, "INVITE", BUSY, ""); /* a fork reaches two users here: not merged */
    CHECK_EQ(play_code(&p), 486);
    play_close(&p);
}

TND_TEST(node_2543, "RFC 3261 §17.2.3",
         "an INVITE without a cookie is absorbed, acknowledged, cancelled")
{
    char tag[64];

    play_open(&p);
    p.branch = NULL;
    play_say(&p, "INVITE", BUSY, "");
    CHECK_EQ(play_code(&p), 486);
    snprintf(tag, sizeof(tag), "%s", play_to_tag(&p));
    play_say(&p, "INVITE", BUSY, "");
    CHECK_EQ(tnd_node_stats(p.node)->absorbed, 1);
    p.to_tag = tag;
    play_say(&p, "ACK", BUSY, "");
    play_wait(&p, TND_SEC(10));
    CHECK_EQ(p.out_count, 0);
    CHECK_EQ(tnd_node_stats(p.node)->transactions, 0);
    p.to_tag = NULL;
    p.cseq = 2;
    play_say(&p, "INVITE", RINGS, "");
    play_say(&p, "CANCEL", RINGS, "");
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 487), 1);
    play_close(&p);
}

TND_TEST(node_early_dialog, "RFC 3261 §14.2",
         "a dialog whose INVITE is not answered yet is not changed")
{
    char tag[64];

    play_open(&p);
    play_say(&p, "INVITE", RINGS, "Contact: <sip:alice@198.51.100.7>\r\n");
    snprintf(tag, sizeof(tag), "%s", play_to_tag(&p));
    p.to_tag = tag;
    p.branch = "z9hG4bKagain";
    p.cseq = 2;
    play_say(&p, "INVITE", "sip:lab-200@192.0.2.1", "Contact: <sip:alice@198.51.100.7>\r\n");
    CHECK_EQ(play_code(&p), 500);
    CHECK(play_has(&p, "\r\nRetry-After: "));
    play_wait(&p, TND_SEC(6));
    CHECK(play_count(&p, TND_OUT_SEND, 200) > 0);
    p.branch = "z9hG4bKthird";
    p.cseq = 3;
    play_say(&p, "INVITE", "sip:lab-200@192.0.2.1", "Contact: <sip:alice@198.51.100.7>\r\n");
    CHECK_EQ(play_code(&p), 200);
    play_close(&p);
}

TND_TEST(node_early_bye, "RFC 3261 §15.1.2",
         "a BYE in an early dialog gets 200, and the INVITE 487")
{
    char tag[64];

    PROVES(UAS_BYE);
    play_open(&p);
    play_say(&p, "INVITE", RINGS, "Contact: <sip:alice@198.51.100.7>\r\n");
    snprintf(tag, sizeof(tag), "%s", play_to_tag(&p));
    p.to_tag = tag;
    p.branch = "z9hG4bKbye";
    p.cseq = 2;
    for (unsigned i = 0; i < 2; i++) { /* and once more */
        play_say(&p, "BYE", "sip:lab-200@192.0.2.1", "");
        CHECK_EQ(play_count(&p, TND_OUT_SEND, 200), 1);
        CHECK_EQ(play_count(&p, TND_OUT_SEND, 487), i == 0);
    }
    p.branch = "z9hG4bKplay";
    p.cseq = 1;
    play_say(&p, "ACK", RINGS, "");
    play_wait(&p, TND_SEC(60));
    CHECK_EQ(p.out_count, 0); /* it does not ring on */
    play_close(&p);
}

TND_TEST(node_expires, "RFC 3261 §13.3.1",
         "an INVITE that has not been answered when its Expires is over gets 487")
{
    PROVES(UAS_EXPIRES);
    play_open(&p);
    play_say(&p, "INVITE", RINGS, "Expires: 2\r\n");
    CHECK_EQ(play_code(&p), 180);
    play_wait(&p, TND_SEC(2) - 1);
    CHECK_EQ(p.out_count, 0);
    play_wait(&p, 1);
    CHECK_EQ(play_code(&p), 487);
    play_say(&p, "ACK", RINGS, "");
    play_wait(&p, TND_SEC(60));
    CHECK_EQ(p.out_count, 0); /* it does not ring on */
    p.cseq = 2;
    p.branch = "z9hG4bKsecond";
    play_say(&p, "INVITE", RINGS, "Expires: 6\r\n");
    play_wait(&p, TND_SEC(5));
    CHECK_EQ(play_code(&p), 200); /* in time */
    play_wait(&p, TND_SEC(2));
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 487), 0);
    p.cseq = 3;
    p.branch = "z9hG4bKthird";
    play_say(&p, "MESSAGE", "sip:lab-486@example.com;delay=2", "Expires: 1\r\n");
    play_wait(&p, TND_SEC(2));
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 486), 1); /* of a MESSAGE it is another matter */
    play_close(&p);
}

TND_TEST(node_no_408, "RFC 4320 §4.2", "a request other than INVITE is never answered with a 408")
{
    play_open(&p);
    play_say(&p, "OPTIONS", "sip:lab-408@example.com", "");
    CHECK_EQ(p.out_count, 0);
    CHECK_EQ(tnd_node_why(p.node, tnd_slice_str(p.call_id))->rule, TND_RULE_NIST_NO_408);
    play_say(&p, "INVITE", "sip:lab-408@example.com", "");
    CHECK_EQ(play_code(&p), 408);
    play_close(&p);
}

TND_TEST(node_lab_420, "RFC 3261 §8.2.2.3", "lab-420 names what it is told to name")
{
    play_open(&p);
    play_say(&p, "INVITE", "sip:lab-420@example.com;unsupported=foo", "Require: bar\r\n");
    CHECK_EQ(play_code(&p), 420);
    CHECK(play_has(&p, "\r\nUnsupported: foo\r\n"));
    play_close(&p);
}

TND_TEST(node_late_answer, "RFC 4320 §4.1",
         "another request that waits gets a 100 late, then its answer")
{
    play_open(&p);
    play_say(&p, "MESSAGE", "sip:lab-486@example.com;delay=6", "");
    CHECK_EQ(p.out_count, 0);
    play_say(&p, "MESSAGE", "sip:lab-486@example.com;delay=6", "");
    CHECK_EQ(p.out_count, 0);
    play_wait(&p, TND_SEC(5));
    CHECK_EQ(play_code(&p), 100);
    play_wait(&p, TND_SEC(2));
    CHECK_EQ(play_code(&p), 486);
    play_wait(&p, TND_SEC(40));
    CHECK_EQ(tnd_node_stats(p.node)->transactions, 0);
    play_close(&p);
}

TND_TEST(node_full, "RFC 3261 §21.5.4",
         "when its tables are full a server says 503, and when to come back")
{
    PROVES(UAS_OVERLOAD);
    play_open(&p);
    tnd_node_free(&p.node);
    p.world.transactions_max = 1;
    CHECK_EQ(tnd_node_new(&p.world, &p.config, p.now, &p.node), 0);
    play_say(&p, "INVITE", RINGS, "");
    p.branch = "z9hG4bKsecond";
    p.call_id = "call-2";
    play_say(&p, "INVITE", RINGS, "");
    CHECK_EQ(play_code(&p), 503);
    CHECK(play_has(&p, "\r\nRetry-After: "));
    CHECK_EQ(tnd_node_stats(p.node)->transactions, 1);
    play_close(&p);
}

TND_TEST(node_cancel_flood, "RFC 3261 §26.1.5", "CANCELs that find nothing do not fill the table")
{
    char name[16];

    play_open(&p);
    for (unsigned i = 0; i < 200; i++) { /* twice as many as there is room for */
        snprintf(name, sizeof(name), "z9hG4bKn%u", i);
        p.branch = p.call_id = name;
        play_say(&p, "CANCEL", RINGS, "");
        CHECK_EQ(play_code(&p), 481);
    }
    CHECK_EQ(tnd_node_stats(p.node)->transactions, p.world.transactions_max / 2);
    p.branch = p.call_id = "z9hG4bKcall";
    play_say(&p, "INVITE", RINGS, "");
    CHECK_EQ(play_code(&p), 180);
    play_close(&p);
}

TND_TEST(bug_node_mute, "RFC 3261 §17.2.1",
         "an INVITE for whose 180 there was no memory has its final response all the same")
{
    static char lines[4096];
    unsigned spoke = 0;

    snprintf(lines, sizeof(lines), "Record-Route: <sip:h;lr;x=%02900d>\r\nContact: <sip:a@h>\r\n",
             0);
    for (size_t nth = 1; nth < 20; nth++) {
        play_open(&p);
        p.mem.fail_at = p.mem.take_count + nth;
        play_say(&p, "INVITE", RINGS, lines);
        p.mem.fail_at = 0;
        bool is_there = tnd_node_stats(p.node)->transactions > 0;
        bool is_silent = p.out_count == 0;
        play_wait(&p, TND_SEC(6));
        /* where memory was short for the final response too, there is silence */
        spoke += is_there && is_silent && play_count(&p, TND_OUT_SEND, 200) > 0;
        play_close(&p);
    }
    CHECK(spoke > 0);
}

TND_TEST(node_memory_max, "RFC 3261 §21.5.4",
         "what peers can make a server remember has a bound in bytes")
{
    static char large[3000];
    unsigned refused = 0;

    play_open(&p);
    tnd_node_free(&p.node);
    p.world.memory_max = 400000;
    CHECK_EQ(tnd_node_new(&p.world, &p.config, p.now, &p.node), 0);
    size_t before = p.mem.live_size;
    snprintf(large, sizeof(large), "Subject: %02900d\r\n", 0);
    for (unsigned i = 0; i < 80; i++) {
        char name[16];

        snprintf(name, sizeof(name), "z9hG4bKn%u", i);
        p.branch = p.call_id = name;
        play_say(&p, "INVITE", RINGS, large);
        refused += play_count(&p, TND_OUT_SEND, 503) + play_count(&p, TND_OUT_SEND, 500);
        CHECK(p.mem.live_size - before <= 400000);
    }
    CHECK(refused > 0 && refused < 80);
    play_wait(&p, TND_SEC(60));
    p.branch = p.call_id = "z9hG4bKlater";
    play_say(&p, "INVITE", RINGS, "");
    CHECK_EQ(play_code(&p), 180);
    play_close(&p);
}

/* A short life in which everything happens. */
static void live(void)
{
    char tag[64];

    play_say(&p, "INVITE", RINGS, "Contact: <sip:alice@198.51.100.7>\r\n");
    snprintf(tag, sizeof(tag), "%s", play_to_tag(&p));
    play_wait(&p, TND_SEC(6));
    play_say(&p, "CANCEL", RINGS, "");
    p.to_tag = tag;
    play_say(&p, "BYE", ANSWERS, "");
    p.to_tag = NULL;
    p.call_id = "call-2";
    p.branch = NULL;
    play_say(&p, "INVITE", BUSY, "Require: foo\r\n");
    play_say(&p, "INVITE", BUSY, "");
    play_say(&p, "OPTIONS", "sip:example.com", "");
    play_wait(&p, TND_SEC(200));
}

TND_TEST(node_memory, "TND_ENOMEM",
         "whichever piece of memory is missing, all the others come back")
{
    bool done = false;

    for (size_t nth = 1; !done && nth < 1000; nth++) {
        if (play_open_failing(&p, nth)) {
            live();
            CHECK_EQ(tnd_node_stats(p.node)->transactions, 0);
            done = p.mem.take_count < nth;
        }
        play_close(&p);
    }
    CHECK(done);
}

/* Calls with an offer whose users answer in one instant. */
static void call_many(unsigned count, const char *uri, const char *offer)
{
    for (unsigned i = 0; i < count; i++) {
        char text[PLAY_TEXT_SIZE];

        snprintf(text, sizeof(text),
                 "INVITE %s SIP/2.0\r\nVia: SIP/2.0/UDP 198.51.100.7:5062;branch=z9hG4bK%u\r\n"
                 "From: <sip:alice@example.org>;tag=alice\r\nTo: <sip:bob@example.com>\r\n"
                 "Call-ID: call-%u\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\n"
                 "Contact: <sip:alice@198.51.100.7>\r\nContent-Type: application/sdp\r\n"
                 "Content-Length: %zu\r\n\r\n%s",
                 uri, i, i, strlen(offer), offer);
        play_feed(&p, text);
        CHECK_EQ(play_code(&p), 180);
    }
}

#define AUDIO                                                            \
    "m=audio 4000 RTP/AVP 0 8 96 97 101\r\na=rtpmap:96 opus/48000/2\r\n" \
    "a=rtpmap:97 speex/8000\r\na=rtpmap:101 telephone-event/8000\r\n"

TND_TEST(node_many_due, "tandem/node.h", "calls that are answered in one instant are all answered")
{
    enum { COUNT = 3000 };
    struct tnd_output out;
    unsigned count = 0;

    play_open(&p);
    tnd_node_free(&p.node);
    p.world.transactions_max = COUNT;
    CHECK_EQ(tnd_node_new(&p.world, &p.config, p.now, &p.node), 0);
    call_many(
        COUNT, ANSWERS ";ring=1",
        "v=0\r\no=- 1 1 IN IP4 198.51.100.7\r\ns=-\r\nc=IN IP4 198.51.100.7\r\nt=0 0\r\n" AUDIO
            AUDIO AUDIO AUDIO AUDIO AUDIO AUDIO AUDIO);
    p.now += TND_SEC(1);
    while (tnd_node_due(p.node) <= p.now) {
        CHECK_EQ(tnd_node_feed(p.node, p.now, &(struct tnd_input){.kind = TND_IN_TICK}), 0);
        while (tnd_node_take(p.node, &out))
            count += out.kind == TND_OUT_SEND && memcmp(out.bytes.ptr, "SIP/2.0 200", 11) == 0;
    }
    CHECK_EQ(tnd_node_stats(p.node)->lost, 0);
    CHECK_EQ(count, COUNT);
    play_close(&p);
}
