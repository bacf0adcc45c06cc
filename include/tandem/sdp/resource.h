/* tandem/sdp/resource.h: preconditions of a call (RFC 3312, RFC 4032, RFC 5027), a machine.
 *
 *     tnd_pre_qos(TND_SDP_STRENGTH_MANDATORY, false, &wish);
 *     tnd_pre_init(&pre, &oa, streams, 1, &wish, 1);      beside tnd_oa_init()
 *
 *     caller                                 callee, pre.uas = true
 *     tnd_pre_offer()          INVITE -->    tnd_pre_offered(), tnd_pre_verdict(): FAILED is 580
 *     tnd_pre_answered()       <-- 183       tnd_pre_answer()
 *     tnd_pre_next()           both reserve  tnd_pre_next()
 *     tnd_pre_reserved()                     tnd_pre_reserved()
 *     tnd_pre_offer_is_due()                 tnd_pre_verdict(): SUSPENDED
 *     tnd_pre_offer()          UPDATE -->    tnd_pre_offered()
 *     tnd_pre_answered()       <-- 200       tnd_pre_answer(); MET, so the phone rings
 *     tnd_pre_resumed()        <-- 180
 *
 * It stands before the machine of offer and answer (tandem/sdp/offer.h): whoever has preconditions
 * makes and takes each offer and answer of the call with the functions below, which return what
 * those of tnd_oa return and leave nothing changed where those do. They put a=curr, a=des and a=conf
 * behind the attributes of each stream, and read those of the other side.
 *
 * It reserves nothing. It says what is to be reserved for which stream (tnd_pre_next()), and is told
 * what became of it (tnd_pre_reserved()); where the media go and in which formats, says
 * tnd_oa_session().
 *
 * A table has a row for each status and direction: current, and how strongly it is desired (RFC 3312
 * §5.1). Rows of one status are kept as bits of enum tnd_sdp_direction, so that "sendrecv" is both of
 * them, & asks and | adds. All is seen by us: what the other side says is turned around when it is
 * read (RFC 3312 §5.2, table 4). Streams have the index that they have in struct tnd_oa_local. */
#ifndef TANDEM_SDP_RESOURCE_H
#define TANDEM_SDP_RESOURCE_H

#include "tandem/sdp/offer.h"
#include "tandem/sdp/precondition.h"

enum {
    TND_PRE_TYPE_COUNT_MAX = 4, /* of one stream. More: mandatory ones are refused as unknown */
    TND_PRE_TYPE_SIZE_MAX = 24, /* letters of a type; RFC 3312 §15 recommends ten */
    TND_PRE_STATUS_COUNT = 3,   /* enum tnd_sdp_status is the index */
};

/* A type that we understand, and what we want of it. By status; rows as enum tnd_sdp_direction. */
struct tnd_pre_wish {
    struct tnd_slice type; /* "qos"; at most TND_PRE_TYPE_SIZE_MAX */
    /* The status types of our offers: e2e, or local and remote, or all three (RFC 3312 §10). In an
     * answer we use those of the offer. */
    bool offered[TND_PRE_STATUS_COUNT];
    /* What we reserve, and so have local information of: segmented local sendrecv; end to end send,
     * as with RSVP (RFC 3312 §13.1). None: the type is understood, but cannot be had. */
    uint8_t own[TND_PRE_STATUS_COUNT];
    /* How strongly a row is desired; mandatory wins, what is in neither is "none". Of a direction that
     * the stream does not have, nothing is desired. */
    uint8_t optional[TND_PRE_STATUS_COUNT], mandatory[TND_PRE_STATUS_COUNT];
    /* Of what we want to be told beyond what RFC 3312 §6 needs. A caller who wants to hear of the
     * callee's reservations asks for remote. */
    uint8_t confirm[TND_PRE_STATUS_COUNT];
};

/* The usual ones: quality of service, both directions. segmented: on the access networks (RFC 3312
 * §13.2); else end to end, of which we know the send direction. A strength of NONE says that we could
 * (RFC 3312 §5.1.1, §12). */
void tnd_pre_qos(enum tnd_sdp_strength strength, bool segmented, struct tnd_pre_wish *ret);

/* What RFC 3312 §8 leaves to whoever was refused: mandatory becomes optional; without any mandatory,
 * optional becomes none. false: there is nothing left to relax. */
bool tnd_pre_relax(struct tnd_pre_wish *wish);

