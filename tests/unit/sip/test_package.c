/* Info-Package and Recv-Info. */
#include "unit/sip/probe.h"

TND_TEST(info_packages_are_read, "RFC 6086 §10.8", "Recv-Info may be empty, Info-Package may not")
{
    struct tnd_package p;

    READ(info_package, "foo ; a = b", &p);
    CHECK_STR(p.name, "foo");
    CHECK_GOOD(recv_info, struct tnd_package, "", 0);
    CHECK_GOOD(recv_info, struct tnd_package, "P, R;a=\"b\"", 2);
    CHECK_FLAW(info_package, struct tnd_package, "", VALUE_EMPTY, "");
    CHECK_FLAW(recv_info, struct tnd_package, "P,", TOKEN, "");
    CHECK_FLAW(recv_info, struct tnd_package, "P;", PARAM, "");
    CHECK_STABLE(info_package, package, struct tnd_package, "foo ; a=b ");
}
