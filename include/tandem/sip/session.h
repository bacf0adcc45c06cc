/* tandem/sip/session.h: fields by which dialogs, sessions and subscriptions are told apart
 * and kept alive: RAck, Session-Expires, Min-SE, Replaces, Join, Event, Subscription-State,
 * Session-ID, Info-Package. Readers as in tandem/sip/text.h. Writers write params as they
 * stand.
 */
#ifndef TANDEM_SIP_SESSION_H
#define TANDEM_SIP_SESSION_H

#include "tandem/sip/message.h"

/* RAck (RFC 3262 §7.2). */
struct tnd_rack {
    uint32_t rseq;  /* 1 to 2^32 - 1 */
    uint32_t cseq;  /* below 2^31 */
    uint8_t method; /* enum tnd_method */
    struct tnd_slice method_name;
};

bool tnd_rack_next(struct tnd_values *v, struct tnd_rack *ret);
void tnd_rack_write(struct tnd_writer *w, const struct tnd_rack *rack);

enum tnd_refresher { TND_REFRESHER_NONE, TND_REFRESHER_UAC, TND_REFRESHER_UAS };

/* Session-Expires (RFC 4028 §4) and Min-SE (§5), which has no refresher. */
struct tnd_session_expires {
    struct tnd_slice params;
    uint32_t seconds;
    uint8_t refresher; /* enum tnd_refresher */
};

bool tnd_session_expires_next(struct tnd_values *v, struct tnd_session_expires *ret);
bool tnd_min_se_next(struct tnd_values *v, struct tnd_session_expires *ret);
/* From seconds and refresher; what else params holds is not written. */
void tnd_session_expires_write(struct tnd_writer *w, const struct tnd_session_expires *se);

/* Replaces (RFC 3891 §6.1) and Join (RFC 3911): a dialog of the one who gets it. */
struct tnd_dialog_id {
    struct tnd_slice call_id;
    struct tnd_slice to_tag;   /* "0" also means: without a tag (RFC 3891 §6.1) */
    struct tnd_slice from_tag; /* the same */
    struct tnd_slice params;
    bool early_only;
};

bool tnd_dialog_id_next(struct tnd_values *v, struct tnd_dialog_id *ret);
/* From call_id, the tags and early_only. */
void tnd_dialog_id_write(struct tnd_writer *w, const struct tnd_dialog_id *id);

/* Event (RFC 6665 §8.2.1), and each value of Allow-Events, which has no parameters. */
struct tnd_event {
    struct tnd_slice type;    /* "presence.winfo" */
    struct tnd_slice package; /* of type, up to the first dot: "presence" */
    struct tnd_slice id;      /* of params; absent: none */
    struct tnd_slice params;
};

bool tnd_event_next(struct tnd_values *v, struct tnd_event *ret);
void tnd_event_write(struct tnd_writer *w, const struct tnd_event *event);

enum tnd_substate {
    TND_SUBSTATE_OTHER, /* an extension */
    TND_SUBSTATE_ACTIVE,
    TND_SUBSTATE_PENDING,
    TND_SUBSTATE_TERMINATED,
};

/* Subscription-State (RFC 6665 §8.2.3). */
struct tnd_subscription_state {
    struct tnd_slice name;   /* "active" */
    struct tnd_slice reason; /* of params; absent: none */
    struct tnd_slice params;
    int64_t expires;     /* seconds; -1: none was given */
    int64_t retry_after; /* the same */
    uint8_t state;       /* enum tnd_substate */
};

bool tnd_subscription_state_next(struct tnd_values *v, struct tnd_subscription_state *ret);
/* From name, reason, expires and retry_after. */
void tnd_subscription_state_write(struct tnd_writer *w, const struct tnd_subscription_state *state);

/* Session-ID (RFC 7989 §5). */
struct tnd_session_id {
    struct tnd_slice local;  /* 32 lower-case hexadecimal digits */
    struct tnd_slice remote; /* the same, of params; absent: none, as in RFC 7329 */
    struct tnd_slice params;
};

bool tnd_session_id_next(struct tnd_values *v, struct tnd_session_id *ret);
/* From local and remote. */
void tnd_session_id_write(struct tnd_writer *w, const struct tnd_session_id *id);

/* A name and parameters: Info-Package, and each value of Recv-Info, which may be empty
 * (RFC 6086 §6). */
struct tnd_package {
    struct tnd_slice name;
    struct tnd_slice params;
};

bool tnd_info_package_next(struct tnd_values *v, struct tnd_package *ret);
bool tnd_recv_info_next(struct tnd_values *v, struct tnd_package *ret);
void tnd_package_write(struct tnd_writer *w, const struct tnd_package *package);

#endif
