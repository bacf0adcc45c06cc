/* Agent: what the commands of the user agent share: its sockets, its user agent, the sound, the ladder, the
 * capture, the report, and the loop around them.
 *
 *     a = agent_new(&options);
 *     agent_open(a, "sip:bob@example.com");        binds, makes the user agent
 *     tnd_ua_call(a->ua, a->phone.now, ..., &a->id);
 *     agent_run(a);                                until a->is_done
 *     agent_free(&a);
 */
#ifndef CLI_AGENT_H
#define CLI_AGENT_H

#include "cli/agent_options.h"
#include "cli/ladder.h"
#include "cli/password.h"
#include "cli/report.h"
#include "cli/reserve.h"
#include "net/capture.h"
#include "net/digest_openssl.h"
#include "net/media.h"
#include "net/phone.h"

struct agent {
    const struct agent_options *o; /* kept */
    /* Of the command. */
    void (*handle)(struct agent *a, const struct tnd_ua_event *event);
    void (*wake)(struct agent *a); /* a->due has come */
    void (*stop)(struct agent *a); /* a signal: to end what there is, properly */
    void *ctx;
    tnd_time due;
    bool is_done;
    bool is_interrupted; /* by a signal */
    tnd_ua_id id;        /* what was asked of the user agent; 0: nothing yet */

    struct tnd_phone phone;
    struct tnd_ua *ua;
    struct tnd_media media;
    struct ladder ladder;
    struct report report;
    struct reserve reserve;
    struct tnd_capture *capture;
    struct tnd_digest_openssl digest;
    struct password password;
    struct tnd_arena arena; /* of what lives as long */
    struct tnd_arena work;  /* of a message that is drawn */
    struct tnd_ua_config config;
    struct tnd_oa_local local; /* what we offer */
    struct tnd_oa_stream stream;
    char target
        [TND_URI_LEN_MAX]; /* Request-URI of the last request that we began something with; terminated */
    bool has_heard;        /* a message came */
    enum tnd_method method; /* of what is asked by ask.h */
    tnd_time start, walled;
    unsigned stops_seen;
};

/* Keeps o. NULL: o->lang is no language, which a line says; or there is no memory. */
struct agent *agent_new(const struct agent_options *o);

/* Ends all of it, and sets *a to NULL. status: what the command would return; what fails in ending makes it worse. */
int agent_free(struct agent **a, int status);

/* At o->local, else where a request to uri would leave from. CLI_OK, or CLI_USAGE after a line. */
int agent_open(struct agent *a, const char *uri);

void agent_run(struct agent *a);

/* For people, between the arrows. */
void agent_note(struct agent *a, enum ladder_tone tone, const char *mark, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Prints the report of --json; extra, which it takes, is added to it under the name media, unless NULL. Returns
 * status, or CLI_FAILED after a line. */
int agent_report(struct agent *a, int status, json_t *extra);

/* What was heard and sent by a leg: as a note; as JSON. */
void agent_note_media(struct agent *a, const struct tnd_media_leg *leg);
json_t *agent_media_json(const struct tnd_media_leg *leg);

/* It was given up after --timeout: for the report, and for people. */
void agent_timeout(struct agent *a, enum tnd_method method);

/* An attempt was answered with 2xx: for the report. */
void agent_answered(struct agent *a, const struct tnd_ua_event *event);

/* The exit status of 130 of who was interrupted. */
enum { CLI_INTERRUPTED = 130 };

/* agent_tell.c: an attempt was refused: what that means, what is done about it, in the book too. */
void agent_tell_attempt(struct agent *a, const struct tnd_ua_event *event);
/* The text of TND_UA_TROUBLE; of the rule that was broken the sentence is in the language of explanations, and written
 * into room. */
enum { AGENT_TROUBLE_SIZE = 1024 };
struct tnd_slice agent_trouble(const struct agent *a, const struct tnd_ua_event *event,
                               char room[static AGENT_TROUBLE_SIZE]);
/* Where uri is, as the book says, which is told; absent: it says nothing, or is not to be asked. */
struct tnd_slice agent_learned(struct agent *a, struct tnd_slice uri);

/* agent_media.c: the sound of --audio, and what it makes of the description that is offered. CLI_OK, or CLI_USAGE after a
 * line. */
int agent_open_media(struct agent *a);
/* What was agreed upon for a call. */
void agent_agree(struct agent *a, const struct tnd_ua_event *event);

/* agent_place.c: the address to be at. CLI_OK, or CLI_USAGE after a line. */
int agent_find_place(const struct agent_options *o, const char *uri, struct tnd_endpoint *ret);
/* Whether nothing gets to uri, a numeric address, from where a is; then ret is an address of ours from where it would.
 */
bool agent_is_misplaced(const struct agent *a, struct tnd_slice uri, struct tnd_endpoint *ret);

/* The tags of the options. */
struct tnd_ua_with agent_with(const struct agent_options *o);

#endif
