/* Diagnosed calls as JSON and as a page: members, what is absent, and bytes that are no text. */
#include "diag/find.h"
#include "unit/test.h"
#include "web/call_json.h"
#include "web/call_page.h"

enum { ROOM = 1 << 16 };

static const struct tnd_diag_message messages[] = {
    {.at = 0, .number = 7, .bytes = {"INVITE sip:b@x SIP/2.0\r\nTo: <sip:b@x>\r\n\r\n", 41}},
    {.at = 2500, .number = 9, .bytes = {"SIP/2.0 486 Busy\r\n\r\n", 20}, .code = 486},
};

/* A call that was refused, with that evidence. */
static struct tnd_diag_call refused(struct tnd_diag_finding *finding,
                                    struct tnd_diag_evidence evidence)
{
    *finding = (struct tnd_diag_finding){.rule = TND_DIAG_RULE_BUSY,
                                         .severity = TND_DIAG_WARNING,
                                         .culprit = TND_DIAG_CALLEE,
                                         .code = 486,
                                         .evidence = {evidence},
                                         .evidence_count = 1};
    return (struct tnd_diag_call){.call_id = TND_STR("1@x"),
                                  .from = TND_STR("sip:a@x"),
                                  .method = TND_METHOD_INVITE,
                                  .result = TND_DIAG_FAILED,
                                  .code = 486,
                                  .began = -1500,
                                  .ended = 2500,
                                  .message = messages,
                                  .message_count = 2,
                                  .finding = finding,
                                  .finding_count = 1};
}

static bool holds(struct tnd_slice text, const char *part)
{
    size_t len = strlen(part);

    for (size_t i = 0; i + len <= text.len; i++)
        if (memcmp(text.ptr + i, part, len) == 0)
            return true;
    return false;
}

static struct tnd_slice json_of(const struct tnd_diag_call *call, char room[static ROOM])
{
    struct tnd_writer w = tnd_writer(room, ROOM);

    tnd_call_json(&w, call, TND_LANG_EN, NULL);
    return tnd_writer_slice(&w);
}

TND_TEST(call_json_members, "",
         "a call has its members; what is not known is null; times are seconds, of any sign")
{
    static char room[ROOM];
    struct tnd_diag_finding finding;
    struct tnd_diag_call call = refused(&finding, (struct tnd_diag_evidence){1, {NULL, 0}});
    struct tnd_slice json = json_of(&call, room);

    CHECK(
        holds(json, "{\"call_id\":\"1@x\",\"from\":\"sip:a@x\",\"to\":null,\"method\":\"INVITE\""));
    CHECK(holds(json, "\"result\":\"failed\",\"code\":486,\"began\":-0.001500,\"ended\":0.002500"));
    CHECK(holds(json, "\"rule\":\"DIAG_BUSY\",\"severity\":\"warning\",\"culprit\":\"callee\""));
    CHECK(holds(json, "\"place\":null,\"guess\":false,\"code\":486"));
    CHECK(holds(json, "\"explanation\":{\"code\":486,\"phrase\":\"Busy Here\""));
    CHECK(!holds(json, "\"ladder\""));
}

