/* Max-Breadth: what a request may have, and how it is split. */
#include "unit/proxy/forward_test.h"

static uint32_t breadth(const char *lines)
{
    return tnd_breadth_of(sip_request_with(lines));
}

TND_TEST(breadth_of, "RFC 5393 §5.3.3",
         "a request without Max-Breadth has 60, and one with more has no more")
{
    CHECK_EQ(breadth(""), 60);
    CHECK_EQ(breadth("Max-Breadth: 60\r\n"), 60);
    CHECK_EQ(breadth("Max-Breadth: 61\r\n"), 60);
    CHECK_EQ(breadth("Max-Breadth: 4294967295\r\n"), 60);
    CHECK_EQ(breadth("Max-Breadth: 99999999999999\r\n"), 60);
    CHECK_EQ(breadth("Max-Breadth: many\r\n"), 60);
    CHECK_EQ(breadth("Max-Breadth: 59\r\n"), 59);
    CHECK_EQ(breadth("Max-Breadth: 1\r\n"), 1);
    CHECK_EQ(breadth("Max-Breadth: 0\r\n"), 0);
}

TND_TEST(
    breadth_share, "RFC 5393 §5.3.3",
    "branches together have what the request had, each at least 1, and those beyond it nothing")
{
    for (uint32_t all = 0; all <= TND_BREADTH_MAX; all++)
        for (uint32_t count = 1; count <= 100; count++) {
            uint32_t left = all;

            for (uint32_t due = count; due > 0; due--) {
                uint32_t share = tnd_breadth_share(left, due);

                CHECK(share <= left);
                CHECK(share > 0 || left == 0);
                left -= share;
            }
            CHECK_EQ(left, 0);
        }
    /* RFC 5393 §5.5: 8 targets for a breadth of 4 */
    CHECK_EQ(tnd_breadth_share(4, 8), 1);
    CHECK_EQ(tnd_breadth_share(60, 1), 60);
}
