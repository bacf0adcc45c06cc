/* A forward as people give it, by a command or by the API, read and judged in one place. */
#ifndef WEB_FORWARD_H
#define WEB_FORWARD_H

#include <jansson.h>

#include "web/aor.h"

enum { WEB_FORWARD_FAULT_SIZE = 1024 };

/* Texts; NULL: not given. */
struct web_forward_words {
    const char *uri;
    const char *when, *mode; /* "always", "redirect" by default */
    const char *until;       /* ISO 8601; else until it is cleared */
    const char *after;       /* seconds, of no-answer; 20 by default */
    const char *dash;        /* before each name where it is told: "--" of options, "" */
};

/* What is wrong, as a sentence. Terminated; may hold bytes of the words. */
struct web_forward_fault {
    char text[WEB_FORWARD_FAULT_SIZE];
};

/* The forward of aor; its URI borrows. False: fault says why, and ret is untouched. */
bool web_forward_read(const struct web_forward_words *words, const struct web_aor *aor, int64_t now,
                      struct web_forward_fault *fault, struct tnd_forward *ret);

/* enum tnd_forward_when by its name; that is untouched if text is NULL. False: fault says why. */
bool web_forward_when(const char *text, const char *dash, struct web_forward_fault *fault,
                      uint8_t *ret);

const char *web_forward_when_name(uint8_t when);
const char *web_forward_mode_name(uint8_t mode);

/* {"aor", "uri", "when", "mode", "until", "after"}. NULL: out of memory. */
json_t *web_forward_json(struct tnd_slice aor, const struct tnd_forward *forward);

/* {"aor", "uri", "q", "expires_in", "source", "call_id", "cseq"} of a binding. Likewise. */
json_t *web_contact_json(struct tnd_slice aor, const struct tnd_binding *binding, int64_t now);

/* Of a contact, in thousandths: one without q counts as one with 1, as it does when a call is forked. */
int web_contact_q(const struct tnd_binding *binding);

/* Where it was registered from; empty: not known. */
struct tnd_slice web_contact_source(const struct tnd_binding *binding,
                                    char room[static TND_ENDPOINT_LEN_MAX]);

#endif
