/* 580: preconditions that the other side refuses (RFC 3312 §8). */
#include "recover/recover.h"

static bool starts(struct tnd_slice s, struct tnd_slice with)
{
    return s.len >= with.len && memcmp(s.ptr, with.ptr, with.len) == 0;
}

static bool has_word(struct tnd_slice s, struct tnd_slice word)
{
    for (; s.len >= word.len; s = tnd_slice(s.ptr + 1, s.len - 1))
        if (memcmp(s.ptr, word.ptr, word.len) == 0)
            return true;
    return false;
}

static bool line_next(struct tnd_slice *rest, struct tnd_slice *ret)
{
    const char *end = tnd_slice_end(*rest);

    if (rest->len == 0)
        return false;
    const char *line_end = memchr(rest->ptr, '\n', rest->len);
    *ret = tnd_slice_trim(tnd_slice_between(rest->ptr, line_end ? line_end : end));
    *rest = line_end ? tnd_slice_between(line_end + 1, end) : tnd_slice(end, 0);
    return true;
}

/* RFC 3312 §8, §9: the lines whose strength is failure or unknown. ret_unknown: one was of a type that is not
 * known there at all. */
static struct tnd_slice failed_lines(struct recover_case *c, bool *ret_unknown)
{
    struct tnd_slice rest = c->response ? c->response->body : tnd_slice(NULL, 0);
    struct tnd_slice line, list = {0};

    *ret_unknown = false;
    while (line_next(&rest, &line)) {
        bool is_unknown = has_word(line, TND_STR(" unknown "));

        if (!starts(line, TND_STR("a=des:")) ||
            (!is_unknown && !has_word(line, TND_STR(" failure "))))
            continue;
        *ret_unknown |= is_unknown;
        if (list.len < RECOVER_TEXT_LEN_MAX)
            list = list.ptr ? RECOVER_TEXT(c, list, TND_STR(", "), line) : RECOVER_TEXT(c, line);
    }
    return list;
}

static uint8_t weaker(uint8_t now, uint8_t limit, bool is_unknown)
{
    uint8_t level = now < limit ? now : limit;

    return is_unknown ? 0 : (uint8_t)(level - 1);
}

bool recover_relax(struct recover_case *c)
{
    struct tnd_recover_next *next = &c->r->next;
    bool is_unknown;

    if (c->attempt->preconditions == 0 || next->preconditions == 0)
        return RECOVER_REFUSE(c, TND_STR("preconditions failed, though none was asked for"));
    if (c->attempt->preconditions == 2 && c->r->policy.keeps_preconditions)
        return RECOVER_REFUSE(c, TND_STR("the preconditions are mandatory, and stay so"));
    struct tnd_slice lines = failed_lines(c, &is_unknown);
    next->preconditions = weaker(c->attempt->preconditions, next->preconditions, is_unknown);
    return RECOVER_DO(c,
                      next->preconditions ? TND_STR("with optional preconditions")
                                          : TND_STR("without preconditions"),
                      lines.ptr     ? TND_STR("; refused: ")
                      : c->response ? TND_STR("")
                                    : TND_STR("; it could not be reserved here"),
                      lines.ptr ? lines : TND_STR(""));
}
