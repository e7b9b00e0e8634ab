/**
 * Who did what, when, on which object, with which outcome: a log that shows when it was altered.
 */
package dev.parley.session.audit;
