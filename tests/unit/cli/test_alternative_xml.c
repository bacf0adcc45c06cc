/* The body of a 380: good ones are read, all others are named for what they are. */
#include "cli/alternative_xml.h"

#include <stdlib.h>

#include "unit/test.h"

#define TYPE "application/3gpp-ims+xml"
#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<ims-3gpp version=\"1\">"
#define TAIL "</ims-3gpp>\r\n"

static struct tnd_alternative got;
static const char *said;

static bool read_as(const char *type, struct tnd_slice body)
{
    static _Alignas(TND_ARENA_ALIGN) char room[8192];
    struct tnd_arena a;
    char *exact = malloc(body.len ? body.len : 1); /* so that a read behind it is seen */

    CHECK(exact);
    memcpy(exact, body.len ? body.ptr : "", body.len);
    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    said = NULL;
    bool ok = alternative_xml.read(alternative_xml.ctx, tnd_slice_str(type),
                                   tnd_slice(exact, body.len), &a, &got, &said);
    CHECK_EQ(ok, said == NULL);
    free(exact);
    return ok;
}

static bool read(const char *body)
{
    return read_as(TYPE, tnd_slice_str(body));
}

#define CHECK_WHY(body, why)                 \
    do {                                     \
        CHECK(!read(body));                  \
        CHECK_STR(tnd_slice_str(said), why); \
    } while (0)

TND_TEST(alternative_is_read, "RFC 3261 §21.3.5",
         "type, action and reason are read, in any order and with references")
{
    CHECK(read(
        HEAD
        "<alternative-service><type>emergency</type><reason>Call &lt;112&gt; &amp;&#x20;wait</reason>"
        "<action>emergency-registration</action></alternative-service>" TAIL));
    CHECK_STR(got.type, "emergency");
    CHECK_STR(got.action, "emergency-registration");
    CHECK_STR(got.reason, "Call <112> & wait");
    CHECK(read(
        HEAD "<!-- a --><other><type>x</type></other><alternative-service>\n <reason/>"
             "<type> em<![CDATA[erg]]>ency\n</type><type>other</type></alternative-service>" TAIL));
    CHECK_STR(got.type, "emergency");
    CHECK(got.reason.ptr && got.reason.len == 0 && !got.action.ptr);
    CHECK(read_as(
        "Application/3GPP-IMS+xml;charset=\"UTF-8\"",
        TND_STR(
            HEAD
            "<alternative-service><type>emergency</type></alternative-service>"
            "<alternative-service><type>b</type><action>c</action></alternative-service>" TAIL)));
    CHECK(!got.action.ptr);
}

TND_TEST(alternative_that_is_none, "RFC 3261 §21.3.5",
         "what is broken, or something else, is not guessed at")
{
    CHECK_WHY("", "it is not well-formed XML");
    CHECK_WHY("call 112", "it is not well-formed XML");
    CHECK_WHY(HEAD "<alternative-service><type>emergency</type>", "it is not well-formed XML");
    CHECK_WHY(HEAD "<alternative-service><type>emergency</alternative-service>" TAIL,
              "it is not well-formed XML");
    CHECK_WHY(HEAD "<alternative-service><type>&unknown;</type></alternative-service>" TAIL,
              "it is not well-formed XML");
    CHECK_WHY(HEAD "<service-info>x</service-info>" TAIL, "it describes no alternative service");
    CHECK_WHY("<other><alternative-service><type>x</type></alternative-service></other>",
              "it describes no alternative service");
    CHECK_WHY(HEAD "<alternative-service><reason>x</reason></alternative-service>" TAIL,
              "it names no type of service");
    CHECK_WHY(HEAD "\xff" TAIL, "it is not UTF-8");
    CHECK(!read_as(TYPE, tnd_slice("<\0?\0", 4)));
    CHECK_STR(tnd_slice_str(said), "it is not UTF-8");
    CHECK(!read_as("text/plain", TND_STR(HEAD TAIL)));
    CHECK_STR(tnd_slice_str(said), "its type is not application/3gpp-ims+xml");
    CHECK(!read_as("", TND_STR(HEAD TAIL)));
    CHECK(!read_as(NULL, TND_STR(HEAD TAIL)));
}

TND_TEST(alternative_with_declarations, "RFC 3261 §26.1",
         "a body with a DTD, which may hold bombs or lead to files, is refused before it is parsed")
{
    CHECK_WHY("<!DOCTYPE a [<!ENTITY x \"y\">]>" HEAD TAIL, "it has declarations of its own");
    CHECK_WHY(
        "<!DOCTYPE lolz [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">"
        "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]><ims-3gpp><alternative-service><type>&c;</type>"
        "</alternative-service></ims-3gpp>",
        "it has declarations of its own");
    CHECK_WHY("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><ims-3gpp/>",
              "it has declarations of its own");
    CHECK_WHY("<?xml version=\"1.0\" encoding=\"UTF-7\"?>+ADwAIQ-DOCTYPE a+AD4-<ims-3gpp/>",
              "it is not well-formed XML");
}

static void repeat(struct tnd_writer *w, const char *text, int count)
{
    for (int i = 0; i < count; i++)
        tnd_put_str(w, text);
}

TND_TEST(alternative_bounds, "RFC 3261 §26.1",
         "a body that is huge, or nested for long, or whose texts are long, is refused")
{
    static char room[256 * 1024];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    repeat(&w, " ", ALTERNATIVE_BODY_LEN_MAX + 1);
    CHECK(!read_as(TYPE, tnd_writer_slice(&w)));
    CHECK_STR(tnd_slice_str(said), "it is too large");
    w.len = 0;
    repeat(&w, "<a>", 5000);
    CHECK(!read_as(TYPE, tnd_writer_slice(&w)));
    CHECK_STR(tnd_slice_str(said), "it is nested too deeply");
    for (int len = ALTERNATIVE_TEXT_LEN_MAX; len <= ALTERNATIVE_TEXT_LEN_MAX + 1; len++) {
        w.len = 0;
        tnd_put_str(&w, HEAD "<alternative-service><type>");
        repeat(&w, "x", len);
        tnd_put_str(&w, "</type></alternative-service>" TAIL);
        CHECK_EQ(read_as(TYPE, tnd_writer_slice(&w)), len == ALTERNATIVE_TEXT_LEN_MAX);
    }
    CHECK_STR(tnd_slice_str(said), "a text in it is too long");
}
