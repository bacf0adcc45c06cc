/* What a REGISTER makes of bindings. A binding is told in a line of a table: URI, Call-ID, CSeq and
 * how many seconds from NOW on it lasts. */
#include "tandem/store.h"
#include "unit/test.h"

enum { NOW = 1800000000, ROOM = TND_BINDING_COUNT_MAX };

struct row {
    const char *uri, *call_id;
    uint32_t cseq;
    int64_t lasts; /* of a contact 0: to be removed */
};

static struct tnd_binding binding(const struct row *row)
{
    return (struct tnd_binding){.uri = tnd_slice_str(row->uri),
                                .call_id = tnd_slice_str(row->call_id),
                                .cseq = row->cseq,
                                .until = row->lasts ? NOW + row->lasts : 0,
                                .q = -1};
}

/* What is there, what a REGISTER says, and what becomes of it. */
struct play {
    struct row kept[4];
    struct row contacts[4];
    bool star;
    const char *call_id;
    uint32_t cseq;
    uint32_t count_max;
    enum tnd_store_result result;
    const char *after; /* the URIs, with a space behind each; of OK only */
};

static size_t make(const struct row rows[4], struct tnd_binding ret[4])
{
    size_t count = 0;

    for (; count < 4 && rows[count].uri; count++)
        ret[count] = binding(&rows[count]);
    return count;
}

static void check_after(const struct tnd_binding *after, size_t count, const char *uris)
{
    char text[200];
    struct tnd_writer w = tnd_writer(text, sizeof(text));

    for (size_t i = 0; i < count; i++) {
        tnd_put(&w, after[i].uri);
        tnd_put_char(&w, ' ');
    }
    CHECK_STR(tnd_writer_slice(&w), uris);
}

static void run(const struct play *p)
{
    struct tnd_binding kept[4], contacts[4], after[ROOM] = {{.cseq = 77}};
    size_t count = make(p->kept, kept), after_count = 99;
    struct tnd_binding_change change = {.contacts = contacts,
                                        .count = make(p->contacts, contacts),
                                        .star = p->star,
                                        .call_id = tnd_slice_str(p->call_id),
                                        .cseq = p->cseq,
                                        .count_max = p->count_max ? p->count_max : 10};

    CHECK_EQ(tnd_bindings_change(kept, count, &change, NOW, after, &after_count), p->result);
    if (p->result == TND_STORE_OK) {
        check_after(after, after_count, p->after);
    } else {
        CHECK_EQ(after_count, 99);
        CHECK_EQ(after[0].cseq, 77);
    }
}

static void run_all(const struct play *plays, size_t count)
{
    for (size_t i = 0; i < count; i++)
        run(&plays[i]);
}
#define RUN(plays) run_all(plays, sizeof(plays) / sizeof(*(plays)))

TND_TEST(contact_adds_refreshes_removes, "RFC 3261 §10.3",
         "a contact refreshes or removes the binding whose URI equals its own, else adds one")
{
    static const struct play plays[] = {
        {.contacts = {{"sip:a@1.example", "x", 1, 60}},
         .call_id = "x",
         .cseq = 1,
         .after = "sip:a@1.example "},
        {.kept = {{"sip:a@1.example", "y", 9, 60}, {"sip:b@1.example", "y", 9, 60}},
         .contacts = {{"sip:%61@1.EXAMPLE", "x", 1, 60}, {"sip:c@1.example", "x", 1, 60}},
         .call_id = "x",
         .cseq = 1,
         .after = "sip:%61@1.EXAMPLE sip:b@1.example sip:c@1.example "},
        {.kept = {{"sip:a@1.example", "x", 1, 60}, {"sip:b@1.example", "x", 1, 60}},
         .contacts = {{"sip:a@1.example", "x", 2, 0}, {"sip:new@1.example", "x", 2, 0}},
         .call_id = "x",
         .cseq = 2,
         .after = "sip:b@1.example "},
        {.kept = {{"sip:a@1.example;transport=tcp", "x", 1, 60}},
         .contacts = {{"sip:a@1.example", "x", 2, 60}},
         .call_id = "x",
         .cseq = 2,
         .after = "sip:a@1.example;transport=tcp sip:a@1.example "},
        {.kept = {{"not a uri", "x", 1, 60}, {"tel:+4930", "x", 1, 60}},
         .contacts = {{"not a uri", "x", 2, 0}, {"tel:+49-30", "x", 2, 60}},
         .call_id = "x",
         .cseq = 2,
         .after = "tel:+49-30 "},
        {.kept = {{"sip:a@1.example", "x", 1, 60}}, .call_id = "x", .after = "sip:a@1.example "},
    };

    PROVES(REGISTRAR_CONTACT);
    RUN(plays);
}

