/* "{user}" in a contact: what a stranger is called stays within its part of the URI. */
#include "tandem/redirect.h"
#include "unit/test.h"

static struct tnd_slice fill(const char *template, const char *request_uri)
{
    static char room[8192];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    const struct tnd_route_contact contact = {.uri = tnd_slice_str(template)};
    struct tnd_uri uri;
    struct tnd_flaw flaw;

    CHECK_EQ(tnd_uri_parse(tnd_slice_str(request_uri), &uri, &flaw), 0);
    tnd_route_uri_write(&w, &contact, &uri);
    return tnd_writer_slice(&w);
}

TND_TEST(template_user, "RFC 3261 §19.1.1", "{user} is the user part of the Request-URI")
{
    CHECK_STR(fill("sip:{user}@gw.example", "sip:+4930123@example.com"), "sip:+4930123@gw.example");
    CHECK_STR(fill("sip:{user}@gw.example", "tel:+4930123;x=y"), "sip:+4930123@gw.example");
    CHECK_STR(fill("sip:0{user}{user};x@gw.example:5070;lr", "sip:7@example.com"),
              "sip:077;x@gw.example:5070;lr");
    CHECK_STR(fill("sip:x@gw.example", "sip:7@example.com"), "sip:x@gw.example");
    CHECK_STR(fill("sip:gw.example", "sip:7@example.com"), "sip:gw.example");
    CHECK_STR(fill("sip:{User}{use@gw.example", "sip:7@example.com"), "sip:{User}{use@gw.example");
    CHECK_STR(fill("mailto:{user}@example.com", "sip:a;b@example.com"), "mailto:a%3bb@example.com");
}

TND_TEST(template_escapes, "RFC 3261 §19.1.2",
         "an escape stays one, and what may not stand in a user part becomes one")
{
    CHECK_STR(fill("sip:{user}@gw", "sip:a%40b%3B%0d%0A@x"), "sip:a%40b%3B%0d%0A@gw");
    CHECK_STR(fill("sip:{user}@gw", "sip:a;b?c/d,e=f@x"), "sip:a;b?c/d,e=f@gw");
    CHECK_STR(fill("sip:{user}@gw", "tel:*31#;phone-context=+49"), "sip:*31%23@gw");
}

TND_TEST(template_elsewhere, "RFC 3261 §25.1",
         "outside of a user part {user} has no character that would end its place")
{
    CHECK_STR(fill("sip:x@gw;to={user}", "sip:a;b=c?d/e&f,g@x"),
              "sip:x@gw;to=a%3bb%3dc%3fd%2fe%26f%2cg");
    CHECK_STR(fill("sip:gw?Subject={user}&x=y", "sip:a&To=b@x"), "sip:gw?Subject=a%26To%3db&x=y");
    CHECK_STR(fill("sip:x:{user}@gw", "sip:a;b@x"), "sip:x:a%3bb@gw");
    CHECK_STR(fill("https://a/{user}", "sip:a/../b@x"), "https://a/a%2f..%2fb");
    CHECK_STR(fill("sip:gw;to={user}", "sip:+4930@x"), "sip:gw;to=+4930");
}

TND_TEST(template_no_user, "RFC 3261 §19.1.1", "without a user there is no user part, and no @")
{
    CHECK_STR(fill("sip:{user}@gw.example;lr", "sip:example.com"), "sip:gw.example;lr");
    CHECK_STR(fill("SIPS:{user}{user}:secret@gw.example", "sip:example.com"), "SIPS:gw.example");
    CHECK_STR(fill("sip:0{user}@gw.example", "sip:example.com"), "sip:0@gw.example");
    CHECK_STR(fill("sip:{user}@gw.example", "urn:service:sos"), "sip:gw.example");
}

/* Whatever octets the user is of: the result is a URI with that user, and with nothing more. */
TND_TEST(template_any_octet, "RFC 3261 §19.1.2",
         "every octet of a user arrives, in a user part and elsewhere")
{
    static const char *const templates[] = {"sip:{user}@gw", "sip:x:{user}@gw", "sip:gw;x={user}",
                                            "sip:gw?x={user}"};
    char user[4 * 256 + 16], room[8192], octets[512];
    struct tnd_writer w = tnd_writer(user, sizeof(user));
    struct tnd_flaw flaw;
    struct tnd_uri uri;

    tnd_put_str(&w, "sip:");
    for (int i = 0; i < 256; i++) {
        char c = (char)i;
        tnd_put_user(&w, tnd_slice(&c, 1));
    }
    tnd_put_str(&w, "@x");
    tnd_put_char(&w, '\0');
    for (size_t i = 0; i < sizeof(templates) / sizeof(*templates); i++) {
        struct tnd_slice filled = fill(templates[i], user);
        struct tnd_writer out = tnd_writer(octets, sizeof(octets));
        struct tnd_slice value;

        memcpy(room, filled.ptr, filled.len);
        CHECK_EQ(tnd_uri_parse(tnd_slice(room, filled.len), &uri, &flaw), 0);
        CHECK_STR(uri.host, "gw");
        value = i == 0 ? uri.user : i == 1 ? uri.password : i == 2 ? uri.params : uri.headers;
        size_t skip = i == 0 || i == 1 ? 0 : i == 2 ? 3 : 2;
        tnd_put_unescaped(&out, tnd_slice(value.ptr + skip, value.len - skip));
        CHECK_EQ(out.len, 256);
        for (int c = 0; c < 256; c++)
            CHECK_EQ((unsigned char)octets[c], c);
    }
}
