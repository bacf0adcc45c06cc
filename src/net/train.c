/* Trains: see train.h. */
#include "net/train.h"

#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdint.h>
#include <string.h>

static size_t size_of(const struct mmsghdr *m)
{
    return m->msg_hdr.msg_iov->iov_len;
}

/* To the same place, from the same one. */
static bool is_same_way(const struct msghdr *a, const struct msghdr *b)
{
    return a->msg_namelen == b->msg_namelen && a->msg_controllen == b->msg_controllen &&
           memcmp(a->msg_name, b->msg_name, a->msg_namelen) == 0 &&
           memcmp(a->msg_control, b->msg_control, a->msg_controllen) == 0;
}

/* How many, from the first on, make one train. */
static unsigned count_cars(const struct mmsghdr *msgs, unsigned count)
{
    size_t size = size_of(msgs);
    unsigned cars = 1;

    if (size == 0 || size > TND_TRAIN_CAR_SIZE_MAX)
        return 1;
    while (cars < count && (cars + 1) * size <= TND_TRAIN_SIZE_MAX &&
           size_of(&msgs[cars]) == size && is_same_way(&msgs[0].msg_hdr, &msgs[cars].msg_hdr))
        cars++;
    return cars;
}

static void couple(struct msghdr *msg, unsigned cars)
{
    uint16_t size = (uint16_t)msg->msg_iov->iov_len;
    struct cmsghdr *c = (void *)((char *)msg->msg_control + msg->msg_controllen);

    memset(c, 0, CMSG_SPACE(sizeof(size)));
    c->cmsg_level = IPPROTO_UDP;
    c->cmsg_type = UDP_SEGMENT;
    c->cmsg_len = CMSG_LEN(sizeof(size));
    memcpy(CMSG_DATA(c), &size, sizeof(size));
    msg->msg_controllen += CMSG_SPACE(sizeof(size));
    msg->msg_iovlen = cars;
}

void tnd_train_make(struct tnd_train *t, const struct mmsghdr *msgs, unsigned count, bool may_join)
{
    unsigned at = 0;

    t->count = 0;
    if (count > TND_TRAIN_COUNT_MAX)
        count = TND_TRAIN_COUNT_MAX;
    while (at < count) {
        unsigned cars = may_join ? count_cars(msgs + at, count - at) : 1;

        t->msgs[t->count] = msgs[at];
        if (cars > 1)
            couple(&t->msgs[t->count].msg_hdr, cars);
        t->first[t->count++] = at;
        at += cars;
    }
    t->first[t->count] = at;
}