TND_TEST(contact_that_equals_several, "RFC 3261 §19.1.4",
         "equality is not transitive: a contact that equals several bindings stands for them all")
{
    static const struct play plays[] = {
        {.kept = {{"sip:a@1.example;x=1", "x", 1, 60},
                  {"sip:b@1.example", "x", 1, 60},
                  {"sip:a@1.example;x=2", "x", 1, 60}},
         .contacts = {{"sip:a@1.example", "x", 2, 60}},
         .call_id = "x",
         .cseq = 2,
         .after = "sip:a@1.example sip:b@1.example "},
        {.kept = {{"sip:a@1.example", "x", 1, 60}},
         .contacts = {{"sip:a@1.example;x=1", "x", 2, 60}, {"sip:a@1.example;x=2", "x", 2, 60}},
         .call_id = "x",
         .cseq = 2,
         .after = "sip:a@1.example;x=1 sip:a@1.example;x=2 "},
    };

    RUN(plays);
}

TND_TEST(
    refresh_takes_over_everything, "RFC 3261 §10.3",
    "a refreshed binding keeps its place alone: Call-ID, CSeq, q, path, source and flow are new")
{
    const uint8_t address[4] = {192, 0, 2, 1};
    struct tnd_binding kept[2] = {
        {.uri = TND_STR("sip:a@1.example"), .call_id = TND_STR("old"), .cseq = 5, .until = NOW + 9},
        {.uri = TND_STR("sip:b@1.example"), .call_id = TND_STR("old"), .cseq = 5, .until = NOW + 9},
    };
    struct tnd_binding contact = {.uri = TND_STR("sip:a@1.example"),
                                  .call_id = TND_STR("new"),
                                  .path = TND_STR("<sip:edge.example;lr>"),
                                  .params = TND_STR(";+sip.ice"),
                                  .until = NOW + 60,
                                  .cseq = 1,
                                  .q = 500,
                                  .source = tnd_endpoint(TND_TRANSPORT_TCP, address, 4, 5060),
                                  .flow = 7,
                                  .life = 8};
    struct tnd_binding_change change = {
        .contacts = &contact, .count = 1, .call_id = TND_STR("new"), .cseq = 1, .count_max = 2};
    struct tnd_binding after[ROOM];
    size_t count;

    CHECK_EQ(tnd_bindings_change(kept, 2, &change, NOW, after, &count), TND_STORE_OK);
    CHECK_EQ(count, 2);
    CHECK_STR(after[0].call_id, "new");
    CHECK_STR(after[0].path, "<sip:edge.example;lr>");
    CHECK_STR(after[0].params, ";+sip.ice");
    CHECK_EQ(after[0].until, NOW + 60);
    CHECK_EQ(after[0].cseq, 1);
    CHECK_EQ(after[0].q, 500);
    CHECK(tnd_endpoint_eq(&after[0].source, &contact.source));
    CHECK_EQ(after[0].flow, 7);
    CHECK_EQ(after[0].life, 8);
    CHECK_STR(after[1].uri, "sip:b@1.example");
}

