/* Arrows become messages, and messages go through the engine. */
#include "unit/diag/scene.h"

#include "unit/failing_mem.h"

#include <stdio.h>
#include <stdlib.h>

enum { TEXT_SIZE = 8192, WORD_SIZE = 64 };

/* An arrow, taken apart. */
struct arrow {
    double at;
    char from[8], to[8];
    char what[WORD_SIZE]; /* method, or code */
    char method[WORD_SIZE];
    unsigned code, cseq;
    char via[WORD_SIZE], from_tag[WORD_SIZE], to_tag[WORD_SIZE], uri[256], id[WORD_SIZE],
        call[WORD_SIZE];
};

static struct tnd_diag *diag;
static struct failing_mem mem;
static const struct tnd_diag_call *call;

static struct tnd_endpoint end_of(const char *party)
{
    static const char letters[] = "ABCDPQN";
    static const char *const addresses[] = {"198.51.100.1", "198.51.100.2", "198.51.100.3",
                                            "198.51.100.4", "203.0.113.5",  "203.0.113.6",
                                            "203.0.113.9"};
    const char *letter = strchr(letters, party[0]);
    struct tnd_endpoint e;

    CHECK(letter && party[0]);
    CHECK_EQ(tnd_address_parse(tnd_slice_str(addresses[letter - letters]), &e), 0);
    e.transport = TND_TRANSPORT_UDP;
    e.port = (uint16_t)(5060 + (party[1] ? party[1] - '0' : 0));
    return e;
}

static void take_key(struct arrow *a, const char *word)
{
    static const char *const names[] = {"via=", "from=", "to=", "uri=", "id=", "call="};
    char *const places[] = {a->via, a->from_tag, a->to_tag, a->uri, a->id, a->call};

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (strncmp(word, names[i], strlen(names[i])) == 0) {
            strcpy(places[i], word + strlen(names[i]));
            return;
        }
    CHECK(!"a key that is known");
}

static void take_default_tags(struct arrow *a)
{
    static const char *const begins[] = {"INVITE", "CANCEL", "REGISTER", "OPTIONS", "MESSAGE"};

    if (!a->from_tag[0])
        strcpy(a->from_tag, "a");
    if (strcmp(a->to_tag, "-") == 0) {
        a->to_tag[0] = '\0';
        return;
    }
    if (a->to_tag[0] || a->code == 100)
        return;
    for (size_t i = 0; a->code == 0 && i < sizeof(begins) / sizeof(*begins); i++)
        if (strcmp(a->method, begins[i]) == 0)
            return;
    strcpy(a->to_tag, "b");
}

static struct arrow read_arrow(const char *text)
{
    struct arrow a = {.uri = "sip:bob@example.com", .call = "1@example.com"};
    char copy[512], *word, *rest;

    snprintf(copy, sizeof(copy), "%s", text);
    a.at = atof(strtok_r(copy, " ", &rest));
    word = strtok_r(NULL, " ", &rest);
    CHECK(sscanf(word, "%7[A-Z0-9]>%7s", a.from, a.to) == 2);
    strcpy(a.what, strtok_r(NULL, " ", &rest));
    a.code = (unsigned)strtoul(a.what, NULL, 10);
    strcpy(a.method, a.code ? strtok_r(NULL, " ", &rest) : a.what);
    a.cseq = (unsigned)strtoul(strtok_r(NULL, " ", &rest), NULL, 10);
    while ((word = strtok_r(NULL, " ", &rest)))
        take_key(&a, word);
    take_default_tags(&a);
    return a;
}

/* The ACK of a refusal and CANCEL belong to the transaction of the INVITE. */
static void put_via(char *text, size_t size, const struct arrow *a, const char *from,
                    const char *to)
{
    bool is_invite = strcmp(a->method, "ACKN") == 0 || strcmp(a->method, "CANCEL") == 0;
    struct tnd_endpoint e = end_of(from);
    char host[TND_ENDPOINT_LEN_MAX + 1];
    struct tnd_writer w = tnd_writer(host, TND_ENDPOINT_LEN_MAX);

    e.transport = TND_TRANSPORT_NONE;
    tnd_endpoint_write(&w, &e);
    snprintf(text, size, "Via: SIP/2.0/UDP %.*s;branch=z9hG4bK%c%c%s%u%s\r\n", (int)w.len, host,
             from[0], to[0], is_invite ? "INVITE" : a->method, a->cseq, a->id);
}

