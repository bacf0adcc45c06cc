/* Info-Package and Recv-Info: names with parameters (RFC 6086 §6). */
#include "sip/value.h"
#include "tandem/sip/session.h"

/* Info-package-type = Info-package-name *( SEMI Info-package-param ) */
static bool read_package(struct tnd_values *v, struct tnd_package *package)
{
    return tnd_read_token(&v->c, TND_RULE_TOKEN, &package->name) &&
           tnd_read_params(&v->c, &package->params, tnd_take_any, NULL) && tnd_values_close(v);
}

bool tnd_info_package_next(struct tnd_values *v, struct tnd_package *ret)
{
    return tnd_values_open(v, false) && read_package(v, ret);
}

bool tnd_recv_info_next(struct tnd_values *v, struct tnd_package *ret)
{
    return tnd_values_open(v, true) && read_package(v, ret);
}

void tnd_package_write(struct tnd_writer *w, const struct tnd_package *package)
{
    tnd_put(w, package->name);
    tnd_put(w, package->params);
}
