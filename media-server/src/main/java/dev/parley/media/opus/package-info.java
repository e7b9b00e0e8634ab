/**
 * Opus (RFC 6716): libopus through the foreign function interface, Concentus where the library is
 * absent, and what a packet says of itself without being decoded.
 */
package dev.parley.media.opus;
