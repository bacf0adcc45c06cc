/* . */
#include "unit/test.h"
