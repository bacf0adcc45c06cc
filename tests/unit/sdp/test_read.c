/* Reading descriptions: what is taken, what is named, what refuses. */
#include "unit/guarded.h"
#include "unit/sdp/samples.h"

/* Reads text at the end of memory: the first flaw must be rule, and the result err. */
static void check_flaw(const char *text, enum tnd_rule rule, int err)
{
    struct tnd_slice copy = guarded(tnd_slice_str(text));
    struct tnd_sdp_flaws flaws = {.count = 0};
    struct tnd_sdp sdp;

    int got = tnd_sdp_read(sdp_arena(), copy, &sdp, &flaws);
    if (!sdp_has_flaw(&flaws, rule))
        tnd_test_fail(__FILE__, __LINE__, "no %s but %s in\n%s", tnd_rule_name(rule),
                      tnd_rule_name(flaws.first[0].rule), text);
    CHECK_EQ(got, err);
    CHECK_EQ(flaws.refusing, err != 0);
    guarded_free(copy);
}

static void refuses(const char *text, enum tnd_rule rule)
{
    check_flaw(text, rule, TND_ESYNTAX);
}

static void names(const char *text, enum tnd_rule rule)
{
    check_flaw(text, rule, 0);
}

TND_TEST(sdp_example, "RFC 8866 §5", "the example is read into its parts")
{
    struct tnd_sdp sdp = sdp_read_well(sdp_sample_call);

    CHECK_STR(sdp.origin.user, "jdoe");
    CHECK_EQ(sdp.origin.session_id, 3724394400);
    CHECK_EQ(sdp.origin.version, 3724394405);
    CHECK_STR(sdp.name, "Call to John Smith");
    CHECK_STR(sdp.session.info, "SDP Offer #1");
    CHECK_STR(sdp.uri, "http://www.jdoe.example.com/home.html");
    CHECK_STR(sdp.emails[0], "Jane Doe <jane@jdoe.example.com>");
    CHECK_STR(sdp.phones[0], "+1 617 555-6011");
    CHECK_EQ(sdp.media_count, 3);
    CHECK_EQ(sdp.media[1].port, 49180);
    CHECK_STR(sdp.media[2].formats[0], "99");
}

TND_TEST(sdp_connection_overrides, "RFC 8866 §5.7",
         "media-level values override the session-level settings for the respective media")
{
    struct tnd_sdp sdp = sdp_read_well(sdp_sample_call);

    CHECK_STR(tnd_sdp_conn_of(&sdp, &sdp.media[1])->address, "198.51.100.1");
    CHECK_STR(tnd_sdp_conn_of(&sdp, &sdp.media[2])->address, "2001:db8::2");
    CHECK_EQ(tnd_sdp_conn_of(&sdp, &sdp.media[2])->kind, TND_SDP_ADDR_IP6);
}

TND_TEST(sdp_multicast, "RFC 8866 §5.7",
         "the TTL and the number of addresses follow the base multicast address")
{
    struct tnd_sdp sdp = sdp_read_well(sdp_samples[2]);

    CHECK_EQ(sdp.media[0].port_count, 2);
    CHECK_EQ(sdp.media[0].part.conns[0].ttl, 127);
    CHECK_EQ(sdp.media[0].part.conns[0].count, 2);
    CHECK_EQ(sdp.media[1].part.conn_count, 2);
    CHECK_STR(sdp.media[1].part.conns[1].address, "ff00::db8:0:102");
    CHECK_EQ(sdp.media[2].part.conns[0].count, 3);
    CHECK(sdp.media[2].part.conns[0].multicast);
}

TND_TEST(sdp_times, "RFC 8866 §5.9",
         "repeats and zones belong to the time description that they follow")
{
    struct tnd_sdp sdp = sdp_read_well(sdp_samples[2]);

    CHECK_EQ(sdp.time_count, 2);
    CHECK_EQ(sdp.times[0].repeat_count, 2);
    CHECK_STR(sdp.times[0].repeats[1], "7d 1h 0 25h");
    CHECK_STR(sdp.times[0].zones, "3730928400 -1h 3749680800 0");
    CHECK_EQ(sdp.times[1].repeat_count, 0);
}

TND_TEST(sdp_unknown_attributes, "RFC 8866 §5.13",
         "an attribute that is not understood is ignored, and kept in its place")
{
    struct tnd_sdp sdp = sdp_read_well(sdp_samples[2]);
    const struct tnd_sdp_part *part = &sdp.media[2].part;

    CHECK_STR(part->attrs[6].name, "x-unknown");
    CHECK(!part->attrs[6].value.ptr);
    CHECK_STR(part->attrs[7].value, "with a value: and a colon");
}

