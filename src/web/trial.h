/* Trials: calls against the lab of this server that a page asks for. Each is a process of its own, "tandem call", so
 * it is a call like any other: it goes through sockets and workers, and is seen by who looks at calls. */
#ifndef WEB_TRIAL_H
#define WEB_TRIAL_H

#include <sys/types.h>

#include "web/settings.h"

enum {
    WEB_TRIAL_COUNT_MAX = 4, /* at the same time; beyond: 503 */
    WEB_TRIAL_SECONDS = 40,  /* then it is ended */
    WEB_TRIAL_URI_SIZE = 128,
};

struct web_trials {
    struct web_trial {
        pid_t pid; /* 0: none */
        tnd_time due;
    } list[WEB_TRIAL_COUNT_MAX];
    uint64_t count; /* that ever were */
};

/* Who calls whom. Terminated. */
struct web_trial_call {
    char from[WEB_TRIAL_URI_SIZE]; /* of nobody else */
    char uri[WEB_TRIAL_URI_SIZE];
};

/* Begins one. TND_ENONE: the lab is off; TND_ESPACE: there are as many as may be; TND_EIO: it cannot be started. */
int web_trial_begin(struct web_trials *t, const struct web_settings *settings, unsigned code,
                    struct web_trial_call *ret);
/* Forgets those that have ended, ends those that take too long. Whether there is one. */
bool web_trials_sweep(struct web_trials *t, tnd_time now);
/* Ends them all. */
void web_trials_end(struct web_trials *t);

#endif
