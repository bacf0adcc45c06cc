/* Replaces and Join. */
#include "unit/sip/probe.h"

TND_TEST(replaces_is_read, "RFC 3891 §6.1", "the examples of the RFC are read")
{
    struct tnd_dialog_id id;

    READ(dialog_id, "98732@sip.example.com\t;from-tag=r33th4x0r  ;to-tag=ff87ff", &id);
    CHECK_STR(id.call_id, "98732@sip.example.com");
    CHECK_STR(id.from_tag, "r33th4x0r");
    CHECK_STR(id.to_tag, "ff87ff");
    CHECK(!id.early_only);
    READ(dialog_id, "12adf2f34456gs5;to-tag=12345;from-tag=54321;early-only", &id);
    CHECK(id.early_only);
    READ(dialog_id, "87134@171.161.34.23;to-tag=24796;from-tag=0", &id);
    CHECK_STR(id.from_tag, "0");
}

TND_TEST(replaces_flaws, "RFC 3891 §6.1", "there is exactly one of each tag")
{
    CHECK_FLAW(dialog_id, struct tnd_dialog_id, "a@b;to-tag=c", DIALOG_TAGS, "a@b");
    CHECK_FLAW(dialog_id, struct tnd_dialog_id, "a@b;from-tag=c", DIALOG_TAGS, "a@b");
    CHECK_FLAW(dialog_id, struct tnd_dialog_id, "a;to-tag=1;to-tag=2;from-tag=3", PARAM_VALUE,
               "to-tag=2");
    CHECK_FLAW(dialog_id, struct tnd_dialog_id, "a;to-tag=\"1\";from-tag=3", PARAM_VALUE, "to-tag");
    CHECK_FLAW(dialog_id, struct tnd_dialog_id, "a;to-tag;from-tag=3", PARAM_VALUE, "to-tag");
    CHECK_FLAW(dialog_id, struct tnd_dialog_id, "a;early-only=1", PARAM_VALUE, "early-only");
    CHECK_FLAW(dialog_id, struct tnd_dialog_id, ";to-tag=1;from-tag=2", CALL_ID, ";");
    CHECK_FLAW(dialog_id, struct tnd_dialog_id, "a@;to-tag=1;from-tag=2", CALL_ID, ";");
}

TND_TEST(replaces_is_written_as_read, "RFC 3891 §6.1", "what is read and written is stable")
{
    CHECK_STABLE(dialog_id, dialog_id, struct tnd_dialog_id,
                 "a@b ;from-tag=1;x;early-only; to-tag=2");
}
