/* tandem site: the reference as files.
 *
 * A site is written into a folder of its own beside DIR, and takes its place when it is whole: who reads DIR
 * meanwhile sees the old one or the new one. Only a folder that holds a site and nothing else, or nothing, is
 * replaced: others may be somebody's work. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/json.h"
#include "cli/site_flows.h"
#include "cli/site_folder.h"
#include "tandem/sip/uri.h"
#include "web/page.h"

static const char usage[] =
    "usage: tandem site DIR [OPTION...]\n"
    "\n"
    "Writes the reference of response codes as a web site of plain files: a page for each code, one for\n"
    "each two of them, and an index with a search, in five languages. A site that is there already is\n"
    "replaced when the new one is whole; another folder is left alone.\n"
    "\n"
    "      --base-url URL  where the site will be: writes sitemap.xml, and whole addresses for machines\n"
    "      --json          print an object when done\n"
    "  -h, --help          this text\n"
    "\n"
    "Example: tandem site /srv/www/sip --base-url https://example.org/sip/\n"
    "\n"
    "Exit status: 0 done, 1 interrupted, 2 wrong usage, or the folder cannot be written.\n";

enum { PAGE_SIZE_FIRST = 1 << 16, PROGRESS_EACH = 256 };

struct site {
    struct tnd_site pages;
    struct site_folder folder;
    char *room; /* a page */
    size_t size;
    size_t page_count, file_count, byte_count, total;
    bool json, is_shown;
};

static volatile sig_atomic_t interrupted;

static void interrupt(int signal)
{
    interrupted = signal;
}

/* A page into the room, which grows to what a page needs. False: out of memory. */
static bool fill(struct site *s, const struct tnd_page *page, struct tnd_slice *ret)
{
    for (;;) {
        struct tnd_writer w = tnd_writer(s->room, s->size);

        tnd_page_write(&w, &s->pages, page);
        if (!tnd_writer_over(&w)) {
            *ret = tnd_writer_slice(&w);
            return true;
        }
        char *more = realloc(s->room, w.len);
        if (!more)
            return false;
        s->room = more;
        s->size = w.len;
    }
}

static int write_page(struct site *s, const struct tnd_page *page)
{
    char path[64];
    struct tnd_writer w = tnd_writer(path, sizeof(path) - 1);
    struct tnd_slice bytes;

    if (!fill(s, page, &bytes))
        return cli_fail("site: out of memory");
    tnd_page_path(&w, &s->pages, page);
    path[w.len] = '\0';
    s->page_count += tnd_page_is_html(page);
    s->file_count++;
    s->byte_count += bytes.len;
    return site_folder_write(&s->folder, path, bytes);
}

static size_t count_pages(const struct tnd_site *pages)
{
    struct tnd_page page = tnd_page_first();
    size_t count = 1;

    while (tnd_page_next(pages, &page))
        count++;
    return count;
}

static void show_progress(const struct site *s)
{
    if (s->is_shown && s->file_count % PROGRESS_EACH == 0)
        fprintf(stderr, "\r%zu of %zu files", s->file_count, s->total);
}

static void end_progress(const struct site *s)
{
    if (s->is_shown)
        fputs("\r\033[K", stderr);
}

/* All of them into the new folder. */
static int write_pages(struct site *s)
{
    struct tnd_page page = tnd_page_first();
    int status;

    do {
        status = write_page(s, &page);
        show_progress(s);
        if (interrupted && status == CLI_OK) {
            end_progress(s);
            cli_fail("site: interrupted; %s is as it was", s->folder.shown);
            return CLI_FAILED;
        }
    } while (status == CLI_OK && tnd_page_next(&s->pages, &page));
    end_progress(s);
    return status;
}

static int tell(const struct site *s)
{
    if (s->json)
        return cli_json_print(
            json_pack("{s:s, s:i, s:I, s:I, s:I}", "dir", s->folder.shown, "languages",
                      (int)TND_LANG_COUNT, "pages", (json_int_t)s->page_count, "files",
                      (json_int_t)s->file_count, "bytes", (json_int_t)s->byte_count));
    cli_put_text(stdout, tnd_slice_str(s->folder.shown));
    printf(": %zu pages in %d languages\n", s->page_count, (int)TND_LANG_COUNT);
    return CLI_OK;
}

static void watch_signals(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = interrupt};

    for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
        sigaction(signals[i], &action, NULL);
}

