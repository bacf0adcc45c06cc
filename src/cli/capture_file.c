/* libpcap reads pcap and interfaces; pcapng and logs are read as they are. What they hold, src/trace finds. */
#include "cli/capture_file.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/random.h>

#include "cli/capture_input.h"
#include "cli/capture_pcapng.h"
#include "cli/cli.h"
#include "trace/log.h"
#include "trace/tap.h"

enum {
    BLOCK_SIZE = 1 << 18, /* of a log */
    SNAP_LEN = 262144,    /* as tcpdump has it */
    LIVE_WAIT = 100,      /* milliseconds */
    LIVE_ROOM = 1 << 24,  /* bytes that the system keeps for us */
    LIVE_PACKETS = 256,   /* without a message: who waits for one may have other things to do */
    WHY_SIZE = 512,
};

struct capture_file {
    enum capture_file_kind kind;
    struct capture_input in;
    FILE *stream; /* of in, for libpcap, which closes it */
    pcap_t *pcap;
    struct capture_pcapng *pcapng;
    enum tnd_link link;
    bool has_filter;
    struct bpf_program filter; /* of a capture; the system has that of an interface */
    struct tnd_tap *tap;
    struct tnd_log *log;
    char *block;
    enum capture_file_got last; /* once is_over */
    bool is_over;
    uint64_t at;     /* where the packet began that was read last */
    uint64_t number; /* of that packet, whatever the filter says of it */
    uint64_t bytes, fault_at, messages;
    char why[WHY_SIZE];
};

/* What pcap begins with: in both orders, with microseconds, nanoseconds or the head of Kuznetzov. */
static bool is_pcap(const struct capture_input *in)
{
    static const char magics[][CAPTURE_INPUT_HEAD_LEN + 1] = {
        "\xa1\xb2\xc3\xd4", "\xd4\xc3\xb2\xa1", "\xa1\xb2\x3c\x4d",
        "\x4d\x3c\xb2\xa1", "\xa1\xb2\xcd\x34", "\x34\xcd\xb2\xa1"};

    for (size_t i = 0; i < sizeof(magics) / sizeof(*magics); i++)
        if (in->head_len == CAPTURE_INPUT_HEAD_LEN &&
            memcmp(in->head, magics[i], CAPTURE_INPUT_HEAD_LEN) == 0)
            return true;
    return false;
}

static bool is_pcapng(const struct capture_input *in)
{
    return in->head_len == CAPTURE_INPUT_HEAD_LEN && memcmp(in->head, "\x0a\x0d\x0d\x0a", 4) == 0;
}

static bool is_compressed(const struct capture_input *in)
{
    return in->head_len >= 2 && ((memcmp(in->head, "\x1f\x8b", 2) == 0) ||
                                 (in->head_len == 4 && (!memcmp(in->head, "\x28\xb5\x2f\xfd", 4) ||
                                                        !memcmp(in->head, "\xfd\x37\x7a\x58", 4))));
}

static enum tnd_link link_of(int datalink)
{
    switch (datalink) {
    case DLT_EN10MB:
        return TND_LINK_ETHERNET;
    case DLT_LINUX_SLL:
        return TND_LINK_COOKED;
    case DLT_LINUX_SLL2:
        return TND_LINK_COOKED2;
    case DLT_RAW:
    case DLT_IPV4:
    case DLT_IPV6:
        return TND_LINK_RAW;
    case DLT_NULL:
    case DLT_LOOP:
        return TND_LINK_LOOPBACK;
    default:
        return TND_LINK_NONE;
    }
}

/* The system applies that of an interface. That of a capture is applied here: packets are counted that do not
 * pass it, because their numbers are looked for in the whole. */
static bool set_filter(struct capture_file *file, const char *filter)
{
    if (pcap_compile(file->pcap, &file->filter, filter, 1, PCAP_NETMASK_UNKNOWN) == 0) {
        file->has_filter = true;
        if (file->kind != CAPTURE_FILE_LIVE || pcap_setfilter(file->pcap, &file->filter) == 0)
            return true;
    }
    snprintf(file->why, WHY_SIZE, "filter: %s", pcap_geterr(file->pcap));
    return false;
}

static bool open_tap(struct capture_file *file)
{
    struct tnd_siphash_key secret;

    if (getrandom(&secret, sizeof(secret), 0) == sizeof(secret) &&
        tnd_tap_new(&cli_mem, &secret, &file->tap) == 0)
        return true;
    snprintf(file->why, WHY_SIZE, "out of memory");
    return false;
}

