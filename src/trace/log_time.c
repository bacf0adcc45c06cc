/* A cursor goes over a time; whoever does not fit leaves it at NULL. */
#include "trace/log_time.h"

#include "base/ascii.h"

enum {
    FIND_WITHIN = 160,     /* columns */
    EPOCH_DIGITS = 10,     /* of seconds since 1970, from 2001 to 2286 */
    DAYS_TO_1970 = 719468, /* from the first of March of the year 0 */
};

struct cursor {
    const char *at, *end; /* at NULL: something did not fit */
};

static bool is_at(const struct cursor *c, char what)
{
    return c->at && c->at < c->end && *c->at == what;
}

static bool take(struct cursor *c, char what)
{
    if (!is_at(c, what))
        return false;
    c->at++;
    return true;
}

static void want(struct cursor *c, char what)
{
    if (!take(c, what))
        c->at = NULL;
}

/* So many digits at least and at most. */
static int64_t number(struct cursor *c, int least, int most)
{
    int64_t n = 0;
    int digits = 0;

    for (; c->at && c->at < c->end && digits < most && tnd_is_digit(*c->at); digits++)
        n = n * 10 + (*c->at++ - '0');
    if (digits < least)
        c->at = NULL;
    return n;
}

/* Of a second, in microseconds; what is smaller is left out. */
static int64_t fraction(struct cursor *c)
{
    int64_t n = 0;
    int digits = 0;

    for (; c->at && c->at < c->end && tnd_is_digit(*c->at); c->at++, digits++)
        if (digits < 6)
            n = n * 10 + (*c->at - '0');
    for (; digits < 6; digits++)
        n *= 10;
    return n;
}

/* Z, +01:00, -0500: what is to be taken off. */
static int64_t zone(struct cursor *c)
{
    struct cursor z = *c;
    bool is_west = is_at(&z, '-');

    if (take(c, 'Z') || (!take(&z, '+') && !take(&z, '-')))
        return 0;
    int64_t hours = number(&z, 2, 2);
    take(&z, ':');
    int64_t offset = (hours * 60 + number(&z, 2, 2)) * TND_SEC(60);
    if (!z.at)
        return 0;
    *c = z;
    return is_west ? -offset : offset;
}

static int64_t of_day(struct cursor *c)
{
    int64_t hours = number(c, 1, 2), minutes, seconds, part = 0;

    want(c, ':');
    minutes = number(c, 2, 2);
    want(c, ':');
    seconds = number(c, 2, 2);
    if (hours > 23 || minutes > 59 || seconds > 60)
        c->at = NULL;
    if (c->at && c->at + 1 < c->end && (*c->at == '.' || *c->at == ',' || *c->at == ':') &&
        tnd_is_digit(c->at[1])) {
        c->at++;
        part = fraction(c);
    }
    return TND_SEC((hours * 60 + minutes) * 60 + seconds) + part - zone(c);
}

/* Since 1970: years begin with March, so that the day that leap years have is their last. */
static int64_t day_of(int64_t year, int64_t month, int64_t day)
{
    if (month <= 2) {
        year--;
        month += 12;
    }
    return year * 365 + year / 4 - year / 100 + year / 400 + (153 * (month - 3) + 2) / 5 + day - 1 -
           DAYS_TO_1970;
}

static bool is_date(int64_t month, int64_t day)
{
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* 2026-11-26 10:00:00 */
static bool read_dated(struct cursor c, struct tnd_log_time *ret)
{
    int64_t year = number(&c, 4, 4);
    char mark = is_at(&c, '/') ? '/' : '-';

    want(&c, mark);
    int64_t month = number(&c, 2, 2);
    want(&c, mark);
    int64_t day = number(&c, 2, 2);
    if (!take(&c, 'T'))
        want(&c, ' ');
    int64_t time = of_day(&c);
    if (!c.at || year < 1 || !is_date(month, day))
        return false;
    *ret = (struct tnd_log_time){day_of(year, month, day), time};
    return true;
}

static int64_t month_of(struct cursor *c)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

    if (!c->at || c->end - c->at < 4)
        return 0;
    for (int64_t i = 0; i < 12; i++)
        if (tnd_slice_eq_fold(tnd_slice(c->at, 3), tnd_slice(names + 3 * i, 3))) {
            c->at += 3;
            return i + 1;
        }
    return 0;
}

/* Nov 26 10:00:00, and maybe 2026 */
static bool read_month(struct cursor c, struct tnd_log_time *ret)
{
    int64_t month = month_of(&c), year = 1970;

    if (month == 0)
        return false;
    want(&c, ' ');
    take(&c, ' ');
    int64_t day = number(&c, 1, 2);
    want(&c, ' ');
    int64_t time = of_day(&c);
    if (!c.at || !is_date(month, day))
        return false;
    if (take(&c, ' ')) {
        int64_t said = number(&c, 4, 4);

        if (c.at && said >= 1970 && (c.at == c.end || !tnd_is_digit(*c.at)))
            year = said;
    }
    *ret = (struct tnd_log_time){day_of(year, month, day), time};
    return true;
}

/* 1796551200.123456 */
static bool read_epoch(struct cursor c, struct tnd_log_time *ret)
{
    int64_t seconds = number(&c, EPOCH_DIGITS, EPOCH_DIGITS);

    want(&c, '.');
    if (!c.at || c.at == c.end || !tnd_is_digit(*c.at))
        return false;
    *ret = (struct tnd_log_time){seconds / 86400, TND_SEC(seconds % 86400) + fraction(&c)};
    return true;
}

bool tnd_log_time_read(struct tnd_slice text, struct tnd_log_time *ret)
{
    struct cursor c = {text.ptr, tnd_slice_end(text)};

    if (text.len == 0)
        return false;
    if (!tnd_is_digit(*text.ptr))
        return tnd_is_alpha(*text.ptr) && read_month(c, ret);
    if (read_dated(c, ret) || read_epoch(c, ret))
        return true;
    int64_t time = of_day(&c);
    if (!c.at)
        return false;
    *ret = (struct tnd_log_time){INT64_MIN, time};
    return true;
}

bool tnd_log_time_find(struct tnd_slice line, struct tnd_log_time *ret)
{
    size_t within = line.len < FIND_WITHIN ? line.len : FIND_WITHIN;
    struct tnd_log_time time;
    bool is_found = false;

    for (size_t i = 0; i < within; i++) {
        if (i > 0 && (tnd_is_alnum(line.ptr[i - 1]) || line.ptr[i - 1] == ':'))
            continue; /* within a word, or an address of IPv6 */
        if (!tnd_log_time_read(tnd_slice(line.ptr + i, line.len - i), &time) ||
            (is_found && time.day == INT64_MIN))
            continue;
        *ret = time;
        if (time.day != INT64_MIN)
            return true;
        is_found = true;
    }
    return is_found;
}
