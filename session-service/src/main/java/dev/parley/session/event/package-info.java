/** Events of conferences to the clients that watch them (docs/protocol.md), over WebSockets. */
package dev.parley.session.event;
