/**
 * STUN binding messages (RFC 8489) as ICE uses them (RFC 8445): read, checked and written without
 * allocation.
 */
package dev.parley.media.stun;
