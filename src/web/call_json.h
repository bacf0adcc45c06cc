/* A diagnosed call as JSON: what 'tandem diagnose --json' prints of each, and what the API of the server says
 * of one. docs/schema/diagnose.json says what each member is. Bytes that are no UTF-8 become U+FFFD. */
#ifndef WEB_CALL_JSON_H
#define WEB_CALL_JSON_H

#include "diag/diag.h"

/* An object on one line:
 *
 *   {"call_id", "from", "to", "method", "result", "code", "began", "ended", "messages", "left_out",
 *    "legs": [..], "findings": [..], "explanation": {..}, "ladder": [..]}
 *
 * The explanation is that of the code of a call that has failed, else null. ladder NULL: without it. */
void tnd_call_json(struct tnd_writer *w, const struct tnd_diag_call *call, enum tnd_lang lang,
                   const struct tnd_ladder *ladder);

/* [{"rule", "severity", "culprit", "place", "guess", "code", "text", "flaw", "detail", "evidence": [..],
 * "evidence_messages": [..], "fix"}] */
void tnd_call_json_findings(struct tnd_writer *w, const struct tnd_diag_call *call,
                            enum tnd_lang lang);

/* [{"time", "from", "to", "line", "facts": [..]}]; time is in seconds from the first line. */
void tnd_call_json_ladder(struct tnd_writer *w, const struct tnd_ladder *ladder);

/* {"code", "phrase", "title", "description", "fix", "lang"} */
void tnd_call_json_explanation(struct tnd_writer *w, unsigned code, enum tnd_lang lang);

/* What proves a finding, as it stands: the line, or the start line of the message. Borrows from call. */
struct tnd_slice tnd_call_evidence(const struct tnd_diag_call *call,
                                   const struct tnd_diag_evidence *evidence);

#endif
