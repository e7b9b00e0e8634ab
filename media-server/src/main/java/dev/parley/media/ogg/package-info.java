/**
 * Opus in Ogg files (RFC 3533, RFC 7845): pages written, and read back from what is left of them.
 */
package dev.parley.media.ogg;
