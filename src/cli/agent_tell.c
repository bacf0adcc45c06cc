/* What is told of a refusal: what it means, and what is done about it. */
#include <time.h>

#include "cli/agent.h"
#include "cli/book.h"

static bool is_end(const struct tnd_recovery *recovery)
{
    return !recovery || recovery->action == TND_RECOVER_GIVE_UP ||
           recovery->action == TND_RECOVER_NONE;
}

/* 301 and 302: RFC 3261 §21.3.2, §21.3.3. */
static void learn(struct agent *a, const struct tnd_recovery *recovery)
{
    struct tnd_slice asked = tnd_slice_str(a->report.uri);
    int64_t now = time(NULL);
    size_t count;

    if (a->o->no_book || !recovery)
        return;
    if (recovery->forgets && book_forget(asked, now, &count) == CLI_OK && count > 0)
        agent_note(a, LADDER_PLAIN, "", "forgotten in the book: where calls to %.*s went",
                   TND_FMT(asked));
    if (!recovery->learned.ptr)
        return;
    bool is_for_good = recovery->learned_until == INT64_MAX;
    int64_t until = is_for_good ? BOOK_FOR_GOOD : recovery->learned_until / TND_SEC(1);
    if (until > now &&
        book_learn(&(struct book_entry){asked, recovery->learned, until}, now) == CLI_OK)
        agent_note(a, LADDER_PLAIN, "", "kept in the book: calls to %.*s go to %.*s%s",
                   TND_FMT(asked), TND_FMT(recovery->learned),
                   is_for_good ? " from now on" : " for a while");
}

struct tnd_slice agent_learned(struct agent *a, struct tnd_slice uri)
{
    struct book_entry entry;

    if (a->o->no_book || !book_find(uri, time(NULL), &a->arena, &entry))
        return tnd_slice(NULL, 0);
    agent_note(a, LADDER_PLAIN, "", "the book says: %.*s is at %.*s", TND_FMT(uri),
               TND_FMT(entry.target));
    return entry.target;
}

static void tell_alternative(struct agent *a, const struct tnd_recovery *recovery)
{
    const struct tnd_alternative *alternative = &recovery->alternative;

    if (alternative->type.len > 0 || alternative->action.len > 0 || alternative->reason.len > 0)
        agent_note(a, LADDER_PLAIN, "", "offered instead: %.*s %.*s %.*s",
                   TND_FMT(alternative->type), TND_FMT(alternative->action),
                   TND_FMT(alternative->reason));
}

/* Texts of tandem/ua.h end with the sentence, where a rule is what they tell of. */
struct tnd_slice agent_trouble(const struct agent *a, const struct tnd_ua_event *event,
                               char room[static AGENT_TROUBLE_SIZE])
{
    const char *english = tnd_rule_sentence((enum tnd_rule)event->rule);
    struct tnd_slice text = event->text, sentence = tnd_slice_str(english);
    struct tnd_writer w = tnd_writer(room, AGENT_TROUBLE_SIZE);

    if (event->rule == TND_RULE_NONE || text.len < sentence.len ||
        !tnd_slice_eq(tnd_slice(tnd_slice_end(text) - sentence.len, sentence.len), sentence))
        return text;
    tnd_put(&w, tnd_slice(text.ptr, text.len - sentence.len));
    tnd_put_str(&w, tnd_text(a->report.lang, english));
    return tnd_writer_over(&w) ? text : tnd_writer_slice(&w);
}

void agent_timeout(struct agent *a, enum tnd_method method)
{
    agent_note(a, LADDER_BAD, "", "not answered in %.1f s: given up", (double)a->o->timeout / 1e6);
    report_given_up(&a->report, method, tnd_slice_str(*a->target ? a->target : a->report.uri), 408,
                    TND_STR("not answered within --timeout"));
}

static const char *without_response(unsigned code)
{
    if (code == 408)
        return "nobody answered in time";
    if (code == 580)
        return "what is mandatory could not be reserved here (--reserve): the call was cancelled";
    return "nothing could be sent there: no such host, no server behind it, or no way to it";
}

