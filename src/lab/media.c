/* Session descriptions. The lab has no media and says so: every stream is inactive (RFC 3264
 * §5.1) and has the discard port. The name or address is that of the user all the same, so that
 * no reader takes the stream for one on hold as RFC 3264 §8.4 had it (RFC 6337 §5.3).
 *
 * Nothing is kept from one exchange to the next. The number that the owner gives names the
 * session, CSeq of the request is the version of the description: it grows with each request of
 * the dialog.
 * Departs from RFC 3264 §8: it grows also where the description stays the same, and an offer of
 * ours has one stream, however many there were. */
#include "base/assert.h"
#include "lab/parts.h"
#include "tandem/sdp.h"

enum { DISCARD_PORT = 9 };

static const struct tnd_oa_codec codecs[] = {
    {.encoding = TND_STR_INIT("PCMU"), .clock = 8000, .payload = 0},
    {.encoding = TND_STR_INIT("PCMA"), .clock = 8000, .payload = 8},
    {.encoding = TND_STR_INIT("opus"), .clock = 48000, .channels = 2, .payload = 96},
    {.encoding = TND_STR_INIT("telephone-event"),
     .clock = 8000,
     .payload = 101,
     .fmtp = TND_STR_INIT("0-15")},
};

#define AUDIO(proto_)                                                                       \
    {                                                                                       \
        .type = TND_STR_INIT("audio"), .proto = TND_STR_INIT(proto_), .port = DISCARD_PORT, \
        .direction = TND_SDP_NONE, .codecs = codecs,                                        \
        .codec_count = sizeof(codecs) / sizeof(*codecs)                                     \
    }

/* The first is what we offer. */
static const struct tnd_oa_stream streams[] = {AUDIO("RTP/AVP"), AUDIO("RTP/AVPF")};

static void *take_from_arena(void *ctx, size_t size)
{
    return tnd_arena_take((struct tnd_arena *)ctx, size);
}

/* It goes with the arena. */
static void give_nothing(void *ctx, void *ptr, size_t size)
{
    (void)ctx;
    (void)ptr;
    (void)size;
}

static struct tnd_slice without_brackets(struct tnd_slice host)
{
    bool has = host.len > 2 && host.ptr[0] == '[' && host.ptr[host.len - 1] == ']';

    return has ? tnd_slice(host.ptr + 1, host.len - 2) : host;
}

static void fill_local(const struct tnd_lab_asked *asked, struct tnd_oa_local *ret)
{
    struct tnd_cseq cseq = {.number = 0};

    *ret = (struct tnd_oa_local){.streams = streams};
    if (!tnd_sdp_conn_to(without_brackets(asked->host), &ret->conn) &&
        !tnd_sdp_conn_to(TND_STR("0.0.0.0"), &ret->conn))
        TND_ASSERT(!"this is an address");
    tnd_msg_cseq(asked->request, &cseq, NULL);
    ret->origin = (struct tnd_sdp_origin){.user = TND_STR("-"),
                                          .session_id = asked->number & INT64_MAX,
                                          .version = cseq.number,
                                          .net_type = ret->conn.net_type,
                                          .addr_type = ret->conn.addr_type,
                                          .address = ret->conn.address};
}

/* The reason phrase names what is wrong (RFC 3261 §21.4.1). */
static unsigned refuse_unreadable(struct tnd_arena *a, const struct tnd_sdp_flaws *flaws,
                                  struct lab_fault *fault)
{
    char reason[256];
    struct tnd_writer w = tnd_writer(reason, sizeof(reason));
    enum tnd_rule rule = TND_RULE_NONE;

    for (size_t i = 0; i < flaws->count && i < TND_SDP_FLAW_COUNT_MAX && !rule; i++)
        if (tnd_rule_level(flaws->first[i].rule) != TND_LEVEL_SHOULD)
            rule = flaws->first[i].rule;
    tnd_put_str(&w, "Bad session description");
    if (rule) {
        tnd_put_str(&w, ": ");
        tnd_put_str(&w, tnd_rule_sentence(rule));
    }
    *fault = (struct lab_fault){TND_RULE_LAB_OFFER_READ, tnd_slice_keep(a, tnd_writer_slice(&w))};
    return 400;
}

/* RFC 3261 §13.3.1.3: a Warning says why. Its codes: §20.43. */
static unsigned refuse_offer(const struct tnd_sdp *offer, struct tnd_slice agent,
                             struct lab_fault *fault, struct tnd_warning *warning)
{
    bool is_audio = false, is_rtp = false;

    for (size_t i = 0; i < offer->media_count; i++) {
        const struct tnd_sdp_media *media = &offer->media[i];
        bool audio = media->port > 0 && tnd_slice_eq_fold(media->type, streams[0].type);
        is_audio |= audio;
        is_rtp |= audio && (tnd_slice_eq_fold(media->proto, streams[0].proto) ||
                            tnd_slice_eq_fold(media->proto, streams[1].proto));
    }
    *fault = (struct lab_fault){.rule = TND_RULE_LAB_OFFER_COMMON};
    warning->agent = agent;
    if (!is_audio) {
        warning->code = 304;
        warning->text = TND_STR("\"Media type not available: audio alone is\"");
    } else if (!is_rtp) {
        warning->code = 302;
        warning->text = TND_STR("\"Incompatible transport protocol: RTP/AVP is wanted\"");
    } else {
        warning->code = 305;
        warning->text = TND_STR("\"Incompatible media format: PCMU, PCMA and opus are known\"");
    }
    return 488;
}

