/* Another server, another transport, or another call. */
#include "recover/recover.h"
#include "tandem/transport/endpoint.h"

/* RFC 3263 §4.3: a 503, "a transport failure of some sort", or a time-out "without ever having received
 * any response": a 408 that somebody sent is none. */
bool recover_next_server(struct recover_case *c)
{
    if (c->attempt->code == 408 && c->response)
        return false;
    if (!c->attempt->has_more_servers)
        return false;
    return RECOVER_DO(c, TND_STR("to the next server of "), c->r->next.uri);
}

/* RFC 3261 §18.1.1: what is too large for a datagram goes over a transport with congestion control. */
bool recover_use_stream(struct recover_case *c)
{
    if (!c->attempt->was_udp || recover_did(c, RECOVER_DID_STREAM))
        return false;
    c->r->done |= RECOVER_DID_STREAM;
    c->r->next.transport = TND_TRANSPORT_TCP;
    return RECOVER_DO(c, TND_STR("over TCP instead of UDP"));
}

/* RFC 3261 §12.2.1.2: after a 481 or 408 the dialog should be terminated; of other codes the owner knows what
 * they destroy (RFC 5057 §5.1). */
static bool is_lost(const struct tnd_recover_attempt *attempt)
{
    return attempt->code == 481 || attempt->code == 408 || attempt->ends_usage ||
           attempt->ends_dialog;
}

bool recover_reestablish(struct recover_case *c)
{
    if (!is_lost(c->attempt))
        return false;
    if (recover_did(c, RECOVER_DID_REESTABLISH))
        return RECOVER_REFUSE(c, TND_STR("the call was set up again once already"));
    c->r->done |= RECOVER_DID_REESTABLISH;
    c->r->is_learned = false;
    recover_target_again(c);
    return RECOVER_DO(c, TND_STR("a new call to "), c->r->next.uri, TND_STR(": "),
                      tnd_slice_str(c->row->text));
}
