/* How much a stream needs, of what is to be reserved for it. */
#include "ua/call.h"

enum {
    PTIME_DEFAULT = TND_MS(20), /* RFC 3551 §4.2 */
    HEADERS_IPV4 = 20 + 8 + 12, /* bytes of IP, UDP and RTP in each packet */
    HEADERS_IPV6 = 40 + 8 + 12,
};

/* Of a constant rate (RFC 3551 §4.5), in kbit/s. 0: not known here. */
static uint32_t rate_of(struct tnd_slice encoding)
{
    static const struct {
        const char *name;
        uint32_t rate;
    } rates[] = {{"PCMU", 64}, {"PCMA", 64}, {"G722", 64}, {"G728", 16}, {"G729", 8}, {"GSM", 14}};

    for (size_t i = 0; i < sizeof(rates) / sizeof(*rates); i++)
        if (tnd_slice_eq_fold(encoding, tnd_slice_str(rates[i].name)))
            return rates[i].rate;
    return 0;
}

/* RFC 4733, RFC 3389: in place of sound, and less than it. */
static bool is_aside(struct tnd_slice encoding)
{
    return tnd_slice_eq_fold(encoding, TND_STR("telephone-event")) ||
           tnd_slice_eq_fold(encoding, TND_STR("CN"));
}

/* The largest, for which one is sent is decided packet by packet. */
static uint32_t rate_of_all(const struct tnd_oa_flow *flow)
{
    uint32_t most = 0;

    for (size_t i = 0; i < flow->format_count; i++) {
        struct tnd_slice encoding = flow->formats[i].codec.encoding;
        uint32_t rate = rate_of(encoding);

        if (rate == 0 && !is_aside(encoding))
            return 0;
        most = rate > most ? rate : most;
    }
    return most;
}

static uint32_t headers_of(const struct tnd_oa_flow *flow)
{
    bool is_ipv6 = tnd_slice_eq_fold(flow->remote.addr_type, TND_STR("IP6"));
    uint64_t ptime = (uint64_t)(flow->ptime > 0 ? flow->ptime : PTIME_DEFAULT);
    uint64_t bits = 8 * (is_ipv6 ? HEADERS_IPV6 : HEADERS_IPV4);

    return (uint32_t)((bits * 1000 + ptime - 1) / ptime); /* bits in microseconds; rounded up */
}

/* RFC 8866 §5.8: with the headers (RFC 3550 §6.2). */
static uint32_t said(const struct tnd_sdp_part *part)
{
    for (size_t i = 0; i < part->bandwidth_count; i++)
        if (tnd_slice_eq(part->bandwidths[i].type, TND_STR("AS")))
            return (uint32_t)part->bandwidths[i].value;
    return 0;
}

uint32_t ua_bandwidth(const struct tnd_sdp_part *theirs, const struct tnd_oa_flow *flow)
{
    uint32_t named = theirs ? said(theirs) : 0;
    uint32_t rate = named == 0 && flow ? rate_of_all(flow) : 0;

    return rate > 0 ? rate + headers_of(flow) : named;
}
