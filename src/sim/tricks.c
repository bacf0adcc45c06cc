/* What a phone that misbehaves does: a table of tricks. None may shake an element. */
#include "sim/rogue.h"

#include "base/assert.h"

enum { FLOOD_COUNT = 60, MUTATION_COUNT_MAX = 8, VIA_SIZE = 120, LONG_LINE = 20000 };

static uint64_t below(struct rogue *r, uint64_t count)
{
    return tnd_random_below(&r->random, count);
}

static tnd_time a_while(struct rogue *r, tnd_time most)
{
    return tnd_random_time(&r->random, 0, most);
}

static const char *a_method(struct rogue *r)
{
    static const char *const methods[] = {"INVITE",   "OPTIONS", "MESSAGE", "BYE",
                                          "REGISTER", "CANCEL",  "ACK",     "PRACK",
                                          "UPDATE",   "NOTIFY",  "FOO"};

    return methods[below(r, sizeof(methods) / sizeof(*methods))];
}

static const char *invite_or_not(struct rogue *r)
{
    return below(r, 2) ? "INVITE" : "OPTIONS";
}

static void mutate(struct rogue *r, struct tnd_slice bytes)
{
    char *at = r->bytes;

    TND_ASSERT(bytes.ptr == r->bytes);
    for (uint64_t n = 1 + below(r, MUTATION_COUNT_MAX); n > 0; n--)
        at[below(r, bytes.len)] = (char)below(r, 256);
}

static void mutated_bytes(struct rogue *r)
{
    struct tnd_slice bytes = rogue_forge(r, &(struct forged){.method = a_method(r)});

    mutate(r, bytes);
    rogue_send(r, bytes);
}

static void mutated_text(struct rogue *r)
{
    static const char signs[] = "\r\n\t ;,:<>\"@=?&%()/\\09z";
    struct tnd_slice bytes = rogue_forge(r, &(struct forged){.method = a_method(r)});

    for (uint64_t n = 1 + below(r, MUTATION_COUNT_MAX); n > 0; n--)
        r->bytes[below(r, bytes.len)] = signs[below(r, sizeof(signs) - 1)];
    rogue_send(r, bytes);
}

static void half_a_message(struct rogue *r)
{
    struct tnd_slice bytes = rogue_forge(r, &(struct forged){.method = a_method(r)});

    bytes.len = below(r, bytes.len);
    rogue_send(r, bytes);
    rogue_close_later(r, a_while(r, TND_SEC(20)));
}

static void noise(struct rogue *r)
{
    size_t len = 1 + below(r, 2000);

    for (size_t i = 0; i < len; i++)
        r->bytes[i] = (char)below(r, 256);
    rogue_send(r, tnd_slice(r->bytes, len));
}

static void line_ends(struct rogue *r)
{
    for (unsigned i = 0; i < 6; i++)
        rogue_send_later(r, a_while(r, TND_SEC(3)), TND_STR("\r\n\r\n"));
}

/* RFC 3261 §17.2.3: no branch, or one without the cookie. It comes twice. */
static void of_rfc_2543(struct rogue *r)
{
    struct tnd_slice bytes = rogue_forge(
        r, &(struct forged){.method = invite_or_not(r), .branch = below(r, 2) ? "" : "1"});

    rogue_send(r, bytes);
    rogue_send_later(r, a_while(r, TND_SEC(3)), bytes);
    rogue_send_later(r, a_while(r, TND_SEC(40)), bytes);
}

static void response_to_nobody(struct rogue *r)
{
    static const char status[] = "SIP/2.0 200 OK\r\n";
    struct tnd_slice bytes = rogue_forge(r, &(struct forged){.cseq = "1 INVITE", .to_tag = "x"});
    const char *rest = memchr(bytes.ptr, '\n', bytes.len);
    size_t len = (size_t)(tnd_slice_end(bytes) - rest - 1);

    memmove(r->bytes + sizeof(status) - 1, rest + 1, len);
    memcpy(r->bytes, status, sizeof(status) - 1);
    rogue_send(r, tnd_slice(r->bytes, sizeof(status) - 1 + len));
}

static void belongs_to_nothing(struct rogue *r)
{
    static const char *const methods[] = {"ACK", "CANCEL", "BYE", "PRACK", "UPDATE"};

    rogue_send(r, rogue_forge(r, &(struct forged){.method = methods[below(r, 5)],
                                                  .to_tag = below(r, 2) ? "nobody" : NULL}));
}

