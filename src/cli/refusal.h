/* Refusal: what the code of 'tandem answer --respond' says beside its number, so that a caller can see how to fix
 * it; and whether he has. */
#ifndef CLI_REFUSAL_H
#define CLI_REFUSAL_H

#include "base/siphash.h"
#include "cli/agent.h"
#include "tandem/auth.h"

enum { REFUSAL_FIELDS_SIZE = 2048, REFUSAL_BODY_SIZE = 1024, REFUSAL_CONTACTS_SIZE = 8192 };

/* One for all calls. */
struct refuser {
    struct agent *a;
    struct tnd_auth_seen *seen; /* NULL: no password, so none is right */
    struct tnd_siphash_key key;
};

/* What is said to one call; it outlasts the INVITE. */
struct refusal {
    uint16_t code;
    char fields[REFUSAL_FIELDS_SIZE], body[REFUSAL_BODY_SIZE];
    size_t fields_len, body_len;
};

/* Keeps a, which is open. CLI_OK, or CLI_USAGE after a line. */
int refuser_open(struct refuser *r, struct agent *a);
/* Of zero bytes is fine. */
void refuser_close(struct refuser *r);

/* false: the call is to be taken: no refusal was asked for, or the INVITE has what the code asks for. */
bool refuser_judge(struct refuser *r, const struct tnd_msg *invite, struct refusal *ret);

/* Says it. */
void refusal_say(const struct refusal *refusal, struct agent *a, tnd_ua_id call);

#endif
