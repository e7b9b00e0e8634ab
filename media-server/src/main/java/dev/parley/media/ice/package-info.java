/** The server's half of ICE: lite (RFC 8445 section 2.5), with consent (RFC 7675). */
package dev.parley.media.ice;
