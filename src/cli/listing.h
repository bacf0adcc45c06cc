/* Results of a command, one after another: lines of a table for people, objects in one JSON array
 * for programs. */
#ifndef CLI_LISTING_H
#define CLI_LISTING_H

#include "cli/cli.h"
#include "cli/json.h"

enum { LISTING_COLUMN_COUNT_MAX = 6 };

struct listing {
    bool json, failed;
    const char *const *heads; /* of the columns */
    size_t columns, count;    /* count of rows, or of objects */
    struct tnd_arena arena;   /* of the cells */
    struct tnd_slice *cells;  /* of all rows, one after another */
    size_t size;              /* rows for which there is room */
    int width[LISTING_COLUMN_COUNT_MAX];
};

/* heads is kept until the end. */
void listing_start(struct listing *l, bool json, const char *const *heads, size_t columns);

/* A row, where it is not JSON. Copies cells. */
void listing_row(struct listing *l, const struct tnd_slice *cells);

/* An object, where it is JSON. Takes it; NULL: there was no memory for it. */
void listing_object(struct listing *l, json_t *object);

/* Prints what has not been printed, or none where there was nothing; after a status that is not CLI_OK
 * no table. Returns that status, or CLI_FAILED after a line. */
int listing_end(struct listing *l, const char *none, int status);

#endif
