/**
 * The load client's way to Janus, the peer that Parley is measured beside: its HTTP interface, and
 * what its AudioBridge and Streaming plugins want to hear. The media is that of every other client.
 */
@NullMarked
package dev.parley.benchmarks.client.janus;

import org.jspecify.annotations.NullMarked;
