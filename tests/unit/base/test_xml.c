/* Text for XML and HTML. */
#include "base/xml.h"
#include "unit/test.h"

static void check(const char *text, const char *written)
{
    char room[128];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_put_xml(&w, tnd_slice_str(text));
    CHECK_STR(tnd_writer_slice(&w), written);
}

TND_TEST(xml_markup_is_text, "XML 1.0 §2.4", "what would be markup is written as a reference")
{
    check("a <b> & \"c\" 'd'", "a &lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;");
    check("", "");
    check("\t호출\r\n", "\t호출\r\n");
}

TND_TEST(xml_has_no_place_for_it, "XML 1.0 §2.2",
         "control characters, U+FFFE and what is no UTF-8 are replaced")
{
    check("a\001b\033\177", "a\xef\xbf\xbd"
                            "b\xef\xbf\xbd\xef\xbf\xbd");
    check("\xff\xc3(", "\xef\xbf\xbd\xef\xbf\xbd(");
    check("\xef\xbf\xbe\xef\xbf\xbd", "\xef\xbf\xbd\xef\xbf\xbd");
    check("\xf0\x9f\x93\x9e", "\xf0\x9f\x93\x9e");
}
