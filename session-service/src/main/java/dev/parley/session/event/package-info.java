/**
 * Events of conferences to the clients that watch them (docs/protocol.md), over WebSockets; the
 * port of the log by which session nodes share them.
 */
package dev.parley.session.event;
