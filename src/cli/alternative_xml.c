/* An <alternative-service> of <ims-3gpp>: element by element, none of it kept but three texts. */
#include "cli/alternative_xml.h"

#include <libxml/xmlreader.h>

#include "base/utf8.h"
#include "tandem/sip.h"

enum part { TYPE, ACTION, REASON, PART_COUNT };

struct reading {
    xmlTextReader *xml;
    char room[PART_COUNT][ALTERNATIVE_TEXT_LEN_MAX];
    struct tnd_writer text[PART_COUNT];
    bool has[PART_COUNT];
    bool is_ims, is_service,
        was_service; /* where it stands, by depth; one service is read, the first */
    int part;        /* enum part, or -1: none of them */
    const char *why;
};

/* RFC 3261 §20.15: the type decides how a body is read. */
static bool is_ims_type(struct tnd_slice content_type)
{
    struct tnd_marks marks;
    struct tnd_values v = tnd_values(content_type, &marks);
    struct tnd_media_type type;

    return content_type.len > 0 && tnd_media_type_next(&v, &type) &&
           tnd_media_type_is(&type, TND_STR("application"), TND_STR("3gpp-ims+xml"));
}

/* UTF-8 without NUL: so a look for a DTD is not led astray by another coding. */
static bool is_plain(struct tnd_slice s)
{
    while (s.len > 0) {
        size_t len = tnd_utf8_len(s);

        if (len == 0 || *s.ptr == '\0')
            return false;
        s = tnd_slice(s.ptr + len, s.len - len);
    }
    return true;
}

/* "<!" begins a comment, a CDATA section, or a declaration, which is what a bomb is made of. */
static bool declares(struct tnd_slice s)
{
    for (; s.len > 2; s = tnd_slice(s.ptr + 1, s.len - 1))
        if (s.ptr[0] == '<' && s.ptr[1] == '!' && s.ptr[2] != '-' && s.ptr[2] != '[')
            return true;
    return false;
}

static const char *fault_of(struct tnd_slice content_type, struct tnd_slice body)
{
    if (!is_ims_type(content_type))
        return "its type is not application/3gpp-ims+xml";
    if (body.len > ALTERNATIVE_BODY_LEN_MAX)
        return "it is too large";
    if (!is_plain(body))
        return "it is not UTF-8";
    return declares(body) ? "it has declarations of its own" : NULL;
}

static bool is_named(const struct reading *r, const char *name)
{
    const char *local = (const char *)xmlTextReaderConstLocalName(r->xml);

    return local && strcmp(local, name) == 0;
}

static int part_of(const struct reading *r)
{
    static const char *const names[PART_COUNT] = {"type", "action", "reason"};

    for (int i = 0; i < PART_COUNT; i++)
        if (is_named(r, names[i]))
            return r->has[i] ? -1 : i;
    return -1;
}

static void enter(struct reading *r, int depth)
{
    if (depth == 0)
        r->is_ims = is_named(r, "ims-3gpp");
    if (depth == 1) {
        r->is_service = r->is_ims && !r->was_service && is_named(r, "alternative-service");
        r->was_service |= r->is_service;
    }
    if (depth == 2) {
        r->part = r->is_service ? part_of(r) : -1;
        if (r->part >= 0)
            r->has[r->part] = true;
    }
}

static void take_text(struct reading *r, int depth)
{
    const char *value = (const char *)xmlTextReaderConstValue(r->xml);

    if (depth != 3 || r->part < 0 || !value)
        return;
    tnd_put_str(&r->text[r->part], value);
    if (tnd_writer_over(&r->text[r->part]))
        r->why = "a text in it is too long";
}

static void take_node(struct reading *r)
{
    int depth = xmlTextReaderDepth(r->xml);

    if (depth > ALTERNATIVE_DEPTH_MAX) {
        r->why = "it is nested too deeply";
        return;
    }
    switch (xmlTextReaderNodeType(r->xml)) {
    case XML_READER_TYPE_ELEMENT:
        enter(r, depth);
        return;
    case XML_READER_TYPE_END_ELEMENT:
        r->part = depth <= 2 ? -1 : r->part;
        return;
    case XML_READER_TYPE_TEXT:
    case XML_READER_TYPE_CDATA:
    case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
        take_text(r, depth);
        return;
    case XML_READER_TYPE_DOCUMENT_TYPE:
    case XML_READER_TYPE_ENTITY:
    case XML_READER_TYPE_ENTITY_REFERENCE:
        r->why = "it has declarations of its own";
        return;
    default: /* a comment and the like */
        return;
    }
}

static void walk(struct reading *r)
{
    int more = 1;

    while (!r->why && (more = xmlTextReaderRead(r->xml)) == 1)
        take_node(r);
    if (!r->why && more < 0)
        r->why = "it is not well-formed XML";
    else if (!r->why && !r->was_service)
        r->why = "it describes no alternative service";
    else if (!r->why && !r->has[TYPE])
        r->why = "it names no type of service";
}

static struct tnd_slice keep(struct tnd_arena *a, const struct reading *r, enum part part)
{
    if (!r->has[part])
        return tnd_slice(NULL, 0);
    return tnd_slice_keep(a, tnd_slice_trim(tnd_writer_slice(&r->text[part])));
}

/* What libxml2 would say on standard error. */
static void be_silent(void *ctx, const char *message, xmlParserSeverities severity,
                      xmlTextReaderLocatorPtr where)
{
    (void)ctx, (void)message, (void)severity, (void)where;
}

static bool read(void *ctx, struct tnd_slice content_type, struct tnd_slice body,
                 struct tnd_arena *a, struct tnd_alternative *ret, const char **why)
{
    struct reading r = {.part = -1, .why = fault_of(content_type, body)};

    (void)ctx;
    if (!r.why) {
        for (int i = 0; i < PART_COUNT; i++)
            r.text[i] = tnd_writer(r.room[i], sizeof(r.room[i]));
        /* the coding is said here, whatever the body says of it */
        r.xml = xmlReaderForMemory(body.ptr, (int)body.len, NULL, "UTF-8",
                                   XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                       XML_PARSE_IGNORE_ENC);
        r.why = r.xml ? NULL : "there is no memory left";
    }
    if (!r.why) {
        xmlTextReaderSetErrorHandler(r.xml, be_silent, NULL);
        walk(&r);
    }
    if (!r.why)
        *ret = (struct tnd_alternative){.type = keep(a, &r, TYPE),
                                        .action = keep(a, &r, ACTION),
                                        .reason = keep(a, &r, REASON)};
    else
        *why = r.why;
    xmlFreeTextReader(r.xml);
    return !r.why;
}

const struct tnd_alternative_reader alternative_xml = {read, NULL};
