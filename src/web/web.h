/* The web of the server: HTTP/1.1 by libmicrohttpd, in one thread of its own.
 *
 *     tnd_web_start(&config, &fault, &web);
 *     ...
 *     tnd_web_configure(web, &settings);        SIGHUP
 *     tnd_web_stop(&web);
 *
 * No worker of SIP knows of it: it reads the store, and what flight recorders and counters say, and nobody ever waits for it.
 * What its clients can make grow is bounded: connections, the bytes of each, the time that a request may
 * take to come and its answer to be taken. */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "db/db.h"
#include "web/http.h"
#include "web/page.h"

enum {
    TND_WEB_CONNECTION_COUNT_MAX = 512, /* others wait until one has gone */
    TND_WEB_LISTENER_COUNT_MAX = 64,    /* of events; beyond: 503 */
    TND_WEB_CONNECTION_MEMORY =
        32 << 10,                 /* bytes of a connection: half of them for a head; beyond: 431 */
    TND_WEB_REQUEST_SECONDS = 10, /* for a request to come as a whole */
    TND_WEB_ANSWER_SECONDS = 30,  /* for an answer to be taken */
    TND_WEB_IDLE_SECONDS = 30,    /* between two requests */
    TND_WEB_LINGER_SECONDS = 1, /* for requests that were sent before the client closed his side */
    TND_WEB_TABLE_COUNT_MAX = 8,
    TND_WEB_TOKEN_LEN_MIN = 16,
    TND_WEB_TOKEN_LEN_MAX = 512,
    TND_WEB_TURN_MS = 250, /* between two turns, see below */
};

/* What can change while it runs. Copied. */
struct tnd_web_settings {
    const char *
        token_file; /* NULL: no token, and then only who asks for an address of loopback is answered */
    const struct tnd_slice *domains; /* that are served: whose users may have forwards */
    size_t domain_count;
    struct tnd_slice advertise;        /* is served too; absent: none */
    const struct tnd_endpoint *listen; /* addresses are served too */
    size_t listen_count;
    bool lab; /* there is one, which pages can call */
};

/* Something that wants a turn of the web's thread: to look for news that it publishes. */
struct tnd_web_turn {
    void (*turn)(void *ctx, struct tnd_web *web, bool is_listened); /* NULL: none */
    void *ctx;
};

struct tnd_web_config {
    struct tnd_endpoint at;
    struct tnd_db *db; /* kept until stop */
    struct tnd_web_settings settings;
    struct tnd_http_table table[TND_WEB_TABLE_COUNT_MAX]; /* besides those that web itself has */
    size_t table_count;
    struct tnd_web_turn turn;
    /* As of tnd_site: called in the web's thread. */
    bool (*ladder_of)(void *ctx, unsigned code, enum tnd_lang lang, struct tnd_page_ladder *ret);
    void *ladder_ctx;
};

/* One line for a person. Terminated. */
struct tnd_web_fault {
    int error; /* an errno of the socket; 0: another, then text says all */
    char text[512];
};

/* 0, or negative: nothing is left of it. */
int tnd_web_start(const struct tnd_web_config *config, struct tnd_web_fault *ret_fault,
                  struct tnd_web **ret);

/* From now on by these; the token is read again. Negative: nothing has changed, ret_fault says why. */
int tnd_web_configure(struct tnd_web *web, const struct tnd_web_settings *settings,
                      struct tnd_web_fault *ret_fault);

/* At once. Sets *web to NULL. Of NULL: fine. */
void tnd_web_stop(struct tnd_web **web);

/* Of the web's thread: an answering function, or a turn. */

/* Whether somebody listens to events. */
bool tnd_web_is_listened(const struct tnd_web *web);

/* Sends an event ("registration", "call", "failure") to all who listen. Takes data; NULL: nothing. A
 * listener who does not keep up is ended: nobody waits for him. */
void tnd_web_publish(struct tnd_web *web, const char *event, json_t *data);

#endif
