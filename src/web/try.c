/* Of a server: the call that a page is about, made now. Hidden until the script that does its work is there. */
#include "web/parts.h"

void try_section(const struct tnd_html *h)
{
    if (!h->site->is_served)
        return;
    tnd_html(h, "<section id=\"try\" hidden data-wait=\"%t\" data-wrong=\"%t\">\n<h2>%t</h2>\n",
             N_("The call is being made."), N_("The call cannot be made."), N_("See it happen"));
    tnd_html(h, "<p>%t</p>\n<p class=\"buttons\">\n",
             N_("This server calls its own lab, and each message is drawn as it is sent."));
    tnd_html(h, "<button data-code=\"%u\">%t sip:lab-%u</button>\n", h->page->a, N_("Call"),
             h->page->a);
    if (h->page->kind == TND_PAGE_COMPARE)
        tnd_html(h, "<button data-code=\"%u\">%t sip:lab-%u</button>\n", h->page->b, N_("Call"),
                 h->page->b);
    tnd_html(h, "</p>\n<p id=\"tried\" role=\"status\"></p>\n<div id=\"try-ladders\"></div>\n"
                "</section>\n");
}
