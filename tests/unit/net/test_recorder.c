/* Flight recorders, and several of them read as one. */
#include "net/recorder.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/random.h"
#include "net/tape.h"
#include "unit/test.h"

enum { SIZE = 4096, HEAD = 56 };

static _Alignas(16) char room[TND_RECORDER_ROOM];

static void put(struct tnd_recorder *r, int64_t at, const char *text)
{
    tnd_recorder_put(r, &(struct tnd_recorded){.at = at, .bytes = tnd_slice_str(text)});
}

TND_TEST(recorder_as_it_was, "net/recorder.h",
         "a record is read as it was put: when, which way, between whom, what")
{
    struct tnd_endpoint here = {{127, 0, 0, 1}, 5060, TND_TRANSPORT_UDP, TND_FAMILY_IPV4};
    struct tnd_endpoint there = {{192, 0, 2, 7}, 5062, TND_TRANSPORT_TCP, TND_FAMILY_IPV4};
    struct tnd_recorder *r;
    struct tnd_recorded got;

    CHECK_EQ(tnd_recorder_new(SIZE, &r), 0);
    struct tnd_recorder_reader reader = tnd_recorder_read(r, room);
    CHECK(!tnd_recorder_next(&reader, &got));
    tnd_recorder_put(r, &(struct tnd_recorded){.at = 1700000000123456,
                                               .is_sent = true,
                                               .kind = TND_RECORDED_WHY,
                                               .local = here,
                                               .remote = there,
                                               .bytes = TND_STR("SIP/2.0 200 OK\r\n")});
    put(r, -1, "");
    CHECK(tnd_recorder_next(&reader, &got));
    CHECK_EQ(got.at, 1700000000123456);
    CHECK(got.is_sent && !got.is_cut && got.kind == TND_RECORDED_WHY);
    CHECK(tnd_endpoint_eq(&got.local, &here) && tnd_endpoint_eq(&got.remote, &there));
    CHECK_STR(got.bytes, "SIP/2.0 200 OK\r\n");
    CHECK(tnd_recorder_next(&reader, &got));
    CHECK(got.at == -1 && !got.is_sent && got.kind == TND_RECORDED_MESSAGE && got.bytes.len == 0);
    CHECK(!tnd_recorder_next(&reader, &got));
    CHECK_EQ(reader.lost, 0);
    tnd_recorder_put(NULL, &got); /* of no recorder: nothing */
    tnd_recorder_free(&r);
    tnd_recorder_free(&r);
}

TND_TEST(recorder_overwrites, "net/recorder.h",
         "the newest records are there, whole; how much went by unread is told")
{
    struct tnd_recorder *r;
    struct tnd_recorded got;
    char text[300] = "";
    int64_t first = -1, last = -1, count = 0;

    CHECK_EQ(tnd_recorder_new(SIZE, &r), 0);
    struct tnd_recorder_reader late = tnd_recorder_read(r, room);
    for (int i = 0; i < 1000; i++) {
        memset(text, 'a' + i % 26, sizeof(text) - 1);
        text[i % 299] = '\0';
        put(r, i, text);
    }
    while (tnd_recorder_next(&late, &got)) {
        first = first < 0 ? got.at : first;
        CHECK(got.at == last + 1 || last < 0);
        last = got.at;
        CHECK_EQ(got.bytes.len, got.at % 299);
        for (size_t i = 0; i < got.bytes.len; i++)
            CHECK_EQ(got.bytes.ptr[i], 'a' + got.at % 26);
        count++;
    }
    CHECK_EQ(last, 999);
    CHECK(first > 900 && late.lost > 0 && late.lost + SIZE >= late.at);
    struct tnd_recorder_reader anew = tnd_recorder_read(r, room); /* nothing was lost for it */
    for (; tnd_recorder_next(&anew, &got); count--)
        ;
    CHECK(count == 0 && anew.lost == 0);
    tnd_recorder_free(&r);
}

