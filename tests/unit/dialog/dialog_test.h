/* Dialogs under test: Alice calls Bob, over two proxies or none; acts as text. */
#ifndef TESTS_DIALOG_TEST_H
#define TESTS_DIALOG_TEST_H

#include "tandem/dialog.h"
#include "tandem/dialog/act.h"
#include "unit/test.h"

/* A dialog with an arena of its own. */
struct dialog_party {
    char first[16384];
    struct tnd_arena arena;
    struct tnd_dialog d;
};

/* Alice's INVITE to sip:bob@example.org, CSeq 314159, and these lines. */
const struct tnd_msg *dialog_invite(const char *lines);

/* A response to it with these lines, Contact and the like; "" in to_tag: none. */
const struct tnd_msg *dialog_response(unsigned code, const char *to_tag, const char *lines);

/* A response of another CSeq, such as "7 UPDATE". */
const struct tnd_msg *dialog_response_to(const char *cseq, unsigned code, const char *lines);

/* A request of Bob's to Alice. */
const struct tnd_msg *dialog_request(const char *method, unsigned cseq, const char *lines);

/* Alice's dialog by such a response, Bob's by such an INVITE. Results as of tnd_dialog_uac(). */
int dialog_alice(struct dialog_party *p, unsigned code, const char *to_tag, const char *lines);
int dialog_bob(struct dialog_party *p, const char *lines);

/* What was written by tnd_dialog_write(), or a key; good until the next call. */
const char *dialog_written(const struct tnd_dialog *d, const char *method, uint32_t cseq);
const char *dialog_key_text(const struct tnd_dialog *d);
const char *dialog_message_key_text(const struct tnd_msg *msg);

/* "ABSORB", "REFUSE 500+3", "2XX+500" (armed, milliseconds from now), "-2XX", "SEND_ACK 7"...
 * Each act has a rule. Good until the next call. */
const char *dialog_acts_text(const struct tnd_dialog_acts *acts, tnd_time now);

/* Whether an act was made by this rule. */
bool dialog_acts_by(const struct tnd_dialog_acts *acts, enum tnd_rule rule);

#define CHECK_TEXT(text, expected) CHECK_STR(tnd_slice_str(text), expected)

#endif
