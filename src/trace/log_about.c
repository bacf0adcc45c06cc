/* A line says it all, or as sipdump of Kamailio does, each says a part. */
#include "trace/log_about.h"

#include "trace/log_line.h"
#include "trace/log_time.h"

enum {
    AGE_MAX = 1,      /* other lines between what says whence a message is, and the message */
    HALF_DAY = 43200, /* seconds */
    DAY = 86400,
};

/* Without a day it is the day of before, or when it is much earlier the next. */
static void note_time(struct tnd_log_about *about, struct tnd_slice line)
{
    struct tnd_log_time time;

    if (!tnd_log_time_find(line, &time))
        return;
    if (time.day != INT64_MIN)
        about->day = time.day;
    int64_t at = TND_SEC(about->day * DAY) + time.of_day;
    if (time.day == INT64_MIN && at < about->now - TND_SEC(HALF_DAY)) {
        about->day++;
        at += TND_SEC(DAY);
    }
    about->now = at;
}

static void note_port(struct tnd_endpoint *e, struct tnd_slice value)
{
    uint64_t port;

    if (tnd_slice_number(value, UINT16_MAX, &port))
        e->port = (uint16_t)port;
}

static void note_address(struct tnd_endpoint *e, struct tnd_slice value)
{
    struct tnd_endpoint address;

    if (tnd_address_parse(value, &address))
        return;
    address.port = e->port;
    address.transport = e->transport;
    *e = address;
}

static void note_source(struct tnd_log_about *about, struct tnd_slice value)
{
    note_address(&about->from, value);
}

static void note_source_port(struct tnd_log_about *about, struct tnd_slice value)
{
    note_port(&about->from, value);
}

static void note_destination(struct tnd_log_about *about, struct tnd_slice value)
{
    note_address(&about->to, value);
}

static void note_destination_port(struct tnd_log_about *about, struct tnd_slice value)
{
    note_port(&about->to, value);
}

/* "udp ipv4": the first of what is said of addresses. */
static void note_protocol(struct tnd_log_about *about, struct tnd_slice value)
{
    const char *space = value.len ? memchr(value.ptr, ' ', value.len) : NULL;
    struct tnd_slice name = space ? tnd_slice_between(value.ptr, space) : value;

    about->from = about->to = (struct tnd_endpoint){.transport = (uint8_t)tnd_transport_find(name)};
}

static void note_nothing(struct tnd_log_about *about, struct tnd_slice value)
{
    (void)about;
    (void)value;
}

static const struct {
    struct tnd_slice key;
    void (*note)(struct tnd_log_about *about, struct tnd_slice value);
} keys[] = {
    {TND_STR_INIT("tag: "), note_nothing},
    {TND_STR_INIT("pid: "), note_nothing},
    {TND_STR_INIT("process: "), note_nothing},
    {TND_STR_INIT("time: "), note_time},
    {TND_STR_INIT("date: "), note_nothing}, /* the same time, but who knows of which zone */
    {TND_STR_INIT("proto: "), note_protocol},
    {TND_STR_INIT("srcip: "), note_source},
    {TND_STR_INIT("srcport: "), note_source_port},
    {TND_STR_INIT("dstip: "), note_destination},
    {TND_STR_INIT("dstport: "), note_destination_port},
};

/* "srcip: 10.0.0.1" and so on. false: it is no such line. */
static bool note_key(struct tnd_log_about *about, struct tnd_slice line)
{
    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
        size_t len = keys[i].key.len;

        if (!tnd_log_begins(line, keys[i].key))
            continue;
        keys[i].note(about, tnd_slice_trim(tnd_slice(line.ptr + len, line.len - len)));
        about->age = 0;
        return true;
    }
    return false;
}

void tnd_log_about_note(struct tnd_log_about *about, struct tnd_slice line)
{
    if (tnd_log_is_blank(line) || tnd_log_is_rule(line) || note_key(about, line))
        return;
    note_time(about, line);
    about->age = tnd_log_places(line, &about->from, &about->to) ? 0 : about->age + 1;
    if (about->age > AGE_MAX)
        tnd_log_about_forget(about);
}

void tnd_log_about_forget(struct tnd_log_about *about)
{
    about->from = about->to = (struct tnd_endpoint){0};
    about->age = AGE_MAX;
}
