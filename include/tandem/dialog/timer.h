/* tandem/dialog/timer.h: the session timer (RFC 4028): a call whose other side is gone ends by
 * itself. One machine for each dialog, whoever began it. It counts in INVITE and UPDATE, the
 * session refresh requests, and their 2xx.
 *
 *     tnd_refresh_start(&r, &policy);
 *     tnd_refresh_ask(&r, &fields);                       for each INVITE and UPDATE that we send
 *     tnd_refresh_response(&r, &sent, &got, now, &out);   for its 2xx
 *     code = tnd_refresh_judge(&r, &got, &answer);        for each that came: 0, or 422
 *     tnd_refresh_answered(&r, &answer, now, &out);       when its 2xx is sent
 *
 * Supported: timer stands in every request of ours but ACK (§7.1), also when policy asks for no
 * timer. */
#ifndef TANDEM_DIALOG_TIMER_H
#define TANDEM_DIALOG_TIMER_H

#include "tandem/dialog/act.h"
#include "tandem/sip/session.h"

enum {
    TND_REFRESH_MIN = 90,        /* seconds: RFC 4028 §5 */
    TND_REFRESH_INTERVAL = 1800, /* seconds: RFC 4028 §4 recommends it */
};

struct tnd_refresh_policy {
    uint32_t interval; /* seconds that we wish; 0: TND_REFRESH_INTERVAL */
    uint32_t min;      /* the shortest that we accept; less than TND_REFRESH_MIN is that */
    bool is_off;       /* we ask for no timer, but obey one that is asked for */
};

/* The fields of a message that the timer is of. */
struct tnd_refresh_fields {
    uint32_t expires;  /* Session-Expires; 0: there is none */
    uint32_t min;      /* Min-SE; 0: there is none */
    uint8_t refresher; /* enum tnd_refresher: of Session-Expires */
    bool is_supported; /* Supported: timer, of a request */
    bool is_required;  /* Require: timer, of a response */
};

/* Reads them. What is broken counts as not there. */
void tnd_refresh_read(struct tnd_refresh_fields *ret, const struct tnd_msg *msg);

/* Whole lines: Session-Expires, Min-SE, Require: timer; Supported is the owner's, whose other
 * tags stand there too. */
void tnd_refresh_write(struct tnd_writer *w, const struct tnd_refresh_fields *fields);

/* All fields are for reading. */
struct tnd_refresh {
    struct tnd_refresh_policy policy;
    uint32_t interval; /* of the session; 0: it has no timer */
    uint32_t min;     /* the largest Min-SE that the other side or a proxy asked for; 0: none did */
    tnd_time end_at;  /* when the session expires; TND_NEVER_DUE */
    bool is_ours;     /* we refresh */
    bool is_shared;   /* the other side knows the timer too */
    bool has_update;  /* the other side allows UPDATE; the owner may set it (Allow) */
    bool is_late;     /* a refresh of ours is under way */
    bool is_armed[2]; /* REFRESH, EXPIRY */
};

void tnd_refresh_start(struct tnd_refresh *r, const struct tnd_refresh_policy *policy);

/* What a request of ours says. */
void tnd_refresh_ask(const struct tnd_refresh *r, struct tnd_refresh_fields *ret);

/* A 2xx came to such a request; sent is what that said. */
void tnd_refresh_response(struct tnd_refresh *r, const struct tnd_refresh_fields *sent,
                          const struct tnd_refresh_fields *got, tnd_time now,
                          struct tnd_dialog_acts *out);

/* A 422 came: REFRESH_MIN_SE, ask again, with a larger Min-SE (§7.3, §7.4); NONE: that makes no
 * sense, for it asks for no more than we gave. */
enum tnd_rule tnd_refresh_too_small(struct tnd_refresh *r, const struct tnd_refresh_fields *got);

/* What a request that came is answered with. Returns 0, or 422: then ret->min is all that is
 * said, to go into the refusal. ret_rule: that decided. */
unsigned tnd_refresh_judge(struct tnd_refresh *r, const struct tnd_refresh_fields *got,
                           struct tnd_refresh_fields *ret, enum tnd_rule *ret_rule);

/* The 2xx with that is sent. */
void tnd_refresh_answered(struct tnd_refresh *r, const struct tnd_refresh_fields *answer,
                          tnd_time now, struct tnd_dialog_acts *out);

/* REFRESH or EXPIRY is due: SEND_UPDATE or SEND_INVITE, or SEND_BYE: by tnd_session_end(). The
 * EXPIRY of who refreshes is the moment when the session is over unless a refresh succeeds before
 * (§10). */
void tnd_refresh_timer(struct tnd_refresh *r, enum tnd_dialog_timer timer, tnd_time now,
                       struct tnd_dialog_acts *out);

/* A refresh of ours was refused for good: whoever knows how to go on (401, 422, 491) has tried.
 * BYE by 408, 481 and what ends the usage (tandem/dialog/damage.h); else once more at half of the
 * time that is left, if that is more than TND_REFRESH_RETRY_MIN. */
enum { TND_REFRESH_RETRY_MIN = 5 }; /* seconds */
void tnd_refresh_failed(struct tnd_refresh *r, enum tnd_method method, unsigned code, tnd_time now,
                        struct tnd_dialog_acts *out);

#endif
