/* Writing descriptions: the same again, and nothing smuggled in. */
#include "unit/sdp/samples.h"

TND_TEST(sdp_read_write, "RFC 8866 §5", "a well-formed description is written as it was read")
{
    for (const char *const *sample = sdp_samples; *sample; sample++) {
        struct tnd_sdp sdp = sdp_read_well(*sample);
        CHECK_STR(sdp_written(&sdp), *sample);
    }
}

TND_TEST(sdp_read_write_read, "RFC 8866 §5",
         "what was odd but taken is written well, and stays the same from then on")
{
    struct tnd_sdp_flaws flaws = {.count = 0};
    struct tnd_sdp sdp;

    CHECK_EQ(tnd_sdp_read(sdp_arena(),
                          TND_STR("v=0\no=-  007 1 IN IP4 a.example\ns=\nx=?\nt=0  0\nk=prompt\n"
                                  "a=\nm=audio 09 RTP/AVP  0 8 \nc=IN IP4 192.0.2.1\na=mid:"),
                          &sdp, &flaws),
             0);
    CHECK_STR(sdp_written(&sdp), "v=0\r\no=- 7 1 IN IP4 a.example\r\ns=-\r\nt=0 0\r\n"
                                 "m=audio 9 RTP/AVP 0 8\r\nc=IN IP4 192.0.2.1\r\n");
}

/* Writes sdp, which must be refused, and nothing be written. */
static void check_refused(const struct tnd_sdp *sdp)
{
    char room[1024] = "";
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_put_str(&w, "before");
    CHECK_EQ(tnd_sdp_write(&w, sdp), TND_ESYNTAX);
    CHECK_STR(tnd_writer_slice(&w), "before");
}

TND_TEST(sdp_no_smuggling, "RFC 8866 §9", "no value that is written may hold CR, LF or NUL")
{
    const struct tnd_slice bad[] = {TND_STR("a\r\na=sendonly"), TND_STR("a\nb"), TND_STR("a\rb"),
                                    TND_STR("a\0b"), TND_STR("")};

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct tnd_sdp sdp = sdp_read_well(sdp_sample_call);
        struct tnd_sdp_attr attr = {TND_STR("x"), bad[i]}, name = {bad[i], {NULL, 0}};
        struct tnd_sdp_media media = sdp.media[0];
        sdp.name = bad[i];
        check_refused(&sdp);
        sdp = sdp_read_well(sdp_sample_call);
        sdp.session.attrs = &attr;
        sdp.session.attr_count = 1;
        check_refused(&sdp);
        sdp.session.attrs = &name;
        check_refused(&sdp);
        sdp.session.attr_count = 0;
        sdp.origin.user = bad[i];
        check_refused(&sdp);
        sdp = sdp_read_well(sdp_sample_call);
        sdp.media = &media;
        sdp.media_count = 1;
        media.proto = bad[i];
        check_refused(&sdp);
    }
}

TND_TEST(sdp_write_complete, "RFC 8866 §9", "a description that lacks a part is not written")
{
    struct tnd_sdp sdp = sdp_read_well(sdp_sample_call);

    sdp.session.conn_count = 0; /* the first stream has none of its own */
    check_refused(&sdp);
    sdp = sdp_read_well(sdp_sample_call);
    sdp.origin = (struct tnd_sdp_origin){.session_id = 1};
    check_refused(&sdp);
    sdp = sdp_read_well(sdp_sample_call);
    sdp.origin.version = (uint64_t)INT64_MAX + 1;
    check_refused(&sdp);
}

TND_TEST(sdp_write_counts, "ARCHITECTURE §5",
         "a writer without room learns how much a description needs")
{
    struct tnd_sdp sdp = sdp_read_well(sdp_sample_call);
    struct tnd_writer w = tnd_writer(NULL, 0);

    CHECK_EQ(tnd_sdp_write(&w, &sdp), 0);
    CHECK(tnd_writer_over(&w));
    CHECK_EQ(w.len, strlen(sdp_sample_call));
}
