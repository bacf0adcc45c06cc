/* Flight recorders read as one. */
#include "net/tape.h"

#include <stdlib.h>

#include "base/assert.h"

/* One of them, and the record of it that is next. */
struct track {
    struct tnd_recorder_reader reader;
    struct tnd_recorded next;
    bool has_next;
};

struct tnd_tape {
    size_t count;
    struct track *given; /* the one whose record was given last; NULL: none */
    char *rooms;
    struct track tracks[];
};

int tnd_tape_new(const struct tnd_recorder *const *recorders, size_t count, struct tnd_tape **ret)
{
    TND_ASSERT(count > 0);
    struct tnd_tape *t = calloc(1, sizeof(*t) + count * sizeof(*t->tracks));

    if (!t)
        return TND_ENOMEM;
    t->rooms = malloc(count * TND_RECORDER_ROOM);
    if (!t->rooms) {
        free(t);
        return TND_ENOMEM;
    }
    t->count = count;
    for (size_t i = 0; i < count; i++)
        t->tracks[i].reader = tnd_recorder_read(recorders[i], t->rooms + i * TND_RECORDER_ROOM);
    *ret = t;
    return 0;
}

void tnd_tape_free(struct tnd_tape **tape)
{
    struct tnd_tape *t = *tape;

    *tape = NULL;
    if (!t)
        return;
    free(t->rooms);
    free(t);
}

bool tnd_tape_next(struct tnd_tape *t, struct tnd_recorded *ret)
{
    struct track *first = NULL;

    if (t->given)
        t->given->has_next = false;
    t->given = NULL;
    for (size_t i = 0; i < t->count; i++) {
        struct track *track = &t->tracks[i];

        track->has_next = track->has_next || tnd_recorder_next(&track->reader, &track->next);
        if (track->has_next && (!first || track->next.at < first->next.at))
            first = track;
    }
    if (!first)
        return false;
    t->given = first;
    *ret = first->next;
    return true;
}

uint64_t tnd_tape_lost(const struct tnd_tape *t)
{
    uint64_t lost = 0;

    for (size_t i = 0; i < t->count; i++)
        lost += t->tracks[i].reader.lost;
    return lost;
}
