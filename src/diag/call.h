/* A call while it is open: what the files of the engine share.
 *
 *     read.c    what a message is known by, once it is read
 *     keep.c    memory: pieces of one size, used again and again
 *     match.c   which message repeats or answers which; whether more is to be expected
 *     legs.c    which Call-IDs are one call
 *     judge.c   how a call went
 *     feed.c    a message comes
 *     diag.c    the life of calls
 *
 * Each message is read once, when it comes. What is kept of it besides its bytes are a few hashes, so that
 * matching it with those before it looks at no text. */
#ifndef DIAG_CALL_H
#define DIAG_CALL_H

#include "base/map.h"
#include "base/pool.h"
#include "diag/diag.h"
#include "diag/ring.h"

enum {
    TND_DIAG_PIECE_SIZE = 4064,    /* of the bytes of messages; a larger message has its own */
    TND_DIAG_DIALOG_COUNT_MAX = 4, /* of one INVITE that are followed; RFC 3261 §13.2.2.4 */
    TND_DIAG_LIKE_LEN_MAX = 256,   /* what is longer is not compared */
};

#define TND_DIAG_TIME_MAX   (INT64_MAX / 4) /* so that differences are numbers too */
#define TND_DIAG_NO_MESSAGE UINT32_MAX

/* What a message is matched by. Hashes are 0 where there is none. */
struct tnd_diag_key {
    uint64_t branch; /* of the top Via; without one, of all of it (RFC 2543) */
    uint64_t from_tag, to_tag;
    uint32_t cseq;   /* 0: none that can be read, too */
    bool is_pending; /* an INVITE that has provisional responses, and no final one yet */
    bool is_done;    /* one that has a final response */
};

/* A message that was read, until the next one is. */
struct tnd_diag_read {
    const struct tnd_diag_seen *seen;
    struct tnd_msg msg;
    struct tnd_slice call_id;
    struct tnd_diag_key key;
    uint8_t method; /* enum tnd_method: of the request, or of CSeq */
    uint16_t code;  /* 0: a request */
};

/* By what two legs of a call may be alike. */
enum tnd_diag_likeness {
    TND_DIAG_LIKE_SESSION, /* Session-ID: no guess (RFC 7989 §5) */
    TND_DIAG_LIKE_CALL_ID, /* the part of the Call-ID in front of @ */
    TND_DIAG_LIKE_ORIGIN,  /* the line o= of the offer */
    TND_DIAG_LIKE_MEDIA,   /* where the offer wants its media */
    TND_DIAG_LIKE_COUNT
};

struct tnd_diag_like {
    struct tnd_map_node node;
    struct tnd_diag_leg *leg;
    bool is_there;
    bool is_shared; /* calls that are strangers have it too: it tells nothing */
};

/* What has one Call-ID. */
struct tnd_diag_leg {
    struct tnd_map_node node; /* by its Call-ID */
    struct tnd_diag_kept *call;
    uint8_t index;    /* in the call */
    uint32_t top;     /* the INVITE of the caller: the newest CSeq */
    uint32_t pending; /* INVITEs that ring */
    struct tnd_diag_open_dialog {
        uint64_t tag; /* of the callee */
        bool is_over;
    } dialog[TND_DIAG_DIALOG_COUNT_MAX];
    size_t dialog_count;
    struct tnd_diag_like like[TND_DIAG_LIKE_COUNT];
};

struct tnd_diag_kept {
    struct tnd_diag_call
        told; /* call_id, from, to, leg, method, began: always; the rest when told */
    struct tnd_diag_message *message;
    struct tnd_diag_key *key; /* of each message */
    size_t room;              /* messages that there is room for */
    struct tnd_diag_piece *pieces;
    char *next, *end; /* what is free of the newest piece */
    size_t memory;    /* all that it takes */
    int64_t last;     /* when the last message came */
    bool is_waiting;  /* more is to be expected, however long it takes */
    uint32_t unheard; /* the newest request, while it has no response; TND_DIAG_NO_MESSAGE */
    struct tnd_diag_leg *leg[TND_DIAG_LEG_COUNT_MAX];
    struct tnd_diag_link
        by_age; /* among all that are open, the oldest first; or among those to be told */
    struct tnd_diag_link
        by_silence; /* among those that wait, are unheard, or neither: silent longest first */
};

