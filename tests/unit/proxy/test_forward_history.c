/* History-Info: indexes, reasons, how a target came about. */
#include "tandem/sip/origin.h"
#include "unit/proxy/forward_test.h"

enum { TRIED_MAX = 4 };

static struct tnd_slice forwarded(const char *lines, const struct tnd_tried *tried, size_t count)
{
    static char room[4096];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_history_forward_write(&w, sip_request_with(lines), tried, count);
    CHECK(!tnd_writer_over(&w));
    return tnd_writer_slice(&w);
}

static bool is_asked(const char *method, const char *to_tag, const char *lines)
{
    struct tnd_txn_parts parts =
        forward_parts(&(struct forward_call){.method = method, .to_tag = to_tag, .lines = lines});

    return tnd_history_is_asked(&parts);
}

TND_TEST(history_asked, "RFC 7044 §9.4",
         "a caller asks for History-Info with an entry of its own or in Supported")
{
    CHECK(!is_asked("INVITE", "", ""));
    CHECK(!is_asked("INVITE", "", "Supported: 100rel, timer\r\nk:\r\n"));
    CHECK(is_asked("INVITE", "", "Supported: 100rel\r\nk: HistInfo\r\n"));
    CHECK(is_asked("MESSAGE", "", "History-Info: <sip:bob@example.org>;index=1\r\n"));
    CHECK(!is_asked("INVITE", ";tag=b", "Supported: histinfo\r\n")); /* §5: not within a dialog */
    CHECK(!is_asked("CANCEL", "", "Supported: histinfo\r\n"));
}

/* SIP_LINE is for sip:bob@example.org. */
TND_TEST(history_first_entry, "RFC 7044 §9.1",
         "for a sender who made no entry one is added, with index 1")
{
    const struct tnd_tried tried[] = {
        {.uri = TND_STR_INIT("sip:bob@192.0.2.3"), .how = TND_TRIED_CONTACT}};

    CHECK_STR(forwarded("", tried, 1), "History-Info: <sip:bob@example.org>;index=1\r\n"
                                       "History-Info: <sip:bob@192.0.2.3>;index=1.1;rc=1\r\n");
}

TND_TEST(history_forwarded, "RFC 7044 §10.3",
         "the index of a forwarded request is one level deeper, whether the target changed or not")
{
    static const char came[] =
        "History-Info: <sip:alice@a>;index=1\r\n"
        "History-Info: <sip:bob@example.org?Privacy=none>;index=1.1;np=1\r\n";
    const struct tnd_tried same[] = {
        {.uri = TND_STR_INIT("sip:bob@example.org"), .how = TND_TRIED_SAME}};
    const struct tnd_tried other[] = {{.uri = TND_STR_INIT("sip:carol@c"), .how = TND_TRIED_OTHER}};

    CHECK_STR(forwarded(came, same, 1),
              "History-Info: <sip:bob@example.org>;index=1.1.1;np=1.1\r\n");
    CHECK_STR(forwarded(came, other, 1), "History-Info: <sip:carol@c>;index=1.1.1;mp=1.1\r\n");
    CHECK_STR(forwarded("History-Info: <sip:BOB@x>;index=1, <sip:bob@EXAMPLE.org>;index=1.4\r\n",
                        same, 1),
              "History-Info: <sip:bob@example.org>;index=1.4.1;np=1.4\r\n");
}

TND_TEST(history_gap, "RFC 7044 §10.3", "an entry that is missing is told by a 0 in the index")
{
    const struct tnd_tried tried[] = {
        {.uri = TND_STR_INIT("sip:bob@192.0.2.3"), .how = TND_TRIED_CONTACT}};

    CHECK_STR(forwarded("History-Info: <sip:carol@c>;index=1.1.2\r\n", tried, 1),
              "History-Info: <sip:bob@example.org>;index=1.1.2.0\r\n"
              "History-Info: <sip:bob@192.0.2.3>;index=1.1.2.0.1;rc=1.1.2.0\r\n");
}

