/* Texts for readers: each stands in front of an unmapped page, loose or in a message. */
#ifndef TESTS_SIP_PROBE_H
#define TESTS_SIP_PROBE_H

#include "tandem/sip.h"
#include "unit/test.h"

enum { PROBE_COUNT_MAX = 16 };

/* The values of a loose text. Good until PROBE_COUNT_MAX more were asked for. */
struct tnd_values probe(struct tnd_slice text);

/* The same of a message that has these header fields, each with its line end. */
struct tnd_values probe_fields(enum tnd_header kind, const char *fields);
const struct tnd_msg *probe_msg(const char *fields);

/* text reads as count values of this type and no flaw; and no prefix of it makes trouble. */
#define CHECK_GOOD(reader, type, text, count_)                                                     \
    do {                                                                                           \
        struct tnd_slice all_ = tnd_slice_str(text);                                               \
        for (size_t len_ = 0; len_ <= all_.len; len_++) {                                          \
            struct tnd_values v_ = probe(tnd_slice(all_.ptr, len_));                               \
            type value_;                                                                           \
            unsigned n_ = 0;                                                                       \
            while (tnd_##reader##_next(&v_, &value_))                                              \
                n_++;                                                                              \
            if (len_ < all_.len)                                                                   \
                continue;                                                                          \
            CHECK_STR(tnd_slice_str(tnd_rule_name(v_.c.flaw.rule)), tnd_rule_name(TND_RULE_NONE)); \
            CHECK_EQ(n_, count_);                                                                  \
        }                                                                                          \
    } while (0)

/* text has a flaw of this rule, at what starts with at, or for "" at its end. A reader that
 * found a flaw says so for good. */
#define CHECK_FLAW(reader, type, text, rule_, at)                        \
    do {                                                                 \
        struct tnd_values v_ = probe(tnd_slice_str(text));               \
        type value_;                                                     \
        while (tnd_##reader##_next(&v_, &value_))                        \
            continue;                                                    \
        CHECK_STR(tnd_slice_str(tnd_rule_name(v_.c.flaw.rule)), #rule_); \
        CHECK(is_at(&v_, tnd_slice_str(at)));                            \
        CHECK(!tnd_##reader##_next(&v_, &value_));                       \
        PROVES(rule_);                                                   \
    } while (0)

static inline bool is_at(const struct tnd_values *v, struct tnd_slice at)
{
    struct tnd_slice where = v->c.flaw.where;
    size_t left = (size_t)(v->c.end - where.ptr);

    return at.len == 0 ? left == 0 && where.len == 0
                       : left >= at.len && where.len > 0 && memcmp(where.ptr, at.ptr, at.len) == 0;
}

/* Reads the first value of text into ret. */
#define READ(reader, text, ret)                            \
    do {                                                   \
        struct tnd_values v_ = probe(tnd_slice_str(text)); \
        CHECK(tnd_##reader##_next(&v_, ret));              \
    } while (0)

/* What is read and written reads the same again, and is written the same again. */
#define CHECK_STABLE(reader, writer, type, text)                                 \
    do {                                                                         \
        char room_[2][1024];                                                     \
        struct tnd_writer w_[2];                                                 \
        struct tnd_slice from_ = tnd_slice_str(text);                            \
        for (int i_ = 0; i_ < 2; i_++) {                                         \
            struct tnd_values v_ = probe(from_);                                 \
            type value_;                                                         \
            CHECK(tnd_##reader##_next(&v_, &value_));                            \
            w_[i_] = tnd_writer(room_[i_], sizeof(room_[i_]));                   \
            tnd_##writer##_write(&w_[i_], &value_);                              \
            from_ = tnd_writer_slice(&w_[i_]);                                   \
        }                                                                        \
        CHECK(tnd_slice_eq(tnd_writer_slice(&w_[0]), tnd_writer_slice(&w_[1]))); \
    } while (0)

/* value is written as text. */
#define CHECK_WRITES(writer, value, text)                        \
    do {                                                         \
        char room_[1024];                                        \
        struct tnd_writer w_ = tnd_writer(room_, sizeof(room_)); \
        tnd_##writer##_write(&w_, value);                        \
        CHECK_STR(tnd_writer_slice(&w_), text);                  \
    } while (0)

#endif
