/* Via. */
#include "unit/sip/probe.h"

TND_TEST(via_is_read, "RFC 3261 §20.42", "a Via has protocol, transport, sent-by and parameters")
{
    struct tnd_via via;

    READ(via, "SIP/2.0/UDP erlang.bell-telephone.com:5060;branch=z9hG4bK87asdks7", &via);
    CHECK_STR(via.protocol, "SIP");
    CHECK_STR(via.version, "2.0");
    CHECK_STR(via.transport, "UDP");
    CHECK_STR(via.host, "erlang.bell-telephone.com");
    CHECK_EQ(via.port, 5060);
    CHECK_STR(via.branch, "z9hG4bK87asdks7");
    CHECK(tnd_via_has_cookie(&via));
    CHECK_EQ(via.rport, -1);
    READ(
        via,
        "SIP / 2.0 / UDP first.example.com: 4000;ttl=16 ;maddr=224.2.0.1 ;branch=z9hG4bKa7c6a8dlze.1",
        &via);
    CHECK_EQ(via.port, 4000);
    CHECK_EQ(via.ttl, 16);
    CHECK_STR(via.maddr, "224.2.0.1");
    READ(via, "SIP/2.0/TCP [2001:db8::9:1]:6050;received=[2001:db8::9:255];rport=8050", &via);
    CHECK_EQ(via.host_kind, TND_HOST_IPV6);
    CHECK_STR(via.received, "[2001:db8::9:255]");
    CHECK_EQ(via.rport, 8050);
    READ(via, "sip/2.0/tls a;rport;received=2001:db8::9:255;branch=1", &via);
    CHECK_EQ(via.port, -1);
    CHECK_EQ(via.rport, 0);
    CHECK_STR(via.received, "2001:db8::9:255");
    CHECK(!tnd_via_has_cookie(&via));
}

TND_TEST(bug_via_space_behind_the_version, "RFC 3261 §25.1",
         "SLASH: white space may stand behind each slash of sent-protocol")
{
    struct tnd_via via;

    READ(via, "SIP/2.0/ UDP a;branch=z9hG4bKb", &via);
    CHECK_STR(via.transport, "UDP");
    CHECK_STR(via.host, "a");
    READ(via, "SIP/2.0/\t  TCP  a", &via);
    CHECK_STR(via.transport, "TCP");
    CHECK_GOOD(via, struct tnd_via, "SIP/2.0/ UDP a,SIP/2.0/ TLS b, SIP / 2.0 / TCP c", 3);
    CHECK_FLAW(via, struct tnd_via, "SIP/2.0/ ", VIA_PROTOCOL, "");
    CHECK_FLAW(via, struct tnd_via, "SIP/2.0/ ;branch=a", VIA_PROTOCOL, ";");
}

TND_TEST(via_lists, "RFC 3261 §7.3.1", "one field with commas and several fields mean the same")
{
    struct tnd_values v = probe_fields(
        TND_HEADER_VIA,
        "v:  SIP  / 2.0  /\r\n TLS     spindle.example.com   ;\r\n  branch  =\r\n"
        " z9hG4bK9ikj8  ,\r\n SIP  /    2.0   / UDP  192.168.255.111   ; branch=\r\n z9hG4bK30239\r\n"
        "Via: SIP/2.0/UNKNOWN t3.example.com\r\n");
    struct tnd_via via;

    CHECK(tnd_via_next(&v, &via));
    CHECK_STR(via.transport, "TLS");
    CHECK_STR(via.branch, "z9hG4bK9ikj8");
    CHECK(tnd_via_next(&v, &via));
    CHECK_STR(via.host, "192.168.255.111");
    CHECK_STR(via.branch, "z9hG4bK30239");
    CHECK(tnd_via_next(&v, &via));
    CHECK_STR(via.transport, "UNKNOWN");
    CHECK(!tnd_via_next(&v, &via));
    CHECK_EQ(v.c.flaw.rule, TND_RULE_NONE);
}

TND_TEST(via_flaws, "RFC 3261 §20.42", "a Via that breaks the grammar is refused where it does")
{
    CHECK_FLAW(via, struct tnd_via, "SIP/2.0 a", VIA_PROTOCOL, "a");
    CHECK_FLAW(via, struct tnd_via, "SIP/2.0/UDP", VIA_PROTOCOL, "");
    CHECK_FLAW(via, struct tnd_via, "SIP/2.0/UDP;branch=a", VIA_PROTOCOL, ";");
    CHECK_FLAW(via, struct tnd_via, "SIP//UDP a", VIA_PROTOCOL, "/UDP");
    CHECK_FLAW(via, struct tnd_via, "SIP/2.0/UDP ", HOST, "");
    CHECK_FLAW(via, struct tnd_via, "SIP/2.0/UDP ;branch=a", HOST, ";");
    CHECK_FLAW(via, struct tnd_via, "SIP/2.0/UDP 2001:db8::1", HOST, "2001");
    CHECK_FLAW(via, struct tnd_via, "SIP/2.0/UDP a:", PORT, "");
    CHECK_FLAW(via, struct tnd_via, "SIP/2.0/UDP a:65536", PORT, "65536");
    CHECK_FLAW(via, struct tnd_via, "SIP/2.0/UDP a;;,;,,", PARAM, ";,");
    CHECK_FLAW(via, struct tnd_via, "SIP/2.0/UDP a;branch=1;branch=2", PARAM_VALUE, "branch=2");
    CHECK_FLAW(via, struct tnd_via, "SIP/2.0/UDP a;branch", PARAM_VALUE, "branch");
    CHECK_FLAW(via, struct tnd_via, "SIP/2.0/UDP a;ttl=256", PARAM_VALUE, "ttl");
    CHECK_FLAW(via, struct tnd_via, "SIP/2.0/UDP a;rport=65536", PARAM_VALUE, "rport");
    CHECK_FLAW(via, struct tnd_via, "SIP/2.0/UDP a;rport;rport=1", PARAM_VALUE, "rport=1");
    CHECK_FLAW(via, struct tnd_via, "SIP/2.0/UDP a b", VALUE_END, "b");
    CHECK_FLAW(via, struct tnd_via, "SIP/2.0/UDP a,", VIA_PROTOCOL, "");
}

TND_TEST(via_branch_has_more_than_the_cookie, "RFC 3261 §8.1.1.7",
         "the cookie alone is no branch of ours")
{
    struct tnd_via via;

    READ(via, "SIP/2.0/UDP a;branch=z9hG4bK", &via);
    CHECK(!tnd_via_has_cookie(&via));
    READ(via, "SIP/2.0/UDP a;branch=Z9HG4BK1", &via);
    CHECK(tnd_via_has_cookie(&via));
    READ(via, "SIP/2.0/UDP a", &via);
    CHECK(!tnd_via_has_cookie(&via));
}

TND_TEST(via_is_written_as_read, "RFC 3261 §20.42", "what is read and written is stable")
{
    CHECK_STABLE(via, via, struct tnd_via,
                 "SIP / 2.0 / UDP a : 5 ; branch = z9hG4bK1 ;rport;x=\"y\"");
    CHECK_STABLE(via, via, struct tnd_via, "SIP/2.0/WSS [::1]");
}