static int run(struct site *s, const char *dir)
{
    int status = site_folder_open(&s->folder, dir);

    if (status != CLI_OK)
        return status;
    watch_signals();
    s->is_shown = isatty(STDERR_FILENO);
    s->total = count_pages(&s->pages);
    status = write_pages(s);
    if (status == CLI_OK)
        status = site_folder_take(&s->folder);
    else
        site_folder_drop(&s->folder);
    return status == CLI_OK ? tell(s) : status;
}

static int run_with_flows(struct site *s, const char *dir)
{
    static struct site_flows flows; /* large */
    int status = site_flows_open(&flows, "site");

    if (status != CLI_OK)
        return status;
    s->pages.ladder_of = site_flows_find;
    s->pages.ladder_ctx = &flows;
    s->room = malloc(s->size = PAGE_SIZE_FIRST);
    status = s->room ? run(s, dir) : cli_fail("site: out of memory");
    free(s->room);
    site_flows_close(&flows);
    return status;
}

/* Letters that are themselves in every attribute and every URL. */
static bool is_plain(const char *url)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "-._~:/[]@!$()*+,;=%";

    return url[strspn(url, letters)] == '\0';
}

/* "example.org:8080", "[2001:db8::1]". Without a user, whom all could read. */
static bool is_authority(struct tnd_slice text)
{
    const char *bracket = text.len > 0 && *text.ptr == '[' ? memchr(text.ptr, ']', text.len) : NULL;
    const char *from = bracket ? bracket : text.ptr;
    const char *colon =
        text.len > 0 ? memchr(from, ':', (size_t)(tnd_slice_end(text) - from)) : NULL;
    const char *end = colon ? colon : tnd_slice_end(text);
    uint64_t port;

    return tnd_host_kind(tnd_slice_between(text.ptr, end)) != TND_HOST_NONE &&
           (!colon ||
            tnd_slice_number(tnd_slice_between(colon + 1, tnd_slice_end(text)), 65535, &port));
}

/* RFC 3986 §2.1: a percent sign stands before two hexadecimal digits. */
static bool are_escapes_whole(const char *url)
{
    for (; (url = strchr(url, '%')); url++)
        if (!isxdigit((unsigned char)url[1]) || !isxdigit((unsigned char)url[2]))
            return false;
    return true;
}

static bool is_address(const char *url)
{
    size_t scheme = strncmp(url, "https://", 8) == 0 ? 8 : strncmp(url, "http://", 7) == 0 ? 7 : 0;

    return scheme > 0 && is_plain(url) && are_escapes_whole(url) &&
           is_authority(tnd_slice(url + scheme, strcspn(url + scheme, "/")));
}

/* With the slash at its end, in room. */
static int read_base_url(const char *url, char *room, size_t size, struct tnd_slice *ret)
{
    size_t len = strlen(url);

    if (!is_address(url))
        return cli_fail(
            "site: --base-url '%s' is no address; write it like https://example.org/sip/", url);
    if (len + 2 > size)
        return cli_fail("site: --base-url is longer than %zu bytes", size - 2);
    snprintf(room, size, "%s%s", url, url[len - 1] == '/' ? "" : "/");
    *ret = tnd_slice_str(room);
    return CLI_OK;
}

enum { OPTION_JSON = 256, OPTION_BASE_URL };

/* -1: it is to be run. */
static int read_options(struct site *s, int argc, char **argv, const char **base_url)
{
    static const struct option long_options[] = {
        {"json", no_argument, NULL, OPTION_JSON},
        {"base-url", required_argument, NULL, OPTION_BASE_URL},
        {"help", no_argument, NULL, 'h'},
        {0}};

    opterr = 0;
    for (int c; (c = getopt_long(argc, argv, ":h", long_options, NULL)) != -1;) {
        switch (c) {
        case OPTION_JSON:
            s->json = true;
            break;
        case OPTION_BASE_URL:
            *base_url = optarg;
            break;
        case 'h':
            fputs(usage, stdout);
            return CLI_OK;
        case ':':
            return cli_fail("site: --base-url needs an address ('tandem site --help')");
        default:
            return cli_no_option("site", argv);
        }
    }
    if (argc - optind != 1 || argv[optind][0] == '\0')
        return cli_fail("site: give one folder to write to ('tandem site --help')");
    return -1;
}

int cli_site(int argc, char **argv)
{
    struct site s = {.json = false};
    char url[1024];
    const char *base_url = NULL;
    int status = read_options(&s, argc, argv, &base_url);

    if (status >= 0)
        return status;
    if (base_url &&
        (status = read_base_url(base_url, url, sizeof(url), &s.pages.base_url)) != CLI_OK)
        return status;
    return run_with_flows(&s, argv[optind]);
}
