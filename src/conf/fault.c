/* What is wrong with a configuration: collected by line, bounded, written for people. */
#include "conf/fault.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"

enum { QUOTE_LEN_MAX = 64 };

const char *tnd_conf_severity_name(enum tnd_conf_severity severity)
{
    static const char *const names[] = {"fault", "warning", "notice"};

    return names[severity];
}

struct tnd_slice conf_cut(struct tnd_slice text)
{
    size_t len = 0;

    if (text.len <= QUOTE_LEN_MAX)
        return text;
    for (;;) {
        size_t character = tnd_utf8_len(tnd_slice(text.ptr + len, text.len - len));

        character += character == 0; /* a byte that is none stands for itself */
        if (len + character > QUOTE_LEN_MAX)
            break;
        len += character;
    }
    return tnd_slice(text.ptr, len);
}

/* The path of at, from the file down. */
static void put_key(struct tnd_writer *w, const struct conf_at *at)
{
    if (!at->up)
        return;
    put_key(w, at->up);
    if (!at->name) {
        tnd_put_char(w, '[');
        tnd_put_number(w, at->index);
        tnd_put_char(w, ']');
        return;
    }
    if (at->up->up)
        tnd_put_char(w, '.');
    tnd_put(w, conf_cut(tnd_slice_str(at->name)));
}

/* Makes room for one more behind those of its line. NULL: there is none. */
static struct tnd_conf_fault *insert(struct tnd_conf_faults *faults, unsigned line)
{
    size_t at = faults->count;

    if (faults->count == TND_CONF_FAULT_COUNT_MAX) {
        faults->lost++;
        return NULL;
    }
    while (at > 0 && faults->list[at - 1].line > line)
        at--;
    memmove(faults->list + at + 1, faults->list + at, (faults->count - at) * sizeof(*faults->list));
    faults->count++;
    return &faults->list[at];
}

void conf_fault(struct tnd_conf_faults *faults, enum tnd_conf_severity severity,
                const struct conf_at *at, const char *format, ...)
{
    struct tnd_conf_fault *f = insert(faults, at->line);
    va_list args;

    faults->fault_count += severity == TND_CONF_FAULT;
    if (!f)
        return;
    struct tnd_writer w = tnd_writer(f->key, sizeof(f->key) - 1);
    f->severity = severity;
    f->line = at->line;
    put_key(&w, at);
    f->key[tnd_writer_over(&w) ? w.size : w.len] = '\0';
    va_start(args, format);
    vsnprintf(f->text, sizeof(f->text), format, args);
    va_end(args);
}

void tnd_conf_fault_write(struct tnd_writer *w, const char *path, const struct tnd_conf_fault *f)
{
    tnd_put_str(w, path);
    tnd_put_str(w, ":");
    if (f->line > 0) {
        tnd_put_number(w, f->line);
        tnd_put_str(w, ":");
    }
    tnd_put_str(w, " ");
    if (f->key[0]) {
        tnd_put_str(w, f->key);
        tnd_put_str(w, ": ");
    }
    if (f->severity == TND_CONF_WARNING)
        tnd_put_str(w, "warning: ");
    tnd_put_str(w, f->text);
}
