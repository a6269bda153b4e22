// The same rounds, ten times as many and with other numbers.
import "../faults/two-servers.test.ts";
