/* The times that the machines run by. */
#include "tandem/txn.h"

struct tnd_txn_timing tnd_txn_timing_default(void)
{
    return (struct tnd_txn_timing){
        .t1 = tnd_timer_default(TND_TIMER_T1),
        .t2 = tnd_timer_default(TND_TIMER_T2),
        .t4 = tnd_timer_default(TND_TIMER_T4),
    };
}
