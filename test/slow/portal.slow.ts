// Every body before and after every request, once and always.
import "../faults/portal.test.ts";
