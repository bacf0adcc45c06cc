/* However a peer answers: it ends, and nothing is tried twice. */
#include "base/random.h"
#include "unit/recover/recover_test.h"

TND_TEST(
    recover_attempt_count, "TND_RECOVER_ATTEMPT_COUNT_MAX",
    "after the attempts of the policy nothing more is tried, and it is told what would have been")
{
    struct recover_test *t =
        recover_start_with(&(struct tnd_recover_policy){.attempts_max = 2}, "sip:bob@b", NULL);
    char contact[64];

    SAY(t, .code = 302, .fields = "Contact: <sip:a@x.example>\r\n");
    CHECK_DOES(t, "give-up", ATTEMPTS, .code = 302, .fields = "Contact: <sip:b@x.example>\r\n");
    CHECK_DETAIL(t, "2 attempts are enough; else: follow-contact, to sip:b@x.example (q 1.0)");
    CHECK_STR(t->r.next.uri, "sip:a@x.example");
    t = recover_start_with(&(struct tnd_recover_policy){.attempts_max = 1}, "sip:bob@b", NULL);
    CHECK_DOES(t, "give-up", ATTEMPTS, .code = 302, .fields = "Contact: <sip:b@x.example>\r\n");
    t = recover_start_with(&(struct tnd_recover_policy){.attempts_max = UINT32_MAX}, "sip:bob@b",
                           NULL);
    for (int i = 0; i < TND_RECOVER_ATTEMPT_COUNT_MAX - 1; i++)
        CHECK_EQ(SAY(t, .code = 491, .a.situation = TND_RECOVER_REINVITE)->action,
                 TND_RECOVER_WAIT_AND_RETRY);
    CHECK_EQ(SAY(t, .code = 491, .a.situation = TND_RECOVER_REINVITE)->action, TND_RECOVER_GIVE_UP);
    t = recover_start();
    for (int i = 0; i < TND_RECOVER_ATTEMPT_COUNT; i++) {
        snprintf(contact, sizeof(contact), "Contact: <sip:u%d@x.example>\r\n", i);
        SAY(t, .code = 302, .fields = contact);
        CHECK_EQ(t->last.action == TND_RECOVER_GIVE_UP, i == TND_RECOVER_ATTEMPT_COUNT - 1);
    }
}

TND_TEST(recover_that_is_off, "RFC 3261 §8.1.3.5",
         "where nothing is to be tried again, it is told what would have been")
{
    struct recover_test *t =
        recover_start_with(&(struct tnd_recover_policy){.is_off = true}, "sip:bob@b", NULL);

    CHECK_DOES(t, "give-up", 301, .code = 301, .fields = "Contact: <sip:b@x.example>\r\n");
    CHECK_DETAIL(t,
                 "nothing is to be tried again; else: follow-contact, to sip:b@x.example (q 1.0)");
    CHECK_STR(t->last.learned, "sip:b@x.example");
    CHECK_STR(t->r.next.uri, "sip:bob@b");
    CHECK_DOES(t, "give-up", FORBIDDEN, .code = 403);
    CHECK_DETAIL(t, "the server understood, and will not do it");
}

TND_TEST(recover_target_count, "TND_RECOVER_TARGET_COUNT_MAX",
         "of a thousand contacts as many are kept as there is room for, and that is told")
{
    struct recover_test *t = recover_start();
    static char fields[64 * 1024];
    struct tnd_writer w = tnd_writer(fields, sizeof(fields) - 1);

    for (int i = 0; i < 200; i++) {
        tnd_put_str(&w, "Contact: <sip:u");
        tnd_put_number(&w, (uint64_t)i);
        tnd_put_str(&w, "@x.example>\r\n");
    }
    fields[w.len] = '\0';
    SAY(t, .code = 302, .fields = fields);
    CHECK_EQ(t->r.target_count, TND_RECOVER_TARGET_COUNT_MAX);
    CHECK_DETAIL(t, "to sip:u0@x.example (q 1.0); not all contacts: there are too many contacts");
    while (t->r.target_count == TND_RECOVER_TARGET_COUNT_MAX &&
           t->last.action == TND_RECOVER_FOLLOW_CONTACT)
        SAY(t, .code = 404);
    CHECK_EQ(t->r.attempts, TND_RECOVER_ATTEMPT_COUNT);
    t = recover_start_with(&(struct tnd_recover_policy){.attempts_max = 100}, "sip:bob@b", NULL);
    SAY(t, .code = 302, .fields = fields);
    for (int i = 0; i < TND_RECOVER_TARGET_COUNT_MAX - 2; i++)
        CHECK_EQ(SAY(t, .code = 404)->action, TND_RECOVER_FOLLOW_CONTACT);
    CHECK_DOES(t, "give-up", TARGETS, .code = 302,
               .fields = "Contact: <sip:one-more@x.example>\r\n");
}

