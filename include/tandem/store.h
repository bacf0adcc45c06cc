/* tandem/store.h: what is kept of an address-of-record (RFC 3261 §6): its user and how he proves
 * who he is, his forwards, and the bindings of his phones.
 *
 * To whoever uses it a store is operations that are asked for and answered later: a node puts out
 * TND_OUT_STORE and is fed TND_IN_STORED. A change is answered when it is committed, so what was
 * acknowledged outlives a crash. Drivers are in db/: they keep records of bytes, and call the pure
 * functions of this header for what the records mean.
 *
 * Times are seconds since 1970-01-01 UTC: they outlive a restart.
 */
#ifndef TANDEM_STORE_H
#define TANDEM_STORE_H

#include "tandem/base/digest.h"
#include "tandem/sip/uri.h"
#include "tandem/transport/endpoint.h"

/* Bounds of what one address-of-record can grow to. */
enum {
    TND_AOR_LEN_MAX = 384,       /* bytes of "user@host" */
    TND_BINDING_COUNT_MAX = 100, /* registrar.max_contacts is at most that */
    TND_BINDING_LEN_MAX = 4096,  /* bytes of the texts of one binding, together */
    TND_FORWARD_COUNT_MAX = 16,
    TND_FORWARD_LEN_MAX = 4096, /* bytes of the URI of a forward */
    TND_REALM_LEN_MAX = 384,
};

/* Writes the address-of-record of a URI as it is looked up by (RFC 3261 §10.3, step 5): user with
 * needless escapes undone, '@', host in lower case, IPv6 as RFC 5952 has it; no port, no
 * parameters. sip and sips have the same. A tel URI, and a URI without user part, has none, nor is
 * one longer than TND_AOR_LEN_MAX: false, nothing is written. The caller sees to aliases of a
 * host. */
bool tnd_aor_write(struct tnd_writer *w, const struct tnd_uri *uri);

/* A binding (RFC 3261 §10). Texts are absent where there is none. */
struct tnd_binding {
    struct tnd_slice uri;       /* of the Contact, without the headers part */
    struct tnd_slice call_id;   /* of the REGISTER that wrote it last */
    struct tnd_slice path;      /* values of Path, parted by commas (RFC 3327 §5.3) */
    struct tnd_slice params;    /* of the Contact, but q and expires: ";+sip.instance=..." */
    int64_t until;              /* when it ends: from then on it is not there */
    uint32_t cseq;              /* of that REGISTER */
    int16_t q;                  /* in thousandths; -1: none was given */
    struct tnd_endpoint source; /* where that REGISTER came from */
    uint64_t flow; /* and over which flow; 0: none. An id counts only for the life that made it: */
    uint64_t life; /* that of the server process; not kept where there is no flow */
    struct tnd_endpoint local; /* where that REGISTER came to, of the same family; likewise; family
                                * NONE: not said */
};

/* What of it no store keeps: TND_RULE_NONE, or BINDING_LEN. */
enum tnd_rule tnd_binding_judge(const struct tnd_binding *b);

/* As what a phone may send the name of the user alice@example.com: A1 is of the name as it was sent. */
enum tnd_user_form {
    TND_USER_NAME, /* "alice" */
    TND_USER_AOR,  /* "alice@example.com" */
    TND_USER_FORM_COUNT
};

/* What a user proves who he is by: the digest of "name:realm:password" (RFC 7616 §3.4.2, A1) for
 * each form of the name and each algorithm, so that no password is kept. tnd_user_make(). */
struct tnd_user {
    struct tnd_slice realm;
    unsigned char a1[TND_USER_FORM_COUNT][TND_DIGEST_COUNT][TND_DIGEST_SIZE_MAX];
    bool has[TND_DIGEST_COUNT]; /* of both forms, or of none */
};

enum tnd_forward_when {
    TND_FORWARD_ALWAYS,
    TND_FORWARD_BUSY,      /* the best answer of all phones is 486 or 600 */
    TND_FORWARD_NO_ANSWER, /* nobody has answered after so many seconds */
    TND_FORWARD_OFFLINE,   /* there is no binding */
    TND_FORWARD_WHEN_COUNT
};

enum tnd_forward_mode {
    TND_FORWARD_REDIRECT, /* the caller is told: 302 */
    TND_FORWARD_PROXY,    /* the server follows it */
};

struct tnd_forward {
    struct tnd_slice uri;
    int64_t until;  /* 0: until it is cleared */
    uint32_t after; /* seconds, of NO_ANSWER; default 20 */
    uint8_t when;   /* enum tnd_forward_when; one forward of each */
    uint8_t mode;   /* enum tnd_forward_mode */
};

