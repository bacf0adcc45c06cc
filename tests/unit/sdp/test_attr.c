/* Attributes with a type, and preconditions. */
#include "unit/sdp/samples.h"

TND_TEST(sdp_rtpmap, "RFC 8866 §6.6", "rtpmap is payload type, encoding, clock rate and channels")
{
    struct tnd_sdp_rtpmap map;

    CHECK(tnd_sdp_rtpmap_read(TND_STR("98 L16/16000/2"), &map));
    CHECK_EQ(map.payload, 98);
    CHECK_STR(map.encoding, "L16");
    CHECK_EQ(map.clock, 16000);
    CHECK_EQ(map.channels, 2);
    CHECK(tnd_sdp_rtpmap_read(TND_STR("0 PCMU/8000"), &map));
    CHECK_EQ(map.channels, 1);
    CHECK(!tnd_sdp_rtpmap_read(TND_STR("128 PCMU/8000"), &map));
    CHECK(!tnd_sdp_rtpmap_read(TND_STR("96 PCMU/0"), &map));
    CHECK(!tnd_sdp_rtpmap_read(TND_STR("96 PCMU/8000/"), &map));
    CHECK(!tnd_sdp_rtpmap_read(TND_STR("96 PCMU/8000/1/1"), &map));
    CHECK(!tnd_sdp_rtpmap_read(TND_STR("96 /8000"), &map));
    CHECK_EQ(map.payload, 0);
}

TND_TEST(sdp_static_payloads, "RFC 3551 §6", "static payload types need no rtpmap")
{
    struct tnd_sdp_rtpmap map;

    CHECK(tnd_sdp_rtpmap_static(9, &map));
    CHECK_STR(map.encoding, "G722");
    CHECK_EQ(map.clock, 8000);
    CHECK(tnd_sdp_rtpmap_static(10, &map));
    CHECK_EQ(map.channels, 2);
    CHECK(!tnd_sdp_rtpmap_static(1, &map));
    CHECK(!tnd_sdp_rtpmap_static(35, &map));
    CHECK(!tnd_sdp_rtpmap_static(96, &map));
}

TND_TEST(sdp_direction_levels, "RFC 8866 §6.7",
         "sendrecv applies to the first audio media and inactive to the others")
{
    struct tnd_sdp sdp = sdp_read_well(sdp_samples[1]);

    CHECK_EQ(tnd_sdp_direction_of(&sdp, &sdp.media[0]), TND_SDP_SENDRECV);
    CHECK_EQ(tnd_sdp_direction_of(&sdp, &sdp.media[1]), TND_SDP_NONE);
    sdp = sdp_read_well(sdp_sample_call);
    CHECK_EQ(tnd_sdp_direction_of(&sdp, &sdp.media[0]), TND_SDP_SENDRECV);
}

TND_TEST(sdp_ptime, "RFC 8866 §6.4", "ptime is a whole or broken number of milliseconds, not zero")
{
    tnd_time time = 7;

    CHECK(tnd_sdp_ptime_read(TND_STR("20"), &time));
    CHECK_EQ(time, TND_MS(20));
    CHECK(tnd_sdp_ptime_read(TND_STR("2.5"), &time));
    CHECK_EQ(time, 2500);
    CHECK(tnd_sdp_ptime_read(TND_STR("0.0625"), &time));
    CHECK_EQ(time, 62);
    CHECK(!tnd_sdp_ptime_read(TND_STR("0"), &time));
    CHECK(!tnd_sdp_ptime_read(TND_STR("0.0"), &time));
    CHECK(!tnd_sdp_ptime_read(TND_STR("20."), &time));
    CHECK(!tnd_sdp_ptime_read(TND_STR("-20"), &time));
    CHECK(!tnd_sdp_ptime_read(tnd_slice(NULL, 0), &time));
    CHECK_EQ(time, 62);
}

TND_TEST(sdp_grouping, "RFC 5888 §5", "a group is its semantics and the tags of its streams")
{
    struct tnd_sdp sdp = sdp_read_well(sdp_samples[3]);
    struct tnd_sdp_group group;
    struct tnd_slice tag;

    CHECK(tnd_sdp_group_read(tnd_sdp_attr_find(&sdp.session, "group")->value, &group));
    CHECK_STR(group.semantics, "LS");
    CHECK(tnd_sdp_group_next(&group, &tag));
    CHECK_STR(tag, "1");
    CHECK(tnd_sdp_group_next(&group, &tag));
    CHECK_STR(tag, "2");
    CHECK(!tnd_sdp_group_next(&group, &tag));
}

