/* Telling the service manager how we are: the protocol of sd_notify(3), which is a datagram. */
#ifndef CLI_NOTIFY_H
#define CLI_NOTIFY_H

/* "READY=1", "STOPPING=1", several parted by line ends. Without $NOTIFY_SOCKET: nothing. */
void notify(const char *state);

#endif
