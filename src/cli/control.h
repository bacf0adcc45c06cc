/* How the commands that ask a running server find it, and what it answers. Where its store is a directory
 * the control socket (net/control.h) is in it; the sockets of other servers are in
 * $XDG_RUNTIME_DIR/tandem, or /run/tandem, each named by its process. */
#ifndef CLI_CONTROL_H
#define CLI_CONTROL_H

#include "cli/json.h"
#include "net/control.h"
#include "net/server.h"

enum { CONTROL_PATH_SIZE = 4096 + 32 };

/* Of this process, whose store has that URL; the directory is made. 0, or an errno: then ret is where it
 * should have been. */
int control_place(const char *store, char ret[CONTROL_PATH_SIZE]);

/* Of the server of that store, of command. CLI_OK, or CLI_USAGE after a line. */
int control_find(const char *command, const char *store, char ret[CONTROL_PATH_SIZE]);

/* Of a server: does what its control socket and its workers have to tell. */
void control_turn(struct tnd_control *c, struct tnd_server *s);

/* Records of why as JSON: {"records": [...], "since": {"answered": TIME, "others": TIME}}. NULL: no
 * memory. */
json_t *control_whys(const struct tnd_server_whys *whys);

#endif