TND_TEST(sdp_lines, "RFC 8866 §5", "a line is a letter, an equals sign and a value")
{
    PROVES(SDP_LINE_FORM);
    refuses(SDP_TOP "\r\na=recvonly\r\n", TND_RULE_SDP_LINE_FORM);
    refuses(SDP_TOP "a\r\n", TND_RULE_SDP_LINE_FORM);
    refuses(SDP_TOP "a =recvonly\r\n", TND_RULE_SDP_LINE_FORM);
    PROVES(SDP_CONTROL);
    refuses(SDP_TOP "a=x:a\rb\r\n", TND_RULE_SDP_CONTROL);
    refuses(SDP_TOP "a=x\r\r\n", TND_RULE_SDP_CONTROL);
}

TND_TEST(sdp_bare_lf, "RFC 8866 §5",
         "parsers SHOULD be tolerant and also accept lines terminated with a single newline")
{
    struct tnd_sdp_flaws flaws = {.count = 0};
    struct tnd_sdp sdp;

    PROVES(SDP_LINE_END);
    CHECK_EQ(tnd_sdp_read(sdp_arena(), TND_STR("v=0\no=- 1 1 IN IP4 192.0.2.1\ns=x\nt=0 0\n"), &sdp,
                          &flaws),
             0);
    CHECK_EQ(flaws.count, 4);
    CHECK_EQ(flaws.first[0].rule, TND_RULE_SDP_LINE_END);
    CHECK_STR(sdp.name, "x");
}

TND_TEST(sdp_unknown_letter, "RFC 8866 §5",
         "a type letter that is not understood is named, and its line ignored")
{
    PROVES(SDP_TYPE);
    names(SDP_TOP "y=1\r\n", TND_RULE_SDP_TYPE);
    names(SDP_TOP "A=recvonly\r\n", TND_RULE_SDP_TYPE);
}

TND_TEST(sdp_order, "RFC 8866 §5", "lines must appear in exactly the order given")
{
    PROVES(SDP_ORDER);
    refuses(SDP_HEAD SDP_TIME SDP_CONN, TND_RULE_SDP_ORDER);
    refuses(SDP_TOP "a=x\r\nb=AS:1\r\n", TND_RULE_SDP_ORDER);
    refuses(SDP_TOP "m=audio 1 RTP/AVP 0\r\na=x\r\nc=IN IP4 192.0.2.2\r\n", TND_RULE_SDP_ORDER);
    refuses(SDP_TOP "m=audio 1 RTP/AVP 0\r\nt=0 0\r\n", TND_RULE_SDP_ORDER);
    refuses("s=-\r\nv=0\r\no=- 1 1 IN IP4 192.0.2.1\r\nt=0 0\r\n", TND_RULE_SDP_ORDER);
}

TND_TEST(sdp_cardinality, "RFC 8866 §9", "mandatory lines stand once, others as often as they may")
{
    PROVES(SDP_ONCE);
    refuses(SDP_TOP SDP_TOP, TND_RULE_SDP_ONCE);
    refuses(SDP_HEAD SDP_CONN SDP_CONN SDP_TIME, TND_RULE_SDP_ONCE);
    refuses(SDP_TOP "m=audio 1 RTP/AVP 0\r\ni=a\r\ni=b\r\n", TND_RULE_SDP_ONCE);
    PROVES(SDP_MISSING);
    refuses("", TND_RULE_SDP_MISSING);
    refuses("o=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n", TND_RULE_SDP_MISSING);
    refuses("v=0\r\ns=-\r\nt=0 0\r\n", TND_RULE_SDP_MISSING);
    refuses("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\nt=0 0\r\n", TND_RULE_SDP_MISSING);
    refuses(SDP_HEAD "m=audio 1 RTP/AVP 0\r\nc=IN IP4 192.0.2.2\r\n", TND_RULE_SDP_MISSING);
}

