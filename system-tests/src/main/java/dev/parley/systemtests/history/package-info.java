/**
 * What clients asked for, what came of it and what was seen, and what must be true of all that
 * whatever failed meanwhile. Pure: no socket, no thread, no clock.
 */
package dev.parley.systemtests.history;