/* What was given back of the offer makes an answer that breaks a bound of ours. */
static unsigned refuse_large(struct tnd_slice agent, struct lab_fault *fault,
                             struct tnd_warning *warning)
{
    *fault = (struct lab_fault){.rule = TND_RULE_LAB_OFFER_COMMON};
    *warning = (struct tnd_warning){
        .agent = agent, .text = TND_STR("\"The answer would be too large\""), .code = 399};
    return 488;
}

/* lab-580: the preconditions of each stream, none of which can be reserved here (RFC 3312). */
static void refuse_to_reserve(struct tnd_pre *pre)
{
    struct tnd_pre_rows rows = {.type = TND_STR("qos")};

    pre->uas = true;
    for (; rows.stream < pre->stream_count; rows.stream++) {
        rows.status = TND_SDP_LOCAL;
        rows.direction = TND_SDP_SENDRECV;
        tnd_pre_reserved(pre, &rows, TND_PRE_REFUSED);
        rows.status = TND_SDP_E2E;
        rows.direction = TND_SDP_SEND;
        tnd_pre_reserved(pre, &rows, TND_PRE_REFUSED);
    }
}

/* As tnd_oa_answer(); 580: ret is what failed. Nothing is kept of the call, so that what is only to be
 * waited for, the caller's own reservation, fails as well. */
static int answer_or_fail(struct tnd_oa *oa, const struct tnd_lab_asked *asked,
                          const struct tnd_oa_local *local, struct tnd_slice offer,
                          struct tnd_sdp_flaws *flaws, struct tnd_slice *ret)
{
    struct tnd_pre_stream state[sizeof(streams) / sizeof(*streams)];
    struct tnd_pre_wish wish;
    struct tnd_pre pre;

    tnd_pre_qos(TND_SDP_STRENGTH_NONE, true, &wish);
    tnd_pre_init(&pre, oa, state, local->stream_count, &wish, 1);
    refuse_to_reserve(&pre);
    int err = tnd_pre_offered(&pre, asked->a, local, offer, flaws);
    if (err)
        return err;
    if (tnd_pre_verdict(&pre, NULL) == TND_PRE_MET)
        return tnd_pre_answer(&pre, asked->a, local, ret);
    err = tnd_pre_failure(&pre, asked->a, local, ret); /* RFC 3312 §8 */
    return err ? err : 580;
}

static int answer(struct tnd_oa *oa, const struct tnd_lab_asked *asked,
                  const struct tnd_oa_local *local, struct tnd_slice offer,
                  struct tnd_sdp_flaws *flaws, struct tnd_slice *ret)
{
    if (tnd_lab_code(asked->uri->user) == 580)
        return answer_or_fail(oa, asked, local, offer, flaws, ret);
    int err = tnd_oa_offered(oa, offer, flaws);
    return err ? err : tnd_oa_answer(oa, asked->a, local, ret);
}

/* 0: all is well, or the arena is over. */
static unsigned exchange(struct tnd_oa *oa, const struct tnd_lab_asked *asked,
                         struct tnd_slice offer, struct tnd_slice *ret, struct lab_fault *ret_fault,
                         struct tnd_warning *ret_warning)
{
    struct tnd_sdp_flaws flaws = {.count = 0};
    struct tnd_oa_local local;
    int err;

    fill_local(asked, &local);
    if (!offer.ptr) {
        local.stream_count = 1;
        err = tnd_oa_offer(oa, asked->a, &local, ret);
    } else {
        local.stream_count = sizeof(streams) / sizeof(*streams);
        err = answer(oa, asked, &local, offer, &flaws, ret);
        if (err == TND_ESYNTAX)
            return refuse_unreadable(asked->a, &flaws, ret_fault);
        if (err == 580) {
            *ret_fault = (struct lab_fault){.rule = TND_RULE_LAB_PRECONDITION};
            return 580;
        }
        if (err == TND_ENONE)
            return refuse_offer(&oa->pending->remote, asked->host, ret_fault, ret_warning);
    }
    /* believed: what stayed within the bounds of an offer does so in its answer */
    if (TND_ALWAYS(err == 0 || tnd_arena_over(asked->a)))
        return 0;
    return refuse_large(asked->host, ret_fault, ret_warning);
}

unsigned lab_describe(const struct tnd_lab_asked *asked, struct tnd_slice offer,
                      struct tnd_slice *ret, struct lab_fault *ret_fault,
                      struct tnd_warning *ret_warning)
{
    struct tnd_mem mem = {take_from_arena, give_nothing, asked->a};
    struct tnd_slice text = {NULL, 0};
    struct tnd_oa oa;

    tnd_oa_init(&oa, &mem, SIZE_MAX); /* the arena is the bound */
    unsigned code = exchange(&oa, asked, offer, &text, ret_fault, ret_warning);
    if (text.ptr)
        *ret = tnd_slice_keep(asked->a, text);
    tnd_oa_fini(&oa);
    return code;
}