TND_TEST(sdp_head, "RFC 8866 §5.1", "version, origin and name are what they must be")
{
    PROVES(SDP_VERSION);
    refuses("v=1\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n", TND_RULE_SDP_VERSION);
    PROVES(SDP_ORIGIN);
    refuses("v=0\r\no=- 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n", TND_RULE_SDP_ORIGIN);
    refuses("v=0\r\no=- 1 9223372036854775808 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n",
            TND_RULE_SDP_ORIGIN);
    refuses("v=0\r\no=- 1 1 IN IP4 192.0.2.256\r\ns=-\r\nt=0 0\r\n", TND_RULE_SDP_ORIGIN);
    PROVES(SDP_EMPTY);
    names("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=\r\nt=0 0\r\n", TND_RULE_SDP_EMPTY);
    PROVES(SDP_SPACE);
    names("v=0\r\no=-  1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n", TND_RULE_SDP_SPACE);
    names(SDP_TOP "m=audio 1 RTP/AVP 0 \r\n", TND_RULE_SDP_SPACE);
}

static void refuses_conn(const char *value, enum tnd_rule rule)
{
    char text[512] = SDP_HEAD SDP_TIME "m=audio 1 RTP/AVP 0\r\nc=";

    strcat(text, value);
    strcat(text, "\r\n");
    refuses(text, rule);
}

TND_TEST(sdp_connection, "RFC 8866 §5.7", "the connection address is of the type that was told")
{
    struct tnd_sdp_conn conn;

    PROVES(SDP_CONNECTION);
    refuses_conn("IN IP4", TND_RULE_SDP_CONNECTION);
    refuses_conn("IN IP4 192.0.2", TND_RULE_SDP_CONNECTION);
    refuses_conn("IN IP4 192.0.2.01", TND_RULE_SDP_CONNECTION);
    refuses_conn("IN IP4 240.0.0.1", TND_RULE_SDP_CONNECTION);
    refuses_conn("IN IP6 2001:db8::1::2", TND_RULE_SDP_CONNECTION);
    refuses_conn("IN IP6 1:2:3:4:5:6:7", TND_RULE_SDP_CONNECTION);
    refuses_conn("IN IP6 1:2:3:4:5:6:7:8:9", TND_RULE_SDP_CONNECTION);
    refuses_conn("IN IP6 1:2:3:4::5:6:7:8", TND_RULE_SDP_CONNECTION);
    refuses_conn("IN IP6 12345::", TND_RULE_SDP_CONNECTION);
    refuses_conn("IN IP6 :::", TND_RULE_SDP_CONNECTION);
    PROVES(SDP_CONNECTION_TTL);
    refuses_conn("IN IP4 233.252.0.1", TND_RULE_SDP_CONNECTION_TTL);
    refuses_conn("IN IP4 233.252.0.1/256", TND_RULE_SDP_CONNECTION_TTL);
    PROVES(SDP_CONNECTION_UNICAST);
    refuses_conn("IN IP4 192.0.2.1/127", TND_RULE_SDP_CONNECTION_UNICAST);
    refuses_conn("IN IP6 2001:db8::1/2", TND_RULE_SDP_CONNECTION_UNICAST);

    CHECK_EQ(tnd_sdp_conn_read(TND_STR("IN IP6 ::ffff:192.0.2.1"), &conn), TND_RULE_NONE);
    CHECK_EQ(tnd_sdp_conn_read(TND_STR("IN IP6 ::"), &conn), TND_RULE_NONE);
    CHECK_EQ(tnd_sdp_conn_read(TND_STR("IN IP6 host.example.com"), &conn), TND_RULE_NONE);
    CHECK_EQ(conn.kind, TND_SDP_ADDR_NAME);
    CHECK_EQ(tnd_sdp_conn_read(TND_STR("ATM NSAP 47.0091/8"), &conn), TND_RULE_NONE);
    CHECK_EQ(conn.kind, TND_SDP_ADDR_OTHER);
}

TND_TEST(sdp_connection_count, "RFC 8866 §5.7",
         "a c= line is in each media description or at the session level, and one is enough")
{
    PROVES(SDP_CONNECTION_MISSING);
    refuses(SDP_HEAD SDP_TIME "m=audio 1 RTP/AVP 0\r\n", TND_RULE_SDP_CONNECTION_MISSING);
    refuses(SDP_HEAD SDP_TIME
            "m=audio 1 RTP/AVP 0\r\nc=IN IP4 192.0.2.1\r\nm=audio 2 RTP/AVP 0\r\n",
            TND_RULE_SDP_CONNECTION_MISSING);
    PROVES(SDP_CONNECTION_ONE);
    refuses(SDP_HEAD "c=IN IP4 233.252.0.1/127/3\r\n" SDP_TIME, TND_RULE_SDP_CONNECTION_ONE);
    refuses(SDP_TOP "m=audio 1 RTP/AVP 0\r\nc=IN IP4 192.0.2.1\r\nc=IN IP4 192.0.2.2\r\n",
            TND_RULE_SDP_CONNECTION_ONE);
}

