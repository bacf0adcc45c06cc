/* Tables and arrays of results. */
#include "cli/listing.h"

#include <stdlib.h>

#include "base/assert.h"

void listing_start(struct listing *l, bool json, const char *const *heads, size_t columns)
{
    TND_ASSERT(columns > 0 && columns <= LISTING_COLUMN_COUNT_MAX);
    *l = (struct listing){.json = json, .heads = heads, .columns = columns};
    tnd_arena_init(&l->arena, NULL, 0, &cli_mem, SIZE_MAX);
    for (size_t i = 0; i < columns; i++)
        l->width[i] = cli_put_text(NULL, tnd_slice_str(heads[i]));
}

static bool make_room(struct listing *l)
{
    if (l->count < l->size)
        return true;
    size_t size = l->size ? 2 * l->size : 64;
    struct tnd_slice *cells = realloc(l->cells, size * l->columns * sizeof(*cells));
    if (!cells)
        return false;
    l->cells = cells;
    l->size = size;
    return true;
}

void listing_row(struct listing *l, const struct tnd_slice *cells)
{
    l->failed |= !make_room(l);
    if (l->failed)
        return;
    for (size_t i = 0; i < l->columns; i++) {
        int width = cli_put_text(NULL, cells[i]);

        l->cells[l->count * l->columns + i] = tnd_slice_keep(&l->arena, cells[i]);
        if (width > l->width[i])
            l->width[i] = width;
    }
    l->failed |= tnd_arena_over(&l->arena);
    l->count++;
}

/* One after another as they come: there may be a hundred thousand. */
void listing_object(struct listing *l, json_t *object)
{
    fputs(l->count++ == 0 ? "[\n  " : ",\n  ", stdout);
    l->failed |= !object || json_dumpf(object, stdout, JSON_REAL_PRECISION(3)) != 0;
    json_decref(object);
}

static void print_cell(const struct listing *l, size_t column, struct tnd_slice text)
{
    int width = cli_put_text(stdout, text);

    if (column + 1 == l->columns)
        putchar('\n');
    else
        printf("%*s", l->width[column] - width + 2, "");
}

static void print_table(const struct listing *l)
{
    for (size_t i = 0; i < l->columns; i++)
        print_cell(l, i, tnd_slice_str(l->heads[i]));
    for (size_t i = 0; i < l->count * l->columns; i++)
        print_cell(l, i % l->columns, l->cells[i]);
}

int listing_end(struct listing *l, const char *none, int status)
{
    bool good = status == CLI_OK && !l->failed;

    if (l->json && (good || l->count > 0))
        puts(l->count > 0 ? "\n]" : "[]");
    else if (good && l->count > 0)
        print_table(l);
    else if (good)
        puts(none);
    tnd_arena_fini(&l->arena);
    free(l->cells);
    if (status != CLI_OK || !l->failed)
        return status;
    cli_fail("out of memory");
    return CLI_FAILED;
}
