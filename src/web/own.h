/* The functions that answer what web itself has; own.c has their table. */
#ifndef WEB_OWN_H
#define WEB_OWN_H

#include "web/http.h"

/* api.c */
tnd_http_answer get_codes, get_code, get_comparison, get_events, get_health, post_demo;
/* registrations.c */
tnd_http_answer get_registrations;
/* forwards.c */
tnd_http_answer get_forwards, put_forward, delete_forwards;
/* reference.c */
tnd_http_answer get_index, get_texts, get_code_page, get_compare_page, get_style, get_search;
/* live_answer.c */
tnd_http_answer get_live, get_live_style, get_live_script, get_ladder_script, get_try_script;

/* Three digits from 100 to 699. False: it is something else. */
bool web_code_of(struct tnd_slice text, unsigned *ret);

#endif
