/* The book: one file, read whole and written whole. */
#include "cli/book.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/json.h"
#include "tandem/sip/uri.h"

enum { LINE_LEN_MAX = 16384 }; /* a longer line is none of ours */

struct paths {
    char directory[PATH_MAX], book[PATH_MAX], lock[PATH_MAX], new[PATH_MAX];
};

/* false: there is no place for it. */
static bool find_paths(struct paths *ret)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    bool has_state = state && *state == '/'; /* a relative one is not to be used (basedir-spec) */
    int len = snprintf(ret->directory, PATH_MAX, "%s%s/tandem",
                       has_state ? state
                       : home    ? home
                                 : "",
                       has_state ? "" : "/.local/state");

    if ((!has_state && !home) || len >= PATH_MAX - 16)
        return false;
    snprintf(ret->book, PATH_MAX, "%.*s/book", PATH_MAX - 16, ret->directory);
    snprintf(ret->lock, PATH_MAX, "%.*s/book.lock", PATH_MAX - 16, ret->directory);
    snprintf(ret->new, PATH_MAX, "%.*s/book.new", PATH_MAX - 16, ret->directory);
    return true;
}

static int fail(const char *path)
{
    cli_fail("%s: %s", path, strerror(errno));
    return CLI_FAILED;
}

static bool make_directories(const char *path)
{
    char part[PATH_MAX];
    size_t len = strlen(path);

    memcpy(part, path, len + 1);
    for (size_t i = 1; i <= len; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        part[i] = '\0';
        if (mkdir(part, 0700) < 0 && errno != EEXIST)
            return false;
        part[i] = path[i];
    }
    return true;
}

/* An array of objects. NULL: errno says why. A line that is none of ours is left out. */
static json_t *load(const char *path)
{
    char line[LINE_LEN_MAX];
    FILE *in = fopen(path, "re");
    json_t *list = json_array();

    if (!in && errno != ENOENT) {
        json_decref(list);
        return NULL;
    }
    while (in && fgets(line, sizeof(line), in)) {
        json_t *object = json_loads(line, 0, NULL);

        if (json_is_string(json_object_get(object, "uri")) &&
            json_is_string(json_object_get(object, "target")))
            json_array_append(list, object);
        json_decref(object);
    }
    if (in)
        fclose(in);
    return list;
}

static struct tnd_slice text_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    return tnd_slice(json_string_value(value), json_string_length(value));
}

static struct book_entry entry_of(const json_t *object)
{
    const json_t *until = json_object_get(object, "until");

    return (struct book_entry){.uri = text_of(object, "uri"),
                               .target = text_of(object, "target"),
                               .until = json_is_integer(until) ? json_integer_value(until)
                                                               : BOOK_FOR_GOOD};
}

static json_t *object_of(const struct book_entry *entry)
{
    return json_pack("{s:o, s:o, s:o}", "uri", cli_json_string(entry->uri), "target",
                     cli_json_string(entry->target), "until",
                     entry->until == BOOK_FOR_GOOD ? json_null() : json_integer(entry->until));
}

static bool is_same(struct tnd_slice a, struct tnd_slice b)
{
    struct tnd_uri one, other;
    struct tnd_flaw flaw;

    if (tnd_uri_parse(a, &one, &flaw) || tnd_uri_parse(b, &other, &flaw))
        return tnd_slice_eq(a, b);
    return tnd_uri_eq(&one, &other);
}

int book_each(int64_t now, void (*visit)(void *ctx, const struct book_entry *entry), void *ctx)
{
    struct paths paths;
    json_t *list = find_paths(&paths) ? load(paths.book) : json_array();

    if (!list)
        return fail(paths.book);
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct book_entry entry = entry_of(json_array_get(list, i));

        if (entry.until > now)
            visit(ctx, &entry);
    }
    json_decref(list);
    return CLI_OK;
}

struct search {
    struct tnd_slice uri;
    struct tnd_arena *a;
    struct book_entry *ret;
    bool found;
};

static void look(void *ctx, const struct book_entry *entry)
{
    struct search *s = ctx;

    if (!is_same(entry->uri, s->uri))
        return;
    *s->ret = (struct book_entry){.uri = tnd_slice_keep(s->a, entry->uri),
                                  .target = tnd_slice_keep(s->a, entry->target),
                                  .until = entry->until};
    s->found = !tnd_arena_over(s->a);
}

bool book_find(struct tnd_slice uri, int64_t now, struct tnd_arena *a, struct book_entry *ret)
{
    struct book_entry entry;
    struct search s = {.uri = uri, .a = a, .ret = &entry};

    book_each(now, look, &s);
    if (s.found)
        *ret = entry;
    return s.found;
}

/* A line for each object; the disk has them. */
static bool write_all(FILE *out, const json_t *list)
{
    size_t count = json_array_size(list);

    for (size_t i = count > BOOK_ENTRY_COUNT_MAX ? count - BOOK_ENTRY_COUNT_MAX : 0; i < count; i++)
        if (json_dumpf(json_array_get(list, i), out, JSON_COMPACT) < 0 || fputc('\n', out) == EOF)
            return false;
    return fflush(out) == 0 && fsync(fileno(out)) == 0;
}

static int store(const struct paths *paths, const json_t *list)
{
    int fd = open(paths->new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FILE *out = fd < 0 ? NULL : fdopen(fd, "w");

    if (!out)
        return fail(paths->new);
    bool good = write_all(out, list);
    if (fclose(out) != 0 || !good || rename(paths->new, paths->book) < 0)
        return fail(paths->new);
    return CLI_OK;
}

/* Without what has ended, and what is told of uri; absent: without everything. How many entries of uri went. */
static size_t drop(json_t *list, struct tnd_slice uri, int64_t now)
{
    size_t dropped = 0;

    for (size_t i = json_array_size(list); i-- > 0;) {
        struct book_entry entry = entry_of(json_array_get(list, i));
        bool is_of_uri = !uri.ptr || is_same(entry.uri, uri);

        dropped += is_of_uri && entry.until > now;
        if (is_of_uri || entry.until <= now)
            json_array_remove(list, i);
    }
    return dropped;
}

/* Takes added, which may be NULL. */
static int change(struct tnd_slice uri, json_t *added, int64_t now, size_t *ret_count)
{
    struct paths paths;
    int status = CLI_FAILED;

    if (!find_paths(&paths)) {
        json_decref(added);
        cli_fail("there is no place for the book: neither XDG_STATE_HOME nor HOME is set");
        return CLI_FAILED;
    }
    int lock = make_directories(paths.directory)
                   ? open(paths.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600)
                   : -1;
    json_t *list = lock >= 0 && flock(lock, LOCK_EX) == 0 ? load(paths.book) : NULL;
    if (list) {
        *ret_count = drop(list, uri, now);
        if (added)
            json_array_append(list, added);
        status = store(&paths, list);
    } else {
        fail(lock < 0 ? paths.lock : paths.book);
    }
    json_decref(list);
    json_decref(added);
    if (lock >= 0)
        close(lock);
    return status;
}

int book_learn(const struct book_entry *entry, int64_t now)
{
    size_t count;

    return change(entry->uri, object_of(entry), now, &count);
}

int book_forget(struct tnd_slice uri, int64_t now, size_t *ret_count)
{
    return change(uri, NULL, now, ret_count);
}
