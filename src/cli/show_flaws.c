/* What is wrong with a message, where, and what follows from it. */
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "cli/mend.h"
#include "cli/say.h"
#include "cli/show.h"

/* Where in bytes a flaw is. A torn message was parsed from a copy, and the empty lines in
 * front of a message are no part of it: places are counted from its start. */
static size_t offset_of(const struct show *show, const struct tnd_flaw *flaw)
{
    const char *start = show->bytes.ptr;
    size_t skipped = 0, offset = 0;

    while (skipped + 1 < show->bytes.len && start[skipped] == '\r' && start[skipped + 1] == '\n')
        skipped += 2;
    if (flaw->where.ptr)
        offset = (size_t)(flaw->where.ptr - show->msg->text.ptr);
    return offset > show->bytes.len - skipped ? show->bytes.len : skipped + offset;
}

static struct tnd_place place_in_bytes(const struct show *show, const struct tnd_flaw *flaw)
{
    return tnd_place(show->bytes, show->bytes.ptr + offset_of(show, flaw));
}

static struct tnd_slice line_at(struct tnd_slice bytes, unsigned line)
{
    const char *at = bytes.ptr, *end = tnd_slice_end(bytes);

    for (unsigned i = 1; i < line; i++) {
        const char *lf = memchr(at, '\n', (size_t)(end - at));
        if (!lf)
            return tnd_slice(end, 0);
        at = lf + 1;
    }
    const char *lf = memchr(at, '\n', (size_t)(end - at));
    const char *stop = lf ? lf : end;
    return tnd_slice_between(at, stop > at && stop[-1] == '\r' ? stop - 1 : stop);
}

/* The columns that mending took away in front of a line of the file. */
static unsigned taken_away(const struct show *show, unsigned line)
{
    if (show->bytes.ptr == show->file.ptr)
        return 0;
    struct tnd_slice text = line_at(show->file, line);
    unsigned mark = line == 1 ? mend_mark(text) : 0;
    return mark + mend_indentation(tnd_slice(text.ptr + mark, text.len - mark), show->columns);
}

struct tnd_place show_place(const struct show *show, const struct tnd_flaw *flaw)
{
    struct tnd_place place = place_in_bytes(show, flaw);

    place.line += show->lines;
    place.column += taken_away(show, place.line);
    return place;
}

/* The part of the line around the flaw that fits a terminal, and a mark below it. */
static void show_line(const struct show *show, struct tnd_place place)
{
    enum { BEFORE = 50, WIDTH = 75 };
    struct tnd_slice line = line_at(show->bytes, place.line);
    size_t column = place.column - 1 < line.len ? place.column - 1 : line.len;
    size_t from = column > BEFORE ? column - BEFORE : 0;
    size_t to = line.len - from > WIDTH ? from + WIDTH : line.len;

    while (from < column && tnd_utf8_len(tnd_slice(line.ptr + from, line.len - from)) == 0 &&
           (line.ptr[from] & 0xc0) == 0x80) /* not the rest of a character */
        from++;
    if (line.len == 0)
        return;
    printf("    ");
    int width = show_text(tnd_slice_between(line.ptr + from, line.ptr + column));
    show_text(tnd_slice_between(line.ptr + column, line.ptr + to));
    printf("\n    %*s%s^%s\n", width, "", show->colour ? "\033[31m" : "",
           show->colour ? "\033[0m" : "");
}

static void show_flaw(const struct show *show, const struct tnd_flaw *flaw)
{
    struct tnd_place place = show_place(show, flaw);
    bool advice = tnd_rule_level(flaw->rule) == TND_LEVEL_SHOULD;

    printf("%s:%u:%u: %s: ", show->path, place.line, place.column, tnd_rule_name(flaw->rule));
    if (advice)
        printf("%s: ", tnd_text(show->lang, N_("advice")));
    printf("%s (%s)\n", tnd_text(show->lang, tnd_rule_sentence(flaw->rule)),
           tnd_rule_law(flaw->rule));
    if (!advice)
        show_line(show, place_in_bytes(show, flaw));
}

