/* The structure of a message. */
#include <stdio.h>

#include "cli/cli.h"
#include "cli/say.h"
#include "cli/show.h"

int show_text(struct tnd_slice text)
{
    return cli_put_text(stdout, text);
}

static void put_part(const char *name, struct tnd_slice value)
{
    if (!value.ptr)
        return;
    printf("      %-12s ", name);
    show_text(value);
    putchar('\n');
}

static void put_number(const char *name, int64_t number)
{
    if (number >= 0)
        printf("      %-12s %lld\n", name, (long long)number);
}

static void show_params(struct tnd_slice params)
{
    struct tnd_param p;

    while (tnd_param_next(&params, &p)) {
        printf("      ;%-*.*s", p.value.ptr ? 12 : 0, TND_FMT(p.name));
        show_text(p.value);
        putchar('\n');
    }
}

static void show_uri(const struct tnd_uri *uri)
{
    static const char *const scheme[] = {"other", "sip", "sips", "tel"};

    put_part("scheme", tnd_slice_str(scheme[uri->scheme]));
    put_part(uri->scheme == TND_SCHEME_TEL ? "number" : "user", uri->user);
    put_part("password", uri->password);
    put_part("host", uri->host);
    put_number("port", uri->port);
    show_params(uri->params);
    put_part("headers", uri->headers);
}

static void show_addr(const struct show *show, const struct tnd_addr *addr)
{
    put_part("display", addr->display);
    show_uri(&addr->uri);
    if (addr->params.len > 0)
        printf("      %s\n", tnd_text(show->lang, N_("behind the address:")));
    show_params(addr->params);
}

static void show_addrs(const struct show *show, struct tnd_values *v)
{
    struct tnd_addr addr;

    while (tnd_addr_next(v, &addr))
        show_addr(show, &addr);
}

static void show_contacts(const struct show *show, struct tnd_values *v)
{
    struct tnd_contact contact;

    while (tnd_contact_next(v, &contact))
        if (!contact.star)
            show_addr(show, &contact.addr);
}

static void show_vias(struct tnd_values *v)
{
    struct tnd_via via;

    while (tnd_via_next(v, &via)) {
        put_part("transport", via.transport);
        put_part("host", via.host);
        put_number("port", via.port);
        show_params(via.params);
    }
}

static void show_parts(const struct show *show, const struct tnd_field *f)
{
    struct tnd_values v = tnd_field_values(show->msg, f);

    if (f->kind == TND_HEADER_VIA)
        show_vias(&v);
    else if (f->kind == TND_HEADER_CONTACT)
        show_contacts(show, &v);
    else if (f->kind == TND_HEADER_FROM || f->kind == TND_HEADER_TO ||
             f->kind == TND_HEADER_ROUTE || f->kind == TND_HEADER_RECORD_ROUTE ||
             f->kind == TND_HEADER_PATH || f->kind == TND_HEADER_REFER_TO ||
             f->kind == TND_HEADER_P_ASSERTED_IDENTITY || f->kind == TND_HEADER_DIVERSION ||
             f->kind == TND_HEADER_HISTORY_INFO)
        show_addrs(show, &v);
}

static void show_field(const struct show *show, const struct tnd_field *f)
{
    const struct tnd_msg *msg = show->msg;
    struct tnd_slice name = tnd_field_name(msg, f);

    if (f->kind != TND_HEADER_OTHER)
        name = tnd_slice_str(tnd_header_name((enum tnd_header)f->kind));
    printf("  %s%.*s%s: ", show->colour ? "\033[1m" : "", TND_FMT(name),
           show->colour ? "\033[0m" : "");
    say_value(tnd_field_value(msg, f));
    putchar('\n');
    show_parts(show, f);
}

static void show_first_line(const struct show *show)
{
    const struct tnd_msg *msg = show->msg;
    struct tnd_uri uri;

    if (msg->kind == TND_MSG_RESPONSE) {
        say_put(show->lang, N_("response {n} {a}"),
                &(struct say){.n = msg->code, .a = msg->reason});
        printf("\n");
        return;
    }
    say_put(show->lang, N_("request {a} to {b}"),
            &(struct say){.a = msg->method_name, .b = msg->uri});
    printf("\n");
    if (tnd_msg_uri(msg, &uri, NULL))
        show_uri(&uri);
}

static void show_body(const struct show *show)
{
    const struct tnd_msg *msg = show->msg;
    struct tnd_slice type = tnd_msg_value(msg, TND_HEADER_CONTENT_TYPE);
    size_t rest = (size_t)(tnd_slice_end(show->bytes) - tnd_slice_end(msg->text));

    printf("  ");
    say_put(show->lang,
            type.ptr && msg->body.len > 0 ? N_("body: {n} bytes of {a}") : N_("body: {n} bytes"),
            &(struct say){.n = msg->body.len, .a = type});
    printf("\n");
    if (show->sdp)
        show_sdp(show->sdp);
    if (rest == 0)
        return;
    printf("  ");
    say_put(show->lang, N_("behind it: {n} bytes that are no part of the message"),
            &(struct say){.n = rest});
    printf("\n");
}

void show_structure(const struct show *show)
{
    show_first_line(show);
    for (uint32_t i = 1; i <= show->msg->field_count; i++)
        show_field(show, &show->msg->fields[i]);
    show_body(show);
}
