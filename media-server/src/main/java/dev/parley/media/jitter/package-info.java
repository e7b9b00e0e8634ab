/** Playout of one talker's packets: order, delay, and what to do about what is missing. */
package dev.parley.media.jitter;
