/* tandem top: the calls and failures of the running server, live in the terminal. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/json.h"
#include "cli/top.h"

static const char usage[] =
    "usage: tandem top [OPTION...]\n"
    "\n"
    "Shows the calls of the running server and why they failed, as they go on. It asks the API of the\n"
    "server, which has the calls that are open and the last ones that are over.\n"
    "\n"
    "      --url URL         the server; http://127.0.0.1:8060 by default\n"
    "      --token-file FILE the token that it wants, where its web is not on loopback\n"
    "  -f, --failed          failures only\n"
    "      --once            print the list once, and end\n"
    "      --json            the same as an array of objects, as docs/schema/calls.json has it\n"
    "      --lang CODE       explain in en, ko, ru, id or vi\n"
    "  -h, --help            this text\n"
    "\n"
    "Keys: arrows, j and k move; enter shows the ladder of a call, why it ended so and what to change,\n"
    "esc goes back; f shows failures only; q ends.\n"
    "\n"
    "Exit status: 0 done, 2 wrong usage, or no server answers there.\n";

enum { TURN_MS = 1000, LIMIT = 500, TOKEN_SIZE_MAX = 4096 };
enum { URL = 256, TOKEN_FILE, ONCE, JSON, LANG };

static const struct option long_options[] = {
    {"url", required_argument, NULL, URL}, {"token-file", required_argument, NULL, TOKEN_FILE},
    {"failed", no_argument, NULL, 'f'},    {"once", no_argument, NULL, ONCE},
    {"json", no_argument, NULL, JSON},     {"lang", required_argument, NULL, LANG},
    {"help", no_argument, NULL, 'h'},      {0}};

struct wanted {
    const char *url, *token_file, *lang;
    bool once, json, help;
};

static int read_options(int argc, char **argv, struct wanted *w, struct top *t)
{
    int c;

    while ((c = getopt_long(argc, argv, "+:fh", long_options, NULL)) != -1) {
        switch (c) {
        case URL:
            w->url = optarg;
            break;
        case TOKEN_FILE:
            w->token_file = optarg;
            break;
        case LANG:
            w->lang = optarg;
            break;
        case 'f':
            t->failures = true;
            break;
        case ONCE:
            w->once = true;
            break;
        case JSON:
            w->json = true;
            break;
        case 'h':
            w->help = true;
            return CLI_OK;
        default:
            return cli_no_option("top", argv);
        }
    }
    if (optind < argc)
        return cli_fail("top: it takes no argument; give the server with --url");
    return CLI_OK;
}

/* A token is one line without spaces. */
static int read_token(const char *path, struct top_server *server)
{
    struct tnd_slice text;
    int status = cli_read_file(path, TOKEN_SIZE_MAX, &text);

    if (status != CLI_OK)
        return status;
    struct tnd_slice token = tnd_slice_trim(text);
    bool fits = token.len > 0 && token.len < sizeof(server->token);
    for (size_t i = 0; i < token.len; i++)
        fits &= token.ptr[i] > ' ' && token.ptr[i] < 0x7f;
    if (fits)
        snprintf(server->token, sizeof(server->token), "%.*s", TND_FMT(token));
    free((char *)(uintptr_t)text.ptr);
    return fits ? CLI_OK : cli_fail("top: %s: no token", path);
}

static int set_up(const struct wanted *w, struct top *t)
{
    const char *fault = top_read_url(w->url ? w->url : "http://127.0.0.1:8060", &t->server);
    int status = fault ? cli_fail("top: --url %s: %s", w->url, fault) : CLI_OK;

    if (status == CLI_OK && w->token_file)
        status = read_token(w->token_file, &t->server);
    return status == CLI_OK ? cli_lang("top", w->lang, &t->lang) : status;
}

/* The list anew; what cannot be had stays as it was. */
static bool ask_list(struct top *t)
{
    char path[128];
    int status;

    snprintf(path, sizeof(path), "calls?limit=%d&lang=%s%s", LIMIT, tnd_lang_code(t->lang),
             t->failures ? "&state=failed" : "");
    json_t *calls = top_ask(&t->server, path, t->trouble, &status);
    if (!json_is_array(calls)) {
        json_decref(calls);
        return false;
    }
    t->trouble[0] = '\0';
    json_decref(t->calls);
    t->calls = calls;
    return true;
}

