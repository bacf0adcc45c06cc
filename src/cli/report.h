/* Report: what became of what was asked: the attempts, what was done about each refusal, and how it ended; as JSON
 * (`--json`: man/tandem-call.1). */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include <jansson.h>

#include "cli/cli.h"
#include "tandem/ref/explain.h"
#include "tandem/ua.h"

enum { REPORT_REASON_SIZE = 256, REPORT_CALL_ID_SIZE = 512 };

struct report {
    const char *uri; /* that the user asked for; borrowed */
    enum tnd_lang lang;
    json_t *attempts;
    bool is_answered;
    uint16_t final_code; /* 0: nothing was heard */
    char final_reason[REPORT_REASON_SIZE];
    uint16_t refused;                  /* code of the last refusal; 0: there was none */
    char call_id[REPORT_CALL_ID_SIZE]; /* of what was sent last; "": nothing was */
};

void report_start(struct report *r, const char *uri, enum tnd_lang lang);
void report_free(struct report *r);

/* A request of that Call-ID was sent: what nobody answers has it. */
void report_sent(struct report *r, struct tnd_slice call_id);

/* An attempt was refused: TND_UA_ATTEMPT. */
void report_attempt(struct report *r, const struct tnd_ua_event *event);

/* One was answered with 2xx: TND_UA_ANSWERED. uri: that it went to, as far as that is known. */
void report_answered(struct report *r, const struct tnd_ua_event *event);

/* It was given up after --timeout: counts as an attempt that nobody answered (408). */
void report_given_up(struct report *r, enum tnd_method method, struct tnd_slice uri, unsigned code,
                     struct tnd_slice why);

/* How it ended, where no response says so. */
void report_final(struct report *r, unsigned code, struct tnd_slice reason);

/* The object; NULL: no memory. The caller may add to it. */
json_t *report_json(const struct report *r);

#endif
