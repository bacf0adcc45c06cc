/* The parts of the web server know each other by this: its connections, its requests, who listens to events. All of it
 * is of the web's thread, but for what says so. */
#ifndef WEB_INSIDE_H
#define WEB_INSIDE_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "web/settings.h"
#include "web/trial.h"
#include "web/web.h"

enum { WEB_EVENT_COUNT_MAX = 512, WEB_EVENTS_SIZE_MAX = 4 << 20 };

/* An event as it goes out: "event: call\ndata: {...}\n\n", from malloc(). */
struct web_event {
    char *text;
    size_t len;
};

/* The last events, which all who listen read from the same memory, each at his own pace: so what they cost is bounded,
 * however slow they are. Who falls behind what is still there is ended. */
struct web_events {
    struct web_event event[WEB_EVENT_COUNT_MAX]; /* number n at n % COUNT */
    uint64_t first, next;                        /* numbers of the oldest, and of the next */
    size_t size;                                 /* bytes of all */
    struct web_listener *listeners;
    size_t listener_count;
};

struct web_listener {
    struct tnd_web *web;
    struct web_connection *connection;
    struct web_listener *before, *behind;
    uint64_t at;   /* which event it gets */
    size_t offset; /* of that, bytes that it has */
    bool is_greeted;
    bool is_waiting;  /* suspended: there is nothing for it */
    bool is_over;     /* to be ended */
    bool wants_pulse; /* a sign of life: whether it is still there is only seen by writing */
    tnd_time since;   /* when it took something last */
};

/* A connection, from its first byte to its last. */
struct web_exchange;

struct web_connection {
    struct tnd_web *web;
    struct MHD_Connection *mhd;
    struct web_connection *before, *behind;
    int fd;
    tnd_time due; /* when it is ended, unless it has made progress by then */
    bool is_stream;
    struct web_exchange *exchange; /* the one that goes on; NULL: none */
};

struct tnd_web {
    struct MHD_Daemon *daemon;
    pthread_t thread;
    bool is_started;
    int listener, wake; /* descriptors; the daemon has taken the first */
    atomic_bool stop;
    struct tnd_endpoint at;
    struct tnd_db *db;
    struct tnd_site site; /* of the pages of the reference */
    struct tnd_http_table table[TND_WEB_TABLE_COUNT_MAX];
    size_t table_count;
    struct tnd_web_turn turn;
    tnd_time turn_due;
    bool again; /* somebody was woken up while libmicrohttpd ran: it is to run once more */
    struct web_settings *settings;
    _Atomic(struct web_settings *) mailbox; /* the next ones, of whoever drives the server */
    struct web_connection *connections;
    struct web_events events;
    struct web_trials trials;
    bool is_tried; /* there is one */
};

/* A turn of who has news: web/server.c. */
void web_look_for_news(struct tnd_web *web, bool is_listened);

/* Requests: web/exchange.c, as libmicrohttpd calls them. */
void *web_exchange_begin(void *web, const char *target, struct MHD_Connection *mhd);
enum MHD_Result web_exchange_go(void *web, struct MHD_Connection *mhd, const char *path,
                                const char *method, const char *version, const char *upload,
                                size_t *upload_size, void **exchange);
void web_exchange_end(void *web, struct MHD_Connection *mhd, void **exchange,
                      enum MHD_RequestTerminationCode why);

/* Its connection ends: libmicrohttpd is silent of a request that it refused before anybody was called for its head. */
void web_exchange_free(struct web_exchange *x);

/* Connections: web/connection.c. */
void web_connection_notify(void *web, struct MHD_Connection *mhd, void **connection,
                           enum MHD_ConnectionNotificationCode what);
struct web_connection *web_connection_of(struct MHD_Connection *mhd);
/* Ends those that are slow. */
void web_connections_sweep(struct tnd_web *web, tnd_time now);

/* Who may ask: web/guard.c. */
bool web_guard_is_own_host(const struct tnd_web *web, struct tnd_slice host);
bool web_guard_is_same_origin(struct tnd_slice origin, struct tnd_slice site,
                              struct tnd_slice host);
bool web_guard_knows(const struct tnd_web *web, struct tnd_slice authorization);

/* Answers on the wire: web/send.c. methods: of Allow, 0 for none. */
enum MHD_Result web_send(struct web_connection *c, const struct tnd_http_request *r,
                         struct tnd_http_reply *reply, unsigned methods);
/* "GET, HEAD, PUT", of a set 1 << method. Terminated. */
enum { WEB_METHODS_SIZE = 64 };
const char *web_methods(unsigned methods, char room[WEB_METHODS_SIZE]);
/* "302 Found" without the number; of another "". */
const char *web_status_text(unsigned status);

/* Events: web/events.c. */
struct MHD_Response *web_events_open(struct web_connection *c);
void web_events_pulse(struct tnd_web *web, tnd_time now);
void web_events_end(struct tnd_web *web); /* all listeners are over */
void web_events_fini(struct tnd_web *web);

/* The tables of web itself. */
extern const struct tnd_http_route web_own_routes[];
extern const size_t web_own_route_count;

#endif
