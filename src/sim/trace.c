/* What happened in a world: a number, and a ladder. */
#include "sim/trace.h"

enum {
    LINE_SIZE = 600,
    TEXT_WIDTH = 44,
    FIRST_LINE_MAX = 200,
    PLACE_WIDTH = 10,
    SECONDS_WIDTH = 5
};

void sim_put_place(struct tnd_writer *w, const struct sim_world *world,
                   const struct tnd_endpoint *e)
{
    int host = sim_host_find(world, e);

    if (host >= 0)
        tnd_put_str(w, sim_host_name(world, (unsigned)host));
    else
        tnd_endpoint_write(w, e);
}

struct tnd_slice sim_first_line(struct tnd_slice bytes)
{
    const char *start = bytes.ptr, *end = tnd_slice_end(bytes);

    while (start < end && (*start == '\r' || *start == '\n'))
        start++;
    bytes = tnd_slice_between(start, end);
    if (bytes.len > FIRST_LINE_MAX)
        bytes.len = FIRST_LINE_MAX;
    for (size_t i = 0; i < bytes.len; i++)
        if (bytes.ptr[i] == '\r' || bytes.ptr[i] == '\n')
            bytes.len = i;
    return bytes;
}

void sim_put_text(struct tnd_writer *w, struct tnd_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        tnd_put_char(w, (char)(c == '\n' || (c >= 0x20 && c < 0x7f) ? c : '.'));
    }
}

/* The Call-ID, if one is written as everybody here writes it. */
static struct tnd_slice call_id_of(struct tnd_slice bytes)
{
    static const char name[] = "\nCall-ID: ";
    const size_t len = sizeof(name) - 1;

    for (size_t i = 0; i + len <= bytes.len; i++)
        if (memcmp(bytes.ptr + i, name, len) == 0)
            return sim_first_line(tnd_slice_between(bytes.ptr + i + len, tnd_slice_end(bytes)));
    return tnd_slice(NULL, 0);
}

static void pad(struct tnd_writer *w, size_t to)
{
    while (w->len < to)
        tnd_put_char(w, ' ');
}

static void put_time(struct tnd_writer *w, tnd_time now)
{
    char room[24];
    struct tnd_writer n = tnd_writer(room, sizeof(room));

    tnd_put_number(&n, (uint64_t)(now / TND_SEC(1)));
    for (size_t i = n.len; i < SECONDS_WIDTH; i++)
        tnd_put_char(w, ' ');
    tnd_put(w, tnd_writer_slice(&n));
    tnd_put_char(w, '.');
    for (tnd_time digit = TND_SEC(1) / 10; digit > 0; digit /= 10)
        tnd_put_char(w, (char)('0' + now / digit % 10));
    tnd_put_char(w, ' ');
}

/* "0.012345 here > there  INVITE sip:bob@192.0.2.1 SIP/2.0  call-1" */
static void line(struct sim_trace *t, const struct sim_sight *s, char mark,
                 const struct tnd_endpoint *there, struct tnd_slice message)
{
    char room[LINE_SIZE];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_slice call_id = call_id_of(message);

    put_time(&w, s->now);
    size_t at = w.len;
    tnd_put_str(&w, sim_host_name(t->w, s->host));
    pad(&w, at + PLACE_WIDTH);
    tnd_put_char(&w, mark);
    tnd_put_char(&w, ' ');
    at = w.len;
    if (there)
        sim_put_place(&w, t->w, there);
    pad(&w, at + PLACE_WIDTH);
    tnd_put_char(&w, ' ');
    sim_put_text(&w, sim_first_line(message));
    if (call_id.ptr) {
        pad(&w, at + PLACE_WIDTH + TEXT_WIDTH);
        tnd_put_str(&w, " ");
        sim_put_text(&w, call_id);
    }
    t->put(t->ctx, tnd_writer_slice(&w));
}

