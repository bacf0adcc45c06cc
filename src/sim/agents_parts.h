/* What the files of the checker of user agents share: calls as they are seen on the wire. */
#ifndef SIM_AGENTS_PARTS_H
#define SIM_AGENTS_PARTS_H

#include "sim/agent.h"
#include "sim/agents.h"

enum {
    DIAL_TAG_COUNT_MAX = 16,
    /* One that did not fit a datagram, and is sent once more over another transport, is the same
     * attempt (RFC 3261 §18.1.1). */
    DIAL_SENT_COUNT_MAX = 2 * SIM_AGENT_ATTEMPT_COUNT,
};

/* An INVITE that begins a call, as it was sent for the first time. */
struct sim_dialled {
    struct sim_dialled *before; /* of the same dial */
    struct tnd_slice branch, uri;
    struct tnd_slice tags[DIAL_TAG_COUNT_MAX]; /* of Require */
    unsigned tag_count;
    uint32_t cseq;
    bool is_mandatory; /* its preconditions are */
    tnd_time sent_at, heard_at;
    uint16_t code;             /* final; 0: none came */
    struct tnd_slice response; /* 301 or 302 */
};

/* All of one Call-ID. */
struct sim_dial {
    struct sim_dial *before; /* of all */
    unsigned host, life;
    struct tnd_slice call_id, number;
    struct sim_dialled *last, *first;
    unsigned count;
    bool is_declined, was_580;
};

/* The first INVITE of a call: where it goes. */
void sim_agents_first(struct sim_agents *c, const struct sim_dial *dial,
                      const struct sim_entry *caller);

void sim_agents_tell(struct sim_agents *c, enum sim_law law, unsigned host, const char *what,
                     struct tnd_slice text);

static inline bool sim_is_agent(const struct sim_agents *c, unsigned host)
{
    return host >= c->first_host && host < c->first_host + c->host_count;
}

static inline bool sim_uri_is(struct tnd_slice a, struct tnd_slice b)
{
    struct tnd_uri x, y;

    return tnd_uri_parse(a, &x, NULL) == 0 && tnd_uri_parse(b, &y, NULL) == 0 && tnd_uri_eq(&x, &y);
}

#endif
