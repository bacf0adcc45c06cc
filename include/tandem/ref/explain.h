/* tandem/ref/explain.h: what a response code means, and what to do about it, told to people.
 *
 *     struct tnd_explanation e;
 *
 *     tnd_explain(302, TND_LANG_EN, &e);
 *     printf("%u %s: %s %s\n", e.code, e.title, e.description, e.fix);
 *
 * Every code has an explanation: the registered ones (tandem/ref/codes.def); some that nobody
 * registered, but that are met; and all others, which are explained as the x00 of their class, or as 183,
 * which is how they are to be treated (RFC 3261 §8.1.3.2).
 *
 * Texts are whole sentences of our own. The English one is the key of its translations (po/), which are
 * compiled in: one program serves all languages at a time, and what is not translated stays English. Beside
 * the texts stand facts: who decides, may others be tried, does the call go on. They are the same in
 * every language, and comparisons of two codes are made of them. All is static; nothing is to be freed.
 */
#ifndef TANDEM_REF_EXPLAIN_H
#define TANDEM_REF_EXPLAIN_H

#include "tandem/ref.h"

enum tnd_lang { TND_LANG_EN, TND_LANG_KO, TND_LANG_RU, TND_LANG_ID, TND_LANG_VI, TND_LANG_COUNT };

/* "en" */
const char *tnd_lang_code(enum tnd_lang lang);
/* What the language calls itself: "English". */
const char *tnd_lang_name(enum tnd_lang lang);
/* By a code, or by a locale as in LC_MESSAGES: "ko", "ko_KR.UTF-8", "KO-kr". False: none of ours, ret is
 * untouched. "C" and "POSIX" are English. */
bool tnd_lang_find(struct tnd_slice name, enum tnd_lang *ret);

/* The translation of a text; itself if there is none, or of English. NULL: NULL. */
const char *tnd_text(enum tnd_lang lang, const char *english);
/* Whether it has one. Of English: always. */
bool tnd_text_is_translated(enum tnd_lang lang, const char *english);

enum tnd_code_standing {
    TND_CODE_REGISTERED,
    TND_CODE_FIELD,   /* not registered, but met: of older RFCs, of vendors */
    TND_CODE_UNKNOWN, /* explained as the x00 of its class, a 1xx as 183 */
    TND_CODE_NONE,    /* no response code: below 100 or above 699 */
};

/* Who sends it: bits. */
enum tnd_code_sender {
    TND_BY_CALLEE = 1,    /* the phone, gateway or program that is called: a UAS */
    TND_BY_PROXY = 2,     /* any proxy, border controller or gateway on the way */
    TND_BY_REDIRECT = 4,  /* a redirect server */
    TND_BY_REGISTRAR = 8, /* of REGISTER */
    TND_BY_NOTIFIER = 16, /* of SUBSCRIBE, PUBLISH: whoever keeps the event state */
    TND_BY_OWN = 32,      /* made by the caller's own software, when no response came */
};

/* Who has decided. */
enum tnd_code_decider {
    TND_DECIDER_NOBODY,  /* nothing is decided yet */
    TND_DECIDER_USER,    /* the person who is called, or the rule he has set */
    TND_DECIDER_DEVICE,  /* the device that is called: what it can do and know */
    TND_DECIDER_DOMAIN,  /* the server of the called domain, by its data and policy */
    TND_DECIDER_PATH,    /* some element on the way */
    TND_DECIDER_NETWORK, /* what the network can carry, or whether anything answers */
    TND_DECIDER_CALLER,  /* the caller: he has ended it himself */
    TND_DECIDER_COUNT
};

/* May other targets of the same user be tried? */
enum tnd_code_others {
    TND_OTHERS_WAIT,  /* the attempt is still going on */
    TND_OTHERS_DONE,  /* it was answered, or is of a call that goes on: nobody else is asked */
    TND_OTHERS_NAMED, /* those that the response names */
    TND_OTHERS_YES,   /* this target alone has failed */
    TND_OTHERS_SAME,  /* the same target again, with a changed request */
    TND_OTHERS_NO,    /* the answer is for all of them */
    TND_OTHERS_COUNT
};

/* Does the call go on? */
enum tnd_code_outcome {
    TND_OUTCOME_OPEN,      /* it does; more will come */
    TND_OUTCOME_MADE,      /* it stands, or what was asked is done */
    TND_OUTCOME_KEPT,      /* as it was: a request within it was refused, and nothing else */
    TND_OUTCOME_ELSEWHERE, /* by a new attempt at another address */
    TND_OUTCOME_CHANGED,   /* by a new attempt with a changed request */
    TND_OUTCOME_LATER,     /* it failed now; later it may succeed unchanged */
    TND_OUTCOME_FAILED,    /* it failed; unchanged it will fail again */
    TND_OUTCOME_LOST,      /* the state behind it is gone; only a new call helps */
    TND_OUTCOME_COUNT
};

/* What the caller keeps for the next call to the same user. */
enum tnd_code_memory {
    TND_MEMORY_NOTHING,
    TND_MEMORY_NEW_ADDRESS, /* the address of Contact, for good */
    TND_MEMORY_LEASE,       /* it, while its expires lasts; then the old one again */
    TND_MEMORY_WAIT,        /* when to try again: Retry-After */
    TND_MEMORY_VALUE,       /* a value that the other side asks for */
    TND_MEMORY_ABILITY,     /* what the other side cannot do */
    TND_MEMORY_PROOF,       /* the nonce, and that credentials are wanted */
    TND_MEMORY_WRONG,       /* that the address is wrong */
    TND_MEMORY_REFUSED,     /* that the call is not wanted */
    TND_MEMORY_COUNT
};