TND_TEST(sdp_minor_lines, "RFC 8866 §5.8", "bandwidth, times, repeats, zones and keys are checked")
{
    PROVES(SDP_BANDWIDTH);
    names(SDP_HEAD SDP_CONN "b=AS\r\n" SDP_TIME, TND_RULE_SDP_BANDWIDTH);
    names(SDP_HEAD SDP_CONN "b=AS:1.5\r\n" SDP_TIME, TND_RULE_SDP_BANDWIDTH);
    PROVES(SDP_TIME);
    refuses(SDP_HEAD "t=0\r\n", TND_RULE_SDP_TIME);
    refuses(SDP_HEAD "t=0 0 0\r\n", TND_RULE_SDP_TIME);
    PROVES(SDP_REPEAT);
    names(SDP_TOP "r=7d 1h\r\n", TND_RULE_SDP_REPEAT);
    names(SDP_TOP "r=7w 1h 0\r\n", TND_RULE_SDP_REPEAT);
    PROVES(SDP_ZONE);
    names(SDP_TOP "z=3730928400\r\n", TND_RULE_SDP_ZONE);
    names(SDP_TOP "z=3730928400 -\r\n", TND_RULE_SDP_ZONE);
    PROVES(SDP_KEY);
    names(SDP_TOP "k=clear:secret\r\n", TND_RULE_SDP_KEY);
}

TND_TEST(sdp_media, "RFC 8866 §5.14", "a media line is type, port, protocol and formats")
{
    PROVES(SDP_MEDIA);
    refuses(SDP_TOP "m=audio\r\n", TND_RULE_SDP_MEDIA);
    refuses(SDP_TOP "m=audio 65536 RTP/AVP 0\r\n", TND_RULE_SDP_MEDIA);
    refuses(SDP_TOP "m=audio 1/0 RTP/AVP 0\r\n", TND_RULE_SDP_MEDIA);
    refuses(SDP_TOP "m=audio 1 RTP//AVP 0\r\n", TND_RULE_SDP_MEDIA);
    refuses(SDP_TOP "m=audio 1 RTP/AVP\r\n", TND_RULE_SDP_MEDIA);
    PROVES(SDP_FORMAT);
    names(SDP_TOP "m=audio 1 RTP/AVP 0 128\r\n", TND_RULE_SDP_FORMAT);
    names(SDP_TOP "m=audio 1 UDP/TLS/RTP/SAVPF 0 opus\r\n", TND_RULE_SDP_FORMAT);
}

TND_TEST(sdp_attributes, "RFC 8866 §6", "attributes that are known are checked")
{
    PROVES(SDP_ATTRIBUTE);
    names(SDP_TOP "a=\r\n", TND_RULE_SDP_ATTRIBUTE);
    names(SDP_TOP "a=x:\r\n", TND_RULE_SDP_ATTRIBUTE);
    names(SDP_TOP "a=x y:z\r\n", TND_RULE_SDP_ATTRIBUTE);
    PROVES(SDP_RTPMAP);
    names(SDP_TOP "m=audio 1 RTP/AVP 96\r\na=rtpmap:96 L8\r\n", TND_RULE_SDP_RTPMAP);
    PROVES(SDP_RTPMAP_ONCE);
    names(SDP_TOP "m=audio 1 RTP/AVP 96\r\na=rtpmap:96 L8/1\r\na=rtpmap:96 L8/2\r\n",
          TND_RULE_SDP_RTPMAP_ONCE);
    PROVES(SDP_FMTP);
    names(SDP_TOP "m=audio 1 RTP/AVP 96\r\na=fmtp:96\r\n", TND_RULE_SDP_FMTP);
    PROVES(SDP_PTIME);
    names(SDP_TOP "m=audio 1 RTP/AVP 0\r\na=ptime:0\r\n", TND_RULE_SDP_PTIME);
    PROVES(SDP_RTCP);
    names(SDP_TOP "m=audio 1 RTP/AVP 0\r\na=rtcp:65536\r\n", TND_RULE_SDP_RTCP);
    PROVES(SDP_MID);
    names(SDP_TOP "m=audio 1 RTP/AVP 0\r\na=mid\r\n", TND_RULE_SDP_MID);
    PROVES(SDP_GROUP);
    names(SDP_TOP "a=group:LS a,b\r\n", TND_RULE_SDP_GROUP);
    PROVES(SDP_DIRECTION_VALUE);
    names(SDP_TOP "a=sendonly:1\r\n", TND_RULE_SDP_DIRECTION_VALUE);
    PROVES(SDP_DIRECTION_ONCE);
    refuses(SDP_TOP "a=sendonly\r\na=recvonly\r\n", TND_RULE_SDP_DIRECTION_ONCE);
    PROVES(SDP_PRECONDITION);
    refuses(SDP_TOP "m=audio 1 RTP/AVP 0\r\na=des:qos local sendrecv\r\n",
            TND_RULE_SDP_PRECONDITION);
}