static void put_vias(char *text, size_t size, const struct arrow *a)
{
    char hops[WORD_SIZE], *hop, *rest, from[8], to[8];

    put_via(text, size, a, a->code ? a->to : a->from, a->code ? a->from : a->to);
    strcpy(hops, a->via);
    for (hop = strtok_r(hops, ",", &rest); hop; hop = strtok_r(NULL, ",", &rest)) {
        CHECK(sscanf(hop, "%7[A-Z0-9]>%7s", from, to) == 2);
        put_via(text + strlen(text), size - strlen(text), a, from, to);
    }
}

static void put_contact(char *text, size_t size, const struct arrow *a, const char *more)
{
    const char *tag = a->code ? a->to_tag : a->from_tag;
    char party[2] = {(char)(tag[0] - 'a' + 'A'), '\0'};

    text[0] = '\0';
    if (strstr(more, "Contact:") || strcmp(a->method, "INVITE") != 0 || a->code == 100 ||
        a->code >= 300 || !strchr("ABCD", party[0]))
        return;
    struct tnd_endpoint e = end_of(party);
    snprintf(text, size, "Contact: <sip:%s@%u.%u.%u.%u>\r\n", tag, e.octets[0], e.octets[1],
             e.octets[2], e.octets[3]);
}

static void put_start(char *text, size_t size, const struct arrow *a)
{
    const char *method = strcmp(a->method, "ACKN") == 0 ? "ACK" : a->method;

    if (a->code)
        snprintf(text, size, "SIP/2.0 %u %s\r\n", a->code, tnd_code_phrase(a->code));
    else
        snprintf(text, size, "%s %s SIP/2.0\r\nMax-Forwards: 70\r\n", method, a->uri);
}

static size_t write_message(char *text, const struct scene_step *step, const struct arrow *a)
{
    char start[512], vias[1024], contact[128], type[64] = "";
    const char *more = step->more ? step->more : "", *body = step->body ? step->body : "";
    const char *method = strcmp(a->method, "ACKN") == 0 ? "ACK" : a->method;

    put_start(start, sizeof(start), a);
    put_vias(vias, sizeof(vias), a);
    put_contact(contact, sizeof(contact), a, more);
    if (*body)
        strcpy(type, "Content-Type: application/sdp\r\n");
    return (size_t)snprintf(
        text, TEXT_SIZE,
        "%s%sFrom: <sip:alice@example.com>;tag=%s\r\nTo: <sip:bob@example.com>%s%s\r\n"
        "Call-ID: %s\r\nCSeq: %u %s\r\n%s%s%sContent-Length: %zu\r\n\r\n%s",
        start, vias, a->from_tag, *a->to_tag ? ";tag=" : "", a->to_tag, a->call, a->cseq, method,
        contact, more, type, strlen(body), body);
}

static void see(const struct scene_step *step, uint64_t number)
{
    struct arrow a = read_arrow(step->arrow);
    char text[TEXT_SIZE];
    size_t len = write_message(text, step, &a);

    CHECK(len < sizeof(text));
    struct tnd_diag_seen seen = {.at = (int64_t)(a.at * 1e6),
                                 .number = number,
                                 .from = end_of(a.from),
                                 .to = end_of(a.to),
                                 .bytes = tnd_slice(text, len)};
    CHECK_EQ(tnd_diag_feed(diag, &seen), 0);
}

const struct tnd_diag_call *scene_play(const struct scene_step *steps, size_t count)
{
    struct tnd_diag_world world = {0};

    tnd_diag_free(&diag);
    mem = failing_mem(0);
    world.mem = failing_mem_use(&mem);
    CHECK_EQ(tnd_diag_new(&world, &diag), 0);
    for (size_t i = 0; i < count; i++)
        see(&steps[i], i + 1);
    tnd_diag_pass(diag, TND_SEC(7200)); /* who has no answer by then, has none */
    tnd_diag_end(diag);
    call = tnd_diag_take(diag);
    CHECK(call);
    return call;
}

const struct tnd_diag_finding *scene_finding(enum tnd_diag_rule rule)
{
    for (size_t i = 0; i < call->finding_count; i++)
        if (call->finding[i].rule == rule)
            return &call->finding[i];
    return NULL;
}

bool scene_shows(const struct tnd_diag_finding *f, const char *text)
{
    for (size_t i = 0; f && i < f->evidence_count; i++) {
        struct tnd_slice line = f->evidence[i].line;
        char copy[1024];

        snprintf(copy, sizeof(copy), "%.*s", TND_FMT(line));
        if (line.len > 0 && strstr(copy, text))
            return true;
    }
    return false;
}

int scene_worst(void)
{
    return call->finding_count > 0 ? call->finding[0].severity : -1;
}
