/* What the files of `tandem top` share.
 *
 *   top.c         the command: what is wanted, and the loop
 *   top_ask.c     asks the server, by HTTP
 *   top_list.c    the list of calls, as a screen
 *   top_call.c    one call, as a screen
 *   top_screen.c  the terminal: its size, its keys, what stands on it
 */
#ifndef CLI_TOP_H
#define CLI_TOP_H

#include <jansson.h>
#include <stdio.h>

#include "cli/lang.h"

enum {
    TOP_ANSWER_SIZE_MAX = 16 << 20,
    TOP_WHY_SIZE = 256,
    TOP_WAIT_MS = 5000, /* for the server to answer */
};

/* Where the server is. */
struct top_server {
    char host[256], port[8], path[256]; /* path: in front of /api, "" mostly */
    char token[1024];                   /* "": none */
};

enum top_key {
    TOP_KEY_NONE,
    TOP_KEY_UP,
    TOP_KEY_DOWN,
    TOP_KEY_PAGE_UP,
    TOP_KEY_PAGE_DOWN,
    TOP_KEY_FIRST,
    TOP_KEY_LAST,
    TOP_KEY_ENTER,
    TOP_KEY_BACK,
    TOP_KEY_FAILURES,
    TOP_KEY_QUIT,
    TOP_KEY_DRAW, /* it was resized, or ^L */
};

/* How large the screen is, and what it can show. */
struct top_look {
    int width, height;
    bool utf8, colour, is_plain; /* is_plain: no sequences at all */
};

struct top {
    struct top_server server;
    enum tnd_lang lang;
    struct top_look look;
    bool failures;              /* only those */
    json_t *calls;              /* the last list; NULL: there was none yet */
    char chosen[32];            /* the id of the call that the cursor is at; "": the first */
    size_t first;               /* row of the list that is at the top of the screen */
    json_t *call;               /* the one that is looked at; NULL: the list is */
    size_t scroll;              /* lines of it that are above the screen */
    char trouble[TOP_WHY_SIZE]; /* why the server does not answer; "": it does */
};

/* top_ask.c. "http://127.0.0.1:8060"; NULL, or what is wrong with it. */
const char *top_read_url(const char *url, struct top_server *ret);
/* What the server has at path, below its /api/v1. NULL: why says why there is none. status: of HTTP; 0: there was
 * no answer. The caller owns it. */
json_t *top_ask(const struct top_server *server, const char *path, char why[TOP_WHY_SIZE],
                int *ret_status);

/* top_list.c. Of a list where the cursor is: an index; of an empty one 0. */
size_t top_cursor(const struct top *t);
void top_move(struct top *t, long by);
/* Rows that calls have on the screen. */
size_t top_rows(const struct top *t);
void top_draw_list(const struct top *t, FILE *out);
/* Members of JSON; "" if there is none. */
struct tnd_slice top_text(const json_t *object, const char *key);
/* Text in exactly width columns: cut off, or filled with spaces. */
void top_put(FILE *out, struct tnd_slice text, int width);

/* top_call.c */
void top_draw_call(const struct top *t, FILE *out);

/* top_screen.c. 0, or an errno: it is no terminal that can be drawn on. */
int top_screen_open(void);
/* As it was before. */
void top_screen_close(void);
struct top_look top_screen_look(void);
/* Puts text, lines that end with '\n', on the screen, as many as it has. */
void top_screen_show(struct tnd_slice text, const struct top_look *look);
/* The next key, for up to wait_ms. */
enum top_key top_screen_key(int wait_ms);

#endif
