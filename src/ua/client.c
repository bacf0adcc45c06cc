/* Client transactions: what the actions of their machines (tandem/txn.h) mean. Whose attempt one is hears
 * of its responses; a CANCEL is nobody's. */
#include "ua/call.h"

#include "base/ascii.h"
#include "base/assert.h"
#include "base/owner.h"

enum { CANCEL_ROOM = 64 }; /* more than a CANCEL is longer than the head of its INVITE */

/* By what it is found. The branch of a CANCEL is that of its INVITE (RFC 3261 §9.1); no two other
 * requests have the same. */
static void put_key(char key[UA_BRANCH_LEN + 1], struct tnd_slice branch, bool is_cancel)
{
    for (size_t i = 0; i < UA_BRANCH_LEN; i++)
        key[i] = tnd_lower(branch.ptr[i]); /* RFC 3261 §7.3.1: it is a token */
    key[UA_BRANCH_LEN] = is_cancel ? 'c' : 'r';
}

struct ua_client *ua_client_find(const struct tnd_ua *ua, const struct tnd_txn_parts *response)
{
    char key[UA_BRANCH_LEN + 1];

    if (!response->has_cseq || response->via.branch.len != UA_BRANCH_LEN)
        return NULL;
    put_key(key, response->via.branch, response->cseq.method == TND_METHOD_CANCEL);
    struct tnd_map_node *found = tnd_map_find(&ua->by_branch, tnd_slice(key, sizeof(key)));
    struct ua_client *c = found ? TND_OWNER(found, struct ua_client, by_branch) : NULL;
    /* RFC 3261 §17.1.3; of a method that is not known nothing more can be said */
    return c && c->method == response->cseq.method ? c : NULL;
}

static void end(struct tnd_ua *ua, struct ua_client *c)
{
    ua_leave(&ua->by_branch, &c->by_branch);
    if (c->errand && c->errand->client == c)
        c->errand->client = NULL;
    c->errand = NULL;
    ua->txn_count--;
    ua_object_end(ua, &c->object);
}

static uint64_t token_of(const struct ua_client *c)
{
    return c->object.serial << 8;
}

/* The request as it was sent, read again. NULL: no memory. */
static struct tnd_msg *read_request(struct tnd_ua *ua, const struct ua_client *c)
{
    struct tnd_msg *msg = tnd_arena_take(&ua->work, sizeof(*msg));

    return msg && tnd_msg_parse(msg, &ua->work, c->sent, TND_DATAGRAM) == 0 ? msg : NULL;
}

/* RFC 3261 §17.1.1.3 */
static void send_ack(struct tnd_ua *ua, struct ua_client *c, const struct tnd_msg *response)
{
    const struct tnd_msg *invite = response ? read_request(ua, c) : NULL;
    size_t room = invite ? invite->head.len + response->head.len : 0;
    char *at = invite ? tnd_arena_take(&ua->work, room) : NULL;
    struct tnd_writer w = tnd_writer(at, at ? room : 0);

    if (at && tnd_ack_write(&w, invite, response) && !tnd_writer_over(&w))
        ua_send(ua, &c->to, tnd_writer_slice(&w), token_of(c));
}

/* It goes where its INVITE went (RFC 3261 §9.1), as a transaction of its own. */
static void send_cancel(struct tnd_ua *ua, struct ua_client *invite)
{
    struct tnd_slice cancel = invite->cancel;

    invite->cancel = tnd_slice(NULL, 0);
    if (cancel.ptr) /* else the INVITE ends by its timer B all the same */
        ua_client_start(ua, NULL, TND_METHOD_CANCEL, invite->key, &invite->to, cancel);
}

static void do_acts(struct tnd_ua *ua, struct ua_client *c, const struct tnd_acts *acts,
                    const struct tnd_txn_parts *response)
{
    for (unsigned i = 0; i < acts->count; i++) {
        const struct tnd_act *act = &acts->act[i];

        switch ((enum tnd_act_kind)act->kind) {
        case TND_ACT_SEND_REQUEST:
            ua_send(ua, &c->to, c->sent, token_of(c));
            break;
        case TND_ACT_SEND_ACK:
            send_ack(ua, c, response ? response->msg : NULL);
            break;
        case TND_ACT_SEND_CANCEL:
            send_cancel(ua, c);
            break;
        case TND_ACT_PASS:
            ua_errand_response(ua, c, response);
            break;
        case TND_ACT_TIMEOUT: /* RFC 3261 §8.1.3.1 */
            ua_errand_no_response(ua, c, 408);
            break;
        case TND_ACT_FAILED:
            ua_errand_no_response(ua, c, 503);
            break;
        case TND_ACT_ARM:
            ua_arm(ua, &c->object, act->timer, act->at);
            break;
        case TND_ACT_DISARM:
            ua_disarm(ua, &c->object, act->timer);
            break;
        case TND_ACT_ABSORB:
            break;
        case TND_ACT_DESTROY:
            end(ua, c);
            break;
        case TND_ACT_SEND_RESPONSE:
        case TND_ACT_SEND_100:
        case TND_ACT_SEND_AGAIN:
            TND_ASSERT(!"an action of servers");
        }
    }
}

