/* The ring of a flight recorder. Positions count bytes on and on; what they mean is their rest by the size.
 *
 *           oldest                               end
 *     ... | record | record | record | record  | (what is written next)
 *
 * Who writes first gives up the oldest records, as many as it needs the room of, and says so; then copies,
 * then says where the end is. Who reads copies a record and looks afterwards whether it was given up
 * meanwhile: then what was copied is worth nothing.
 *
 * All that both sides touch is atomic, the bytes too, in words of eight: a plain copy that is overtaken would
 * be a data race, whatever is done with it afterwards. A word is stored with release and loaded with
 * acquire: who sees a new word of a record sees that its old one was given up before. On x86 both are plain
 * moves; a fence would do with less elsewhere, but ThreadSanitizer does not know fences. */
#include "net/recorder.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/assert.h"

enum {
    WORD = 8,
    LINE = 64, /* bytes that processors pass around at once */
    SIZE_MIN = 4096,
    ROUND_COUNT_MAX = 16, /* of a reader that is overtaken again and again */
};

#define SIZE_LARGEST ((size_t)1 << 40)

/* What stands before the bytes of a message. */
struct head {
    int64_t at;
    uint32_t len;
    uint8_t kind, is_sent, is_cut, unused;
    struct tnd_endpoint local, remote;
};

_Static_assert(sizeof(struct head) % WORD == 0, "words, without padding");
_Static_assert(sizeof(struct head) == 16 + 2 * sizeof(struct tnd_endpoint), "without padding");

struct tnd_recorder {
    size_t size;    /* bytes, a power of two */
    size_t len_max; /* bytes of one message */
    uint64_t next;  /* of the one that writes: as end */

    _Alignas(LINE) _Atomic uint64_t oldest; /* position of the oldest record that is there */
    _Atomic uint64_t end;                   /* all before it are whole */

    _Alignas(LINE) _Atomic uint64_t word[];
};

static size_t rounded(size_t size)
{
    size_t power = SIZE_MIN;

    while (power < size && power < SIZE_LARGEST)
        power *= 2;
    return power;
}

int tnd_recorder_new(size_t size, struct tnd_recorder **ret)
{
    struct tnd_recorder *r;

    size = rounded(size);
    r = aligned_alloc(LINE, sizeof(*r) + size);
    if (!r)
        return TND_ENOMEM;
    r->size = size; /* the words are memory when they are written */
    r->len_max = size / 4 < TND_RECORDER_ROOM ? size / 4 : TND_RECORDER_ROOM;
    r->len_max -= sizeof(struct head);
    r->next = 0;
    atomic_init(&r->oldest, 0);
    atomic_init(&r->end, 0);
    *ret = r;
    return 0;
}

void tnd_recorder_free(struct tnd_recorder **r)
{
    free(*r);
    *r = NULL;
}

static size_t index_of(const struct tnd_recorder *r, uint64_t position)
{
    return (size_t)(position & (r->size - 1)) / WORD;
}

/* From one record to the next. */
static uint64_t span(size_t len)
{
    return sizeof(struct head) + ((len + WORD - 1) & ~(size_t)(WORD - 1));
}

static inline void store_word(_Atomic uint64_t *to, const char *from)
{
    uint64_t word;

    memcpy(&word, from, WORD);
    atomic_store_explicit(to, word, memory_order_release);
}

/* Several at a time: it is all that is done for each message. */
static void store_words(_Atomic uint64_t *to, const char *from, size_t count)
{
    for (; count >= 4; count -= 4, to += 4, from += 4 * WORD) {
        store_word(&to[0], from);
        store_word(&to[1], from + WORD);
        store_word(&to[2], from + 2 * WORD);
        store_word(&to[3], from + 3 * WORD);
    }
    for (; count > 0; count--, to++, from += WORD)
        store_word(to, from);
}