/* A line of its own about the file. */
static void tell(const struct show *show, const char *english, const struct say *values)
{
    printf("%s: ", show->path);
    say_put(show->lang, english, values);
    putchar('\n');
}

void show_flaws(const struct show *show)
{
    for (size_t i = 0; i < show->flaw_count; i++)
        show_flaw(show, &show->flaws[i]);
    if (show->flaws_lost > 0)
        tell(show, N_("{n} more flaws"), &(struct say){.n = show->flaws_lost});
}

/* What somebody does with the message; {a} is what stands on the wire, in English. */
struct doing {
    const char *process, *drop, *reply;
};

static const struct doing both = {N_("a proxy and a user agent process it all the same"),
                                  N_("a proxy and a user agent drop it without an answer"),
                                  N_("a proxy and a user agent answer {a}")};
static const struct doing proxy_alone = {N_("a proxy processes it all the same"),
                                         N_("a proxy drops it without an answer"),
                                         N_("a proxy answers {a}")};
static const struct doing agent_alone = {N_("a user agent processes it all the same"),
                                         N_("a user agent drops it without an answer"),
                                         N_("a user agent answers {a}")};

static void show_verdict(const struct show *show, const struct tnd_verdict *v,
                         const struct doing *doing)
{
    char room[512];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    switch ((enum tnd_action)v->action) {
    case TND_PROCESS:
        tell(show, doing->process, &(struct say){0});
        return;
    case TND_DROP:
        tell(show, doing->drop, &(struct say){0});
        return;
    case TND_REPLY:
        tnd_put_number(&w, v->code);
        tnd_put_char(&w, ' ');
        tnd_verdict_reason(&w, show->msg, v);
        tell(show, doing->reply, &(struct say){.a = tnd_writer_slice(&w)});
        return;
    }
}

static bool same_verdict(const struct tnd_verdict *a, const struct tnd_verdict *b)
{
    return a->action == b->action && a->code == b->code && a->flaw.rule == b->flaw.rule &&
           a->flaw.where.ptr == b->flaw.where.ptr;
}

void show_verdicts(const struct show *show)
{
    struct tnd_verdict proxy = tnd_msg_verdict(show->msg, TND_AS_PROXY);
    struct tnd_verdict agent = tnd_msg_verdict(show->msg, TND_AS_UAS);

    if (show->valid && proxy.action == TND_PROCESS && agent.action == TND_PROCESS)
        return;
    if (same_verdict(&proxy, &agent) && !(show->sdp_refused && agent.action == TND_PROCESS)) {
        show_verdict(show, &proxy, &both);
        return;
    }
    show_verdict(show, &proxy, &proxy_alone);
    if (show->sdp_refused && agent.action == TND_PROCESS)
        tell(show,
             show->msg->kind == TND_MSG_REQUEST
                 ? N_("a user agent cannot use its description: it answers 400 or 488")
                 : N_("a user agent cannot use its description"),
             &(struct say){0});
    else
        show_verdict(show, &agent, &agent_alone);
}

/* ", 3 flaws": nothing of none. */
static void put_count(const struct show *show, size_t n, const char *one, const char *several)
{
    if (n == 0)
        return;
    printf(", ");
    say_put(show->lang, n == 1 ? one : several, &(struct say){.n = n});
}

void show_summary(const struct show *show)
{
    const char *colour = show->valid ? "\033[32m" : "\033[31m";
    size_t advice = 0, broken = show->flaws_lost;

    for (size_t i = 0; i < show->flaw_count; i++) {
        bool should = tnd_rule_level(show->flaws[i].rule) == TND_LEVEL_SHOULD;
        advice += should;
        broken += !should;
    }
    printf("%s: %s%s%s", show->path, show->colour ? colour : "",
           tnd_text(show->lang, show->valid ? N_("valid") : N_("not valid")),
           show->colour ? "\033[0m" : "");
    put_count(show, broken, N_("{n} flaw"), N_("{n} flaws"));
    put_count(show, advice, N_("{n} piece of advice"), N_("{n} pieces of advice"));
    putchar('\n');
}

void show_hint(const struct show *show)
{
    tell(show, N_("if it was pasted from a log or saved by an editor, try --text"),
         &(struct say){0});
}
