/* The queue of errors of a socket: ip(7), IP_RECVERR. */
#include "net/unreachable.h"

#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <linux/errqueue.h>

#include "net/sockaddr.h"

enum { CONTROL_SIZE = 512 };

void tnd_unreachable_hear(int fd, uint8_t family)
{
    int on = 1;

    if (family == TND_FAMILY_IPV6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof(on));
    else
        setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof(on));
}

void tnd_unreachable_note(struct tnd_unreachable *u, const struct tnd_endpoint *to, uint64_t token)
{
    if (token == 0)
        return;
    u->sent[u->next] = (struct tnd_unreachable_sent){*to, token};
    u->next = (u->next + 1) % TND_UNREACHABLE_COUNT_MAX;
}

static bool is_error_of(const struct cmsghdr *c)
{
    return (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) ||
           (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR);
}

/* RFC 3261 §18.4: unreachable, or a problem with a parameter; quench and time exceeded are ignored. So is a
 * packet that was too big: the kernel sends the next one in pieces. */
static bool is_failure(const struct sock_extended_err *e)
{
    if (e->ee_errno == EMSGSIZE)
        return false;
    if (e->ee_origin == SO_EE_ORIGIN_ICMP6)
        return e->ee_type == ICMP6_DST_UNREACH || e->ee_type == ICMP6_PARAM_PROB;
    return e->ee_origin == SO_EE_ORIGIN_ICMP &&
           (e->ee_type == ICMP_DEST_UNREACH || e->ee_type == ICMP_PARAMETERPROB);
}

static bool has_failure(struct msghdr *msg)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
        struct sock_extended_err e;

        if (!is_error_of(c) || c->cmsg_len < CMSG_LEN(sizeof(e)))
            continue;
        memcpy(&e, CMSG_DATA(c), sizeof(e));
        if (is_failure(&e))
            return true;
    }
    return false;
}

void tnd_unreachable_tell(struct tnd_unreachable *u, const struct tnd_endpoint *to, unsigned worker,
                          struct tnd_failed *failed)
{
    for (size_t i = 0; i < TND_UNREACHABLE_COUNT_MAX; i++) {
        struct tnd_unreachable_sent *s = &u->sent[i];

        if (s->token == 0 || !tnd_endpoint_eq(&s->to, to))
            continue;
        tnd_failed_add(failed, worker, s->token);
        s->token = 0;
    }
}

bool tnd_unreachable_read(struct tnd_unreachable *u, int fd, unsigned worker,
                          struct tnd_failed *failed)
{
    _Alignas(struct cmsghdr) char control[CONTROL_SIZE];
    union tnd_sockaddr address = {.any.sa_family = AF_UNSPEC};
    struct msghdr msg = {.msg_name = &address,
                         .msg_namelen = sizeof(address),
                         .msg_control = control,
                         .msg_controllen = sizeof(control)};

    if (recvmsg(fd, &msg, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
        return false;
    struct tnd_endpoint to = tnd_sockaddr_endpoint(&address, TND_TRANSPORT_UDP);
    if (has_failure(&msg))
        tnd_unreachable_tell(u, &to, worker, failed);
    return true;
}
