/* Showing a parsed message to a person, or as JSON to a program. */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include "tandem/ref/explain.h"
#include "tandem/sdp.h"
#include "tandem/sip.h"

enum { SHOW_FLAW_COUNT_MAX = TND_FLAW_COUNT_MAX + TND_SDP_FLAW_COUNT_MAX };

struct show {
    const char *path;
    struct tnd_slice file;   /* as it was read */
    struct tnd_slice bytes;  /* that were parsed: the file, or what mending made of it */
    unsigned lines, columns; /* of the file, that were taken away in front of them */
    const struct tnd_msg *msg;
    const struct tnd_sdp *sdp; /* what its body describes; NULL: that is no SDP */
    bool sdp_refused;          /* it breaks a rule that refuses it */
    bool valid;                /* message and description */
    bool colour;
    enum tnd_lang lang; /* of what is said; what stands in the message stays as it is */
    size_t flaw_count, flaws_lost;
    struct tnd_flaw flaws[SHOW_FLAW_COUNT_MAX]; /* of both, as they stand in bytes */
};

/* Line and column of a flaw in the file. */
struct tnd_place show_place(const struct show *show, const struct tnd_flaw *flaw);

/* Text on one line: control characters as escapes. Returns how wide it is. */
int show_text(struct tnd_slice text);

/* "path:line:column: RULE: sentence (law)", the line itself, and a mark below. */
void show_flaws(const struct show *show);

/* First line, fields and body, with the parts of those that are read into types. */
void show_structure(const struct show *show);

/* The parts of a session description. */
void show_sdp(const struct tnd_sdp *sdp);

/* What a proxy and a user agent do with it; nothing if it is valid and both process it. */
void show_verdicts(const struct show *show);

/* One line: whether it is valid, and if not how much is wrong. */
void show_summary(const struct show *show);

/* One line: that --text may help. */
void show_hint(const struct show *show);

/* The object that man/tandem-parse.1 describes. false: out of memory. */
bool show_json(const struct show *show);

#endif
