/* load.h: a caller and a callee in one program, which place calls through a SIP server over UDP.
 *
 *   load.c        options, phases, the result
 *   load_flow.c   the table of flows: what each end must see, and what it does then
 *   load_call.c   the calls under way, and what is counted
 *   load_sip.c    messages read and written
 *   load_raw.c    the packets of a flow without SIP, for raw.c
 *   load_net.c    two sockets, read and written in batches
 *
 * C11 and -D_GNU_SOURCE, one thread. What goes wrong in the program itself ends it (die); what a
 * server does wrong is counted, and the first such fault is kept in words. */
#ifndef LOAD_H
#define LOAD_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PACKET_MAX = 4096,
    BRANCHES_MAX = 7,
    STEPS_MAX = 8,
    VALUES_MAX = 8,
    RUN_ID = 4,          /* characters that tell this run's messages from those of another */
    TOKEN = RUN_ID + 16, /* run id, number of the slot, number of the call */
    UNANSWERED_MAX = 32, /* calls at work at once, while others are held */
};

enum end { CALLER, CALLEE, ENDS };
enum way { TO_SERVER, FROM_SERVER, WAYS };
enum method { INVITE, ACK, BYE, CANCEL, REGISTER, OPTIONS, MESSAGE, OTHER, METHODS };

extern const char *const METHOD_NAMES[METHODS];

/* ---- options ---- */

struct endpoint {
    struct sockaddr_in address;
    char text[32]; /* as it stands in a URI: HOST:PORT */
};

struct options {
    const struct flow *flow;
    struct endpoint server, end[ENDS];
    long calls, warmup, window;
    long rate;           /* calls a second; 0: as fast as the window allows */
    long aors;           /* users to call or to register; 0: none, or as many as calls */
    long register_first; /* users to register before anything else */
    int branches;        /* fork: contacts of each user */
    bool hold, spin, sync;
    double hold_s, timeout_s, linger_s;
    const char *prefix; /* user part of an AOR, before its eight digits */
    const char *user;   /* whom to call, if not the callee's own address */
    const char *domain; /* of users and AORs; the server's address, unless told */
};

extern struct options opt;

void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
uint64_t clock_ns(void);
uint64_t seconds_ns(double seconds);

/* ---- text ---- */

struct slice {
    const char *at;
    size_t size;
};

/* A writer. It dies at the end of its space: nothing that a call needs is that long. */
struct text {
    char *start, *at, *end;
};

struct text text_over(char *space, size_t size);
void put(struct text *t, ...) __attribute__((sentinel)); /* strings, NULL at the end */
void put_slice(struct text *t, struct slice s);
void put_hex(struct text *t, uint32_t number);     /* eight digits */
void put_decimal(struct text *t, uint32_t number); /* eight digits */

#define PUT(t, ...) put(t, __VA_ARGS__, (char *)NULL)

/* ---- calls ---- */

struct kept {
    char *bytes;
    size_t size;
};

struct call {
    bool used;
    uint32_t number, aor;
    uint64_t asked_ns, sent_ns, deadline_ns;
    int resent;
    enum { ASKING, PROCEEDING, ANSWERED } progress; /* as the caller knows it */
    uint8_t seen[STEPS_MAX];               /* a bit for each branch on which the step was taken */
    int missing;                           /* messages that an end has yet to see */
    const struct step *held;               /* its second action waits for the word */
    char token[TOKEN + 1];                 /* names the call in branches, tags and Call-ID */
    char callee[96];                       /* URI of To */
    char to[200], target[200], route[640]; /* the dialog; route: whole header lines */
    uint64_t raw_fired[ENDS];              /* raw: steps that an end has seen */
    struct kept kept[BRANCHES_MAX]; /* messages to answer later; the space outlives the call */
};

/* All that is counted since the last count_reset(). */
struct counts {
    long started, active, held;
    long ok, failed, timeouts, unexpected, bad_forward, late, stale, behind;
    long resent, again[ENDS]; /* sent twice by the caller; received twice */
    long packets[WAYS];
    char why[160];
};

extern struct counts run;

