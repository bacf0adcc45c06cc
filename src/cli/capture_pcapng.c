/* A window over the file, which holds one block at least. */
#include "cli/capture_pcapng.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdlib.h>

enum {
    ROOM_SIZE = 1 << 18, /* at first; larger for a block that is */
    FILTER_COUNT = TND_LINK_LOOPBACK + 1,
    SNAP_LEN = 262144,
    WHY_SIZE = 256,
};

struct capture_pcapng {
    struct capture_input *in;
    char *filter_text;                       /* NULL: all pass */
    struct bpf_program filter[FILTER_COUNT]; /* by enum tnd_link */
    bool is_tried[FILTER_COUNT], has_filter[FILTER_COUNT];
    struct tnd_pcapng blocks;
    char *room;
    size_t size, start, len; /* what is there is from start to len */
    size_t used;             /* of it, by the block that was given out */
    uint64_t at, count;
    char why[WHY_SIZE];
};

void capture_pcapng_close(struct capture_pcapng **c)
{
    if (!*c)
        return;
    for (int i = 0; i < FILTER_COUNT; i++)
        if ((*c)->has_filter[i])
            pcap_freecode(&(*c)->filter[i]);
    free((*c)->filter_text);
    free((*c)->room);
    free(*c);
    *c = NULL;
}

static int datalink_of(enum tnd_link link)
{
    switch (link) {
    case TND_LINK_ETHERNET:
        return DLT_EN10MB;
    case TND_LINK_COOKED:
        return DLT_LINUX_SLL;
    case TND_LINK_COOKED2:
        return DLT_LINUX_SLL2;
    case TND_LINK_LOOPBACK:
        return DLT_NULL;
    case TND_LINK_RAW:
    case TND_LINK_NONE:
        break;
    }
    return DLT_RAW;
}

/* The filter as it is for packets of this kind. false: it is none, and why says so. */
static bool compile(struct capture_pcapng *c, enum tnd_link link)
{
    pcap_t *dead = pcap_open_dead(datalink_of(link), SNAP_LEN);
    bool is_good =
        dead && pcap_compile(dead, &c->filter[link], c->filter_text, 1, PCAP_NETMASK_UNKNOWN) == 0;

    if (!is_good)
        snprintf(c->why, WHY_SIZE, "filter: %s", dead ? pcap_geterr(dead) : "out of memory");
    if (dead)
        pcap_close(dead);
    c->is_tried[link] = true;
    c->has_filter[link] = is_good;
    return is_good;
}

/* One that has no meaning for packets of this kind lets none of them pass. */
static bool passes(struct capture_pcapng *c, const struct tnd_frame *frame)
{
    struct pcap_pkthdr head = {.caplen = (bpf_u_int32)frame->bytes.len,
                               .len = (bpf_u_int32)frame->on_wire};

    if (!c->filter_text)
        return true;
    if (!c->is_tried[frame->link])
        compile(c, frame->link);
    return c->has_filter[frame->link] &&
           pcap_offline_filter(&c->filter[frame->link], &head,
                               (const unsigned char *)frame->bytes.ptr) != 0;
}

/* Room for a block of so many bytes, at the beginning. */
static bool make_room(struct capture_pcapng *c, size_t block)
{
    memmove(c->room, c->room + c->start, c->len - c->start);
    c->len -= c->start;
    c->start = 0;
    if (block <= c->size)
        return true;
    char *room = realloc(c->room, block);
    if (!room) {
        c->in->failed = ENOMEM;
        return false;
    }
    c->room = room;
    c->size = block;
    return true;
}

/* More of the file, towards a block of so many bytes. false: there is no more. */
static bool fill(struct capture_pcapng *c, size_t block)
{
    if (!make_room(c, block))
        return false;
    size_t len = capture_input_read(c->in, c->room + c->len, c->size - c->len);
    c->len += len;
    return len > 0;
}

/* The file is over: where a block does, or not. */
static enum capture_pcapng_got end(struct capture_pcapng *c, size_t block)
{
    if (c->in->failed)
        snprintf(c->why, WHY_SIZE, "%s", strerror(c->in->failed));
    else if (c->len == c->start)
        return CAPTURE_PCAPNG_END;
    else if (block > 0)
        snprintf(c->why, WHY_SIZE, "it ends within a block of %zu bytes, of which it has %zu",
                 block, c->len - c->start);
    else
        snprintf(c->why, WHY_SIZE, "it ends within a block");
    return CAPTURE_PCAPNG_BROKEN;
}

static bool take_frame(struct capture_pcapng *c, struct tnd_frame *frame)
{
    frame->number = ++c->count;
    return passes(c, frame);
}

enum capture_pcapng_got capture_pcapng_next(struct capture_pcapng *c, struct tnd_frame *ret,
                                            const char **ret_why)
{
    uint32_t interface;
    size_t used;

    *ret_why = c->why;
    for (;;) {
        c->start += c->used;
        c->used = 0;
        c->at = c->in->given - (c->len - c->start);
        switch (tnd_pcapng_next(&c->blocks, tnd_slice(c->room + c->start, c->len - c->start), ret,
                                &interface, &used)) {
        case TND_PCAPNG_FRAME:
            c->used = used;
            if (take_frame(c, ret))
                return CAPTURE_PCAPNG_FRAME;
            break;
        case TND_PCAPNG_OTHER:
            c->used = used;
            break;
        case TND_PCAPNG_MORE:
            if (!fill(c, used))
                return end(c, used);
            break;
        case TND_PCAPNG_BROKEN:
            snprintf(c->why, WHY_SIZE, "what stands there is no block of pcapng");
            return CAPTURE_PCAPNG_BROKEN;
        }
    }
}

/* Whether a whole section head is at the front. */
static bool has_head(struct capture_pcapng *c)
{
    struct tnd_pcapng blocks = {0};
    struct tnd_frame frame;
    enum tnd_pcapng_got got;
    uint32_t interface;
    size_t used = 0;

    while ((got = tnd_pcapng_next(&blocks, tnd_slice(c->room, c->len), &frame, &interface,
                                  &used)) == TND_PCAPNG_MORE)
        if (!fill(c, used))
            break;
    return got == TND_PCAPNG_OTHER;
}

struct capture_pcapng *capture_pcapng_open(struct capture_input *in, const char *filter,
                                           const char **ret_why)
{
    static char why[WHY_SIZE];
    struct capture_pcapng *c = calloc(1, sizeof(*c));

    *ret_why = "out of memory";
    if (!c)
        return NULL;
    c->in = in;
    c->filter_text = filter ? strdup(filter) : NULL;
    c->size = ROOM_SIZE;
    c->room = malloc(c->size);
    bool has_room = c->room && !filter == !c->filter_text;
    if (has_room && has_head(c) && (!filter || compile(c, TND_LINK_ETHERNET)))
        return c;
    if (has_room) {
        snprintf(why, WHY_SIZE, "%s",
                 *c->why ? c->why : "what it begins with is no head of pcapng");
        *ret_why = why;
    }
    capture_pcapng_close(&c);
    return NULL;
}

uint64_t capture_pcapng_at(const struct capture_pcapng *c)
{
    return c->at;
}

uint64_t capture_pcapng_count(const struct capture_pcapng *c)
{
    return c->count;
}
