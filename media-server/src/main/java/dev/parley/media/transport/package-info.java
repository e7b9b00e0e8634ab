/**
 * Event loops: sockets, who a datagram belongs to, keys, and the path of a packet in and out. All
 * but the proxy, the counters and the descriptions is owned by one event loop's thread.
 */
package dev.parley.media.transport;
