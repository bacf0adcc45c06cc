/* The table of character classes, computed by the compiler from the grammar's own words. */
#include "sip/chars.h"

#define ALNUM(c) \
    (((c) >= '0' && (c) <= '9') || ((c) >= 'A' && (c) <= 'Z') || ((c) >= 'a' && (c) <= 'z'))

/* mark = "-" / "_" / "." / "!" / "~" / "*" / "'" / "(" / ")" */
#define MARK(c)                                                                          \
    ((c) == '-' || (c) == '_' || (c) == '.' || (c) == '!' || (c) == '~' || (c) == '*' || \
     (c) == '\'' || (c) == '(' || (c) == ')')

#define UNRESERVED(c) (ALNUM(c) || MARK(c))

/* reserved = ";" / "/" / "?" / ":" / "@" / "&" / "=" / "+" / "$" / "," */
#define RESERVED(c)                                                                      \
    ((c) == ';' || (c) == '/' || (c) == '?' || (c) == ':' || (c) == '@' || (c) == '&' || \
     (c) == '=' || (c) == '+' || (c) == '$' || (c) == ',')

#define TOKEN(c)                                                                       \
    (ALNUM(c) || (c) == '-' || (c) == '.' || (c) == '!' || (c) == '%' || (c) == '*' || \
     (c) == '_' || (c) == '+' || (c) == '`' || (c) == '\'' || (c) == '~')

#define WORD(c)                                                                           \
    (TOKEN(c) || (c) == '(' || (c) == ')' || (c) == '<' || (c) == '>' || (c) == ':' ||    \
     (c) == '\\' || (c) == '"' || (c) == '/' || (c) == '[' || (c) == ']' || (c) == '?' || \
     (c) == '{' || (c) == '}')

#define HOST(c) (ALNUM(c) || (c) == '-' || (c) == '.')

/* user-unreserved = "&" / "=" / "+" / "$" / "," / ";" / "?" / "/" */
#define USER(c)                                                                             \
    (UNRESERVED(c) || (c) == '&' || (c) == '=' || (c) == '+' || (c) == '$' || (c) == ',' || \
     (c) == ';' || (c) == '?' || (c) == '/')

#define PASSWORD(c) \
    (UNRESERVED(c) || (c) == '&' || (c) == '=' || (c) == '+' || (c) == '$' || (c) == ',')

/* param-unreserved = "[" / "]" / "/" / ":" / "&" / "+" / "$" */
#define PARAM(c)                                                                            \
    (UNRESERVED(c) || (c) == '[' || (c) == ']' || (c) == '/' || (c) == ':' || (c) == '&' || \
     (c) == '+' || (c) == '$')

/* hnv-unreserved = "[" / "]" / "/" / "?" / ":" / "+" / "$" */
#define HEADER(c)                                                                           \
    (UNRESERVED(c) || (c) == '[' || (c) == ']' || (c) == '/' || (c) == '?' || (c) == ':' || \
     (c) == '+' || (c) == '$')

#define URI(c) (UNRESERVED(c) || RESERVED(c) || (c) == '[' || (c) == ']')

#define CLASSES(c)                                                             \
    ((TOKEN(c) ? TND_CHAR_TOKEN : 0) | (WORD(c) ? TND_CHAR_WORD : 0) |         \
     (HOST(c) ? TND_CHAR_HOST : 0) | (USER(c) ? TND_CHAR_USER : 0) |           \
     (PASSWORD(c) ? TND_CHAR_PASSWORD : 0) | (PARAM(c) ? TND_CHAR_PARAM : 0) | \
     (HEADER(c) ? TND_CHAR_HEADER : 0) | (URI(c) ? TND_CHAR_URI : 0))

#define CLASSES_4(c)  CLASSES(c), CLASSES((c) + 1), CLASSES((c) + 2), CLASSES((c) + 3)
#define CLASSES_16(c) CLASSES_4(c), CLASSES_4((c) + 4), CLASSES_4((c) + 8), CLASSES_4((c) + 12)
#define CLASSES_64(c) \
    CLASSES_16(c), CLASSES_16((c) + 16), CLASSES_16((c) + 32), CLASSES_16((c) + 48)

const uint8_t tnd_char_classes[256] = {CLASSES_64(0), CLASSES_64(64)};
