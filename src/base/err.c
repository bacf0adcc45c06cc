/* What each error says to a person. */
#include "tandem/base.h"

const char *tnd_strerror(int err)
{
    switch (err) {
    case TND_OK:
        return "success";
#define TND_ERR_CASE(name, value, text) \
    case TND_E##name:                   \
        return text;
        TND_ERR_MAP(TND_ERR_CASE)
#undef TND_ERR_CASE
    }
    return "an error without a name";
}
