/* What web itself answers. */
#include "web/own.h"

#include "web/inside.h"

const struct tnd_http_route web_own_routes[] = {
    {TND_HTTP_GET, "/", get_live, .is_open = true},
    {TND_HTTP_GET, "/live.css", get_live_style, .is_open = true},
    {TND_HTTP_GET, "/live.js", get_live_script, .is_open = true},
    {TND_HTTP_GET, "/ladder.js", get_ladder_script, .is_open = true},
    {TND_HTTP_GET, "/try.js", get_try_script, .is_open = true},
    {TND_HTTP_GET, "/healthz", get_health, .is_open = true},
    {TND_HTTP_GET, "/api/v1/registrations", get_registrations, .is_open = false},
    {TND_HTTP_GET, "/api/v1/codes", get_codes, .is_open = true},
    {TND_HTTP_GET, "/api/v1/codes/{}", get_code, .is_open = true},
    {TND_HTTP_GET, "/api/v1/compare/{}/{}", get_comparison, .is_open = true},
    {TND_HTTP_GET, "/api/v1/forwards/{}", get_forwards, .is_open = false},
    {TND_HTTP_PUT, "/api/v1/forwards/{}", put_forward, .is_open = false},
    {TND_HTTP_DELETE, "/api/v1/forwards/{}", delete_forwards, .is_open = false},
    {TND_HTTP_POST, "/api/v1/demo/{}", post_demo, .is_open = false},
    {TND_HTTP_GET, "/api/v1/events", get_events, .is_open = false},
    {TND_HTTP_GET, "/style.css", get_style, .is_open = true},
    {TND_HTTP_GET, "/search.js", get_search, .is_open = true},
    {TND_HTTP_GET, "/{}/", get_index, .is_open = true},
    {TND_HTTP_GET, "/{}/texts.js", get_texts, .is_open = true},
    {TND_HTTP_GET, "/{}/codes/{}", get_code_page, .is_open = true},
    {TND_HTTP_GET, "/{}/compare/{}", get_compare_page, .is_open = true},
};

const size_t web_own_route_count = sizeof(web_own_routes) / sizeof(*web_own_routes);
