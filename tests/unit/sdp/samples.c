/* Session descriptions of the RFCs, and what the tests of the module share. */
#include "unit/sdp/samples.h"

#include <stdlib.h>

const char sdp_sample_call[] = "v=0\r\n"
                               "o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1\r\n"
                               "s=Call to John Smith\r\n"
                               "i=SDP Offer #1\r\n"
                               "u=http://www.jdoe.example.com/home.html\r\n"
                               "e=Jane Doe <jane@jdoe.example.com>\r\n"
                               "p=+1 617 555-6011\r\n"
                               "c=IN IP4 198.51.100.1\r\n"
                               "t=0 0\r\n"
                               "m=audio 49170 RTP/AVP 0\r\n"
                               "m=audio 49180 RTP/AVP 0\r\n"
                               "m=video 51372 RTP/AVP 99\r\n"
                               "c=IN IP6 2001:db8::2\r\n"
                               "a=rtpmap:99 h263-1998/90000\r\n";

const char *const sdp_samples[] = {
    sdp_sample_call,
    /* RFC 8866 §6.7 */
    "v=0\r\n"
    "o=jdoe 3724395000 3724395001 IN IP6 2001:db8::1\r\n"
    "s=-\r\n"
    "c=IN IP6 2001:db8::1\r\n"
    "t=0 0\r\n"
    "a=inactive\r\n"
    "m=audio 49170 RTP/AVP 0\r\n"
    "a=sendrecv\r\n"
    "m=audio 49180 RTP/AVP 0\r\n"
    "m=video 51372 RTP/AVP 99\r\n"
    "a=rtpmap:99 h263-1998/90000\r\n",
    /* RFC 8866 §5.7, §5.8, §5.9, §5.10, §5.11, §5.14: the lines of their examples */
    "v=0\r\n"
    "o=- 1 2 IN IP4 host.example.com\r\n"
    "s= \r\n"
    "b=X-YZ:128\r\n"
    "b=CT:256\r\n"
    "t=3724394400 3754123200\r\n"
    "r=604800 3600 0 90000\r\n"
    "r=7d 1h 0 25h\r\n"
    "z=3730928400 -1h 3749680800 0\r\n"
    "t=3724484400 3724488000\r\n"
    "m=video 49170/2 RTP/AVP 31\r\n"
    "i=slides\r\n"
    "c=IN IP4 233.252.0.1/127/2\r\n"
    "m=video 49170/2 RTP/AVP 31\r\n"
    "c=IN IP6 ff00::db8:0:101\r\n"
    "c=IN IP6 ff00::db8:0:102\r\n"
    "b=AS:64\r\n"
    "m=audio 49230 RTP/AVP 96 97 98\r\n"
    "c=IN IP6 ff00::db8:0:101/3\r\n"
    "a=rtpmap:96 L8/8000\r\n"
    "a=rtpmap:97 L16/8000\r\n"
    "a=rtpmap:98 L16/11025/2\r\n"
    "a=fmtp:96 profile-level-id=42e016;max-mbps=108000;max-fs=3600\r\n"
    "a=ptime:20\r\n"
    "a=maxptime:62.5\r\n"
    "a=x-unknown\r\n"
    "a=x-unknown:with a value: and a colon\r\n",
    /* RFC 3264 §9 with its lines in order; RFC 3605 §2.1, RFC 5888 §5 */
    "v=0\r\n"
    "o=carol 28908764872 28908764872 IN IP4 100.3.6.6\r\n"
    "s=-\r\n"
    "c=IN IP4 192.0.2.4\r\n"
    "t=0 0\r\n"
    "a=group:LS 1 2\r\n"
    "m=audio 0 RTP/AVP 0 1 3\r\n"
    "a=rtpmap:0 PCMU/8000\r\n"
    "a=rtpmap:1 1016/8000\r\n"
    "a=rtpmap:3 GSM/8000\r\n"
    "a=mid:1\r\n"
    "a=rtcp:53020 IN IP6 2001:2345:6789:ABCD:EF01:2345:6789:ABCD\r\n"
    "m=video 0 RTP/AVP 31 34\r\n"
    "a=rtpmap:31 H261/90000\r\n"
    "a=rtpmap:34 H263/90000\r\n"
    "a=mid:2\r\n"
    "a=rtcp:53020\r\n",
    /* RFC 3312 §13.2, and other transports */
    "v=0\r\n"
    "o=a 1 1 IN IP4 192.0.2.1\r\n"
    "s=-\r\n"
    "c=IN IP4 192.0.2.1\r\n"
    "t=0 0\r\n"
    "m=audio 20000 RTP/AVP 0 8\r\n"
    "a=curr:qos local sendrecv\r\n"
    "a=curr:qos remote none\r\n"
    "a=des:qos mandatory local sendrecv\r\n"
    "a=des:qos mandatory remote sendrecv\r\n"
    "a=conf:qos e2e recv\r\n"
    "m=image 20002 udptl t38\r\n"
    "m=message 20004 TCP/MSRP *\r\n",
    NULL,
};

struct tnd_arena *sdp_arena(void)
{
    static struct sdp_room room;

    tnd_arena_init(&room.arena, room.bytes, sizeof(room.bytes), NULL, 0);
    return &room.arena;
}

static void *take(void *ctx, size_t size)
{
    (void)ctx;
    return malloc(size);
}

static void give(void *ctx, void *ptr, size_t size)
{
    (void)ctx;
    (void)size;
    free(ptr);
}

const struct tnd_mem sdp_mem = {take, give, NULL};

struct tnd_sdp sdp_read_well(const char *text)
{
    struct tnd_sdp_flaws flaws = {.count = 0};
    struct tnd_sdp sdp = {.media_count = 0};

    CHECK_EQ(tnd_sdp_read(sdp_arena(), tnd_slice_str(text), &sdp, &flaws), 0);
    if (flaws.count > 0)
        tnd_test_fail(__FILE__, __LINE__, "%s at \"%.*s\"", tnd_rule_name(flaws.first[0].rule),
                      TND_FMT(flaws.first[0].where));
    return sdp;
}

struct tnd_slice sdp_written(const struct tnd_sdp *sdp)
{
    static char room[TND_SDP_SIZE_MAX];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    CHECK_EQ(tnd_sdp_write(&w, sdp), 0);
    CHECK(!tnd_writer_over(&w));
    return tnd_writer_slice(&w);
}

bool sdp_has_flaw(const struct tnd_sdp_flaws *flaws, enum tnd_rule rule)
{
    for (size_t i = 0; i < flaws->count && i < TND_SDP_FLAW_COUNT_MAX; i++)
        if (flaws->first[i].rule == rule)
            return true;
    return false;
}
