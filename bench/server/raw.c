/* raw.c - the physical floor: a UDP forwarder that parses nothing.
 *
 * It receives and sends, for every call, as many packets of the same sizes as
 * a SIP server would.  What to send is told by a fixed header at the start of
 * each received packet (load --mode raw writes it): the number of packets to
 * send, and for each its side (0 caller, 1 callee) and length.  So the work
 * per packet is one header read and the kernel's receive and send; no parsing,
 * no state, no allocation, no copy in user space.
 *
 *   raw --listen ip:port --uac ip:port --uas ip:port [--batch]
 *
 * default: recvfrom / sendto one by one.  --batch: recvmmsg / sendmmsg, up to
 * 64 packets in and 128 out at a time; blocks when nothing is there.
 *
 * build: cc -O2 -Wall -Wextra -D_GNU_SOURCE -o raw raw.c
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "raw.h"

#define RX   64
#define TX   128
#define MAXP 4096

static struct sockaddr_in addr(const char *s)
{
    char h[64];
    const char *c = strrchr(s, ':');
    struct sockaddr_in a = {.sin_family = AF_INET};
    if (!c || c - s > 60) {
        fprintf(stderr, "address: %s\n", s);
        exit(2);
    }
    memcpy(h, s, (size_t)(c - s));
    h[c - s] = 0;
    a.sin_port = htons((uint16_t)atoi(c + 1));
    if (inet_pton(AF_INET, h, &a.sin_addr) != 1) {
        fprintf(stderr, "address: %s\n", s);
        exit(2);
    }
    return a;
}

static void one_by_one(int fd, struct sockaddr_in *side)
{
    static char buf[65536];
    for (;;) {
        struct sockaddr_in from;
        socklen_t fl = sizeof from;
        ssize_t n = recvfrom(fd, buf, sizeof buf, 0, (struct sockaddr *)&from, &fl);
        if (n < (ssize_t)sizeof(struct raw_header)) {
            if (n > 0)
                sendto(fd, buf, (size_t)n, 0, (struct sockaddr *)&from, fl); /* a ping: echo */
            continue;
        }
        const struct raw_header *h = (const struct raw_header *)buf;
        for (int i = 0; i < h->count && i < RAW_OUT_MAX; i++)
            sendto(fd, buf, h->size[i], 0, (struct sockaddr *)&side[h->side[i] & 1], sizeof *side);
    }
}

static void batched(int fd, struct sockaddr_in *side)
{
    static char buf[RX][MAXP];
    static struct mmsghdr rm[RX], tm[TX];
    static struct iovec ri[RX], ti[TX];
    static struct sockaddr_in src[RX];
    for (int i = 0; i < RX; i++) {
        ri[i] = (struct iovec){buf[i], MAXP};
        rm[i].msg_hdr = (struct msghdr){
            .msg_name = &src[i], .msg_namelen = sizeof src[i], .msg_iov = &ri[i], .msg_iovlen = 1};
    }
    for (;;) {
        for (int i = 0; i < RX; i++)
            rm[i].msg_hdr.msg_namelen = sizeof src[i];
        int r = recvmmsg(fd, rm, RX, MSG_WAITFORONE, NULL), t = 0;
        for (int i = 0; i < r; i++) {
            const struct raw_header *h = (const struct raw_header *)buf[i];
            int ping = rm[i].msg_len < sizeof *h, nout = ping ? 1 : h->count;
            for (int k = 0; k < nout && k < RAW_OUT_MAX; k++) {
                if (t == TX) {
                    for (int d = 0; d < t;) {
                        int w = sendmmsg(fd, tm + d, (unsigned)(t - d), 0);
                        if (w > 0)
                            d += w;
                    }
                    t = 0;
                }
                ti[t] = (struct iovec){buf[i], ping ? rm[i].msg_len : h->size[k]};
                tm[t].msg_hdr = (struct msghdr){.msg_name = ping ? &src[i] : &side[h->side[k] & 1],
                                                .msg_namelen = sizeof *side,
                                                .msg_iov = &ti[t],
                                                .msg_iovlen = 1};
                t++;
            }
        }
        for (int d = 0; d < t;) {
            int w = sendmmsg(fd, tm + d, (unsigned)(t - d), 0);
            if (w > 0)
                d += w;
            else if (errno != EINTR && errno != EAGAIN)
                break;
        }
    }
}

int main(int ac, char **av)
{
    struct sockaddr_in l = {0}, side[2] = {{0}, {0}};
    int batch = 0, v = 8 << 20;
    for (int i = 1; i < ac; i++) {
        if (!strcmp(av[i], "--batch"))
            batch = 1;
        else if (!strcmp(av[i], "--listen") && i + 1 < ac)
            l = addr(av[++i]);
        else if (!strcmp(av[i], "--uac") && i + 1 < ac)
            side[0] = addr(av[++i]);
        else if (!strcmp(av[i], "--uas") && i + 1 < ac)
            side[1] = addr(av[++i]);
        else {
            fprintf(stderr, "raw --listen ip:port --uac ip:port --uas ip:port [--batch]\n");
            return 2;
        }
    }
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &v, sizeof v);
    if (fd < 0 || bind(fd, (struct sockaddr *)&l, sizeof l)) {
        perror("bind");
        return 1;
    }
    if (batch)
        batched(fd, side);
    else
        one_by_one(fd, side);
    return 0;
}
