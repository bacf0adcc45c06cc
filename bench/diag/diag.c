/* How fast messages become calls: bench_diag [CALLS]. Makes CALLS calls (100,000) in memory, as somebody sees them
 * who stands beside a phone and a proxy: every tenth is refused, every tenth is challenged first, and
 * every fourth is a registration. Feeds them in the order of their times and takes what is over. Prints
 * megabytes a second of SIP by CPU time, and the most memory that was in use. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "diag/diag.h"
#include "net/heap.h"

enum {
    STREAM_SIZE = 512 << 20,
    CALLS_PER_SECOND = 100,
    STEP_COUNT = 9,
    FRAME_SIZE = 58 + 16, /* what a capture has besides: pcap, Ethernet, IP, UDP */
};

/* A message of a call of some kind: when it comes, and what. */
struct step {
    int ms;
    bool is_back; /* from the proxy */
    const char *first, *cseq, *branch, *to_tag, *more;
    bool has_sdp;
};

#define CONTACT "Contact: <sip:1001@192.0.2.10:5060;transport=udp>\r\n"
#define PHONE \
    CONTACT "User-Agent: Phone 1.2.3 (build 4711)\r\nSupported: replaces, timer, 100rel\r\n"
#define ALLOW \
    "Allow: INVITE, ACK, CANCEL, BYE, NOTIFY, REFER, MESSAGE, OPTIONS, INFO, SUBSCRIBE\r\n"
#define BY_PROXY "Route: <sip:192.0.2.2;lr;ftag=9fxced76sl>\r\n"
#define ROUTE    "Record-Route: <sip:192.0.2.2;lr;ftag=9fxced76sl>\r\n"
#define CREDENTIALS                                                                            \
    "Proxy-Authorization: Digest username=\"1001\", realm=\"example.org\", nonce=\"5f2b1c\", " \
    "uri=\"sip:1002@example.org\", response=\"6629fae49393a05397450978507c4ef1\", algorithm=MD5\r\n"
#define INVITE "INVITE sip:1002@example.org SIP/2.0"
#define OK     "SIP/2.0 200 OK"

static const struct step answered[STEP_COUNT] = {
    {0, false, INVITE, "1 INVITE", "1", "", PHONE ALLOW, true},
    {5, true, "SIP/2.0 100 Trying", "1 INVITE", "1", "", "Server: Proxy\r\n", false},
    {90, true, "SIP/2.0 180 Ringing", "1 INVITE", "1", ";tag=b", ROUTE PHONE, false},
    {4000, true, OK, "1 INVITE", "1", ";tag=b", ROUTE PHONE ALLOW, true},
    {4010, false, "ACK sip:1002@192.0.2.11 SIP/2.0", "1 ACK", "2", ";tag=b", BY_PROXY PHONE, false},
    {9000, false, "BYE sip:1002@192.0.2.11 SIP/2.0", "2 BYE", "3", ";tag=b", BY_PROXY PHONE, false},
    {9010, true, OK, "2 BYE", "3", ";tag=b", PHONE, false},
};
static const struct step challenged[STEP_COUNT] = {
    {0, false, INVITE, "1 INVITE", "1", "", PHONE ALLOW, true},
    {5, true, "SIP/2.0 407 Proxy Authentication Required", "1 INVITE", "1", ";tag=p",
     "Proxy-Authenticate: Digest realm=\"example.org\", nonce=\"5f2b1c\", algorithm=MD5\r\n",
     false},
    {8, false, "ACK sip:1002@example.org SIP/2.0", "1 ACK", "1", ";tag=p", "", false},
    {20, false, INVITE, "2 INVITE", "2", "", PHONE ALLOW CREDENTIALS, true},
    {60, true, "SIP/2.0 180 Ringing", "2 INVITE", "2", ";tag=b", ROUTE PHONE, false},
    {3000, true, OK, "2 INVITE", "2", ";tag=b", ROUTE PHONE ALLOW, true},
    {3010, false, "ACK sip:1002@192.0.2.11 SIP/2.0", "2 ACK", "3", ";tag=b", BY_PROXY PHONE, false},
    {8000, true, "BYE sip:1001@192.0.2.10 SIP/2.0", "7 BYE", "4", ";tag=b", PHONE, false},
    {8010, false, OK, "7 BYE", "4", ";tag=b", PHONE, false},
};
static const struct step refused[STEP_COUNT] = {
    {0, false, INVITE, "1 INVITE", "1", "", PHONE ALLOW, true},
    {5, true, "SIP/2.0 100 Trying", "1 INVITE", "1", "", "Server: Proxy\r\n", false},
    {90, true, "SIP/2.0 180 Ringing", "1 INVITE", "1", ";tag=b", ROUTE PHONE, false},
    {3000, true, "SIP/2.0 486 Busy Here", "1 INVITE", "1", ";tag=b", PHONE, false},
    {3010, false, "ACK sip:1002@example.org SIP/2.0", "1 ACK", "1", ";tag=b", "", false},
};
static const struct step registered[STEP_COUNT] = {
    {0, false, "REGISTER sip:example.org SIP/2.0", "1 REGISTER", "1", "", PHONE ALLOW, false},
    {5, true, "SIP/2.0 401 Unauthorized", "1 REGISTER", "1", ";tag=p",
     "WWW-Authenticate: Digest realm=\"example.org\", nonce=\"5f2b1c\", algorithm=MD5\r\n", false},
    {20, false, "REGISTER sip:example.org SIP/2.0", "2 REGISTER", "2", "", PHONE ALLOW CREDENTIALS,
     false},
    {25, true, OK, "2 REGISTER", "2", ";tag=p", CONTACT "Expires: 3600\r\n", false},
};

