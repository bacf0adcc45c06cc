/* What somebody asks of the reference: a code, two of them, a class or words. */
#ifndef CLI_QUESTION_H
#define CLI_QUESTION_H

#include <stdbool.h>

enum { QUESTION_SIZE = 512 };

struct question {
    char text[QUESTION_SIZE];
    const char *left;  /* in text, without spaces around it; "": nothing is asked */
    const char *right; /* the second of two; NULL: it is no comparison */
};

/* The arguments with a space between them: "302 vs 580", "302-vs-580", "302 580". Else CLI_USAGE, and it was
 * said why, by command. */
int question_read(const char *command, char **argv, struct question *ret);

/* The number at the start of text, which is all of it, or stands before a phrase as in a message:
 * "SIP/2.0 302 Moved Temporarily". It may be no code. False: there is none. */
bool question_code(const char *text, unsigned *ret);

/* 4 of "4xx"; 0: it is no class. */
unsigned question_class(const char *text);

#endif
