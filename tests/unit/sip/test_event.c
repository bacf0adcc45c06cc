/* Event, Allow-Events and Subscription-State. */
#include "unit/sip/probe.h"

TND_TEST(event_is_read, "RFC 6665 §8.2.1", "an event is a package, perhaps templates and an id")
{
    struct tnd_event e;

    READ(event, "presence.winfo.a ; id = 42", &e);
    CHECK_STR(e.type, "presence.winfo.a");
    CHECK_STR(e.package, "presence");
    CHECK_STR(e.id, "42");
    READ(event, "refer", &e);
    CHECK_STR(e.package, "refer");
    CHECK(!e.id.ptr);
    CHECK_GOOD(event, struct tnd_event, "conference, dialog;sla", 2);

    struct tnd_values v =
        probe_fields(TND_HEADER_ALLOW_EVENTS, "u: a\r\nAllow-Events: b,\r\n c\r\n");
    CHECK(tnd_event_next(&v, &e) && tnd_event_next(&v, &e) && tnd_event_next(&v, &e));
    CHECK_STR(e.type, "c");
    CHECK(!tnd_event_next(&v, &e));
    CHECK_EQ(v.c.flaw.rule, TND_RULE_NONE);
}

TND_TEST(event_flaws, "RFC 6665 §8.4", "a dot has a word on both sides")
{
    CHECK_FLAW(event, struct tnd_event, ".winfo", EVENT, ".");
    CHECK_FLAW(event, struct tnd_event, "a..b", EVENT, "a");
    CHECK_FLAW(event, struct tnd_event, "a.", EVENT, "a");
    CHECK_FLAW(event, struct tnd_event, ";id=1", EVENT, ";");
    CHECK_FLAW(event, struct tnd_event, "a;id=1;id=2", PARAM_VALUE, "id=2");
    CHECK_FLAW(event, struct tnd_event, "", VALUE_EMPTY, "");
}

TND_TEST(subscription_state_is_read, "RFC 6665 §8.2.3", "a state has a reason and times")
{
    struct tnd_subscription_state s;

    READ(subscription_state, "active;expires=60", &s);
    CHECK_EQ(s.state, TND_SUBSTATE_ACTIVE);
    CHECK_EQ(s.expires, 60);
    CHECK_EQ(s.retry_after, -1);
    READ(subscription_state, "Terminated ;reason=probation;retry-after=5", &s);
    CHECK_EQ(s.state, TND_SUBSTATE_TERMINATED);
    CHECK_STR(s.reason, "probation");
    CHECK_EQ(s.retry_after, 5);
    READ(subscription_state, "pending", &s);
    CHECK_EQ(s.state, TND_SUBSTATE_PENDING);
    READ(subscription_state, "waiting", &s);
    CHECK_EQ(s.state, TND_SUBSTATE_OTHER);
}

TND_TEST(subscription_state_flaws, "RFC 6665 §8.4", "a time is a number, a reason a token")
{
    CHECK_FLAW(subscription_state, struct tnd_subscription_state, "active;expires=x", PARAM_VALUE,
               "expires");
    CHECK_FLAW(subscription_state, struct tnd_subscription_state, "active;expires=4294967296",
               PARAM_VALUE, "expires");
    CHECK_FLAW(subscription_state, struct tnd_subscription_state, "active;reason=\"x\"",
               PARAM_VALUE, "reason");
    CHECK_FLAW(subscription_state, struct tnd_subscription_state, ";reason=x", TOKEN, ";");
}

TND_TEST(events_are_written_as_read, "RFC 6665 §8.4", "what is read and written is stable")
{
    CHECK_STABLE(event, event, struct tnd_event, "a.b ; id=c;d");
    CHECK_STABLE(subscription_state, subscription_state, struct tnd_subscription_state,
                 "terminated; retry-after=1 ;reason=giveup;expires=0");
}
