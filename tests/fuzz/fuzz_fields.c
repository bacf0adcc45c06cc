/* Header fields: "Name: value". The name picks the reader (another first byte picks one by
 * its number). Values that were read, written and read again are the same; a value alone
 * and in a message is read alike. */
#include "fuzz/fuzz.h"

#include "tandem/sip.h"

enum { TEXT_SIZE = 1 << 17, ROOM_SIZE = 1 << 19 };

static char with_marks[TEXT_SIZE], first[TEXT_SIZE], second[TEXT_SIZE], third[TEXT_SIZE],
    message[TEXT_SIZE];
static _Alignas(TND_ARENA_ALIGN) char room[ROOM_SIZE];

/* Reads all values and writes them to w, parted by sep. */
typedef void rewriter(struct tnd_values *v, struct tnd_writer *w, const char *sep);

#define REWRITER(name, reader, type, put)                                         \
    static void name(struct tnd_values *v, struct tnd_writer *w, const char *sep) \
    {                                                                             \
        type value;                                                               \
                                                                                  \
        for (bool more = false; tnd_##reader##_next(v, &value); more = true) {    \
            if (more)                                                             \
                tnd_put_str(w, sep);                                              \
            put;                                                                  \
        }                                                                         \
    }
#define STRUCT(reader, type, writer) \
    REWRITER(re_##reader, reader, struct type, tnd_##writer##_write(w, &value))
#define SLICE(reader)  REWRITER(re_##reader, reader, struct tnd_slice, tnd_put(w, value))
#define NUMBER(reader) REWRITER(re_##reader, reader, uint32_t, tnd_put_number(w, value))

STRUCT(accept, tnd_media_type, media_type)
STRUCT(accept_encoding, tnd_choice, choice)
STRUCT(accept_language, tnd_choice, choice)
STRUCT(addr, tnd_addr, addr)
STRUCT(auth_info, tnd_auth, auth_info)
STRUCT(challenge, tnd_auth, challenge)
STRUCT(contact, tnd_contact, contact)
STRUCT(credentials, tnd_auth, credentials)
STRUCT(cseq, tnd_cseq, cseq)
STRUCT(dialog_id, tnd_dialog_id, dialog_id)
STRUCT(disposition, tnd_disposition, disposition)
STRUCT(diversion, tnd_diversion, diversion)
STRUCT(event, tnd_event, event)
STRUCT(history, tnd_history, history)
STRUCT(info, tnd_info, info)
STRUCT(info_package, tnd_package, package)
STRUCT(media_type, tnd_media_type, media_type)
STRUCT(mime_version, tnd_mime_version, mime_version)
STRUCT(min_se, tnd_session_expires, session_expires)
STRUCT(product, tnd_product, product)
STRUCT(rack, tnd_rack, rack)
STRUCT(reason, tnd_reason, reason)
STRUCT(recv_info, tnd_package, package)
STRUCT(referred_by, tnd_referred_by, referred_by)
STRUCT(retry_after, tnd_retry_after, retry_after)
STRUCT(route, tnd_addr, addr)
STRUCT(session_expires, tnd_session_expires, session_expires)
STRUCT(session_id, tnd_session_id, session_id)
STRUCT(subscription_state, tnd_subscription_state, subscription_state)
STRUCT(timestamp, tnd_timestamp, timestamp)
STRUCT(via, tnd_via, via)
STRUCT(warning, tnd_warning, warning)
SLICE(call_id)
SLICE(language)
SLICE(privacy)
SLICE(token)
SLICE(token_or_none)
NUMBER(content_length)
NUMBER(max_forwards)
NUMBER(rseq)
NUMBER(seconds)
REWRITER(re_date, date, tnd_time, tnd_date_write(w, value))

static const struct kind {
    const char *name;
    rewriter *rewrite;
    const char *sep;
} kinds[] = {
    {"Accept", re_accept, ", "},
    {"Accept-Encoding", re_accept_encoding, ", "},
    {"Accept-Language", re_accept_language, ", "},
    {"Authentication-Info", re_auth_info, ", "},
    {"Authorization", re_credentials, ", "},
    {"CSeq", re_cseq, ", "},
    {"Call-ID", re_call_id, ", "},
    {"Call-Info", re_info, ", "},
    {"Contact", re_contact, ", "},
    {"Content-Disposition", re_disposition, ", "},
    {"Content-Language", re_language, ", "},
    {"Content-Length", re_content_length, ", "},
    {"Content-Type", re_media_type, ", "},
    {"Date", re_date, ", "},
    {"Diversion", re_diversion, ", "},
    {"Event", re_event, ", "},
    {"Expires", re_seconds, ", "},
    {"From", re_addr, ", "},
    {"History-Info", re_history, ", "},
    {"Info-Package", re_info_package, ", "},
    {"MIME-Version", re_mime_version, ", "},
    {"Max-Forwards", re_max_forwards, ", "},
    {"Min-SE", re_min_se, ", "},
    {"Privacy", re_privacy, ";"},
    {"RAck", re_rack, ", "},
    {"RSeq", re_rseq, ", "},
    {"Reason", re_reason, ", "},
    {"Recv-Info", re_recv_info, ", "},
    {"Referred-By", re_referred_by, ", "},
    {"Replaces", re_dialog_id, ", "},
    {"Require", re_token, ", "},
    {"Retry-After", re_retry_after, ", "},
    {"Route", re_route, ", "},
    {"Session-Expires", re_session_expires, ", "},
    {"Session-ID", re_session_id, ", "},
    {"Subscription-State", re_subscription_state, ", "},
    {"Supported", re_token_or_none, ", "},
    {"Timestamp", re_timestamp, ", "},
    {"User-Agent", re_product, " "},
    {"Via", re_via, ", "},
    {"WWW-Authenticate", re_challenge, ", "},
    {"Warning", re_warning, ", "},
};

enum { KIND_COUNT = sizeof(kinds) / sizeof(*kinds) };

/* The kind, and in *text what follows its name. */
static const struct kind *pick(struct tnd_slice *text)
{
    const char *colon = memchr(text->ptr, ':', text->len);
    struct tnd_slice all = *text;

    *text = tnd_slice(all.ptr + 1, all.len - 1);
    if (!colon)
        return &kinds[(unsigned char)all.ptr[0] % KIND_COUNT];
    for (unsigned i = 0; i < KIND_COUNT; i++) {
        struct tnd_slice name = tnd_slice_between(all.ptr, colon);

        if (!tnd_slice_eq_fold(name, tnd_slice_str(kinds[i].name)))
            continue;
        *text = tnd_slice_between(colon + 1, tnd_slice_end(all));
        return &kinds[i];
    }
    return &kinds[(unsigned char)all.ptr[0] % KIND_COUNT];
}

struct result {
    struct tnd_slice text; /* all values, written */
    uint32_t count;
    enum tnd_rule rule;
};

static struct result rewrite(const struct kind *kind, struct tnd_values v, char *out)
{
    struct tnd_writer w = tnd_writer(out, TEXT_SIZE);

    kind->rewrite(&v, &w, kind->sep);
    FUZZ_CHECK(!tnd_writer_over(&w));
    return (struct result){tnd_writer_slice(&w), v.count, v.c.flaw.rule};
}

/* With marks and without, if there are any. */
static struct result rewrite_loose(const struct kind *kind, struct tnd_slice text, char *out)
{
    static struct tnd_marks marks;
    struct tnd_values v = tnd_values(text, &marks);
    struct result with = rewrite(kind, v, with_marks);

    v.c.marks = NULL;
    struct result without = rewrite(kind, v, out);
    FUZZ_CHECK(with.rule == without.rule && with.count == without.count);
    FUZZ_CHECK(tnd_slice_eq(with.text, without.text));
    return without;
}

static bool has_control(struct tnd_slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (((unsigned char)text.ptr[i] < 0x20 && text.ptr[i] != '\t') || text.ptr[i] == 0x7f)
            return true;
    return false;
}

/* The same value as a header field of a message. */
static void check_in_message(const struct kind *kind, struct tnd_slice text, struct result loose)
{
    struct tnd_writer w = tnd_writer(message, sizeof(message));
    struct tnd_arena a;
    struct tnd_msg msg;

    tnd_put_str(&w, "BYE sip:a SIP/2.0\r\n");
    tnd_put_str(&w, kind->name);
    tnd_put_str(&w, ": ");
    tnd_put(&w, text);
    tnd_put_str(&w, "\r\n\r\n");
    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    FUZZ_CHECK(tnd_msg_parse(&msg, &a, tnd_writer_slice(&w), TND_DATAGRAM) == 0);
    FUZZ_CHECK(msg.field_count == 1);
    struct result in = rewrite(kind, tnd_field_values(&msg, &msg.fields[1]), second);
    FUZZ_CHECK(in.rule == loose.rule && in.count == loose.count);
    FUZZ_CHECK(tnd_slice_eq(in.text, loose.text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tnd_slice text = tnd_slice((const char *)data, size);

    if (size == 0 || size > TND_LOOSE_LEN_MAX)
        return 0;
    const struct kind *kind = pick(&text);
    text = tnd_slice_trim(text); /* as a message does */
    struct result once = rewrite_loose(kind, text, first);
    if (!has_control(text))
        check_in_message(kind, text, once);
    /* of Authentication-Info only what is known is written, which may be nothing */
    bool lost = once.count > 0 && once.text.len == 0;
    if (once.rule != TND_RULE_NONE || once.text.len > TND_LOOSE_LEN_MAX || lost)
        return 0;
    struct result twice = rewrite_loose(kind, once.text, third);
    FUZZ_CHECK(twice.rule == TND_RULE_NONE && twice.count == once.count);
    FUZZ_CHECK(tnd_slice_eq(twice.text, once.text));
    return 0;
}