/* head and then count times line. */
static struct tnd_slice repeated(const char *head, const char *line, size_t count)
{
    static char room[TND_SDP_SIZE_MAX + 1024];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_put_str(&w, head);
    for (size_t i = 0; i < count; i++)
        tnd_put_str(&w, line);
    CHECK(!tnd_writer_over(&w));
    return tnd_writer_slice(&w);
}

static void check_bound(const char *head, const char *line, size_t max)
{
    struct tnd_sdp_flaws flaws = {.count = 0};
    struct tnd_sdp sdp;

    CHECK_EQ(tnd_sdp_read(sdp_arena(), repeated(head, line, max), &sdp, &flaws), 0);
    CHECK_EQ(tnd_sdp_read(sdp_arena(), repeated(head, line, max + 1), &sdp, &flaws), TND_ESYNTAX);
    CHECK_EQ(flaws.count, 1);
    CHECK_EQ(flaws.first[0].rule, TND_RULE_SDP_COUNT);
}

TND_TEST(sdp_bounds, "TND_SDP_MEDIA_COUNT_MAX", "each list takes as many as its bound and no more")
{
    PROVES(SDP_COUNT);
    check_bound(SDP_TOP, "m=audio 1 RTP/AVP 0 8\r\n", TND_SDP_MEDIA_COUNT_MAX);
    check_bound(SDP_TOP, "a=x\r\n", TND_SDP_ATTR_COUNT_MAX);
    check_bound(SDP_HEAD SDP_CONN, "t=0 0\r\n", TND_SDP_TIME_COUNT_MAX);
    check_bound(SDP_TOP, "r=1 1 1\r\n", TND_SDP_REPEAT_COUNT_MAX);
    check_bound(SDP_TOP "m=a 1 x y\r\n", "b=AS:1\r\n", TND_SDP_BANDWIDTH_COUNT_MAX);
    check_bound(SDP_HEAD SDP_TIME "m=a 1 x y\r\n", "c=IN IP6 ff02::1\r\n", TND_SDP_CONN_COUNT_MAX);
}

TND_TEST(sdp_bound_flaws, "TND_SDP_FLAW_COUNT_MAX",
         "flaws that are not kept are counted, and refuse all the same")
{
    struct tnd_slice text = repeated(SDP_TOP, "a=ptime:0\r\n", TND_SDP_FLAW_COUNT_MAX + 3);
    struct tnd_sdp_flaws flaws = {.count = 0};
    struct tnd_sdp sdp;

    CHECK_EQ(tnd_sdp_read(sdp_arena(), text, &sdp, &flaws), 0);
    CHECK_EQ(flaws.count, TND_SDP_FLAW_COUNT_MAX + 3);
    CHECK(!flaws.refusing);

    text = repeated(SDP_TOP, "a=ptime:0\r\n", TND_SDP_FLAW_COUNT_MAX);
    memcpy((char *)tnd_slice_end(text), "m=\r\n", 4);
    text.len += 4;
    flaws = (struct tnd_sdp_flaws){.count = 0};
    CHECK_EQ(tnd_sdp_read(sdp_arena(), text, &sdp, &flaws), TND_ESYNTAX);
    CHECK_EQ(flaws.count, TND_SDP_FLAW_COUNT_MAX + 1);
    CHECK(flaws.refusing);
}

TND_TEST(sdp_bound_formats, "TND_SDP_FORMAT_COUNT_MAX", "one line cannot ask for endless formats")
{
    struct tnd_sdp_flaws flaws = {.count = 0};
    struct tnd_sdp sdp;

    CHECK_EQ(
        tnd_sdp_read(sdp_arena(), repeated(SDP_TOP "m=audio 1 RTP/AVP", " 0", 20000), &sdp, &flaws),
        TND_ESYNTAX);
    CHECK_EQ(sdp.media[0].format_count, TND_SDP_FORMAT_COUNT_MAX);
    CHECK(sdp_has_flaw(&flaws, TND_RULE_SDP_COUNT));
}

