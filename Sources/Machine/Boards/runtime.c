/* What the Swift compiler calls in code that allocates nothing. */

/* Gives up a reference. There is no heap: all that is ever referred to is static, or null (the context of a
   closure that captures nothing). */
void swift_release(void *object) { (void)object; }
