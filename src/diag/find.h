/* What is wrong with a call: rules, each a small function that looks at the messages.
 *
 *     tnd_diag_find(&call, &arena, &findings);
 *     call.finding = findings.finding;
 *     call.finding_count = findings.count;
 *
 * Pure: of the same call the same findings. Who calls it has given the messages their relations
 * (tnd_diag_message.first, .request, .leg, .code, .method) and the call its result and code; the findings
 * that call may have already are not looked at. Messages are parsed when a rule asks for one, into
 * the arena; an ordinary call costs a look at its methods and codes, and at the addresses of its INVITE
 * and answer.
 *
 * A rule holds back where the messages do not show it: a capture may begin late, or see one hop of three.
 * What is only likely is called a guess. */
#ifndef DIAG_FIND_H
#define DIAG_FIND_H

#include "diag/diag.h"

/* The numbers are of one build; names are stable: tnd_diag_rule_name(). */
enum tnd_diag_rule {
    TND_DIAG_RULE_NONE,
#define DIAG(id, severity, culprit, text, fix) TND_DIAG_RULE_##id,
#include "diag/rules.def"
#undef DIAG
    TND_DIAG_RULE_COUNT
};

/* What rules.def says. diag/rules.c has these, and tnd_diag_rule_name(), _text() and _fix() of diag.h. */
enum tnd_diag_severity tnd_diag_rule_severity(unsigned rule);
enum tnd_diag_culprit tnd_diag_rule_culprit(unsigned rule);

enum { TND_DIAG_FINDING_COUNT_MAX = 32 }; /* of one call; what is milder is left out */

struct tnd_diag_findings {
    const struct tnd_diag_finding *finding; /* the gravest first */
    size_t count;
};

/* Keeps call.message and its bytes; takes from a: about 4 KB for each message that is looked into.
 * TND_ENOMEM: a is over; ret has what was found until then. */
int tnd_diag_find(const struct tnd_diag_call *call, struct tnd_arena *a,
                  struct tnd_diag_findings *ret);

#endif