TND_TEST(overtaken_register_changes_nothing, "RFC 3261 §10.3",
         "under the same Call-ID a binding is changed by a higher CSeq only, and the rest with it")
{
    static const struct play plays[] = {
        {.kept = {{"sip:a@1.example", "x", 5, 60}},
         .contacts = {{"sip:b@1.example", "x", 5, 60}, {"sip:a@1.example", "x", 5, 60}},
         .call_id = "x",
         .cseq = 5,
         .result = TND_STORE_STALE},
        {.kept = {{"sip:b@1.example", "x", 5, 60}, {"sip:a@1.example", "x", 5, 60}},
         .contacts = {{"sip:a@1.example", "x", 4, 0}},
         .call_id = "x",
         .cseq = 4,
         .result = TND_STORE_STALE},
        /* another Call-ID has a count of its own, and a binding nobody asks about has no say */
        {.kept = {{"sip:a@1.example", "X", 5, 60}, {"sip:b@1.example", "x", 5, 60}},
         .contacts = {{"sip:a@1.example", "x", 5, 60}},
         .call_id = "x",
         .cseq = 5,
         .after = "sip:a@1.example sip:b@1.example "},
        {.kept = {{"sip:a@1.example", "x", 5, 60}},
         .contacts = {{"sip:a@1.example", "x", 4294967295, 60}},
         .call_id = "x",
         .cseq = 4294967295,
         .after = "sip:a@1.example "},
    };

    PROVES(REGISTRAR_CSEQ);
    PROVES(REGISTRAR_COMMIT);
    RUN(plays);
    CHECK_EQ(tnd_store_rule(TND_STORE_OK, false), TND_RULE_REGISTRAR_CONTACT);
    CHECK_EQ(tnd_store_rule(TND_STORE_STALE, false), TND_RULE_REGISTRAR_CSEQ);
    CHECK_EQ(tnd_store_rule(TND_STORE_FAILED, true), TND_RULE_REGISTRAR_COMMIT);
}

TND_TEST(star_removes_all, "RFC 3261 §10.3",
         "the contact * removes every binding, or none if one has its Call-ID and no lower CSeq")
{
    static const struct play plays[] = {
        {.kept = {{"sip:a@1.example", "y", 9, 60}, {"sip:b@1.example", "x", 4, 60}},
         .star = true,
         .call_id = "x",
         .cseq = 5,
         .after = ""},
        {.kept = {{"sip:a@1.example", "y", 9, 60}, {"sip:b@1.example", "x", 5, 60}},
         .star = true,
         .call_id = "x",
         .cseq = 5,
         .result = TND_STORE_STALE},
        {.star = true, .call_id = "x", .cseq = 1, .after = ""},
    };

    PROVES(REGISTRAR_STAR);
    RUN(plays);
    CHECK_EQ(tnd_store_rule(TND_STORE_OK, true), TND_RULE_REGISTRAR_STAR);
    CHECK_EQ(tnd_store_rule(TND_STORE_STALE, true), TND_RULE_REGISTRAR_STAR);
}

TND_TEST(ended_bindings_are_gone, "RFC 3261 §10.3",
         "a binding whose time is over is not there: it neither counts nor has a CSeq")
{
    static const struct play plays[] = {
        {.kept = {{"sip:a@1.example", "x", 9, -1}, {"sip:b@1.example", "x", 9, 1}},
         .contacts = {{"sip:a@1.example", "x", 1, 60}},
         .call_id = "x",
         .cseq = 1,
         .count_max = 2,
         .after = "sip:b@1.example sip:a@1.example "},
        {.kept = {{"sip:a@1.example", "x", 9, -1}},
         .star = true,
         .call_id = "x",
         .cseq = 1,
         .after = ""},
        {.contacts = {{"sip:a@1.example", "x", 1, -5}}, .call_id = "x", .cseq = 1, .after = ""},
    };
    struct tnd_binding kept = {.uri = TND_STR("sip:a@1.example"), .until = NOW}, after[ROOM];
    struct tnd_binding_change nothing = {.count_max = 1};
    size_t count;

    RUN(plays);
    CHECK_EQ(tnd_bindings_change(&kept, 1, &nothing, NOW - 1, after, &count), TND_STORE_OK);
    CHECK_EQ(count, 1);
    CHECK_EQ(tnd_bindings_change(&kept, 1, &nothing, NOW, after, &count), TND_STORE_OK);
    CHECK_EQ(count, 0);
}

