/* Timestamp: decimal fractions of seconds, without floating point (RFC 3261 §20.38). */
#include "sip/value.h"
#include "tandem/sip/notice.h"

static const uint64_t seconds_max = 1000000000000; /* TND_SEC() of it fits */

/* [ "." *(DIGIT) ]: microseconds; what is finer is stepped over */
static tnd_time read_fraction(struct tnd_cursor *c)
{
    tnd_time fraction = 0;

    if (tnd_peek(c, c->at) != '.')
        return 0;
    c->at++;
    for (tnd_time unit = 100000; tnd_is_digit(tnd_peek(c, c->at)); unit /= 10)
        fraction += unit * (*c->at++ - '0');
    return fraction;
}

static bool read_time(struct tnd_cursor *c, tnd_time *ret)
{
    uint64_t seconds;

    if (!tnd_read_number(c, TND_RULE_TIMESTAMP, seconds_max, &seconds))
        return false;
    *ret = TND_SEC(seconds) + read_fraction(c);
    return true;
}

/* delay = *(DIGIT) [ "." *(DIGIT) ] */
static bool read_delay(struct tnd_cursor *c, tnd_time *ret)
{
    if (tnd_peek(c, c->at) != '.')
        return read_time(c, ret);
    *ret = read_fraction(c);
    return true;
}

bool tnd_timestamp_next(struct tnd_values *v, struct tnd_timestamp *ret)
{
    struct tnd_cursor *c = &v->c;

    if (!tnd_values_open(v, false))
        return false;
    const char *first = c->at;
    if (!read_time(c, &ret->sent))
        return false;
    ret->text = tnd_slice_between(first, c->at);
    ret->delay = -1;
    if (tnd_is_space(tnd_peek(c, c->at))) {
        tnd_skip_space(c);
        if (!read_delay(c, &ret->delay))
            return false;
    }
    return tnd_values_close(v);
}

/* Seconds and a fraction without the zeros at its end. */
static void put_time(struct tnd_writer *w, tnd_time time)
{
    tnd_time fraction = time % TND_SEC(1);

    tnd_put_number(w, (uint64_t)(time / TND_SEC(1)));
    if (fraction > 0)
        tnd_put_char(w, '.');
    for (tnd_time unit = 100000; fraction > 0; unit /= 10) {
        tnd_put_char(w, (char)('0' + fraction / unit));
        fraction %= unit;
    }
}

void tnd_timestamp_write(struct tnd_writer *w, const struct tnd_timestamp *timestamp)
{
    if (timestamp->text.ptr)
        tnd_put(w, timestamp->text);
    else
        put_time(w, timestamp->sent);
    if (timestamp->delay >= 0) {
        tnd_put_char(w, ' ');
        put_time(w, timestamp->delay);
    }
}