/* What the caller does next by himself: the actions of tandem/recover.h, in the same order. */
enum tnd_code_next {
    TND_NEXT_NONE,
    TND_NEXT_AUTHENTICATE,
    TND_NEXT_FOLLOW_CONTACT,
    TND_NEXT_FOLLOW_ALTERNATIVE,
    TND_NEXT_DROP_EXTENSION,
    TND_NEXT_ADD_EXTENSION,
    TND_NEXT_REESTABLISH,
    TND_NEXT_RELAX_PRECONDITIONS,
    TND_NEXT_WAIT_AND_RETRY,
    TND_NEXT_ADJUST,
    TND_NEXT_NEXT_SERVER,
    TND_NEXT_CHANGE_TRANSPORT,
    TND_NEXT_GIVE_UP,
    TND_NEXT_COUNT
};

/* "follow-contact". */
const char *tnd_code_next_name(enum tnd_code_next next);

/* The facts as sentences: "The called user decides." */
const char *tnd_code_decider_text(enum tnd_code_decider decider, enum tnd_lang lang);
const char *tnd_code_others_text(enum tnd_code_others others, enum tnd_lang lang);
const char *tnd_code_outcome_text(enum tnd_code_outcome outcome, enum tnd_lang lang);
const char *tnd_code_memory_text(enum tnd_code_memory memory, enum tnd_lang lang);
const char *tnd_code_next_text(enum tnd_code_next next, enum tnd_lang lang);
/* The name of one bit: "callee". */
const char *tnd_code_sender_text(enum tnd_code_sender sender, enum tnd_lang lang);

enum {
    TND_EXPLAIN_CAUSE_COUNT_MAX = 4,
    TND_EXPLAIN_FIELD_COUNT_MAX = 4,
    TND_EXPLAIN_RELATED_COUNT_MAX = 8,
};

struct tnd_explanation {
    unsigned code;         /* that was asked about */
    unsigned read_as;      /* whose texts these are: code, or the x00 that stands for it */
    uint8_t standing;      /* enum tnd_code_standing */
    uint8_t sender;        /* bits of enum tnd_code_sender */
    uint8_t decider;       /* enum tnd_code_decider */
    uint8_t others;        /* enum tnd_code_others */
    uint8_t outcome;       /* enum tnd_code_outcome */
    uint8_t memory;        /* enum tnd_code_memory */
    uint8_t next;          /* enum tnd_code_next */
    uint8_t lang;          /* enum tnd_lang: of description; English if it has no translation */
    const char *phrase;    /* "Moved Temporarily": as it stands on the wire, in English */
    const char *title;     /* the same for people */
    const char *of_class;  /* "Redirection" */
    const char *reference; /* "RFC 3261 §21.3.3" */
    const char *description;
    const char *when; /* one sees it */
    const char *fix;  /* what who sent the request changes */
    /* What who answers changes: the callee, or who runs the server that refuses. NULL: nothing. */
    const char *fix_callee;
    const char
        *fix_developer;   /* what who writes a client or server must get right; NULL: nothing */
    const char *use;      /* when to send it */
    const char *recovery; /* what Tandem does by itself as the caller */
    const char *note;     /* of a code that is not registered: that, and who sends it; NULL */
    const char *cause[TND_EXPLAIN_CAUSE_COUNT_MAX]; /* typical in the field; NULL ends them */
    /* Header fields that matter, the one that tells most first, and what they hold. */
    struct tnd_explain_field {
        enum tnd_header header; /* TND_HEADER_OTHER ends them */
        const char *text;
    } field[TND_EXPLAIN_FIELD_COUNT_MAX];
    uint16_t related[TND_EXPLAIN_RELATED_COUNT_MAX]; /* 0 ends them */
};

/* For any number. What is no response code has TND_CODE_NONE and the texts of its nearest class, but no
 * phrase. */
void tnd_explain(unsigned code, enum tnd_lang lang, struct tnd_explanation *ret);

/* The codes that have texts of their own, registered or not, ascending: the first above code; 0: none. */
unsigned tnd_explain_next(unsigned code);

/* What two codes differ in. */
enum tnd_compare_subject {
    TND_COMPARE_CLASS,
    TND_COMPARE_DECIDER,
    TND_COMPARE_OUTCOME,
    TND_COMPARE_OTHERS,
    TND_COMPARE_NEXT,
    TND_COMPARE_MEMORY,
    TND_COMPARE_FIELD, /* which header field tells */
    TND_COMPARE_COUNT
};

struct tnd_comparison {
    struct tnd_explanation a, b;
    const char *note; /* of two codes that people mistake for each other; NULL: no such */
    /* The facts in which they differ; the subject is a heading: "Who decides". */
    struct tnd_compare_row {
        uint8_t subject; /* enum tnd_compare_subject */
        const char *heading, *a, *b;
    } row[TND_COMPARE_COUNT];
    size_t row_count;
};

/* Any two codes in any order, the same one twice too: then there is no row. */
void tnd_compare(unsigned a, unsigned b, enum tnd_lang lang, struct tnd_comparison *ret);

#endif