TND_TEST(history_fork, "RFC 7044 §9.2",
         "each fork has an index of its own, and those that have a response are told with its code")
{
    const struct tnd_tried tried[TRIED_MAX] = {
        {.uri = TND_STR_INIT("sip:bob@192.0.2.3"), .how = TND_TRIED_CONTACT, .code = 486},
        {.uri = TND_STR_INIT("sip:bob@192.0.2.4"), .how = TND_TRIED_CONTACT},
        {.uri = TND_STR_INIT("sip:bob@192.0.2.5"), .how = TND_TRIED_CONTACT, .code = 180},
        {.uri = TND_STR_INIT("sip:carol@c"), .how = TND_TRIED_OTHER},
    };

    CHECK_STR(forwarded("", tried, 4),
              "History-Info: <sip:bob@example.org>;index=1\r\n"
              "History-Info: <sip:bob@192.0.2.3?Reason=SIP%3Bcause%3D486>;index=1.1;rc=1\r\n"
              "History-Info: <sip:bob@192.0.2.5>;index=1.3;rc=1\r\n"
              "History-Info: <sip:carol@c>;index=1.4;mp=1\r\n");
}

TND_TEST(
    history_reason, "RFC 7044 §10.2",
    "the reason is the code, and what Reason said in the response; a tel URI has no room for it")
{
    const struct tnd_tried tried[] = {
        {.uri = TND_STR_INIT("sip:bob@192.0.2.3;x=y"),
         .how = TND_TRIED_CONTACT,
         .code = 480,
         .reason = TND_STR_INIT("Q.850;cause=18;text=\"no user & none\"")},
        {.uri = TND_STR_INIT("tel:+1234"), .how = TND_TRIED_OTHER, .code = 404},
        {.uri = TND_STR_INIT("sip:c?a=b"), .how = TND_TRIED_OTHER, .code = 404},
        {.uri = TND_STR_INIT("sip:last"), .how = TND_TRIED_OTHER},
    };
    struct tnd_slice text = forwarded("", tried, 4);

    CHECK_STR(
        text,
        "History-Info: <sip:bob@example.org>;index=1\r\n"
        "History-Info: <sip:bob@192.0.2.3;x=y?Reason=SIP%3Bcause%3D480&Reason=Q.850%3Bcause%3D18"
        "%3Btext%3D%22no%20user%20%26%20none%22>;index=1.1;rc=1\r\n"
        "History-Info: <tel:+1234>;index=1.2;mp=1\r\n"
        "History-Info: <sip:c?a=b&Reason=SIP%3Bcause%3D404>;index=1.3;mp=1\r\n"
        "History-Info: <sip:last>;index=1.4;mp=1\r\n");
    const struct tnd_msg *msg = sip_request_with("");
    char whole[4096];
    snprintf(whole, sizeof(whole), SIP_LINE SIP_HEAD "%.*s\r\n", TND_FMT(text));
    msg = sip_read_str(whole);
    CHECK_FLAWS(msg, "");
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_HISTORY_INFO);
    struct tnd_history entry;
    CHECK(tnd_history_next(&v, &entry) && tnd_history_next(&v, &entry));
    CHECK_EQ(tnd_history_cause(&entry), 480);
}

TND_TEST(history_redirect, "RFC 7044 §10.4",
         "of a redirect only its Contact says how the target came about")
{
    const struct tnd_tried tried[] = {
        {.uri = TND_STR_INIT("sip:bob@192.0.2.3"), .how = TND_TRIED_SAME, .code = 302},
        {.uri = TND_STR_INIT("sip:c1"), .how = TND_TRIED_REDIRECT, .code = 408},
        {.uri = TND_STR_INIT("sip:c2"),
         .how = TND_TRIED_REDIRECT,
         .code = 404,
         .contact_params = TND_STR_INIT(";q=0.5;RC=1.1;x=y")},
        {.uri = TND_STR_INIT("sip:c3"),
         .how = TND_TRIED_REDIRECT,
         .contact_params = TND_STR_INIT(";mp=1.1")},
    };

    CHECK_STR(forwarded("", tried, 4),
              "History-Info: <sip:bob@example.org>;index=1\r\n"
              "History-Info: <sip:bob@192.0.2.3?Reason=SIP%3Bcause%3D302>;index=1.1;np=1\r\n"
              "History-Info: <sip:c1?Reason=SIP%3Bcause%3D408>;index=1.2\r\n"
              "History-Info: <sip:c2?Reason=SIP%3Bcause%3D404>;index=1.3;RC=1.1\r\n"
              "History-Info: <sip:c3>;index=1.4;mp=1.1\r\n");
}

