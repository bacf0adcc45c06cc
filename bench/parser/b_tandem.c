/* Tandem's row of the parser benchmark: see bench.h. Linked twice, with the scan that the
 * processor allows and with the portable one. */
#include "bench.h"

#include <stdlib.h>

#include "tandem/sip.h"

#ifndef ROW
#define ROW "tandem"
#endif

static _Alignas(64) char room[64 * 1024];
static char out[8192];

static bsv view(struct tnd_slice s)
{
    return (bsv){s.ptr, (uint32_t)s.len};
}

static uint32_t port(int32_t port)
{
    return port < 0 ? 0 : (uint32_t)port;
}

static int parse(const bmsg *m, struct tnd_arena *a, struct tnd_msg *msg)
{
    tnd_arena_init(a, room, sizeof(room), NULL, 0);
    return tnd_msg_parse(msg, a, tnd_slice(m->data, m->len), TND_DATAGRAM);
}

static int run_index(void *state, bfields *f)
{
    struct tnd_arena a;
    struct tnd_msg msg;

    (void)f;
    if (parse(state, &a, &msg) || msg.flaw_count > 0)
        return -1;
    return (int)msg.field_count;
}

static int run_full(void *state, bfields *f)
{
    struct tnd_arena a;
    struct tnd_msg msg;
    struct tnd_uri uri;
    struct tnd_via via;
    struct tnd_addr from, to;
    struct tnd_cseq cseq;
    struct tnd_slice call_id;
    struct tnd_contact contact;
    uint32_t number;

    if (parse(state, &a, &msg) || msg.flaw_count > 0)
        return -1;
    if (msg.kind != TND_MSG_REQUEST)
        uri.user.len = uri.host.len = 0, uri.port = -1;
    else if (!tnd_msg_uri(&msg, &uri, NULL))
        return -2;
    if (!tnd_msg_via(&msg, &via, NULL) || !tnd_msg_from(&msg, &from, NULL) ||
        !tnd_msg_to(&msg, &to, NULL) || !tnd_msg_cseq(&msg, &cseq, NULL) ||
        !tnd_msg_call_id(&msg, &call_id, NULL))
        return -3;
    struct tnd_values contacts = tnd_msg_values(&msg, TND_HEADER_CONTACT);
    if (!tnd_contact_next(&contacts, &contact)) {
        if (contacts.c.flaw.rule)
            return -4;
        contact.addr.uri.user.len = contact.addr.uri.host.len = 0;
        contact.addr.uri.port = -1;
    }
    struct tnd_values hops = tnd_msg_values(&msg, TND_HEADER_MAX_FORWARDS);
    f->maxfwd = tnd_max_forwards_next(&hops, &number) ? (int32_t)number : -1;
    struct tnd_values length = tnd_msg_values(&msg, TND_HEADER_CONTENT_LENGTH);
    f->clen = tnd_content_length_next(&length, &number) ? number : 0;
    f->method = view(msg.method_name);
    f->status = msg.code;
    f->ruri_user = view(uri.user), f->ruri_host = view(uri.host), f->ruri_port = port(uri.port);
    f->via_host = view(via.host), f->via_port = port(via.port), f->via_branch = view(via.branch);
    f->from_user = view(from.uri.user), f->from_host = view(from.uri.host);
    f->from_tag = view(from.tag);
    f->to_user = view(to.uri.user), f->to_host = view(to.uri.host), f->to_tag = view(to.tag);
    f->cseq = cseq.number, f->cseq_method = view(cseq.method_name), f->callid = view(call_id);
    f->contact_user = view(contact.addr.uri.user), f->contact_host = view(contact.addr.uri.host);
    f->contact_port = port(contact.addr.uri.port);
    bench_done(f);
    return 1;
}

/* Keeps a message in room of size bytes; NULL: it is too small. */
static struct tnd_msg *keep(const struct tnd_msg *msg, char *to, size_t size, size_t *ret_used)
{
    struct tnd_arena a;

    tnd_arena_init(&a, to, size, NULL, 0);
    struct tnd_msg *kept = tnd_arena_take(&a, sizeof(*kept));
    if (!kept || tnd_msg_keep(kept, &a, msg) != 0)
        return NULL;
    *ret_used = (size_t)(a.next - to);
    return kept;
}

/* A request that stays for building, as a transaction keeps it: in no more room than it needs. */
static void *prep_build(bmsg *m)
{
    static _Alignas(64) char wide[sizeof(room)];
    struct tnd_arena a;
    struct tnd_msg msg;
    size_t used;

    if (parse(m, &a, &msg) != 0 || !keep(&msg, wide, sizeof(wide), &used))
        return NULL;
    char *tight = aligned_alloc(64, (used + 63) / 64 * 64);
    return tight ? keep(&msg, tight, used, &used) : NULL;
}

static int run_build(void *state, bfields *f)
{
    const struct tnd_msg *request = state;
    struct tnd_reply reply = {.code = 486, .to_tag = TND_STR("a1b2c3d4e5f60718"), .rport = -1};
    struct tnd_writer w = tnd_writer(out, sizeof(out) - 1);

    (void)f;
    /* a caller's reply is no constant that the compiler could work out beforehand */
    __asm__ volatile("" : "+m"(reply));
    tnd_reply_write(&w, request, &reply);
    if (tnd_writer_over(&w))
        return -1;
    out[w.len] = 0;
    return (int)w.len;
}

static const char *last(void)
{
    return out;
}

bench_op bench_ops[] = {
    {ROW, B_INDEX, NULL, run_index, NULL},
    {ROW, B_FULL, NULL, run_full, NULL},
    {ROW, B_BUILD, prep_build, run_build, last},
    {0}};

int bench_setup(void)
{
    return 0;
}

int main(int argc, char **argv)
{
    return bench_main(argc, argv);
}
