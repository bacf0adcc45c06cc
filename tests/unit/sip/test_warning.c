/* Warning. */
#include "unit/sip/probe.h"

TND_TEST(warning_is_read, "RFC 3261 §20.43", "the examples of the RFC are read")
{
    struct tnd_warning warning;

    READ(warning, "307 isi.edu \"Session parameter 'foo' not understood\"", &warning);
    CHECK_EQ(warning.code, 307);
    CHECK_STR(warning.agent, "isi.edu");
    CHECK_STR(warning.text, "\"Session parameter 'foo' not understood\"");
    READ(warning, "301 [2001:db8::1]:5060   \"Incompatible network address type 'E.164'\"",
         &warning);
    CHECK_STR(warning.agent, "[2001:db8::1]:5060");
    CHECK_GOOD(warning, struct tnd_warning, "399 a:5060 \"x, y\" , 399 b \"\"", 2);
}

TND_TEST(warning_flaws, "RFC 3261 §20.43",
         "a code of other than three digits, no agent or no text is refused")
{
    CHECK_FLAW(warning, struct tnd_warning, "1812 overture \"In Progress\"", WARNING, "1812");
    CHECK_FLAW(warning, struct tnd_warning, "99 a \"\"", WARNING, "99");
    CHECK_FLAW(warning, struct tnd_warning, "0399 a \"\"", WARNING, "0399");
    CHECK_FLAW(warning, struct tnd_warning, "399", WARNING, "");
    CHECK_FLAW(warning, struct tnd_warning, "399a \"\"", WARNING, "a");
    CHECK_FLAW(warning, struct tnd_warning, "399 a", WARNING, "");
    CHECK_FLAW(warning, struct tnd_warning, "399 a b", WARNING, "b");
    CHECK_FLAW(warning, struct tnd_warning, "399 \"a\"", WARNING, "\"");
    CHECK_FLAW(warning, struct tnd_warning, "399 a:x \"\"", PORT, "x");
    CHECK_FLAW(warning, struct tnd_warning, "399 [::g] \"\"", HOST, "[");
    CHECK_FLAW(warning, struct tnd_warning, "399 a \"b\" c", VALUE_END, "c");
}

TND_TEST(warning_is_written_as_read, "RFC 3261 §20.43", "what is read and written is stable")
{
    CHECK_STABLE(warning, warning, struct tnd_warning, "307  isi.edu:5061\t\"a \\\" b\"");
}
