/* tandem/sdp/offer.h: offer and answer (RFC 3264, as clarified by RFC 6337), a machine.
 *
 *                      tnd_oa_offer              tnd_oa_answered: 0
 *          .---------> OFFER_SENT -------------------------------.
 *       STABLE             | tnd_oa_rollback                     v
 *          ^-----------<---'-----------------------<--------- STABLE, agreed
 *          '---------> OFFER_RECEIVED ---------------------------^
 *                      tnd_oa_offered: 0         tnd_oa_answer: 0
 *
 * One machine is one side of one dialog. It keeps the pair of descriptions agreed upon and,
 * while an exchange is pending, a second pair; when the exchange ends one of the two goes
 * away whole, so that a refused offer leaves no trace (RFC 3264 §4) but in the version
 * number, which never goes back.
 *
 * What this side can do is told anew with each offer and answer, as struct tnd_oa_local.
 * The machine fits it to the rules: the number and order of the streams, the direction,
 * the payload type numbers, the version of "o=".
 *
 * Not negotiated: fmtp parameters (ours are sent where we have some, else the offer's are
 * given back), ICE, keys of SRTP, BUNDLE. Attributes for those go into
 * struct tnd_oa_stream as they are. */
#ifndef TANDEM_SDP_OFFER_H
#define TANDEM_SDP_OFFER_H

#include "tandem/sdp/attr.h"
#include "tandem/sdp/desc.h"

/* A format that we can send and receive. For RTP encoding, clock and channels name it;
 * for other transports encoding is the format of the "m=" line and clock is 0. */
struct tnd_oa_codec {
    struct tnd_slice encoding;
    uint32_t clock;        /* Hz */
    uint32_t channels;     /* 0 is 1 */
    uint8_t payload;       /* the payload type that we offer, if it is free in the stream */
    struct tnd_slice fmtp; /* ours, without the format; absent: none */
};

/* A stream that we want, now. */
struct tnd_oa_stream {
    struct tnd_slice type, proto; /* "audio", "RTP/AVP" */
    uint16_t port;                /* 0: not wanted now */
    /* direction is our own wish: SEND puts the other side on hold and SENDRECV takes it
     * off, whatever the other side wishes for itself (RFC 6337 §5.3). */
    enum tnd_sdp_direction direction;
    const struct tnd_oa_codec *codecs; /* the preferred first */
    size_t codec_count;                /* at most TND_SDP_FORMAT_COUNT_MAX */
    const struct tnd_sdp_attr *attrs;  /* put after those that the machine makes: ptime, curr… */
    size_t attr_count;
};

/* What we want and can do. Streams keep their index for the life of the machine: new ones
 * are added at the end, one that is not wanted any more gets port 0. */
struct tnd_oa_local {
    struct tnd_sdp_origin origin; /* version: that of the first description; below 2^62 - 1 */
    struct tnd_slice name;        /* "s="; absent is "-" */
    struct tnd_sdp_conn conn;     /* where we receive */
    const struct tnd_oa_stream *streams;
    size_t stream_count; /* at most TND_SDP_MEDIA_COUNT_MAX */
    const struct tnd_sdp_attr *attrs;
    size_t attr_count; /* of the session */
};

/* The one that most calls begin with: one stream of audio, PCMU and PCMA by RTP (RFC 3551), both ways,
 * received at that address and port. Fields of stream may be changed between two offers. */
struct tnd_oa_audio {
    struct tnd_oa_local local; /* borrows from this struct, which does not move, and from address */
    struct tnd_oa_stream stream;
};

/* address: "192.0.2.1", "2001:db8::1", or a host name; kept. session_id: any number that differs from
 * call to call, as the time of day does (RFC 8866 §5.2). TND_ESYNTAX: address is none, or port is 0;
 * ret is untouched. */
int tnd_oa_audio_init(struct tnd_oa_audio *ret, struct tnd_slice address, uint16_t port,
                      uint64_t session_id);

enum tnd_oa_state {
    TND_OA_STABLE,
    TND_OA_OFFER_SENT,     /* ours is not answered yet */
    TND_OA_OFFER_RECEIVED, /* theirs is not answered yet */
};

/* One exchange: both descriptions, in an arena that ends with it. */
struct tnd_oa_exchange {
    struct tnd_arena arena;
    bool has_local, has_remote;
    struct tnd_sdp local, remote;
    struct tnd_slice local_text, remote_text;
    /* slot[i] is the index of our stream in the i-th "m=" line, or -1. */
    int8_t slot[TND_SDP_MEDIA_COUNT_MAX];
};

/* The fields are for reading. */
struct tnd_oa {
    enum tnd_oa_state state;
    struct tnd_oa_exchange exchanges[2];
    struct tnd_oa_exchange *agreed;  /* its descriptions are missing before the first answer */
    struct tnd_oa_exchange *pending; /* the other one */
    struct tnd_arena sent_arena;
    struct tnd_slice sent; /* the last text that we gave out, refused or not */
    uint64_t version;      /* its version */
    bool given;            /* there was such a text */
    uint64_t heard;        /* the version of the last that we were given, refused or not */
};

