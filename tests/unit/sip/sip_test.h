/* Whole messages under test: each stands in front of an unmapped page, parsed and checked. */
#ifndef TESTS_SIP_TEST_H
#define TESTS_SIP_TEST_H

#include <stdio.h>

#include "tandem/sip.h"
#include "unit/test.h"

enum { SIP_MSG_COUNT_MAX = 8 };

/* What a request needs besides its first line; an OPTIONS, by its CSeq. */
#define SIP_VIA  "Via: SIP/2.0/UDP pc33.example.com;branch=z9hG4bK776asdhds\r\n"
#define SIP_FROM "From: Alice <sip:alice@example.com>;tag=1928301774\r\n"
#define SIP_TO   "To: Bob <sip:bob@example.org>\r\n"
#define SIP_CALL "Call-ID: a84b4c76e66710@pc33.example.com\r\n"
#define SIP_CSEQ "CSeq: 314159 OPTIONS\r\n"
#define SIP_HOPS "Max-Forwards: 70\r\n"
#define SIP_HEAD SIP_VIA SIP_FROM SIP_TO SIP_CALL SIP_CSEQ SIP_HOPS
#define SIP_LINE "OPTIONS sip:bob@example.org SIP/2.0\r\n"

/* Well-formed messages of all kinds, without a flaw in a datagram and on a stream, and without
 * anything behind them. Absent: the end of the list. */
extern const struct tnd_slice sip_samples[];

/* Parses and checks text as a datagram, one without an empty line as torn. Good until
 * SIP_MSG_COUNT_MAX more were asked for. */
const struct tnd_msg *sip_read(struct tnd_slice text);
const struct tnd_msg *sip_read_str(const char *text);

/* The same of what came on a stream; the test fails unless it is whole. */
const struct tnd_msg *sip_read_stream(struct tnd_slice text);

/* The same of an OPTIONS that has these lines, each with its CRLF, behind SIP_HEAD. */
const struct tnd_msg *sip_request_with(const char *lines);

/* text, count times in a row, between before and after; static until the next call. */
struct tnd_slice sip_repeat(const char *before, const char *text, size_t count, const char *after);

/* How many flaws of msg are of this rule. */
unsigned sip_flaw_count(const struct tnd_msg *msg, enum tnd_rule rule);

/* All flaws of msg as "RULE RULE"; static until the next call. */
const char *sip_flaw_names(const struct tnd_msg *msg);

/* Whether both are the same but for where they stand: what was read, and the flaws. */
bool sip_same(const struct tnd_msg *a, const struct tnd_msg *b);

/* The flaws of msg are these, by name and in order. */
#define CHECK_FLAWS(msg, names) CHECK_STR(tnd_slice_str(sip_flaw_names(msg)), names)

/* text has exactly one flaw of this rule, at the first place where at stands in text. */
#define CHECK_MSG_FLAW(text_, rule_, at)                                          \
    do {                                                                          \
        const struct tnd_msg *msg_ = sip_read_str(text_);                         \
        const struct tnd_flaw *flaw_ = sip_flaw(msg_, TND_RULE_##rule_);          \
        CHECK_EQ(sip_flaw_count(msg_, TND_RULE_##rule_), 1);                      \
        CHECK_EQ(flaw_->where.ptr - msg_->text.ptr, strstr(text_, at) - (text_)); \
        PROVES(rule_);                                                            \
    } while (0)

/* The first flaw of this rule; NULL: there is none. */
const struct tnd_flaw *sip_flaw(const struct tnd_msg *msg, enum tnd_rule rule);

#endif
