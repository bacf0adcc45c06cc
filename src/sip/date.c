/* Date: rfc1123-date in GMT, and the days since 1970 (RFC 3261 §20.17, §25.1).
 *
 * Arithmetic only: years are counted from March, so that the leap day is the last of its
 * year and the lengths of the months follow a formula. */
#include "sip/value.h"
#include "tandem/sip/notice.h"

enum {
    DAY_SECONDS = 86400,
    ERA_DAYS = 146097, /* of 400 years, after which the calendar repeats */
    EPOCH_DAY = 719468 /* 1970-01-01, counted from 0000-03-01 */
};

static const char day_names[] = "MonTueWedThuFriSatSun";
static const char month_names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

struct date {
    unsigned year, month, day; /* from 1 */
    unsigned hour, minute, second;
};

static unsigned month_days(unsigned year, unsigned month)
{
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    if (month == 2)
        return leap ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/* Days from 1970-01-01. */
static int64_t days_of(const struct date *d)
{
    int64_t year = (int64_t)d->year - (d->month <= 2);
    int64_t month = (d->month + 9) % 12; /* March is 0 */
    int64_t day_of_year = (153 * month + 2) / 5 + d->day - 1;

    return year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - EPOCH_DAY;
}

static void put_date_of(int64_t days, struct date *ret)
{
    int64_t day = days + EPOCH_DAY, era = day / ERA_DAYS;
    int64_t of_era = day % ERA_DAYS;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;

    ret->day = (unsigned)(of_year - (153 * month + 2) / 5 + 1);
    ret->month = (unsigned)(month < 10 ? month + 3 : month - 9);
    ret->year = (unsigned)(year + era * 400 + (ret->month <= 2));
}

/* The place of the three letters at c->at in names, from 0, without case; -1: none. */
static int read_name(struct tnd_cursor *c, const char *names, int count)
{
    if (c->end - c->at < 3)
        return -1;
    for (int i = 0; i < count; i++) {
        if (tnd_slice_eq_fold(tnd_slice(c->at, 3), tnd_slice(names + 3 * i, 3))) {
            c->at += 3;
            return i;
        }
    }
    return -1;
}

/* Exactly count digits. */
static bool read_digits(struct tnd_cursor *c, unsigned count, unsigned *ret)
{
    unsigned n = 0;

    for (unsigned i = 0; i < count; i++) {
        if (!tnd_is_digit(tnd_peek(c, c->at)))
            return tnd_flawed(c, TND_RULE_DATE, c->at);
        n = n * 10 + (unsigned)(*c->at++ - '0');
    }
    *ret = n;
    return true;
}

static bool read_char(struct tnd_cursor *c, char wanted)
{
    if (tnd_peek(c, c->at) != wanted)
        return tnd_flawed(c, TND_RULE_DATE, c->at);
    c->at++;
    return true;
}

/* wkday "," SP date1 */
static bool read_date(struct tnd_cursor *c, struct date *d)
{
    if (read_name(c, day_names, 7) < 0)
        return tnd_flawed(c, TND_RULE_DATE, c->at);
    if (!read_char(c, ',') || !tnd_read_space(c, TND_RULE_DATE) || !read_digits(c, 2, &d->day) ||
        !tnd_read_space(c, TND_RULE_DATE))
        return false;
    int month = read_name(c, month_names, 12);
    if (month < 0)
        return tnd_flawed(c, TND_RULE_DATE, c->at);
    d->month = (unsigned)month + 1;
    return tnd_read_space(c, TND_RULE_DATE) && read_digits(c, 4, &d->year);
}

static bool read_time(struct tnd_cursor *c, struct date *d)
{
    return read_digits(c, 2, &d->hour) && read_char(c, ':') && read_digits(c, 2, &d->minute) &&
           read_char(c, ':') && read_digits(c, 2, &d->second);
}

static bool is_in_calendar(const struct date *d)
{
    return d->year >= 1970 && d->day >= 1 && d->day <= month_days(d->year, d->month) &&
           d->hour < 24 && d->minute < 60 && d->second < 60;
}

bool tnd_date_next(struct tnd_values *v, tnd_time *ret)
{
    struct tnd_cursor *c = &v->c;
    struct tnd_slice zone;
    struct date d;

    if (!tnd_values_open(v, false))
        return false;
    const char *first = c->at;
    if (!read_date(c, &d) || !tnd_read_space(c, TND_RULE_DATE) || !read_time(c, &d) ||
        !tnd_read_space(c, TND_RULE_DATE) || !tnd_read_token(c, TND_RULE_DATE, &zone))
        return false;
    /* RFC 3261 §20.17: "the time zone in SIP-date to 'GMT'" only */
    if (!TND_TOKEN_IS(zone, "gmt"))
        return tnd_flawed(c, TND_RULE_DATE, zone.ptr);
    if (!is_in_calendar(&d))
        return tnd_flawed(c, TND_RULE_DATE, first);
    *ret = TND_SEC(days_of(&d) * DAY_SECONDS + d.hour * 3600 + d.minute * 60 + d.second);
    return tnd_values_close(v);
}

static void put_two(struct tnd_writer *w, unsigned n)
{
    tnd_put_char(w, (char)('0' + n / 10));
    tnd_put_char(w, (char)('0' + n % 10));
}

static void put_time(struct tnd_writer *w, unsigned second)
{
    put_two(w, second / 3600);
    tnd_put_char(w, ':');
    put_two(w, second / 60 % 60);
    tnd_put_char(w, ':');
    put_two(w, second % 60);
}

void tnd_date_write(struct tnd_writer *w, tnd_time date)
{
    const int64_t last = 253402300799; /* 9999-12-31 23:59:59 */
    int64_t seconds = date < 0 ? 0 : date / TND_SEC(1);
    struct date d;

    if (seconds > last)
        seconds = last;
    int64_t days = seconds / DAY_SECONDS;
    put_date_of(days, &d);
    tnd_put(w, tnd_slice(day_names + 3 * ((days + 3) % 7), 3)); /* 1970 began on a Thursday */
    tnd_put(w, TND_STR(", "));
    put_two(w, d.day);
    tnd_put_char(w, ' ');
    tnd_put(w, tnd_slice(month_names + 3 * (d.month - 1), 3));
    tnd_put_char(w, ' ');
    tnd_put_number(w, d.year);
    tnd_put_char(w, ' ');
    put_time(w, (unsigned)(seconds % DAY_SECONDS));
    tnd_put(w, TND_STR(" GMT"));
}
