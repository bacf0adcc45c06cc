/* The packets of a flow without SIP: as many, of the same sizes, in the same order. The script
 * comes from lib.py, steps with ';' between them:
 *
 *   TRIGGER:END SIZE>END SIZE,...    without the blanks; END is C(aller) or S (callee)
 *
 * The first END sends a packet of SIZE, for which the forwarder sends those behind '>'. TRIGGER is
 * '*' for the step that begins a call; else the number of a step and the END that sees the first
 * packet of it. */
#include <stdlib.h>
#include <string.h>

#include "load.h"
#include "raw.h"

enum { RAW_STEPS_MAX = 64, BEGIN = -1 };

struct raw_step {
    int after; /* number of a step, or BEGIN */
    enum end after_end, from;
    size_t size;
    struct raw_header header;
};

static struct raw_step steps[RAW_STEPS_MAX];
static int step_count, packets_out;
static int timed; /* the step whose arrival at the caller is the latency */

static enum end read_end(const char **at)
{
    char c = *(*at)++;

    if (c != 'C' && c != 'S')
        die("raw script: C or S is wanted, not %c%s", c, *at);
    return c == 'S' ? CALLEE : CALLER;
}

static size_t read_size(const char **at)
{
    char *end;
    size_t size = strtoul(*at, &end, 10);

    *at = end;
    if (size > PACKET_MAX)
        die("raw script: a packet of %zu bytes", size);
    return size > sizeof(struct raw_header) ? size : sizeof(struct raw_header);
}

static void read_trigger(const char **at, struct raw_step *s)
{
    char *end;

    s->after = BEGIN;
    if (**at == '*') {
        ++*at;
    } else {
        s->after = (int)strtol(*at, &end, 10);
        *at = end;
        s->after_end = read_end(at);
    }
    if (*(*at)++ != ':')
        die("raw script: a colon is wanted before %s", *at - 1);
}

static void read_step(const char **at, struct raw_step *s)
{
    struct raw_header *h = &s->header;

    read_trigger(at, s);
    s->from = read_end(at);
    s->size = read_size(at);
    if (**at != '>')
        return;
    do {
        ++*at;
        if (h->count == RAW_OUT_MAX)
            die("raw script: more than %d packets for one", RAW_OUT_MAX);
        h->side[h->count] = (uint8_t)read_end(at);
        h->size[h->count++] = (uint16_t)read_size(at);
    } while (**at == ',');
}

void raw_read_script(const char *script, int latency_step)
{
    timed = latency_step;
    for (const char *at = script; *at; at += *at == ';') {
        if (step_count == RAW_STEPS_MAX)
            die("raw script: more than %d steps", RAW_STEPS_MAX);
        steps[step_count].header.step = (uint8_t)step_count;
        read_step(&at, &steps[step_count]);
        packets_out += steps[step_count++].header.count;
        if (*at && *at != ';')
            die("raw script: %s", at);
    }
}

int raw_messages(void)
{
    return packets_out;
}

static void send_step(const struct call *c, const struct raw_step *s)
{
    struct text t = net_packet(s->from);
    struct raw_header header = s->header;

    header.slot = call_slot(c);
    header.number = c->number;
    memcpy(header.run_id, run_id(), RUN_ID);
    memcpy(t.at, &header, sizeof(header));
    net_send(s->from, s->size);
}

static void send_after(const struct call *c, int after, enum end end)
{
    for (int i = 0; i < step_count; i++)
        if (steps[i].after == after && (after == BEGIN || steps[i].after_end == end))
            send_step(c, &steps[i]);
}

void raw_first(struct call *c)
{
    send_after(c, BEGIN, CALLER);
}

void raw_receive(enum end end, struct slice packet, uint64_t now_ns)
{
    struct raw_header h;
    struct call *c;

    if (packet.size < sizeof(h)) {
        run.stale++;
        return;
    }
    memcpy(&h, packet.at, sizeof(h));
    c = call_find_slot(h.run_id, h.slot, h.number);
    if (!c || h.step >= step_count)
        return;
    if (!(c->raw_fired[end] >> h.step & 1)) {
        c->raw_fired[end] |= (uint64_t)1 << h.step;
        send_after(c, h.step, end);
    }
    if (h.step == timed && end == CALLER)
        count_latency(now_ns - c->asked_ns);
    if (--c->missing == 0)
        call_end(c, true, "");
}
