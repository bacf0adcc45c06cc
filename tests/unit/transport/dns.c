/* A DNS of a table. */
#include "unit/transport/dns.h"

#include <stdio.h>

#include "unit/guarded.h"

enum { ANSWER_MAX = 64 };

static _Alignas(TND_ARENA_ALIGN) char room[65536];
static struct tnd_arena arena;

struct tnd_locate_with dns_with(void)
{
    tnd_arena_init(&arena, room, sizeof(room), NULL, 0);
    return (struct tnd_locate_with){
        .a = &arena,
        .transports = {TND_TRANSPORT_UDP, TND_TRANSPORT_TCP, TND_TRANSPORT_TLS, TND_TRANSPORT_WS,
                       TND_TRANSPORT_WSS},
        .ipv4 = true,
        .ipv6 = true,
    };
}

/* The texts of an answer, so that names have somewhere to be borrowed from. */
static struct answer {
    char text[ANSWER_MAX][4][300];
    struct tnd_endpoint addresses[ANSWER_MAX];
    struct tnd_srv srvs[ANSWER_MAX];
    struct tnd_naptr naptrs[ANSWER_MAX];
    size_t count;
} answer;

static void add_record(struct answer *a, const struct record *r)
{
    size_t n = a->count++;
    unsigned p = 0, w = 0, port = 0;
    char(*text)[300] = a->text[n];

    CHECK(n < ANSWER_MAX);
    switch (r->kind) {
    case TND_LOOKUP_A:
    case TND_LOOKUP_AAAA:
        CHECK_EQ(tnd_address_parse(tnd_slice_str(r->text), &a->addresses[n]), 0);
        return;
    case TND_LOOKUP_SRV:
        CHECK_EQ(sscanf(r->text, "%u %u %u %299s", &p, &w, &port, text[0]), 4);
        a->srvs[n] =
            (struct tnd_srv){tnd_slice_str(text[0]), (uint16_t)p, (uint16_t)w, (uint16_t)port};
        return;
    case TND_LOOKUP_NAPTR:
        CHECK_EQ(sscanf(r->text, "%u %u %299s %299s %299s", &p, &w, text[0], text[1], text[2]), 5);
        a->naptrs[n] = (struct tnd_naptr){.flags = tnd_slice_str(text[0]),
                                          .service = tnd_slice_str(text[1]),
                                          .replacement = tnd_slice_str(text[2]),
                                          .order = (uint16_t)p,
                                          .preference = (uint16_t)w};
        return;
    }
}

bool dns_answer(struct tnd_locate *l, const struct tnd_lookup *lookup, const struct record *zone)
{
    struct tnd_lookup_answer a = {.lookup = *lookup, .result = TND_LOOKUP_NONE, .ttl = 300};

    memset(&answer, 0, sizeof(answer));
    for (const struct record *r = zone; r && r->name; r++) {
        if (r->kind != lookup->kind || !tnd_slice_eq_fold(tnd_slice_str(r->name), lookup->name))
            continue;
        if (strcmp(r->text, "!") == 0)
            a.result = TND_LOOKUP_FAILED;
        else
            add_record(&answer, r);
    }
    if (answer.count > 0)
        a.result = TND_LOOKUP_FOUND;
    a.count = answer.count;
    a.addresses = answer.addresses;
    a.srvs = answer.srvs;
    a.naptrs = answer.naptrs;
    bool waited = tnd_locate_answer(l, &a);
    memset(&answer, 'x', sizeof(answer)); /* what is kept was copied */
    return waited;
}

const char *dns_play(struct tnd_locate *l, const struct record *zone)
{
    static const char *const kinds[] = {"A", "AAAA", "SRV", "NAPTR"};
    static char text[8192];
    struct tnd_lookup asked[4];
    unsigned asked_count = 0;
    struct tnd_locate_step step;
    size_t len = 0;

    for (text[0] = '\0';;) {
        char endpoint[TND_ENDPOINT_LEN_MAX];
        struct tnd_writer w = tnd_writer(endpoint, sizeof(endpoint));

        tnd_locate_next(l, &step);
        CHECK((step.rule == TND_RULE_NONE) == (step.kind == TND_LOCATE_WAIT));
        switch ((enum tnd_locate_kind)step.kind) {
        case TND_LOCATE_ASK:
            CHECK(asked_count < 4);
            asked[asked_count++] = step.lookup;
            len += (size_t)snprintf(text + len, sizeof(text) - len, "%s?%s %.*s", len ? " " : "",
                                    kinds[step.lookup.kind], TND_FMT(step.lookup.name));
            break;
        case TND_LOCATE_WAIT:
            CHECK(asked_count > 0); /* the last question is answered first */
            CHECK(dns_answer(l, &asked[--asked_count], zone));
            break;
        case TND_LOCATE_TRY:
            tnd_endpoint_write(&w, &step.endpoint);
            len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%.*s", len ? " " : "",
                                    TND_FMT(tnd_writer_slice(&w)));
            break;
        case TND_LOCATE_END:
            CHECK_EQ(asked_count, 0);
            CHECK_EQ(step.rule, l->why);
            CHECK(len < sizeof(text));
            return text;
        }
    }
}

void dns_start(struct tnd_locate *l, const struct tnd_locate_with *with, const char *uri)
{
    static struct tnd_slice copy;
    struct tnd_uri parsed;
    struct tnd_flaw flaw;

    if (copy.ptr)
        guarded_free(copy);
    copy = guarded(tnd_slice_str(uri));
    CHECK_EQ(tnd_uri_parse(copy, &parsed, &flaw), 0);
    tnd_locate_uri(l, with, &parsed);
}

const char *dns_play_uri(struct tnd_locate *l, const struct tnd_locate_with *with, const char *uri,
                         const struct record *zone)
{
    dns_start(l, with, uri);
    return dns_play(l, zone);
}
