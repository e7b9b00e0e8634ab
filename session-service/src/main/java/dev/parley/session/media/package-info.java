/**
 * The session tier's end of the control link (docs/protocol.md): which media servers there are,
 * what they report, and orders to them.
 */
package dev.parley.session.media;