/* All that is kept of one address-of-record. Who reads it leaves out what has ended. */
struct tnd_entry {
    const struct tnd_user *user; /* NULL: no such user is provisioned */
    const struct tnd_forward *forwards;
    size_t forward_count;
    const struct tnd_binding *bindings; /* as they were made, the oldest first */
    size_t binding_count;
};

/* What a REGISTER changes (RFC 3261 §10.3, steps 6 and 7). */
struct tnd_binding_change {
    /* to be added or refreshed; until 0, or past: to be removed. No two are the same by
     * tnd_uri_eq(), and each is fine by tnd_binding_judge() */
    const struct tnd_binding *contacts;
    size_t count;             /* up to TND_LIST_COUNT_MAX */
    bool star;                /* all are removed; count is 0 */
    struct tnd_slice call_id; /* as in each of contacts, and so is cseq: that of STAR */
    uint32_t cseq;
    uint32_t count_max; /* bindings of one address-of-record */
};

enum tnd_store_result {
    TND_STORE_OK,
    TND_STORE_STALE, /* the CSeq is not above that of the same Call-ID: nothing has changed (500) */
    TND_STORE_FULL, /* there would be more than before and than count_max: nothing has changed (403) */
    TND_STORE_FAILED, /* the store cannot: nothing is known to have changed (500) */
};

/* The rule by which a change was done or refused; star: as it was in the change. */
enum tnd_rule tnd_store_rule(enum tnd_store_result result, bool star);

/* Applies change to bindings, of which those that have ended by now are left out. Writes to ret,
 * which has room for TND_BINDING_COUNT_MAX, what is there afterwards; it borrows from both. A
 * binding that is refreshed keeps its place, and is as the contact has it in all else. Equality of
 * URIs is not transitive: a contact that equals several bindings replaces them all. Not OK:
 * ret_count and ret are untouched. All or nothing (RFC 3261 §10.3, step 7). */
enum tnd_store_result tnd_bindings_change(const struct tnd_binding *bindings, size_t count,
                                          const struct tnd_binding_change *change, int64_t now,
                                          struct tnd_binding *ret, size_t *ret_count);

/* Operations of a node. */
enum tnd_store_kind {
    TND_STORE_FIND,   /* the entry of aor */
    TND_STORE_CHANGE, /* change its bindings; the answer has all that are there then */
};

struct tnd_store_op {
    uint8_t kind; /* enum tnd_store_kind */
    struct tnd_slice aor;
    const struct tnd_binding_change *change;
    int64_t now;
};

/* Borrowed for as long as it is fed. */
struct tnd_store_answer {
    uint8_t result;         /* enum tnd_store_result */
    struct tnd_entry entry; /* of FIND all, of CHANGE the bindings; what has ended is not in it */
};

/* Records: bytes that a driver keeps, one for the user, one for the forwards and one for the bindings
 * of an address-of-record. Each starts with its version; an older one is read, a newer one is
 * TND_ESYNTAX. Readers bound everything and borrow from record; arrays and what is not there as it
 * stands are taken from a. TND_ESYNTAX: it is damaged; TND_ENOMEM: a is over. */

/* Room in which a record always fits. */
enum {
    TND_USER_RECORD_MAX = 1 + 2 + TND_REALM_LEN_MAX + 1 +
                          (int)TND_USER_FORM_COUNT * (int)TND_DIGEST_COUNT * TND_DIGEST_SIZE_MAX,
    TND_FORWARDS_RECORD_MAX = 2 + TND_FORWARD_COUNT_MAX * (16 + 2 + TND_FORWARD_LEN_MAX),
    TND_BINDINGS_RECORD_MAX = 2 + TND_BINDING_COUNT_MAX * (100 + TND_BINDING_LEN_MAX),
};

void tnd_user_record_write(struct tnd_writer *w, const struct tnd_user *user);
int tnd_user_record_read(struct tnd_slice record, struct tnd_arena *a, struct tnd_user **ret);
void tnd_forwards_record_write(struct tnd_writer *w, const struct tnd_forward *forwards,
                               size_t count);
int tnd_forwards_record_read(struct tnd_slice record, struct tnd_arena *a, struct tnd_forward **ret,
                             size_t *ret_count);
void tnd_bindings_record_write(struct tnd_writer *w, const struct tnd_binding *bindings,
                               size_t count);
int tnd_bindings_record_read(struct tnd_slice record, struct tnd_arena *a, struct tnd_binding **ret,
                             size_t *ret_count);

#endif