TND_TEST(sdp_bound_size, "TND_SDP_SIZE_MAX", "a text that is too long is not read at all")
{
    struct tnd_sdp_flaws flaws = {.count = 0};
    struct tnd_sdp sdp;

    PROVES(SDP_SIZE);
    CHECK_EQ(tnd_sdp_read(sdp_arena(), repeated(SDP_TOP, "\n", TND_SDP_SIZE_MAX), &sdp, &flaws),
             TND_ESYNTAX);
    CHECK_EQ(flaws.first[0].rule, TND_RULE_SDP_SIZE);
}

TND_TEST(sdp_broken_media_does_not_starve, "ARCHITECTURE §5",
         "streams that are left out do not use up the room of those that stay")
{
    struct tnd_sdp_flaws flaws = {.count = 0};
    struct tnd_sdp sdp;

    CHECK_EQ(tnd_sdp_read(sdp_arena(),
                          repeated(SDP_TOP "m=audio 1\r RTP/AVP 0\r\n", "m=audio 1 RTP/AVP 0\r\n",
                                   TND_SDP_MEDIA_COUNT_MAX),
                          &sdp, &flaws),
             TND_ESYNTAX);
    CHECK_EQ(sdp.media[TND_SDP_MEDIA_COUNT_MAX - 1].format_count, 1);
}

TND_TEST(bug_empty_lines_at_the_end_refused_a_description, "RFC 8866 §9",
         "empty lines behind the last line are advice; between two lines they are no lines")
{
    static const struct {
        const char *text;
        int err;
        size_t count;
    } ends[] = {
        {SDP_TOP "\r\n", 0, 1},
        {SDP_TOP "m=audio 1 RTP/AVP 0\r\n\r\n\r\n", 0, 1},
        {SDP_TOP "\n\r\n", 0, 1},
        {SDP_TOP "\r\na=sendrecv\r\n", TND_ESYNTAX, 1},
        {SDP_TOP "\r\n \r\n", TND_ESYNTAX, 2},
        {"\r\n\r\n", TND_ESYNTAX, 6}, /* a line without form, and v, o, s, t */
    };

    PROVES(SDP_EMPTY_LINE);
    for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
        struct tnd_sdp_flaws flaws = {.count = 0};
        struct tnd_sdp sdp;

        CHECK_EQ(tnd_sdp_read(sdp_arena(), tnd_slice_str(ends[i].text), &sdp, &flaws), ends[i].err);
        CHECK_EQ(flaws.count, ends[i].count);
        CHECK_EQ(sdp_has_flaw(&flaws, TND_RULE_SDP_EMPTY_LINE), i < 3 || i == 5);
    }
}

TND_TEST(sdp_every_prefix, "RFC 8866 §9",
         "each prefix of a description is read without a fault, and an open line is told")
{
    PROVES(SDP_LAST_LINE);
    for (const char *const *sample = sdp_samples; *sample; sample++) {
        for (size_t len = 1; len <= strlen(*sample); len++) {
            struct tnd_slice prefix = guarded(tnd_slice(*sample, len));
            struct tnd_sdp_flaws flaws = {.count = 0};
            struct tnd_sdp sdp;
            tnd_sdp_read(sdp_arena(), prefix, &sdp, &flaws);
            CHECK_EQ(sdp_has_flaw(&flaws, TND_RULE_SDP_LAST_LINE), (*sample)[len - 1] != '\n');
            guarded_free(prefix);
        }
    }
}

TND_TEST(sdp_arena_budget, "ARCHITECTURE §5",
         "with each budget of memory the result is the whole, or TND_ENOMEM and nothing")
{
    static _Alignas(TND_ARENA_ALIGN) char room[16384];

    for (const char *const *sample = sdp_samples; *sample; sample++) {
        bool done = false;
        for (size_t n = 0; n < sizeof(room) && !done; n++) {
            struct tnd_sdp_flaws flaws = {.count = 0};
            struct tnd_sdp sdp = {.media_count = 99};
            struct tnd_arena a;
            tnd_arena_init(&a, room, n, NULL, 0);
            int err = tnd_sdp_read(&a, tnd_slice_str(*sample), &sdp, &flaws);
            done = err == 0;
            CHECK_EQ(err, done ? 0 : TND_ENOMEM);
            if (done)
                CHECK_STR(sdp_written(&sdp), *sample);
            else
                CHECK(sdp.media_count == 99 && flaws.count == 0);
        }
        CHECK(done);
    }
}
