/* What a worker's node sends. */
#include "net/worker_send.h"

#include "net/handover.h"

/* Where it leaves from, as far as this worker knows. */
static void witness(struct tnd_worker *w, uint64_t flow, const struct tnd_output *out)
{
    bool is_connection = flow && tnd_flow_is_connection(flow);
    bool is_ours = flow && tnd_flow_worker(flow) == w->number;
    const struct tnd_flow *known = is_connection && is_ours ? tnd_tcp_flow_of(&w->tcp, flow) : NULL;
    struct tnd_endpoint local = {.family = TND_FAMILY_NONE};

    if (known)
        local = known->local;
    else if (!is_connection && out->to.transport == TND_TRANSPORT_UDP)
        local = tnd_udp_local(&w->udp, flow, &out->to);
    tnd_witness_left(&w->witness, w->now, &local, known ? &known->remote : &out->to, out->bytes);
}

void tnd_worker_send(struct tnd_worker *w, const struct tnd_output *out)
{
    uint64_t flow = out->flow;
    bool is_tcp = flow ? tnd_flow_is_connection(flow) : out->to.transport == TND_TRANSPORT_TCP;

    if (is_tcp && !flow)
        flow = tnd_tcp_carrier(&w->tcp, &out->to);
    if (!flow && out->to.transport == TND_TRANSPORT_UDP)
        flow = tnd_udp_flow_from(&w->udp, &out->from);
    witness(w, flow, out);
    if (flow && tnd_flow_worker(flow) != w->number)
        tnd_handover_send(w, flow, out);
    else if (is_tcp && flow)
        tnd_tcp_put(&w->tcp, flow, out->bytes, w->number, out->token);
    else if (is_tcp)
        tnd_tcp_open(&w->tcp, &out->to, out->bytes, out->token);
    else if (out->flow || out->to.transport == TND_TRANSPORT_UDP)
        tnd_udp_put(&w->udp, flow, &out->to, out->ttl, out->bytes, out->token);
    else /* TLS and WebSocket are not there */
        tnd_failed_add(&w->failed, w->number, out->token);
}
