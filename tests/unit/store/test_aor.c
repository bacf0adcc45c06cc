/* The address-of-record by which a user is looked up. */
#include "tandem/store.h"
#include "unit/test.h"

static bool write_aor(const char *uri, struct tnd_writer *w)
{
    struct tnd_uri read;
    struct tnd_flaw flaw;

    CHECK_EQ(tnd_uri_parse(tnd_slice_str(uri), &read, &flaw), 0);
    return tnd_aor_write(w, &read);
}

static void check_aor(const char *uri, const char *aor)
{
    char room[TND_AOR_LEN_MAX];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    CHECK(write_aor(uri, &w));
    CHECK_STR(tnd_writer_slice(&w), aor);
}

static void check_none(const char *uri)
{
    char room[8] = "before";
    struct tnd_writer w = {room, 6, sizeof(room)};

    CHECK(!write_aor(uri, &w));
    CHECK_STR(tnd_writer_slice(&w), "before");
}

TND_TEST(aor_is_canonical, "RFC 3261 §10.3",
         "an address-of-record has no parameters, no port, and no escape but where one is needed")
{
    check_aor("sip:alice@example.com", "alice@example.com");
    check_aor("sip:alice@EXAMPLE.com:5070;transport=tcp?Subject=x", "alice@example.com");
    check_aor("sips:alice:secret@example.com", "alice@example.com");
    check_aor("sip:+49-30;ext=1@example.com;user=phone", "+49-30;ext=1@example.com");
    check_aor("sip:%61lice%3B1@example.com", "alice;1@example.com");
    check_aor("sip:a%40b@example.com", "a%40b@example.com");
    check_aor("sip:a%2541@example.com", "a%2541@example.com");
    check_aor("sip:%c3%BC@example.com", "%c3%bc@example.com");
    check_aor("sip:a%00@example.com", "a%00@example.com");
    check_aor("sip:Alice@192.0.2.1", "Alice@192.0.2.1");
    check_aor("sip:alice@[2001:0DB8:0::1]:5060", "alice@[2001:db8::1]");
}

TND_TEST(aor_of_what_has_none, "RFC 3261 §10.3",
         "a URI without user, and one that is neither sip nor sips, has no address-of-record")
{
    check_none("sip:example.com");
    check_none("tel:+49301234");
    check_none("http://alice@example.com/");
}

TND_TEST(aor_bound, "RFC 3261 §10.3", "what is longer than any address-of-record here has none")
{
    char uri[2 * TND_AOR_LEN_MAX];
    char room[TND_AOR_LEN_MAX + 1];

    for (size_t len = TND_AOR_LEN_MAX - 1; len <= TND_AOR_LEN_MAX + 1; len++) {
        struct tnd_writer text = tnd_writer(uri, sizeof(uri)), w = tnd_writer(room, sizeof(room));
        tnd_put_str(&text, "sip:");
        for (size_t i = 0; i < len - strlen("@a.example"); i++)
            tnd_put_char(&text, 'u');
        tnd_put(&text, TND_STR("@a.example\0"));
        CHECK_EQ(write_aor(uri, &w), len <= TND_AOR_LEN_MAX);
        CHECK_EQ(w.len, len <= TND_AOR_LEN_MAX ? len : 0);
    }
}
