/** What the Library is shown by: what may lie where, and who may have it. */
package dev.parley.systemtests.show.library;
