/* Where the password of `tandem user add` comes from. */
#ifndef CLI_PASSWORD_H
#define CLI_PASSWORD_H

#include "cli/provision.h"

enum { PASSWORD_LEN_MAX = 1024 };

struct password {
    struct tnd_slice text; /* in room */
    char room[PASSWORD_LEN_MAX + 2];
};

/* Of --password, the first line of --password-file, what is typed at the terminal, twice and unseen,
 * or else a line of standard input. CLI_OK, or another status after a line. The caller wipes ret. */
int password_get(const struct provision *p, struct password *ret);

void password_wipe(struct password *password);

#endif