/* RFC 3261 §8.2.2.2 */
static void by_two_ways(struct rogue *r)
{
    struct forged f = {.method = invite_or_not(r),
                       .call_id = rogue_word(r, "merged-"),
                       .from_tag = rogue_word(r, "m")};

    rogue_send(r, rogue_forge(r, &f));
    rogue_send_later(r, a_while(r, TND_MS(50)), rogue_forge(r, &f));
}

static void again_and_again(struct rogue *r)
{
    struct tnd_slice bytes = rogue_forge(r, &(struct forged){.method = invite_or_not(r)});
    tnd_time most = below(r, 2) ? TND_MS(200) : TND_SEC(70);

    for (unsigned i = 0; i < FLOOD_COUNT; i++)
        rogue_send_later(r, a_while(r, most), bytes);
}

static void flood(struct rogue *r)
{
    for (unsigned i = 0; i < FLOOD_COUNT; i++)
        rogue_send(r, rogue_forge(r, &(struct forged){.method = invite_or_not(r)}));
}

/* The same branch under two names: the second is the first again (RFC 3261 §17.2.3). */
static void stolen_branch(struct rogue *r)
{
    struct forged f = {.method = invite_or_not(r), .branch = rogue_word(r, TND_BRANCH_COOKIE)};

    rogue_send(r, rogue_forge(r, &f));
    f.fields = "Subject: another\r\n";
    rogue_send_later(r, a_while(r, TND_SEC(2)), rogue_forge(r, &f));
}

static void never_an_ack(struct rogue *r)
{
    char uri[VIA_SIZE];
    struct tnd_writer w = tnd_writer(uri, sizeof(uri) - 1);

    tnd_put_str(&w, below(r, 2) ? "sip:lab-200@" : "sip:lab-603@");
    tnd_address_write_host(&w, &r->to);
    uri[w.len] = '\0';
    rogue_send(r, rogue_forge(r, &(struct forged){.method = "INVITE", .uri = uri}));
    if (below(r, 2))
        rogue_close_later(r, a_while(r, TND_SEC(1)));
}

/* A CANCEL that comes before, with or after what it cancels, and after the answer. */
static void cancel_race(struct rogue *r)
{
    char uri[VIA_SIZE];
    struct tnd_writer w = tnd_writer(uri, sizeof(uri) - 1);
    struct forged f = {.method = "INVITE",
                       .uri = uri,
                       .branch = rogue_word(r, TND_BRANCH_COOKIE),
                       .call_id = rogue_word(r, "race-"),
                       .from_tag = rogue_word(r, "c")};

    tnd_put_str(&w, "sip:lab-200@");
    tnd_address_write_host(&w, &r->to);
    tnd_put_str(&w, below(r, 2) ? ";ring=1" : "");
    uri[w.len] = '\0';
    rogue_send_later(r, a_while(r, TND_MS(20)), rogue_forge(r, &f));
    f.method = "CANCEL";
    rogue_send_later(r, a_while(r, TND_MS(20)), rogue_forge(r, &f));
    rogue_send_later(r, a_while(r, TND_SEC(2)), rogue_forge(r, &f));
    f.method = "ACK";
    rogue_send_later(r, a_while(r, TND_SEC(2)), rogue_forge(r, &f));
}

/* Answers are wished for at strange places. */
static void strange_via(struct rogue *r)
{
    static const char *const vias[] = {
        "SIP/2.0/UDP 255.255.255.255:9",
        "SIP/2.0/UDP 0.0.0.0",
        "SIP/2.0/UDP nowhere.invalid:5060",
        "SIP/2.0/UDP 192.0.2.200;maddr=192.0.2.201",
        "SIP/2.0/UDP 192.0.2.200;maddr=224.0.1.75;ttl=16",
        "SIP/2.0/UDP 192.0.2.200;received=192.0.2.201;rport=53",
        "SIP/2.0/TCP 192.0.2.200:1;rport",
        "SIP/2.0/UDP [2001:db8::9:1]:5060;rport",
        "SIP/2.0/SCTP 192.0.2.200",
        "SIP/2.0/UDP phone0.sim.example:65535",
        "SIP/2.0/UDP 192.0.2.200;maddr=phone0.sim.example",
        "SIP/2.0/UDP 192.0.2.200;maddr=nowhere.invalid",
    };

    rogue_send(
        r, rogue_forge(r, &(struct forged){.method = invite_or_not(r),
                                           .via = vias[below(r, sizeof(vias) / sizeof(*vias))]}));
}

