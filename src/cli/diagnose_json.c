/* tandem diagnose --json: one object, whose calls are printed as they come. */
#include <stdlib.h>

#include "cli/cli.h"
#include "cli/diagnose.h"
#include "web/call_json.h"
#include "web/html.h"

struct piece {
    struct diagnose *d;
    const struct tnd_diag_call *call;
    const struct tnd_ladder *ladder;
};

static void print_string(struct diagnose_room *room, struct tnd_slice text)
{
    struct tnd_writer w = tnd_writer(NULL, 0);

    tnd_json_put(&w, text);
    char *more = w.len > room->size ? realloc(room->ptr, w.len) : room->ptr;
    if (!more)
        return;
    if (w.len > room->size)
        *room = (struct diagnose_room){more, w.len};
    w = tnd_writer(room->ptr, room->size);
    tnd_json_put(&w, text);
    fwrite(room->ptr, 1, w.len, stdout);
}

void diagnose_json_begin(const struct diagnose *d)
{
    struct diagnose_room room = {0};

    fputs("{\"files\": [", stdout);
    for (size_t i = 0; d->files[i]; i++) {
        fputs(i > 0 ? ", " : "", stdout);
        print_string(&room, tnd_slice_str(d->files[i]));
    }
    printf("],\n \"lang\": \"%s\",\n \"calls\": [", tnd_lang_code(d->lang));
    free(room.ptr);
}

static void write_call(struct tnd_writer *w, void *ctx)
{
    const struct piece *p = ctx;

    tnd_call_json(w, p->call, p->d->lang, p->ladder);
}

void diagnose_json_put(struct diagnose *d, const struct tnd_diag_call *call)
{
    bool has_ladder = d->all || diagnose_is_trouble(call);
    struct tnd_ladder ladder;
    struct piece p = {d, call, has_ladder ? &ladder : NULL};

    if (has_ladder && !diagnose_ladder(d, call, &ladder)) {
        d->is_broken = true;
        return;
    }
    struct tnd_slice line = diagnose_fill(&d->room, write_call, &p);
    if (!line.ptr) {
        d->is_broken = true;
        return;
    }
    fputs(d->told++ > 0 ? ",\n  " : "\n  ", stdout);
    fwrite(line.ptr, 1, line.len, stdout);
    fflush(stdout);
}

static void put_count(const char *name, uint64_t n)
{
    printf(",\n \"%s\": %llu", name, (unsigned long long)n);
}

void diagnose_json_end(const struct diagnose *d)
{
    fputs("]", stdout);
    put_count("messages", d->sum.messages);
    put_count("skipped", d->sum.skipped);
    put_count("failed", d->sum.failed);
    put_count("broken", d->sum.broken);
    put_count("answered", d->sum.answered);
    put_count("cancelled", d->sum.cancelled);
    put_count("open", d->sum.open);
    fputs(",\n \"commonest\": [", stdout);
    for (size_t i = 0; i < d->sum.common_count; i++)
        printf("%s{\"rule\": \"%s\", \"calls\": %llu}", i > 0 ? ", " : "",
               tnd_diag_rule_name(d->sum.common[i].rule),
               (unsigned long long)d->sum.common[i].count);
    fputs("]}\n", stdout);
}
