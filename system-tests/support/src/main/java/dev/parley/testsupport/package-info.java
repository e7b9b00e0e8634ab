/** Real processes that tests run against, and wires to them that fail on demand. */
package dev.parley.testsupport;
