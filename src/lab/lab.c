/* The machine: which steps a request has, and the one that is next. */
#include "base/ascii.h"
#include "base/assert.h"
#include "lab/parts.h"

/* "lab-" and three digits; escapes mean what they say (RFC 3261 §19.1.4). */
unsigned tnd_lab_code(struct tnd_slice user)
{
    char text[sizeof("lab-302") - 1];
    struct tnd_writer w = tnd_writer(text, sizeof(text));
    struct tnd_slice prefix = TND_STR("lab-");
    unsigned code = 0;

    if (user.len > 3 * sizeof(text))
        return 0;
    tnd_put_unescaped(&w, user);
    if (w.len != sizeof(text) || !tnd_slice_eq_fold(tnd_slice(text, prefix.len), prefix))
        return 0;
    for (size_t i = prefix.len; i < sizeof(text); i++) {
        if (!tnd_is_digit(text[i]))
            return 0;
        code = 10 * code + (unsigned)(text[i] - '0');
    }
    return code >= 100 && code <= 699 ? code : 0;
}

/* A step: a response, or none, and how long until the next. */
struct stage {
    uint16_t code; /* of a provisional response; 0: none */
    enum tnd_rule rule;
    tnd_time wait;
};

/* The steps before the final response; returns how many. */
static size_t plan(const struct tnd_lab_asked *asked, const struct lab_params *params,
                   struct stage ret[TND_LAB_STEP_COUNT_MAX - 1])
{
    bool is_invite = asked->request->method == TND_METHOD_INVITE;
    unsigned code = tnd_lab_code(asked->uri->user);
    tnd_time delay = TND_MS(params->delay > 0 ? params->delay : 0);
    size_t count = 0;

    if (is_invite && params->ring >= 0)
        ret[count++] = (struct stage){180, TND_RULE_LAB_RING, TND_MS(params->ring)};
    if (is_invite && code < 200) {
        if (params->delay < 0)
            delay = TND_MS(TND_LAB_FIRST_WAIT_MS);
        ret[count++] = (struct stage){(uint16_t)code, TND_RULE_LAB_PROVISIONAL, delay};
    } else if (count > 0) {
        ret[0].wait += delay;
    } else if (delay > 0) {
        ret[count++] = (struct stage){0, TND_RULE_NONE, delay};
    }
    return count;
}

static void provisional(const struct tnd_lab_asked *asked, const struct lab_params *params,
                        const struct stage *stage, struct tnd_lab_step *ret)
{
    struct lab_asking q = {asked, params, stage->code};

    ret->due = stage->wait;
    ret->rule = stage->rule;
    ret->is_reply = stage->code != 0;
    ret->reply = (struct tnd_reply){.code = stage->code, .rport = -1};
    if (stage->code > 100) /* a 100 makes no dialog */
        ret->reply.fields = lab_fields(&q, lab_put_code);
}

static void final(const struct lab_answer *answer, struct tnd_lab_step *ret)
{
    ret->is_reply = true;
    ret->reply = answer->reply;
    ret->rule = answer->rule;
}

void tnd_lab_step(struct tnd_lab *lab, const struct tnd_lab_asked *asked, struct tnd_lab_step *ret)
{
    struct stage stages[TND_LAB_STEP_COUNT_MAX - 1];
    struct lab_params params;
    struct lab_answer answer;

    TND_ASSERT(tnd_lab_code(asked->uri->user) != 0);
    TND_ASSERT(asked->request->method != TND_METHOD_ACK &&
               asked->request->method != TND_METHOD_CANCEL);
    *ret = (struct tnd_lab_step){.due = -1};
    lab_answer(asked, &params, &answer);
    if (!tnd_arena_over(asked->a)) { /* else it may be another answer than that of the last step */
        size_t count = answer.as_called ? plan(asked, &params, stages) : 0;
        TND_ASSERT(lab->stage <= count);
        ret->forgets = answer.forgets;
        if (lab->stage < count)
            provisional(asked, &params, &stages[lab->stage], ret);
        else
            final(&answer, ret);
    }
    if (tnd_arena_over(asked->a)) { /* what was made is not to be trusted */
        *ret = (struct tnd_lab_step){.over = true, .due = -1};
        return;
    }
    lab->stage++;
}
