/* The parts of tandem diagnose: which calls are told, and how. */
#ifndef CLI_DIAGNOSE_H
#define CLI_DIAGNOSE_H

#include <stdio.h>
#include <time.h>

#include "diag/diag.h"
#include "web/call_page.h"

enum {
    DIAGNOSE_CODES_COUNT_MAX = 32,  /* of --code */
    DIAGNOSE_RULE_COUNT_MAX = 512,  /* more than there are */
    DIAGNOSE_PAGE_CALLS_MAX = 2000, /* of one page: a browser has to draw them all */
    DIAGNOSE_LADDER_SIZE = 1 << 20, /* bytes of what one ladder is made of */
};

/* Which calls are told. Each that is not set fits all. */
struct diagnose_filter {
    const char *call_id, *from, *to, *rule;
    struct diagnose_codes {
        uint16_t first, last;
    } code[DIAGNOSE_CODES_COUNT_MAX];
    size_t code_count;
    bool has_since;
    int64_t since; /* microseconds since 1970 */
};

bool diagnose_filter_fits(const struct diagnose_filter *f, const struct tnd_diag_call *call);
/* "486", "4xx", "400-403", several with commas. An exit status, after a line if it is none of these. */
int diagnose_filter_codes(struct diagnose_filter *f, const char *text);
/* "DIAG_BUSY", "busy". */
int diagnose_filter_rule(struct diagnose_filter *f, const char *text);
/* "2026-12-01T18:00", or how long before now (microseconds since 1970): "90s", "15m", "2h", "1d". */
int diagnose_filter_since(struct diagnose_filter *f, const char *text, int64_t now);

/* Room for one piece of output, which grows to what a piece needs. */
struct diagnose_room {
    char *ptr;
    size_t size;
};

/* How far reading has come, on a terminal, once it takes longer than a moment. */
struct diagnose_progress {
    bool is_on, is_shown;
    unsigned calls; /* how often it was asked */
    struct timespec next;
};

struct diagnose_page {
    const char *path; /* that the user gave; NULL: no page is wanted */
    FILE *calls;      /* what is written of them, until it is known what goes before */
    uint64_t shown, left_out;
};

struct diagnose {
    enum tnd_lang lang;
    bool json, all;
    const char *interface;     /* live; NULL: files */
    const char *packet_filter; /* as tcpdump has it; NULL: none */
    char **files;              /* NULL ends them */
    struct diagnose_filter filter;
    struct diagnose_page page;
    struct tnd_diag *diag;
    struct tnd_call_sum sum; /* of the calls that fit the filter */
    uint64_t by_rule[DIAGNOSE_RULE_COUNT_MAX];
    struct diagnose_room room;
    struct tnd_arena arena; /* of one ladder */
    struct diagnose_progress progress;
    FILE *out; /* for people: the pager, or standard output; NULL: nothing was shown yet */
    bool colour, utf8;
    int width;
    uint64_t told;  /* calls that were shown or printed */
    bool is_broken; /* there was no memory for a call */
};

/* What a piece of output is made by. */
typedef void diagnose_writes(struct tnd_writer *w, void *ctx);
/* The piece, in the room; absent: out of memory. */
struct tnd_slice diagnose_fill(struct diagnose_room *room, diagnose_writes *writes, void *ctx);

/* The ladder of call, in d->arena until the next one. False: out of memory. */
bool diagnose_ladder(struct diagnose *d, const struct tnd_diag_call *call, struct tnd_ladder *ret);

/* For people. */
void diagnose_show(struct diagnose *d, const struct tnd_diag_call *call);
void diagnose_show_sum(struct diagnose *d);

/* For programs: one object, whose calls are printed as they come. */
void diagnose_json_begin(const struct diagnose *d);
void diagnose_json_put(struct diagnose *d, const struct tnd_diag_call *call);
void diagnose_json_end(const struct diagnose *d);

/* The page. It takes the place of what is there only when it is whole. open: an exit status, after a line. */
int diagnose_page_open(struct diagnose *d);
void diagnose_page_put(struct diagnose *d, const struct tnd_diag_call *call);
int diagnose_page_end(struct diagnose *d);
void diagnose_page_drop(struct diagnose *d);

/* Whether it has failed, or has a finding that is an error. */
bool diagnose_is_trouble(const struct tnd_diag_call *call);
/* Counts call, which fits the filter. */
void diagnose_count(struct diagnose *d, const struct tnd_diag_call *call);
/* Puts the commonest findings into d->sum. */
void diagnose_count_end(struct diagnose *d);

void diagnose_progress_start(struct diagnose_progress *p);
/* Whether to tell it. Cheap: may be asked after each message. */
bool diagnose_progress_is_due(struct diagnose_progress *p);
/* size 0: not known. */
void diagnose_progress_tell(struct diagnose_progress *p, uint64_t bytes, uint64_t size,
                            uint64_t failed);
/* Takes it off the screen. It comes again, unless is_over. */
void diagnose_progress_end(struct diagnose_progress *p, bool is_over);

#endif