TND_TEST(call_flaw_in_a_language, "",
         "the rule that a message breaks is told with its law, in the language of JSON and page")
{
    static char room[ROOM], told_room[TND_DIAG_DETAIL_SIZE];
    static const struct tnd_ladder ladder = {.party_count = 0};
    struct tnd_diag_finding finding;
    struct tnd_diag_call call = refused(&finding, (struct tnd_diag_evidence){0, {NULL, 0}});

    CHECK(holds(json_of(&call, room), "\"flaw\":null,\"detail\":null"));
    finding.flaw = TND_RULE_MAX_FORWARDS;
    CHECK(holds(json_of(&call, room),
                "\"flaw\":\"MAX_FORWARDS\",\"detail\":\"MAX_FORWARDS: Max-Forwards is a number "
                "from 0 to 255 (RFC 3261 §20.22)\""));
    for (int lang = 0; lang < TND_LANG_COUNT; lang++) {
        struct tnd_writer w = tnd_writer(room, ROOM);
        struct tnd_slice told = tnd_diag_detail(&finding, (enum tnd_lang)lang, told_room);
        const char *sentence =
            tnd_text((enum tnd_lang)lang, tnd_rule_sentence(TND_RULE_MAX_FORWARDS));

        CHECK(holds(told, sentence));
        tnd_call_json(&w, &call, (enum tnd_lang)lang, NULL);
        CHECK(holds(tnd_writer_slice(&w), sentence));
        w = tnd_writer(room, ROOM);
        tnd_call_page_put(&w, (enum tnd_lang)lang, &call, &ladder, "");
        CHECK(holds(tnd_writer_slice(&w), sentence));
    }
}

TND_TEST(call_flaw_fits, "", "whichever rule is broken, in every language it is told whole")
{
    char room[TND_DIAG_DETAIL_SIZE];

    for (unsigned rule = TND_RULE_NONE + 1; rule < TND_RULE_COUNT; rule++)
        for (int lang = 0; lang < TND_LANG_COUNT; lang++) {
            const struct tnd_diag_finding finding = {.flaw = (uint16_t)rule};

            CHECK(tnd_diag_detail(&finding, (enum tnd_lang)lang, room).ptr);
        }
}

TND_TEST(call_json_evidence, "",
         "evidence is the line as it stands; where none is named, the start line of the message")
{
    static char room[ROOM];
    struct tnd_diag_finding finding;
    struct tnd_diag_call call = refused(&finding, (struct tnd_diag_evidence){1, {NULL, 0}});

    CHECK(holds(json_of(&call, room),
                "\"evidence\":[\"SIP/2.0 486 Busy\"],\"evidence_messages\":[9]"));
    call = refused(&finding, (struct tnd_diag_evidence){0, TND_STR("To: <sip:b@x>\r\n")});
    CHECK(holds(json_of(&call, room), "\"evidence\":[\"To: \\u003csip:b@x\\u003e\"]"));
}

TND_TEST(call_json_any_bytes, "RFC 8259 §8.1",
         "what a peer sent may be any bytes: in JSON those that are no UTF-8 are U+FFFD")
{
    static char room[ROOM];
    struct tnd_diag_finding finding;
    struct tnd_diag_call call =
        refused(&finding, (struct tnd_diag_evidence){0, TND_STR("A: \xff\xc3\xa4\"\x01")});

    CHECK(holds(json_of(&call, room), "[\"A: \xef\xbf\xbd\xc3\xa4\\u0022\\u0001\"]"));
}

TND_TEST(call_page_escapes, "", "what a peer sent is text on the page, never markup")
{
    static char room[ROOM];
    struct tnd_writer w = tnd_writer(room, ROOM);
    struct tnd_diag_finding finding;
    struct tnd_diag_call call =
        refused(&finding, (struct tnd_diag_evidence){0, TND_STR("A: </code><script>x")});
    struct tnd_ladder_line line = {.from = 0, .to = 1, .text = TND_STR("<b>INVITE")};
    struct tnd_ladder ladder = {.title = TND_STR("\"><i>"),
                                .party = {TND_STR("<u>"), TND_STR("callee")},
                                .party_count = 2,
                                .line = &line,
                                .line_count = 1};

    call.from = TND_STR("sip:<img src=x>@x");
    tnd_call_page_put(&w, TND_LANG_EN, &call, &ladder, "now");
    struct tnd_slice page = tnd_writer_slice(&w);
    static const char *const never[] = {"<script", "<img", "<b>INVITE", "<u>", "<i>"};
    for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++)
        CHECK(!holds(page, never[i]));
    CHECK(holds(page, "A: &lt;/code&gt;&lt;script&gt;x") && holds(page, "&lt;img src=x&gt;"));
}