/* One type of a stream: the rows of the status table that are of it. For reading. */
struct tnd_pre_table {
    char name[TND_PRE_TYPE_SIZE_MAX];
    uint8_t name_size;
    bool understood; /* it is one of the wishes */
    bool unanswered; /* mandatory in our offer, and the answer did not speak of it */
    bool used[TND_PRE_STATUS_COUNT];      /* the status has rows */
    uint8_t curr[TND_PRE_STATUS_COUNT];   /* reserved, as far as we know */
    uint8_t said[TND_PRE_STATUS_COUNT];   /* curr, in the last description that we gave out */
    uint8_t own[TND_PRE_STATUS_COUNT];    /* as in the wish */
    uint8_t failed[TND_PRE_STATUS_COUNT]; /* of own: cannot be reserved */
    uint8_t optional[TND_PRE_STATUS_COUNT], mandatory[TND_PRE_STATUS_COUNT];
    uint8_t confirm[TND_PRE_STATUS_COUNT]; /* as in the wish */
    uint8_t conf[TND_PRE_STATUS_COUNT];    /* the other side asked us to confirm (RFC 3312 §7) */
};

struct tnd_pre_tables {
    bool live;   /* the stream is wanted by both sides (RFC 3312 §8.1) */
    bool excess; /* mandatory preconditions of a type that is not understood did not fit */
    int8_t line; /* the "m=" line that it has, or -1 */
    struct tnd_pre_table table[TND_PRE_TYPE_COUNT_MAX];
    size_t count;
};

/* One stream of a call. */
struct tnd_pre_stream {
    const struct tnd_pre_wish *wishes;
    size_t wish_count;
    bool fresh;     /* the next offer says the wishes, and not what was negotiated */
    uint8_t moving; /* 1: we move with the next description; 2: with the pending one */
    struct tnd_pre_tables agreed;  /* the local status tables */
    struct tnd_pre_tables pending; /* the transaction status tables, while an exchange is */
    uint64_t place, place_pending; /* digests of where the other side receives; 0: not known */
};

/* All streams of a call. */
struct tnd_pre {
    struct tnd_oa *oa;
    struct tnd_pre_stream *streams;
    size_t stream_count;
    /* For the owner to set: it is we who hold back until all is met, being the callee; later, being the
     * one who was sent the re-INVITE or UPDATE that changes the session. */
    bool uas;
    bool agreed; /* an exchange has ended */
    bool heard;  /* the other side speaks of preconditions */
    uint8_t tag; /* enum tnd_pre_tag of our last offer */
};

/* Keeps oa, streams and wishes, which are those of each stream. wish_count is at most
 * TND_PRE_TYPE_COUNT_MAX; without any, no type is understood. */
void tnd_pre_init(struct tnd_pre *pre, struct tnd_oa *oa, struct tnd_pre_stream *streams,
                  size_t stream_count, const struct tnd_pre_wish *wishes, size_t wish_count);

/* Other wishes for one stream, kept too: as many as before, and of the same types. The next offer says
 * them and not what was negotiated, so that what is mandatory can become optional (RFC 4032 §4.2). */
void tnd_pre_set_wishes(struct tnd_pre *pre, size_t stream, const struct tnd_pre_wish *wishes);

/* In place of tnd_oa_offer(), tnd_oa_offered(), tnd_oa_answer(), tnd_oa_answered() and
 * tnd_oa_rollback(): likewise, and with the same errors; and TND_ESPACE where local has more than
 * stream_count streams. tnd_pre_offered() needs local to know which of our streams a line is for; let
 * it be the one that the answer is made with. After it 0 is no consent: ask tnd_pre_verdict(). Flaws
 * name what was odd about preconditions; none of them refuses. */
int tnd_pre_offer(struct tnd_pre *pre, struct tnd_arena *a, const struct tnd_oa_local *local,
                  struct tnd_slice *ret);
int tnd_pre_offered(struct tnd_pre *pre, struct tnd_arena *a, const struct tnd_oa_local *local,
                    struct tnd_slice text, struct tnd_sdp_flaws *ret_flaws);
int tnd_pre_answer(struct tnd_pre *pre, struct tnd_arena *a, const struct tnd_oa_local *local,
                   struct tnd_slice *ret);
int tnd_pre_answered(struct tnd_pre *pre, struct tnd_slice text, struct tnd_sdp_flaws *ret_flaws);
void tnd_pre_rollback(struct tnd_pre *pre);

/* Rows of one status of one type of one stream. */
struct tnd_pre_rows {
    size_t stream;
    struct tnd_slice type; /* borrows from the stream's tables, until the next offer or answer */
    enum tnd_sdp_status status;
    enum tnd_sdp_direction direction;
    enum tnd_sdp_strength strength;
    bool early; /* of tnd_pre_next() */
};

