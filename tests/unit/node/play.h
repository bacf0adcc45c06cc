/* A play: a node, messages for it, and what it says to them, in injected time.
 *
 *     struct play p;
 *
 *     play_open(&p);
 *     play_say(&p, "OPTIONS", "sip:192.0.2.1", "");
 *     CHECK_EQ(play_code(&p), 200);
 *     play_close(&p);
 *
 * The node is 192.0.2.1:5060, UDP and TCP, and serves example.com. Messages come from
 * 198.51.100.7:5062 by UDP unless p.flow says another. Outputs are taken after each input, and
 * copied. */
#ifndef TESTS_NODE_PLAY_H
#define TESTS_NODE_PLAY_H

#include "tandem/node.h"
#include "unit/failing_mem.h"

enum { PLAY_OUT_COUNT_MAX = 1024, PLAY_TEXT_SIZE = 4096, PLAY_UDP = 1, PLAY_TCP = 7 };

struct play_out {
    struct tnd_output out;
    char text[PLAY_TEXT_SIZE]; /* the bytes, or the name that is looked up */
};

struct play {
    struct tnd_node *node;
    struct tnd_node_config config;
    struct tnd_node_world world;
    struct failing_mem mem;
    tnd_time now;
    struct tnd_flow flow;
    const char *branch, *call_id, *from_tag, *to_tag; /* to_tag NULL: none */
    const char *sent_by;                              /* of the Via, and its parameters */
    const char *from, *to;                            /* URIs */
    unsigned cseq;
    /* what the node asks of a store; and feeds an answer, if there is one to be fed: false, if
     * not. NULL: nobody answers */
    void (*asks)(struct play *p, const struct tnd_output *out);
    bool (*answers)(struct play *p);
    unsigned out_count;
    struct play_out outs[PLAY_OUT_COUNT_MAX];
};

void play_open(struct play *p);
/* The same with the nth take of memory failing. false: there is no node. */
bool play_open_failing(struct play *p, size_t nth);
bool play_open_with(struct play *p, size_t nth, const struct tnd_digester *digester);
/* Ends the node; all memory has been given back. */
void play_close(struct play *p);

struct tnd_flow play_udp(void);
struct tnd_flow play_tcp(void);

/* Feeds a request with the fields of p and further lines, each with its CRLF. */
void play_say(struct play *p, const char *method, const char *uri, const char *lines);
/* Feeds these bytes as one datagram, or one message of a stream. */
void play_feed(struct play *p, const char *text);
void play_input(struct play *p, const struct tnd_input *in);
/* Lets time pass, tick by tick, up to a time from now. */
void play_wait(struct play *p, tnd_time span);

/* Of what the last call brought about: the only message that was sent, its code, whether it has
 * this text. */
const char *play_text(const struct play *p);
unsigned play_code(const struct play *p);
bool play_has(const struct play *p, const char *text);
/* How many outputs of that kind the last call brought about; of SEND, with this code; 0: any. */
unsigned play_count(const struct play *p, enum tnd_output_kind kind, unsigned code);
/* The tag of To in the last message with a tag; static room. */
const char *play_to_tag(const struct play *p);

#endif
