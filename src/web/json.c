/* JSON of bytes that may be anything. */
#include "web/json.h"

#include <stdlib.h>

#include "base/utf8.h"

json_t *tnd_json_string(struct tnd_slice s)
{
    json_t *whole = json_stringn(s.ptr ? s.ptr : "", s.len);

    if (whole)
        return whole;
    char *text = malloc(s.len * 3 + 1);
    size_t len = 0;
    for (size_t i = 0; text && i < s.len;) {
        size_t good = tnd_utf8_len(tnd_slice(s.ptr + i, s.len - i));
        const char *from = good ? s.ptr + i : "\xef\xbf\xbd";

        memcpy(text + len, from, good ? good : 3);
        len += good ? good : 3;
        i += good ? good : 1;
    }
    whole = json_stringn(text ? text : "", len);
    free(text);
    return whole;
}
