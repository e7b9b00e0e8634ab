/**
 * Real processes that tests run against, wires to them that fail on demand, and the judge of what
 * the API answers.
 */
package dev.parley.testsupport;