/* The call at the cursor, or the one that is looked at anew. */
static void ask_call(struct top *t)
{
    struct tnd_slice id =
        top_text(t->call ? t->call : json_array_get(t->calls, top_cursor(t)), "id");
    char path[128];
    int status;

    snprintf(path, sizeof(path), "calls/%.*s?lang=%s", id.len > 64 ? 0 : (int)id.len, id.ptr,
             tnd_lang_code(t->lang));
    json_t *call = id.len > 0 ? top_ask(&t->server, path, t->trouble, &status) : NULL;
    if (!call)
        return;
    json_decref(t->call);
    t->call = call;
}

static void draw(struct top *t)
{
    char *room = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&room, &len);

    if (!out)
        return;
    t->look = top_screen_look();
    top_move(t, 0);
    if (t->call)
        top_draw_call(t, out);
    else
        top_draw_list(t, out);
    if (fclose(out) == 0)
        top_screen_show(tnd_slice(room, len), &t->look);
    free(room);
}

static void scroll(struct top *t, long by)
{
    long to = (long)t->scroll + by;

    t->scroll = to < 0 ? 0 : (size_t)to;
}

static void move(struct top *t, long by)
{
    if (t->call)
        scroll(t, by);
    else
        top_move(t, by);
}

static void go_back(struct top *t)
{
    json_decref(t->call);
    t->call = NULL;
    t->scroll = 0;
}

static void choose_failures(struct top *t)
{
    t->failures = !t->failures;
    t->first = 0;
    ask_list(t);
}

/* false: the end. */
static bool obey(struct top *t, enum top_key key)
{
    long page = (long)top_rows(t), all = 1 << 20;

    switch (key) {
    case TOP_KEY_NONE:
    case TOP_KEY_DRAW:
        return true;
    case TOP_KEY_UP:
        move(t, -1);
        return true;
    case TOP_KEY_DOWN:
        move(t, 1);
        return true;
    case TOP_KEY_PAGE_UP:
        move(t, -page);
        return true;
    case TOP_KEY_PAGE_DOWN:
        move(t, page);
        return true;
    case TOP_KEY_FIRST:
        move(t, -all);
        return true;
    case TOP_KEY_LAST:
        move(t, t->call ? page : all);
        return true;
    case TOP_KEY_ENTER:
        if (!t->call)
            ask_call(t);
        return true;
    case TOP_KEY_BACK:
        go_back(t);
        return true;
    case TOP_KEY_FAILURES:
        if (!t->call)
            choose_failures(t);
        return true;
    case TOP_KEY_QUIT:
        return false;
    }
    return true;
}

static int watch(struct top *t)
{
    int error = top_screen_open();
    enum top_key key;

    if (error)
        return cli_fail("top: standard input and output are no terminal (%s); give --once",
                        strerror(error));
    do {
        draw(t);
        key = top_screen_key(TURN_MS);
        if (key == TOP_KEY_NONE) {
            if (t->call)
                ask_call(t);
            else
                ask_list(t);
        }
    } while (obey(t, key));
    top_screen_close();
    return CLI_OK;
}

static int top(const struct wanted *w, struct top *t)
{
    int status = set_up(w, t);

    if (status != CLI_OK)
        return status;
    if (!ask_list(t))
        return cli_fail("top: %s", t->trouble);
    if (w->json)
        return cli_json_print(json_incref(t->calls));
    if (!w->once)
        return watch(t);
    t->look = top_screen_look();
    top_draw_list(t, stdout);
    return CLI_OK;
}

int cli_top(int argc, char **argv)
{
    struct wanted wanted = {.url = NULL};
    static struct top t;
    int status = read_options(argc, argv, &wanted, &t);

    if (status == CLI_OK && wanted.help)
        fputs(usage, stdout);
    else if (status == CLI_OK)
        status = top(&wanted, &t);
    json_decref(t.calls);
    json_decref(t.call);
    return status;
}
