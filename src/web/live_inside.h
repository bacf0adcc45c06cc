/* What the files of live share.
 *
 *   live.c         reads what was recorded
 *   live_over.c    calls that are over
 *   live_why.c     why the server refused what it refused
 *   live_json.c    a call as JSON
 *   live_api.c     who asks is answered
 *   live_events.c  who listens is told
 */
#ifndef WEB_LIVE_INSIDE_H
#define WEB_LIVE_INSIDE_H

#include "base/siphash.h"
#include "diag/diag.h"
#include "tandem/node.h"
#include "web/live.h"

enum {
    LIVE_WHY_COUNT = 2048, /* the last ones */
    LIVE_LISTEN_COUNT_MAX = 64,
    LIVE_ID_SIZE = 17, /* terminated */
};

/* A call that is over: a copy. */
struct live_over {
    uint64_t id;
    struct tnd_diag_call call;
    struct tnd_why why; /* code 0: there is none */
    size_t size;
    struct tnd_arena arena; /* of what call points to */
};

struct live_whys {
    uint64_t count;                /* that ever came */
    uint64_t call[LIVE_WHY_COUNT]; /* hash of its Call-ID, as far as it is kept */
    struct tnd_why list[LIVE_WHY_COUNT];
};

struct tnd_live {
    struct tnd_tape *tape;
    struct tnd_diag *diag;
    struct tnd_siphash_key secret;
    struct tnd_endpoint listen[LIVE_LISTEN_COUNT_MAX];
    size_t listen_count;
    uint64_t number;                                 /* of the last message that was read */
    uint64_t lost;                                   /* of the tape, when it was looked at last */
    struct live_over *over[TND_LIVE_OVER_COUNT_MAX]; /* a ring */
    uint64_t over_count;                             /* that ever came */
    uint64_t over_first;                             /* the oldest that is kept */
    size_t over_size;
    struct live_whys whys;
    void (*over_told)(void *ctx, const struct tnd_live_over *over);
    void *ctx;
    uint64_t told; /* the last message that who listens was told of; UINT64_MAX: nobody listened */
    uint64_t told_over;  /* likewise: how many calls that were over */
    int64_t quiet_until; /* to tell takes time: then it is told less often */
};

/* Of a call while it is there: whether it is over, and why it failed if that is known. */
struct live_seen {
    const struct tnd_diag_call *call;
    uint64_t id;
    const struct tnd_why *why; /* NULL: not known */
    bool is_over;
};

/* live_over.c */
void live_keep(struct tnd_live *l, const struct tnd_diag_call *call);
void live_forget_all(struct tnd_live *l);
static inline const struct live_over *live_over_at(const struct tnd_live *l, uint64_t number)
{
    return l->over[number % TND_LIVE_OVER_COUNT_MAX];
}

/* live_why.c. Copies why, which may be anything of len bytes. */
void live_note_why(struct tnd_live *l, struct tnd_slice why);
/* The one that fits a call best; NULL: none. */
const struct tnd_why *live_find_why(const struct tnd_live *l, const struct tnd_diag_call *call);

/* live.c */
uint64_t live_id(const struct tnd_live *l, const struct tnd_diag_call *call);
struct live_seen live_see(const struct tnd_live *l, const struct tnd_diag_call *call);
struct live_seen live_see_over(const struct live_over *over);

/* live_json.c: "calling", "ringing", "talking", "answered", "cancelled", "failed". */
const char *live_state(const struct live_seen *seen);
/* "2026-11-26T14:03:07.214512Z"; NULL: no memory. */
json_t *live_time_json(int64_t at);
/* As in a list; with all that is known. NULL: no memory. */
json_t *live_json(const struct live_seen *seen, enum tnd_lang lang);
json_t *live_json_whole(const struct live_seen *seen, enum tnd_lang lang);

#endif