TND_TEST(sdp_rtcp, "RFC 3605 §2.1", "rtcp is a port and perhaps an address")
{
    struct tnd_sdp sdp = sdp_read_well(sdp_samples[3]);
    struct tnd_sdp_rtcp rtcp;

    CHECK(tnd_sdp_rtcp_read(tnd_sdp_attr_find(&sdp.media[0].part, "rtcp")->value, &rtcp));
    CHECK_EQ(rtcp.port, 53020);
    CHECK_EQ(rtcp.conn.kind, TND_SDP_ADDR_IP6);
    CHECK(tnd_sdp_rtcp_read(tnd_sdp_attr_find(&sdp.media[1].part, "rtcp")->value, &rtcp));
    CHECK(!rtcp.conn.address.ptr);
}

TND_TEST(sdp_fmtp, "RFC 8866 §6.15", "format parameters are given unchanged")
{
    struct tnd_sdp_fmtp fmtp;

    CHECK(tnd_sdp_fmtp_read(TND_STR("101 0-15,66"), &fmtp));
    CHECK_STR(fmtp.format, "101");
    CHECK_STR(fmtp.params, "0-15,66");
    CHECK(!tnd_sdp_fmtp_read(TND_STR("101 "), &fmtp));
}

TND_TEST(sdp_hold_address, "RFC 3264 §8.4", "an agent MUST be capable of receiving 0.0.0.0")
{
    struct tnd_sdp_conn conn;

    CHECK(tnd_sdp_conn_to(TND_STR("0.0.0.0"), &conn));
    CHECK(tnd_sdp_conn_is_hold(&conn));
    CHECK(tnd_sdp_conn_to(TND_STR("2001:db8::1"), &conn));
    CHECK_STR(conn.addr_type, "IP6");
    CHECK(!tnd_sdp_conn_to(TND_STR("224.0.0.1"), &conn));
}

/* Every curr, des and conf of RFC 3312 §4 and §13. */
static const char *const lines[] = {
    "curr:qos e2e send",
    "des:qos optional e2e send",
    "des:qos mandatory e2e recv",
    "curr:qos local sendrecv",
    "curr:qos remote none",
    "des:qos optional local sendrecv",
    "des:qos mandatory remote sendrecv",
    "curr:qos e2e none",
    "des:qos mandatory e2e sendrecv",
    "conf:qos e2e recv",
    "curr:qos e2e sendrecv",
    "curr:qos remote sendrecv",
    "des:qos mandatory local sendrecv",
    "des:qos failure e2e sendrecv",
    "des:foo unknown e2e send",
    "des:qos none remote sendrecv",
    "curr:sec e2e none",
};

static struct tnd_sdp_attr attr_of(const char *line)
{
    const char *colon = strchr(line, ':');

    return (struct tnd_sdp_attr){tnd_slice_between(line, colon), tnd_slice_str(colon + 1)};
}

TND_TEST(sdp_preconditions, "RFC 3312 §13", "curr, des and conf are read and written as they are")
{
    struct tnd_arena *a = sdp_arena();

    PROVES(SDP_PRECONDITION);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct tnd_sdp_attr attr = attr_of(lines[i]);
        struct tnd_sdp_precondition p;
        CHECK(tnd_sdp_precondition_is(&attr));
        CHECK(tnd_sdp_precondition_read(&attr, &p));
        struct tnd_sdp_attr again = tnd_sdp_precondition_attr(a, &p);
        CHECK(tnd_slice_eq(again.name, attr.name));
        CHECK(tnd_slice_eq(again.value, attr.value));
    }
}

TND_TEST(sdp_precondition_types, "RFC 3312 §4", "each tag has its meaning")
{
    struct tnd_sdp_attr attr = attr_of("des:qos mandatory remote recv");
    struct tnd_sdp_precondition p;

    CHECK(tnd_sdp_precondition_read(&attr, &p));
    CHECK_EQ(p.kind, TND_SDP_DES);
    CHECK_STR(p.type, "qos");
    CHECK_EQ(p.strength, TND_SDP_STRENGTH_MANDATORY);
    CHECK_EQ(p.status, TND_SDP_REMOTE);
    CHECK_EQ(p.direction, TND_SDP_RECV);
}

TND_TEST(sdp_precondition_flaws, "RFC 3312 §4", "what is no curr, des or conf is not taken for one")
{
    static const char *const bad[] = {"curr:qos",
                                      "curr:qos e2e",
                                      "curr:qos e2e both",
                                      "curr:qos both send",
                                      "curr:qos e2e send x",
                                      "des:qos e2e send",
                                      "des:qos must e2e send",
                                      "other:qos e2e send"};
    struct tnd_sdp_precondition p;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct tnd_sdp_attr attr = attr_of(bad[i]);
        CHECK(!tnd_sdp_precondition_read(&attr, &p));
    }
}
