/* store-bind STORE AOR URI SECONDS Q CALL-ID CSEQ SOURCE: puts a binding into a store, as a server
 * does for a REGISTER. SECONDS 0 removes it; Q -1 is none, SOURCE - likewise. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>

#include "db/db.h"

enum { STORE = 1, AOR, URI, SECONDS, Q, CALL_ID, CSEQ, SOURCE, ARG_COUNT };

static void say(void *ctx, const char *line)
{
    (void)ctx;
    fprintf(stderr, "store-bind: %s\n", line);
}

static int change(struct tnd_db *db, const struct tnd_store_op *op)
{
    static _Alignas(TND_ARENA_ALIGN) char room[1 << 16];
    struct pollfd wake = {.fd = eventfd(0, 0), .events = POLLIN};
    struct tnd_db_queue *queue;
    struct tnd_store_answer answer;
    struct tnd_arena a;
    uint64_t token;

    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    if (tnd_db_queue_new(db, wake.fd, &queue) || !tnd_db_queue_put(queue, op, 1))
        return 1;
    while (!tnd_db_queue_next(queue, &a, &token, &answer))
        poll(&wake, 1, -1);
    tnd_db_queue_free(&queue);
    return answer.result != TND_STORE_OK;
}

int main(int argc, char **argv)
{
    static const struct tnd_db_log log = {say, NULL};
    struct tnd_db_fault fault;
    struct tnd_db *db;

    if (argc != ARG_COUNT)
        return 2;
    if (tnd_db_open(argv[STORE], &fault, &db) || tnd_db_start(db, &log, &fault)) {
        say(NULL, fault.text);
        return 1;
    }
    int64_t now = time(NULL), seconds = atoll(argv[SECONDS]);
    struct tnd_binding b = {.uri = tnd_slice_str(argv[URI]),
                            .call_id = tnd_slice_str(argv[CALL_ID]),
                            .cseq = (uint32_t)strtoul(argv[CSEQ], NULL, 10),
                            .q = (int16_t)atoi(argv[Q]),
                            .until = seconds ? now + seconds : 0};
    tnd_endpoint_parse(tnd_slice_str(argv[SOURCE]), TND_TRANSPORT_UDP, &b.source);
    struct tnd_binding_change c = {
        .contacts = &b, .count = 1, .call_id = b.call_id, .cseq = b.cseq, .count_max = 10};
    struct tnd_store_op op = {
        .kind = TND_STORE_CHANGE, .aor = tnd_slice_str(argv[AOR]), .change = &c, .now = now};
    int status = change(db, &op);
    tnd_db_stop(db);
    tnd_db_close(&db);
    return status;
}