static void put_address(char *room, size_t size, const struct tnd_endpoint *e)
{
    struct tnd_writer w = tnd_writer(room, size - 1);

    tnd_address_write(&w, e);
    room[tnd_writer_slice(&w).len] = '\0';
}

/* What somebody else named may be where nothing leads from here. */
static void tell_place(struct agent *a, const struct tnd_ua_event *event)
{
    char own[TND_ADDRESS_LEN_MAX + 1], better[TND_ADDRESS_LEN_MAX + 1];
    struct tnd_endpoint place;

    if (event->msg || event->code != 503 || !agent_is_misplaced(a, event->uri, &place))
        return;
    put_address(own, sizeof(own), &a->phone.addresses[0]);
    put_address(better, sizeof(better), &place);
    agent_note(a, LADDER_GOOD, "=> ",
               "this phone is at %s, from where nothing gets there: do it again with --local %s",
               own, better);
}

/* The transport that is wanted and not there, as TLS is by sips: (RFC 3261 §26.2.2); NONE: it is not that. */
static enum tnd_transport lacked(const struct agent *a, const struct tnd_ua_event *event)
{
    struct tnd_slice hop = *a->o->proxy ? tnd_slice_str(a->o->proxy) : event->uri, name;
    enum tnd_transport transport = TND_TRANSPORT_NONE;
    struct tnd_flaw flaw;
    struct tnd_uri uri;

    if (event->msg || event->code != 503 || tnd_uri_parse(hop, &uri, &flaw))
        return TND_TRANSPORT_NONE;
    if (tnd_param_find(uri.params, TND_STR("transport"), &name))
        transport = tnd_transport_find(name);
    if (transport <= TND_TRANSPORT_TCP)
        return uri.scheme == TND_SCHEME_SIPS ? TND_TRANSPORT_TLS : TND_TRANSPORT_NONE;
    return transport;
}

static void tell(struct agent *a, const struct tnd_ua_event *event)
{
    const struct tnd_recovery *recovery = event->recovery;
    struct tnd_explanation e;

    report_attempt(&a->report, event);
    tnd_explain(event->code, a->report.lang, &e);
    if (!event->msg)
        agent_note(a, LADDER_BAD, "! ", "%s", without_response(event->code));
    if (event->text.len > 0 && !(recovery && tnd_slice_eq(event->text, recovery->detail)))
        agent_note(a, LADDER_BAD, "! ", "%.*s", TND_FMT(event->text));
    agent_note(a, LADDER_BAD, "", "%u %s: %s", event->code, e.title, e.description);
    if (recovery)
        tell_alternative(a, recovery);
    if (recovery && recovery->action == TND_RECOVER_NONE) {
        agent_note(a, LADDER_PLAIN, "=> ", "%.*s", TND_FMT(recovery->detail));
    } else if (!is_end(recovery)) {
        agent_note(a, LADDER_GOOD, "=> ", "%s: %.*s",
                   tnd_recover_action_name((enum tnd_recover_action)recovery->action),
                   TND_FMT(recovery->detail));
    } else {
        if (recovery && recovery->detail.len > 0)
            agent_note(a, LADDER_BAD, "=> ", "%s: %.*s",
                       tnd_recover_action_name((enum tnd_recover_action)recovery->action),
                       TND_FMT(recovery->detail));
        agent_note(a, LADDER_PLAIN, "   ", "%s", e.fix);
    }
    tell_place(a, event);
    learn(a, recovery);
}

void agent_tell_attempt(struct agent *a, const struct tnd_ua_event *event)
{
    enum tnd_transport transport = lacked(a, event);
    struct tnd_ua_event told = *event;
    struct tnd_recovery because;
    char why[80];

    if (transport != TND_TRANSPORT_NONE && event->recovery) { /* what is no server's fault */
        snprintf(why, sizeof(why), "%s is not built in yet: this phone speaks UDP and TCP",
                 tnd_transport_name(transport));
        because = *event->recovery;
        because.detail = tnd_slice_str(why);
        told.recovery = &because;
        told.text = tnd_slice(NULL, 0);
    }
    tell(a, &told);
}
