/* The order of SRV and NAPTR records. */
#include "transport/order.h"

#include "unit/test.h"

#define SRV(priority, weight, name)                \
    {                                              \
        TND_STR_INIT(name), priority, weight, 5060 \
    }

/* The names in the order drawn. */
static void check_order(const struct tnd_srv *records, size_t count, uint64_t seed, char *ret)
{
    struct tnd_srv srvs[8];
    struct tnd_random random;

    memcpy(srvs, records, count * sizeof(*srvs));
    tnd_random_init(&random, seed);
    tnd_srv_order(srvs, count, &random);
    for (size_t i = 0; i < count; i++)
        ret[i] = srvs[i].target.ptr[0];
    ret[count] = '\0';
}

TND_TEST(srv_priority, "RFC 3263 §4.3", "a server of a lower priority number comes first, always")
{
    static const struct tnd_srv records[] = {SRV(20, 65535, "b"), SRV(10, 0, "a"), SRV(30, 1, "c"),
                                             SRV(65535, 9, "d")};
    char names[8];

    for (uint64_t seed = 0; seed < 200; seed++) {
        check_order(records, 4, seed, names);
        CHECK_STR(tnd_slice_str(names), "abcd");
    }
}

TND_TEST(srv_weight, "RFC 3263 §4.2",
         "within a priority a server comes first as often as its weight says")
{
    static const struct tnd_srv records[] = {SRV(1, 60, "a"), SRV(1, 20, "b"), SRV(1, 20, "c"),
                                             SRV(1, 0, "z")};
    unsigned first[256] = {0}, second_after_a[256] = {0};
    char names[8];

    for (uint64_t seed = 0; seed < 20000; seed++) {
        check_order(records, 4, seed, names);
        first[(unsigned char)names[0]]++;
        if (names[0] == 'a')
            second_after_a[(unsigned char)names[1]]++;
    }
    /* of 101 numbers one is of z, 60 of a, 20 of b, 20 of c */
    CHECK(first['a'] > 11500 && first['a'] < 12300);
    CHECK(first['b'] > 3700 && first['b'] < 4250);
    CHECK(first['c'] > 3700 && first['c'] < 4250);
    CHECK(first['z'] > 130 && first['z'] < 280);
    /* then of 41 numbers */
    CHECK(second_after_a['b'] > first['a'] * 45 / 100);
    CHECK(second_after_a['c'] > first['a'] * 45 / 100);
}

TND_TEST(srv_weights_of_zero, "RFC 3263 §4.2", "where all weights are 0, all servers are there")
{
    static const struct tnd_srv records[] = {SRV(1, 0, "b"), SRV(1, 0, "a"), SRV(1, 65535, "c"),
                                             SRV(1, 65535, "d")};
    char names[8];

    for (uint64_t seed = 0; seed < 100; seed++) {
        check_order(records, 4, seed, names);
        CHECK_EQ(names[0] + names[1] + names[2] + names[3], 'a' + 'b' + 'c' + 'd');
        check_order(records, 2, seed, names);
        CHECK_STR(tnd_slice_str(names), "ab");
    }
    check_order(records, 0, 1, names);
    CHECK_STR(tnd_slice_str(names), "");
}

TND_TEST(srv_order_of_answer_does_not_matter, "RFC 3263 §4.4",
         "the same records and the same seed give the same order, however the DNS turned them")
{
    static const struct tnd_srv one[] = {SRV(1, 10, "a"), SRV(1, 10, "b"), SRV(1, 0, "c")},
                                other[] = {SRV(1, 0, "c"), SRV(1, 10, "b"), SRV(1, 10, "a")};
    char names[2][8];

    for (uint64_t seed = 0; seed < 200; seed++) {
        check_order(one, 3, seed, names[0]);
        check_order(other, 3, seed, names[1]);
        CHECK_STR(tnd_slice_str(names[0]), names[1]);
    }
}

TND_TEST(naptr_order, "RFC 3263 §4.1", "NAPTR records go by order, then by preference")
{
    struct tnd_naptr naptrs[] = {
        {.order = 2, .preference = 1},
        {.order = 1, .preference = 65535},
        {.order = 1, .preference = 7, .flags = TND_STR_INIT("1")},
        {.order = 1, .preference = 7, .flags = TND_STR_INIT("2")},
    };

    tnd_naptr_order(naptrs, 4);
    CHECK_STR(naptrs[0].flags, "1");
    CHECK_STR(naptrs[1].flags, "2");
    CHECK_EQ(naptrs[2].preference, 65535);
    CHECK_EQ(naptrs[3].order, 2);
}

static enum tnd_transport service(const char *flags, const char *service, const char *regexp)
{
    return tnd_naptr_transport(&(struct tnd_naptr){.flags = tnd_slice_str(flags),
                                                   .service = tnd_slice_str(service),
                                                   .regexp = tnd_slice_str(regexp)});
}

TND_TEST(naptr_services, "RFC 3263 §4.1", "services that are not of SIP over what we have are none")
{
    CHECK_EQ(service("s", "SIP+D2U", ""), TND_TRANSPORT_UDP);
    CHECK_EQ(service("S", "sip+d2t", ""), TND_TRANSPORT_TCP);
    CHECK_EQ(service("s", "SIPS+D2T", ""), TND_TRANSPORT_TLS);
    CHECK_EQ(service("s", "SIP+D2W", ""), TND_TRANSPORT_WS);
    CHECK_EQ(service("s", "SIPS+D2W", ""), TND_TRANSPORT_WSS);
    CHECK_EQ(service("s", "SIPS+D2U", ""), TND_TRANSPORT_NONE);
    CHECK_EQ(service("s", "SIP+D2S", ""), TND_TRANSPORT_NONE);
    CHECK_EQ(service("s", "E2U+sip", ""), TND_TRANSPORT_NONE);
    CHECK_EQ(service("u", "SIP+D2U", ""), TND_TRANSPORT_NONE);
    CHECK_EQ(service("s", "SIP+D2U", "!.*!x!"), TND_TRANSPORT_NONE);
    CHECK_EQ(service("", "", ""), TND_TRANSPORT_NONE);
}
