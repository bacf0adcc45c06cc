/* Readers of values: each reads all of a text into one type, or tells what is wrong with it. */
#ifndef CONF_VALUE_H
#define CONF_VALUE_H

#include "conf/keys.h"

conf_reader conf_read_number;    /* uint32_t from least to most */
conf_reader conf_read_bool;      /* bool */
conf_reader conf_read_word;      /* an enum, by the words of the row */
conf_reader conf_read_q;         /* uint32_t: thousandths */
conf_reader conf_read_text;      /* struct tnd_slice; not empty, printable */
conf_reader conf_read_path;      /* the same, an absolute path, terminated */
conf_reader conf_read_store;     /* struct tnd_conf_store */
conf_reader conf_read_domain;    /* struct tnd_slice: a host */
conf_reader conf_read_host;      /* struct tnd_conf_host */
conf_reader conf_read_collector; /* struct tnd_conf_host; port 9060 */
conf_reader conf_read_listener;  /* struct tnd_endpoint with a transport */
conf_reader conf_read_web;       /* struct tnd_endpoint without one; port 8060. off: zero bytes */
conf_reader conf_read_resolver;  /* struct tnd_endpoint without one; port 53 */
conf_reader conf_read_network;   /* struct tnd_network */
conf_reader conf_read_uri;       /* struct tnd_slice: any URI */
conf_reader conf_read_sip_uri;   /* struct tnd_slice: SIP or SIPS */
conf_reader conf_read_template;  /* struct tnd_slice: a URI, maybe with "{user}" in it */

#endif