/* file->pcap is open: can it be read, and is the filter one? */
static bool start_packets(struct capture_file *file, const char *filter)
{
    file->link = link_of(pcap_datalink(file->pcap));
    if (file->link == TND_LINK_NONE) {
        const char *name = pcap_datalink_val_to_name(pcap_datalink(file->pcap));

        snprintf(file->why, WHY_SIZE, "packets of the link type %s cannot be read",
                 name ? name : "that it has");
        return false;
    }
    return (!filter || set_filter(file, filter)) && open_tap(file);
}

static bool open_pcap(struct capture_file *file, const char *filter)
{
    char why[PCAP_ERRBUF_SIZE] = "out of memory";

    file->kind = CAPTURE_FILE_PACKETS;
    file->stream = capture_input_stream(&file->in);
    if (file->stream)
        file->pcap = pcap_fopen_offline(file->stream, why);
    if (file->pcap)
        return start_packets(file, filter);
    if (file->stream)
        fclose(file->stream);
    snprintf(file->why, WHY_SIZE, "%s", why);
    return false;
}

static bool open_pcapng(struct capture_file *file, const char *filter)
{
    const char *why;

    file->kind = CAPTURE_FILE_PACKETS;
    file->pcapng = capture_pcapng_open(&file->in, filter, &why);
    if (file->pcapng)
        return open_tap(file);
    snprintf(file->why, WHY_SIZE, "%s", why);
    return false;
}

static bool open_log(struct capture_file *file)
{
    file->kind = CAPTURE_FILE_LOG;
    file->block = malloc(BLOCK_SIZE);
    if (file->block && tnd_log_new(&cli_mem, &file->log) == 0)
        return true;
    snprintf(file->why, WHY_SIZE, "out of memory");
    return false;
}

static bool open_path(struct capture_file *file, const struct capture_file_place *place)
{
    if (!capture_input_open(&file->in, place->path)) {
        snprintf(file->why, WHY_SIZE, "%s", strerror(errno));
        return false;
    }
    if (is_pcap(&file->in))
        return open_pcap(file, place->filter);
    if (is_pcapng(&file->in))
        return open_pcapng(file, place->filter);
    if (!is_compressed(&file->in))
        return open_log(file);
    snprintf(file->why, WHY_SIZE, "it is compressed: unpack it first");
    return false;
}

static bool open_interface(struct capture_file *file, const struct capture_file_place *place)
{
    char why[PCAP_ERRBUF_SIZE];

    file->kind = CAPTURE_FILE_LIVE;
    file->pcap = pcap_create(place->interface, why);
    if (!file->pcap) {
        snprintf(file->why, WHY_SIZE, "%s", why);
        return false;
    }
    pcap_set_snaplen(file->pcap, SNAP_LEN);
    pcap_set_promisc(file->pcap, 1);
    pcap_set_timeout(file->pcap, LIVE_WAIT);
    pcap_set_buffer_size(file->pcap, LIVE_ROOM);
    int err = pcap_activate(file->pcap);
    if (err >= 0 && pcap_setnonblock(file->pcap, 1, why) == 0)
        return start_packets(file, place->filter);
    const char *more = pcap_geterr(file->pcap);
    snprintf(file->why, WHY_SIZE, "%s", *more ? more : pcap_statustostr(err));
    return false;
}

struct capture_file *capture_file_open(const struct capture_file_place *place, const char **ret_why)
{
    static char why[WHY_SIZE];
    struct capture_file *file = calloc(1, sizeof(*file));

    if (!file) {
        *ret_why = "out of memory";
        return NULL;
    }
    file->in.fd = -1;
    if (place->interface ? open_interface(file, place) : open_path(file, place))
        return file;
    snprintf(why, WHY_SIZE, "%s", file->why);
    *ret_why = why;
    capture_file_close(&file);
    return NULL;
}

void capture_file_close(struct capture_file **file)
{
    if (!*file)
        return;
    if ((*file)->has_filter)
        pcap_freecode(&(*file)->filter);
    if ((*file)->pcap)
        pcap_close((*file)->pcap);
    capture_pcapng_close(&(*file)->pcapng);
    capture_input_close(&(*file)->in);
    tnd_tap_free(&(*file)->tap);
    tnd_log_free(&(*file)->log);
    free((*file)->block);
    free(*file);
    *file = NULL;
}

/* There is no more: all of it was read, or the rest cannot be. */
static void end(struct capture_file *file, enum capture_file_got how, uint64_t fault_at)
{
    file->is_over = true;
    file->last = how;
    file->fault_at = fault_at;
    if (file->tap)
        tnd_tap_end(file->tap);
    if (file->log)
        tnd_log_end(file->log);
}

/* Of an interface. libpcap itself would wait for as long as nothing comes at all. false: nothing did. */
static bool wait_for_packet(struct capture_file *file)
{
    struct pollfd fd = {.fd = pcap_get_selectable_fd(file->pcap), .events = POLLIN};

    return poll(&fd, 1, LIVE_WAIT) > 0;
}

