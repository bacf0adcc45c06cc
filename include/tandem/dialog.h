/* tandem/dialog.h: dialogs (RFC 3261 §12): what two user agents know of one another, and what a
 * request within a dialog starts with.
 *
 * What runs inside a dialog are machines of their own, each a few bytes without a message or a
 * timer:
 *
 *   tandem/dialog/session.h       the INVITE usage: offers and answers, re-INVITE, UPDATE, BYE
 *   tandem/dialog/provisional.h   reliable provisional responses, both sides
 *   tandem/dialog/timer.h       the session timer
 *   tandem/dialog/damage.h        what a failure within a dialog ends
 *
 * As the caller: make a dialog of the first response with a new To tag (101-299), several if the
 * INVITE was forked; give each response that has its key to tnd_dialog_response(). As the callee:
 * make it of the INVITE and a tag of ours, and say tnd_dialog_answered() when a final response is
 * sent. A request that came is judged by tnd_dialog_request(); once it is answered reliably,
 * tnd_dialog_refresh() takes its Contact. */
#ifndef TANDEM_DIALOG_H
#define TANDEM_DIALOG_H

#include "tandem/sip/session.h"
#include "tandem/sip/write.h"

enum {
    TND_DIALOG_ROUTE_COUNT_MAX = 70, /* as many as Max-Forwards lets pass */
    TND_DIALOG_HOPS = 70,            /* Max-Forwards of what we send (RFC 3261 §8.1.1.6) */
};

enum tnd_dialog_state {
    TND_DIALOG_EARLY,
    TND_DIALOG_CONFIRMED,
    TND_DIALOG_TERMINATED,
};

/* All fields are for reading; their texts are in the arena. Those of target and route are good
 * until the next call that may change them: tnd_dialog_response(), tnd_dialog_refresh(). */
struct tnd_dialog {
    struct tnd_slice call_id;
    struct tnd_slice local_tag, remote_tag; /* absent: none, as in RFC 2543 */
    struct tnd_slice local, remote;         /* From and To of our requests, with tags */
    struct tnd_slice target;                /* the remote target, a URI */
    struct tnd_slice first;        /* URI of the first Route; absent: the route set is empty */
    struct tnd_slice routes;       /* the route set as a value of Route; absent: it is empty */
    struct tnd_slice other_routes; /* of routes: behind the first; absent: none */
    struct tnd_arena *arena;
    struct tnd_dialog_room { /* where target stands */
        char *ptr;
        size_t size;
    } room;
    uint32_t local_cseq; /* of the last request that was sent */
    uint32_t remote_cseq;
    bool has_remote_cseq; /* a request has come */
    bool is_uac;          /* we sent what made it, so the Call-ID is ours */
    bool is_secure;       /* RFC 3261 §12.1.1 */
    bool is_loose;        /* the first route is (lr); without one: true */
    uint8_t state;        /* enum tnd_dialog_state */
};

/* As UAC (RFC 3261 §12.1.2), of our request as it was sent and a response to it. is_tls: the
 * request went over TLS. Keeps arena, copies texts.
 *   TND_ENONE    the response makes no dialog: 100, 300-699, or 101-199 without a tag in To
 *   TND_ESYNTAX  From, To, Call-ID, CSeq or Record-Route is missing or broken
 *   TND_ESPACE   more routes than TND_DIALOG_ROUTE_COUNT_MAX
 *   TND_ENOMEM   the arena is over */
int tnd_dialog_uac(struct tnd_dialog *ret, struct tnd_arena *arena, const struct tnd_msg *request,
                   const struct tnd_msg *response, bool is_tls);

/* As UAS (RFC 3261 §12.1.1), of a request that makes a dialog (INVITE, SUBSCRIBE, REFER) and the
 * tag that our responses have in To. Early, until tnd_dialog_answered(). Our first request has
 * the number first_cseq + 1, below 2^31 (random, or 0). Results as above. */
int tnd_dialog_uas(struct tnd_dialog *ret, struct tnd_arena *arena, const struct tnd_msg *request,
                   struct tnd_slice tag, uint32_t first_cseq, bool is_tls);

/* As UAS: we sent a final response to what makes the dialog: 2xx confirms it, 300-699 ends it. */
void tnd_dialog_answered(struct tnd_dialog *d, unsigned code);

