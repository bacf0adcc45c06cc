/* raw.h: what stands at the start of a packet that is no SIP: which packets the forwarder (raw.c)
 * sends when it receives this one. load_raw.c writes it. */
#ifndef RAW_H
#define RAW_H

#include <stdint.h>

enum { RAW_OUT_MAX = 6 };

struct raw_header {
    uint8_t count;             /* packets to send */
    uint8_t step;              /* of the script: what the generator sent */
    uint8_t side[RAW_OUT_MAX]; /* 0: to the caller, 1: to the callee */
    uint16_t size[RAW_OUT_MAX];
    uint32_t slot, number; /* the call */
    char run_id[4];
};

#endif
