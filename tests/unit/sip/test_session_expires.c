/* Session-Expires and Min-SE. */
#include "unit/sip/probe.h"

TND_TEST(session_expires_is_read, "RFC 4028 §4",
         "Session-Expires is seconds and perhaps a refresher")
{
    struct tnd_session_expires s;

    READ(session_expires, "4000", &s);
    CHECK_EQ(s.seconds, 4000);
    CHECK_EQ(s.refresher, TND_REFRESHER_NONE);
    READ(session_expires, "1800 ; refresher = UAC;x", &s);
    CHECK_EQ(s.refresher, TND_REFRESHER_UAC);
    READ(session_expires, "90;refresher=uas", &s);
    CHECK_EQ(s.refresher, TND_REFRESHER_UAS);
    READ(min_se, "3600;lr;refresher=any", &s);
    CHECK_EQ(s.seconds, 3600);

    struct tnd_values v =
        probe_fields(TND_HEADER_SESSION_EXPIRES, "x: 60\r\n ;refresher\r\n =uac\r\n");
    CHECK(tnd_session_expires_next(&v, &s));
    CHECK_EQ(s.refresher, TND_REFRESHER_UAC);
}

TND_TEST(session_expires_flaws, "RFC 4028 §4",
         "another refresher, two of them or no number is refused")
{
    CHECK_FLAW(session_expires, struct tnd_session_expires, "90;refresher=proxy", PARAM_VALUE,
               "refresher");
    CHECK_FLAW(session_expires, struct tnd_session_expires, "90;refresher", PARAM_VALUE,
               "refresher");
    CHECK_FLAW(session_expires, struct tnd_session_expires, "90;refresher=uac;refresher=uas",
               PARAM_VALUE, "refresher=uas");
    CHECK_FLAW(session_expires, struct tnd_session_expires, "uac", DELTA_SECONDS, "uac");
    CHECK_FLAW(min_se, struct tnd_session_expires, "4294967296", DELTA_SECONDS, "4");
    CHECK_FLAW(min_se, struct tnd_session_expires, "", VALUE_EMPTY, "");
}

TND_TEST(session_expires_is_written, "RFC 4028 §4", "what is read and written is stable")
{
    struct tnd_session_expires s = {.seconds = 1800, .refresher = TND_REFRESHER_UAS};

    CHECK_WRITES(session_expires, &s, "1800;refresher=uas");
    CHECK_STABLE(session_expires, session_expires, struct tnd_session_expires,
                 "90 ;refresher= uac");
}
