/* A peer with mandatory preconditions (RFC 3312, RFC 4032): no phone rings before both sides have what
 * the call needs of the network. It calls URI, or waits for one call and answers it. What it reserves is
 * pretended: it is there after a moment, or it fails. docs/library.md explains it.
 *
 *     precondition_peer ADDRESS ok|fail [URI]
 *     precondition_peer 127.0.0.1:5071 ok &
 *     precondition_peer 127.0.0.1:5072 ok sip:bob@127.0.0.1:5071
 *
 * The user agent says when to reserve, and is told how that went. The loop is that of follow_302.c. */
#include <errno.h>
#include <stdio.h>

#include "tandem/sdp/offer.h"
#include "tandem/ua.h"
#include "udp.h"

struct peer {
    struct tnd_ua *ua;
    struct udp udp;
    struct tnd_oa_audio audio;
    bool calls, fails;
    tnd_ua_id call;
    size_t stream;                    /* that is being reserved */
    tnd_time reserved_at, hang_up_at; /* TND_NEVER_DUE: nothing is */
    bool was_answered, has_ended;
};

static void handle(struct peer *p, const struct tnd_ua_event *event)
{
    switch ((enum tnd_ua_event_kind)event->kind) {
    case TND_UA_INCOMING:
        printf("%.*s calls\n", TND_FMT(event->uri));
        p->call = event->id;
        /* Both may be said at once: the user agent holds them back until all is reserved. */
        tnd_ua_ring(p->ua, udp_now(), event->id);
        tnd_ua_accept(p->ua, udp_now(), event->id);
        break;
    case TND_UA_RESERVE: /* a real one would ask its network: event->session says for what */
        printf("reserves stream %zu\n", event->stream);
        p->stream = event->stream;
        p->reserved_at = udp_now() + TND_MS(200);
        break;
    case TND_UA_PROGRESS:
    case TND_UA_ATTEMPT:
        printf("%u %s\n", (unsigned)event->code, tnd_code_phrase(event->code));
        break;
    case TND_UA_ANSWERED:
        printf("answered\n");
        p->was_answered = true;
        if (p->calls)
            p->hang_up_at = udp_now() + TND_MS(500);
        break;
    case TND_UA_ENDED:
        printf("ended, %s\n", event->code ? tnd_code_phrase(event->code) : "by BYE");
        p->has_ended = true;
        break;
    case TND_UA_MEDIA:
    case TND_UA_CHANGED:
    case TND_UA_REGISTERED:
    case TND_UA_TROUBLE:
    case TND_UA_RECEIVED:
        break;
    }
}

static void settle(struct peer *p)
{
    struct tnd_ua_event event;
    struct tnd_output out;
    struct tnd_input failed;
    bool is_more;

    do {
        is_more = false;
        for (; tnd_ua_event(p->ua, &event); is_more = true)
            handle(p, &event);
        for (; tnd_ua_take(p->ua, &out); is_more = true)
            if (!udp_do(&p->udp, &out, &failed))
                tnd_ua_feed(p->ua, udp_now(), &failed);
    } while (is_more);
}

/* What we waited for ourselves. */
static void look_at_clock(struct peer *p, tnd_time now)
{
    if (now >= p->reserved_at) {
        printf("stream %zu: %s\n", p->stream, p->fails ? "cannot be reserved" : "reserved");
        p->reserved_at = TND_NEVER_DUE;
        tnd_ua_reserved(p->ua, now, p->call, p->stream, !p->fails);
    }
    if (now >= p->hang_up_at) {
        p->hang_up_at = TND_NEVER_DUE;
        tnd_ua_end(p->ua, now, p->call);
    }
}

static int start(struct peer *p, struct tnd_slice uri)
{
    struct tnd_ua_config config = {.addresses = &p->udp.local,
                                   .address_count = 1,
                                   .media = &p->audio.local,
                                   .precondition = TND_UA_PRECONDITION_MANDATORY,
                                   .recover = {.keeps_preconditions = true}};
    struct tnd_ua_world world = {.mem = &udp_mem, .seed = (uint64_t)udp_wall(), .calls_max = 1};
    struct tnd_ua_call call = {.uri = uri, .precondition = TND_UA_PRECONDITION_MANDATORY};

    if (!udp_secret(world.key, sizeof(world.key)))
        return TND_EIO;
    int err = tnd_oa_audio_init(&p->audio, TND_STR("127.0.0.1"), 40000, (uint64_t)udp_wall());
    if (!err)
        err = tnd_ua_new(&world, &config, udp_now(), &p->ua);
    return err || !p->calls ? err : tnd_ua_call(p->ua, udp_now(), &call, &p->call);
}

static void run(struct peer *p)
{
    struct tnd_input in;

    settle(p);
    while (!p->has_ended) {
        tnd_time due = tnd_ua_due(p->ua);

        due = due < p->reserved_at ? due : p->reserved_at;
        udp_wait(&p->udp, due < p->hang_up_at ? due : p->hang_up_at, &in);
        tnd_ua_feed(p->ua, udp_now(), &in); /* TND_ENOMEM: lost, as a datagram may be */
        look_at_clock(p, udp_now());
        settle(p);
    }
}

int main(int argc, char **argv)
{
    static struct peer p = {.reserved_at = TND_NEVER_DUE, .hang_up_at = TND_NEVER_DUE};

    if (argc < 3 || !udp_open(&p.udp, argv[1])) {
        fprintf(stderr, "precondition_peer: %s\n", argc < 3 ? "see its source" : strerror(errno));
        return 2;
    }
    p.fails = strcmp(argv[2], "fail") == 0;
    p.calls = argc > 3;
    int err = start(&p, tnd_slice_str(argc > 3 ? argv[3] : NULL));
    if (err)
        fprintf(stderr, "precondition_peer: %s\n", tnd_strerror(err));
    else
        run(&p);
    tnd_ua_free(&p.ua);
    udp_close(&p.udp);
    return p.was_answered ? 0 : 1;
}
