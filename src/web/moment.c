/* ISO 8601, read and written. */
#include "web/moment.h"

#include <stdio.h>
#include <time.h>

#include "base/ascii.h"

static const char form[] = "is no time; write it like 2026-12-01T18:00";

/* A number of that many digits. */
static bool take_number(const char **at, int digits, int *ret)
{
    int n = 0;

    for (int i = 0; i < digits; i++) {
        if (!tnd_is_digit((*at)[i]))
            return false;
        n = 10 * n + (*at)[i] - '0';
    }
    *at += digits;
    *ret = n;
    return true;
}

static bool take(const char **at, char c)
{
    bool is = **at == c;

    *at += is;
    return is;
}

static bool take_date(const char **at, struct tm *t)
{
    return take_number(at, 4, &t->tm_year) && take(at, '-') && take_number(at, 2, &t->tm_mon) &&
           take(at, '-') && take_number(at, 2, &t->tm_mday);
}

static bool take_time(const char **at, struct tm *t)
{
    if (!take_number(at, 2, &t->tm_hour) || !take(at, ':') || !take_number(at, 2, &t->tm_min))
        return false;
    return !take(at, ':') || take_number(at, 2, &t->tm_sec);
}

/* "Z", "+01:00", "+0100", "-05". */
static bool take_zone(const char **at, int *ret_seconds)
{
    int sign = **at == '-' ? -1 : 1, hours = 0, minutes = 0;

    *ret_seconds = 0;
    if (take(at, 'Z') || take(at, 'z'))
        return true;
    if (!take(at, '+') && !take(at, '-'))
        return false;
    if (!take_number(at, 2, &hours))
        return false;
    if (take(at, ':') || **at != '\0') {
        if (!take_number(at, 2, &minutes))
            return false;
    }
    *ret_seconds = sign * (3600 * hours + 60 * minutes);
    return hours < 24 && minutes < 60;
}

static bool same(const struct tm *a, const struct tm *b)
{
    return a->tm_year == b->tm_year && a->tm_mon == b->tm_mon && a->tm_mday == b->tm_mday &&
           a->tm_hour == b->tm_hour && a->tm_min == b->tm_min && a->tm_sec == b->tm_sec;
}

/* The C library makes 30 February the 2nd of March, and of an hour that a clock leaves out in spring
 * the next one: neither was meant. */
const char *moment_read(const char *text, int64_t *ret)
{
    const char *at = text;
    struct tm t = {.tm_isdst = -1};
    int zone = 0;

    if (!take_date(&at, &t))
        return form;
    if (*at == '\0')
        return "is a day; add the time, like 2026-12-01T18:00";
    if ((!take(&at, 'T') && !take(&at, 't') && !take(&at, ' ')) || !take_time(&at, &t))
        return form;
    bool local = *at == '\0';
    if (!local && (!take_zone(&at, &zone) || *at))
        return form;
    t.tm_year -= 1900;
    t.tm_mon--;
    struct tm made = t;
    time_t moment = timegm(&made);
    if (!same(&made, &t))
        return "is a time that no calendar has";
    if (local) {
        made = t;
        moment = mktime(&made);
        if (!same(&made, &t))
            return "is a time that the clocks leave out here; say a zone, or another time";
    }
    *ret = moment - zone;
    return NULL;
}

const char *moment_write(char room[MOMENT_SIZE], int64_t moment, bool local)
{
    time_t seconds = moment;
    struct tm t;
    char zone[8];

    room[0] = '\0';
    if (!(local ? localtime_r(&seconds, &t) : gmtime_r(&seconds, &t)))
        return room; /* of a year beyond int */
    if (!local) {
        strftime(room, MOMENT_SIZE, "%Y-%m-%dT%H:%M:%SZ", &t);
        return room;
    }
    size_t len =
        strftime(room, MOMENT_SIZE - 8, t.tm_sec ? "%Y-%m-%dT%H:%M:%S" : "%Y-%m-%dT%H:%M", &t);
    strftime(zone, sizeof(zone), "%z", &t); /* "+0100" */
    snprintf(room + len, MOMENT_SIZE - len, "%.3s:%s", zone, zone + 3);
    return room;
}

const char *moment_write_span(char room[MOMENT_SIZE], int64_t seconds)
{
    long long s = seconds;

    if (s >= 86400)
        snprintf(room, MOMENT_SIZE, "%lldd %lldh", s / 86400, s / 3600 % 24);
    else if (s >= 3600)
        snprintf(room, MOMENT_SIZE, "%lldh %lldm", s / 3600, s / 60 % 60);
    else if (s >= 60)
        snprintf(room, MOMENT_SIZE, "%lldm %llds", s / 60, s % 60);
    else
        snprintf(room, MOMENT_SIZE, "%llds", s);
    return room;
}