/* What we should reserve, one after the other: rows of our own that are desired, and neither reserved
 * nor failed. Start with at = 0. false: no more. With early rows one MAY wait until the exchange has
 * ended, with the others it has: e2e ones come only then, for both sides are needed (RFC 3312 §5.2).
 * Before the first offer all streams of tnd_pre_init() are taken to be wanted. */
bool tnd_pre_next(const struct tnd_pre *pre, size_t *at, struct tnd_pre_rows *ret);

enum tnd_pre_outcome {
    TND_PRE_RESERVED,
    TND_PRE_REFUSED, /* cannot be had: is not asked for again, unless the stream moves */
    TND_PRE_LOST,    /* was there, is gone: tnd_pre_next() asks for it again */
};

/* What became of rows, whose strength does not matter; may be said at any time and again, also of rows
 * that nobody asked for. TND_ENONE: the stream has no such rows; nothing changes. */
int tnd_pre_reserved(struct tnd_pre *pre, const struct tnd_pre_rows *rows,
                     enum tnd_pre_outcome outcome);

/* Our end of the stream gets another address or port with the next offer, or with the answer to the
 * pending one: then it begins from scratch, with nothing reserved (RFC 4032 §4.1). That the other side
 * moves, the machine sees for itself. */
void tnd_pre_moved(struct tnd_pre *pre, size_t stream);

/* A 180 or 2xx came from the callee: the establishment goes on, so all is met at his side. */
void tnd_pre_resumed(struct tnd_pre *pre);

/* How it stands; while an offer of the other side is pending, how it will when it is answered. */
enum tnd_pre_verdict {
    TND_PRE_MET, /* the callee may be alerted, a 200 be sent, the new session be used (RFC 3312 §6). Also
                  * where there are no preconditions, or none that are mandatory */
    TND_PRE_SUSPENDED, /* do none of these, and send no media over what is suspended */
    TND_PRE_FAILED, /* a mandatory one cannot be met: refuse the pending offer, or the INVITE, with 580;
                     * the caller, or who cannot refuse any more: CANCEL or BYE (RFC 3312 §8). Each
                     * with tnd_pre_failure() */
};

/* ret_rule, which may be NULL: why it is not MET; else it is untouched. */
enum tnd_pre_verdict tnd_pre_verdict(const struct tnd_pre *pre, enum tnd_rule *ret_rule);

/* The other side asked for confirmation, and what it asked for has come, or gone again: make an offer,
 * as soon as there may be one, in an UPDATE (RFC 3312 §7), or in the PRACK where it is already true
 * when the answer comes (RFC 5027 §4.1). */
bool tnd_pre_offer_is_due(const struct tnd_pre *pre);

/* The option tag "precondition" in what carries our last offer (RFC 3312 §11). With either, 100rel goes
 * into Supported and UPDATE into Allow; and the description of a 1xx goes reliably (RFC 3262). Whoever
 * lacks what Require has answers 420: then relax the wishes until nothing is mandatory, or do without. */
enum tnd_pre_tag {
    TND_PRE_TAG_NONE,
    TND_PRE_TAG_SUPPORTED,
    TND_PRE_TAG_REQUIRE, /* a strength is mandatory */
};

/* The mandatory rows that are not met (failed false), or those that cannot be (true), whose strength is
 * FAILURE or UNKNOWN. Start with at = 0. false: no more. */
bool tnd_pre_unmet(const struct tnd_pre *pre, bool failed, size_t *at, struct tnd_pre_rows *ret);

/* The description for the body of a 580, CANCEL or BYE: each "m=" line of what the other side said last,
 * with port zero, and the lines that failed; of a call that is SUSPENDED, and that nobody waits for any
 * longer, those that are not met (RFC 3312 §8). local gives "o=" and "c=". ret is in a.
 * TND_ENONE: nothing was heard, or all is MET; TND_ENOMEM. */
int tnd_pre_failure(const struct tnd_pre *pre, struct tnd_arena *a,
                    const struct tnd_oa_local *local, struct tnd_slice *ret);

/* What such a description says, seen by us. line is that of "m=". Reads on from at; start with 0. false:
 * there is no more. Borrows from sdp, which tnd_sdp_read() made of the body. */
bool tnd_pre_failure_next(const struct tnd_sdp *sdp, size_t *at, size_t *ret_line,
                          struct tnd_sdp_precondition *ret);

#endif