TND_TEST(recover_without_memory, "RFC 3261 §8.1.3.5",
         "where there is no memory left, that is told and nothing more is tried")
{
    static _Alignas(TND_ARENA_ALIGN) char room[4096];

    for (size_t size = 0; size < sizeof(room); size += 16) {
        struct recover_test *t = recover_start();
        struct tnd_arena small;

        tnd_arena_init(&small, room, size, NULL, 0);
        if (tnd_recover_start(&t->r, &(struct tnd_recover_policy){0}, TND_STR("sip:bob@b"),
                              tnd_slice(NULL, 0), &small) != 0)
            continue;
        SAY(t, .code = 302, .fields = "Contact: <sip:a@x.example?Subject=x>\r\n");
        CHECK(t->last.detail.len > 0);
        CHECK(t->last.action == TND_RECOVER_FOLLOW_CONTACT || tnd_arena_over(&small));
        CHECK(t->last.action == TND_RECOVER_FOLLOW_CONTACT ||
              tnd_slice_eq(t->r.next.uri, TND_STR("sip:bob@b")));
    }
}

TND_TEST(recover_tells_one_line, "RFC 3261 §25.1",
         "whatever bytes a peer sends, what is told is one line of UTF-8 that is not too long")
{
    struct recover_test *t = recover_start();
    char allow[2000];

    memset(allow, 'x', sizeof(allow));
    memcpy(allow, "Allow: \xff\x01\xc3\xa4\t", 12);
    memcpy(allow + sizeof(allow) - 3, "\r\n", 3);
    SAY(t, .code = 405, .fields = allow);
    CHECK(t->last.detail.len < 300);
    CHECK(memcmp(t->last.detail.ptr, "the method is not allowed there; Allow: ? \xc3\xa4 xx", 46) ==
          0);
}

/* What a hostile or confused network may answer. */
static const char *const fields[] = {
    "",
    "Contact: <sip:a@x.example>\r\n",
    "Contact: <sip:b@x.example>;q=0.2, <sip:bob@example.org>\r\n",
    "Contact: <sip:c@x.example;transport=tcp>\r\nExpires: 5\r\n",
    "Retry-After: 3\r\n",
    "Unsupported: foo\r\n",
    "Unsupported: foo, bar\r\n",
    "Require: timer\r\n",
    "Min-SE: 4000\r\n",
    "Min-Expires: 9000\r\n",
    "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", stale=true\r\n",
    "Accept: application/sdp\r\n",
};

static struct said draw(struct tnd_random *random)
{
    static const uint16_t codes[] = {300, 301, 302, 380, 401, 404, 407, 408, 413, 415,
                                     416, 420, 421, 422, 423, 480, 481, 486, 488, 491,
                                     500, 503, 513, 580, 600, 603, 604, 417};
    uint64_t bits = tnd_random_next(random);

    return (struct said){
        .code = codes[tnd_random_next(random) % (sizeof(codes) / sizeof(*codes))],
        .fields = fields[tnd_random_next(random) % (sizeof(fields) / sizeof(*fields))],
        .sent = "Require: foo, bar, resource-priority\r\nSubject: x\r\n",
        .nobody = bits % 16 == 0,
        .random = bits,
        .a = {.situation = (uint8_t)((bits >> 8) % TND_RECOVER_SITUATION_COUNT),
              .has_credentials = true,
              .had_credentials = bits >> 16 & 1,
              .is_stale = bits >> 17 & 1,
              .has_more_servers = bits >> 18 & 1,
              .was_udp = bits >> 19 & 1,
              .is_owner = bits >> 20 & 1,
              .preconditions = (uint8_t)((bits >> 21) % 3),
              .ends_dialog = bits >> 24 & 1},
    };
}

static void check_sets(const struct tnd_recover *r)
{
    for (int i = 0; i < r->next.drop_count; i++)
        for (int k = 0; k < i; k++)
            CHECK(!tnd_slice_eq_fold(r->next.dropped[i], r->next.dropped[k]));
    for (int i = 0; i < r->target_count; i++)
        for (int k = 0; k < i; k++)
            CHECK(!tnd_slice_eq(r->target[i].uri, r->target[k].uri));
    CHECK(r->target[r->next.target].is_tried);
    CHECK(tnd_slice_eq(r->target[r->next.target].uri, r->next.uri));
}

TND_TEST(
    recover_any_walk_ends, "TND_RECOVER_ATTEMPT_COUNT_MAX",
    "any series of responses ends within the attempts; no target is tried twice, no tag dropped twice")
{
    static const struct tnd_slice offers[] = {TND_STR_INIT("timer")};
    const struct tnd_recover_policy policy = {
        .retries = true, .attempts_max = 30, .offers = offers, .offer_count = 1};
    struct tnd_random random;

    tnd_random_init(&random, 7);
    for (int walk = 0; walk < 300; walk++) {
        struct recover_test *t = recover_start_with(&policy, "sip:bob@example.org", NULL);
        int moves = 0, news = 0;

        do {
            struct said said = draw(&random);
            recover_say(t, &said);
            moves += t->last.action == TND_RECOVER_FOLLOW_CONTACT ||
                     t->last.action == TND_RECOVER_FOLLOW_ALTERNATIVE;
            news += t->last.action == TND_RECOVER_REESTABLISH;
            check_sets(&t->r);
            CHECK(t->last.at >= NOW && t->last.at <= NOW + TND_SEC(TND_RECOVER_WAIT_SECONDS_MAX));
        } while (t->last.action != TND_RECOVER_GIVE_UP && t->last.action != TND_RECOVER_NONE);
        CHECK(t->r.attempts <= 30 && news <= 1);
        CHECK(moves <= 3 * (1 + news)); /* there are three other URIs in all */
    }
}