void calls_open(void);
void calls_close(void);
struct call *call_start(uint64_t now_ns, uint64_t asked_ns); /* NULL: the window is full */
void call_end(struct call *c, bool ok, const char *why);
void call_keep(struct call *c, unsigned branch, struct slice bytes);
struct call *call_find(const char *token, size_t size); /* NULL: counted as late or stale */
struct call *call_find_slot(const char *run_id, uint32_t slot, uint32_t number);
struct call *call_next(struct call *c); /* in use, behind c; NULL: the first, or no more */
uint32_t call_slot(const struct call *c);
const char *run_id(void);

void count_reset(void);
void count_message(enum end end, enum way way, enum method method, int code, size_t size);
void count_latency(uint64_t ns);
void fault(long *counter, const char *format, ...) __attribute__((format(printf, 2, 3)));
double latency_us(double quantile);
void show_flow(void);

/* ---- messages ---- */

enum field { VIA, RECORD_ROUTE, FROM, TO, CALL_ID, CSEQ, CONTACT, MAX_FORWARDS, FIELDS };

struct values {
    struct slice value[VALUES_MAX];
    int count;
};

/* A message as it was received; slices of the packet. */
struct message {
    struct slice bytes;
    enum method method; /* of a response: that of CSeq */
    int code;           /* 0: a request */
    struct slice uri;
    struct values field[FIELDS];
};

bool sip_read(struct slice bytes, struct message *ret);
struct slice sip_first(const struct message *m, enum field f); /* empty: there is none */
struct slice sip_uri_of(struct slice value);
bool sip_call_of_branch(const struct message *m, struct slice *ret);
bool sip_has_tag(struct slice to);

void sip_write_first(struct text *t, const struct call *c, enum method method);
void sip_write_ack(struct text *t, const struct call *c, struct slice to); /* of a 3xx to 6xx */
void sip_write_in_dialog(struct text *t, const struct call *c, enum method method);

enum extras { BARE = 0, WITH_CONTACT = 1, WITH_SDP = 2 };
void sip_write_response(struct text *t, const struct call *c, const struct message *request,
                        int code, const char *reason, unsigned branch, enum extras extras);

/* ---- flows ---- */

typedef void action(struct call *c, const struct message *m, unsigned branch);
typedef bool check(const struct message *m);

enum times { ONCE, ANY, EACH_BRANCH, OTHER_BRANCHES };

enum { REQUEST = 0, PROVISIONAL = 1 };

/* A message that arrives at an end. */
struct step {
    enum end end;
    enum method method;
    int code;         /* REQUEST, PROVISIONAL for any 1xx, else the code */
    enum times times; /* how often a call must see it; ANY: it may be missing */
    check *right;     /* what else a server owes; NULL: nothing */
    action *now;      /* what the end does */
    action *then;     /* and what it does next; --hold makes it wait */
};

struct flow {
    const char *name;
    enum method first; /* what the caller sends */
    const char *held;  /* word printed when every call is held; NULL: cannot be held */
    bool raw;
    struct step steps[STEPS_MAX];
};

const struct flow *flow_named(const char *name); /* NULL: there is none */
int flow_messages(const struct flow *f);         /* that a call must see */
void flow_first(struct call *c, uint64_t now_ns);
void flow_receive(enum end end, struct slice packet, uint64_t now_ns);
void flow_release(struct call *c, uint64_t now_ns);
void flow_timers(uint64_t now_ns);

/* ---- raw ---- */

void raw_read_script(const char *script, int latency_step);
int raw_messages(void);
void raw_first(struct call *c);
void raw_receive(enum end end, struct slice packet, uint64_t now_ns);

/* ---- sockets ---- */

typedef void receiver(enum end end, struct slice packet, uint64_t now_ns);

void net_open(void); /* fills in the ports of opt.end that were 0 */
struct text net_packet(enum end end);
void net_send(enum end end, size_t size);
int net_exchange(receiver *receive); /* sends what waits, receives what is there: how many */
void net_wait(uint64_t ns);          /* until something arrives, at most so long */

#endif
