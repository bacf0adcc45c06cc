/* tandem/base.h: the words that every other header of libtandem is written in.
 *
 *   errors    what a call that may fail returns
 *   time      an instant or a span, in microseconds; always passed in, never read
 *   slice     a pointer and a length into bytes that somebody else owns
 *   memory    where blocks come from; the caller's choice
 *   arena     many small pieces of one life, released together
 *   writer    bytes out, with one check at the end
 *
 * Conventions of all headers. A pointer argument is *borrowed* for the call unless its
 * comment says "copies", "keeps" (borrowed until the named thing ends) or "takes"
 * (now owned by the callee). Results are named ret or ret_x, come last, and are
 * untouched on failure. No function here does I/O, reads a clock or draws a random
 * number, and none is safe to call on the same object from two threads at once.
 *
 * The language is C11. C++ includes these headers within extern "C" { }, with C++20 and a compiler that
 * knows compound literals (gcc, clang); bytes, names and layout are those of C.
 */
#ifndef TANDEM_BASE_H
#define TANDEM_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Errors: what the world did to us. 0 is success, these are negative. What a peer did
 * wrong is never an error but a flaw (tandem/ref.h); what we did wrong is an assertion. */
#define TND_ERR_MAP(X)                                                            \
    X(NOMEM, -1, "out of memory or over the configured limit")                    \
    X(MORE, -2, "the message is not complete yet")                                \
    X(SYNTAX, -3, "the text breaks its grammar; see the flaws for where and why") \
    X(SPACE, -4, "the result does not fit the room given")                        \
    X(STATE, -5, "the call does not fit the present state")                       \
    X(EXISTS, -6, "there is one already")                                         \
    X(NONE, -7, "there is none")                                                  \
    X(IO, -8, "the system cannot read or write it")

enum tnd_err {
    TND_OK = 0,
#define TND_ERR_ENUM(name, value, text) TND_E##name = (value),
    TND_ERR_MAP(TND_ERR_ENUM)
#undef TND_ERR_ENUM
};

/* One line for a person, without a full stop; never NULL. Static storage. */
const char *tnd_strerror(int err);

/* Time: microseconds. The origin is the caller's; all times of one node share it. */
typedef int64_t tnd_time;
#define TND_MS(n)     ((tnd_time)(n)*1000)
#define TND_SEC(n)    ((tnd_time)(n)*1000000)
#define TND_NEVER_DUE INT64_MAX

/* Slice: len bytes at ptr, owned by somebody else; not terminated. ptr may be NULL only
 * if len is 0. A slice without ptr means "absent", one with ptr and no length "empty". */
struct tnd_slice {
    const char *ptr;
    size_t len;
};

/* TND_STR("text"): a slice of a string literal; TND_STR_INIT("text") where only a constant
 * may stand, in the initialiser of something static. */
#define TND_STR_INIT(literal)           \
    {                                   \
        "" literal, sizeof(literal) - 1 \
    }
#define TND_STR(literal) ((struct tnd_slice)TND_STR_INIT(literal))

/* For printf("%.*s"): TND_FMT(slice). */
#define TND_FMT(slice) (int)(slice).len, (slice).ptr

static inline struct tnd_slice tnd_slice(const char *ptr, size_t len)
{
    return (struct tnd_slice){ptr, len};
}

/* A slice of a C string, which is borrowed; of NULL: the absent slice. */
static inline struct tnd_slice tnd_slice_str(const char *str)
{
    return (struct tnd_slice){str, str ? strlen(str) : 0};
}

/* From first up to and without end; both point into the same bytes. */
static inline struct tnd_slice tnd_slice_between(const char *first, const char *end)
{
    return (struct tnd_slice){first, (size_t)(end - first)};
}

static inline const char *tnd_slice_end(struct tnd_slice s)
{
    return s.len > 0 ? s.ptr + s.len : s.ptr; /* NULL + 0 is undefined */
}

