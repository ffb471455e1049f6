#include "opaque.h"
