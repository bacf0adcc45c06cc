/* Phones of a town: what they are sent, and what they answer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/digest_openssl.h"
#include "unit/node/town.h"
#include "unit/test.h"

static bool starts(const struct play_out *out, const char *start)
{
    return out->out.kind == TND_OUT_SEND && strncmp(out->text, start, strlen(start)) == 0;
}

unsigned town_count(const struct play *p, const char *start)
{
    unsigned count = 0;

    for (unsigned i = 0; i < p->out_count; i++)
        count += starts(&p->outs[i], start);
    return count;
}

void town_leg(const struct play *p, const char *start, struct town_leg *ret)
{
    for (unsigned i = 0; i < p->out_count; i++)
        if (starts(&p->outs[i], start)) {
            memcpy(ret->text, p->outs[i].text, sizeof(ret->text));
            ret->to = p->outs[i].out.to;
            ret->flow = p->outs[i].out.flow;
            ret->token = p->outs[i].out.token;
            return;
        }
    CHECK_STR(tnd_slice_str(play_text(p)), start);
}

/* Lines of the request that a response has too. */
static void copy_lines(struct tnd_writer *w, const char *text, const char *tag)
{
    static const char *const copied[] = {
        "Via: ", "Record-Route: ", "From: ", "To: ", "Call-ID: ", "CSeq: ", NULL};

    for (const char *line = strstr(text, "\r\n"); line && line[2] != '\r';
         line = strstr(line, "\r\n")) {
        line += 2;
        size_t len = strcspn(line, "\r\n");

        for (int i = 0; copied[i]; i++)
            if (strncmp(line, copied[i], strlen(copied[i])) == 0) {
                tnd_put(w, tnd_slice(line, len));
                if (copied[i][0] == 'T' && *tag && !memmem(line, len, ";tag=", 5)) {
                    tnd_put_str(w, ";tag=");
                    tnd_put_str(w, tag);
                }
                tnd_put_str(w, "\r\n");
            }
    }
}

static struct tnd_flow flow_of(const struct tnd_endpoint *remote)
{
    struct tnd_flow flow = remote->transport == TND_TRANSPORT_UDP ? play_udp() : play_tcp();

    flow.remote = *remote;
    if (remote->transport != TND_TRANSPORT_UDP)
        flow.id = 100u + remote->octets[3];
    return flow;
}

void town_respond_as(struct play *p, const struct town_leg *leg, unsigned code, const char *tag,
                     const char *lines)
{
    char text[2 * PLAY_TEXT_SIZE];
    struct tnd_writer w = tnd_writer(text, sizeof(text) - 1);
    struct tnd_flow flow = p->flow;

    tnd_put_str(&w, "SIP/2.0 ");
    tnd_put_number(&w, code);
    tnd_put_str(&w, " As It Is\r\n");
    copy_lines(&w, leg->text, code > 100 ? tag : "");
    tnd_put_str(&w, lines);
    tnd_put_str(&w, "Content-Length: 0\r\n\r\n");
    CHECK(!tnd_writer_over(&w));
    text[w.len] = '\0';
    p->flow = flow_of(&leg->to);
    play_feed(p, text);
    p->flow = flow;
}

void town_respond(struct play *p, const struct town_leg *leg, unsigned code, const char *lines)
{
    char tag[32];

    snprintf(tag, sizeof(tag), "phone%u-%u", leg->to.octets[3], leg->to.port);
    town_respond_as(p, leg, code, tag, lines);
}

void town_fail(struct play *p, const struct town_leg *leg)
{
    CHECK(leg->token != 0);
    play_input(p, &(struct tnd_input){.kind = TND_IN_FAILED, .token = leg->token});
}

void town_return(struct play *p, const struct town_leg *leg)
{
    struct tnd_flow flow = p->flow;
    struct tnd_flow own = play_udp();

    CHECK(tnd_endpoint_eq(&leg->to, &own.local));
    p->flow = own;
    p->flow.remote = own.local;
    play_feed(p, leg->text);
    p->flow = flow;
}

const char *town_value(const char *text, const char *name)
{
    static char room[4][512];
    static unsigned at;
    char *value = room[at++ % 4];
    char start[64];

    snprintf(start, sizeof(start), "\r\n%s: ", name);
    const char *line = strstr(text, start);
    snprintf(value, sizeof(room[0]), "%.*s", line ? (int)strcspn(line + strlen(start), "\r\n") : 0,
             line ? line + strlen(start) : "");
    return value;
}

enum { ROUTES_SIZE = 2048, ROUTE_COUNT = 8 };

const char *town_routes(const char *text, bool is_reversed)
{
    static const char start[] = "\r\nRecord-Route: ";
    static char room[4][ROUTES_SIZE];
    static unsigned at;
    char *routes = room[at++ % 4];
    const char *values[ROUTE_COUNT];
    struct tnd_writer w = tnd_writer(routes, ROUTES_SIZE - 1);
    size_t count = 0;

    for (const char *line = text; count < ROUTE_COUNT && (line = strstr(line, start)); line++)
        values[count++] = line + strlen(start);
    for (size_t i = 0; i < count; i++) {
        const char *value = values[is_reversed ? count - 1 - i : i];

        tnd_put_str(&w, "Route: ");
        tnd_put(&w, tnd_slice(value, strcspn(value, "\r")));
        tnd_put_str(&w, "\r\n");
    }
    CHECK(!tnd_writer_over(&w));
    routes[w.len] = '\0';
    return routes;
}

void town_record(struct town_leg *leg, const char *uri)
{
    char *line = strstr(leg->text, "\r\nRecord-Route: "), line_of[256];
    size_t len;

    CHECK(line);
    len = (size_t)snprintf(line_of, sizeof(line_of), "\r\nRecord-Route: <%s>", uri);
    CHECK(strlen(leg->text) + len < sizeof(leg->text));
    memmove(line + len, line, strlen(line) + 1);
    memcpy(line, line_of, len);
}

static void hex(const struct tnd_digester *d, const char *text, char *ret)
{
    unsigned char digest[TND_DIGEST_SIZE_MAX];
    struct tnd_slice part = tnd_slice_str(text);

    CHECK_EQ(d->take(d->ctx, TND_DIGEST_SHA_256, &part, 1, digest), 0);
    for (int i = 0; i < 32; i++)
        snprintf(ret + 2 * (size_t)i, 3, "%02x", digest[i]);
}

/* RFC 7616 §3.4.1, by SHA-256 */
const char *town_proof(const struct play *p, const char *header, const char *method,
                       const char *user, const char *password, unsigned count)
{
    static char line[1024];
    const struct tnd_digester *d = p->world.digester;
    const char *at = strstr(play_text(p), "nonce=\"");
    char nonce[128], text[512], a1[65], a2[65], response[65];

    CHECK(at);
    if (!at)
        return "";
    snprintf(nonce, sizeof(nonce), "%.*s", (int)strcspn(at + 7, "\""), at + 7);
    snprintf(text, sizeof(text), "%s:example.com:%s", user, password);
    hex(d, text, a1);
    snprintf(text, sizeof(text), "%s:sip:example.com", method);
    hex(d, text, a2);
    snprintf(text, sizeof(text), "%s:%s:%08x:c:auth:%s", a1, nonce, count, a2);
    hex(d, text, response);
    snprintf(line, sizeof(line),
             "%s: Digest username=\"%s\", realm=\"example.com\", nonce=\"%s\", "
             "uri=\"sip:example.com\", response=\"%s\", algorithm=SHA-256, qop=auth, "
             "nc=%08x, cnonce=\"c\"\r\n",
             header, user, nonce, response, count);
    return line;
}
