/* What a node counts of calls, and the records of why in their order. */
#include "unit/node/play.h"
#include "unit/test.h"

static struct play p;

static size_t bucket_of(tnd_time span)
{
    size_t i = 0;

    while (span > tnd_node_setup_bound(i))
        i++;
    return i;
}

TND_TEST(stats_of_setup, "tandem/node.h",
         "how long a caller waits for a sign of the other side is counted once for each new call")
{
    const struct tnd_node_stats *stats;

    play_open(&p);
    stats = tnd_node_stats(p.node);
    play_say(&p, "INVITE", "sip:lab-200@example.com;delay=3", "");
    CHECK_EQ(stats->calls, 0);
    play_wait(&p, TND_SEC(3));
    CHECK_EQ(stats->calls, 1);
    CHECK_EQ(stats->setup[bucket_of(TND_SEC(3))], 1);
    CHECK_EQ(stats->setup_time, TND_SEC(3));
    CHECK_EQ(stats->resent, 0);
    play_wait(&p, TND_SEC(1)); /* the 2xx again, after 500 ms: no ACK comes */
    CHECK_EQ(stats->resent, 1);
    p.call_id = "call-2@198.51.100.7";
    p.branch = "z9hG4bK-second";
    play_say(&p, "INVITE", "sip:lab-486@example.com", ""); /* no sign but a refusal */
    CHECK_EQ(stats->calls, 1);
    CHECK_EQ(stats->setup_time, TND_SEC(3));
    play_close(&p);
}

TND_TEST(stats_of_memory, "tandem/node.h",
         "what peers make a node take is counted while they have it")
{
    play_open(&p);
    size_t before = tnd_node_stats(p.node)->memory;
    play_say(&p, "INVITE", "sip:lab-200@example.com;delay=3", "");
    CHECK(tnd_node_stats(p.node)->memory > before);
    play_close(&p);
}

TND_TEST(whys_in_order, "tandem/node.h",
         "records of why are read on, of answered requests and of others, each once")
{
    static const unsigned codes[] = {404, 486, 603};
    uint64_t seen[2] = {0, 0};
    const struct tnd_why *why;

    play_open(&p);
    for (size_t i = 0; i < 3; i++) {
        static char call_id[] = "call-0@198.51.100.7", branch[] = "z9hG4bK-0",
                    uri[] = "sip:lab-000@example.com";

        call_id[5] = branch[8] = (char)('0' + i);
        p.call_id = call_id;
        p.branch = branch;
        for (unsigned k = 0, code = codes[i]; k < 3; k++, code /= 10)
            uri[10 - k] = (char)('0' + code % 10);
        play_say(&p, "OPTIONS", uri, "");
        CHECK_EQ(play_code(&p), codes[i]);
    }
    for (size_t i = 0; i < 3; i++) {
        why = tnd_node_why_next(p.node, false, &seen[0]);
        CHECK(why && why->code == codes[i]);
    }
    CHECK(!tnd_node_why_next(p.node, false, &seen[0]));
    CHECK(!tnd_node_why_next(p.node, true, &seen[1]));
    CHECK_EQ(seen[0], 3);
    play_close(&p);
}
