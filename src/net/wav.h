/* Sounds of a file: WAV with one channel of 8000 samples a second, of 16 bits (PCM) or of G.711 mu-law. */
#ifndef NET_WAV_H
#define NET_WAV_H

#include "tandem/base.h"

/* Reads a whole file. The samples are as many as *ret_count, in the arena. TND_ESYNTAX: *ret_why, static, says
 * what it is instead; TND_ENOMEM. */
int tnd_wav_read(struct tnd_slice file, struct tnd_arena *a, const int16_t **ret, size_t *ret_count,
                 const char **ret_why);

#endif