/* Nothing agreed, nothing pending. Keeps mem; at most size_max bytes are taken from it for
 * each of three descriptions' lives. A pair of ordinary descriptions needs 8 KiB. */
void tnd_oa_init(struct tnd_oa *oa, const struct tnd_mem *mem, size_t size_max);
void tnd_oa_fini(struct tnd_oa *oa);

/* Makes an offer: each stream of local that has a port, in the slot that it had, or in one
 * that was disabled, or below all (RFC 3264 §8.1). ret borrows from oa until the exchange
 * ends. a is for passing needs. The version grows by one exactly if the text is another
 * than the last one given out (RFC 3264 §8).
 *
 *   TND_ESTATE   an exchange is pending; wait for its end (RFC 3264 §4)
 *   TND_ESPACE   local breaks a bound of sdp/desc.h, or has no payload type left for a codec
 *   TND_ESYNTAX  local holds a value that no description may hold
 *   TND_ENOMEM   a, or a size_max, is too small
 * After each of them nothing has changed. */
int tnd_oa_offer(struct tnd_oa *oa, struct tnd_arena *a, const struct tnd_oa_local *local,
                 struct tnd_slice *ret);

/* Takes an offer of the other side. Copies text. ret_flaws borrows from oa until the
 * exchange ends, or after an error from text.
 *
 *   TND_ESTATE   one is pending. In OFFER_SENT that is glare: refuse with 491; in
 *                OFFER_RECEIVED with 500 and a Retry-After of 0 to 10 seconds
 *                (RFC 3261 §14.2, RFC 3311 §5.2, RFC 6337 §4)
 *   TND_ESYNTAX  the flaws say why: refuse with 400 or 488
 *   TND_ENOMEM   500 or 503
 * After each of them nothing has changed. */
int tnd_oa_offered(struct tnd_oa *oa, struct tnd_slice text, struct tnd_sdp_flaws *ret_flaws);

/* Which stream of local would answer the i-th "m=" line of the pending offer: the index,
 * or -1 if the line would be refused or a is over. For who puts preconditions into local. */
int tnd_oa_match(const struct tnd_oa *oa, struct tnd_arena *a, const struct tnd_oa_local *local,
                 size_t i);

/* Answers the pending offer. The same errors as tnd_oa_offer, and
 *
 *   TND_ENONE  nothing in common in any stream (RFC 3264 §6.1). Where the offer can be
 *              refused do so, with 488 and tnd_oa_rollback. An offer in a response cannot
 *              be (RFC 6337 §5.2.4): answer with a local without streams, which refuses
 *              each stream with port 0 */
int tnd_oa_answer(struct tnd_oa *oa, struct tnd_arena *a, const struct tnd_oa_local *local,
                  struct tnd_slice *ret);

/* Takes the answer to our offer. Copies text. ret_flaws as above.
 *
 *   TND_ESTATE   no offer of ours is pending: not an answer, ignore it
 *   TND_ESYNTAX  the flaws say why; our offer is still pending. End the call, or the
 *                exchange with tnd_oa_rollback
 *   TND_ENOMEM   the same */
int tnd_oa_answered(struct tnd_oa *oa, struct tnd_slice text, struct tnd_sdp_flaws *ret_flaws);

/* The pending offer, ours or theirs, was refused: back to what was agreed before it
 * (RFC 3264 §4). In STABLE nothing happens. */
void tnd_oa_rollback(struct tnd_oa *oa);

/* One format both ways. */
struct tnd_oa_format {
    struct tnd_oa_codec codec;          /* payload is ours; fmtp what the other side wants */
    struct tnd_slice send, recv;        /* the format as the "m=" line of them, and of us, has it */
    uint8_t send_payload, recv_payload; /* of RTP: what to send with, what comes in */
};

/* One stream as agreed. */
struct tnd_oa_flow {
    struct tnd_slice type, proto;
    bool live;                  /* both ports are there; else ignore the rest */
    bool mute;                  /* the address is 0.0.0.0: no RTP and no RTCP to it */
    struct tnd_sdp_conn remote; /* send here */
    uint16_t remote_port, local_port;
    uint16_t remote_rtcp_port;           /* a=rtcp, else the next one (RFC 3264 §5.1) */
    enum tnd_sdp_direction direction;    /* what we do */
    tnd_time ptime;                      /* what the other side wants in a packet; 0: not said */
    int stream;                          /* its index in our local, or -1 */
    const struct tnd_oa_format *formats; /* send with the first (RFC 3264 §6.1, §7) */
    size_t format_count;
};

struct tnd_oa_session {
    const struct tnd_oa_flow *flows; /* one for each "m=" line, in order */
    size_t flow_count;
};

/* What was agreed last; a pending exchange does not matter. Borrows from oa until the next
 * exchange ends, and from a.
 *
 *   TND_ENONE   nothing was agreed yet
 *   TND_ENOMEM  a is over; ret is untouched */
int tnd_oa_session(const struct tnd_oa *oa, struct tnd_arena *a, struct tnd_oa_session *ret);

/* The same, borrowing from a alone: for who may look at it when other exchanges have ended. */
int tnd_oa_session_keep(const struct tnd_oa *oa, struct tnd_arena *a, struct tnd_oa_session *ret);

#endif
