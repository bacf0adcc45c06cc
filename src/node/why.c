/* Records of why: a ring, written by a few copies, read when somebody asks. */
#include "base/ascii.h"
#include "node/node.h"

static uint8_t copy(char *room, size_t size, struct tnd_slice text)
{
    size_t len = text.len < size ? text.len : size;

    if (len > 0)
        memcpy(room, text.ptr, len);
    return (uint8_t)len;
}

/* The output has a copy: more records than the ring holds may come before it is taken. */
static void log_why(struct tnd_node *n, const struct tnd_why *why)
{
    struct tnd_why *copy = tnd_arena_take(&n->out, sizeof(*copy));

    if (!copy) {
        n->stats.lost++;
        return;
    }
    *copy = *why;
    node_out(n, TND_OUT_WHY)->why = copy;
}

void node_why(struct tnd_node *n, const struct node_asked *asked, const struct node_answer *answer)
{
    struct tnd_why *why = &n->whys[n->why_count++ % TND_WHY_COUNT];

    why->at = n->now;
    why->source = asked->flow->remote;
    why->code = answer->code;
    why->rule = (uint16_t)answer->rule;
    why->method = asked->parts->msg->method;
    why->call_id_len = copy(why->call_id, TND_WHY_CALL_ID_SIZE, asked->parts->call_id);
    why->fact_len = copy(why->fact, TND_WHY_FACT_SIZE, answer->fact);
    tnd_trace(&n->trace, n->now, "node.why", answer->code, answer->rule,
              tnd_slice(why->call_id, why->call_id_len));
    if (n->config->log)
        log_why(n, why);
}

const struct tnd_why *tnd_node_why(const struct tnd_node *n, struct tnd_slice call_id)
{
    uint64_t count = n->why_count < TND_WHY_COUNT ? n->why_count : TND_WHY_COUNT;

    call_id.len = call_id.len < TND_WHY_CALL_ID_SIZE ? call_id.len : TND_WHY_CALL_ID_SIZE;
    for (uint64_t age = 1; age <= count; age++) {
        const struct tnd_why *why = &n->whys[(n->why_count - age) % TND_WHY_COUNT];

        if (tnd_slice_eq(tnd_slice(why->call_id, why->call_id_len), call_id))
            return why;
    }
    return NULL;
}

/* A peer's words: a line end in them is none of ours. */
static void put_words(struct tnd_writer *w, const char *words, size_t len)
{
    for (size_t i = 0; i < len; i++)
        tnd_put_char(w, tnd_is_control(words[i]) ? '?' : words[i]);
}

void tnd_why_write(struct tnd_writer *w, const struct tnd_why *why)
{
    enum tnd_rule rule = (enum tnd_rule)why->rule;

    if (why->code > 0)
        tnd_put_number(w, why->code);
    else
        tnd_put(w, TND_STR("silence"));
    tnd_put(w, TND_STR(" to "));
    tnd_put_str(w, why->method ? tnd_method_name((enum tnd_method)why->method) : "a request");
    tnd_put(w, TND_STR(" from "));
    tnd_endpoint_write(w, &why->source);
    tnd_put(w, TND_STR(": "));
    tnd_put_str(w, tnd_rule_name(rule));
    tnd_put(w, TND_STR(": "));
    tnd_put_str(w, tnd_rule_sentence(rule));
    tnd_put(w, TND_STR(" ("));
    tnd_put_str(w, tnd_rule_law(rule));
    tnd_put(w, TND_STR(")"));
    if (why->fact_len > 0) {
        tnd_put(w, TND_STR(" ["));
        put_words(w, why->fact, why->fact_len);
        tnd_put(w, TND_STR("]"));
    }
    tnd_put(w, TND_STR(" Call-ID "));
    put_words(w, why->call_id, why->call_id_len);
}
