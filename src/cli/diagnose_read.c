/* The messages of several captures and logs, in the order of time: what two machines have captured of one call is
 * read as one, and so are the pieces of a capture that was cut up. */
#include <stdlib.h>

#include "base/assert.h"
#include "cli/cli.h"
#include "cli/diagnose_read.h"

static const char *name_of(const struct diagnose_source *s)
{
    return strcmp(s->name, "-") == 0 ? "standard input" : s->name;
}

static void advance(struct diagnose_source *s)
{
    s->got = capture_file_next(s->file, &s->seen);
}

int diagnose_read_open(struct diagnose_reader *r, const struct capture_file_place *place)
{
    struct diagnose_source *s = &r->source[r->count];
    const char *why = "";

    TND_ASSERT(r->count < DIAGNOSE_FILE_COUNT_MAX);
    *s = (struct diagnose_source){.name = place->interface ? place->interface : place->path};
    s->file = capture_file_open(place, &why);
    if (!s->file)
        return cli_fail("diagnose: %s: %s", name_of(s), why);
    r->count++;
    if (!place->interface)
        advance(s);
    return CLI_OK;
}

/* The one whose message is the oldest; NULL: none has any. */
static struct diagnose_source *oldest(struct diagnose_reader *r)
{
    struct diagnose_source *best = NULL;

    for (size_t i = 0; i < r->count; i++)
        if (r->source[i].got == CAPTURE_FILE_SEEN &&
            (!best || r->source[i].seen.at < best->seen.at))
            best = &r->source[i];
    return best;
}

enum capture_file_got diagnose_read_live(struct diagnose_reader *r,
                                         const struct tnd_diag_seen **ret)
{
    advance(&r->source[0]);
    *ret = &r->source[0].seen;
    return r->source[0].got;
}

const struct tnd_diag_seen *diagnose_read_next(struct diagnose_reader *r)
{
    if (r->last && r->last->got == CAPTURE_FILE_SEEN)
        advance(r->last);
    r->last = oldest(r);
    return r->last ? &r->last->seen : NULL;
}

struct capture_file_progress diagnose_read_progress(const struct diagnose_reader *r)
{
    struct capture_file_progress all = {0};

    for (size_t i = 0; i < r->count; i++) {
        struct capture_file_progress one = capture_file_progress(r->source[i].file);

        all.bytes += one.bytes;
        all.size += one.size;
    }
    return all;
}

/* What is not in the capture, or could not be read of it: a call may look worse than it was. */
static void tell_losses(const struct diagnose_source *s, const struct capture_file_progress *p)
{
    const struct {
        uint64_t count;
        const char *what;
    } losses[] = {
        {p->unread, "packets cannot be read"},
        {p->gaps, "pieces of connections are missing"},
        {p->fragments_lost, "datagrams stayed in fragments"},
        {p->encrypted, "sides of connections speak TLS, which cannot be read here"},
        {p->dropped, "packets were dropped by the system"},
    };

    for (size_t i = 0; i < sizeof(losses) / sizeof(*losses); i++)
        if (losses[i].count > 0)
            cli_fail("diagnose: %s: %llu %s; calls may look worse than they were", name_of(s),
                     (unsigned long long)losses[i].count, losses[i].what);
}

/* An exit status: whether it could be read. */
static int judge(const struct diagnose_source *s)
{
    struct capture_file_progress p = capture_file_progress(s->file);

    if (s->got == CAPTURE_FILE_BROKEN) {
        cli_fail("diagnose: %s: byte %llu: %s; %s", name_of(s), (unsigned long long)p.fault_at,
                 capture_file_why(s->file),
                 p.messages > 0 ? "what stands before it was read"
                                : "nothing could be read: capture it again");
        return p.messages > 0 ? CLI_OK : CLI_USAGE;
    }
    if (p.messages > 0 || s->got != CAPTURE_FILE_END)
        return CLI_OK;
    if (p.kind == CAPTURE_FILE_LOG && p.bytes > 0)
        return cli_fail("diagnose: %s: neither a capture nor a log with SIP messages in it; "
                        "'tandem diagnose --help' says what can be read",
                        name_of(s));
    cli_fail("diagnose: %s: no SIP message in it", name_of(s));
    return CLI_OK;
}

int diagnose_read_close(struct diagnose_reader *r)
{
    int status = CLI_OK;

    for (size_t i = 0; i < r->count; i++) {
        struct diagnose_source *s = &r->source[i];
        struct capture_file_progress p = capture_file_progress(s->file);

        tell_losses(s, &p);
        if (judge(s) != CLI_OK)
            status = CLI_USAGE;
        capture_file_close(&s->file);
    }
    return status;
}
