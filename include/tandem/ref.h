/* tandem/ref.h: the reference tables: methods, header fields, response codes, option tags,
 * timers, and the rules that Tandem obeys or referees.
 *
 * Each table is one file of rows under tandem/ref/, written once and read by everyone: the
 * enums here, the parser, the machines, the explanations and the tests. All strings are
 * static and terminated.
 */
#ifndef TANDEM_REF_H
#define TANDEM_REF_H

#include "tandem/base.h"

/* Methods (tandem/ref/methods.def). Compared with case (RFC 3261 §7.1). */
enum tnd_method {
    TND_METHOD_OTHER, /* none that we know; not malformed */
#define METHOD(name, law) TND_METHOD_##name,
#include "tandem/ref/methods.def"
#undef METHOD
    TND_METHOD_COUNT
};

/* "INVITE"; of TND_METHOD_OTHER: "". */
const char *tnd_method_name(enum tnd_method method);
const char *tnd_method_law(enum tnd_method method);
enum tnd_method tnd_method_find(struct tnd_slice name);

/* Header fields (tandem/ref/headers.def). Compared without case, compact forms are the
 * same field (RFC 3261 §7.3.1, §7.3.3). */
enum tnd_header {
    TND_HEADER_OTHER, /* an extension: kept and forwarded as it came */
#define HEADER(id, name, compact, number, law) TND_HEADER_##id,
#include "tandem/ref/headers.def"
#undef HEADER
    TND_HEADER_COUNT
};

enum tnd_header_number { TND_HEADER_ANY, TND_HEADER_ONE, TND_HEADER_MANY };

/* "Call-ID"; of TND_HEADER_OTHER: "". */
const char *tnd_header_name(enum tnd_header header);
/* "i" for Call-ID, "" for those without a compact form. */
const char *tnd_header_compact(enum tnd_header header);
const char *tnd_header_law(enum tnd_header header);
enum tnd_header_number tnd_header_number(enum tnd_header header);
/* By full or compact name. */
enum tnd_header tnd_header_find(struct tnd_slice name);

/* Response codes (tandem/ref/codes.def). */

/* The registered reason phrase; of a code that is not registered, the phrase of its class
 * (RFC 3261 §8.1.3.2 treats it as x00); of what is no code, "". */
const char *tnd_code_phrase(unsigned code);
/* NULL: not registered. */
const char *tnd_code_law(unsigned code);

/* Option tags (tandem/ref/options.def). Compared without case. */
enum tnd_option {
    TND_OPTION_OTHER,
#define OPTION(id, tag, law) TND_OPTION_##id,
#include "tandem/ref/options.def"
#undef OPTION
    TND_OPTION_COUNT
};

const char *tnd_option_tag(enum tnd_option option);
const char *tnd_option_law(enum tnd_option option);
enum tnd_option tnd_option_find(struct tnd_slice tag);

/* SIP timers (tandem/ref/timers.def). */
enum tnd_timer {
    TND_TIMER_NONE,
#define TIMER(id, value, law, text) TND_TIMER_##id,
#include "tandem/ref/timers.def"
#undef TIMER
    TND_TIMER_COUNT
};

/* "A", "T1"… */
const char *tnd_timer_name(enum tnd_timer timer);
/* The default, RFC 3261 table 4; 0 where it depends on something else. */
tnd_time tnd_timer_default(enum tnd_timer timer);
const char *tnd_timer_law(enum tnd_timer timer);
/* What it is for, in half a sentence. */
const char *tnd_timer_text(enum tnd_timer timer);

/* Rules (tandem/ref/rules.def). */
enum tnd_rule {
    TND_RULE_NONE,
#define RULE(id, law, level, sentence) TND_RULE_##id,
#include "tandem/ref/rules.def"
#undef RULE
    TND_RULE_COUNT
};

enum tnd_level { TND_LEVEL_MUST, TND_LEVEL_SHOULD, TND_LEVEL_BOUND };

/* "LINE_CRLF", "RFC 3261 §7", MUST, "each line ends with CRLF". */
const char *tnd_rule_name(enum tnd_rule rule);
const char *tnd_rule_law(enum tnd_rule rule);
enum tnd_level tnd_rule_level(enum tnd_rule rule);
/* English, as it goes on the wire; tnd_text() of ref/explain.h has it in other languages. */
const char *tnd_rule_sentence(enum tnd_rule rule);

/* A flaw: a rule that a peer broke, and where. where borrows from the text that was read.
 * rule is TND_RULE_NONE while there is none. */
struct tnd_flaw {
    enum tnd_rule rule;
    struct tnd_slice where;
};

#endif