static void take_packet(struct capture_file *file, const struct pcap_pkthdr *head,
                        const unsigned char *bytes)
{
    file->bytes += head->caplen;
    file->number++;
    if (file->has_filter && file->kind != CAPTURE_FILE_LIVE &&
        !pcap_offline_filter(&file->filter, head, bytes))
        return;
    tnd_tap_feed(file->tap,
                 &(struct tnd_frame){.at = TND_SEC((int64_t)head->ts.tv_sec) + head->ts.tv_usec,
                                     .number = file->number,
                                     .link = file->link,
                                     .bytes = tnd_slice((const char *)bytes, head->caplen),
                                     .on_wire = head->len});
}

static void read_pcapng(struct capture_file *file)
{
    struct tnd_frame frame;
    const char *why;
    enum capture_pcapng_got got = capture_pcapng_next(file->pcapng, &frame, &why);

    file->at = capture_pcapng_at(file->pcapng);
    file->number = capture_pcapng_count(file->pcapng);
    switch (got) {
    case CAPTURE_PCAPNG_FRAME:
        tnd_tap_feed(file->tap, &frame);
        break;
    case CAPTURE_PCAPNG_END:
        end(file, CAPTURE_FILE_END, 0);
        break;
    case CAPTURE_PCAPNG_BROKEN:
        snprintf(file->why, WHY_SIZE, "%s", why);
        end(file, CAPTURE_FILE_BROKEN, file->at);
        break;
    }
}

/* false: nothing came, of an interface. */
static bool read_packet(struct capture_file *file)
{
    struct pcap_pkthdr *head;
    const unsigned char *bytes;

    if (file->stream)
        file->at = (uint64_t)ftello(file->stream);
    switch (pcap_next_ex(file->pcap, &head, &bytes)) {
    case 1:
        take_packet(file, head, bytes);
        return true;
    case 0:
        return file->kind != CAPTURE_FILE_LIVE || wait_for_packet(file);
    case PCAP_ERROR_BREAK:
        end(file, CAPTURE_FILE_END, 0);
        return true;
    default:
        snprintf(file->why, WHY_SIZE, "%s", pcap_geterr(file->pcap));
        end(file, CAPTURE_FILE_BROKEN, file->at);
        return true;
    }
}

static void read_block(struct capture_file *file)
{
    size_t len = capture_input_read(&file->in, file->block, BLOCK_SIZE);

    if (len > 0) {
        tnd_log_feed(file->log, tnd_slice(file->block, len));
        return;
    }
    if (file->in.failed)
        snprintf(file->why, WHY_SIZE, "%s", strerror(file->in.failed));
    end(file, file->in.failed ? CAPTURE_FILE_BROKEN : CAPTURE_FILE_END,
        file->in.failed ? file->in.given : 0);
}

enum capture_file_got capture_file_next(struct capture_file *file, struct tnd_diag_seen *ret)
{
    struct tnd_traced traced;
    unsigned passed = 0;

    while (!(file->log ? tnd_log_next(file->log, &traced) : tnd_tap_next(file->tap, &traced))) {
        if (file->is_over)
            return file->last;
        if (file->log)
            read_block(file);
        else if (file->pcapng)
            read_pcapng(file);
        else if (!read_packet(file) ||
                 (file->kind == CAPTURE_FILE_LIVE && ++passed == LIVE_PACKETS))
            return CAPTURE_FILE_IDLE;
    }
    file->messages++;
    *ret = (struct tnd_diag_seen){.at = traced.at,
                                  .number = traced.number,
                                  .from = traced.from,
                                  .to = traced.to,
                                  .bytes = traced.bytes,
                                  .is_cut = traced.is_cut};
    return CAPTURE_FILE_SEEN;
}

const char *capture_file_why(const struct capture_file *file)
{
    return file->why;
}

struct capture_file_progress capture_file_progress(const struct capture_file *file)
{
    struct capture_file_progress p = {.kind = file->kind,
                                      .bytes =
                                          file->kind == CAPTURE_FILE_LIVE ? file->bytes : file->at,
                                      .size = file->in.size,
                                      .fault_at = file->fault_at,
                                      .messages = file->messages};
    struct pcap_stat live;

    if (file->log) {
        p.bytes = file->in.given;
        p.packets = tnd_log_line_count(file->log);
        return p;
    }
    struct tnd_tap_stats stats = tnd_tap_stats(file->tap);
    p.packets = file->number;
    p.unread = stats.broken;
    p.gaps = stats.streams.gaps;
    p.fragments_lost = stats.fragments_lost;
    p.encrypted = stats.streams.encrypted;
    if (file->kind == CAPTURE_FILE_LIVE && pcap_stats(file->pcap, &live) == 0)
        p.dropped = (uint64_t)live.ps_drop + live.ps_ifdrop;
    return p;
}
