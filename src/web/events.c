/* Events, as the HTML standard has them (§9.2, server-sent events): who listens has an answer that never ends. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/assert.h"
#include "net/clock.h"
#include "web/inside.h"

enum { PULSE_SECONDS = 15 };

static const char hello[] = ": tandem\nretry: 2000\n\n";
static const char pulse[] = ":\n\n";

static void wake(struct web_listener *l)
{
    if (!l->is_waiting)
        return;
    l->is_waiting = false;
    l->since = tnd_clock();
    l->web->again = true;
    MHD_resume_connection(l->connection->mhd);
}

static void drop_first(struct web_events *e)
{
    struct web_event *event = &e->event[e->first++ % WEB_EVENT_COUNT_MAX];

    e->size -= event->len;
    free(event->text);
    *event = (struct web_event){NULL, 0};
}

static void keep(struct web_events *e, char *text, size_t len)
{
    while (e->first < e->next &&
           (e->next - e->first == WEB_EVENT_COUNT_MAX || e->size + len > WEB_EVENTS_SIZE_MAX))
        drop_first(e);
    e->event[e->next++ % WEB_EVENT_COUNT_MAX] = (struct web_event){text, len};
    e->size += len;
}

/* jansson writes no end of a line, so an event is three of them. */
static char *text_of(const char *event, json_t *data, size_t *ret_len)
{
    char *json = json_dumps(data, JSON_COMPACT | JSON_ENCODE_ANY), *text = NULL;
    int len = json ? asprintf(&text, "event: %s\ndata: %s\n\n", event, json) : -1;

    free(json);
    if (len < 0)
        return NULL;
    *ret_len = (size_t)len;
    return text;
}

void tnd_web_publish(struct tnd_web *web, const char *event, json_t *data)
{
    size_t len = 0;
    char *text = data && web->events.listeners ? text_of(event, data, &len) : NULL;

    json_decref(data);
    if (!text)
        return;
    if (len > WEB_EVENTS_SIZE_MAX / 4) {
        free(text);
        return;
    }
    keep(&web->events, text, len);
    for (struct web_listener *l = web->events.listeners; l; l = l->behind)
        wake(l);
}

bool tnd_web_is_listened(const struct tnd_web *web)
{
    return web->events.listeners != NULL;
}

/* The next piece for a listener; nothing: it waits. */
static struct tnd_slice piece_of(struct web_listener *l)
{
    const struct web_events *e = &l->web->events;

    if (!l->is_greeted)
        return tnd_slice(hello, sizeof(hello) - 1);
    if (l->wants_pulse)
        return tnd_slice(pulse, sizeof(pulse) - 1);
    if (l->at < e->next) {
        const struct web_event *event = &e->event[l->at % WEB_EVENT_COUNT_MAX];
        return tnd_slice(event->text, event->len);
    }
    return tnd_slice(NULL, 0);
}

static void go_on(struct web_listener *l)
{
    l->offset = 0;
    if (!l->is_greeted)
        l->is_greeted = true;
    else if (l->wants_pulse)
        l->wants_pulse = false;
    else
        l->at++;
}

static ssize_t read_events(void *listener, uint64_t position, char *room, size_t size)
{
    struct web_listener *l = listener;
    size_t len = 0;

    (void)position;
    if (l->is_over || l->at < l->web->events.first)
        return MHD_CONTENT_READER_END_OF_STREAM; /* or it did not keep up */
    l->since = tnd_clock();
    for (struct tnd_slice piece; len < size && (piece = piece_of(l)).len > 0;) {
        size_t count = piece.len - l->offset < size - len ? piece.len - l->offset : size - len;

        memcpy(room + len, piece.ptr + l->offset, count);
        len += count;
        l->offset += count;
        if (l->offset == piece.len)
            go_on(l);
    }
    if (len > 0)
        return (ssize_t)len;
    l->is_waiting = true;
    MHD_suspend_connection(l->connection->mhd);
    return 0;
}

static void end_listener(void *listener)
{
    struct web_listener *l = listener;
    struct web_events *e = &l->web->events;

    if (l->before)
        l->before->behind = l->behind;
    else
        e->listeners = l->behind;
    if (l->behind)
        l->behind->before = l->before;
    e->listener_count--;
    free(l);
}

struct MHD_Response *web_events_open(struct web_connection *c)
{
    struct web_events *e = &c->web->events;
    struct web_listener *l = calloc(1, sizeof(*l));

    if (!l)
        return NULL;
    *l = (struct web_listener){.web = c->web, .connection = c, .at = e->next};
    l->since = tnd_clock();
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, read_events, l, end_listener);
    if (!response) {
        free(l);
        return NULL;
    }
    l->behind = e->listeners;
    if (l->behind)
        l->behind->before = l;
    e->listeners = l;
    e->listener_count++;
    return response;
}

/* One that waits is asked for a sign of life; one that has been given something and does not take it is ended. */
void web_events_pulse(struct tnd_web *web, tnd_time now)
{
    for (struct web_listener *l = web->events.listeners; l; l = l->behind) {
        if (l->is_waiting && now - l->since >= TND_SEC(PULSE_SECONDS)) {
            l->wants_pulse = true;
            wake(l);
        } else if (!l->is_waiting && now - l->since >= TND_SEC(TND_WEB_ANSWER_SECONDS)) {
            shutdown(l->connection->fd, SHUT_RDWR);
        }
    }
}

void web_events_end(struct tnd_web *web)
{
    for (struct web_listener *l = web->events.listeners; l; l = l->behind) {
        l->is_over = true;
        wake(l);
    }
}

void web_events_fini(struct tnd_web *web)
{
    TND_ASSERT(web->events.listener_count == 0);
    while (web->events.first < web->events.next)
        drop_first(&web->events);
}
