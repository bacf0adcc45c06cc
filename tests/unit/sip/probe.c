/* A ring of texts under test. */
#include "unit/sip/probe.h"

#include <stdio.h>

#include "unit/guarded.h"

static struct probe {
    struct tnd_slice text;
    struct tnd_marks marks;
    struct tnd_msg msg;
    _Alignas(TND_ARENA_ALIGN) char room[65536];
} probes[PROBE_COUNT_MAX];
static unsigned next_probe;

static struct probe *take(struct tnd_slice text)
{
    struct probe *p = &probes[next_probe++ % PROBE_COUNT_MAX];
    struct tnd_slice copy = guarded(text); /* text may be that of the oldest probe */

    if (p->text.ptr)
        guarded_free(p->text);
    p->text = copy;
    return p;
}

struct tnd_values probe(struct tnd_slice text)
{
    struct probe *p = take(text);

    return tnd_values(p->text, &p->marks);
}

const struct tnd_msg *probe_msg(const char *fields)
{
    char text[32768];
    int len = snprintf(text, sizeof(text), "OPTIONS sip:example.com SIP/2.0\r\n%s\r\n", fields);
    struct probe *p = take(tnd_slice(text, (size_t)len));
    struct tnd_arena a;

    CHECK((size_t)len < sizeof(text));
    tnd_arena_init(&a, p->room, sizeof(p->room), NULL, 0);
    CHECK_EQ(tnd_msg_parse(&p->msg, &a, p->text, TND_DATAGRAM), 0);
    return &p->msg;
}

struct tnd_values probe_fields(enum tnd_header kind, const char *fields)
{
    return tnd_msg_values(probe_msg(fields), kind);
}
