/* The folder of a site: written beside the place where it is to be, and put there when it is whole. */
#ifndef CLI_SITE_FOLDER_H
#define CLI_SITE_FOLDER_H

#include <limits.h>

#include "tandem/base.h"

struct site_folder {
    const char *shown;     /* as it was given; borrowed */
    char place[PATH_MAX];  /* where it is to be, without links and ".." */
    char inside[PATH_MAX]; /* where it is written, beside place */
    int fd;                /* of inside */
};

/* Each: 0, or CLI_USAGE after a line on standard error, and then nothing is left behind. */
int site_folder_open(struct site_folder *f, const char *dir);
/* path is below the site, and in at most two folders. */
int site_folder_write(struct site_folder *f, const char *path, struct tnd_slice bytes);
/* It is whole: into its place, and what was there goes. Ends f. */
int site_folder_take(struct site_folder *f);

/* It is not: away with it. Ends f. */
void site_folder_drop(struct site_folder *f);

#endif