static void store(struct tnd_recorder *r, uint64_t position, const char *from, size_t len)
{
    size_t at = index_of(r, position), count = len / WORD, rest = len % WORD;
    size_t to_end = r->size / WORD - at, first = count < to_end ? count : to_end;
    char last[WORD] = {0};

    if (len == 0)
        return;
    store_words(&r->word[at], from, first);
    store_words(&r->word[0], from + first * WORD, count - first);
    if (rest == 0)
        return;
    memcpy(last, from + count * WORD, rest);
    store_word(&r->word[index_of(r, position + count * WORD)], last);
}

/* to has room for whole words. */
static void load(const struct tnd_recorder *r, uint64_t position, void *to, size_t len)
{
    char *at = to;

    for (size_t done = 0; done < len; done += WORD) {
        uint64_t word =
            atomic_load_explicit(&r->word[index_of(r, position + done)], memory_order_acquire);

        memcpy(at + done, &word, WORD);
    }
}

/* Gives up the oldest records, until there is room up to end. Their places are the ones that are about to be
 * written: what is read here is not read for nothing. */
static void make_room(struct tnd_recorder *r, uint64_t end)
{
    uint64_t oldest = atomic_load_explicit(&r->oldest, memory_order_relaxed);
    struct head head;

    if (end - oldest <= r->size)
        return;
    while (end - oldest > r->size) {
        load(r, oldest, &head, sizeof(head));
        oldest += span(head.len);
    }
    TND_ASSERT(oldest <= r->next);
    atomic_store_explicit(&r->oldest, oldest, memory_order_release);
}

void tnd_recorder_put(struct tnd_recorder *r, const struct tnd_recorded *m)
{
    if (!r)
        return;
    bool is_cut = m->bytes.len > r->len_max;
    struct head head = {.at = m->at,
                        .len = (uint32_t)(is_cut ? r->len_max : m->bytes.len),
                        .kind = m->kind,
                        .is_sent = m->is_sent,
                        .is_cut = is_cut,
                        .local = m->local,
                        .remote = m->remote};
    uint64_t end = r->next + span(head.len);

    make_room(r, end);
    store(r, r->next, (const char *)&head, sizeof(head));
    store(r, r->next + sizeof(head), m->bytes.ptr, head.len);
    r->next = end;
    atomic_store_explicit(&r->end, end, memory_order_release);
}

struct tnd_recorder_reader tnd_recorder_read(const struct tnd_recorder *r, char *room)
{
    return (struct tnd_recorder_reader){
        .r = r, .at = atomic_load_explicit(&r->oldest, memory_order_acquire), .room = room};
}

static bool is_overtaken(const struct tnd_recorder_reader *reader)
{
    return atomic_load_explicit(&reader->r->oldest, memory_order_acquire) > reader->at;
}

/* false: it was given up meanwhile. */
static bool copy(const struct tnd_recorder_reader *reader, struct head *ret)
{
    load(reader->r, reader->at, ret, sizeof(*ret));
    if (is_overtaken(reader))
        return false; /* its length may be anything */
    TND_ASSERT(ret->len <= reader->r->len_max);
    load(reader->r, reader->at + sizeof(*ret), reader->room, ret->len);
    return !is_overtaken(reader);
}

static void skip(struct tnd_recorder_reader *reader)
{
    uint64_t oldest = atomic_load_explicit(&reader->r->oldest, memory_order_acquire);

    reader->lost += oldest - reader->at;
    reader->at = oldest;
}

bool tnd_recorder_next(struct tnd_recorder_reader *reader, struct tnd_recorded *ret)
{
    struct head head;

    for (int round = 0; round < ROUND_COUNT_MAX; round++) {
        if (reader->at >= atomic_load_explicit(&reader->r->end, memory_order_acquire))
            return false;
        if (!copy(reader, &head)) {
            skip(reader);
            continue;
        }
        reader->at += span(head.len);
        *ret = (struct tnd_recorded){.at = head.at,
                                     .kind = head.kind,
                                     .is_sent = head.is_sent,
                                     .is_cut = head.is_cut,
                                     .local = head.local,
                                     .remote = head.remote,
                                     .bytes = tnd_slice(reader->room, head.len)};
        return true;
    }
    return false;
}
