/**
 * Speaker slots and the rewriting of sequence numbers and timestamps for each receiver. Pure: knows
 * no socket, thread or clock.
 */
package dev.parley.media.forward;