static void tell_input(struct sim_trace *t, const struct sim_sight *s)
{
    switch ((enum tnd_input_kind)s->in->kind) {
    case TND_IN_TICK:
        return;
    case TND_IN_MESSAGE:
        line(t, s, '<', &s->in->flow.remote, s->in->msg->text);
        return;
    case TND_IN_FAILED:
        line(t, s, ' ', NULL, TND_STR("hears that it could not be delivered"));
        return;
    case TND_IN_RESOLVED:
        line(t, s, ' ', NULL, TND_STR("hears from the DNS"));
        return;
    case TND_IN_STORED:
        line(t, s, ' ', NULL, TND_STR("hears from the store"));
        return;
    }
}

static void tell_output(struct sim_trace *t, const struct sim_sight *s)
{
    const struct tnd_output *out = s->out;

    switch ((enum tnd_output_kind)out->kind) {
    case TND_OUT_SEND:
        line(t, s, '>', out->to.family ? &out->to : NULL, out->bytes);
        return;
    case TND_OUT_CLOSE:
        line(t, s, ' ', NULL, TND_STR("closes a connection"));
        return;
    case TND_OUT_RESOLVE:
        line(t, s, ' ', NULL, TND_STR("asks the DNS"));
        return;
    case TND_OUT_STORE:
        line(t, s, ' ', NULL, TND_STR("asks the store"));
        return;
    case TND_OUT_WHY:
        return;
    }
}

static void tell(struct sim_trace *t, const struct sim_sight *s)
{
    switch ((enum sim_sight_kind)s->kind) {
    case SIM_BORN:
        line(t, s, '*', NULL, TND_STR("starts"));
        return;
    case SIM_DYING:
        line(t, s, '*', NULL, TND_STR("ends"));
        return;
    case SIM_FEEDING:
        tell_input(t, s);
        return;
    case SIM_TOOK:
        tell_output(t, s);
        return;
    case SIM_LOST:
        line(t, s, 'x', &s->from, s->bytes);
        return;
    case SIM_RESTLESS:
        line(t, s, '*', NULL, TND_STR("asks for a tick again and again"));
        return;
    case SIM_DEAD:
    case SIM_FED:
        return;
    }
}

static void put_bytes(struct tnd_siphash *h, const void *ptr, size_t len)
{
    tnd_siphash_put(h, tnd_slice(ptr, len));
}

static void see(void *ctx, const struct sim_sight *s)
{
    struct sim_trace *t = ctx;
    const uint64_t facts[] = {
        (uint64_t)s->now,
        s->kind,
        s->host,
        (uint64_t)(int64_t)s->err,
        s->in ? s->in->kind : 0,
        s->in ? s->in->token : 0,
        s->in ? s->in->flow.id : 0,
        s->out ? s->out->kind : 0,
        s->out ? s->out->flow : 0,
        s->live_size,
    };

    put_bytes(&t->hash, facts, sizeof(facts));
    if (s->in && s->in->kind == TND_IN_MESSAGE)
        tnd_siphash_put(&t->hash, s->in->msg->text);
    if (s->out && s->out->kind == TND_OUT_SEND) {
        put_bytes(&t->hash, &s->out->to, sizeof(s->out->to));
        tnd_siphash_put(&t->hash, s->out->bytes);
    }
    tnd_siphash_put(&t->hash, s->bytes);
    if (t->put)
        tell(t, s);
}

void sim_trace_init(struct sim_trace *t, const struct sim_world *w)
{
    static const struct tnd_siphash_key key = {0, 0}; /* no secret: a fingerprint */

    *t = (struct sim_trace){.w = w};
    tnd_siphash_init(&t->hash, &key);
}

struct sim_watcher sim_trace_watcher(struct sim_trace *t)
{
    return (struct sim_watcher){see, t};
}

uint64_t sim_trace_hash(const struct sim_trace *t)
{
    struct tnd_siphash h = t->hash;
    unsigned char digest[16];
    uint64_t ret = 0;

    tnd_siphash_end(&h, digest);
    for (unsigned i = 0; i < sizeof(ret); i++)
        ret = ret << 8 | digest[i];
    return ret;
}