/* The same bytes. */
static inline bool tnd_slice_eq(struct tnd_slice a, struct tnd_slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* The same but for the case of ASCII letters, as SIP compares tokens (RFC 3261 §7.3.1). */
bool tnd_slice_eq_fold(struct tnd_slice a, struct tnd_slice b);

/* Less than, equal to or greater than 0, by bytes and then by length. */
int tnd_slice_cmp(struct tnd_slice a, struct tnd_slice b);

/* Without the SP, HTAB, CR and LF at both ends. */
struct tnd_slice tnd_slice_trim(struct tnd_slice s);

/* A decimal number of digits only. false: no digit, another character, or above max;
 * ret is untouched. */
bool tnd_slice_number(struct tnd_slice s, uint64_t max, uint64_t *ret);

/* Memory: where blocks come from. take() gives size bytes aligned for any type, or NULL;
 * give() gets back what take() gave, with the same size. ctx is passed through. */
struct tnd_mem {
    void *(*take)(void *ctx, size_t size);
    void (*give)(void *ctx, void *ptr, size_t size);
    void *ctx;
};

/* Arena: pieces that end together. Pieces come from a first block that the caller lends,
 * then, if a tnd_mem was given, from blocks of its own, up to size_max bytes in all.
 *
 * Overflow is sticky: a piece that does not fit is NULL and so is every later one, until
 * the arena is reset. So: take, take, take, and ask tnd_arena_over() once. */
struct tnd_arena {
    char *next; /* first free byte, aligned to TND_ARENA_ALIGN */
    char *end;  /* end of the present block */
    bool over;
    struct tnd_arena_block *blocks; /* those taken from mem, the newest first */
    const struct tnd_mem *mem;
    size_t size_left; /* what may yet be taken from mem */
    char *first;
    size_t first_size;
};

enum {
    TND_ARENA_ALIGN = 16,
    TND_ARENA_BLOCK_SIZE_MIN = 4096, /* a block taken from mem is at least that large */
};

/* An arena in first_size bytes at first, kept until fini and not given back. mem may be
 * NULL: then there is the first block only. size_max bounds what is taken from mem. */
void tnd_arena_init(struct tnd_arena *a, void *first, size_t first_size, const struct tnd_mem *mem,
                    size_t size_max);

/* Gives every block back to mem. Every piece is gone. An arena of zero bytes is fine. */
void tnd_arena_fini(struct tnd_arena *a);

/* Empty again; keeps the first block only. Every piece is gone; over is forgotten. */
void tnd_arena_reset(struct tnd_arena *a);

/* For tnd_arena_take() when the present block is full. Not for callers. */
void *tnd_arena_take_slow(struct tnd_arena *a, size_t size);

/* size bytes, not cleared, aligned to TND_ARENA_ALIGN, valid until reset or fini. Each piece
 * is another one, that of no bytes too.
 * NULL: over; the arena's owner decides what that means (a 503, a dropped message). */
static inline void *tnd_arena_take(struct tnd_arena *a, size_t size)
{
    size_t room = (size_t)(a->end - a->next);

    size += size == 0;
    if (size > room || room - size < (-size & (TND_ARENA_ALIGN - 1)) || a->over)
        return tnd_arena_take_slow(a, size);
    void *piece = a->next;
    a->next += (size + TND_ARENA_ALIGN - 1) & ~(size_t)(TND_ARENA_ALIGN - 1);
    return piece;
}

/* The same, cleared; count times size bytes without overflow. */
void *tnd_arena_zero(struct tnd_arena *a, size_t count, size_t size);

/* Whether something did not fit since the last reset. */
static inline bool tnd_arena_over(const struct tnd_arena *a)
{
    return a->over;
}

/* Makes the piece that was taken last smaller: size bytes of it stay. */
static inline void tnd_arena_shrink(struct tnd_arena *a, void *last, size_t size)
{
    a->next = (char *)last + ((size + TND_ARENA_ALIGN - 1) & ~(size_t)(TND_ARENA_ALIGN - 1));
}

/* Copies s to live as long as a. Over: the absent slice. */
struct tnd_slice tnd_slice_keep(struct tnd_arena *a, struct tnd_slice s);

/* The same as a C string; NULL: over, or s holds a NUL byte. */
char *tnd_slice_keep_str(struct tnd_arena *a, struct tnd_slice s);

/* Writer: bytes into the room at ptr. Overflow is sticky and counted: len goes on growing,
 * so that after tnd_writer_over() it says how much room would have been enough. */
struct tnd_writer {
    char *ptr;
    size_t len;
    size_t size;
};

/* ptr may be NULL if size is 0: a writer that only counts. Borrows ptr. */
static inline struct tnd_writer tnd_writer(void *ptr, size_t size)
{
    return (struct tnd_writer){(char *)ptr, 0, size};
}

static inline bool tnd_writer_over(const struct tnd_writer *w)
{
    return w->len > w->size;
}

/* What was written so far; the absent slice if it did not fit. Borrows the writer's room. */
static inline struct tnd_slice tnd_writer_slice(const struct tnd_writer *w)
{
    return tnd_writer_over(w) ? (struct tnd_slice){NULL, 0} : tnd_slice(w->ptr, w->len);
}

/* Each puts the whole thing or, when it does not fit, nothing but its length. */
static inline void tnd_put(struct tnd_writer *w, struct tnd_slice s)
{
    if (s.len <= w->size && w->len <= w->size - s.len && s.len > 0)
        memcpy(w->ptr + w->len, s.ptr, s.len);
    w->len += s.len;
}

static inline void tnd_put_char(struct tnd_writer *w, char c)
{
    if (w->len < w->size)
        w->ptr[w->len] = c;
    w->len++;
}

void tnd_put_str(struct tnd_writer *w, const char *str);
void tnd_put_number(struct tnd_writer *w, uint64_t n);

/* With the upper-case letters of ASCII in lower case. */
void tnd_put_lower(struct tnd_writer *w, struct tnd_slice s);

/* Lower-case hexadecimal, two digits a byte. */
void tnd_put_hex(struct tnd_writer *w, const void *bytes, size_t len);

#endif