TND_TEST(bindings_bound, "TND_BINDING_COUNT_MAX",
         "bindings beyond the limit change nothing; who has as many may refresh and remove them")
{
    static const struct play plays[] = {
        {.kept = {{"sip:a@1.example", "x", 1, 60}},
         .contacts = {{"sip:a@1.example", "x", 2, 60}, {"sip:b@1.example", "x", 2, 60}},
         .call_id = "x",
         .cseq = 2,
         .count_max = 1,
         .result = TND_STORE_FULL},
        {.kept = {{"sip:a@1.example", "x", 1, 60}},
         .contacts = {{"sip:b@1.example", "x", 2, 60}, {"sip:a@1.example", "x", 2, 0}},
         .call_id = "x",
         .cseq = 2,
         .count_max = 1,
         .after = "sip:b@1.example "},
        /* the limit was higher when these were made */
        {.kept = {{"sip:a@1.example", "x", 1, 60},
                  {"sip:b@1.example", "x", 1, 60},
                  {"sip:c@1.example", "x", 1, 60}},
         .contacts = {{"sip:a@1.example", "x", 2, 60}, {"sip:b@1.example", "x", 2, 0}},
         .call_id = "x",
         .cseq = 2,
         .count_max = 1,
         .after = "sip:a@1.example sip:c@1.example "},
    };

    PROVES(BINDING_COUNT);
    RUN(plays);
    CHECK_EQ(tnd_store_rule(TND_STORE_FULL, false), TND_RULE_BINDING_COUNT);
}

TND_TEST(bindings_at_their_bounds, "TND_BINDING_COUNT_MAX",
         "as many contacts as a message can have meet as many bindings as there can be")
{
    static struct tnd_binding kept[TND_BINDING_COUNT_MAX], contacts[TND_LIST_COUNT_MAX];
    static char uris[TND_LIST_COUNT_MAX][24];
    struct tnd_binding_change change = {
        .contacts = contacts, .count = TND_LIST_COUNT_MAX, .cseq = 0, .count_max = UINT32_MAX};
    struct tnd_binding after[ROOM];
    size_t count = 99;

    for (unsigned i = 0; i < TND_LIST_COUNT_MAX; i++) {
        struct tnd_writer w = tnd_writer(uris[i], sizeof(uris[i]));
        tnd_put_str(&w, "sip:");
        tnd_put_number(&w, i);
        tnd_put_str(&w, "@a.example");
        contacts[i] = (struct tnd_binding){.uri = tnd_writer_slice(&w), .until = NOW + 60};
    }
    memcpy(kept, contacts, sizeof(kept));
    CHECK_EQ(tnd_bindings_change(kept, ROOM, &change, NOW, after, &count), TND_STORE_STALE);
    change.cseq = 1;
    CHECK_EQ(tnd_bindings_change(kept, ROOM, &change, NOW, after, &count), TND_STORE_FULL);
    CHECK_EQ(count, 99);
    for (unsigned i = 0; i < TND_LIST_COUNT_MAX; i++)
        if (i % 2)
            contacts[i].until = 0;
    CHECK_EQ(tnd_bindings_change(kept, ROOM, &change, NOW, after, &count), TND_STORE_FULL);
    change.count = TND_BINDING_COUNT_MAX;
    CHECK_EQ(tnd_bindings_change(kept, ROOM, &change, NOW, after, &count), TND_STORE_OK);
    CHECK_EQ(count, ROOM / 2);
    CHECK_STR(after[ROOM / 2 - 1].uri, "sip:98@a.example");
}

TND_TEST(binding_len_bound, "TND_BINDING_LEN_MAX", "the texts of a binding stay within the limit")
{
    static char text[TND_BINDING_LEN_MAX];
    struct tnd_binding b = {.uri = tnd_slice(text, 1000),
                            .call_id = tnd_slice(text, 1000),
                            .path = tnd_slice(text, 1000),
                            .params = tnd_slice(text, TND_BINDING_LEN_MAX - 3000)};

    PROVES(BINDING_LEN);
    CHECK_EQ(tnd_binding_judge(&b), TND_RULE_NONE);
    b.path.len++;
    CHECK_EQ(tnd_binding_judge(&b), TND_RULE_BINDING_LEN);
}
