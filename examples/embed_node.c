/* A SIP element in an event loop of one's own, here one that reads a message from standard input
 * and then lets a minute pass. docs/embedding-a-node.md explains it. */
#include <stdio.h>
#include <stdlib.h>

#include "tandem/node.h"

static void *take(void *ctx, size_t size)
{
    (void)ctx;
    return malloc(size);
}

static void give(void *ctx, void *piece, size_t size)
{
    (void)ctx;
    (void)size;
    free(piece);
}

static struct tnd_endpoint endpoint(const char *text)
{
    struct tnd_endpoint e = {0};

    tnd_endpoint_parse(tnd_slice_str(text), TND_TRANSPORT_UDP, &e);
    return e;
}

/* Does what the node wants. A server would send the bytes to out.to. */
static void act(struct tnd_node *node, tnd_time now)
{
    struct tnd_output out;

    while (tnd_node_take(node, &out)) {
        if (out.kind != TND_OUT_SEND)
            continue;
        struct tnd_slice line = out.bytes;
        line.len = (size_t)((char *)memchr(line.ptr, '\r', line.len) - line.ptr);
        printf("at %d ms, %zu bytes: %.*s\n", (int)(now / 1000), out.bytes.len, TND_FMT(line));
    }
}

/* A datagram came. */
static void receive(struct tnd_node *node, tnd_time now, struct tnd_slice bytes)
{
    static char room[256 * 1024];
    struct tnd_input in = {.kind = TND_IN_MESSAGE,
                           .flow = {1, endpoint("127.0.0.1:5060"), endpoint("127.0.0.1:5062")}};
    struct tnd_arena arena;
    struct tnd_msg msg;

    tnd_arena_init(&arena, room, sizeof(room), NULL, 0);
    if (tnd_msg_parse_datagram(&msg, &arena, bytes))
        return; /* no memory: lost, as a datagram may be */
    in.msg = &msg;
    in.a = &arena;
    tnd_node_feed(node, now, &in);
    act(node, now);
}

int main(void)
{
    static char bytes[TND_MESSAGE_LEN_MAX];
    struct tnd_slice text = {bytes, fread(bytes, 1, sizeof(bytes), stdin)};
    const struct tnd_mem mem = {take, give, NULL};
    const struct tnd_endpoint own = endpoint("127.0.0.1:5060");
    const struct tnd_node_config config = {.addresses = &own, .address_count = 1, .lab = true};
    const struct tnd_node_world world = {
        .mem = &mem, .key = "fifteen octets.", .transactions_max = 1000};
    struct tnd_node *node;
    tnd_time due;

    if (tnd_node_new(&world, &config, 0, &node))
        return 1;
    receive(node, 0, text);
    while ((due = tnd_node_due(node)) < TND_SEC(60)) {
        tnd_node_feed(node, due, &(struct tnd_input){.kind = TND_IN_TICK});
        act(node, due);
    }
    const struct tnd_node_stats *stats = tnd_node_stats(node);
    printf("requests %d, transactions left %d\n", (int)stats->requests, (int)stats->transactions);
    tnd_node_free(&node);
    return 0;
}
