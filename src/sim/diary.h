/* The diary in which the persons behind user agents write down their calls: what they were told of each,
 * at either side. A call has a number that its INVITE carries in Subject, so that both sides write of
 * the same one, whatever its Call-ID is by then. */
#ifndef SIM_DIARY_H
#define SIM_DIARY_H

#include "sim/ledger.h"
#include "tandem/ua.h"

enum { SIM_ENTRY_MAX = 4096, SIM_NUMBER_SIZE = 32, SIM_LEARNED_MAX = 64 };

enum sim_entry_state {
    SIM_ENTRY_BEGUN,
    SIM_ENTRY_RINGING, /* at the callee: its person said so, or wants to answer */
    SIM_ENTRY_ANSWERED,
    SIM_ENTRY_ENDED,
};

struct sim_entry {
    unsigned host, life;
    tnd_ua_id id;
    char number[SIM_NUMBER_SIZE];       /* "call-3-17"; "": of somebody who writes none */
    char asked[SIM_URI_SIZE];           /* at the caller: whom it calls */
    char call_id[4 * SIM_CALL_ID_SIZE]; /* at the callee */
    uint32_t cseq;                      /* at the callee: of the INVITE */
    bool is_caller;
    bool after;        /* begun when there were no faults any more */
    bool is_gone;      /* its user agent crashed */
    bool is_mandatory; /* preconditions: at the callee its own; at the caller those asked for */
    bool was_answered;
    uint8_t direction; /* enum tnd_sdp_direction: of its stream, as was agreed last */
    bool is_live;      /* the stream is */
    uint8_t state;     /* enum sim_entry_state */
    uint8_t cause;     /* enum tnd_ua_cause; of one that has ended */
    uint16_t code;
    unsigned attempts; /* told before it was answered, or since it was set up again */
    unsigned ends;     /* how often it was told that it ended */
    tnd_time begun_at, rang_until;
    tnd_time tried_at;    /* as begun_at, or when it was set up again */
    tnd_time reserved_at; /* first; TND_NEVER_DUE: it has not been */
};

struct sim_diary {
    struct sim_entry entries[SIM_ENTRY_MAX];
    unsigned count;
    unsigned missed;  /* entries for which there was no room */
    unsigned orphans; /* what was told of an id that is none, or has ended */
    unsigned orphan_host;
};

/* Whether two texts of it are the same. */
static inline bool sim_is_same(const char *a, const char *b)
{
    return tnd_slice_eq(tnd_slice_str(a), tnd_slice_str(b));
}

#endif
