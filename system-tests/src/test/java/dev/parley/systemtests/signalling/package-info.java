/** Offers that clients take to media servers themselves. */
package dev.parley.systemtests.signalling;