TND_TEST(recorder_cuts, "net/recorder.h", "what is larger than a quarter of the ring is cut off")
{
    static char large[SIZE];
    struct tnd_recorder *r;
    struct tnd_recorded got;

    memset(large, 'x', sizeof(large));
    CHECK_EQ(tnd_recorder_new(SIZE, &r), 0);
    struct tnd_recorder_reader reader = tnd_recorder_read(r, room);
    for (size_t len = SIZE / 4 - HEAD; len <= SIZE;
         len = len == SIZE / 4 - HEAD ? len + 1 : SIZE + 1) {
        tnd_recorder_put(r, &(struct tnd_recorded){.bytes = tnd_slice(large, len)});
        CHECK(tnd_recorder_next(&reader, &got));
        CHECK_EQ(got.bytes.len, SIZE / 4 - HEAD);
        CHECK_EQ(got.is_cut, len > SIZE / 4 - HEAD);
    }
    tnd_recorder_free(&r);
}

enum { RECORD_COUNT = 200000 };

/* Record n is n times a letter that n says, as many as n says. */
static size_t len_of(int64_t n)
{
    return (size_t)(n * 7919 % 701);
}

static void *write_all(void *ctx)
{
    static char text[701];

    for (int64_t n = 0; n < RECORD_COUNT; n++) {
        memset(text, (int)(n % 251), len_of(n));
        tnd_recorder_put(ctx, &(struct tnd_recorded){.at = n, .bytes = tnd_slice(text, len_of(n))});
    }
    return NULL;
}

/* 0: not all of it is record got.at. */
static bool is_whole(const struct tnd_recorded *got)
{
    if (got->bytes.len != len_of(got->at))
        return false;
    for (size_t i = 0; i < got->bytes.len; i++)
        if ((unsigned char)got->bytes.ptr[i] != got->at % 251)
            return false;
    return true;
}

TND_TEST(
    recorder_race, "net/recorder.h",
    "who reads while it is written gets whole records, in their order, whatever is overwritten")
{
    struct tnd_recorder *r;
    struct tnd_recorded got;
    pthread_t writer;
    int64_t last = -1, torn = 0, backwards = 0;

    CHECK_EQ(tnd_recorder_new(SIZE * 4, &r), 0);
    struct tnd_recorder_reader reader = tnd_recorder_read(r, room);
    CHECK_EQ(pthread_create(&writer, NULL, write_all, r), 0);
    while (last != RECORD_COUNT - 1) {
        if (!tnd_recorder_next(&reader, &got))
            continue;
        torn += !is_whole(&got);
        backwards += got.at <= last;
        last = got.at;
    }
    pthread_join(writer, NULL);
    CHECK_EQ(torn, 0);
    CHECK_EQ(backwards, 0);
    tnd_recorder_free(&r);
}

TND_TEST(tape_merges, "net/tape.h", "the records of several recorders come by time")
{
    struct tnd_recorder *r[3];
    struct tnd_tape *tape;
    struct tnd_recorded got;

    for (int i = 0; i < 3; i++)
        CHECK_EQ(tnd_recorder_new(SIZE, &r[i]), 0);
    for (int i = 0; i < 30; i++)
        put(r[i * 7 % 3], i, i % 2 ? "odd" : "even");
    CHECK_EQ(tnd_tape_new((const struct tnd_recorder *const *)r, 3, &tape), 0);
    for (int i = 0; i < 30; i++) {
        CHECK(tnd_tape_next(tape, &got));
        CHECK_EQ(got.at, i);
        CHECK_STR(got.bytes, i % 2 ? "odd" : "even");
    }
    CHECK(!tnd_tape_next(tape, &got));
    put(r[1], 100, "later");
    CHECK(tnd_tape_next(tape, &got) && got.at == 100);
    for (int i = 0; i < 1000; i++)
        put(r[0], 200 + i, "much");
    CHECK(tnd_tape_next(tape, &got) && got.at > 200);
    CHECK(tnd_tape_lost(tape) > 0);
    tnd_tape_free(&tape);
    tnd_tape_free(&tape);
    for (int i = 0; i < 3; i++)
        tnd_recorder_free(&r[i]);
}
