/* Content-Type, Accept, Content-Disposition, MIME-Version. */
#include "unit/sip/probe.h"

TND_TEST(content_type_is_read, "RFC 3261 §20.15",
         "a media type has a type, a subtype and parameters")
{
    struct tnd_media_type m;
    struct tnd_slice boundary;

    READ(media_type, "application/sdp", &m);
    CHECK_STR(m.type, "application");
    CHECK_STR(m.subtype, "sdp");
    CHECK(tnd_media_type_is(&m, TND_STR("Application"), TND_STR("SDP")));
    CHECK(!tnd_media_type_is(&m, TND_STR("application"), TND_STR("sdp2")));

    READ(media_type, "multipart/mixed ; boundary=\"a;b\" ; x = y", &m);
    CHECK(tnd_param_find(m.params, TND_STR("BOUNDARY"), &boundary));
    CHECK_STR(boundary, "\"a;b\"");
    CHECK_GOOD(media_type, struct tnd_media_type, "text/html; charset=ISO-8859-4", 1);
    CHECK_GOOD(media_type, struct tnd_media_type, "message / sipfrag;version=2.0", 1);
}

TND_TEST(content_type_may_be_folded, "RFC 3261 §7.3.1", "a fold counts as white space")
{
    struct tnd_values v =
        probe_fields(TND_HEADER_CONTENT_TYPE, "c:\r\n application\r\n\t/\r\n sdp ;\r\n a=b\r\n");
    struct tnd_media_type m;

    CHECK(tnd_media_type_next(&v, &m));
    CHECK(tnd_media_type_is(&m, TND_STR("application"), TND_STR("sdp")));
    CHECK(!tnd_media_type_next(&v, &m));
    CHECK_EQ(v.c.flaw.rule, TND_RULE_NONE);
}

TND_TEST(content_type_flaws, "RFC 3261 §25.1",
         "a media type without its half or its value is refused")
{
    CHECK_FLAW(media_type, struct tnd_media_type, "application", MEDIA_TYPE, "");
    CHECK_FLAW(media_type, struct tnd_media_type, "application sdp", MEDIA_TYPE, "sdp");
    CHECK_FLAW(media_type, struct tnd_media_type, "/sdp", MEDIA_TYPE, "/");
    CHECK_FLAW(media_type, struct tnd_media_type, "a/;x=y", MEDIA_TYPE, ";");
    CHECK_FLAW(media_type, struct tnd_media_type, "a/b;x", PARAM_VALUE, "x");
    CHECK_FLAW(media_type, struct tnd_media_type, "a/b c", VALUE_END, "c");
    CHECK_FLAW(media_type, struct tnd_media_type, "a/b;=y", PARAM, "=");
}

TND_TEST(accept_is_a_list_with_weights, "RFC 3261 §20.1", "Accept lists media ranges with q")
{
    struct tnd_values v =
        probe(TND_STR("application/sdp;level=1, application/x-private, text/html;q=0.5, */*;q=0"));
    struct tnd_media_type m;

    CHECK(tnd_accept_next(&v, &m));
    CHECK_EQ(m.q, -1);
    CHECK(tnd_accept_next(&v, &m) && tnd_accept_next(&v, &m));
    CHECK_EQ(m.q, 500);
    CHECK(tnd_media_range_has(&m, TND_STR("text"), TND_STR("html")));
    CHECK(!tnd_media_range_has(&m, TND_STR("text"), TND_STR("plain")));
    CHECK(tnd_accept_next(&v, &m));
    CHECK_EQ(m.q, 0);
    CHECK(tnd_media_range_has(&m, TND_STR("image"), TND_STR("png")));
    CHECK(!tnd_accept_next(&v, &m));

    READ(accept, "text/*", &m);
    CHECK(tnd_media_range_has(&m, TND_STR("TEXT"), TND_STR("plain")));
    CHECK(!tnd_media_range_has(&m, TND_STR("image"), TND_STR("png")));
}

TND_TEST(accept_may_be_empty, "RFC 3261 §25.1", "an empty Accept is one that accepts nothing")
{
    CHECK_GOOD(accept, struct tnd_media_type, "", 0);
    CHECK_FLAW(media_type, struct tnd_media_type, "", VALUE_EMPTY, "");
    CHECK_FLAW(accept, struct tnd_media_type, "*/sdp", MEDIA_TYPE, "sdp");
    CHECK_FLAW(accept, struct tnd_media_type, "a/b;q=2", PARAM_VALUE, "q");
    CHECK_FLAW(accept, struct tnd_media_type, "a/b;q=1;q=0", PARAM_VALUE, "q=0");
    CHECK_FLAW(accept, struct tnd_media_type, "a/b,", MEDIA_TYPE, "");
}

TND_TEST(disposition_is_read, "RFC 3261 §20.11", "Content-Disposition is a type with a handling")
{
    struct tnd_disposition d;

    READ(disposition, "session", &d);
    CHECK_STR(d.type, "session");
    CHECK(!d.handling.ptr);
    READ(disposition, "early-session; handling=optional;x=\"y\"", &d);
    CHECK_STR(d.handling, "optional");
    CHECK_FLAW(disposition, struct tnd_disposition, "session;handling", PARAM_VALUE, "handling");
    CHECK_FLAW(disposition, struct tnd_disposition, ";handling=required", TOKEN, ";");
    CHECK_FLAW(disposition, struct tnd_disposition, "a;handling=b;handling=c", PARAM_VALUE,
               "handling=c");
}

TND_TEST(mime_version_is_two_numbers, "RFC 3261 §20.24", "MIME-Version is two numbers and a dot")
{
    struct tnd_mime_version m;

    READ(mime_version, "1.0", &m);
    CHECK_EQ(m.major, 1);
    CHECK_EQ(m.minor, 0);
    CHECK_FLAW(mime_version, struct tnd_mime_version, "1", MIME_VERSION, "");
    CHECK_FLAW(mime_version, struct tnd_mime_version, "1.", MIME_VERSION, "");
    CHECK_FLAW(mime_version, struct tnd_mime_version, ".0", MIME_VERSION, ".");
    CHECK_FLAW(mime_version, struct tnd_mime_version, "1.99999999999", MIME_VERSION, "9");
    CHECK_FLAW(mime_version, struct tnd_mime_version, "1.0.0", VALUE_END, ".0");
}

TND_TEST(content_is_written_as_read, "RFC 3261 §20.15", "what is read and written is stable")
{
    CHECK_STABLE(media_type, media_type, struct tnd_media_type, "a / b ; c=d ; e=\"f g\"  ");
    CHECK_STABLE(accept, media_type, struct tnd_media_type, "*/* ; q=0.001, a/b");
    CHECK_STABLE(disposition, disposition, struct tnd_disposition, "render ;handling = required");
    CHECK_STABLE(mime_version, mime_version, struct tnd_mime_version, "01.00");
}
