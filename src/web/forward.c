/* Forwards: what may be one. */
#include "web/forward.h"

#include <stdarg.h>
#include <stdio.h>

#include "web/moment.h"

enum { AFTER_DEFAULT = 20, AFTER_MAX = 600 };

static const char *const when_names[] = {[TND_FORWARD_ALWAYS] = "always",
                                         [TND_FORWARD_BUSY] = "busy",
                                         [TND_FORWARD_NO_ANSWER] = "no-answer",
                                         [TND_FORWARD_OFFLINE] = "offline"};
static const char *const mode_names[] = {
    [TND_FORWARD_REDIRECT] = "redirect", [TND_FORWARD_PROXY] = "proxy"};

const char *web_forward_when_name(uint8_t when)
{
    return when_names[when];
}

const char *web_forward_mode_name(uint8_t mode)
{
    return mode_names[mode];
}

__attribute__((format(printf, 2, 3))) static bool fail(struct web_forward_fault *fault,
                                                       const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(fault->text, sizeof(fault->text), format, args);
    va_end(args);
    return false;
}

bool web_forward_when(const char *text, const char *dash, struct web_forward_fault *fault,
                      uint8_t *ret)
{
    for (uint8_t i = 0; text && i < TND_FORWARD_WHEN_COUNT; i++)
        if (strcmp(text, when_names[i]) == 0) {
            *ret = i;
            return true;
        }
    if (!text)
        return true;
    return fail(fault, "%swhen %.300s: give always, busy, no-answer or offline", dash, text);
}

static bool take_mode(const struct web_forward_words *words, struct web_forward_fault *fault,
                      uint8_t *ret)
{
    const char *text = words->mode;

    for (uint8_t i = 0; text && i <= TND_FORWARD_PROXY; i++)
        if (strcmp(text, mode_names[i]) == 0) {
            *ret = i;
            return true;
        }
    if (!text)
        return true;
    return fail(fault, "%smode %.300s: give redirect or proxy", words->dash, text);
}

static bool take_after(const struct web_forward_words *words, struct web_forward_fault *fault,
                       struct tnd_forward *f)
{
    const char *text = words->after;
    uint64_t seconds = AFTER_DEFAULT;

    if (text && f->when != TND_FORWARD_NO_ANSWER)
        return fail(fault, "%safter is of %swhen no-answer alone; leave one out", words->dash,
                    words->dash);
    if (text && (!tnd_slice_number(tnd_slice_str(text), AFTER_MAX, &seconds) || seconds == 0))
        return fail(fault, "%safter %.300s: give seconds, 1 to %d", words->dash, text, AFTER_MAX);
    f->after = f->when == TND_FORWARD_NO_ANSWER ? (uint32_t)seconds : 0;
    return true;
}

static bool take_until(const struct web_forward_words *words, int64_t now,
                       struct web_forward_fault *fault, struct tnd_forward *f)
{
    const char *text = words->until;
    char here[MOMENT_SIZE];

    if (!text)
        return true;
    const char *wrong = moment_read(text, &f->until);
    if (wrong)
        return fail(fault, "%suntil %.300s: %s", words->dash, text, wrong);
    if (f->until <= now)
        return fail(fault, "%suntil %.300s: is over: here it is %s", words->dash, text,
                    moment_write(here, now, true));
    return true;
}

/* Whoever follows it must know how: the caller, or the server, which has no way to a number. */
static bool take_uri(const struct web_forward_words *words, const struct web_aor *aor,
                     struct web_forward_fault *fault, struct tnd_forward *f)
{
    const char *text = words->uri;
    char room[TND_AOR_LEN_MAX];
    struct tnd_writer own = tnd_writer(room, sizeof(room));
    struct tnd_uri uri;
    struct tnd_flaw flaw;

    if (tnd_uri_parse(tnd_slice_str(text), &uri, &flaw))
        return fail(fault, "'%.300s' is no URI; give one like sip:alice@hotel.example", text);
    if (uri.scheme == TND_SCHEME_OTHER)
        return fail(fault,
                    "'%.300s' is no SIP address; give one like sip:alice@hotel.example or "
                    "tel:+4930123456",
                    text);
    if (uri.scheme == TND_SCHEME_TEL && f->mode == TND_FORWARD_PROXY)
        return fail(fault,
                    "'%.300s' is a number, which the server cannot follow; give a SIP URI, or "
                    "%smode redirect",
                    text, words->dash);
    if (uri.text.len > TND_FORWARD_LEN_MAX)
        return fail(fault, "the URI is longer than %d bytes", TND_FORWARD_LEN_MAX);
    if (tnd_aor_write(&own, &uri) && tnd_slice_eq(tnd_writer_slice(&own), aor->text))
        return fail(fault, "%.*s would be forwarded to himself; give another URI",
                    TND_FMT(aor->text));
    f->uri = uri.text;
    return true;
}

bool web_forward_read(const struct web_forward_words *words, const struct web_aor *aor, int64_t now,
                      struct web_forward_fault *fault, struct tnd_forward *ret)
{
    struct tnd_forward f = {.when = TND_FORWARD_ALWAYS, .mode = TND_FORWARD_REDIRECT};

    if (!web_forward_when(words->when, words->dash, fault, &f.when) ||
        !take_mode(words, fault, &f.mode) || !take_after(words, fault, &f) ||
        !take_until(words, now, fault, &f) || !take_uri(words, aor, fault, &f))
        return false;
    *ret = f;
    return true;
}