static void wrong_length(struct rogue *r)
{
    static const char *const lengths[] = {"99999", "-1", "0", "x", "4294967296", "3"};

    rogue_send(r, rogue_forge(r, &(struct forged){.method = invite_or_not(r),
                                                  .body = "0123456789",
                                                  .length = lengths[below(r, 6)]}));
    rogue_close_later(r, a_while(r, TND_SEC(5)));
}

static void very_long(struct rogue *r)
{
    char *subject = tnd_arena_take(&r->a, LONG_LINE + 32);
    size_t len = below(r, LONG_LINE);

    TND_ASSERT(subject);
    memcpy(subject, "Subject: ", 9);
    memset(subject + 9, 'x', len);
    memcpy(subject + 9 + len, "\r\n", 3);
    rogue_send(r, rogue_forge(r, &(struct forged){.method = invite_or_not(r), .fields = subject}));
}

static void many_at_once(struct rogue *r)
{
    char *bytes = tnd_arena_take(&r->a, ROGUE_BYTES_MAX);
    size_t len = 0;

    TND_ASSERT(bytes);
    for (unsigned i = 0; i < 20; i++) {
        struct tnd_slice one = rogue_forge(r, &(struct forged){.method = a_method(r)});
        memcpy(bytes + len, one.ptr, one.len);
        len += one.len;
    }
    r->to.transport = TND_TRANSPORT_TCP;
    rogue_send(r, tnd_slice(bytes, len));
    rogue_close_later(r, a_while(r, TND_SEC(2)));
}

static void other_users(struct rogue *r)
{
    static const char *const uris[] = {
        "sip:192.0.2.1",
        "sip:lab-999@192.0.2.1",
        "sip:lab-099@192.0.2.1",
        "sip:lab-302@192.0.2.1;contact=%0d%0a;ring=99999999999;delay=x",
        "sip:lab-486@192.0.2.1;delay=4294967297;ring=180",
        "sip:lab-200@192.0.2.1;ring=170;delay=170",
        "sip:lab-503@192.0.2.1;retry-after=-1;body=%00%01",
        "sip:lab-404@elsewhere.example",
        "sips:lab-200@192.0.2.1",
        "tel:+4930123456",
        "http://192.0.2.1/",
    };

    rogue_send(
        r, rogue_forge(r, &(struct forged){.method = invite_or_not(r),
                                           .uri = uris[below(r, sizeof(uris) / sizeof(*uris))]}));
}

static void in_a_strange_dialog(struct rogue *r)
{
    rogue_send(r, rogue_forge(r, &(struct forged){.method = a_method(r), .to_tag = "strange"}));
}

static const struct {
    const char *name;
    void (*play)(struct rogue *r);
} tricks[] = {
    {"mutated-bytes", mutated_bytes},
    {"mutated-text", mutated_text},
    {"half-a-message", half_a_message},
    {"noise", noise},
    {"line-ends", line_ends},
    {"rfc-2543", of_rfc_2543},
    {"response-to-nobody", response_to_nobody},
    {"belongs-to-nothing", belongs_to_nothing},
    {"by-two-ways", by_two_ways},
    {"again-and-again", again_and_again},
    {"flood", flood},
    {"stolen-branch", stolen_branch},
    {"never-an-ack", never_an_ack},
    {"cancel-race", cancel_race},
    {"strange-via", strange_via},
    {"wrong-length", wrong_length},
    {"very-long", very_long},
    {"many-at-once", many_at_once},
    {"other-users", other_users},
    {"strange-dialog", in_a_strange_dialog},
};

unsigned sim_trick_count(void)
{
    return sizeof(tricks) / sizeof(*tricks);
}

const char *sim_trick_name(unsigned trick)
{
    return tricks[trick].name;
}

void rogue_trick(struct rogue *r, unsigned trick)
{
    TND_ASSERT(trick < sim_trick_count());
    tricks[trick].play(r);
}
