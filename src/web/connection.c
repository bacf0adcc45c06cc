/* Connections: each has a time by which it must have made progress. libmicrohttpd ends those without a byte; here those
 * end that send a byte now and then, so that nobody else gets their place. */
#include <stdlib.h>
#include <sys/socket.h>

#include "net/clock.h"
#include "web/inside.h"

static void begin(struct tnd_web *web, struct MHD_Connection *mhd, void **connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct web_connection *c = calloc(1, sizeof(*c));

    *connection = c;
    if (!c)
        return; /* its requests are refused */
    c->web = web;
    c->mhd = mhd;
    c->fd = info ? info->connect_fd : -1;
    c->due = tnd_clock() + TND_SEC(TND_WEB_REQUEST_SECONDS);
    c->behind = web->connections;
    if (c->behind)
        c->behind->before = c;
    web->connections = c;
}

static void end(struct tnd_web *web, struct web_connection *c)
{
    if (!c)
        return;
    if (c->before)
        c->before->behind = c->behind;
    else
        web->connections = c->behind;
    if (c->behind)
        c->behind->before = c->before;
    web_exchange_free(c->exchange);
    free(c);
}

void web_connection_notify(void *web, struct MHD_Connection *mhd, void **connection,
                           enum MHD_ConnectionNotificationCode what)
{
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        begin(web, mhd, connection);
        return;
    }
    end(web, *connection);
    *connection = NULL;
}

struct web_connection *web_connection_of(struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info ? info->socket_context : NULL;
}

/* The descriptor is libmicrohttpd's: it sees that the connection has ended, and closes it. */
void web_connections_sweep(struct tnd_web *web, tnd_time now)
{
    for (struct web_connection *c = web->connections; c; c = c->behind)
        if (c->due <= now) {
            shutdown(c->fd, SHUT_RDWR);
            c->due = TND_NEVER_DUE;
        }
}