TND_TEST(history_hidden, "RFC 7044 §10.1.2",
         "where the caller asks for privacy, entries name nobody")
{
    const struct tnd_tried tried[] = {
        {.uri = TND_STR_INIT("sip:bob@192.0.2.3"), .how = TND_TRIED_CONTACT, .code = 404},
        {.uri = TND_STR_INIT("sip:bob@192.0.2.4"), .how = TND_TRIED_CONTACT}};

    CHECK_STR(
        forwarded("Privacy: history\r\n", tried, 2),
        "History-Info: <sip:anonymous@anonymous.invalid>;index=1\r\n"
        "History-Info: <sip:anonymous@anonymous.invalid?Reason=SIP%3Bcause%3D404>;index=1.1;rc=1\r\n"
        "History-Info: <sip:anonymous@anonymous.invalid>;index=1.2;rc=1\r\n");
}

TND_TEST(history_unreadable, "RFC 3261 §16.3",
         "entries that cannot be read are passed on as they are")
{
    const struct tnd_tried tried[] = {
        {.uri = TND_STR_INIT("sip:bob@192.0.2.3"), .how = TND_TRIED_CONTACT}};

    CHECK_STR(forwarded("History-Info: <sip:a>;index=1, nonsense\r\n", tried, 1), "");
    CHECK_STR(forwarded("History-Info: <sip:a>\r\n", tried, 1), "");
}

TND_TEST(history_back, "RFC 7044 §9.4",
         "a response that has none is given all entries that are known")
{
    const struct tnd_tried tried[] = {
        {.uri = TND_STR_INIT("sip:bob@192.0.2.3"), .how = TND_TRIED_CONTACT},
        {.uri = TND_STR_INIT("sip:bob@192.0.2.4"), .how = TND_TRIED_CONTACT, .code = 486},
        {.uri = TND_STR_INIT("sip:bob@192.0.2.5"), .how = TND_TRIED_CONTACT, .code = 200}};
    char room[1024];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_history_back_write(
        &w,
        sip_request_with("History-Info: <sip:x>;index=1,<sip:bob@example.org>;index=1.1;np=1\r\n"),
        tried, 3);
    CHECK_STR(tnd_writer_slice(&w),
              "History-Info: <sip:x>;index=1,<sip:bob@example.org>;index=1.1;np=1\r\n"
              "History-Info: <sip:bob@192.0.2.4?Reason=SIP%3Bcause%3D486>;index=1.1.2;rc=1.1\r\n"
              "History-Info: <sip:bob@192.0.2.5>;index=1.1.3;rc=1.1\r\n");
}

TND_TEST(history_place, "RFC 7044 §10.3", "new entries stand behind those that are there")
{
    const struct tnd_msg *msg = sip_request_with(
        "History-Info: <sip:a>;index=1\r\nX: y\r\nHistory-Info: <sip:b>;index=1.1\r\nZ: y\r\n");
    struct tnd_forward_with with = {.lines = TND_STR("Via: ours\r\n"),
                                    .history = TND_STR("History-Info: <sip:c>;index=1.1.1\r\n"),
                                    .rport = -1,
                                    .max_forwards = 70};
    char room[2048];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_via top;

    CHECK(tnd_msg_via(msg, &top, NULL));
    with.top = &top;
    tnd_forward_request_write(&w, msg, &with);
    CHECK_STR(tnd_writer_slice(&w), SIP_LINE
              "Via: ours\r\n" SIP_VIA SIP_FROM SIP_TO SIP_CALL SIP_CSEQ
              "Max-Forwards: 69\r\nHistory-Info: <sip:a>;index=1\r\nX: y\r\n"
              "History-Info: <sip:b>;index=1.1\r\nHistory-Info: <sip:c>;index=1.1.1\r\nZ: y\r\n"
              "Content-Length: 0\r\n\r\n");
}
