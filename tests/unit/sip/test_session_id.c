/* Session-ID. */
#include "unit/sip/probe.h"

TND_TEST(session_id_is_read, "RFC 7989 §5", "the example of the RFC is read")
{
    struct tnd_session_id id;

    READ(session_id, "ab30317f1a784dc48ff824d0d3715d86; remote=47755a9de7794ba387653f2099600ef2",
         &id);
    CHECK_STR(id.local, "ab30317f1a784dc48ff824d0d3715d86");
    CHECK_STR(id.remote, "47755a9de7794ba387653f2099600ef2");
    READ(session_id, "ab30317f1a784dc48ff824d0d3715d86", &id);
    CHECK(!id.remote.ptr);
    CHECK_STABLE(
        session_id, session_id, struct tnd_session_id,
        "ab30317f1a784dc48ff824d0d3715d86 ; remote = 00000000000000000000000000000000;x=y");
}

TND_TEST(session_id_flaws, "RFC 7989 §5", "a UUID is 32 lower-case hexadecimal digits")
{
    CHECK_FLAW(session_id, struct tnd_session_id, "ab30317f1a784dc48ff824d0d3715d8", SESSION_ID,
               "ab");
    CHECK_FLAW(session_id, struct tnd_session_id, "ab30317f1a784dc48ff824d0d3715d860", SESSION_ID,
               "ab");
    CHECK_FLAW(session_id, struct tnd_session_id, "AB30317f1a784dc48ff824d0d3715d86", SESSION_ID,
               "AB");
    CHECK_FLAW(session_id, struct tnd_session_id, "ab30317f-1a784dc48ff824d0d3715d8", SESSION_ID,
               "ab");
    CHECK_FLAW(session_id, struct tnd_session_id, "ab30317f1a784dc48ff824d0d3715d86;remote=x",
               PARAM_VALUE, "remote");
    CHECK_FLAW(session_id, struct tnd_session_id,
               "ab30317f1a784dc48ff824d0d3715d86;remote=00000000000000000000000000000000"
               ";remote=11111111111111111111111111111111",
               PARAM_VALUE, "remote=1");
}
