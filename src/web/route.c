/* The table: which function a path has. */
#include "base/assert.h"
#include "web/http.h"

/* A segment where the pattern has "{}", else the same characters. */
static bool fits(const char *pattern, struct tnd_slice path,
                 struct tnd_slice part[static TND_HTTP_PART_COUNT_MAX])
{
    const char *at = path.ptr, *end = tnd_slice_end(path);
    size_t count = 0;

    while (*pattern) {
        if (*pattern != '{') {
            if (at == end || *at++ != *pattern++)
                return false;
            continue;
        }
        const char *slash = memchr(at, '/', (size_t)(end - at));
        const char *stop = slash ? slash : end;
        TND_ASSERT(count < TND_HTTP_PART_COUNT_MAX);
        part[count++] = tnd_slice_between(at, stop);
        if (stop == at)
            return false;
        at = stop;
        pattern += 2;
    }
    return at == end;
}

int tnd_http_find(const struct tnd_http_table *table, size_t count, enum tnd_http_method method,
                  struct tnd_slice path, const struct tnd_http_route **ret, void **ret_ctx,
                  struct tnd_slice ret_part[static TND_HTTP_PART_COUNT_MAX], unsigned *ret_methods)
{
    unsigned methods = 0;

    for (size_t t = 0; t < count; t++)
        for (size_t i = 0; i < table[t].count; i++) {
            const struct tnd_http_route *route = &table[t].route[i];
            struct tnd_slice part[TND_HTTP_PART_COUNT_MAX] = {{NULL, 0}};

            if (!fits(route->pattern, path, part))
                continue;
            methods |= 1U << route->method;
            if (route->method != method)
                continue;
            *ret = route;
            *ret_ctx = table[t].ctx;
            memcpy(ret_part, part, sizeof(part));
            return 0;
        }
    *ret_methods = methods;
    return methods ? TND_ESTATE : TND_ENONE;
}