static void start_machine(struct tnd_ua *ua, struct ua_client *c)
{
    bool reliable = tnd_transport_is_reliable((enum tnd_transport)c->to.endpoint.transport);
    struct tnd_acts acts;

    if (c->method == TND_METHOD_INVITE)
        tnd_ict_start(&c->machine.ict, &ua->timing, reliable, ua->now, &acts);
    else
        tnd_nict_start(&c->machine.nict, &ua->timing, reliable, ua->now, &acts);
    do_acts(ua, c, &acts, NULL);
}

struct ua_client *ua_client_start(struct tnd_ua *ua, struct ua_errand *errand,
                                  enum tnd_method method, const char branch[UA_BRANCH_LEN],
                                  const struct ua_to *to, struct tnd_slice bytes)
{
    struct ua_client *c = ua->txn_count < UA_TXN_COUNT_MAX
                              ? ua_object_new(ua, UA_CLIENT, sizeof(struct ua_client))
                              : NULL;

    if (!c)
        return NULL;
    ua->txn_count++;
    c->method = (uint8_t)method;
    c->to = *to;
    c->sent = tnd_slice_keep(&c->object.arena, bytes);
    put_key(c->key, tnd_slice(branch, UA_BRANCH_LEN), method == TND_METHOD_CANCEL);
    if (!c->sent.ptr ||
        tnd_map_add(&ua->by_branch, &c->by_branch, tnd_slice(c->key, sizeof(c->key)))) {
        c->by_branch.key = tnd_slice(NULL, 0);
        end(ua, c);
        return NULL;
    }
    c->errand = errand;
    if (errand)
        errand->client = c;
    start_machine(ua, c);
    return c;
}

static void step(struct tnd_ua *ua, struct ua_client *c, struct tnd_txn_event ev,
                 const struct tnd_txn_parts *response)
{
    struct tnd_acts acts;

    if (c->object.is_ended)
        return;
    if (c->method == TND_METHOD_INVITE)
        tnd_ict_step(&c->machine.ict, ev, &acts);
    else
        tnd_nict_step(&c->machine.nict, ev, &acts);
    do_acts(ua, c, &acts, response);
}

/* RFC 3261 §17.1.3: branch and method make it ours, and so it is to the CSeq that we said, whatever number
 * it has itself (§8.2.6.2). */
void ua_client_response(struct tnd_ua *ua, struct ua_client *c,
                        const struct tnd_txn_parts *response)
{
    const struct tnd_msg *request = read_request(ua, c);
    struct tnd_txn_parts ours = *response;
    struct tnd_cseq cseq;

    if (request && tnd_msg_cseq(request, &cseq, NULL))
        ours.cseq.number = cseq.number;
    step(ua, c, tnd_ev_response(response->msg->code, ua->now), &ours);
}

void ua_client_timer(struct tnd_ua *ua, struct ua_client *c, enum tnd_timer timer)
{
    step(ua, c, tnd_ev_timer(timer, ua->now), NULL);
}

void ua_client_failed(struct tnd_ua *ua, struct ua_client *c)
{
    step(ua, c, tnd_ev(TND_EV_SEND_FAILED, ua->now), NULL);
}

void ua_client_cancel(struct tnd_ua *ua, struct ua_client *c, struct tnd_slice fields)
{
    if (c->object.is_ended || c->method != TND_METHOD_INVITE || c->cancel.ptr)
        return;
    const struct tnd_msg *invite = read_request(ua, c);
    size_t room = invite ? invite->head.len + fields.len + CANCEL_ROOM : 0;
    char *at = invite ? tnd_arena_take(&c->object.arena, room) : NULL;
    struct tnd_writer w = tnd_writer(at, at ? room : 0);

    if (at && tnd_cancel_write(&w, invite, fields))
        c->cancel = tnd_writer_slice(&w);
    step(ua, c, tnd_ev(TND_EV_CANCEL, ua->now), NULL);
}
