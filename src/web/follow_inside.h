/* What the files of follow share.
 *
 *   follow.c      the thread
 *   follow_hep.c  to a collector
 *   follow_cdr.c  to a file
 */
#ifndef WEB_FOLLOW_INSIDE_H
#define WEB_FOLLOW_INSIDE_H

#include <pthread.h>

#include "web/follow.h"
#include "web/hep.h"
#include "web/live.h"

enum { FOLLOW_LISTEN_COUNT_MAX = 64 };

struct follow_hep {
    char host[256];
    uint16_t port;
    int fd; /* -1: its address is not known */
    struct tnd_tape *tape;
    int64_t again; /* when to look the name up again */
    char packet[TND_HEP_PACKET_SIZE];
    struct tnd_arena arena;
    char arena_first[16384];
};

struct follow_cdr {
    char *path; /* NULL: none is written */
    int fd;
    int64_t looked;  /* when it was looked at whether the file is still there */
    uint64_t failed; /* lines that could not be written, since it was said */
    struct tnd_live *live;
};

struct tnd_follow {
    struct tnd_endpoint listen[FOLLOW_LISTEN_COUNT_MAX];
    size_t listen_count;
    struct tnd_server_log log;
    struct follow_hep hep; /* host "": no collector */
    struct follow_cdr cdr;
    uint64_t lost_told; /* bytes of the tapes */
    int64_t lost_told_at;
    pthread_t thread;
    bool is_started;
    int stop; /* an eventfd */
};

void follow_say(struct tnd_follow *f, enum tnd_server_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* follow_hep.c. now: microseconds since 1970 */
void follow_hep_turn(struct tnd_follow *f, int64_t now);
void follow_hep_close(struct follow_hep *hep);

/* follow_cdr.c. 0, or an errno. */
int follow_cdr_open(struct follow_cdr *cdr);
void follow_cdr_turn(struct tnd_follow *f, int64_t now);
/* Those that are open, too. */
void follow_cdr_end(struct tnd_follow *f, int64_t now);
/* A call that is over: of struct tnd_live_config; ctx is a struct tnd_follow. */
void follow_cdr_over(void *ctx, const struct tnd_live_over *over);
void follow_cdr_close(struct follow_cdr *cdr);

#endif
