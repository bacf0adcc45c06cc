/* A caller that follows redirects, and says what each attempt came to. docs/library.md explains it.
 *
 *     follow_302 ADDRESS URI
 *     follow_302 127.0.0.1:5072 sip:bob@127.0.0.1:5060
 *
 * Nothing here knows what a 302 is. The user agent (tandem/ua.h) asks the table of tandem/recover.h
 * what is left to do after each refusal, does it, and tells: to follow a Contact is one of a dozen. */
#include <errno.h>
#include <stdio.h>

#include "tandem/sdp/offer.h"
#include "tandem/ua.h"
#include "udp.h"

struct caller {
    struct tnd_ua *ua;
    struct udp udp;
    struct tnd_oa_audio audio;
    tnd_ua_id call;
    tnd_time hang_up_at;
    bool was_answered, has_ended;
};

static void tell_attempt(const struct tnd_ua_event *event)
{
    const struct tnd_recovery *recovery = event->recovery; /* NULL: there was no memory for it */

    printf("%.*s: %u %s: %s", TND_FMT(event->uri), (unsigned)event->code,
           tnd_code_phrase(event->code),
           recovery ? tnd_recover_action_name(recovery->action) : "unknown");
    if (event->text.ptr)
        printf(", %.*s", TND_FMT(event->text));
    printf("\n");
}

/* What an event points to is good until we feed, or say, something after tnd_ua_event() was false. */
static void handle(struct caller *c, const struct tnd_ua_event *event)
{
    switch ((enum tnd_ua_event_kind)event->kind) {
    case TND_UA_INCOMING: /* we call, and are not called */
        tnd_ua_refuse(c->ua, udp_now(), event->id, &(struct tnd_ua_refusal){.code = 486});
        break;
    case TND_UA_PROGRESS:
        printf("%u %s\n", (unsigned)event->code, tnd_code_phrase(event->code));
        break;
    case TND_UA_ATTEMPT:
        tell_attempt(event);
        break;
    case TND_UA_ANSWERED: /* event->session says where the media go */
        printf("answered\n");
        c->was_answered = true;
        c->hang_up_at = udp_now() + TND_MS(500);
        break;
    case TND_UA_ENDED: /* exactly once for each id, the last that is heard of it */
        c->has_ended |= event->id == c->call;
        break;
    case TND_UA_RESERVE:    /* only where preconditions were asked for */
    case TND_UA_MEDIA:      /* agreed before the answer: early media */
    case TND_UA_CHANGED:    /* hold, a new address: event->session */
    case TND_UA_REGISTERED: /* of tnd_ua_register() */
    case TND_UA_TROUBLE:    /* for a log */
    case TND_UA_RECEIVED:   /* a MESSAGE */
        break;
    }
}

/* Hears what the user agent tells and does what it wants, until it has nothing more to say: what we
 * answer to an event may be another output, and an output that fails another event. */
static void settle(struct caller *c)
{
    struct tnd_ua_event event;
    struct tnd_output out;
    struct tnd_input failed;
    bool is_more;

    do {
        is_more = false;
        while (tnd_ua_event(c->ua, &event)) {
            handle(c, &event);
            is_more = true;
        }
        while (tnd_ua_take(c->ua, &out)) {
            if (!udp_do(&c->udp, &out, &failed))
                tnd_ua_feed(c->ua, udp_now(), &failed);
            is_more = true;
        }
    } while (is_more);
}

static void run(struct caller *c)
{
    struct tnd_input in;

    settle(c);
    while (!c->has_ended) {
        tnd_time due = tnd_ua_due(c->ua);

        udp_wait(&c->udp, due < c->hang_up_at ? due : c->hang_up_at, &in);
        if (tnd_ua_feed(c->ua, udp_now(), &in)) /* TND_ENOMEM: lost, its sender sends again */
            fprintf(stderr, "follow_302: out of memory\n");
        if (udp_now() >= c->hang_up_at) {
            tnd_ua_end(c->ua, udp_now(), c->call); /* BYE; ENDED comes with its answer */
            c->hang_up_at = TND_NEVER_DUE;
        }
        settle(c);
    }
}

static int start(struct caller *c, struct tnd_slice uri)
{
    struct tnd_ua_config config = {
        .addresses = &c->udp.local, .address_count = 1, .media = &c->audio.local};
    struct tnd_ua_world world = {.mem = &udp_mem, .seed = (uint64_t)udp_wall(), .calls_max = 1};

    if (!udp_secret(world.key, sizeof(world.key)))
        return TND_EIO;
    /* Where we would receive. Who has no media offers what he could have, and sends nothing. */
    int err = tnd_oa_audio_init(&c->audio, TND_STR("127.0.0.1"), 40000, (uint64_t)udp_wall());
    if (!err)
        err = tnd_ua_new(&world, &config, udp_now(), &c->ua);
    if (!err)
        tnd_ua_set_wall(c->ua, udp_now(), udp_wall());
    return err ? err : tnd_ua_call(c->ua, udp_now(), &(struct tnd_ua_call){.uri = uri}, &c->call);
}

int main(int argc, char **argv)
{
    static struct caller c = {.hang_up_at = TND_NEVER_DUE};

    if (argc != 3 || !udp_open(&c.udp, argv[1])) {
        fprintf(stderr, "follow_302: %s\n", argc != 3 ? "an address, and a URI" : strerror(errno));
        return 2;
    }
    int err = start(&c, tnd_slice_str(argv[2]));
    if (err)
        fprintf(stderr, "follow_302: %s\n", tnd_strerror(err));
    else
        run(&c);
    tnd_ua_free(&c.ua);
    udp_close(&c.udp);
    return c.was_answered ? 0 : 1;
}