static const char sdp[] =
    "v=0\r\no=- %u %u IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\nt=0 0\r\n"
    "m=audio %u RTP/AVP 0 8 9 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n"
    "a=rtpmap:9 G722/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=sendrecv\r\n";

/* What was seen, one behind the other. */
struct entry {
    int64_t at;
    size_t start, len;
    bool is_back;
};

struct stream {
    char *bytes;
    size_t len;
    struct entry *entry;
    size_t count, count_max;
};

static const struct step *steps_of(unsigned call)
{
    if (call % 4 == 3)
        return registered;
    return call % 10 == 0 ? refused : call % 10 == 1 ? challenged : answered;
}

static size_t put_message(char *room, size_t size, unsigned call, const struct step *s)
{
    char body[512];
    int body_len =
        s->has_sdp ? snprintf(body, sizeof(body), sdp, call, call, 16384 + call % 8192) : 0;

    return (size_t)snprintf(
        room, size,
        "%s\r\nVia: SIP/2.0/UDP 192.0.2.10:5060;rport;branch=z9hG4bK-5242%u-1---d8754z%s\r\n"
        "Max-Forwards: 70\r\nFrom: \"Alice Example\" <sip:1001@example.org>;tag=9fxced%usl\r\n"
        "To: \"Bob Example\" <sip:1002@example.org>%s\r\n"
        "Call-ID: 3848276298220188511%u@192.0.2.10\r\nCSeq: %s\r\n%s%sContent-Length: %d\r\n\r\n%.*s",
        s->first, call, s->branch, call, s->to_tag, call, s->cseq, s->more,
        s->has_sdp ? "Content-Type: application/sdp\r\n" : "", body_len, body_len, body);
}

static void add(struct stream *stream, unsigned call, const struct step *s)
{
    size_t left = STREAM_SIZE - stream->len;
    size_t len = put_message(stream->bytes + stream->len, left, call, s);

    if (len >= left || stream->count == stream->count_max)
        return;
    stream->entry[stream->count++] = (struct entry){
        TND_MS((int64_t)call * (1000 / CALLS_PER_SECOND) + s->ms), stream->len, len, s->is_back};
    stream->len += len;
}

static int by_time(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->start < y->start ? -1 : 1;
}

static struct stream make(unsigned calls)
{
    struct stream s = {.bytes = malloc(STREAM_SIZE), .count_max = (size_t)calls * STEP_COUNT};

    s.entry = malloc(s.count_max * sizeof(*s.entry));
    if (!s.bytes || !s.entry)
        exit(1);
    for (unsigned call = 0; call < calls; call++)
        for (const struct step *step = steps_of(call), *end = step + STEP_COUNT;
             step < end && step->first; step++)
            add(&s, call, step);
    qsort(s.entry, s.count, sizeof(*s.entry), by_time);
    return s;
}

static double cpu_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Returns how many findings there were. */
static uint64_t take_all(struct tnd_diag *diag)
{
    uint64_t found = 0;

    for (const struct tnd_diag_call *call; (call = tnd_diag_take(diag));)
        found += call->finding_count;
    return found;
}

int main(int argc, char **argv)
{
    const uint8_t octets[2][4] = {{192, 0, 2, 10}, {192, 0, 2, 2}};
    struct tnd_endpoint phone = tnd_endpoint(TND_TRANSPORT_UDP, octets[0], 4, 5060);
    struct tnd_endpoint proxy = tnd_endpoint(TND_TRANSPORT_UDP, octets[1], 4, 5060);
    struct stream s = make(argc > 1 ? (unsigned)atoi(argv[1]) : 100000);
    struct tnd_diag *diag;
    size_t most = 0;
    uint64_t found = 0;

    if (tnd_diag_new(&(struct tnd_diag_world){.mem = &tnd_heap, .seed = 1}, &diag))
        return 1;
    double start = cpu_seconds();
    for (size_t i = 0; i < s.count; i++) {
        const struct entry *e = &s.entry[i];
        struct tnd_diag_seen seen = {.at = e->at,
                                     .number = i + 1,
                                     .from = e->is_back ? proxy : phone,
                                     .to = e->is_back ? phone : proxy,
                                     .bytes = tnd_slice(s.bytes + e->start, e->len)};
        tnd_diag_feed(diag, &seen);
        most = tnd_diag_stats(diag)->memory > most ? tnd_diag_stats(diag)->memory : most;
        found += take_all(diag);
    }
    tnd_diag_end(diag);
    found += take_all(diag);
    double spent = cpu_seconds() - start;
    const struct tnd_diag_stats *stats = tnd_diag_stats(diag);
    double megabytes = (double)s.len / 1e6;
    printf("%" PRIu64 " messages, %.0f MB of SIP, %" PRIu64 " calls (%" PRIu64 " failed), %" PRIu64
           " findings\n",
           stats->messages, megabytes, stats->calls, stats->failed, found);
    printf(
        "%.0f MB/s of SIP, %.0f MB/s of capture, %.0f ns for each message; %.1f MB in use at most\n",
        megabytes / spent, (megabytes + (double)s.count * FRAME_SIZE / 1e6) / spent,
        spent * 1e9 / (double)s.count, (double)most / 1e6);
    tnd_diag_free(&diag);
    free(s.bytes);
    free(s.entry);
    return 0;
}
