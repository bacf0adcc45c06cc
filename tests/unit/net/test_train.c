/* Trains: which datagrams go to the kernel as one, and what arrives. */
#include "net/train.h"

#include <arpa/inet.h>
#include <string.h>
#include <unistd.h>

#include "unit/test.h"

enum { COUNT = 8 };

static struct mmsghdr msgs[COUNT];
static struct iovec iovs[COUNT];
static struct sockaddr_in to[COUNT];
static char texts[COUNT][TND_TRAIN_CAR_SIZE_MAX + 1];
static _Alignas(8) char control[COUNT][128];

/* Datagrams of these sizes, to port; each holds its number. */
static void set_out(const size_t sizes[COUNT], const in_port_t ports[COUNT])
{
    for (int i = 0; i < COUNT; i++) {
        memset(texts[i], 'a' + i, sizeof(texts[i]));
        iovs[i] = (struct iovec){texts[i], sizes[i]};
        to[i] = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = ports[i]};
        to[i].sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        msgs[i].msg_hdr = (struct msghdr){.msg_name = &to[i],
                                          .msg_namelen = sizeof(to[i]),
                                          .msg_iov = &iovs[i],
                                          .msg_iovlen = 1,
                                          .msg_control = control[i]};
    }
}

TND_TEST(train_joins, "RFC 8200 §5",
         "datagrams of one size to one place that follow one another join")
{
    static const size_t sizes[COUNT] = {
        100, 100, 100, 90, 90, TND_TRAIN_CAR_SIZE_MAX + 1, TND_TRAIN_CAR_SIZE_MAX + 1, 5};
    static const in_port_t ports[COUNT] = {1, 1, 2, 2, 2, 2, 2, 2};
    static const unsigned first[] = {0, 2, 3, 5, 6, 7, 8};
    struct tnd_train t;

    set_out(sizes, ports);
    tnd_train_make(&t, msgs, COUNT, true);
    CHECK_EQ(t.count, 6);
    for (unsigned i = 0; i < 7; i++)
        CHECK_EQ(t.first[i], first[i]);
    CHECK_EQ(t.msgs[0].msg_hdr.msg_iovlen, 2);
    CHECK_EQ(t.msgs[1].msg_hdr.msg_iovlen, 1);
    CHECK_EQ(t.msgs[1].msg_hdr.msg_controllen, 0);
    tnd_train_make(&t, msgs, COUNT, false);
    CHECK_EQ(t.count, COUNT);
    CHECK_EQ(t.first[COUNT], COUNT);
    CHECK_EQ(t.msgs[0].msg_hdr.msg_controllen, 0);
}

TND_TEST(train_arrives, "udp(7), UDP_SEGMENT",
         "a train arrives as the datagrams that it was made of")
{
    static const size_t sizes[COUNT] = {700, 700, 700, 700, 60, 60, 1, 1};
    struct sockaddr_in own = {.sin_family = AF_INET};
    socklen_t len = sizeof(own);
    int in = socket(AF_INET, SOCK_DGRAM, 0), out = socket(AF_INET, SOCK_DGRAM, 0);
    in_port_t ports[COUNT];
    struct tnd_train t;
    char got[2000];

    own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK_EQ(bind(in, (struct sockaddr *)&own, sizeof(own)), 0);
    CHECK_EQ(getsockname(in, (struct sockaddr *)&own, &len), 0);
    for (int i = 0; i < COUNT; i++)
        ports[i] = own.sin_port;
    set_out(sizes, ports);
    tnd_train_make(&t, msgs, COUNT, true);
    CHECK_EQ(t.count, 3);
    CHECK_EQ(sendmmsg(out, t.msgs, t.count, 0), 3);
    for (int i = 0; i < COUNT; i++) {
        CHECK_EQ(recv(in, got, sizeof(got), 0), sizes[i]);
        CHECK(memcmp(got, texts[i], sizes[i]) == 0);
    }
    close(in);
    close(out);
}