/* The usage that was its last is over. */
void tnd_dialog_terminate(struct tnd_dialog *d);

/* As UAC: a response to a request of ours in the dialog, or to the one that made it. An early
 * dialog is confirmed by a 2xx to INVITE, which gives it its route set anew (RFC 3261 §13.2.2.4),
 * and ended by 300-699. A 2xx or a reliable provisional response to a target refresh request
 * gives the remote target (RFC 6141 §4.7). Returns the rule of what changed, NONE: nothing did.
 * What cannot be read changes nothing. */
enum tnd_rule tnd_dialog_response(struct tnd_dialog *d, const struct tnd_msg *response);

/* A request that came in the dialog. Returns 0, or the code that it is refused with: 500, its
 * CSeq is lower than that of an earlier one (RFC 3261 §12.2.2); 400, there is none that can be
 * read. ACK and CANCEL have the number of their INVITE and are not counted. ret_rule is the rule
 * that was obeyed. */
unsigned tnd_dialog_request(struct tnd_dialog *d, const struct tnd_msg *request,
                            enum tnd_rule *ret_rule);

/* Takes the remote target of a request that came, if it is a target refresh request: INVITE,
 * UPDATE, SUBSCRIBE, NOTIFY, REFER. To be called when a 2xx or a reliable provisional response to
 * it is sent, or a request to that target (RFC 6141 §4.6); never when it is refused. NONE: it is
 * none, has no Contact, or one that is no SIP URI, or longer than TND_URI_LEN_MAX; or the arena
 * is over. */
enum tnd_rule tnd_dialog_refresh(struct tnd_dialog *d, const struct tnd_msg *request);

bool tnd_dialog_is_target_refresh(enum tnd_method method);

/* The number of the next request; 0: there is none below 2^31, the dialog can only be forgotten. */
uint32_t tnd_dialog_next_cseq(struct tnd_dialog *d);

/* Request line, lines, Route, Max-Forwards, From, To, Call-ID, CSeq (RFC 3261 §12.2.1.1). lines
 * are whole lines of the owner's own making (Via). What follows is the owner's: Contact, further
 * fields, tnd_put_body(). */
struct tnd_dialog_head {
    struct tnd_slice method;
    uint32_t cseq; /* tnd_dialog_next_cseq() */
    struct tnd_slice lines;
};
void tnd_dialog_write(struct tnd_writer *w, const struct tnd_dialog *d,
                      const struct tnd_dialog_head *head);

/* The same of the ACK to a 2xx, with the number and the credentials of its INVITE (RFC 3261
 * §13.2.2.4), as that was sent. false: invite has no CSeq that can be read; nothing was written. */
bool tnd_dialog_ack_write(struct tnd_writer *w, const struct tnd_dialog *d,
                          const struct tnd_msg *invite, struct tnd_slice lines);

/* The URI that a request in the dialog is sent to: the first route, or the remote target. */
struct tnd_slice tnd_dialog_next_hop(const struct tnd_dialog *d);

/* Its key: bytes that are equal if and only if the dialog ID is (RFC 3261 §12), as those of
 * tandem/txn/match.h: the first byte, 'd', is that of no other kind of key. A message has the key
 * of the dialog that it belongs to, at the side that received it. Of a message NONE: Call-ID,
 * From or To is missing or broken; w is as before. */
void tnd_dialog_key(struct tnd_writer *w, const struct tnd_dialog *d);
enum tnd_rule tnd_dialog_message_key(struct tnd_writer *w, const struct tnd_msg *received);

/* The key of the dialog that Replaces or Join names (RFC 3891 §3): its to-tag is our tag. "0"
 * stands for no tag (§6.1): then a second key is written, without that tag, if is_null. */
void tnd_dialog_id_key(struct tnd_writer *w, const struct tnd_dialog_id *id, bool is_null);

/* Whether an INVITE that replaces d, which it names, may do so: 0, or the code to refuse it with:
 * 603, d is terminated; 486, it is confirmed and early-only was asked for; 481, it is early and
 * not ours (RFC 3891 §3). Who may replace it is for the owner to ask. */
unsigned tnd_dialog_replaced(const struct tnd_dialog *d, const struct tnd_dialog_id *id,
                             enum tnd_rule *ret_rule);

#endif