struct tnd_diag {
    struct tnd_diag_world world;
    struct tnd_siphash_key secret;
    struct tnd_map legs;  /* by Call-ID */
    struct tnd_map likes; /* by what makes them alike */
    struct tnd_pool call_pool, leg_pool, piece_pool;
    struct tnd_diag_link open, waiting, unheard, over, ready; /* rings */
    struct tnd_diag_kept *taken;
    struct tnd_diag_stats stats;
    size_t ready_memory; /* of those that are to be told, or are just told */
    bool has_time;
    int64_t now;
    struct tnd_arena scratch;  /* of the message that is read */
    struct tnd_arena findings; /* of the call that is told */
    char scratch_room[16384], findings_room[65536];
};

static inline int64_t tnd_diag_clamp(int64_t at)
{
    return at > TND_DIAG_TIME_MAX    ? TND_DIAG_TIME_MAX
           : at < -TND_DIAG_TIME_MAX ? -TND_DIAG_TIME_MAX
                                     : at;
}

/* The call is over as it stands, and will be told. */
void tnd_diag_finish(struct tnd_diag *d, struct tnd_diag_kept *call);
/* The same of the one that was silent longest. false: there is none. */
bool tnd_diag_finish_one(struct tnd_diag *d);
/* It is forgotten, and never told. */
void tnd_diag_abandon(struct tnd_diag *d, struct tnd_diag_kept *call);

/* Reads what was seen; ret borrows from it and from scratch. TND_ESYNTAX: no Call-ID. TND_ENOMEM. */
int tnd_diag_read(struct tnd_diag *d, const struct tnd_diag_seen *seen, struct tnd_diag_read *ret);

/* A call, and a leg of it: cleared. NULL: no memory. */
struct tnd_diag_kept *tnd_diag_take_call(struct tnd_diag *d);
struct tnd_diag_leg *tnd_diag_take_leg(struct tnd_diag *d, struct tnd_diag_kept *call);
/* size bytes that live as long as the call; NULL: no memory. */
char *tnd_diag_room(struct tnd_diag *d, struct tnd_diag_kept *call, size_t size);
/* A copy of s; absent: s is, or no memory. */
struct tnd_slice tnd_diag_copy(struct tnd_diag *d, struct tnd_diag_kept *call, struct tnd_slice s);
/* Room for one message more. TND_ENOMEM. */
int tnd_diag_grow(struct tnd_diag *d, struct tnd_diag_kept *call);
/* Gives back all that the call has, and the call. Nothing may lead to it any more. */
void tnd_diag_drop(struct tnd_diag *d, struct tnd_diag_kept *call);

/* Fills in of m, which is not yet in the call, which message it repeats (first, is_again) and which request
 * it answers (request). index: what its own will be. false: it is one that is there, seen twice. */
bool tnd_diag_match(const struct tnd_diag_kept *call, const struct tnd_diag_key *key,
                    struct tnd_diag_message *m, uint32_t index);
/* What the message at index means for what is to be expected. */
void tnd_diag_progress(struct tnd_diag_leg *leg, const struct tnd_diag_message *m,
                       const struct tnd_diag_key *key, uint32_t index);
bool tnd_diag_is_waiting(const struct tnd_diag_kept *call);

/* The call that a new Call-ID belongs to all the same; NULL: none. r is its INVITE. */
struct tnd_diag_kept *tnd_diag_join(struct tnd_diag *d, const struct tnd_diag_read *r,
                                    bool *ret_is_guess);
/* From now on other legs are found to be like this one, by its INVITE. */
void tnd_diag_show_likes(struct tnd_diag *d, struct tnd_diag_leg *leg,
                         const struct tnd_diag_read *r);
void tnd_diag_hide_likes(struct tnd_diag *d, struct tnd_diag_leg *leg);

/* Fills in what told says of how it went. */
void tnd_diag_judge(struct tnd_diag_kept *call, int64_t now);

#endif
